"""Actions: what reaches a record, and what cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialog.actions import ACTIONS
from bot.dialog.asked import Asked, Done
from bot.dialog.effects import HandOff, PlaceHold, RecordCommitment, ScheduleFollowUp, StopContact
from bot.dialog.facts import Facts, typed_slot
from bot.dialog.given import read_given
from bot.dialog.ledger import Ledger, loan_mark
from bot.dialog.turn import Turn
from bot.domain.events import CommandGiven
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.domain.understanding import NOTHING_SAID
from bot.policy.contact import ContactPolicy
from tests.conversations.shipped import the_stage
from tests.unit.policy.cases import contact_policy

_SLOTS = {"amount": "500.00 CNY", "day": "2026-11-27", "confirmed": True}


def _run(
    action: str,
    slots: dict[str, object],
    payments: tuple[Payment, ...] = (),
    arguments: dict[str, str] | None = None,
    policy: ContactPolicy | None = None,
    **given: object,
) -> Done:
    stage = the_stage()
    told = {"loan": {"due": "2026-11-18", "owed": "1200.00 CNY"}, "now": "2026-11-24T10:00+00:00", **given}
    start = read_given(told, stage.programmes[0])  # type: ignore[arg-type]
    turn = Turn(
        event=CommandGiven("x"),
        understanding=NOTHING_SAID,
        situation=start.situation,
        programmes=stage.programmes,
        contact_policy=policy or stage.contact_policy,
        now=start.situation.now,
        fresh_id="c-9",
        reference="7K2MPX4R",
        languages=("en", "zh-Hans"),
        script_version=3,
        payments=payments,
    )
    said = {"amount": "amount", "day": "date"}
    values = {name: typed_slot(kind, slots[name]) for name, kind in said.items() if name in slots}  # type: ignore[arg-type]
    facts = Facts(stage.script, Ledger(start.situation, stage.programmes), values)
    return ACTIONS[action].run(Asked(facts, turn, arguments or {}, slots))  # type: ignore[arg-type]


def _made(done: Done) -> RecordCommitment:
    return next(e for e in done.effects if isinstance(e, RecordCommitment))


def test_promise_is_recorded_with_the_cards_amount_and_day() -> None:
    made = _made(_run("record_promise", _SLOTS)).commitment
    assert [(str(p.amount), p.due_on.isoformat()) for p in made.payments] == [("500.00 CNY", "2026-11-27")]
    assert (made.commitment_id, made.reference, made.loan_id, made.status) == ("c-9", "7K2MPX4R", "LN-7001", "open")
    assert (made.script_version, str(made.cost), str(made.paid_before)) == (3, "0.00 CNY", "0.00 CNY")


@pytest.mark.parametrize("confirmed", [None, False, "True", 1])
def test_nothing_is_recorded_without_a_confirmed_card(confirmed: object) -> None:
    done = _run("record_promise", {**_SLOTS, "confirmed": confirmed})
    assert (done.result, done.effects) == ("changed", ())


def test_nothing_is_recorded_that_the_rules_no_longer_allow() -> None:
    done = _run("record_promise", _SLOTS, now="2026-11-28T10:00+00:00")
    assert (done.result, done.effects, done.forget) == ("changed", (), ("confirmed",))


def test_money_paid_before_does_not_count_towards_the_promise() -> None:
    payment = Payment("P-1", "LN-7001", Money(20000, "CNY"), datetime(2026, 11, 20, tzinfo=UTC).date())
    other = replace(payment, reference="P-2", loan_id="LN-9")
    assert str(_made(_run("record_promise", _SLOTS, payments=(payment, other))).commitment.paid_before) == "200.00 CNY"
    paid = {"due": "2026-11-18", "owed": "1200.00 CNY", "paid": "300.00 CNY"}
    assert str(_made(_run("record_promise", _SLOTS, loan=paid)).commitment.paid_before) == "300.00 CNY"


def test_promise_is_followed_up_before_on_and_after_its_day() -> None:
    timers = [e for e in _run("record_promise", _SLOTS).effects if isinstance(e, ScheduleFollowUp)]
    assert [(t.kind, t.key, t.due_at.isoformat()) for t in timers] == [
        ("promise_day_before", "promise_day_before:c-9", "2026-11-26T10:00:00+00:00"),
        ("promise_day", "promise_day:c-9", "2026-11-27T10:00:00+00:00"),
        ("promise_check", "promise_check:c-9", "2026-11-29T00:00:00+00:00"),
    ]
    assert all(dict(t.about)["commitment_id"] == "c-9" for t in timers)


def test_refusal_names_what_would_be_accepted_and_asks_only_for_what_is_wrong() -> None:
    done = _run("propose_promise", _SLOTS, now="2026-11-28T10:00+00:00")
    assert (done.result, done.forget) == ("day_past", ("day",))
    assert dict(done.slots)["nearest_day"] == "2026-11-28"


def test_mark_of_a_loan_tells_a_stranger_nothing_and_never_changes() -> None:
    assert loan_mark("LN-7001") == "37eba69a"


def _placed(done: Done) -> list[tuple[str, int | None, tuple[int, int] | None]]:
    now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    holds = [e for e in done.effects if isinstance(e, PlaceHold)]
    return [(h.kind.value, (h.ends_at - now).days if h.ends_at else None, h.hours) for h in holds]


@pytest.mark.parametrize(
    ("arguments", "kind", "days"),
    [
        ({"kind": "dispute"}, "dispute", 30),
        ({"kind": "hardship"}, "hardship", 7),
        ({"kind": "vulnerable"}, "vulnerable", 30),
        ({"kind": "vulnerable", "trigger": "self_harm"}, "vulnerable", None),
        ({"kind": "minor"}, "minor", None),
        ({"kind": "attorney"}, "attorney", None),
        ({"kind": "moratorium"}, "moratorium", 60),
        ({"kind": "deceased", "reason": "bereavement"}, "deceased", None),
        ({"kind": "complaint"}, "complaint", 7),
        ({"kind": "paid_claim"}, "paid_claim", 14),
    ],
)
def test_a_trigger_rests_the_debt_as_long_as_the_policy_says(
    arguments: dict[str, str], kind: str, days: int | None
) -> None:
    assert _placed(_run("place_hold", {}, arguments=arguments)) == [(kind, days, None)]


@pytest.mark.parametrize(
    ("policy_id", "kind", "days"),
    [("US", "dispute", None), ("US", "moratorium", None), ("UK", "moratorium", 60), ("PH", "dispute", 30)],
)
def test_a_jurisdiction_may_rest_a_debt_longer(policy_id: str, kind: str, days: int | None) -> None:
    assert _placed(_run("place_hold", {}, arguments={"kind": kind}, policy=contact_policy(policy_id))) == [
        (kind, days, None)
    ]


def test_a_trigger_that_the_policy_does_not_know_rests_the_debt_for_two_weeks() -> None:
    silent = replace(contact_policy("GLOBAL"), triggers=())
    assert _placed(_run("place_hold", {}, arguments={"kind": "hardship"}, policy=silent)) == [("hardship", 14, None)]
    assert _placed(_run("place_hold", {}, arguments={"kind": "dispute"}, policy=silent)) == [("dispute", None, None)]


def test_a_stop_holds_for_ever_cancels_what_waits_and_is_shown_to_people() -> None:
    done = _run("stop_contact", {})
    assert _placed(done) == [("stop", None, None)]
    assert StopContact("stop_contact") in done.effects
    assert HandOff("stop_contact") in done.effects


def test_a_stop_is_not_shown_to_people_where_the_policy_does_not_ask_for_it() -> None:
    policy = contact_policy("GLOBAL")
    quiet = tuple(replace(t, notify="none") for t in policy.triggers)
    done = _run("stop_contact", {}, policy=replace(policy, triggers=quiet))
    assert not any(isinstance(e, HandOff) for e in done.effects)


@pytest.mark.parametrize(("days", "most", "result"), [(30, 30, "paused"), (31, 30, "too_long"), (11, 10, "too_long")])
def test_the_longest_pause_is_the_policys(days: int, most: int, result: str) -> None:
    policy = contact_policy("GLOBAL")
    triggers = tuple(replace(t, hold_days=most) if t.name == "paused" else t for t in policy.triggers)
    assert _run("pause", {"days": days}, policy=replace(policy, triggers=triggers)).result == result


@pytest.mark.parametrize(
    ("hours", "result", "placed"),
    [
        ("morning", "kept", [("inconvenient_times", None, (480, 720))]),
        ("afternoon", "kept", [("inconvenient_times", None, (720, 1080))]),
        ("evening", "never", []),
        ("other", "never", []),
    ],
)
def test_hours_are_kept_where_the_policy_is_ever_open_then(
    hours: str, result: str, placed: list[tuple[str, None, tuple[int, int]]]
) -> None:
    done = _run("keep_hours", {"hours": hours}, policy=contact_policy("GLOBAL"))
    assert (done.result, _placed(done)) == (result, placed)


def test_hours_named_anew_take_the_place_of_the_old_ones() -> None:
    done = _run("keep_hours", {"hours": "morning"}, holds=["inconvenient_times"])
    assert [type(e).__name__ for e in done.effects] == ["EndHolds", "PlaceHold"]


@pytest.mark.parametrize(
    ("cause", "code"),
    [("hardship.medical", "hardship.medical"), ("not_said", "not_said"), ("my brother is ill", "unknown")],
)
def test_a_reason_is_a_code_of_programmes_whatever_was_typed(cause: str, code: str) -> None:
    assert _run("note_reason", {"cause": cause}).remember == (("reason", code),)


def test_the_script_itself_notes_that_there_is_no_day_yet() -> None:
    assert _run("note_reason", {}, arguments={"reason": "no_day_yet"}).remember == (("reason", "no_day_yet"),)


def _two_parts(second_due: str) -> dict[str, object]:
    parts = [{"due": "2026-11-18", "owed": "1200.00 CNY"}, {"due": second_due, "owed": "800.00 CNY"}]
    return {"loan": {"instalments": parts}}


@pytest.mark.parametrize(
    ("amount", "due", "meanwhile"),
    [
        ("500.00 CNY", "2026-11-26", ("800.00 CNY", "2026-11-26")),
        ("500.00 CNY", "2026-11-27", ("800.00 CNY", "2026-11-27")),
        ("500.00 CNY", "2026-11-28", (None, None)),
        ("1999.99 CNY", "2026-11-26", ("800.00 CNY", "2026-11-26")),
        ("2000.00 CNY", "2026-11-26", (None, None)),
    ],
)
def test_a_promise_names_what_becomes_due_until_its_day_and_is_not_paid_by_it(
    amount: str, due: str, meanwhile: tuple[str | None, str | None]
) -> None:
    done = _run("propose_promise", {"amount": amount, "day": "2026-11-27"}, **_two_parts(due))
    slots = dict(done.slots)
    assert (done.result, slots["meanwhile_amount"], slots["meanwhile_day"]) == ("accepted", *meanwhile)


def test_the_newest_open_promise_is_what_the_talk_goes_on_about() -> None:
    promises = [
        {"day": "2026-11-25", "made": "2026-11-23T10:00+00:00", "reference": "AAAA2222"},
        {"day": "2026-11-27", "made": "2026-11-24T09:00+00:00", "reference": "BBBB3333", "status": "withdrawn"},
    ]
    done = _run("newest_promise", {}, promise=promises)
    assert (done.result, done.slots, done.remember) == (
        "open",
        (("_reference", "AAAA2222"),),
        (("loan", loan_mark("LN-7001")),),
    )
    assert _run("newest_promise", {}, promise=promises[1:]).result == "past"
    assert _run("newest_promise", {}).result == "none"
