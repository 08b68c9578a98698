"""What the books say of a loan: its own programme lays down the rest, and never another's."""

from __future__ import annotations

from dataclasses import replace

from bot.dialog.actions import ACTIONS
from bot.dialog.asked import Asked
from bot.dialog.facts import Facts
from bot.dialog.given import Plain, read_given
from bot.dialog.ledger import Ledger
from bot.dialog.turn import Turn
from bot.domain.events import CommandGiven
from bot.domain.loan import LoanStatus
from bot.domain.understanding import NOTHING_SAID
from bot.policy.details import LenderFacts
from tests.conversations.shipped import the_stage

_TOLD: dict[str, Plain] = {"loan": {"due": "2026-11-18", "owed": "1200.00 CNY"}, "now": "2026-11-24T10:00+00:00"}
_OWN = replace(the_stage().programmes[0], programme_id="own", lender="Own Lender", facts=LenderFacts(grace_days=3))
_OTHER = replace(_OWN, programme_id="other", lender="Other Lender", facts=LenderFacts(grace_days=9))


def _facts(programme: str, **changed: object) -> Facts:
    situation = read_given(_TOLD, the_stage().programmes[0]).situation
    loans = tuple(replace(loan, programme=programme, **changed) for loan in situation.loans)  # type: ignore[arg-type]
    return Facts(the_stage().script, Ledger(replace(situation, loans=loans), (_OTHER, _OWN)))


def test_what_is_laid_down_is_that_of_the_loans_own_programme() -> None:
    facts = _facts("own")
    assert (facts.read("lender"), facts.read("lender_grace_days")) == ("Own Lender", 3)


def test_a_paid_loan_still_names_its_own_lender() -> None:
    facts = _facts("own", status=LoanStatus.SETTLED)
    assert (facts.loan, facts.read("lender"), facts.read("lender_grace_days")) == (None, "Own Lender", 3)


def test_a_loan_whose_programme_is_gone_gets_nothing_of_anothers() -> None:
    facts = _facts("gone")
    told = [facts.read(name) for name in ("lender", "lender_grace_days", "stage", "has_ways_to_pay")]
    assert (told, list(facts.rows("ways_to_pay"))) == ([None, None, None, False], [])


def test_a_promise_by_rules_that_nobody_knows_is_a_persons_matter() -> None:
    facts = _facts("gone")
    turn = Turn(
        event=CommandGiven("x"),
        understanding=NOTHING_SAID,
        situation=facts.situation,
        programmes=(_OTHER, _OWN),
        contact_policy=the_stage().contact_policy,
        now=facts.situation.now,
        fresh_id="c-9",
        reference="7K2MPX4R",
        languages=("en",),
        script_version=3,
        payments=(),
    )
    done = ACTIONS["propose_promise"].run(Asked(facts, turn, {}, {"amount": "500.00 CNY", "day": "2026-11-27"}))
    assert (done.result, done.effects) == ("too_many_open", ())


def test_somebody_without_a_loan_hears_only_what_all_programmes_say_alike() -> None:
    situation = replace(read_given(_TOLD, the_stage().programmes[0]).situation, loans=())
    facts = Facts(the_stage().script, Ledger(situation, (_OTHER, _OWN)))
    assert facts.read("lender_grace_days") is None
