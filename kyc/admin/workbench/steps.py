"""What each button does: fields are saved first, then the decision; every refusal leaves what was typed as it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kyc import wording, wording_review
from kyc.admin.workbench.form import Typed
from kyc.domain.facts import Field, FieldError
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.provenance import Outcome
from kyc.models import Case, Decision
from kyc.selectors import values
from kyc.services import holding, policy, refusals, review


class FieldsRefused(Exception):
    """Some values were not saved; `errors` says why beside each. The others are saved."""

    def __init__(self, errors: Mapping[Field, str], saved: frozenset[Field]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors
        self.saved = saved


class Stale(refusals.ReviewRefused):
    """The page showed something that no longer stands."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Done:
    """What to say after a step, and whether the officer is finished with the case."""

    message: str
    decided: bool = False
    saved: frozenset[Field] = field(default_factory=frozenset)


def is_grave(case: Case, typed: Typed) -> bool:
    """Whether the pressed button decides where findings are serious, or may become so by what was typed with it."""
    if typed.do not in STEPS and typed.do not in VIEWS:
        return False
    return any(typed.changed(name) for name in Field) or policy.has_high_findings(case)


def take(case: Case, typed: Typed, by: User) -> Done:
    """Does what the pressed button says. Raises ReviewRefused, IllegalMove, NotAllowed, FieldsRefused."""
    if typed.do == "save" or typed.only:
        return _save(case, typed, by)
    step = STEPS.get(typed.do)
    if step is None:
        raise Stale("what_to_do")
    return step(case, typed, by)


def _save(case: Case, typed: Typed, by: User) -> Done:
    asked = (typed.only,) if typed.only else tuple(Field)
    saved = save_fields(case, typed, by, asked)
    if not saved:
        return Done(_("Nothing was ticked or typed, so nothing was saved."))
    words = ngettext("%(count)d field saved.", "%(count)d fields saved.", len(saved)) % {"count": len(saved)}
    return Done(words, saved=saved)


def save_fields(case: Case, typed: Typed, by: User, asked: tuple[Field, ...]) -> frozenset[Field]:
    """Confirms what is ticked and corrects what was typed. Raises FieldsRefused after saving all that could be."""
    _first_look(case, by)
    wanted = [name for name in asked if typed.changed(name) or typed.of(name).agrees]
    errors: dict[Field, str] = {}
    saved = []
    if typed.only and not wanted:
        raise FieldsRefused(
            {typed.only: _("Tick that it agrees with the picture, or type another value.")}, frozenset()
        )
    if wanted:
        holding.claim(case=case, by=by)  # who works goes on holding
    for name in wanted:
        try:
            _save_one(case, name, typed, by)
        except FieldError as e:
            errors[name] = str(wording.error_words(e.field, e.fault))
        except refusals.FieldsOpen:
            errors[name] = str(wording_review.REFUSALS["field_unreadable"])
        except (Stale, refusals.NumberBarred, refusals.NumberUnseen) as e:
            errors[name] = str(wording_review.REFUSALS[e.code])
        else:
            saved.append(name)
    if errors:
        raise FieldsRefused(errors, frozenset(saved))
    return frozenset(saved)


def _first_look(case: Case, by: User) -> None:
    """Tells at once what the services would refuse field by field: a case that moved on, or is not this officer's."""
    if case.status is not State.IN_REVIEW:
        raise IllegalMove(case.status, State.IN_REVIEW)
    if case.claimed_by_other(by.pk):
        raise refusals.HeldByOther
    if case.claimed_by_id != by.pk:
        raise refusals.NotHeld


@transaction.atomic
def _save_one(case: Case, name: Field, typed: Typed, by: User) -> None:
    sent = typed.of(name)
    standing = values.current(case).get(name)
    if (standing.pk if standing else None) != sent.seen:
        raise Stale("stale_value")
    if typed.changed(name):
        review.correct(case=case, field=name, text=sent.text or "", by=by)
    else:
        review.confirm(case=case, field=name, by=by)


def _approve(case: Case, typed: Typed, by: User) -> Done:
    saved = save_fields(case, typed, by, tuple(Field))
    _still_as_seen(case, typed, saved)
    decision = review.approve(case=case, by=by, comment=typed.comment)
    return _told(decision, _("Approved."))


def _still_as_seen(case: Case, typed: Typed, saved: frozenset[Field]) -> None:
    """An approval rests on what the page showed: a value that another window changed must be seen first."""
    standing = values.current(case)
    for name in Field:
        value = standing.get(name)
        if name not in saved and value is not None and value.pk != typed.of(name).seen:
            raise FieldsRefused({name: str(wording_review.REFUSALS["stale_value"])}, saved)


def _reject(case: Case, typed: Typed, by: User) -> Done:
    save_fields(case, typed, by, tuple(Field))
    decision = review.reject(case=case, reasons=typed.reject, by=by, comment=typed.comment)
    return _told(decision, _("Rejected."))


def _retake(case: Case, typed: Typed, by: User) -> Done:
    save_fields(case, typed, by, tuple(Field))
    review.ask_retake(case=case, reasons=typed.retake, by=by, comment=typed.comment)
    return Done(_("The customer is asked for another picture."), decided=True)


def _told(decision: Decision, words: str) -> Done:
    if decision.case.status is State.SECOND_REVIEW:
        return Done(
            _("Your decision is recorded. A second officer must agree before it takes effect."), decided=True
        )
    return Done(words, decided=True)


def _escalate(case: Case, typed: Typed, by: User) -> Done:
    save_fields(case, typed, by, tuple(Field))
    return _told(review.escalate(case=case, by=by, comment=typed.comment), _("Approved."))


def _second(case: Case, typed: Typed, by: User) -> Done:
    same_proposal(case, typed)
    review.second(case=case, by=by)
    return Done(_("You agreed. The decision is in force."), decided=True)


def _send_back(case: Case, typed: Typed, by: User) -> Done:
    same_proposal(case, typed)
    review.send_back(case=case, by=by, comment=typed.comment)
    return Done(_("Sent back. The case is in review again."), decided=True)


def same_proposal(case: Case, typed: Typed) -> None:
    """Raises Stale where another decision waits than the page showed."""
    waiting = case.decisions.waiting().first()
    if waiting is not None and waiting.pk != typed.proposal:
        raise Stale("stale_proposal")


VIEWS = frozenset(f"view:{outcome}" for outcome in Outcome)
"""The blind second look's buttons, which `look_steps` does: a view that agrees puts the decision in force."""

STEPS: Mapping[str, Callable[[Case, Typed, User], Done]] = {
    "approve": _approve,
    "escalate": _escalate,
    "reject": _reject,
    "retake": _retake,
    "second": _second,
    "send_back": _send_back,
}
