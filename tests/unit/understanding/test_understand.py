from __future__ import annotations

import pytest

from bot.domain.understanding import Understanding
from tests.unit.understanding.books import a_book, heard


def test_a_phrase_gives_its_intent_values_and_the_line_that_decided() -> None:
    meaning = heard("I'll pay 500 on Friday!")
    assert meaning.intent == "promise_to_pay"
    assert meaning.why == "phrases phrase, en/phrases/promise_to_pay.yaml:3"
    assert [(slot.name, slot.span) for slot in meaning.slots] == [("amount", (9, 12)), ("date", (16, 22))]


def test_why_never_repeats_what_the_borrower_wrote() -> None:
    meaning = heard("my name is Maria Lopez and I will pay on friday")
    assert "Maria" not in meaning.why + "".join(guess.why for guess in meaning.rivals)


@pytest.mark.parametrize("text", ["", "   ", "…", "\u200b", "😀😀😀"])
def test_nothing_said_means_nothing(text: str) -> None:
    assert heard(text) == Understanding(intent=None, confidence=0.0)


def test_a_longer_phrase_takes_back_what_lies_within_it() -> None:
    book = a_book(already_paid="phrases: |\n  i will pay on friday as always\n")
    assert heard("i will pay on friday", book).intent == "promise_to_pay"
    meaning = heard("i will pay on friday as always", book)
    assert meaning.intent == "already_paid"
    assert "promise_to_pay" not in [guess.intent for guess in meaning.rivals]


def test_a_topic_comes_with_its_question() -> None:
    meaning = heard("what happens then, court?")
    assert (meaning.intent, meaning.topic) == ("ask_consequences", "legal")


def test_what_must_stand_alone_counts_only_alone() -> None:
    assert heard("stop").intent == "stop_contact"
    assert heard("please, STOP!!!").intent == "stop_contact"
    assert heard("stop stop stop").intent == "stop_contact"
    assert heard("the bus did not stop here").safety == ()


class TestSafety:
    def test_acts_wherever_it_is_said(self) -> None:
        meaning = heard("i will pay on friday but stop calling my office all day")
        assert meaning.intent == "stop_contact"
        assert [guess.intent for guess in meaning.safety] == ["stop_contact"]

    def test_is_listed_with_the_most_urgent_first(self) -> None:
        meaning = heard("lost my job, stop texting, i want to die")
        assert [guess.intent for guess in meaning.safety] == ["vulnerability_risk", "stop_contact", "hardship"]
        assert meaning.intent == "vulnerability_risk"

    def test_is_taken_back_by_its_own_exceptions_only(self) -> None:
        assert heard("do not stop writing").safety == ()
        assert [g.intent for g in heard("do not stop writing, i want to die").safety] == ["vulnerability_risk"]

    def test_is_heard_in_every_language(self) -> None:
        assert heard("i will pay you later on and it is just that 不想活", language="en").intent == "vulnerability_risk"
        assert heard("i want to die", language="zh-Hans").intent == "vulnerability_risk"

    def test_is_never_hidden_by_an_answer(self) -> None:
        meaning = heard("500, i want to die", expects="amount")
        assert meaning.intent == "vulnerability_risk"
        assert meaning.slot("amount") is not None

    def test_a_reason_yields_to_what_is_asked_and_stays_listed(self) -> None:
        meaning = heard("lost my job, need more time, can i pay friday")
        assert meaning.intent == "request_extension"
        assert [guess.intent for guess in meaning.safety] == ["hardship"]

    def test_is_read_at_the_end_of_a_very_long_message(self) -> None:
        letter = " ".join(f"word{number}" for number in range(900))
        assert heard(f"{letter} i want to die").intent == "vulnerability_risk"


class TestOpenQuestion:
    @pytest.mark.parametrize(
        ("text", "language", "expects", "value"),
        [
            ("500", "en", "amount", "500"),
            ("3", "en", "amount", "3"),
            ("五百", "zh-Hans", "amount", "500"),
        ],
    )
    def test_a_bare_number_answers_a_question_for_a_sum(
        self, text: str, language: str, expects: str, value: str
    ) -> None:
        meaning = heard(text, language=language, expects=expects)
        found = meaning.slot("amount")
        assert meaning.intent is None
        assert found is not None
        assert found.amount is not None
        assert found.amount.number == value

    def test_a_bare_day_answers_a_question_for_a_day_and_is_a_promise_without_one(self) -> None:
        assert heard("friday", expects="date").intent is None
        assert heard("friday").intent == "promise_to_pay"

    def test_a_promise_answers_a_question_for_its_day(self) -> None:
        meaning = heard("i will pay on friday", expects="date")
        assert meaning.intent is None
        assert str(meaning.slot("date").day) == "2026-11-27"  # type: ignore[union-attr]

    def test_another_wish_is_no_answer(self) -> None:
        assert heard("what happens on friday", expects="date").intent == "ask_consequences"

    @pytest.mark.parametrize(("text", "value"), [("yes", "yes"), ("OK!", "yes"), ("no", "no"), ("not that", "no")])
    def test_yes_and_no(self, text: str, value: str) -> None:
        found = heard(text, expects="yes_no").slot("yes_no")
        assert found is not None
        assert found.text == value

    @pytest.mark.parametrize("text", ["the second one", "2", "tomorrow", " Tomorrow! ", "option 2", "the last one"])
    def test_a_choice_by_place_number_or_label(self, text: str) -> None:
        found = heard(text, expects="choice", choices=("Today", "Tomorrow")).slot("choice")
        assert found is not None
        assert (found.number, found.text) == (2, "Tomorrow")

    def test_a_place_that_is_not_there_is_no_choice(self) -> None:
        found = heard("the third one", expects="choice", choices=("Today", "Tomorrow")).slot("choice")
        assert found is None or found.text is None

    @pytest.mark.parametrize(
        ("text", "value"), [("1234", "1234"), ("it is 12 34", "1234"), ("last four: 123X", "123X")]
    )
    def test_digits(self, text: str, value: str) -> None:
        found = heard(text, expects="digits").slot("digits")
        assert found is not None
        assert found.text == value

    @pytest.mark.parametrize("text", ["1990-05-17", "17 May 1990", "17/05/1990"])
    def test_a_birth_date_is_a_date_and_no_run_of_digits(self, text: str) -> None:
        meaning = heard(text, expects="digits")
        assert meaning.slot("digits") is None
        assert str(meaning.slot("date").day) == "1990-05-17"  # type: ignore[union-attr]


def test_unknown_words_give_at_most_three_guesses_to_ask_back_with() -> None:
    meaning = heard("calling about money")
    assert meaning.intent is None
    assert 1 <= len(meaning.rivals) <= 3
    assert all(guess.confidence < 0.5 for guess in meaning.rivals)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "i will pay 500 on friday stop " * 2_000,
        "还不" * 25_000,
        "a\u200b" * 25_000,
        "\u202eabc\u202c" * 8_000,
        "e\u0301\u0302\u0303" * 12_000,
        "😀🙏" * 25_000,
        "((((" * 10_000,
        "1,000," * 9_000,
        "one hundred " * 5_000,
        "\ufdfa" * 50_000,
        "\ud800 lone",
    ],
)
def test_hostile_text_is_read_like_any_other(text: str) -> None:
    first = heard(text)
    assert heard(text) == first
