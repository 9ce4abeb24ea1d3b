"""The image, as far as it can be tried without a container daemon: what it copies is there, is enough, and starts.

Its copies and environment are read from the Dockerfile itself; the packages are this environment's, of the same list.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def instructions() -> list[tuple[str, str]]:
    """Of the last stage, in order: the word and what follows it."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    found = [(word, rest.strip()) for word, _, rest in lines]
    last = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[last:]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands in the working directory of the image after its COPY lines."""
    folder = tmp_path_factory.mktemp("image")
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, target = shlex.split(rest)
            for source in sources:
                place = folder / target / source if target.endswith("/") else folder / target
                place.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / source).is_dir():
                    shutil.copytree(
                        ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
                    )
                else:
                    shutil.copy(ROOT / source, place)
    return folder


def environment(image: Path, var: Path) -> dict[str, str]:
    """The image's own, with folders of this test for its two, and nothing of the shell but this Python."""
    told = dict(
        part.split("=", 1) for word, rest in instructions() if word == "ENV" for part in shlex.split(rest)
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return told | {
        "PATH": path,
        "SINWON_VAR": str(var),
        "STATIC_ROOT": str(image / "collected"),
        "LEGAL_BASIS": "demo",
    }


def run(image: Path, var: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=image,
        env=environment(image, var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_what_the_image_copies_is_enough_to_build_migrate_and_start_each_part(
    image: Path, tmp_path: Path
) -> None:
    (build,) = [rest for word, rest in instructions() if word == "RUN" and rest.startswith("python")]
    run(image, tmp_path, "sh", "-c", build.replace("/tmp/build", str(tmp_path / "build")))
    assert (image / "collected" / "staticfiles.json").exists()
    assert (image / "locale" / "ko" / "LC_MESSAGES" / "django.mo").exists()
    run(image, tmp_path, "python", "manage.py", "init")
    run(image, tmp_path, "python", "manage.py", "migrate", "-v", "0")
    (command,) = [json.loads(rest) for word, rest in instructions() if word == "CMD"]
    run(image, tmp_path, *command, "--check-config")
    assert "kyc.tasks.read_document" in run(
        image,
        tmp_path,
        "python",
        "-c",
        "from config.celery import app; app.loader.import_default_modules(); print(*app.tasks)",
    )
    assert "--keys" in run(image, tmp_path, "python", "-m", "ocr_integration.server", "--help")


def test_nothing_that_the_image_copies_is_left_out_of_the_build() -> None:
    ignored = {line.strip("/*") for line in (ROOT / ".dockerignore").read_text().split()}
    copied = {shlex.split(rest)[0].split("/")[0] for word, rest in instructions() if word == "COPY"}
    assert not copied & ignored
