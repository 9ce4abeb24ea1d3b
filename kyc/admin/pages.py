"""The base of every list in the admin: read-only by refusal, open by role, counted no further than anyone reads."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.forms import Media
from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, path
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kyc import wording_queue
from kyc.admin import columns
from kyc.domain.roles import Verb
from kyc.selectors.queue import MANY
from kyc.services import officers

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ListPaginator = Paginator[Any]
else:
    ModelAdmin = admin.ModelAdmin
    ListPaginator = Paginator


class BoundedPaginator(ListPaginator):
    """Counts no further than MANY rows: with a million cases a count costs more than the page."""

    def validate_number(self, number: Any) -> int:
        """A page beyond the last is the last: whoever followed an old link sees rows, not an error."""
        return max(1, min(int(number), self.num_pages))

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MANY + 1].count())


class DayFilter(admin.DateFieldListFilter):
    """When it happened: today, this week, this month, this year."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.title = _("date")


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows and changes none. Who may look is told by the officer's role, never by Django's permission rows."""

    verbs: ClassVar[frozenset[Verb]]  # any of them opens the page
    menu: ClassVar[Promise]
    actions = None
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    sortable_by = ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """An address that asks for what this list does not offer shows the list, and says so."""
        known = {key: texts for key, texts in request.GET.lists() if key == "p" or self._filters_by(key)}
        if len(known) < len(request.GET):
            request.GET = QueryDict(urlencode(known, doseq=True))
            messages.warning(request, wording_queue.UNKNOWN_FILTER)
        return super().changelist_view(request, extra_context)

    def _filters_by(self, parameter: str) -> bool:
        for spec in self.list_filter:
            if isinstance(spec, tuple):  # a filter of a column: `at__gte`
                if parameter.startswith(f"{spec[0]}__"):
                    return True
            elif getattr(spec, "parameter_name", None) == parameter:
                return True
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(officers.allowed(request.user, verb) for verb in self.verbs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("when"))
    def moment(self, row: Any) -> SafeString:
        return columns.moment(row.at)

    @property
    def media(self) -> Media:
        """None of the stock scripts: these pages have nothing to edit."""
        return Media()

    def get_urls(self) -> list[URLPattern]:
        """The list alone; pages of one row are each admin's own."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.changelist_view), name=name)]
