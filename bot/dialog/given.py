"""What a conversation test is given: a borrower, loans, the clock, and how the chat stands, as a Situation.

What a test does not mention has a plain default: one loan that is due today, identity proven, English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.domain.borrower import Address, Borrower, IdentityFacts
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus, DuePayment
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Instalment, Loan
from bot.domain.money import Money, parse_money
from bot.domain.situation import Conversation, Holder, Situation
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode
from bot.policy.programme import Programme
from bot.texts.languages import canonical_tag

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]

#: All that can be given.
GIVEN = (
    "loan",
    "loans",
    "language",
    "now",
    "proven",
    "bound",
    "seen",
    "holder",
    "private",
    "knows",
    "promise",
    "holds",
    "failed",
    "hint",
    "region",
    "approved",
)


@dataclass(frozen=True, slots=True)
class Given:
    situation: Situation
    known: Borrower  # whom a deep link leads to
    loans: tuple[Loan, ...]
    hint: str | None = None
    approved: tuple[str, ...] = ()  # places of whose facts and texts all is approved; "all" for all places
    notes: Mapping[str, str] = field(default_factory=dict)


def plain(node: Node | None) -> Plain:
    """A node as Python values, as typed."""
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [plain(part) for part in node.items]
        case MapNode():
            return {key.text: plain(value) for key, value in node.entries}
        case None:
            return None


def read_given(given: Mapping[str, Plain], programme: Programme) -> Given:
    """The situation that a test begins with. Raises ValueError (or MoneyError) with a sentence for what cannot be."""
    unknown = [name for name in given if name not in GIVEN]
    if unknown:
        raise ValueError(f'"{unknown[0]}" is nothing that can be given; known are {", ".join(GIVEN)}')
    now = instant(given.get("now", "2026-11-21T10:00+00:00"))
    told = given.get("loans")
    rows = told if isinstance(told, list) else [given.get("loan") or {}]
    loans = tuple(_loan(row, n, programme, now) for n, row in enumerate(rows) if isinstance(row, dict))
    language = str(given["language"]) if given.get("language") else "en"
    borrower = Borrower("b-1", "Ana Lee", canonical_tag(language), "UTC", _region(given), _identity(given.get("knows")))
    seen = given.get("seen", True) is True
    bound = seen and given.get("bound", True) is True
    proven = bound and given.get("proven", True) is True
    failed = given.get("failed", 0)
    conversation = Conversation(
        conversation_id=1,
        address=Address("console", "1", given.get("private", True) is True),
        borrower_id=borrower.borrower_id if bound else None,
        verified_at=now if proven else None,
        language=canonical_tag(language),
        holder=Holder(str(given.get("holder", "bot"))),
        epoch=0,
        version=4,
        script_version=1,
        state=None,
        proof_attempts=failed if isinstance(failed, int) else 0,
        last_inbound_at=None,
    )
    situation = Situation(
        now=now,
        conversation=conversation if seen else None,
        borrower=borrower if bound else None,
        loans=loans if bound else (),
        holds=_holds(given.get("holds"), now),
        commitments=_promise(given.get("promise"), loans, now),
    )
    hint = given.get("hint")
    places = given.get("approved")
    approved = tuple(str(place) for place in (places if isinstance(places, list) else [places] if places else []))
    return Given(situation, borrower, loans, str(hint) if hint else None, approved)


def instant(value: Plain) -> datetime:
    found = datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _region(given: Mapping[str, Plain]) -> str | None:
    return str(given["region"]) if given.get("region") else None


def _identity(known: Plain) -> IdentityFacts:
    facts = known if isinstance(known, dict) else {"phone": "+8613800000000"}
    birth = facts.get("birth_date")
    return IdentityFacts(
        phone=str(facts["phone"]) if facts.get("phone") else None,
        birth_date=date.fromisoformat(str(birth)) if birth else None,
        id_last4=str(facts["id_last4"]) if facts.get("id_last4") else None,
    )


def _loan(row: Mapping[str, Plain], number: int, programme: Programme, now: datetime) -> Loan:
    parts = row.get("instalments")
    rows = parts if isinstance(parts, list) else [row]
    loan_id = str(row.get("id") or f"LN-{7001 + number}")
    instalments = tuple(
        _instalment(part, place, now) for place, part in enumerate(rows, start=1) if isinstance(part, dict)
    )
    currency = instalments[0].principal.currency
    flags = frozenset(str(row.get("flags") or "").split())
    return Loan(loan_id, programme.programme_id, "b-1", currency, instalments, flags=flags)


def _instalment(row: Mapping[str, Plain], number: int, now: datetime) -> Instalment:
    owed = parse_money(str(row.get("owed") or "1200.00 CNY"))
    zero = Money.zero(owed.currency)
    parts = {
        name: parse_money(str(row[name])) if row.get(name) else zero
        for name in ("interest", "fees", "late_fees", "paid")
    }
    principal = owed - parts["interest"] - parts["fees"] - parts["late_fees"]
    due = row.get("due")
    due_on = date.fromisoformat(str(due)) if due else now.date()
    return Instalment(number, due_on, principal, parts["interest"], parts["fees"], parts["late_fees"], parts["paid"])


def _promise(told: Plain, loans: tuple[Loan, ...], now: datetime) -> tuple[Commitment, ...]:
    rows = told if isinstance(told, list) else [told] if isinstance(told, dict) else []
    found = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            continue
        loan = loans[0]
        amount = parse_money(str(row.get("amount") or "500.00 CNY"))
        made = instant(row["made"]) if row.get("made") else now
        found.append(
            Commitment(
                commitment_id=f"c-{number}",
                reference=str(row.get("reference") or f"7K2MPX4{number}"),
                kind=CommitmentKind.PROMISE,
                status=CommitmentStatus(str(row.get("status") or "open")),
                loan_id=loan.loan_id,
                borrower_id="b-1",
                payments=(DuePayment(date.fromisoformat(str(row["day"])), amount),),
                cost=Money.zero(loan.currency),
                made_at=made,
                channel="console",
                policy_version=1,
                script_version=1,
                paid_before=Money.zero(loan.currency),
            )
        )
    return tuple(found)


def _holds(told: Plain, now: datetime) -> tuple[Hold, ...]:
    kinds = told if isinstance(told, list) else []
    return tuple(Hold(f"h-{k}", HoldKind(str(k)), "b-1", None, now, None, "borrower", str(k)) for k in kinds)
