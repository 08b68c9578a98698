"""A labelled message becomes an example or a test, in one place only, and without persons."""

from __future__ import annotations

import pytest

from bot.understanding.labelled import in_one_line, problem_with, with_example, with_tested
from bot.understanding.phrases import PhraseBook, read_phrases
from tests.unit.understanding.books import ENGLISH

_CONTRACT = "intents:\n  request_extension: {example: more time}\n  greet: {example: Hello}\n"
_FILES = ENGLISH | {"en/phrases/greet.yaml": "alone: |\n  hello\nexamples: |\n  Good day!\n", "intents.yaml": _CONTRACT}


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    return read_phrases(_FILES)[0]


@pytest.mark.parametrize(
    ("line", "intent", "language", "problem"),
    [
        (
            "one week more",
            "request_extention",
            "en",
            '"request_extention" is no intent. Did you mean "request_extension"?',
        ),
        ("one week more", "greet", "eo", 'There are no phrases in "eo".'),
        ("?!", "greet", "en", "Write a message with words; a line that begins with # is a comment."),
        ("# hello you", "greet", "en", "Write a message with words; a line that begins with # is a comment."),
        ("good day", "request_extension", "en", "This is an example of greet already, in en/phrases/greet.yaml:4:1."),
        ("Till payday, please", "request_extension", "en", "This is tested already."),
    ],
)
def test_what_cannot_stand_is_refused(line: str, intent: str, language: str, problem: str, book: PhraseBook) -> None:
    assert problem_with(line, intent, language, book, ["till payday please"]) == problem


def test_personal_data_is_refused_and_the_message_shown_without(book: PhraseBook) -> None:
    problem = problem_with("hello, my name is joan, 0803 123 4567", "greet", "en", book, ())
    assert problem is not None
    assert problem.endswith("hello, my name is [name], [number]")


def test_a_new_message_may_stand(book: PhraseBook) -> None:
    assert problem_with("one more week, can i?", "request_extension", "en", book, ()) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "examples: |\n  new\n"),
        ("phrases: |\n  old\n", "phrases: |\n  old\nexamples: |\n  new\n"),
        ("examples: |\n  one\n\n  two\n", "examples: |\n  one\n\n  two\n  new\n"),
        (
            "examples: |\n  one\n\nquestions:\n  Q01: |\n    am i late\n",
            "examples: |\n  one\n  new\n\nquestions:\n  Q01: |\n    am i late\n",
        ),
    ],
)
def test_an_example_stands_behind_the_others(before: str, after: str) -> None:
    assert with_example(before, "new") == after


def test_a_tested_sentence_stands_at_the_end_as_it_was_said() -> None:
    first = with_tested("", 'he said "no": 好')
    assert first == 'says:\n  - "he said \\"no\\": 好"\n'
    assert with_tested(first, "yes").splitlines() == [*first.splitlines(), '  - "yes"']


def test_a_message_of_several_lines_becomes_one() -> None:
    assert in_one_line(" one\n  more\tweek ") == "one more week"
