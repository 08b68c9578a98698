"""Properties of the gate: stricter facts never open it, order means nothing, and what it defers to is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.situation import Contact, Holder, Reached, Situation
from bot.policy.contact import Allowed, ContactPolicy, DeferredUntil, may_contact, stricter
from bot.policy.contact_policy import Cap, Purpose, Scope, Window
from bot.policy.windows import OpeningHours
from tests.unit.policy.cases import a_contact, a_hold, a_loan, a_promise, a_situation, contact_policy

GLOBAL = contact_policy("GLOBAL")
BASIS = GLOBAL.min_gap.basis
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kathmandu",
]

instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
kinds = st.sampled_from([MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.OPERATOR])
purposes = st.one_of(st.just(frozenset(Purpose)), st.frozensets(st.sampled_from(list(Purpose)), min_size=1))


@st.composite
def windows(draw: st.DrawFn, earliest: int = 0) -> Window:
    opens = draw(st.integers(earliest, 24 * 60 - 1))
    closes = draw(st.integers(opens + 1, 24 * 60))
    return Window(draw(st.frozensets(st.integers(0, 6), min_size=1)), opens, closes, draw(purposes), BASIS)


caps = st.builds(
    Cap,
    name=st.sampled_from(["a", "b"]),
    media=st.just(frozenset({"chat"})),
    most=st.integers(0, 4),
    days=st.integers(1, 10),
    rolling=st.booleans(),
    scope=st.sampled_from(Scope),
    basis=st.just(BASIS),
    reached=st.sampled_from(Reached),
    after_conversation=st.integers(0, 7),
)


@st.composite
def policies(draw: st.DrawFn, earliest: int = 0) -> ContactPolicy:
    return replace(
        GLOBAL,
        policy_id=draw(st.sampled_from("PQRS")),
        windows=tuple(draw(st.lists(windows(earliest), min_size=1, max_size=4))),
        caps=tuple(draw(st.lists(caps, min_size=1, max_size=3))),
        min_gap=replace(GLOBAL.min_gap, hours=draw(st.integers(0, 48))),
        reply_hours=replace(GLOBAL.reply_hours, hours=draw(st.integers(0, 48))),
        holidays=draw(st.sampled_from([(), GLOBAL.holidays])),
    )


@st.composite
def wishes(draw: st.DrawFn, now: datetime, earliest: int = 0) -> Hold:
    """Hours that a borrower named, some of them over midnight, some until a day."""
    opens, closes = draw(st.tuples(*[st.integers(earliest, 24 * 60 - 1)] * 2).filter(lambda pair: pair[0] != pair[1]))
    ends_at = now + draw(st.timedeltas(timedelta(hours=1), timedelta(days=9))) if draw(st.booleans()) else None
    return replace(a_hold(HoldKind.INCONVENIENT_TIMES, now, ends_at=ends_at), opens=opens, closes=closes)


@st.composite
def situations(draw: st.DrawFn, earliest: int = 0) -> Situation:
    now = draw(instants)
    ago = st.timedeltas(timedelta(), timedelta(days=12))
    contact = st.builds(
        lambda back, loan, reached: replace(a_contact(now - back, loan_id=loan), reached=reached),
        ago,
        st.sampled_from(["L1", "L2", None]),
        st.sampled_from(Reached),
    )
    hold = st.builds(
        lambda kind, loan: a_hold(kind, now, loan_id=loan),
        st.sampled_from(list(HoldKind)),
        st.sampled_from(["L1", "L2"]),
    )
    due = now.date() + timedelta(days=draw(st.integers(-40, 5)))
    return a_situation(
        now,
        loans=(a_loan(due), a_loan(due, loan_id="L2")),
        timezone=draw(st.sampled_from([*ZONES, None])),
        region=draw(st.sampled_from(["CN", "US", "GB", None])),
        holder=draw(st.sampled_from([Holder.BOT, Holder.BOT, Holder.OPERATOR])),
        last_inbound_at=draw(st.one_of(st.none(), ago.map(lambda back: now - back))),
        contacts=tuple(draw(st.lists(contact, max_size=5))),
        holds=draw(
            st.one_of(
                st.just(()),
                st.lists(hold, max_size=2).map(tuple),
                st.lists(wishes(now, earliest), min_size=1, max_size=2).map(tuple),
            )
        ),
        commitments=draw(st.sampled_from([(), (), (a_promise(loan_id="L2"),)])),
    )


@settings(deadline=None)
@given(situations(), policies(), kinds, st.sampled_from(list(HoldKind)), st.sampled_from(["L1", "L2", None]))
def test_adding_a_hold_never_sends_what_was_not_sent_before(
    situation: Situation, policy: ContactPolicy, kind: MessageKind, hold: HoldKind, loan_id: str | None
) -> None:
    held = replace(situation, holds=(*situation.holds, a_hold(hold, situation.now, loan_id=loan_id)))
    if isinstance(may_contact(held, "L1", policy, situation.now, kind), Allowed):
        assert isinstance(may_contact(situation, "L1", policy, situation.now, kind), Allowed)


@settings(deadline=None)
@given(situations(), policies(), kinds, st.data())
def test_naming_hours_never_sends_what_was_not_sent_before(
    situation: Situation, policy: ContactPolicy, kind: MessageKind, data: st.DataObject
) -> None:
    wish = data.draw(wishes(situation.now))
    wished = replace(situation, holds=(*situation.holds, wish))
    before = may_contact(situation, "L1", policy, situation.now, kind)
    after = may_contact(wished, "L1", policy, situation.now, kind)
    if isinstance(after, Allowed):
        assert isinstance(before, Allowed)
    if isinstance(before, DeferredUntil) and isinstance(after, DeferredUntil):
        assert before.until <= after.until


@settings(deadline=None)
@given(situations(), policies(), kinds, st.data())
def test_tightening_one_value_never_sends_what_was_not_sent_before(
    situation: Situation, policy: ContactPolicy, kind: MessageKind, data: st.DataObject
) -> None:
    tighter = data.draw(
        st.sampled_from(
            [
                replace(policy, windows=tuple(replace(w, opens=min(w.opens + 60, w.closes)) for w in policy.windows)),
                replace(policy, windows=tuple(replace(w, days=w.days - {6}) for w in policy.windows)),
                replace(policy, caps=tuple(replace(c, most=max(0, c.most - 1)) for c in policy.caps)),
                replace(policy, caps=tuple(replace(c, days=c.days + 1) for c in policy.caps)),
                replace(policy, caps=tuple(replace(c, scope=Scope.PERSON) for c in policy.caps)),
                replace(policy, caps=tuple(replace(c, reached=Reached.ATTEMPTED) for c in policy.caps)),
                replace(policy, caps=tuple(replace(c, after_conversation=9) for c in policy.caps)),
                replace(policy, min_gap=replace(policy.min_gap, hours=policy.min_gap.hours + 5)),
                replace(policy, reply_hours=replace(policy.reply_hours, hours=0)),
                replace(policy, holidays=(*policy.holidays, *GLOBAL.holidays)),
                replace(policy, holidays=tuple(replace(h, known_through=date(2026, 1, 1)) for h in policy.holidays)),
            ]
        )
    )
    if isinstance(may_contact(situation, "L1", tighter, situation.now, kind), Allowed):
        assert isinstance(may_contact(situation, "L1", policy, situation.now, kind), Allowed)


@settings(deadline=None)
@given(situations(earliest=180), policies(earliest=180), kinds)
def test_what_is_deferred_may_not_go_a_minute_sooner(
    situation: Situation, policy: ContactPolicy, kind: MessageKind
) -> None:
    answer = may_contact(situation, "L1", policy, situation.now, kind)
    if isinstance(answer, DeferredUntil):
        sooner = answer.until - timedelta(minutes=1)
        assert sooner < situation.now or not isinstance(may_contact(situation, "L1", policy, sooner, kind), Allowed)


@settings(deadline=None)
@given(situations(), policies(), policies(), kinds)
def test_a_stricter_policy_never_sends_sooner(
    situation: Situation, one: ContactPolicy, other: ContactPolicy, kind: MessageKind
) -> None:
    both = may_contact(situation, "L1", stricter(one, other), situation.now, kind)
    for policy in (one, other):
        alone = may_contact(situation, "L1", policy, situation.now, kind)
        if isinstance(both, Allowed):
            assert isinstance(alone, Allowed)
        elif isinstance(both, DeferredUntil):
            assert isinstance(alone, Allowed) or (isinstance(alone, DeferredUntil) and alone.until <= both.until)


@settings(deadline=None)
@given(situations(), policies(), policies(), kinds)
def test_the_order_of_two_policies_means_nothing(
    situation: Situation, one: ContactPolicy, other: ContactPolicy, kind: MessageKind
) -> None:
    first = may_contact(situation, "L1", stricter(one, other), situation.now, kind)
    second = may_contact(situation, "L1", stricter(other, one), situation.now, kind)
    assert type(first) is type(second)
    assert getattr(first, "until", None) == getattr(second, "until", None)


@settings(deadline=None)
@given(situations(), policies(), kinds, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(
    situation: Situation, policy: ContactPolicy, kind: MessageKind, random: object
) -> None:
    def shuffled(rows: tuple[object, ...]) -> tuple[object, ...]:
        mixed = list(rows)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        return tuple(mixed)

    mixed = replace(
        situation,
        loans=shuffled(situation.loans),  # type: ignore[arg-type]
        holds=shuffled(situation.holds),  # type: ignore[arg-type]
        contacts=shuffled(situation.contacts),  # type: ignore[arg-type]
        commitments=shuffled(situation.commitments),  # type: ignore[arg-type]
    )
    assert may_contact(situation, "L1", policy, situation.now, kind) == may_contact(
        mixed, "L1", policy, situation.now, kind
    )


@settings(deadline=None)
@given(situations(), policies(), kinds)
def test_what_is_deferred_may_go_at_the_named_instant(
    situation: Situation, policy: ContactPolicy, kind: MessageKind
) -> None:
    answer = may_contact(situation, "L1", policy, situation.now, kind)
    if isinstance(answer, DeferredUntil):
        assert answer.until > situation.now
        assert isinstance(may_contact(situation, "L1", policy, answer.until, kind), Allowed)


@settings(deadline=None)
@given(situations(), policies(), kinds, st.integers(0, 23))
def test_one_more_contact_never_opens_the_gate(
    situation: Situation, policy: ContactPolicy, kind: MessageKind, hours: int
) -> None:
    more: tuple[Contact, ...] = (*situation.contacts, a_contact(situation.now - timedelta(hours=hours)))
    if isinstance(may_contact(replace(situation, contacts=more), "L1", policy, situation.now, kind), Allowed):
        assert isinstance(may_contact(situation, "L1", policy, situation.now, kind), Allowed)


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.lists(windows(earliest=180), min_size=1, max_size=3), instants)
def test_the_next_opening_is_the_first_open_minute(zone: str, opens: list[Window], now: datetime) -> None:
    now = now.replace(second=0, microsecond=0)
    policy = replace(GLOBAL, windows=tuple(opens), holidays=())
    hours = OpeningHours(policy, (zone,), None, lambda _day: (Purpose.OVERDUE,))
    found = hours.next_open(now)
    assume(found is not None)
    assert found is not None
    assert hours.open_at(found)
    for minute in range(0, min(int((found - now).total_seconds()) // 60, 36 * 60), 5):
        assert not hours.open_at(now + timedelta(minutes=minute))


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(HoldKind)), min_size=1, max_size=4), instants)
def test_one_reason_is_given_for_many_holds(found: list[HoldKind], now: datetime) -> None:
    holds: list[Hold] = [a_hold(kind, now) for kind in found]
    situation = a_situation(now, holds=tuple(holds))
    answer = may_contact(situation, "L1", GLOBAL, now, MessageKind.REMINDER)
    assert not isinstance(answer, Allowed)
    assert answer.reason in {kind.value for kind in found}
