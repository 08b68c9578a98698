"""Two policies at once: field by field the stricter one wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.policy.contact_policy import Cap, ContactPolicy, HolidayRule, Purpose, Statement, Trigger, Window, stricter
from tests.unit.policy.cases import contact_policy

CN, GLOBAL = contact_policy("CN"), contact_policy("GLOBAL")
BASIS = GLOBAL.min_gap.basis
ALL = frozenset(Purpose)


def policy(*windows: Window) -> ContactPolicy:
    return replace(GLOBAL, policy_id="X", windows=windows)


def test_a_policy_with_itself_is_itself() -> None:
    assert stricter(CN, CN) is CN


def test_hours_are_those_that_both_allow() -> None:
    both = stricter(CN, GLOBAL)
    overdue = [w for w in both.windows if Purpose.OVERDUE in w.purposes]
    assert [(w.days, w.opens, w.closes) for w in overdue] == [(frozenset(range(5)), 540, 1080)]
    assert overdue[0].basis.policy == "GLOBAL"
    assert len(both.windows) == 3


def test_the_shorter_window_gives_the_basis_whatever_the_order() -> None:
    assert {w.basis.policy for w in stricter(GLOBAL, CN).windows} == {"GLOBAL"}


def test_split_days_meet_piece_by_piece() -> None:
    split = policy(Window(frozenset({0}), 480, 720, ALL, BASIS), Window(frozenset({0}), 780, 1020, ALL, BASIS))
    whole = policy(Window(frozenset({0, 1}), 600, 840, ALL, BASIS))
    pieces = {(w.opens, w.closes) for w in stricter(split, replace(whole, policy_id="Y")).windows}
    assert pieces == {(600, 720), (780, 840)}


def test_windows_without_a_common_hour_or_day_leave_none() -> None:
    monday = policy(Window(frozenset({0}), 480, 720, ALL, BASIS))
    tuesday = replace(monday, policy_id="Y", windows=(Window(frozenset({1}), 480, 720, ALL, BASIS),))
    evening = replace(monday, policy_id="Z", windows=(Window(frozenset({0}), 720, 800, ALL, BASIS),))
    assert stricter(monday, tuesday).windows == ()
    assert stricter(monday, evening).windows == ()


def test_caps_holidays_zones_and_forbidden_classes_add_up() -> None:
    cap = Cap("own", frozenset({"chat"}), 2, 7, True, False, BASIS)
    rule = HolidayRule("FR", frozenset(), None, BASIS)
    other = replace(
        GLOBAL,
        policy_id="FR",
        caps=(cap, GLOBAL.caps[0]),
        holidays=(rule,),
        zones=(("FR", ("Europe/Paris",)),),
        forbidden=frozenset({"L99"}),
    )
    both = stricter(GLOBAL, other)
    assert both.caps == (*GLOBAL.caps, cap)
    assert both.holidays == (*GLOBAL.holidays, rule)
    assert both.zones == (("FR", ("Europe/Paris",)),)
    assert "L99" in both.forbidden
    assert "L1" in both.forbidden
    assert both.policy_id == "GLOBAL+FR"


def test_longer_pause_shorter_reply_earlier_dates() -> None:
    other = replace(
        GLOBAL,
        policy_id="Y",
        min_gap=replace(GLOBAL.min_gap, hours=30),
        reply_hours=replace(GLOBAL.reply_hours, hours=2),
        as_of=date(2026, 1, 1),
        review_by=date(2026, 6, 1),
    )
    for both in (stricter(GLOBAL, other), stricter(other, GLOBAL)):
        assert (both.min_gap.hours, both.reply_hours.hours) == (30, 2)
        assert (both.as_of, both.review_by) == (date(2026, 1, 1), date(2026, 6, 1))


def test_the_longer_hold_and_the_higher_person_win() -> None:
    triggers = (
        Trigger("dispute", 10, "supervisor", BASIS),
        Trigger("complaint", None, "none", BASIS),
        Trigger("promise_open", 1, "none", BASIS),
    )
    both = stricter(GLOBAL, replace(GLOBAL, policy_id="Y", triggers=triggers))
    found = {t.name: (t.hold_days, t.notify) for t in both.triggers}
    assert found["dispute"] == (30, "supervisor")
    assert found["complaint"] == (None, "supervisor")
    assert found["promise_open"] == (1, "none")
    assert found["stop"] == (None, "operator")


def test_statements_of_both_are_due_once() -> None:
    extra = Statement("stmt.recording", "first_contact", BASIS)
    both = stricter(GLOBAL, replace(GLOBAL, policy_id="Y", statements=(*GLOBAL.statements, extra)))
    assert sorted((s.key, s.when) for s in both.statements) == sorted(
        (s.key, s.when) for s in (*GLOBAL.statements, extra)
    )
