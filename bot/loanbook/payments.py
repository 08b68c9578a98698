"""Payment files: raw rows become payments, with the same care as a loan book.

A row that names what it `reverses` takes money back: its amount may be written with or without a minus and is negative here.
The same reference twice with the same content is one payment; with other content it is a fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.domain.loan import Payment
from bot.domain.money import Money, minor_digits
from bot.loanbook.amounts import read_minor
from bot.loanbook.cells import day_reader, optional, read_id, required, whole_number
from bot.loanbook.instalments import MOST_INSTALMENTS
from bot.loanbook.layout import Layout, Slot, plan_layout
from bot.loanbook.places import read_currency
from bot.loanbook.problems import Fault, RowProblem, problem, shown
from bot.loanbook.raw import RawRow
from bot.loanbook.rows import ReadOptions
from bot.loanbook.shapes import shape_problem
from bot.loanbook.sources import BookMapping
from bot.loanbook.survey import Evidence, survey

#: What a payment file looks like where no mapping says otherwise.
PLAIN_PAYMENTS = BookMapping(payments=True)


class PaymentRow(NamedTuple):
    line: int
    payment: Payment


@dataclass(slots=True)
class PaymentSummary:
    """What became of a whole payment file. `repeated` rows say again what an earlier row said."""

    rows: int = 0
    good: int = 0
    repeated: int = 0
    refused: bool = False
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        return self.rows - self.good - self.repeated


def read_payments(
    columns: Sequence[str], rows: Iterable[RawRow], mapping: BookMapping, options: ReadOptions
) -> Iterator[PaymentRow | RowProblem | PaymentSummary]:
    """Every good payment and every problem in the order of the file, and the summary last. `rows` is iterated twice."""
    if iter(rows) is rows:
        raise TypeError("rows are read twice, so they must be iterable more than once")
    layout = plan_layout(columns, mapping)
    summary = PaymentSummary(refused=not layout.usable)
    for found in layout.problems:
        summary.problems[found.code] += 1
        yield found
    if layout.usable:
        reading = _Reading(layout, mapping, survey(rows, layout, mapping), options)
        for item in reading.read(rows, len(columns), summary):
            if isinstance(item, RowProblem):
                summary.problems[item.code] += 1
            yield item
    yield summary


class _Reading:
    def __init__(self, layout: Layout, mapping: BookMapping, evidence: Evidence, options: ReadOptions) -> None:
        readers: dict[str, Callable[[str], Any]] = {
            "reference": read_id,
            "loan_id": read_id,
            "instalment": whole_number(1, MOST_INSTALMENTS),
            "currency": read_currency,
            "paid_on": day_reader("paid_on", mapping, evidence.orders.get("paid_on"), options.today),
            "reverses": read_id,
            "amount": str,
        }
        self._decimal = evidence.decimal
        self._fields: list[tuple[Slot, Callable[[Sequence[str]], Any]]] = []
        for name, read in readers.items():
            slot = layout.slots[name]
            kind = required if slot.column.required else optional
            self._fields.append((slot, slot.getter(kind(slot.column, mapping, read))))
        #: reference -> (hash of its payment, line)
        self._seen: dict[str, tuple[int, int]] = {}

    def read(self, rows: Iterable[RawRow], width: int, summary: PaymentSummary) -> Iterator[PaymentRow | RowProblem]:
        for raw in rows:
            summary.rows += 1
            wrong = shape_problem(raw, width)
            if wrong is not None:
                yield wrong
                continue
            facts, faults = self._facts(raw.values)
            payment = None if faults else self._payment(facts, faults)
            if payment is None:
                for slot, fault in faults:
                    yield problem(fault.code, raw.line, slot.column.name, shown(slot.text(raw.values)), **fault.facts)
            elif payment.reference in self._seen:
                digest, line = self._seen[payment.reference]
                if digest == hash(payment):
                    summary.repeated += 1
                else:
                    reference = shown(payment.reference)
                    yield problem("reference_conflict", raw.line, "reference", reference, first=line)
            else:
                self._seen[payment.reference] = (hash(payment), raw.line)
                summary.good += 1
                yield PaymentRow(raw.line, payment)

    def _facts(self, values: Sequence[str]) -> tuple[dict[str, Any], list[tuple[Slot, Fault]]]:
        facts: dict[str, Any] = {}
        faults: list[tuple[Slot, Fault]] = []
        for slot, getter in self._fields:
            try:
                facts[slot.column.name] = getter(values)
            except Fault as fault:
                faults.append((slot, fault))
        try:
            facts["minor"] = self._minor(facts)
        except Fault as fault:
            faults.append((self._slot("amount"), fault))
        return facts, faults

    def _minor(self, facts: dict[str, Any]) -> int:
        """The amount, negative where it takes money back. Without a currency only its form can be looked at."""
        text, currency, reverses = facts.get("amount"), facts.get("currency"), facts.get("reverses")
        if text is None:
            return 0
        unsigned = text.lstrip("-−").strip("() ")
        minor = read_minor(unsigned, currency or "", minor_digits(currency) if currency else 6, self._decimal)
        if not minor:
            raise Fault("zero_amount")
        if unsigned != text and reverses is None:
            raise Fault("reversal_unnamed")
        return -minor if reverses is not None else minor

    def _payment(self, facts: dict[str, Any], faults: list[tuple[Slot, Fault]]) -> Payment | None:
        if facts["reverses"] == facts["reference"]:
            faults.append((self._slot("reverses"), Fault("reverses_itself")))
            return None
        return Payment(
            reference=facts["reference"],
            loan_id=facts["loan_id"],
            amount=Money(facts["minor"], facts["currency"]),
            paid_on=facts["paid_on"],
            instalment=facts["instalment"],
            reverses=facts["reverses"],
        )

    def _slot(self, name: str) -> Slot:
        return next(slot for slot, _ in self._fields if slot.column.name == name)
