"""A task for people: opened with the facts it needs, waiting while the borrower is protected, gone when the debt is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.holds import HoldKind
from bot.domain.loan import Payment
from bot.domain.situation import Situation
from bot.services.people_tasks import task_writes
from bot.services.ports import DueTimer
from bot.services.writes import AppendDecision, FinishTimer, MoveTimer, OpenCase, PutOutbox, Write
from tests.unit.policy.cases import DUE, a_hold, a_loan, a_payment, a_promise, a_situation, at, programme

NOW = at("2025-03-14 10:00")  # day 11
CALL = DueTimer(
    timer_id=7,
    key="L1:phone.call.d11:2025-03-03:1",
    kind="task",
    due_at=NOW,
    borrower_id="B1",
    loan_id="L1",
    programme="p2p",
    about=(
        ("rule", "phone.call.d11"),
        ("stage", "phone"),
        ("anchor", "2025-03-03"),
        ("attempt", "1"),
        ("not_after", at("2025-03-22 00:00").isoformat()),
        ("medium", "call"),
    ),
)


def writes(situation: Situation, now: datetime = NOW, band: str | None = "high") -> list[Write]:
    return task_writes(CALL, situation.loans[0], situation, programme("p2p"), band, now)


def test_a_task_is_a_case_with_the_facts_for_it_and_no_message() -> None:
    done, case, decision = writes(a_situation(NOW))
    assert done == FinishTimer(7, NOW, "done")
    assert isinstance(case, OpenCase)
    assert (case.reason, case.borrower_id, case.loan_id) == ("task_call", "B1", "L1")
    assert (case.takes_chat, case.address, case.dedup_key) == (False, None, "task:L1:phone.call.d11:2025-03-03:1")
    assert dict(case.brief) == {
        "medium": "call",
        "stage": "phone",
        "rule": "phone.call.d11",
        "days_past_due": "11",
        "past_due": "1200.00 CNY",
        "outstanding": "1200.00 CNY",
        "oldest_due_on": "2025-03-03",
        "instalments_past_due": "1",
        "band": "high",
    }
    assert isinstance(decision, AppendDecision)
    assert decision.outcome == "ladder_task"


def test_without_a_scorecard_the_brief_names_no_band() -> None:
    _, case, _ = writes(a_situation(NOW), band=None)
    assert isinstance(case, OpenCase)
    assert "band" not in dict(case.brief)


@pytest.mark.parametrize("kind", list(HoldKind))
def test_while_a_hold_is_open_nobody_is_asked_to_press(kind: HoldKind) -> None:
    moved, decision = writes(a_situation(NOW, holds=(a_hold(kind, NOW),)))
    assert moved == MoveTimer(7, NOW + timedelta(days=1), kind.value)
    assert isinstance(decision, AppendDecision)
    assert decision.outcome == kind.value


def test_while_a_promise_is_open_nobody_is_asked_to_press() -> None:
    moved, _ = writes(a_situation(NOW, commitments=(a_promise(),)))
    assert moved == MoveTimer(7, NOW + timedelta(days=1), "promise_open")


def test_a_task_that_waited_too_long_is_let_go_with_its_reason() -> None:
    late = at("2025-03-21 10:00")
    done, _ = writes(a_situation(late, holds=(a_hold(HoldKind.DISPUTE, late),)), late)
    assert done == FinishTimer(7, late, "withheld:dispute")


@pytest.mark.parametrize(
    ("payments", "now", "reason"),
    [
        ([a_payment("1200.00", DUE)], NOW, "paid"),
        ([], at("2025-04-10 10:00"), "stage_over"),
    ],
)
def test_a_task_falls_with_its_debt_or_stage(payments: list[Payment], now: datetime, reason: str) -> None:
    assert writes(a_situation(now, loans=(a_loan(payments=payments),)), now) == [
        FinishTimer(7, now, f"cancelled:{reason}")
    ]


def test_no_task_ever_writes_to_anybody() -> None:
    assert not any(isinstance(write, PutOutbox) for write in writes(a_situation(NOW)))
