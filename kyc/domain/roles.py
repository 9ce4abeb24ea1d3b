"""What each role of officers may do. Each has only what it needs; the administrator sees no customer's data."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    REVIEWER = "reviewer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Verb(StrEnum):
    SEE_CASES = "see_cases"
    SEE_PICTURE = "see_picture"
    REVEAL_NUMBER = "reveal_number"
    REVIEW = "review"  # claim, confirm, correct, decide
    SECOND = "second"  # agree with another officer's decision, or send it back
    SUBMIT = "submit"  # staff-assisted intake
    SEE_REGISTERS = "see_registers"  # everyone's disclosures, the audit chain
    RETAIN = "retain"  # end of a relationship, legal hold, erasure on request
    EXPORT_SUBJECT = "export_subject"  # a person asks for all that is kept of them
    OPEN_ARCHIVE = "open_archive"  # cases that only a law keeps, with a reason
    REVIEW_ACCESS = "review_access"  # the monthly review of who saw what, signed
    MANAGE_OFFICERS = "manage_officers"
    MANAGE_HOSTS = "manage_hosts"  # the systems that open verifications: their keys and where they listen
    ASSIGN = "assign"  # give cases to an officer, have them read again
    EXPORT = "export"  # take what the role may see as a file, with a reason
    SEE_FIGURES = "see_figures"  # how the work goes: counts, no case of anybody


ALLOWED: Mapping[Role, frozenset[Verb]] = {
    Role.REVIEWER: frozenset(
        {Verb.SEE_CASES, Verb.SEE_PICTURE, Verb.REVEAL_NUMBER, Verb.REVIEW, Verb.SUBMIT}
    ),
    Role.APPROVER: frozenset(
        {
            Verb.SEE_CASES,
            Verb.SEE_PICTURE,
            Verb.REVEAL_NUMBER,
            Verb.REVIEW,
            Verb.SECOND,
            Verb.SUBMIT,
            Verb.RETAIN,
            Verb.EXPORT_SUBJECT,
            Verb.ASSIGN,
            Verb.EXPORT,
            Verb.SEE_FIGURES,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Verb.SEE_CASES,
            Verb.SEE_REGISTERS,
            Verb.OPEN_ARCHIVE,
            Verb.REVIEW_ACCESS,
            Verb.EXPORT,
            Verb.SEE_FIGURES,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Verb.MANAGE_OFFICERS, Verb.MANAGE_HOSTS}),
}


def may(roles: frozenset[Role], verb: Verb) -> bool:
    return any(verb in ALLOWED[role] for role in roles)
