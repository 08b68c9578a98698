from __future__ import annotations

import pytest

from bot.domain.diagnostics import Diagnostic, Severity
from bot.understanding.phrases import PhraseBook, check_phrases, read_phrases
from tests.unit.understanding.books import ENGLISH, a_book, book_of, heard

_INTENTS = """
intents:
  promise_to_pay: {example: I will pay, slots: [amount, date], phrases: 2}
  request_extension: {example: More time, phrases: 2}
  ask_consequences: {example: What happens, phrases: 1, topics: [legal]}
  stop_contact: {example: Stop, phrases: 2}
  hardship: {example: No job, phrases: 1}
  vulnerability_risk: {example: Want to die, phrases: 1}
  affirm: {example: 'Yes', phrases: 1}
  deny: {example: 'No', phrases: 1}
  greet: {example: Hello, phrases: 1}
  bereavement: {example: She died, phrases: 1}
  wrong_person: {example: Wrong number, phrases: 1}
  dispute_debt: {example: Not mine, phrases: 1}
  lawyer_or_adviser: {example: My lawyer, phrases: 1}
  complaint: {example: Complaint, phrases: 1}
  request_human: {example: A person, phrases: 1}
"""


def problems_of(**files: str) -> list[Diagnostic]:
    _, problems = book_of({f"en/phrases/{name}.yaml": text for name, text in files.items()})
    return list(problems)


def test_a_shared_files_spellings_are_known_whatever_file_comes_first() -> None:
    assert a_book(already_paid="phrases: |\n  i can't pay twice\n").languages["en"].lexicon.knows("twice")


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    problems = problems_of(greet="alone: |\n  hello (there\n  hi\n  {somewhen}\n  <nobody>\n", deny="always: |\n  no\n")
    assert [(p.place.file, p.place.line) for p in problems] == [
        ("en/phrases/deny.yaml", 1),
        ("en/phrases/greet.yaml", 2),
        ("en/phrases/greet.yaml", 4),
        ("en/phrases/greet.yaml", 5),
    ]


def test_a_phrase_with_a_mistake_is_left_out_and_the_others_stay() -> None:
    book, _ = book_of({"en/phrases/greet.yaml": "alone: |\n  hello (there\n  hi\n"})
    assert [phrase.text for phrase in book.languages["en"].phrases] == ["hi"]


@pytest.mark.parametrize(
    "text", ["", "- hello", "hello", "alone:", "alone: {a: b}", "alone: |\n", "alone: &x |\n  hi\n", "a: [", "\t"]
)
def test_no_file_is_a_crash(text: str) -> None:
    assert problems_of(greet=text) != []


def test_comments_and_a_list_are_read() -> None:
    book, problems = book_of(
        {"en/phrases/greet.yaml": "alone:\n  - hello\n", "en/phrases/deny.yaml": "alone: |\n  # never\n  no\n"}
    )
    assert problems == ()
    assert [phrase.text for phrase in book.languages["en"].phrases] == ["no", "hello"]


def test_spellings_and_ignored_words_count_wherever_they_stand_in_the_file() -> None:
    words = "fillers: |\n  pls\ngroups:\n  me: |\n    the boss\n  pay: |\n    pay\nignored: |\n  the\nsame_as: {pls: please}\n"
    book = a_book(words=words, stop_contact="safety: |\n  quit writing to <me>\n")
    for text in ("quit writing to boss", "quit please writing pls to the boss"):
        assert [guess.intent for guess in heard(text, book).safety] == ["stop_contact"], text


@pytest.mark.parametrize("text", ["sameas: {a: b}", "groups: |\n  a\n", "same_as: |\n  a\n"])
def test_an_unknown_list_of_words_is_told(text: str) -> None:
    assert [problem.code for problem in problems_of(words=text)] == ["U010"]


def test_examples_are_whole_messages_with_their_topic_or_question() -> None:
    text = """
examples: |
  so (what) happens...
topic_examples:
  legal: |
    are you gonna sue me
questions:
  Q12: |
    what about my mortgage
"""
    book, problems = book_of({"en/phrases/ask_consequences.yaml": text})
    assert problems == ()
    assert [(x.text, x.topic, x.question, x.place.line) for x in book.languages["en"].examples] == [
        ("so (what) happens...", None, None, 3),
        ("are you gonna sue me", "legal", None, 6),
        ("what about my mortgage", None, "Q12", 9),
    ]


def test_a_question_that_does_not_exist_is_told() -> None:
    (problem,) = problems_of(ask_consequences="questions:\n  Q65: |\n    what\n")
    assert (problem.code, problem.place.line) == ("U010", 2)


def test_a_language_that_is_still_being_written_has_only_warnings() -> None:
    files = ENGLISH | {
        "dialogs/intents.yaml": _INTENTS + "languages: [en]\n",
        "eo/phrases/greet.yaml": "alone: |\n  saluton (\n  hej\n",
        "eo/phrases/grete.yaml": "alone: |\n  saluton\n",
    }
    book, problems = book_of(files)
    assert [(p.code, p.severity) for p in problems] == [("U010", Severity.WARNING)]
    found = [p for p in check_phrases(book) if p.code in ("U012", "U013") and p.sentence.startswith(("eo", '"grete'))]
    assert {p.code for p in found} == {"U012", "U013"}
    assert {p.severity for p in found} == {Severity.WARNING}


class TestCheck:
    def test_a_book_in_order_has_no_problems(self) -> None:
        assert check_phrases(a_book()) == ()

    def test_one_sentence_in_two_intents_is_told(self) -> None:
        (problem,) = [p for p in check_phrases(a_book(already_paid="phrases: |\n  more time\n")) if p.code == "U011"]
        assert "request_extension here and for already_paid" in problem.sentence
        assert problem.severity is Severity.WARNING

    def test_a_phrase_that_another_intent_steals_is_told(self) -> None:
        book = a_book(already_paid="phrases: |\n  they stop calling\n")
        (problem,) = [p for p in check_phrases(book) if p.code == "U014"]
        assert "means stop_contact" in problem.sentence

    def test_a_stolen_safety_phrase_is_an_error(self) -> None:
        book = a_book(bereavement="safety: |\n  please hello\nexcept: |\n  hello\n")
        assert [p.severity for p in check_phrases(book) if p.code == "U014"] == [Severity.ERROR]

    def test_one_example_of_two_intents_is_told_whatever_its_signs(self) -> None:
        book = a_book(already_paid="examples: |\n  It is done!\n", deny="alone: |\n  no\nexamples: |\n  it is done\n")
        (problem,) = [p for p in check_phrases(book) if p.code == "U015"]
        assert "an example of deny here and of already_paid" in problem.sentence

    def test_languages_are_held_to_the_contract(self) -> None:
        files = ENGLISH | {
            "dialogs/intents.yaml": _INTENTS,
            "en/phrases/grete.yaml": "alone: |\n  hello you\n",
            "en/phrases/ask_consequences.yaml": "topics:\n  legl: |\n    court\n",
        }
        book, problems = book_of(files)
        assert problems == ()
        told = {(p.code, p.severity) for p in check_phrases(book)}
        sentences = " ".join(p.sentence for p in check_phrases(book))
        assert ("U012", Severity.ERROR) in told
        assert 'Did you mean "greet"' in sentences
        assert 'Did you mean "legal"' in sentences
        assert "en has 0 ways to say bereavement; it needs 1." in sentences
        assert ("U013", Severity.ERROR) in told


def _two_scripts(words: str) -> tuple[PhraseBook, list[Diagnostic]]:
    """Traditional Chinese with these words, beside one simplified phrase and one simplified example."""
    book, problems = read_phrases(
        {
            "zh_Hans/phrases/already_paid.yaml": "phrases: |\n  [我] 还了 <钱>\nexamples: |\n  我昨天还了\n",
            "zh_Hans/phrases/words.yaml": "groups:\n  钱: |\n    欠款\n",
            "zh_Hant/phrases/words.yaml": words,
            "zh_Hant/phrases/greet.yaml": "alone: |\n  早晨\nexamples: |\n  早晨呀\n",
        }
    )
    return book, list(problems)


def test_a_language_that_stands_on_another_understands_its_phrases_with_spellings_and_groups_of_its_own() -> None:
    book, problems = _two_scripts("stands_on: zh-Hans\nsame_as:\n  咗: 了\n  甚: 什\ngroups:\n  钱: |\n    卡數\n")
    assert problems == []
    assert heard("還咗卡數", book, "zh-Hant").intent == "already_paid"
    assert heard("還咗欠款", book, "zh-Hant").intent == "already_paid"
    assert [example.text for example in book.languages["zh-Hant"].examples] == ["早晨呀"]


def test_phrases_of_the_language_below_are_not_checked_a_second_time() -> None:
    book, _ = _two_scripts("stands_on: zh-Hans\n")
    assert [p for p in check_phrases(book) if "zh_Hans" in p.place.file] == []
    assert len(book.languages["zh-Hant"].phrases) == len(book.languages["zh-Hans"].phrases) + 1


@pytest.mark.parametrize("below", ["zh-Hans-CN", "zh-Hant"])
def test_standing_on_itself_or_on_nothing_is_told(below: str) -> None:
    _, problems = _two_scripts(f"stands_on: {below}\n")
    assert [(p.code, p.place.line) for p in problems] == [("U010", 1)]
