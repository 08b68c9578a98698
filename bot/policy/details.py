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
