"""One officer, for administrators: roles and their history, second factor, and where they are signed in."""

from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kyc import wording_officers, wording_review
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.domain.roles import Role, Verb
from kyc.models import RoleChange
from kyc.services import authenticators, grants, officers, second_factor, sessions
from kyc.services.grants import GrantRefused

INVALID, CONFLICT = 422, 409


def show(request: HttpRequest, account_id: int) -> HttpResponse:
    if not officers.allowed(request.user, Verb.MANAGE_OFFICERS):
        raise PermissionDenied
    account = get_object_or_404(User, pk=account_id, is_staff=True)
    if request.method != "POST":
        return _page(request, account)
    if asked := proof.ask(request):
        return asked
    try:
        done = _work(request, account)
    except GrantRefused as e:
        return _page(request, account, str(wording_officers.REFUSALS[e.code]), CONFLICT)
    messages.success(request, done)
    return redirect("admin:auth_user_officer", account.pk)


def _work(request: HttpRequest, account: User) -> str:
    by, reason = officers.actor(officer_of(request)), request.POST.get("reason", "")
    do, _colon, which = request.POST.get("do", "").partition(":")
    match do:
        case "give" | "take":
            return _change(account, do, which or request.POST.get("role", ""), request, reason)
        case "agree" | "decline":
            grants.answer(asked_id=_uuid(which), agrees=do == "agree", by=by, reason=reason)
            return _("Your answer is recorded.")
        case "reset":
            _not_own(request, account)
            second_factor.reset(account=account, by=by)
            return _("The second factor is reset: the next sign-in sets up a new one.")
        case "end":
            sessions.end(account=account, by=by)
            return _("Every session of this officer is ended.")
    return _("Nothing was asked, so nothing was changed.")


def _change(account: User, do: str, role: str, request: HttpRequest, reason: str) -> str:
    if role not in set(Role):
        raise GrantRefused("not_held")
    by = officers.actor(officer_of(request))
    if do == "take":
        grants.take_away(account=account, role=Role(role), by=by, reason=reason)
        return _("The role is taken away, from the next click on.")
    change = grants.give(account=account, role=Role(role), by=by, reason=reason)
    if change.step == RoleChange.Step.ASKED:
        return _("Asked for. Another administrator must agree before it counts.")
    return _("The role is given.")


def _not_own(request: HttpRequest, account: User) -> None:
    if account.pk == request.user.pk:
        raise GrantRefused("own_account")


def _page(request: HttpRequest, account: User, error: str = "", status: int = 200) -> HttpResponse:
    held = officers.roles_of(account) if account.is_active else frozenset()
    history = list(account.role_changes.order_by("-at")[:200])
    names = _names(history)
    context = admin.site.each_context(request) | {
        "title": account.get_username(),
        "account": account,
        "own": account.pk == request.user.pk,
        "error": error,
        "reason": request.POST.get("reason", ""),
        "held": [_role(role) for role in Role if role in held],
        "grantable": [_role(role) for role in Role if role not in held],
        "askings": [
            (asked, str(wording_review.ROLES[Role(asked.role)])) for asked in grants.asked_for(account)
        ],
        "history": [
            (
                change,
                wording_review.ROLES[Role(change.role)],
                wording_officers.STEPS[change.step],
                names[change.actor],
            )
            for change in history
        ],
        "factors": [
            (wording_officers.FACTORS[factor.kind], factor) for factor in authenticators.factors(account)
        ],
        "sessions": sessions.of(account),
    }
    return TemplateResponse(request, "admin/auth/user/officer.html", context, status=status)


def _role(role: Role) -> tuple[str, str]:
    return role.value, str(wording_review.ROLES[role])


def _names(history: list[RoleChange]) -> dict[str, str]:
    """Whom each actor means."""
    ids = {change.actor: change.actor.partition(":")[2] for change in history}
    known = dict(
        User.objects.filter(pk__in=[key for key in ids.values() if key.isdecimal()]).values_list(
            "pk", "username"
        )
    )
    return {actor: known.get(int(key), actor) if key.isdecimal() else actor for actor, key in ids.items()}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as e:
        raise GrantRefused("answered_already") from e
