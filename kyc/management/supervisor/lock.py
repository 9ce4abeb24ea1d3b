"""One supervisor a folder: two would fight over the same files."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Another supervisor runs on this folder; its text says which."""


@contextmanager
def held(file: Path, text: str) -> Iterator[bool]:
    """Holds the lock while the block runs and writes `text` for others to read; raises Taken.

    Yields whether the last holder went without saying good-bye: its parts may still be going down.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            raise Taken(file.read_text().strip()) from e
        abandoned = bool(file.read_text().strip())
        os.truncate(handle, 0)
        os.pwrite(handle, text.encode(), 0)
        yield abandoned
        os.truncate(handle, 0)
    finally:
        os.close(handle)
