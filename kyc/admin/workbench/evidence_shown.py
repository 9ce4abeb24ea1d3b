"""The evidence of a case as its page shows it: methods, checks, notes, files, and cases that have to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.utils.safestring import SafeString

from kyc import wording_review
from kyc.admin import columns
from kyc.domain.evidence import RECORDED, CheckResult, Method
from kyc.domain.facts import Field
from kyc.models import (
    Attachment,
    AuthenticityCheck,
    Case,
    Document,
    FieldValue,
    Note,
    VerificationMethod,
)
from kyc.selectors import evidence, related
from kyc.selectors.related import Related
from kyc.services import opening, policy


@dataclass(frozen=True, slots=True)
class FileShown:
    id: UUID
    name: str = field(repr=False)
    kind: str
    kilobytes: int


@dataclass(frozen=True, slots=True)
class MethodShown:
    id: UUID
    label: str
    reference: str = field(repr=False)
    file: FileShown | None
    by: User | None
    at: datetime
    struck: str = field(default="", repr=False)
    struck_by: str = ""


@dataclass(frozen=True, slots=True)
class CheckShown:
    result: CheckResult
    label: str
    reference: str = field(repr=False)
    checked_at: datetime
    by: User


@dataclass(frozen=True, slots=True)
class NoteShown:
    text: str = field(repr=False)
    file: FileShown | None
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class RelatedShown:
    id: UUID
    link: str | SafeString
    chip: SafeString
    age: SafeString
    same_number: bool
    same_picture: bool
    mismatch: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    methods: list[MethodShown] = field(default_factory=list)
    kinds: frozenset[Method] = frozenset()
    needed: int = 0
    missing: int = 0
    checks: list[CheckShown] = field(default_factory=list)
    notes: list[NoteShown] = field(default_factory=list)
    related: list[RelatedShown] = field(default_factory=list)

    @property
    def counted(self) -> list[str]:
        return [str(wording_review.METHODS[kind]) for kind in Method if kind in self.kinds]

    @property
    def mismatch(self) -> bool:
        return any(check.result is CheckResult.MISMATCH for check in self.checks)

    @property
    def kind_choices(self) -> list[tuple[str, str, str]]:
        """Code, words, and what a reference to it is."""
        return [
            (kind.value, str(wording_review.METHODS[kind]), str(wording_review.METHOD_HINTS[kind]))
            for kind in RECORDED
        ]

    @property
    def result_choices(self) -> list[tuple[str, str]]:
        return [(result.value, str(words)) for result, words in wording_review.CHECK_RESULTS.items()]


def of(
    case: Case,
    document: Document | None,
    standing: Mapping[Field, FieldValue],
    *,
    without_notes_of: int | None = None,
) -> Evidence:
    """The caller has registered the case's fields. `without_notes_of`: an account whose notes stay hidden.

    Raises `Refused`.
    """
    current = standing.get(Field.RRN)
    number = bytes(current.lookup) if current and current.lookup else None
    rows = evidence.methods(case)
    counted = {Method(row.kind) for row in rows if not _struck(row)}
    kinds = frozenset(counted | ({Method.CARD_COPY} if document else set()))
    return Evidence(
        methods=[_method(case, row) for row in rows],
        kinds=kinds,
        needed=policy.methods_needed(case),
        missing=policy.methods_missing(case, kinds),
        checks=[_check(case, row) for row in evidence.checks(case)],
        notes=[_note(case, row) for row in evidence.notes(case) if row.by_id != without_notes_of],
        related=[_related(row) for row in related.of(case, document, number)],
    )


def _struck(row: VerificationMethod) -> VerificationMethod | None:
    struck: VerificationMethod | None = getattr(row, "struck_by", None)
    return struck


def _method(case: Case, row: VerificationMethod) -> MethodShown:
    struck = _struck(row)
    return MethodShown(
        id=row.pk,
        label=str(wording_review.METHODS[Method(row.kind)]),
        reference=_words(case, row.sealed_reference, f"method:{row.pk}"),
        file=_file(case, row.attachment),
        by=row.by,
        at=row.at,
        struck=_words(case, struck.sealed_reference, f"method:{struck.pk}") if struck else "",
        struck_by=struck.by.get_username() if struck and struck.by else "",
    )


def _check(case: Case, row: AuthenticityCheck) -> CheckShown:
    return CheckShown(
        result=CheckResult(row.result),
        label=str(wording_review.CHECK_RESULTS[CheckResult(row.result)]),
        reference=_words(case, row.sealed_reference, f"check:{row.pk}"),
        checked_at=row.checked_at,
        by=row.by,
    )


def _note(case: Case, row: Note) -> NoteShown:
    return NoteShown(
        text=_words(case, row.sealed_text, f"note:{row.pk}"),
        file=_file(case, row.attachment),
        by=row.by,
        at=row.at,
    )


def _file(case: Case, row: Attachment | None) -> FileShown | None:
    if row is None:
        return None
    name = _words(case, row.sealed_name, f"file:{row.pk}")
    return FileShown(row.pk, name, str(row.get_kind_display()), max(1, row.size // 1024))


def _words(case: Case, sealed: bytes | memoryview, identity: str) -> str:
    return opening.words(case=case, sealed=bytes(sealed), identity=identity)


def _related(row: Related) -> RelatedShown:
    return RelatedShown(
        id=row.case.pk,
        link=columns.case_link(row.case.pk),
        chip=columns.state_chip(row.case.status),
        age=columns.age(row.case.created_at),
        same_number=row.same_number,
        same_picture=row.same_picture,
        mismatch=row.mismatch,
    )
