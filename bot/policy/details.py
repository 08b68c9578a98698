"""What a programme tells borrowers as facts: ways to pay, and where to find a person. Lines of data, no sentences."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.yaml_reading import ScalarNode
from bot.policy.fields import Fields, Problems

Lines = tuple[tuple[str, str], ...]

WAYS = ("bank_transfer", "link", "app", "card", "cash")
PAYMENT_LINES = (
    "account_name",
    "account_number",
    "bank",
    "branch",
    "swift",
    "url",
    "app",
    "place",
    "reference",
    "note",
)
HELP_LINES = ("phone", "email", "url", "hours", "address", "complaints")


@dataclass(frozen=True, slots=True)
class WayToPay:
    """One way to pay: a kind and lines such as account name and number, in the order of the file."""

    kind: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Help:
    """Where a borrower finds a person of the lender."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class LenderFacts:
    """What the lender has laid down and answers may say; None where the programme does not tell it.

    `report_days` are the days late from which a late payment is passed on to `reports_to`, `update_days` those until a payment
    is; `grace_days` those after the due date in which a payment still counts as on time.
    """

    grace_days: int | None = None
    posting_days: int | None = None
    report_days: int | None = None
    update_days: int | None = None
    reports_to: str | None = None
    late_fee: str | None = None
    allocation: str | None = None
    hours: str | None = None
    total_rate: str | None = None
    agency: str | None = None
    licence: str | None = None
    complaint_days: int | None = None
    part_payments: bool | None = None


def read_lender_facts(root: Fields) -> LenderFacts:
    fields = root.section("facts", required=False)
    if fields is None:
        return LenderFacts()
    facts = LenderFacts(
        grace_days=_days(fields, "grace_days", 0, 60),
        posting_days=_days(fields, "posting_days", 0, 30),
        report_days=_days(fields, "report_days", 1, 366),
        update_days=_days(fields, "update_days", 0, 366),
        reports_to=fields.text("reports_to", "") or None,
        late_fee=fields.text("late_fee", "") or None,
        allocation=fields.text("allocation", "") or None,
        hours=fields.text("hours", "") or None,
        total_rate=fields.text("total_rate", "") or None,
        agency=fields.text("agency", "") or None,
        licence=fields.text("licence", "") or None,
        complaint_days=_days(fields, "complaint_days", 1, 366),
        part_payments=fields.flag("part_payments") if fields.has("part_payments") else None,
    )
    fields.close()
    return facts


def _days(fields: Fields, name: str, low: int, high: int) -> int | None:
    return fields.integer(name, low, high) if fields.has(name) else None


def read_ways_to_pay(root: Fields, problems: Problems) -> tuple[WayToPay, ...]:
    return tuple(_way(fields, problems) for fields in root.sections("ways_to_pay", required=True))


def _way(fields: Fields, problems: Problems) -> WayToPay:
    kind = fields.choice("kind", WAYS)
    lines = _lines(fields, PAYMENT_LINES, problems)
    if not lines:
        problems.note(fields.place, 3, "This way to pay says nothing.", f"Add one of: {', '.join(PAYMENT_LINES)}.")
    return WayToPay(kind, lines)


def read_help(root: Fields, problems: Problems) -> Help:
    fields = root.section("help")
    return Help(_lines(fields, HELP_LINES, problems) if fields is not None else ())


def _lines(fields: Fields, known: tuple[str, ...], problems: Problems) -> Lines:
    """The known lines that are there, in the order they were written."""
    there = {name: fields.text(name, "") for name in known}
    fields.close()
    url = fields.node.get("url")
    if isinstance(url, ScalarNode) and not url.text.startswith("https://"):
        problems.note(url.place, 4, f'"{url.text}" is not a safe link.', "Begin it with https://.")
    return tuple((key.text, there[key.text]) for key, _ in fields.node.entries if there.get(key.text))
