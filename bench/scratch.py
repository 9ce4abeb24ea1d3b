"""A private product for one run: its folder, keys and database; thrown away at the end. Import it before kyc."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="sinwon-bench-"))
CARDS = ROOT / "tests" / "cards"

for _name in [n for n in os.environ if n.startswith(("OCR_", "CELERY_", "STORAGE_", "DATABASE_"))]:
    del os.environ[_name]
# The quota would answer for the worker: it lets 20 calls a second through by default.
os.environ |= {
    "SINWON_VAR": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "OCR_REQUESTS_PER_SECOND": "100000",
    "LOG_LEVEL": "ERROR",
    "PYTHONWARNINGS": "ignore",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
}
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def point_at(address: str) -> None:
    """From now on the local reader answers there: the product reads this file before each call."""
    settings.OCR_LOCAL_ADDRESS_FILE.write_text(address + "\n")


for _command in ("init", "migrate", "officers", "collectstatic --no-input"):
    manage(*_command.split())
django.setup()
