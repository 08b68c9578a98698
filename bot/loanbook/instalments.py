"""Bodies: the instalment a row states, or all instalments of a loan that a schedule generates, and what was paid on them.

Both kinds of row give a Draft with the same lines, in minor units. A total paid is the lender's word as of a day; without
that day it says nothing and is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.domain.calendar import add_months
from bot.domain.money import Money, minor_digits
from bot.loanbook.amounts import EXACT_DECIMALS, read_exact, read_minor
from bot.loanbook.cells import Cell, day_reader, optional, required, whole_number
from bot.loanbook.layout import Layout, Slot
from bot.loanbook.people import Status, read_status
from bot.loanbook.problems import Fault
from bot.loanbook.schedule import MOST_MONTHS, Part, generate_schedule, spread_paid
from bot.loanbook.sources import BookMapping
from bot.loanbook.survey import Evidence

#: Enough for daily instalments over 27 years.
MOST_INSTALMENTS = 9_999

Amounts = Callable[[Sequence[str]], int | None]


class Line(NamedTuple):
    """One instalment in minor units. `paid` is the lender's total, None where the book says nothing."""

    number: int
    due_on: date
    principal: int
    interest: int
    fees: int
    late_fees: int
    paid: int | None


class Draft(NamedTuple):
    """A row's instalments before they are compared with other rows. `faults` are (column, fault)."""

    paid_at: date | None
    closed: bool
    lines: Sequence[Line]
    faults: Sequence[tuple[str, Fault]]
    overpaid: bool = False
    carried: tuple[int, ...] = ()


class _AmountColumns:
    """The amount columns of a file, read in one currency after another."""

    def __init__(self, layout: Layout, mapping: BookMapping, evidence: Evidence, names: Sequence[str]) -> None:
        self._slots = [layout.slots[name] for name in names]
        self._mapping = mapping
        self._decimal = evidence.decimal
        self._readers: dict[str, list[Amounts]] = {}

    def of(self, currency: str) -> list[Amounts]:
        """One reader a column, in the order of the names. No currency: as many decimals as there are."""
        readers = self._readers.get(currency)
        if readers is None:
            readers = self._readers[currency] = [self._reader(slot, currency) for slot in self._slots]
        return readers

    def _reader(self, slot: Slot, currency: str) -> Amounts:
        digits, decimal, column = minor_digits(currency) if currency else 0, self._decimal, slot.column
        exact = self._mapping.carry or not currency

        def read(text: str) -> int:
            return read_exact(text, decimal) if exact else read_minor(text, currency, digits, decimal)

        # Of a sum, single parts may be empty; the sum as a whole is looked at below.
        alone = column.required and len(slot.cells) < 2
        cell: Cell[str, Any] = (required if alone else optional)(column, self._mapping, read)
        return _getter(slot, cell)

    def faults(self, values: Sequence[str], currency: str | None) -> Iterator[tuple[Slot, Fault]]:
        # Without a currency it is unknown how many decimals are right; all else can still be said.
        for slot, read in zip(self._slots, self.of(currency or ""), strict=True):
            try:
                read(values)
            except Fault as fault:
                yield slot, fault


def _getter(slot: Slot, cell: Cell[str, Any]) -> Amounts:
    if not slot.cells or (len(slot.cells) == 1 and slot.cells[0][1] == 1):
        return slot.getter(cell)

    def total(values: Sequence[str]) -> int | None:
        parts = [(cell[values[index]], sign) for index, sign in slot.cells]
        if all(amount is None for amount, _ in parts):
            if slot.column.required:
                raise Fault("missing_value")
            return None
        summed: int = sum(amount * sign for amount, sign in parts if amount is not None)
        if summed < 0:
            raise Fault("negative_amount")
        return summed

    return total


class _Bodies:
    """What both kinds of row share: the columns besides amounts, and their faults."""

    def __init__(
        self,
        layout: Layout,
        mapping: BookMapping,
        evidence: Evidence,
        today: date,
        as_of: date | None,
        amounts: Sequence[str],
        readers: dict[str, Callable[[str], Any]],
    ) -> None:
        self.amounts = _AmountColumns(layout, mapping, evidence, amounts)
        self._as_of = as_of
        readers = {
            **readers,
            "paid_at": day_reader("paid_at", mapping, evidence.orders.get("paid_at"), today),
            "status": read_status,
        }
        self.fields: list[tuple[Slot, Callable[[Sequence[str]], Any]]] = []
        for name, read in readers.items():
            slot = layout.slots[name]
            cell: Cell[str, Any] = (required if slot.column.required else optional)(slot.column, mapping, read)
            self.fields.append((slot, slot.getter(cell)))
        self._getters = [getter for _, getter in self.fields]

    def faults(self, values: Sequence[str], currency: str | None) -> Iterator[tuple[Slot, Fault]]:
        """Every fault of the body's columns."""
        for slot, getter in self.fields:
            try:
                getter(values)
            except Fault as fault:
                yield slot, fault
        yield from self.amounts.faults(values, currency)


class StatedInstalments(_Bodies):
    """Rows that are one instalment each."""

    def __init__(
        self, layout: Layout, mapping: BookMapping, evidence: Evidence, today: date, as_of: date | None
    ) -> None:
        names = ("principal", "interest", "fees", "late_fees", "paid")
        readers: dict[str, Callable[[str], Any]] = {
            "instalment": whole_number(1, MOST_INSTALMENTS),
            "due_date": day_reader("due_date", mapping, evidence.orders.get("due_date"), today),
        }
        super().__init__(layout, mapping, evidence, today, as_of, names, readers)
        self._carry = mapping.carry
        self._carried: dict[str, tuple[int, ...]] = {}

    def draft(self, values: Sequence[str], loan_id: str, currency: str) -> Draft:
        """The row's instalment; raises Fault for a value that cannot be read."""
        number, due_on, paid_at, status = [getter(values) for getter in self._getters]
        read = self.amounts.of(currency)
        principal = read[0](values) or 0
        interest = read[1](values) or 0
        fees = read[2](values) or 0
        late_fees = read[3](values) or 0
        paid = read[4](values)
        rest: tuple[int, ...] = ()
        if self._carry:
            exact = (principal, interest, fees, late_fees)
            (principal, interest, fees, late_fees), rest = self._whole_units(exact, loan_id, currency)
            if paid is not None:
                paid = principal + interest + fees + late_fees if paid >= sum(exact) else paid // _unit(currency)
        due = principal + interest + fees + late_fees
        paid_at = paid_at or self._as_of
        if status is None and (paid is None or (paid_at is not None and paid <= due)):
            line = Line(number, due_on, principal, interest, fees, late_fees, paid)
            return Draft(paid_at, False, (line,), (), False, rest)
        said = _Paid(paid, paid_at, status)
        total, faults, over = said.of_due(due, due if said.settles(due_on) else 0, currency)
        line = Line(number, due_on, principal, interest, fees, late_fees, total)
        return Draft(paid_at, status is Status.CLOSED, (line,), faults, over, rest)

    def keep(self, loan_id: str, draft: Draft) -> None:
        """Remembers what a good row carries on to its loan's next one."""
        if draft.carried:
            self._carried[loan_id] = draft.carried

    def _whole_units(
        self, exact: tuple[int, ...], loan_id: str, currency: str
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Whole minor units, and what is over: it goes to the loan's next row, so that sums stay exact."""
        before = self._carried.get(loan_id, (0, 0, 0, 0))
        pairs = [divmod(amount + rest, _unit(currency)) for amount, rest in zip(exact, before, strict=True)]
        return tuple(whole for whole, _ in pairs), tuple(rest for _, rest in pairs)


class GeneratedInstalments(_Bodies):
    """Rows that are one loan each, with a schedule made by `bot.loanbook.schedule`."""

    def __init__(
        self, layout: Layout, mapping: BookMapping, evidence: Evidence, today: date, as_of: date | None
    ) -> None:
        readers: dict[str, Callable[[str], Any]] = {
            "months": whole_number(1, MOST_MONTHS),
            "first_due": day_reader("first_due", mapping, evidence.orders.get("first_due"), today),
        }
        super().__init__(layout, mapping, evidence, today, as_of, ("amount", "payment", "paid"), readers)
        self._months_later = mapping.months_later

    def draft(self, values: Sequence[str], loan_id: str, currency: str) -> Draft:
        """The loan's instalments; raises Fault for a value that cannot be read."""
        months, first_due, paid_at, status = [getter(values) for getter in self._getters]
        amount, payment, stated = (read(values) for read in self.amounts.of(currency))
        first_due = add_months(first_due, self._months_later)
        try:
            parts = generate_schedule(Money(amount or 0, currency), months, Money(payment or 0, currency), first_due)
        except Fault as fault:
            return Draft(None, False, (), (("amount", fault),))
        if stated is None and status is None:
            return Draft(None, False, [_line(part, None) for part in parts], ())
        paid_at = paid_at or self._as_of
        said = _Paid(stated, paid_at, status)
        due, settled = sum(part.due for part in parts), sum(part.due for part in parts if said.settles(part.due_on))
        total, faults, over = said.of_due(due, settled, currency)
        shares: Sequence[int | None] = [None] * months if total is None else spread_paid(parts, total)
        lines = [_line(part, share) for part, share in zip(parts, shares, strict=True)]
        return Draft(paid_at, status is Status.CLOSED, lines, faults, over)

    def keep(self, loan_id: str, draft: Draft) -> None:
        """Nothing is carried from one loan to another."""


def _line(part: Part, paid: int | None) -> Line:
    return Line(part.number, part.due_on, part.principal, part.interest, 0, 0, paid)


def _unit(currency: str) -> int:
    """One minor unit in units of 10**-18."""
    return int(10 ** (EXACT_DECIMALS - minor_digits(currency)))


class _Paid(NamedTuple):
    """What a row says was paid: a total in minor units, the day it was true, and a status."""

    stated: int | None
    paid_at: date | None
    status: Status | None

    def settles(self, due_on: date) -> bool:
        """True where the status says that what fell due on that day is paid."""
        if self.status is Status.PAID_TO_DATE:
            return self.paid_at is not None and due_on <= self.paid_at
        return self.status is Status.PAID

    def of_due(self, due: int, settled: int, currency: str) -> tuple[int | None, Sequence[tuple[str, Fault]], bool]:
        """The total paid of `due`, at least `settled`; what contradicts itself; and whether a closed loan was overpaid."""
        claims = self.status in (Status.PAID, Status.PAID_TO_DATE)
        if not claims and (self.stated is None or (self.stated == 0 and self.paid_at is None)):
            return None, (), False
        if self.paid_at is None:
            return None, (("paid_at", Fault("paid_without_day")),), False
        total = settled if self.stated is None else self.stated
        if total < settled:
            amounts = {"paid": Money(total, currency), "due": Money(settled, currency)}
            return None, (("status", Fault("status_contradicts_paid", **amounts)),), False
        if total > due and self.status is not Status.CLOSED:
            return None, (("paid", Fault("paid_more_than_due", due=Money(due, currency))),), False
        return min(total, due), (), total > due
