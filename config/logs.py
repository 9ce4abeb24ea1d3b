"""Lines of the log: ids and codes, as text for a terminal or as one JSON object a line for a collector."""

import json
import logging
from datetime import UTC, datetime

from kyc.domain import trace


class Line(logging.Formatter):
    """`time LEVEL logger message`, and the trace and case that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        told = super().format(record)
        known = [f"{name}={value}" for name, value in _context().items()]
        return f"{told} [{' '.join(known)}]" if known else told


class Json(logging.Formatter):
    """One object a line. Where an exception is told, its kind and place are, never its text: that may be a person's."""

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
