"""Which calls and updates go wrong when rules or chance say so."""

from typing import Any

import pytest

from bot.standin.faults import Faults


def struck(faults: Faults, *calls: tuple[str, int]) -> list[str | None]:
    found = [faults.for_call(method, chat_id, {}) for method, chat_id in calls]
    return [None if fault is None else fault.kind for fault in found]


def test_a_rule_strikes_the_nth_match_and_as_many_as_it_says() -> None:
    faults = Faults()
    faults.add("429", method="sendMessage", chat_id=7, nth=2, count=2)
    calls = [("sendMessage", 7), ("sendMessage", 8), ("getMe", 7), *[("sendMessage", 7)] * 3]
    assert struck(faults, *calls) == [None, None, None, "429", "429", None]


def test_a_rule_without_count_strikes_for_ever() -> None:
    faults = Faults()
    faults.add("5xx", count=None)
    assert struck(faults, ("getMe", 1), ("sendMessage", 2), ("getMe", 3)) == ["5xx"] * 3


def test_a_rule_may_look_at_the_call() -> None:
    faults = Faults()
    faults.add("drop", when=lambda fields: "receipt" in fields.get("text", ""))
    assert faults.for_call("sendMessage", 7, {"text": "hello"}) is None
    fault = faults.for_call("sendMessage", 7, {"text": "your receipt"})
    assert fault is not None
    assert fault.kind == "drop"


def test_faults_of_updates_do_not_strike_calls() -> None:
    faults = Faults()
    faults.add("duplicate", method="message")
    assert faults.for_call("message", 7, {}) is None
    fault = faults.for_update("message", 7, {})
    assert fault is not None
    assert fault.kind == "duplicate"


def test_chance_repeats_with_its_seed_and_keeps_its_rate() -> None:
    runs = []
    for _ in range(2):
        faults = Faults()
        faults.random(seed=5, rates={"5xx": 0.2, "drop": 0.1}, methods=["sendMessage"])
        runs.append(struck(faults, *[("sendMessage", 7)] * 1000))
    assert runs[0] == runs[1]
    assert 150 < runs[0].count("5xx") < 250
    assert 60 < runs[0].count("drop") < 140


def test_chance_leaves_other_methods_alone() -> None:
    faults = Faults()
    faults.random(seed=5, rates={"drop": 1.0}, methods=["sendMessage"])
    assert struck(faults, ("getUpdates", 7), ("sendMessage", 7)) == [None, "drop"]


def test_clearing_ends_rules_and_chance() -> None:
    faults = Faults()
    faults.add("5xx", count=None)
    faults.random(seed=5, rates={"drop": 1.0})
    faults.clear()
    assert struck(faults, ("sendMessage", 7)) == [None]


@pytest.mark.parametrize("options", [{"kind": "earthquake"}, {"kind": "drop", "nth": 0}])
def test_what_is_no_fault_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no fault|nth"):
        Faults().add(**options)


@pytest.mark.parametrize("rates", [{"drop": 0.6, "5xx": 0.6}, {"earthquake": 0.1}, {"drop": -0.1}])
def test_rates_that_make_no_sense_are_refused(rates: dict[Any, float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        Faults().random(1, rates)
