"""Builders for policy tests: each hides what a test is not about, and says what it assumes by its defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.borrower import Address, Borrower
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus, DuePayment
from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Instalment, Loan, Payment, with_payments
from bot.domain.money import Money
from bot.domain.situation import Contact, Conversation, Holder, Situation
from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.policy.contact import ContactPolicy, read_contact_policy
from bot.policy.programme import Programme
from bot.policy.programme_reading import read_programmes

ROOT = Path(__file__).parents[3]
DUE = date(2025, 3, 3)  # a Monday


def files_in(folder: str) -> dict[str, YamlFile]:
    paths = sorted((ROOT / "dialogs" / folder).glob("*.yaml"))
    return {p.stem: read_yaml(p.read_text(encoding="utf-8"), f"dialogs/{folder}/{p.name}") for p in paths}


@lru_cache(maxsize=1)
def contact_policies() -> dict[str, ContactPolicy]:
    policies, problems = read_contact_policy(files_in("contact"))
    assert not problems, [str(p) for p in problems]
    return policies


def contact_policy(name: str) -> ContactPolicy:
    return contact_policies()[name]


@lru_cache(maxsize=1)
def _programmes() -> dict[str, Programme]:
    programmes, problems = read_programmes(files_in("policies"), 1, contact_policies())
    assert not problems, [str(p) for p in problems]
    return programmes


def shipped(name: str, timezone: str = "Asia/Shanghai") -> Programme:
    """One of the programmes that come with the product, at a lender in that zone."""
    programme = _programmes()[name]
    return replace(programme, timezone=timezone, promise=replace(programme.promise, timezone=timezone))


def generic(timezone: str = "Asia/Shanghai") -> Programme:
    return shipped("generic", timezone)


def programme(name: str) -> Programme:
    """A shipped programme as its file has it."""
    return _programmes()[name]


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def a_loan(
    due: date | Iterable[date] = DUE,
    amount: str = "1200.00",
    loan_id: str = "L1",
    borrower_id: str = "B1",
    payments: Iterable[Payment] = (),
) -> Loan:
    """A loan whose instalments each ask `amount` in CNY."""
    days = [due] if isinstance(due, date) else list(due)
    zero = cny("0")
    parts = tuple(Instalment(n, day, cny(amount), zero, zero, zero, zero) for n, day in enumerate(days, 1))
    return with_payments(Loan(loan_id, "generic", borrower_id, "CNY", parts), list(payments))


def a_payment(amount: str, on: date, reference: str = "R1", reverses: str | None = None) -> Payment:
    return Payment(reference, "L1", cny(amount), on, reverses=reverses)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The UTC instant at which a wall clock in the zone shows `text`, as in 2025-03-04 10:00 or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def a_hold(kind: HoldKind, now: datetime, loan_id: str | None = None, ends_at: datetime | None = None) -> Hold:
    return Hold(f"hold-{kind}", kind, "B1", loan_id, now - timedelta(days=1), ends_at, "borrower", "said so")


def a_contact(
    moment: datetime, loan_id: str | None = "L1", rule: str | None = None, channel: str = "telegram", by: str = "bot"
) -> Contact:
    return Contact(moment, MessageKind.REMINDER, channel, loan_id, rule, by)


def a_promise(
    due: date = date(2025, 3, 7), amount: str = "500.00", made_at: datetime | None = None, **changes: object
) -> Commitment:
    promise = Commitment(
        commitment_id="C1",
        reference="K7M2Q9XA",
        kind=CommitmentKind.PROMISE,
        status=CommitmentStatus.OPEN,
        loan_id="L1",
        borrower_id="B1",
        payments=(DuePayment(due, cny(amount)),),
        cost=cny("0"),
        made_at=made_at or at("2025-03-04 10:00"),
        channel="telegram",
        policy_version=1,
        script_version=1,
        paid_before=cny("0"),
    )
    return replace(promise, **changes)  # type: ignore[arg-type]


def a_situation(
    now: datetime,
    *,
    loans: tuple[Loan, ...] | None = None,
    timezone: str | None = "Asia/Shanghai",
    region: str | None = "CN",
    verified: bool = True,
    reachable: bool = True,
    started: bool = True,
    holder: Holder = Holder.BOT,
    last_inbound_at: datetime | None = None,
    holds: tuple[Hold, ...] = (),
    contacts: tuple[Contact, ...] = (),
    commitments: tuple[Commitment, ...] = (),
    clock_trusted: bool = True,
) -> Situation:
    """A borrower who can be reached and of whom nothing special is known."""
    conversation = Conversation(
        conversation_id=1,
        address=Address("telegram", "100"),
        borrower_id="B1",
        verified_at=now - timedelta(days=30) if verified else None,
        language="zh-Hans",
        holder=holder,
        epoch=0,
        version=1,
        script_version=1,
        state=None,
        reachable=reachable,
        last_inbound_at=last_inbound_at,
    )
    return Situation(
        now=now,
        conversation=conversation if started else None,
        borrower=Borrower("B1", "Li Lei", "zh-Hans", timezone, region),
        loans=(a_loan(),) if loans is None else loans,
        holds=holds,
        commitments=commitments,
        contacts=contacts,
        clock_trusted=clock_trusted,
    )
