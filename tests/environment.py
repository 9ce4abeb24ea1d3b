"""A pytest plugin that comes before Django: the tests get a private folder with keys of their own.

SINWON_TEST_DATABASE=postgresql runs them on a PostgreSQL of the session's own instead of SQLite.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgresql import Cluster

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="sinwon-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

# Where the shell forbids bytecode, as Docker's Python images do, each of the hundreds of processes started here would
# compile the whole product and its packages anew: two thirds of a start. It is kept out of the tree instead.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(ROOT / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False

# Whatever the developer's shell says, the tests run on the embedded default.
for name in [
    n for n in os.environ if n.startswith(("OCR_", "CELERY_", "STORAGE_", "KEYRING_", "ANCHOR_", "TSA_"))
]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ["FOUR_EYES_SHARE"] = "0"  # chance decides no test; those of the share set it themselves
if os.environ.get("SINWON_TEST_DATABASE") == "postgresql":
    cluster = Cluster()
    atexit.register(cluster.stop)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url
os.environ["SINWON_VAR"] = str(FOLDER)
# A worker of pytest-xdist comes here before Django too, for a folder of its own.
os.environ["PYTEST_PLUGINS"] = __name__
(FOLDER / "static").mkdir()  # whitenoise warns where it is missing
subprocess.run([sys.executable, "manage.py", "init"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
