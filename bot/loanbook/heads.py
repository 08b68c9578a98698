"""Heads: what a row says of its borrower and its loan, apart from the instalment. Rows of one loan share one head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from bot.domain.borrower import Borrower, IdentityFacts
from bot.domain.diagnostics import did_you_mean
from bot.loanbook.cells import Cell, day_reader, optional, read_id, read_name, required
from bot.loanbook.layout import Layout, Slot
from bot.loanbook.people import read_email, read_flags, read_last4, read_phone
from bot.loanbook.places import read_currency, read_language, read_region, read_zone
from bot.loanbook.problems import Fault
from bot.loanbook.sources import BookMapping
from bot.loanbook.survey import Evidence


class BookLoan(NamedTuple):
    """A loan without its instalments. `closed`: the lender took it out of the book."""

    loan_id: str
    programme: str
    borrower_id: str
    currency: str
    risk: str | None
    flags: frozenset[str]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What rows of one loan have in common. `unusable` are (column, code) of values that were left out."""

    loan: BookLoan
    borrower: Borrower
    unusable: tuple[tuple[str, str], ...]


class HeadReader:
    """Reads heads, column by column."""

    def __init__(
        self,
        layout: Layout,
        mapping: BookMapping,
        evidence: Evidence,
        today: date,
        programme: str | None,
        programmes: frozenset[str] | None,
    ) -> None:
        self._programme = programme
        self._programmes = programmes
        readers = self._readers(mapping, evidence, today)
        self.fields: list[tuple[Slot, Callable[[Sequence[str]], Any]]] = []
        for name, read in readers.items():
            slot = layout.slots[name]
            must = slot.column.required and not (name == "programme" and programme)
            cell: Cell[str, Any] = (required if must else optional)(slot.column, mapping, read)
            self.fields.append((slot, slot.getter(cell)))
        indexes = [slot.index for slot, _ in self.fields if slot.index is not None]
        #: The texts of all head columns of a row, to see cheaply that a row has the same head as another.
        self.texts: Callable[[Sequence[str]], object] = itemgetter(*indexes) if indexes else tuple
        self.loan_index = layout.slots["loan_id"].index

    def _readers(self, mapping: BookMapping, evidence: Evidence, today: date) -> dict[str, Callable[[str], Any]]:
        return {
            "programme": self._read_programme,
            "borrower_id": read_id,
            "borrower_name": read_name,
            "language": read_language,
            "timezone": read_zone,
            "region": read_region,
            "phone": read_name,
            "email": read_name,
            "birth_date": day_reader("birth_date", mapping, evidence.orders.get("birth_date"), today),
            "id_last4": read_last4,
            "loan_id": read_id,
            "currency": read_currency,
            "risk": read_id,
            "flags": read_flags,
        }

    def _read_programme(self, text: str) -> str:
        if self._programmes is not None and text not in self._programmes:
            known = sorted(self._programmes)
            raise Fault("unknown_programme", hint=did_you_mean(text, known), known=", ".join(known))
        return read_id(text)

    def read(self, values: Sequence[str]) -> Head:
        """The row's head; raises Fault."""
        return self._head(*(getter(values) for _, getter in self.fields))

    def faults(self, values: Sequence[str]) -> Iterator[tuple[Slot, Fault]]:
        """Every fault of the head's columns, not just the first."""
        for slot, getter in self.fields:
            try:
                getter(values)
            except Fault as fault:
                yield slot, fault

    def _head(
        self,
        programme: str | None,
        borrower_id: str,
        name: str | None,
        language: str | None,
        timezone: str | None,
        region: str | None,
        phone: str | None,
        email: str | None,
        birth_date: date | None,
        last4: str | None,
        loan_id: str,
        currency: str,
        risk: str | None,
        flags: frozenset[str] | None,
    ) -> Head:
        unusable = []
        if phone is not None:
            try:
                phone = read_phone(phone, region)
            except Fault as fault:
                phone = None
                unusable.append(("phone", fault.code))
        if email is not None:
            try:
                email = read_email(email)
            except Fault as fault:
                email = None
                unusable.append(("email", fault.code))
        identity = IdentityFacts(phone, birth_date, last4)
        borrower = Borrower(borrower_id, name or "", language, timezone, region, identity, email)
        kind = programme or self._programme or ""
        loan = BookLoan(loan_id, kind, borrower_id, currency, risk, flags or frozenset())
        return Head(loan, borrower, tuple(unusable))
