"""A year of a hundred borrowers in ten time zones, on the real services, SQLite and the movable clock, from one event to the next.

People pay, pay in part, take money back, promise, are held, stop; the program is away for days. What was sent is then judged
by rules written out here, not by the gate's own code. With GRACE_TEST_LONG=1, in `make soak`, it is four hundred borrowers.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.commitments import DuePayment
from bot.domain.delivery import Delivered, DeliveryResult, OutboundMessage
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Instalment, LoanStatus, Payment
from bot.domain.money import Money
from bot.jobs.clock import MovableClock
from bot.policy.promises import promise_timers
from bot.services.deliver_outbox import DeliverOutbox
from bot.services.live import Live, LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Storage
from bot.services.post_payments import Posted, post_payment
from bot.services.run_timers import RunTimers
from bot.services.send_claimed import SendClaimed
from bot.services.writes import (
    AppendCommitment,
    AppendHold,
    PutTimer,
    SaveLedger,
    UpsertBorrower,
    UpsertInstalment,
    UpsertLoan,
    Write,
)
from bot.storage.open import open_storage
from tests.contracts.storage.builders import a_borrower, a_commitment, a_conversation, first_seen
from tests.databases import in_thread, sqlite_url_of
from tests.end_to_end.terminals import SECRET_KEY, Furnished, NoPace, NoWakeUps

#: The year is lived once, by one worker, and takes longer than a test may otherwise.
pytestmark = [pytest.mark.xdist_group("year"), pytest.mark.timeout(7200)]

LONG = bool(os.environ.get("GRACE_TEST_LONG"))
BORROWERS = 400 if LONG else 100
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
PART = 100_000
DAY = timedelta(days=1)

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "America/Los_Angeles",
    "America/Havana",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
)
#: The programme `generic` as it is written for people: first and last day, name, days of messages.
LADDER: tuple[tuple[int, int, str, tuple[int, ...]], ...] = (
    (-3, -1, "upcoming", (-3,)),
    (0, 0, "due", (0,)),
    (1, 3, "mild", (1,)),
    (4, 10, "moderate", (5, 8)),
    (11, 30, "severe", (11, 15, 20, 25, 30)),
    (31, 60, "middle", (35, 42, 50, 60)),
    (61, 99_999, "late", (61, 75, 90)),
)
CATCH_UP = 7

Event = Callable[[datetime], Awaitable[None]]


@dataclass
class Person:
    borrower_id: str
    zone: str
    loans: dict[str, list[date]]  # loan -> due days, each of PART
    holds: list[tuple[str | None, datetime, datetime]] = field(default_factory=list)  # loan, from, until
    paid: dict[str, list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))

    def anchor(self, loan_id: str, at: datetime) -> date | None:
        """The oldest day of which something is unpaid, by plain subtraction."""
        received = sum(minor for when, minor in self.paid[loan_id] if when <= at)
        return next((due for n, due in enumerate(self.loans[loan_id], 1) if received < n * PART), None)

    def clock(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))


class Post:
    """A channel that takes everything."""

    name = console.CHANNEL

    def __init__(self) -> None:
        self.keys = count(1)

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        return Delivered(str(next(self.keys)))


@dataclass
class Year:
    storage: Storage
    live: Live
    random: Random
    people: list[Person] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)
    events: list[tuple[datetime, int, Event]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)
    clock: MovableClock = field(default_factory=lambda: MovableClock(START, standing=True))

    def __post_init__(self) -> None:
        scripts = LiveScripts(self.storage, self.live)
        self.plan = PlanDay(self.storage, scripts, self.clock, NoWakeUps())
        self.timers = RunTimers(self.storage, scripts, self.clock, NoWakeUps(), {Post.name: console.sign}, "test")
        self.sending = SendClaimed(self.storage, scripts, self.clock, {Post.name: Post()}, NoPace())

    # -- what happens ---------------------------------------------------------------------------------------------

    async def populate(self, size: int) -> None:
        for number in range(size):
            person = Person(f"Y{number}", ZONES[number % len(ZONES)], {})
            writes: list[Write] = [
                UpsertBorrower(a_borrower(person.borrower_id, timezone=person.zone, region=None), START)
            ]
            for n in range(self.random.choice((1, 1, 2))):
                first = START.date() + self.random.randrange(5, 250) * DAY
                dues = [first + 30 * DAY * part for part in range(self.random.choice((1, 2, 3)))]
                person.loans[f"Y-{number}-{n}"] = dues
                writes += _loan(f"Y-{number}-{n}", person.borrower_id, dues)
            chat = a_conversation(Address(Post.name, f"c{number}"), person.borrower_id, verified_at=START)
            await self.storage.commit((*writes, first_seen(chat)))
            self.people.append(person)
            self._fate(person)
        for _ in range(7):
            begin = START + self.random.randrange(10, 350) * DAY + timedelta(hours=self.random.randrange(24), seconds=7)
            self.away.append((begin, begin + timedelta(hours=self.random.randrange(5, 220))))

    def at(self, when: datetime, event: Event) -> None:
        heappush(self.events, (when, next(self.numbers), event))

    def moment(self, day: date) -> datetime:
        """Somewhere in that day, never on the second of a plan or of a reminder."""
        return datetime.combine(day, time(), tzinfo=UTC) + timedelta(
            seconds=self.random.randrange(60, 86_000), milliseconds=7
        )

    def _fate(self, person: Person) -> None:
        for loan_id, dues in person.loans.items():
            kind = self.random.choice(("in time", "late", "late", "in parts", "never"))
            for due in dues if kind != "never" else ():
                shift = self.random.randrange(-6, 1) if kind == "in time" else self.random.randrange(1, 70)
                for part in range(2 if kind == "in parts" else 1):
                    minor = PART // 2 if kind == "in parts" else PART
                    self.at(self.moment(due + (shift + 9 * part) * DAY), self._paying(person, loan_id, minor))
            if self.random.random() < 0.3:
                self.at(self.moment(dues[0] + self.random.randrange(1, 40) * DAY), self._promising(person, loan_id))
            if self.random.random() < 0.3:
                kind_of_hold = self.random.choice((HoldKind.DISPUTE, HoldKind.PAUSED, HoldKind.HARDSHIP))
                self.at(
                    self.moment(dues[0] + self.random.randrange(-5, 40) * DAY),
                    self._holding(person, loan_id, kind_of_hold),
                )
        if self.random.random() < 0.08:
            self.at(
                self.moment(START.date() + self.random.randrange(60, 300) * DAY),
                self._holding(person, None, HoldKind.STOP),
            )

    def _paying(self, person: Person, loan_id: str, minor: int) -> Event:
        async def pay(now: datetime) -> None:
            left = len(person.loans[loan_id]) * PART - sum(m for _, m in person.paid[loan_id])
            amount = min(minor, left)
            if amount <= 0:
                return
            reference = f"{loan_id}-{len(person.paid[loan_id])}"
            await self._post(person, Payment(reference, loan_id, Money(amount, "GBP"), now.date()), now)
            if self.random.random() < 0.2:
                back = Payment(f"{reference}-back", loan_id, Money(-amount, "GBP"), now.date(), reverses=reference)
                later = self.moment(now.date() + self.random.randrange(1, 12) * DAY)
                self.at(later, lambda then: self._post(person, back, then))

        return pay

    async def _post(self, person: Person, payment: Payment, now: datetime) -> None:
        assert await post_payment(self.storage, self.live, payment, now, "test") is Posted.NOW
        person.paid[payment.loan_id].append((now, payment.amount.minor))

    def _holding(self, person: Person, loan_id: str | None, kind: HoldKind) -> Event:
        async def hold(now: datetime) -> None:
            until = None if kind is HoldKind.STOP else now + self.random.randrange(2, 40) * DAY
            hold_id = f"H{next(self.numbers)}"
            await self.storage.commit(
                (AppendHold(Hold(hold_id, kind, person.borrower_id, loan_id, now, until, "borrower", "said so")),)
            )
            person.holds.append((loan_id, now, until or END))

        return hold

    def _promising(self, person: Person, loan_id: str) -> Event:
        async def promise(now: datetime) -> None:
            ledger = await self.storage.ledger(loan_id)
            if ledger is None or ledger.loan.status is not LoanStatus.OPEN:
                return
            programme = self.live.programme("generic")
            assert programme is not None
            made = a_commitment(
                f"C{next(self.numbers)}",
                loan_id=loan_id,
                borrower_id=person.borrower_id,
                made_at=now,
                payments=(DuePayment(now.date() + self.random.randrange(1, 12) * DAY, Money(PART // 2, "GBP")),),
                cost=Money(0, "GBP"),
                paid_before=Money(0, "GBP"),
            )
            due = promise_timers(made, programme.promise, person.zone, programme.reminders.hour)
            about = (("commitment_id", made.commitment_id),)
            timers = [
                PutTimer(f"{made.commitment_id}:{t.kind}", t.kind, t.at, person.borrower_id, loan_id, None, about)
                for t in due
            ]
            await self.storage.commit((AppendCommitment(made), *timers))

        return promise

    # -- how time passes ------------------------------------------------------------------------------------------

    def is_away(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self.away)

    async def run(self) -> None:
        self._wake_at_midnights()
        while self.events and self.events[0][0] < END:
            when, _, event = heappop(self.events)
            await self._work_until(when)
            self.clock.move_to(max(when, self.clock.now()))
            await event(when)

    def _wake_at_midnights(self) -> None:
        morning = START + timedelta(minutes=5)
        while morning < END:
            self.at(morning, self._planning)
            morning += DAY
        for _, end in self.away:
            self.at(end, self._planning)

    async def _planning(self, now: datetime) -> None:
        if not self.is_away(now):
            self.planned.append(now)
            await self.plan.programme("generic")
            await self._work()

    async def _work_until(self, when: datetime) -> None:
        """Each timer at its own instant, unless the program is away; then nothing until somebody wakes it."""
        while (due := await self.storage.next_timer_at()) is not None and due <= when:
            if self.is_away(max(due, self.clock.now())):
                return
            self.clock.move_to(max(due, self.clock.now()))
            await self._work()

    async def _work(self) -> None:
        await self.timers.all("all")
        while shards := await self.storage.shards_waiting(self.clock.now()):
            delivery = DeliverOutbox(self.storage, self.clock, NoWakeUps(), self.sending, "test", 1000)
            for shard in shards:
                await delivery.shard(str(shard))
            await delivery.close()


def _loan(loan_id: str, borrower_id: str, dues: list[date]) -> list[Write]:
    none = Money(0, "GBP")
    parts = [Instalment(n, due, Money(PART, "GBP"), none, none, none, none) for n, due in enumerate(dues, 1)]
    return [
        UpsertLoan(loan_id, "generic", borrower_id, "GBP", None, frozenset(), START),
        *(UpsertInstalment(loan_id, part, START) for part in parts),
        SaveLedger(loan_id, (), dues[0], PART * len(dues), LoanStatus.OPEN, START),
    ]


# -- the judge --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    at: datetime
    borrower_id: str
    rule: str
    keys: tuple[str, ...]  # of the timers behind it

    @property
    def loans(self) -> set[str]:
        return {key.partition(":")[0] for key in self.keys}


def stage_of(days: int) -> tuple[int, int, str, tuple[int, ...]] | None:
    return next((stage for stage in LADDER if stage[0] <= days <= stage[1]), None)


def expected_timers(year: Year) -> dict[str, datetime]:
    """Every touch that some plan of the year found due, and the first plan that did."""
    found: dict[str, datetime] = {}
    for planned in year.planned:
        for person in year.people:
            for loan_id in person.loans:
                anchor = person.anchor(loan_id, planned)
                stage = None if anchor is None else stage_of((planned.date() - anchor).days)
                if anchor is None or stage is None:
                    continue
                days = (planned.date() - anchor).days
                touch = max((t for t in stage[3] if t <= days), default=None)
                if touch is not None and days <= min(stage[1], touch + CATCH_UP):
                    found.setdefault(f"{loan_id}:{stage[2]}.d{touch}:{anchor.isoformat()}:1", planned)
    return found


@dataclass(frozen=True)
class Books:
    """What the database says after the year."""

    timers: dict[str, str | None]  # key -> outcome
    sent: list[Sent]
    withheld: set[str]  # touches with a record of their reason
    promised: dict[str, list[tuple[datetime, datetime]]]  # loan -> when a promise about it was open


def books_of(path: Path) -> Books:
    rows = sqlite3.connect(path)
    timers = dict(rows.execute("SELECT key, outcome FROM timer WHERE kind = 'reminder'").fetchall())
    sent = [
        Sent(_instant(at), borrower, rule, _keys(parts) or (key,))
        for at, borrower, rule, key, parts in rows.execute(
            "SELECT settled_at, borrower_id, rule, dedup_key, parts FROM outbox WHERE state = 'sent' ORDER BY settled_at"
        )
    ]
    refused = rows.execute("SELECT dedup_key, parts FROM outbox WHERE state = 'withheld' AND reason IS NOT NULL")
    withheld = {_touch(k) for key, parts in refused for k in (_keys(parts) or (key,))}
    promised: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    entries = rows.execute(
        "SELECT loan_id, s.status, s.at, lead(s.at) OVER (PARTITION BY commitment_id ORDER BY seq) "
        "FROM commitment_status s JOIN commitment USING (commitment_id)"
    )
    for loan_id, status, at, until in entries:
        if status == "open":
            promised[loan_id].append((_instant(at), _instant(until) if until else END))
    rows.close()
    return Books(timers, sent, withheld, promised)


def _keys(parts: str | None) -> tuple[str, ...]:
    """The timers behind a message about several loans."""
    return tuple(part[1] for part in json.loads(parts)) if parts else ()


def _instant(stored: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=stored)


def is_open(local: datetime) -> bool:
    return local.weekday() < 5 and time(9) <= local.time() < time(18)


def within(moments: list[datetime], at: datetime, days: int) -> int:
    return sum(at - days * DAY < moment <= at for moment in moments)


@pytest.fixture(scope="module")
def lived(
    furnished: Furnished, migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Year, Books]:
    path = tmp_path_factory.mktemp("year") / "gracebot.db"
    shutil.copy(migrated_sqlite_file, path)

    async def live() -> Year:
        storage = await open_storage(sqlite_url_of(path), (SECRET_KEY,))
        year = Year(storage, furnished.live, Random(2026))
        await year.populate(BORROWERS)
        await year.run()
        await storage.close()
        return year

    return in_thread(lambda: asyncio.run(live())), books_of(path)


def judge(year: Year, books: Books) -> dict[str, list[str]]:
    """Every violation, by the rule that it breaks."""
    expected = expected_timers(year)
    wrong = _once_each(books, set(expected))
    for person in year.people:
        sent = [one for one in books.sent if one.borrower_id == person.borrower_id]
        for n, one in enumerate(sent):
            told = f"{one.borrower_id} {one.rule} {person.clock(one.at)}"
            for rule in _broken(person, one, [other.at for other in sent[:n]], books):
                wrong[rule].append(told)
        own = [key for key in expected if key.partition(":")[0] in person.loans]
        wrong["not sent for no reason"] += [k for k in own if _must_go(year, books, person, sent, k, expected[k])]
    return {rule: found for rule, found in wrong.items() if found}


def _once_each(books: Books, expected: set[str]) -> dict[str, list[str]]:
    times: dict[str, int] = defaultdict(int)
    for one in books.sent:
        for key in one.keys if not one.rule.startswith("promise") else ():
            times[_touch(key)] += 1
    made = {key for key in books.timers if key.endswith(":1")}
    done = {_touch(key) for key, outcome in books.timers.items() if outcome == "done"}
    wrong: dict[str, list[str]] = defaultdict(list)
    wrong["due rules without a timer"] = sorted(expected - made)
    wrong["timers without a due rule"] = sorted(made - expected)
    wrong["sent more than once"] = [key for key, n in times.items() if n > 1]
    wrong["neither sent nor withheld with a reason"] = [k for k in done if not times[k] and k not in books.withheld]
    return wrong


def _touch(key: str) -> str:
    """Loan, rule and anchor of a timer's key, without the attempt."""
    return key.rpartition(":")[0]


def _broken(person: Person, one: Sent, before: list[datetime], books: Books) -> Iterator[str]:
    """The rules that a message breaks, given those before it."""
    local = person.clock(one.at)
    if not is_open(local):
        yield "outside the hours"
    if within(before, one.at, 7) >= 3 or within(before, one.at, 30) >= 10:
        yield "over a cap"
    if before and one.at - before[-1] < timedelta(hours=20):
        yield "too soon after another"
    if any(person.clock(other).date() == local.date() for other in before):
        yield "twice a day"
    if any(begin <= one.at < end and (x is None or x in one.loans) for x, begin, end in person.holds):
        yield "during a hold"
    if one.rule.startswith("promise"):
        return
    if any(begin <= one.at < end for x in one.loans for begin, end in books.promised[x]):
        yield "during a promise"
    if any(str(person.anchor(key.split(":")[0], one.at)) != key.split(":")[2] for key in one.keys):
        yield "about money that is paid"


def _must_go(year: Year, books: Books, person: Person, sent: list[Sent], key: str, planned: datetime) -> bool:
    """Whether nothing at all stood against a touch, and it did not go at its very moment."""
    loan_id, rule, anchor, _ = key.split(":")
    touch = int(rule.rpartition(".d")[2])
    day = date.fromisoformat(anchor) + touch * DAY
    at = max(datetime.combine(day, time(10), tzinfo=ZoneInfo(person.zone)).astimezone(UTC), planned)
    before = [one.at for one in sent if one.at < at]
    quiet = not before or at - before[-1] > 31 * DAY
    stages = {stage_of((d - date.fromisoformat(anchor)).days) for d in (at.date(), person.clock(at).date())}
    stands = str(person.anchor(loan_id, at)) == anchor and {s and s[2] for s in stages} == {rule.partition(".")[0]}
    held = any(begin <= at < end for _, begin, end in person.holds)
    promised = any(begin <= at < end for x in person.loans for begin, end in books.promised[x])
    away = any(begin <= at and planned < end for begin, end in year.away)
    if at >= END or not (quiet and stands and is_open(person.clock(at))) or held or promised or away:
        return False
    return not any(abs(one.at - at) < timedelta(seconds=1) and key in one.keys for one in sent)


def test_a_year_keeps_every_rule(lived: tuple[Year, Books]) -> None:
    year, books = lived
    assert judge(year, books) == {}


def test_the_year_was_a_full_one(lived: tuple[Year, Books]) -> None:
    """What the other test judges did happen: every stage spoke, loans went together, and everything that holds back did."""
    year, books = lived
    rules = {one.rule.partition(".")[0] for one in books.sent}
    assert rules >= {stage[2] for stage in LADDER} | {"promise_day", "promise_outcome"}
    assert any(len(one.loans) > 1 for one in books.sent)
    assert len(books.sent) > 5 * len(year.people)
    outcomes = {outcome for outcome in books.timers.values() if outcome}
    assert outcomes >= {"done", "withheld:dispute", "withheld:paused", "withheld:promise_open", "withheld:stop"}
    assert outcomes >= {"cancelled:paid", "cancelled:anchor_moved"}
