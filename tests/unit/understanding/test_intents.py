from __future__ import annotations

from bot.domain.understanding import SAFETY_INTENTS
from bot.understanding.intents import Contract, read_intents
from bot.understanding.phrases import check_phrases, read_phrases

_SAFETY = "".join(f"  {name}: {{example: something}}\n" for name in SAFETY_INTENTS)


def contract(more: str) -> tuple[Contract, list[str]]:
    read, problems = read_intents(f"intents:\n{_SAFETY}{more}", "intents.yaml")
    return read, [f"{p.place.line} {p.code} {p.sentence}" for p in problems]


def test_an_intent_has_an_example_slots_importance_and_a_general_meaning() -> None:
    read, problems = contract(
        "  promise_to_pay: {example: I will pay, slots: [amount, date], importance: 2, phrases: 20}\n"
        "  pause: {example: Not now, nearest: promise_to_pay}\n"
    )
    assert problems == []
    promise = read.intents["promise_to_pay"]
    assert (promise.slots, promise.importance, promise.phrases, promise.safety) == (("amount", "date"), 2, 20, False)
    assert read.intents["hardship"].safety
    assert [read.general(name) for name in ("pause", "hardship", None)] == ["promise_to_pay", "hardship", None]


def test_every_mistake_is_told_at_once() -> None:
    _, problems = contract(
        "  a: {exampel: x}\n"
        "  b: {example: x, slots: [amunt]}\n"
        "  c: {example: x, importance: 7}\n"
        "  d: {example: x, nearest: hardshp}\n"
        "  e: nothing\n"
    )
    text = "\n".join(problems)
    for part in (
        "Did you mean",
        '"a" has no example',
        '"amunt" is no slot',
        "1 to 3",
        '"hardshp" is no intent',
        '"e" has no',
    ):
        assert part in text


def test_what_names_an_intent_with_a_mistake_is_not_told_as_a_mistake_too() -> None:
    read, problems = contract("  greet: {example: Hello, importance: 7}\n  thanks: {example: Thanks, nearest: greet}\n")
    assert [problem.split(" ")[:2] for problem in problems] == [["11", "U002"]]
    assert read.general("thanks") == "greet"


def test_a_contract_that_cannot_be_read_is_one_mistake_and_not_one_for_every_file_of_phrases() -> None:
    files = {"dialogs/intents.yaml": "intents: {", "locales/en/phrases/greet.yaml": "phrases: |\n  hello\n"}
    book, problems = read_phrases(files)
    assert [problem.place.file for problem in (*problems, *check_phrases(book))] == ["dialogs/intents.yaml"]


def test_a_safety_intent_cannot_be_left_out() -> None:
    _, problems = read_intents("intents:\n  greet: {example: Hello}\n", "intents.yaml")
    assert len([p for p in problems if "is missing" in p.sentence]) == len(SAFETY_INTENTS)


def test_a_file_without_intents_is_told() -> None:
    for text in ("", "intents: []", "- a", "intents: {"):
        assert read_intents(text, "intents.yaml")[1] != ()
