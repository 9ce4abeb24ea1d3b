"""`python -m tests.fuzz [--minutes 60] [--into var/fuzz]`: every target side by side, then one line of figures each."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("picture", "message", "answer", "values")
# Of one input: more is a finding, as a crash is. Seconds are the wall's, and a busy machine starves who is nice.
MEGABYTES, SECONDS = 2048, 60
LARGEST = {"picture": 65_536, "message": 8_192, "answer": 8_192, "values": 4_096}


def start(name: str, folder: Path, seconds: int) -> "subprocess.Popen[bytes]":
    limits = (f"-rss_limit_mb={MEGABYTES}", f"-timeout={SECONDS}", f"-max_len={LARGEST[name]}")
    command = [sys.executable, "-m", "tests.fuzz.targets", name, str(folder / name), *limits]
    command += [f"-max_total_time={seconds}", "-print_final_stats=1", f"-artifact_prefix={folder}/{name}-"]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(["nice", "-n", "19", *command], cwd=ROOT, stdout=log, stderr=log)


def figures(name: str, folder: Path) -> str:
    log = (folder / f"{name}.log").read_text(errors="replace")
    shown = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", log) or [("0", "0", "0")]
    runs = re.findall(r"stat::number_of_executed_units: (\d+)", log) or ["0"]
    found = sorted(path.name for path in folder.glob(f"{name}-*"))
    covered, features, corpus = shown[-1]
    return (
        f"{name}: {int(runs[-1]):,} inputs, {covered} edges, {features} features, {corpus} kept, "
        f"{len(found)} findings {' '.join(found)}".rstrip()
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "fuzz")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    running = {name: start(name, options.into, round(options.minutes * 60)) for name in NAMES}
    failed = [name for name, process in running.items() if process.wait()]
    for name in NAMES:
        print(figures(name, options.into), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
