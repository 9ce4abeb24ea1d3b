"""Lines of the log: ids and codes, as text for a terminal or as one JSON object a line for a collector.

Where an exception is told, its kind and place are, never its text: that may be a person's.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from kyc.domain import trace

_ADDRESS = re.compile(r"(?<![:/])/[^\s/]\S*")


class NoAddress(logging.Filter):
    """Django tells the path of a request that failed; a private link is one: the view's name takes its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            view = match.view_name if match else "unknown"
            record.args = tuple(
                _ADDRESS.sub(view, told) if isinstance(told, str) else told for told in record.args
            )
        return True


class Line(logging.Formatter):
    """`time LEVEL logger message`, and the trace and case that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        told = super().format(record)
        known = [f"{name}={value}" for name, value in _context().items()]
        return f"{told} [{' '.join(known)}]" if known else told

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        frames = "".join(traceback.format_tb(ei[2]))
        return f"{frames}{ei[0].__name__}" if ei[0] else ""


class Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **_context(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            told["exception"] = record.exc_info[0].__name__
            told["at"] = _place(record)
        return json.dumps(told, ensure_ascii=False)


def _context() -> dict[str, str]:
    known = {"trace": trace.current(), "case": trace.case()}
    return {name: value for name, value in known.items() if value}


def _place(record: logging.LogRecord) -> list[str]:
    places, step = [], record.exc_info[2] if record.exc_info else None
    while step is not None:
        places.append(f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}")
        step = step.tb_next
    return places[-5:]
