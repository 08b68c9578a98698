"""What the keys of a contact policy mean, one rule after the other: T1 to T10. T8 is told of the live version, in services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.domain.situation import Contact, Reached, Situation
from bot.domain.yaml_reading import read_yaml
from bot.policy.contact import (
    Allowed,
    ContactPolicy,
    DeferredUntil,
    Withheld,
    may_contact,
    read_contact_policy,
    stricter,
)
from bot.policy.contact_policy import Cap, Purpose, Scope
from bot.policy.explain import record_of
from bot.policy.windows import is_holiday, possible_zones
from tests.unit.policy.cases import a_contact, a_hold, a_loan, a_situation, at, contact_policy

REMINDER = MessageKind.REMINDER
CN, GLOBAL, US = contact_policy("CN"), contact_policy("GLOBAL"), contact_policy("US")
BASIS = GLOBAL.min_gap.basis
TUESDAY = at("2026-12-01 12:00")

#: A lender's own file, and its parent: what may be loosened and what may not.
PARENT = """\
id: TOP
title: Parent
as_of: 2026-11-21
review_by: 2027-05-21
windows:
  - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "20:00", strength: law, source: an act}
holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24], strength: law, source: an act}
caps:
  - {id: week, media: [chat], max: 3, days: 7, counted: rolling, per: person, strength: guidance, source: a code}
min_gap: {hours: 20, strength: default, source: product}
operator_reply: {hours: 24, strength: default, source: product}
forbidden: [L1]
"""
CHILD = "id: SUB\nextends: TOP\ntitle: Child\nas_of: 2026-11-22\nreview_by: 2027-05-21\n"


def child(*lines: str) -> tuple[ContactPolicy | None, list[str]]:
    texts = {"TOP": PARENT, "SUB": CHILD + "".join(f"{line}\n" for line in lines)}
    policies, problems = read_contact_policy({n: read_yaml(t, f"dialogs/contact/{n}.yaml") for n, t in texts.items()})
    return policies.get("SUB"), [p.code for p in problems]


def until(situation: Situation, policy: ContactPolicy, medium: str = "chat", **more: object) -> str:
    """`now`, or the Shanghai clock until which it waits, or why it never goes."""
    answer = may_contact(situation, "L1", policy, situation.now, REMINDER, medium=medium, **more)  # type: ignore[arg-type]
    match answer:
        case Allowed():
            return "now"
        case Withheld():
            return answer.reason
        case DeferredUntil():
            return (answer.until + timedelta(hours=8)).strftime("%m-%d %H:%M")


def test_T1_hours_are_half_open_on_the_borrowers_own_clock() -> None:
    now = at("2026-12-01 08:00")
    assert until(a_situation(now), CN) == "now"
    assert until(a_situation(now - timedelta(seconds=1)), CN) == "12-01 08:00"
    assert until(a_situation(at("2026-12-01 22:00")), CN) == "12-02 08:00"
    assert until(a_situation(now, timezone="Asia/Tokyo"), CN) == "now"
    assert until(a_situation(now, timezone="Asia/Kolkata"), CN) == "12-01 10:30"


def test_T2_the_zone_is_the_borrowers_own_else_all_of_the_region_else_none() -> None:
    indonesia = contact_policy("ID")
    assert possible_zones(indonesia, "Asia/Jayapura", "ID") == ("Asia/Jayapura",)
    assert possible_zones(indonesia, None, "ID-JK") == ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    assert possible_zones(contact_policy("UK"), None, "GB-SCT") == ("Europe/London",)
    assert possible_zones(contact_policy("US-NYC"), None, "US-NY") == ("America/New_York",)
    assert possible_zones(contact_policy("EU"), None, "FR") == ("Europe/Paris",)
    assert possible_zones(GLOBAL, None, None) == ()


def test_T3_a_window_for_a_purpose_goes_before_one_for_all_and_windows_of_a_day_add_up() -> None:
    general, special = CN.windows[0], CN.windows[1]
    everything = frozenset(Purpose)
    policy = replace(
        CN,
        windows=(
            replace(general, purposes=everything, opens=8 * 60, closes=10 * 60),
            replace(general, purposes=everything, opens=14 * 60, closes=16 * 60),
            replace(special, purposes=frozenset({Purpose.PRE_DUE}), opens=18 * 60, closes=19 * 60),
        ),
    )
    assert until(a_situation(at("2026-12-01 11:00")), policy) == "12-01 14:00"
    assert until(a_situation(at("2026-12-01 09:00")), policy) == "now"
    early = a_situation(at("2026-12-01 09:00"), loans=(a_loan(date(2026, 12, 20)),))
    assert until(early, policy) == "12-01 18:00"


def test_T3_the_levels_are_intersected_down_to_the_borrowers_own_hours() -> None:
    both = stricter(CN, GLOBAL)
    wish = replace(a_hold(HoldKind.INCONVENIENT_TIMES, TUESDAY), opens=15 * 60, closes=24 * 60)
    assert until(a_situation(TUESDAY), both) == "now"
    assert until(a_situation(TUESDAY, holds=(wish,)), both) == "12-01 15:00"
    assert until(a_situation(at("2026-12-01 18:00"), holds=(wish,)), both) == "12-02 15:00"


def test_T3_hours_that_never_meet_send_nothing() -> None:
    wish = replace(a_hold(HoldKind.INCONVENIENT_TIMES, TUESDAY), opens=19 * 60, closes=21 * 60)
    assert until(a_situation(TUESDAY, holds=(wish,)), GLOBAL) == "never_open"


def test_T3_the_hours_of_one_loan_say_nothing_about_another() -> None:
    wish = replace(a_hold(HoldKind.INCONVENIENT_TIMES, TUESDAY, loan_id="L2"), opens=15 * 60, closes=24 * 60)
    assert until(a_situation(TUESDAY, holds=(wish,)), CN) == "now"


def test_T3a_lists_of_a_child_replace_maps_are_merged_and_forbidden_classes_add_up() -> None:
    policy, problems = child("triggers:", "  stop: {notify: operator, strength: default, source: x}", "forbidden: [L2]")
    assert problems == []
    assert policy is not None
    assert [(w.opens, w.closes) for w in policy.windows] == [(480, 1200)]
    assert policy.forbidden == {"L1", "L2"}


@pytest.mark.parametrize(
    "line",
    [
        'windows: [{days: [mon], from: "07:00", to: "20:00", strength: default, source: x}]',
        'windows: [{days: [sun], from: "09:00", to: "10:00", strength: default, source: x}]',
        "holidays: {calendar: DE, contact: allowed, strength: default, source: x}",
        "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24], open: [2026-12-25], strength: default, source: x}",
        "caps: [{id: w, media: [chat], max: 4, days: 7, counted: rolling, strength: default, source: x}]",
        "caps: [{id: w, media: [chat], max: 3, days: 7, counted: rolling, per: loan, strength: default, source: x}]",
        "caps: [{id: w, media: [chat], max: 3, days: 7, counted: rolling, counts: connected, strength: default, source: x}]",
        "caps: [{id: w, media: [chat], max: 3, days: 7, counted: rolling, bypass: [notice], strength: default, source: x}]",
    ],
)
def test_T3a_a_child_may_not_loosen_what_is_law_or_guidance(line: str) -> None:
    assert child(line) == (None, ["C005"])


@pytest.mark.parametrize(
    "line",
    [
        'windows: [{days: [mon], from: "09:00", to: "20:00", strength: default, source: x}]',
        "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24, 2026-12-31], strength: default, source: x}",
        "caps: [{id: w, media: [chat, call], max: 2, days: 8, counted: rolling, strength: default, source: x}]",
        "min_gap: {hours: 1, strength: default, source: x}",
    ],
)
def test_T3a_a_child_may_tighten_anything_and_loosen_a_default(line: str) -> None:
    policy, problems = child(line)
    assert problems == []
    assert policy is not None


def test_T3a_a_child_whose_caps_leave_out_chats_is_refused() -> None:
    line = "caps: [{id: w, media: [call], max: 3, days: 7, counted: rolling, strength: default, source: x}]"
    assert child(line) == (None, ["C005", "C008"])


def a_cap(**changed: object) -> ContactPolicy:
    """China's hours with this one cap and no pause between contacts."""
    cap = Cap("c", frozenset({"chat", "call"}), 1, 2, False, Scope.PERSON, BASIS)
    return replace(CN, caps=(replace(cap, **changed),), min_gap=replace(CN.min_gap, hours=0))  # type: ignore[arg-type]


def spoke(**changed: object) -> Contact:
    return replace(a_contact(at("2026-12-01 09:00"), channel="call"), **changed)  # type: ignore[arg-type]


def test_T4_caps_count_a_person_over_all_loans_channels_and_people() -> None:
    made = spoke(loan_id="L2", by="operator:7")
    assert until(a_situation(TUESDAY, contacts=(made,)), a_cap()) == "12-03 08:00"
    assert until(a_situation(TUESDAY, contacts=(made,)), a_cap(rolling=True)) == "12-03 09:00"
    assert until(a_situation(TUESDAY, contacts=(made,)), a_cap(scope=Scope.LOAN)) == "now"
    assert until(a_situation(TUESDAY, contacts=(spoke(loan_id=None),)), a_cap(scope=Scope.LOAN)) == "12-03 08:00"
    assert until(a_situation(TUESDAY, contacts=(made,)), a_cap(media=frozenset({"chat"}))) == "now"


@pytest.mark.parametrize(
    ("reached", "counts", "answer"),
    [
        (Reached.ATTEMPTED, Reached.ATTEMPTED, "12-03 08:00"),
        (Reached.ATTEMPTED, Reached.DELIVERED, "now"),
        (Reached.DELIVERED, Reached.DELIVERED, "12-03 08:00"),
        (Reached.DELIVERED, Reached.CONNECTED, "now"),
        (Reached.CONNECTED, Reached.CONNECTED, "12-03 08:00"),
        (Reached.CONNECTED, Reached.ATTEMPTED, "12-03 08:00"),
    ],
)
def test_T4_a_call_in_vain_counts_as_an_attempt_and_not_as_one_that_connected(
    reached: Reached, counts: Reached, answer: str
) -> None:
    assert until(a_situation(TUESDAY, contacts=(spoke(reached=reached),)), a_cap(reached=counts)) == answer


def test_T4_a_cap_per_number_counts_that_number_and_what_nobody_noted() -> None:
    policy = a_cap(scope=Scope.NUMBER)
    one = a_situation(TUESDAY, contacts=(spoke(number="+49 1"),))
    assert until(one, policy, "call", number="+49 1") == "12-03 08:00"
    assert until(one, policy, "call", number="+49 2") == "now"
    assert until(one, policy, "call") == "12-03 08:00"
    unknown = a_situation(TUESDAY, contacts=(spoke(),))
    assert until(unknown, policy, "call", number="+49 2") == "12-03 08:00"


def test_T4_after_a_conversation_its_day_is_the_first_of_the_rest() -> None:
    policy = a_cap(most=9, after_conversation=7)
    talked = a_situation(TUESDAY, contacts=(spoke(reached=Reached.CONNECTED),))
    assert until(talked, policy) == "12-08 08:00"
    assert until(a_situation(TUESDAY, contacts=(spoke(reached=Reached.ATTEMPTED),)), policy) == "now"


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.ACT])
def test_T5_who_wrote_is_answered_at_any_hour_and_gets_no_reminder_for_it(kind: MessageKind) -> None:
    night = at("2026-12-01 03:00")
    wrote = a_situation(night, last_inbound_at=night - timedelta(minutes=1), holds=(a_hold(HoldKind.STOP, night),))
    assert may_contact(wrote, "L1", CN, night, kind) == Allowed("answers")
    assert until(replace(wrote, holds=()), CN) == "12-01 08:00"


def test_T6_what_the_law_makes_a_lender_say_passes_caps_that_let_it_and_never_the_hours() -> None:
    said = (a_contact(at("2026-12-01 09:00")),)
    assert until(a_situation(TUESDAY, contacts=said), CN) == "12-02 08:00"
    assert until(a_situation(TUESDAY, contacts=said), CN, mandatory=True) == "now"
    assert until(a_situation(at("2026-12-01 23:00"), contacts=said), CN, mandatory=True) == "12-02 08:00"
    three = tuple(a_contact(at(f"2026-11-{day} 09:00")) for day in ("26", "28", "30"))
    new_york = stricter(CN, contact_policy("US-NYC"))
    assert until(a_situation(TUESDAY, contacts=three), new_york, mandatory=True) == "12-03 09:00"


def test_T7_a_year_that_the_calendar_does_not_reach_is_closed() -> None:
    policy = replace(GLOBAL, holidays=(replace(GLOBAL.holidays[0], known_through=date(2026, 12, 31)),))
    assert not is_holiday(policy, "CN", date(2026, 12, 1))
    assert is_holiday(policy, "CN", date(2027, 1, 5))
    assert is_holiday(GLOBAL, "CN", date(2999, 1, 5))


def test_T7_a_lender_closes_days_of_its_own_and_opens_some_where_the_rule_is_a_default() -> None:
    rule = replace(GLOBAL.holidays[0], closed=frozenset({date(2026, 12, 1)}), opened=frozenset({date(2026, 10, 1)}))
    own = replace(GLOBAL, holidays=(rule,))
    assert is_holiday(own, "CN", date(2026, 12, 1))
    assert not is_holiday(own, "CN", date(2026, 10, 1))
    assert is_holiday(stricter(own, GLOBAL), "CN", date(2026, 10, 1))


def test_T9_of_two_jurisdictions_the_stricter_holds_field_by_field() -> None:
    both = stricter(US, contact_policy("CA"))
    sunday_noon = at("2026-12-06 12:00")
    assert until(a_situation(sunday_noon), both) == "12-06 13:00"
    assert until(a_situation(at("2026-12-01 07:30")), both) == "12-01 08:00"
    assert both.trigger("dispute") == US.trigger("dispute")
    assert {cap.name for cap in both.caps} == {"call_7_in_7", "chat_day", "chat_week", "day", "week"}
    assert {s.key for s in both.statements} == {s.key for s in (*US.statements, *contact_policy("CA").statements)}


def test_T10_every_decision_carries_its_rule_the_clock_and_the_zone() -> None:
    situation = a_situation(at("2026-12-01 23:00"))
    assert record_of(may_contact(situation, "L1", CN, situation.now, REMINDER)) == {
        "decision": "DeferredUntil",
        "reason": "quiet_hours",
        "until": "2026-12-02T00:00:00+00:00",
        "facts": {"zones": "Asia/Shanghai", "local_time": "2026-12-01 23:00", "contacts": "0"},
    }
