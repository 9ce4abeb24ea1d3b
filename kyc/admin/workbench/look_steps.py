"""The blind second look's buttons: the officer's own view, from the picture and what was read, before the first's."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin.workbench.form import Typed
from kyc.admin.workbench.steps import Done, FieldsRefused, same_proposal
from kyc.domain.facts import Field, FieldError
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome, Step
from kyc.models import Case
from kyc.selectors import values
from kyc.services import basis, custody, second_look


def take(case: Case, typed: Typed, by: User) -> Done:
    """`view:<outcome>`. Raises ReviewRefused, IllegalMove, NotAllowed, FieldsRefused."""
    outcome = Outcome(typed.do.removeprefix("view:"))
    same_proposal(case, typed)
    view = _view(case, typed, strict=outcome is Outcome.APPROVE)
    reasons = {Outcome.APPROVE: (), Outcome.REJECT: typed.reject, Outcome.RETAKE: typed.retake}[outcome]
    seen = second_look.look(
        case=case,
        by=by,
        outcome=outcome,
        view=view,
        ticked=[name for name in view if not typed.changed(name)],
        reasons=[reason.value for reason in reasons],
        comment=typed.comment,
    )
    if seen.agrees:
        return Done(_("Your view agrees with the first officer's. The decision is in force."), decided=True)
    if case.status is State.IN_REVIEW:
        words = _("Your views differ: the case is in review again, both views stand below.")
    else:
        words = _("Your views differ: both stand below, and a third officer decides.")
    return Done(words, decided=True)


def _view(case: Case, typed: Typed, *, strict: bool) -> Mapping[Field, str]:
    """What was ticked, as it was read, and what was typed, in canonical form. Raises FieldsRefused where `strict`."""
    key, standing = case.key(), values.read(case)
    view: dict[Field, str] = {}
    errors: dict[Field, str] = {}
    for name in basis.fields_of(case):
        read = standing.get(name)
        try:
            if typed.changed(name):
                view[name] = basis.normalise(case, name, typed.of(name).text or "")
            elif typed.of(name).agrees and read is not None and read.step != Step.READ:
                view[name] = custody.open_value(key, read)
        except FieldError as e:
            errors[name] = str(wording.error_words(e.field, e.fault))
    if strict:
        open_ = str(wording_review.REFUSALS["view_open"])
        errors |= {name: open_ for name in basis.fields_of(case) if name not in view and name not in errors}
        if errors:
            raise FieldsRefused(errors, frozenset())
    return view
