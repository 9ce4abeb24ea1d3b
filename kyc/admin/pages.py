"""The base of every list in the admin: read-only by refusal, open by role, counted no further than anyone reads."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.forms import Media
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

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
