"""A folder may be called anything: what is a mark in an address is only a letter in a name."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.stack import ROOT

TOLD = """
import json
from django.conf import settings
from config.celery import app
app.send_task("kyc.tasks.ring_stranded")  # the broker makes its file
print(json.dumps([settings.DATABASES["default"]["NAME"], settings.STORAGES["pictures"]["OPTIONS"]["location"]]))
"""


def test_database_broker_and_pictures_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "a b%20#c?d"
    environment = os.environ | {"SINWON_VAR": str(folder)}
    environment.pop("DATABASE_URL", None)  # where the tests run on PostgreSQL
    for arguments in (["init"], ["shell", "-v", "0", "-c", TOLD]):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-1000:]
    assert json.loads(done.stdout) == [str(folder / "db.sqlite3"), str(folder / "pictures")]
    assert (folder / "broker.sqlite3").exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
