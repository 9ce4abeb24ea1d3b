"""Reason codes of an officer's decision. Stored for years: never rename one. Their words: `kyc.wording`."""

from enum import StrEnum


class RetakeReason(StrEnum):
    """Why the customer is asked for another picture. Each has words that say what to do better."""

    BLURRED = "blurred"
    GLARE = "glare"
    CUT_OFF = "cut_off"
    DARK = "dark"
    TOO_SMALL = "too_small"
    COVERED = "covered"  # a finger, a sticker, a holder
    COPY = "copy"  # a screen or a photocopy instead of the card
    NOT_A_CARD = "not_a_card"
    WRONG_DOCUMENT = "wrong_document"  # a passport, a driving licence, a foreigner's card
    BACK_SIDE = "back_side"
    UNREADABLE = "unreadable"
    OTHER = "other"


class RejectReason(StrEnum):
    """Why a case is refused for good. What the customer is told is worded apart from what stays inside."""

    SUSPECTED_FORGERY = "suspected_forgery"
    NOT_LATEST_CARD = "not_latest_card"
    IDENTITY_MISMATCH = "identity_mismatch"
    AUTHENTICITY_FAILED = "authenticity_failed"  # the government's check said no
    UNDERAGE = "underage"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"
    NO_RESPONSE = "no_response"
    OTHER = "other"
