"""Borrowers, the proofs that identify them, and their addresses on channels.

Identity facts (phone, birth date, last four) are held readable only inside one turn; storage keeps them encrypted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What may prove that a person is this borrower. None: the lender gave none."""

    phone: str | None = None  # E.164, as in +8613800000000
    birth_date: date | None = None
    id_last4: str | None = None

    @property
    def provable(self) -> bool:
        return bool(self.phone or self.birth_date or self.id_last4)


@dataclass(frozen=True, slots=True)
class Borrower:
    """A person who owes. Names and identity facts never reach a log or a metric."""

    borrower_id: str
    name: str
    language: str | None  # BCP 47, or None where the loan book says nothing
    timezone: str | None  # IANA
    region: str | None  # ISO 3166-1 or -2
    identity: IdentityFacts = IdentityFacts()
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A place where messages can reach somebody: a chat on a channel.

    `key` is the channel's own name for it (a chat id as text). `private` is False for groups and channels, where
    nothing about a borrower is ever said.
    """

    channel: str
    key: str
    private: bool = True
