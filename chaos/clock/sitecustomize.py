"""Loaded by every part under a faked clock: libfaketime 0.9.10 breaks `clock_nanosleep` where a clock is left alone."""

import select
import time


def sleep(seconds: float) -> None:
    select.select((), (), (), seconds)


time.sleep = sleep
