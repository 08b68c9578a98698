"""What identifies a borrower, and the small words of a loan: telephone, e-mail, last four, flags, status."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers

from bot.domain.diagnostics import did_you_mean
from bot.loanbook.problems import Fault

_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@[^@\s\"(),:;<>\[\]\\.]+(\.[^@\s\"(),:;<>\[\]\\.]+)+\Z")
_LAST4 = re.compile(r"[0-9A-Za-z]{4}\Z", re.ASCII)
_FLAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z", re.ASCII)
_BETWEEN_FLAGS = re.compile(r"[\s,;|]+")


class Status(StrEnum):
    """What a row says of an instalment, or of a whole loan, besides its numbers."""

    OPEN = "open"
    PAID = "paid"  # all of it, by `paid_at`
    PAID_TO_DATE = "paid_to_date"  # whatever fell due up to `paid_at`
    CLOSED = "closed"  # the lender took the loan out of the book


def read_phone(text: str, region: str | None) -> str:
    """E.164; `region` (ISO 3166) helps where the number has no country code. Raises Fault.

    Possible numbers are let in, not only those in today's numbering plan: the number is compared, never dialled.
    """
    try:
        number = phonenumbers.parse(text, region[:2] if region else None)
    except phonenumbers.NumberParseException:
        raise Fault("unusable_phone") from None
    if not phonenumbers.is_possible_number(number):
        raise Fault("unusable_phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(text: str) -> str:
    if len(text) > 254 or not _EMAIL.match(text):
        raise Fault("unusable_email")
    return text


def read_last4(text: str) -> str:
    """Four letters or digits as text, letters in capitals (a Chinese number may end in X); raises Fault."""
    if not _LAST4.match(text):
        raise Fault("bad_last4")
    return text.upper()


def read_flags(text: str) -> frozenset[str]:
    words = [word for word in _BETWEEN_FLAGS.split(text.lower()) if word]
    if not all(_FLAG.match(word) for word in words):
        raise Fault("bad_flag")
    return frozenset(words)


def read_status(text: str) -> Status:
    try:
        return Status(text.lower().replace(" ", "_"))
    except ValueError:
        raise Fault("unknown_status", hint=did_you_mean(text, list(Status))) from None
