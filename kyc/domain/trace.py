"""What is being worked on: the trace and the case of this request or task, for logs and for the next part's headers.

Both are ids that say nothing of a person. A trace begins where a customer or the scheduler begins, and goes on to
the worker.
"""

import re
import secrets
from contextvars import ContextVar

_TRACE: ContextVar[str] = ContextVar("trace", default="")
_CASE: ContextVar[str] = ContextVar("case", default="")
# W3C trace context: version, trace, parent, flags.
_PARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def begin(trace: str = "") -> str:
    """The trace of what now begins: the one given, where it is one, else a new one. No case is worked on yet."""
    trace = trace if re.fullmatch(r"[0-9a-f]{32}", trace) else secrets.token_hex(16)
    _TRACE.set(trace)
    _CASE.set("")
    return trace


def of_parent(header: str) -> str:
    """The trace in a `traceparent` header, '' where there is none."""
    found = _PARENT.fullmatch(header.strip())
    return found[1] if found else ""


def work_on(case: object) -> None:
    """From now on the log's lines carry this case's id."""
    _CASE.set(str(case))


def current() -> str:
    return _TRACE.get()


def case() -> str:
    return _CASE.get()
