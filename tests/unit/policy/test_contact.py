"""The gate: what is checked, in which order, and that exactly one reason is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commitments import CommitmentKind, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.domain.loan import LoanStatus
from bot.domain.situation import Holder, Reached, Situation
from bot.policy.contact import Allowed, DeferredUntil, GateAnswer, Withheld, may_contact
from tests.unit.policy.cases import (
    a_contact,
    a_hold,
    a_loan,
    a_payment,
    a_promise,
    a_situation,
    at,
    contact_policy,
)

CN, GLOBAL = contact_policy("CN"), contact_policy("GLOBAL")
[CHAT_DAY] = [cap for cap in CN.caps if cap.name == "chat_day"]
NOW = at("2025-03-04 10:00")  # a Tuesday, the day after the due date
REMINDER, NOTICE, OPERATOR = MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.OPERATOR


def ask(situation: Situation, kind: MessageKind = REMINDER, loan_id: str | None = "L1", **more: object) -> GateAnswer:
    return may_contact(situation, loan_id, CN, situation.now, kind, **more)  # type: ignore[arg-type]


def reason(answer: GateAnswer) -> str:
    assert not isinstance(answer, Allowed)
    return answer.reason


def test_a_reachable_borrower_in_the_day_may_be_reminded() -> None:
    answer = ask(a_situation(NOW))
    facts = (("zones", "Asia/Shanghai"), ("local_time", "2025-03-04 10:00"), ("contacts", "0"))
    assert answer == Allowed(facts=facts)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (a_situation(NOW, clock_trusted=False), "clock"),
        (a_situation(NOW, contacts=(a_contact(NOW + timedelta(minutes=6)),)), "clock"),
        (a_situation(NOW, last_inbound_at=NOW + timedelta(hours=1)), "clock"),
        (a_situation(NOW, started=False), "no_address"),
        (a_situation(NOW, verified=False), "unproven"),
        (a_situation(NOW, reachable=False), "blocked"),
        (a_situation(NOW, holder=Holder.OPERATOR), "human_holds"),
        (a_situation(NOW, holder=Holder.QUEUE), "human_holds"),
        (a_situation(NOW, loans=()), "no_loan"),
        (a_situation(NOW, loans=(a_loan(payments=[a_payment("1200.00", NOW.date())]),)), "paid"),
        (a_situation(NOW, loans=(replace(a_loan(), status=LoanStatus.CLOSED),)), "closed"),
        (a_situation(NOW, timezone=None, region=None), "unknown_zone"),
        (a_situation(NOW, commitments=(a_promise(),)), "promise_open"),
        (a_situation(NOW, commitments=(a_promise(kind=CommitmentKind.INSTALMENT_PLAN),)), "plan_active"),
    ],
)
def test_a_reminder_is_withheld(situation: Situation, expected: str) -> None:
    answer = ask(situation)
    assert isinstance(answer, Withheld)
    assert answer.reason == expected


@pytest.mark.parametrize("kind", list(HoldKind))
def test_every_kind_of_hold_withholds_a_reminder_under_its_own_name(kind: HoldKind) -> None:
    answer = ask(a_situation(NOW, holds=(a_hold(kind, NOW),)))
    assert answer == Withheld(kind.value, (("hold", f"hold-{kind}"),))


def test_the_answer_is_the_same_whatever_the_order_of_holds() -> None:
    holds = (a_hold(HoldKind.PAUSED, NOW), a_hold(HoldKind.STOP, NOW), a_hold(HoldKind.DISPUTE, NOW))
    assert reason(ask(a_situation(NOW, holds=holds))) == "stop"
    assert reason(ask(a_situation(NOW, holds=holds[::-1]))) == "stop"


def test_a_hold_that_ended_or_has_not_begun_does_not_count() -> None:
    ended = a_hold(HoldKind.DISPUTE, NOW, ends_at=NOW)
    to_come = replace(a_hold(HoldKind.DISPUTE, NOW), starts_at=NOW + timedelta(seconds=1))
    assert isinstance(ask(a_situation(NOW, holds=(ended, to_come))), Allowed)


def test_another_loans_hold_does_not_count_but_stops_a_message_about_all_loans() -> None:
    situation = a_situation(NOW, holds=(a_hold(HoldKind.DISPUTE, NOW, loan_id="L2"),))
    assert isinstance(ask(situation), Allowed)
    assert reason(ask(situation, loan_id=None)) == "dispute"


def test_reminders_of_an_agreement_pass_the_hold_that_the_agreement_is() -> None:
    situation = a_situation(NOW, commitments=(a_promise(),), holds=(a_hold(HoldKind.PROMISE_OPEN, NOW),))
    assert isinstance(ask(situation, about_commitment=True), Allowed)


def test_reminders_of_an_agreement_do_not_pass_another_hold() -> None:
    situation = a_situation(NOW, commitments=(a_promise(),), holds=(a_hold(HoldKind.HARDSHIP, NOW),))
    assert reason(ask(situation, about_commitment=True)) == "hardship"


def test_a_promise_about_another_loan_or_a_past_one_does_not_count() -> None:
    others = (a_promise(loan_id="L2"), a_promise(status=CommitmentStatus.BROKEN))
    assert isinstance(ask(a_situation(NOW, commitments=others)), Allowed)


def test_a_notice_may_go_about_a_loan_that_is_paid() -> None:
    loan = a_loan(payments=[a_payment("1200.00", NOW.date())])
    assert isinstance(ask(a_situation(NOW, loans=(loan,)), NOTICE), Allowed)


def test_a_notice_waits_for_the_morning_like_a_reminder() -> None:
    night = at("2025-03-04 22:30")
    answer = ask(a_situation(night), NOTICE)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-05 08:00")


def test_without_a_loan_the_strictest_hours_hold() -> None:
    evening = at("2025-03-04 21:30")  # open for what is overdue, closed for what is not yet due
    assert isinstance(ask(a_situation(evening), loan_id="L1"), Allowed)
    assert reason(ask(a_situation(evening), NOTICE, loan_id=None)) == "quiet_hours"


def test_on_the_due_date_the_hours_for_the_due_date_hold() -> None:
    early = at("2025-03-03 08:30")
    assert reason(ask(a_situation(early))) == "quiet_hours"


# -- people ----------------------------------------------------------------------------------------------------------


def test_a_person_who_answers_within_a_day_may_write_at_night() -> None:
    night = at("2025-03-04 23:30")
    situation = a_situation(night, last_inbound_at=night - timedelta(hours=23), holder=Holder.OPERATOR)
    assert ask(situation, OPERATOR) == Allowed("answers")


def test_a_person_who_begins_is_held_to_the_hours() -> None:
    night = at("2025-03-04 23:30")
    situation = a_situation(night, last_inbound_at=night - timedelta(hours=24), holder=Holder.OPERATOR)
    assert reason(ask(situation, OPERATOR)) == "quiet_hours"


def test_a_person_may_write_to_a_borrower_whom_the_bot_leaves_in_peace() -> None:
    holds = (a_hold(HoldKind.HARDSHIP, NOW), a_hold(HoldKind.DISPUTE, NOW))
    situation = a_situation(NOW, holds=holds, holder=Holder.OPERATOR, commitments=(a_promise(),))
    assert isinstance(ask(situation, OPERATOR), Allowed)


@pytest.mark.parametrize("kind", [HoldKind.STOP, HoldKind.WRONG_PERSON, HoldKind.ATTORNEY, HoldKind.MORATORIUM])
def test_holds_that_also_bind_people(kind: HoldKind) -> None:
    assert reason(ask(a_situation(NOW, holds=(a_hold(kind, NOW),)), OPERATOR)) == kind.value


def test_a_person_cannot_reach_somebody_who_never_started_a_chat() -> None:
    assert reason(ask(a_situation(NOW, started=False), OPERATOR)) == "no_address"


# -- time ------------------------------------------------------------------------------------------------------------


def test_a_second_message_on_a_day_waits_for_the_cap_and_the_morning() -> None:
    late = at("2025-03-04 21:00")
    answer = ask(a_situation(late, contacts=(a_contact(at("2025-03-04 08:00")),)))
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("cap:chat_day", at("2025-03-05 08:00"))
    assert dict(answer.facts)["contacts"] == "1"


def test_the_pause_between_two_messages_holds_over_midnight() -> None:
    morning = at("2025-03-05 08:00")
    answer = ask(a_situation(morning, contacts=(a_contact(at("2025-03-04 21:00")),)))
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("min_gap", at("2025-03-05 17:00"))


def test_the_fourth_message_in_seven_days_waits_until_the_first_is_seven_days_old() -> None:
    sent = tuple(a_contact(at(f"2025-03-{day} 10:00")) for day in ("06", "08", "10"))
    answer = ask(a_situation(at("2025-03-12 10:00"), contacts=sent))
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("cap:chat_week", at("2025-03-13 10:00"))
    assert isinstance(ask(a_situation(at("2025-03-13 10:00"), contacts=sent)), Allowed)


def test_messages_of_people_about_other_loans_on_other_channels_count_too() -> None:
    sent = (a_contact(at("2025-03-04 09:00"), loan_id="L2", channel="sms", by="operator:7"),)
    assert reason(ask(a_situation(NOW, contacts=sent))) == "cap:chat_day"


def test_what_would_be_deferred_beyond_its_stage_is_withheld() -> None:
    night = at("2025-03-06 22:30")
    answer = ask(a_situation(night), not_after=at("2025-03-07 00:00"))
    assert isinstance(answer, Withheld)
    assert answer.reason == "quiet_hours"


def test_the_instant_at_which_a_stage_is_over_is_too_late() -> None:
    night = at("2025-03-06 22:30")
    assert reason(ask(a_situation(night), not_after=at("2025-03-07 08:00"))) == "quiet_hours"
    assert isinstance(ask(a_situation(night), not_after=at("2025-03-07 08:00")), Withheld)
    assert isinstance(ask(a_situation(night), not_after=at("2025-03-07 08:01")), DeferredUntil)


def test_what_comes_after_its_stage_is_withheld_at_any_hour() -> None:
    assert ask(a_situation(NOW), not_after=NOW) == Withheld("stage_over")


def test_a_policy_that_never_opens_withholds() -> None:
    closed = replace(CN, windows=())
    answer = may_contact(a_situation(NOW), "L1", closed, NOW, REMINDER)
    assert reason(answer) == "never_open"


def test_a_cap_of_nothing_withholds() -> None:
    none = replace(CN, caps=(replace(CHAT_DAY, most=0),))
    answer = may_contact(a_situation(NOW), "L1", none, NOW, REMINDER)
    assert isinstance(answer, Withheld)
    assert answer.reason == "cap:chat_day"


def test_calls_that_connect_are_capped_apart_from_messages() -> None:
    made = tuple(a_contact(at(f"2025-03-04 {clock}"), channel="call") for clock in ("08:00", "09:00", "09:30"))
    calls = tuple(replace(call, reached=Reached.CONNECTED) for call in made)
    situation = a_situation(NOW, contacts=calls)
    answer = ask(situation, OPERATOR, medium="call")
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("cap:call_connected", at("2025-03-05 08:00"))


def test_visits_are_capped_per_loan() -> None:
    visit = a_contact(at("2025-03-03 09:00"), loan_id="L2", channel="visit")
    loans = (a_loan(), a_loan(loan_id="L2"))
    situation = a_situation(at("2025-03-05 10:00"), contacts=(visit,), loans=loans)
    assert isinstance(ask(situation, OPERATOR, loan_id="L1", medium="visit"), Allowed)
    answer = ask(situation, OPERATOR, loan_id="L2", medium="visit")
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-10 09:00")
    assert isinstance(ask(situation, OPERATOR, loan_id=None, medium="visit"), DeferredUntil)


def test_the_global_policy_is_closed_on_the_weekend() -> None:
    saturday = at("2025-03-08 10:00")
    answer = may_contact(a_situation(saturday), "L1", GLOBAL, saturday, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-10 09:00")


def test_the_global_policy_is_closed_on_the_borrowers_holidays() -> None:
    labour_day = at("2025-05-01 10:00")  # and the four days after it; the 5th is a Monday
    answer = may_contact(a_situation(labour_day), "L1", GLOBAL, labour_day, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("holiday", at("2025-05-06 09:00"))


def test_nobody_known_means_no_zone() -> None:
    situation = replace(a_situation(NOW), borrower=None)
    assert reason(ask(situation)) == "unknown_zone"


def test_where_more_contacts_were_made_than_allowed_enough_of_them_must_be_over() -> None:
    sent = tuple(a_contact(at(f"2025-03-{day} 10:00")) for day in ("06", "07", "08", "09"))
    answer = ask(a_situation(at("2025-03-11 10:00"), contacts=sent))
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("cap:chat_week", at("2025-03-14 10:00"))


def test_with_an_unknown_zone_a_day_is_over_when_it_is_over_everywhere() -> None:
    zones = ("US", ("America/New_York", "Pacific/Honolulu"))
    evening = at("2025-03-04 20:00", "America/New_York")
    day_cap = replace(CN, zones=(zones,), min_gap=replace(CN.min_gap, hours=0), caps=(CHAT_DAY,))
    open_windows = tuple(replace(w, opens=0, closes=1440) for w in CN.windows)
    policy = replace(day_cap, windows=open_windows)
    sent = (a_contact(evening - timedelta(hours=1)),)
    situation = a_situation(evening, timezone=None, region="US", contacts=sent)
    answer = may_contact(situation, "L1", policy, evening, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("cap:chat_day", at("2025-03-05 00:00", "Pacific/Honolulu"))
