"""How `make test` shares the tests between its workers (pytest-xdist): file by file, in pytest's own order.

The order matters: pytest-django puts tests that empty the database behind those that need what migrations wrote
there, so a worker never goes back. A file whose tests are of both kinds comes twice.
"""

from functools import cached_property
from itertools import groupby

from xdist.scheduler import LoadScopeScheduling

# One worker takes the whole folder: its tests share a site, or a product, that is long in the making; and the drills,
# which kill and starve a product of their own, would starve one another.
TOGETHER = ("tests/documents/", "tests/journey/")


class InOrder(LoadScopeScheduling):
    """The next file goes to the worker that is free."""

    def _split_scope(self, nodeid: str) -> str:
        return self._scopes[nodeid]

    @cached_property
    def _scopes(self) -> dict[str, str]:
        """The unit of each test: a run of neighbours of one file, or of one folder where its tests stay together."""
        collected = next(iter(self.registered_collections.values()))
        return {
            nodeid: f"{number}:{unit}"
            for number, (unit, run) in enumerate(groupby(collected, key=_unit))
            for nodeid in run
        }


def _unit(nodeid: str) -> str:
    file = nodeid.split("::", 1)[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)
