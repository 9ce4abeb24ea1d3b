"""Loaded by every part under a faked clock: libfaketime 0.9.10 breaks `clock_nanosleep` on a clock that it leaves alone."""

import select
import time


def sleep(seconds: float) -> None:
    select.select((), (), (), seconds)


time.sleep = sleep
