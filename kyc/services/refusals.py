"""Why an officer's step is not possible now. Nothing was changed; the words stand in `kyc.wording_review`."""

from collections.abc import Sequence

from kyc.domain.facts import Field


class ReviewRefused(Exception):
    """The officer's step is not possible now; nothing was changed. `code` has words in `kyc.wording_review`."""

    code = "refused"


class HeldByOther(ReviewRefused):
    code = "held_by_other"


class NotHeld(ReviewRefused):
    code = "not_held"


class FieldsOpen(ReviewRefused):
    """Fields that nobody confirmed or corrected yet."""

    code = "fields_open"

    def __init__(self, open_fields: Sequence[Field]) -> None:
        super().__init__(", ".join(open_fields))
        self.fields = tuple(open_fields)


class NumberBarred(ReviewRefused):
    """No statute lets this case hold a resident number."""

    code = "number_barred"


class NumberUnseen(ReviewRefused):
    """The officer has not looked at the number as it stands; it is covered until they do."""

    code = "number_unseen"


class ReasonMissing(ReviewRefused):
    code = "reason_missing"


class OwnDecision(ReviewRefused):
    code = "own_decision"


class OwnValues(ReviewRefused):
    """A value on which the proposed approval rests is this officer's own."""

    code = "own_values"


class NothingToSecond(ReviewRefused):
    code = "nothing_to_second"


class MethodsMissing(ReviewRefused):
    """Too few kinds of identification are recorded for this deployment's policy."""

    code = "methods_missing"


class MismatchStops(ReviewRefused):
    """The authenticity check said no: no further check and no plain approval."""

    code = "mismatch_stops"


class CommentMissing(ReviewRefused):
    code = "comment_missing"


class ViewFirst(ReviewRefused):
    """The policy says blind: the second officer's own view comes before the first's."""

    code = "view_first"


class LookedAlready(ReviewRefused):
    """This officer's view of the proposal stands: a third one decides."""

    code = "looked_already"
