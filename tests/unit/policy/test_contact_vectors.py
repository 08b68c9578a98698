"""The published test vectors for contact rules that concern China, the fallback and every policy alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.policy.contact import Allowed, DeferredUntil, Withheld, may_contact
from tests.unit.policy.cases import DUE, a_contact, a_hold, a_loan, a_situation, at, contact_policy

CN = contact_policy("CN")
REMINDER = MessageKind.REMINDER


def test_1_china_one_second_before_eight_is_queued_to_eight() -> None:
    now = at("2025-03-04 07:59:59")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-04 08:00"))


def test_1_china_at_eight_is_sent() -> None:
    now = at("2025-03-04 08:00")
    assert isinstance(may_contact(a_situation(now), "L1", CN, now, REMINDER), Allowed)


def test_2_china_at_ten_at_night_is_queued_to_the_next_morning() -> None:
    now = at("2025-03-04 22:00")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-05 08:00"))


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.ACT])
def test_3_an_answer_is_sent_at_any_hour(kind: MessageKind) -> None:
    now = at("2025-03-04 23:10")
    situation = a_situation(now, last_inbound_at=now - timedelta(minutes=5))
    assert may_contact(situation, "L1", CN, now, kind) == Allowed("answers")


def test_4_an_extra_reminder_at_night_waits_even_if_the_borrower_just_wrote() -> None:
    now = at("2025-03-04 23:10")
    situation = a_situation(now, last_inbound_at=now - timedelta(minutes=5))
    answer = may_contact(situation, "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-05 08:00")


def test_5_before_the_due_date_the_window_closes_an_hour_earlier() -> None:
    now = at("2025-02-28 21:30")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-01 09:00"))


def test_5_after_the_due_date_the_same_minute_is_open() -> None:
    now = at("2025-03-04 21:30")
    assert isinstance(may_contact(a_situation(now), "L1", CN, now, REMINDER), Allowed)


def test_7_a_message_that_slips_past_the_closing_minute_is_asked_again_and_queued() -> None:
    planned, slipped = at("2025-03-04 21:59:58"), at("2025-03-04 22:00:01")
    assert isinstance(may_contact(a_situation(planned), "L1", CN, planned, REMINDER), Allowed)
    answer = may_contact(a_situation(slipped), "L1", CN, slipped, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-05 08:00")


def test_16_a_moratorium_drops_the_reminder_of_the_due_date() -> None:
    now = at("2026-12-20 10:00")
    hold = a_hold(HoldKind.MORATORIUM, now, ends_at=at("2027-01-05 00:00"))
    situation = a_situation(now, loans=(a_loan(date(2026, 12, 20)),), holds=(hold,))
    assert may_contact(situation, "L1", CN, now, REMINDER) == Withheld("moratorium", (("hold", "hold-moratorium"),))


def test_17_a_stop_is_final() -> None:
    now = at("2025-03-04 10:00")
    situation = a_situation(now, holds=(a_hold(HoldKind.STOP, now),))
    answer = may_contact(situation, "L1", CN, now, REMINDER)
    assert isinstance(answer, Withheld)
    assert answer.reason == "stop"


def test_20_a_merged_message_about_two_loans_counts_once() -> None:
    now = at("2025-03-04 10:00")
    sent = (a_contact(at("2025-03-01 10:00"), loan_id=None), a_contact(at("2025-03-02 10:00"), loan_id=None))
    loans = (a_loan(), a_loan(loan_id="L2"))
    situation = a_situation(now, loans=loans, contacts=sent)
    assert isinstance(may_contact(situation, None, CN, now, REMINDER), Allowed)


def test_21_a_calendar_that_ends_before_2028_opens_no_day_of_2028() -> None:
    fallback = contact_policy("GLOBAL")
    calendar = replace(fallback.holidays[0], known_through=date(2027, 12, 31))
    policy = replace(fallback, holidays=(calendar,))
    now = at("2028-01-05 10:00", "Europe/London")
    situation = a_situation(now, timezone="Europe/London", region="GB")
    assert isinstance(may_contact(situation, "L1", fallback, now, REMINDER), Allowed)
    answer = may_contact(situation, "L1", policy, now, REMINDER)
    assert isinstance(answer, Withheld)
    assert answer.reason == "never_open"


def test_22_nothing_goes_to_a_borrower_who_blocked_the_bot() -> None:
    now = at("2025-03-04 10:00")
    assert may_contact(a_situation(now, reachable=False), "L1", CN, now, REMINDER) == Withheld("blocked")


def test_due_is_a_monday() -> None:
    assert date(2025, 3, 3) == DUE
    assert DUE.weekday() == 0
