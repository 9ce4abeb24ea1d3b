"""Decodes every file of a folder as the product's child does, each in a process of its own with the child's limits.

`python one_by_one.py CHILD IN OUT`: a fork for each file instead of a new interpreter, which is the same child (its
code, its limits) a hundred times faster. Prints what became of each as JSON.
"""

import importlib.util
import json
import os
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

SECONDS = 20


def load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("child", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one(child: Any, data: bytes, out: Path) -> dict[str, Any]:
    began = time.monotonic()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        signal.alarm(SECONDS)
        child.limit()
        told, jpeg = child.clean(data)
        os.write(writing, (json.dumps(told) + "\n").encode())
        view = memoryview(jpeg)
        while view:
            view = view[os.write(writing, view) :]
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        head, jpeg = pipe.readline(), pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if jpeg:
        out.write_bytes(jpeg)
    told = json.loads(head) if head else {}
    return {"status": status, "told": told, "seconds": round(time.monotonic() - began, 2)}


def main() -> None:
    path, given, out = sys.argv[1:]
    child = load(path)
    warnings.simplefilter("ignore")
    child.Image.MAX_IMAGE_PIXELS = None
    child.ImageFile.LOAD_TRUNCATED_IMAGES = False
    results = {
        file.name: one(child, file.read_bytes(), Path(out) / file.name)
        for file in sorted(Path(given).iterdir())
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main()
