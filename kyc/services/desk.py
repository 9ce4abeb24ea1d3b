"""An officer's own desk: filters of the queue kept under a name, one of which may come first."""

import re
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.http import urlencode

from kyc.domain import rrn
from kyc.domain.roles import Verb
from kyc.models import SavedView
from kyc.services.officers import require

MOST_VIEWS, LONGEST_NAME, LONGEST_QUERY = 20, 40, 300
_CODE = re.compile(r"[A-Za-z0-9_.]{1,64}")


class ViewRefused(Exception):
    """Nothing was kept; `code` has words in `kyc.wording_queue`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def views(of: User) -> list[SavedView]:
    return list(SavedView.objects.filter(officer=of).order_by("name"))


@transaction.atomic
def keep(*, name: str, asked: Mapping[str, str], first: bool, by: User) -> SavedView:
    """Keeps filters under a name; the same name again replaces them. Raises ViewRefused, NotAllowed.

    `asked` are filters that the caller knows; a value that is no code is dropped: nobody's name gets into a query.
    """
    require(by, Verb.SEE_CASES)
    name = rrn.mask_all(" ".join(name.split()).replace("\0", ""))[:LONGEST_NAME]
    query = urlencode(sorted((key, value) for key, value in asked.items() if _CODE.fullmatch(value)))
    if not name:
        raise ViewRefused("no_name")
    if not query or len(query) > LONGEST_QUERY:
        raise ViewRefused("no_filter")
    mine = SavedView.objects.select_for_update().filter(officer=by)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise ViewRefused("too_many")
    if first:
        mine.update(first=False)
    view, _made = SavedView.objects.update_or_create(
        officer=by, name=name, defaults={"query": query, "first": first}
    )
    return view


def forget(*, view_id: int, by: User) -> None:
    """Nothing happens where it is not this officer's."""
    SavedView.objects.filter(pk=view_id, officer=by).delete()
