"""The hosts of docs/examples, run as they stand in the documents: each sends a customer over and hears of the end."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sinwon_client import Client

from tests.journey.test_host import SET_UP, forged
from tests.stack import ROOT, Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SHOP = SET_UP.replace("Bank", "Shop").replace("/hook", "/webhook")
EXAMPLES = ROOT / "docs" / "examples"
SETTINGS = """
import os
from pathlib import Path
SINWON, SINWON_KEY, SINWON_SECRET, HOME = (os.environ[n] for n in ("SINWON", "SINWON_KEY", "SINWON_SECRET", "HOME"))
SECRET_KEY, ROOT_URLCONF, ALLOWED_HOSTS, USE_TZ = "of the example", "host_django", ["127.0.0.1"], True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""


def commands(folder: Path, port: int) -> dict[str, list[str]]:
    (folder / "host_settings.py").write_text(SETTINGS)
    address = f"127.0.0.1:{port}"
    return {
        "node": ["node", str(EXAMPLES / "host.mjs")],
        "django": [sys.executable, "-m", "django", "runserver", "--noreload", "--skip-checks", address],
    }


@contextmanager
def running(kind: str, folder: Path, stack: Stack, key: str, secret: str) -> Iterator[str]:
    """The example in a process of its own; its address."""
    home = f"http://127.0.0.1:{stack.ear}"
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {
        "SINWON": stack.url,
        "SINWON_KEY": key,
        "SINWON_SECRET": secret,
        "HOME": home,
        "PORT": str(stack.ear),
        "DJANGO_SETTINGS_MODULE": "host_settings",
        "PYTHONPATH": os.pathsep.join(map(str, (folder, EXAMPLES, ROOT / "clients" / "python"))),
    }
    log = folder / f"{kind}.log"
    with log.open("wb") as out:
        host = subprocess.Popen(
            commands(folder, stack.ear)[kind], cwd=folder, env=environment, stdout=out, stderr=out
        )
    try:
        until(lambda: host.poll() is None and said(f"{home}/state/none") == "open", log)
        yield home
    finally:
        host.terminate()
        host.wait(20)


def said(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError) as e:
        return str(e)


def until(true: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.2)


def test_the_hosts_of_the_documents_do_what_they_show(
    visit: Callable[..., Page], stack: Stack, tmp_path: Path
) -> None:
    key, secret = stack.ask(SHOP.format(home=f"http://127.0.0.1:{stack.ear}"))
    client, customer = Client(stack.url, key), visit(phone=True)
    for kind in ("node", "django"):
        with running(kind, tmp_path, stack, key, secret) as home:
            number = f"{kind}-1"
            customer.goto(f"{home}/identify/{number}")
            assert customer.url.startswith(stack.url)
            (opened,) = client.page(reference=number).items
            if kind == "node":
                customer.goto(f"{home}/order/{number}")  # the page in plain HTML
                customer.get_by_role("link", name="Go on to the identity check").click()
                customer.wait_for_url(f"{stack.url}/**")
            assert forged(f"{home}/webhook") == 400
            assert said(f"{home}/state/{number}") == "open"
            client.withdraw(opened.id)
            heard = partial(said, f"{home}/state/{number}")
            until(lambda heard=heard: heard() == "withdrawn", tmp_path / f"{kind}.log")
            assert len(client.page(reference=number).items) == 1


def test_the_documents_show_the_examples_themselves() -> None:
    shown = re.findall(
        r"^```\{literalinclude\} examples/(\S+)", (ROOT / "docs" / "embedding.md").read_text(), re.M
    )
    assert sorted(shown) == sorted(path.name for path in EXAMPLES.iterdir() if path.is_file())
