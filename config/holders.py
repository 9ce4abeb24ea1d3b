"""Names of processes that outlive them: who holds a lease, and is it still alive?"""

import os
from pathlib import Path


def holder_of(process: int) -> str:
    """A name no other process of this machine ever bears again, or '' where /proc is missing."""
    try:
        namespace = Path("/proc/self/ns/pid").readlink()
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    # A zombie is dead, only not yet buried by its parent.
    return "" if state[0] in "ZX" else f"{namespace}:{process}:{state[19]}"


def is_dead(holder: str) -> bool:
    """Whether the process of that name is surely gone. One in another container is not judged."""
    namespace, _, rest = holder.rpartition(":")[0].rpartition(":")
    own = holder_of(os.getpid())
    if not own or namespace != own.rpartition(":")[0].rpartition(":")[0] or not rest.isdecimal():
        return False
    return holder_of(int(rest)) != holder
