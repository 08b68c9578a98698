"""What leaves the house holds no names, addresses, numbers or references, and still tells what is wanted."""

from __future__ import annotations

import pytest

from bot.understanding.redacting import MOST_CHARACTERS, redacted

_WORDS = frozenset(
    [
        "hello",
        "please",
        "call",
        "my",
        "is",
        "i",
        "am",
        "the",
        "and",
        "can",
        "you",
        "mr",
        "wife",
        "paid",
        "from",
        "loan",
        "your",
        "by",
        "for",
        "write",
    ]
)


def of(text: str, *names: str) -> str:
    return redacted(text, names, _WORDS.__contains__)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("call me on +1 (415) 555-0199 after six", "call me on [number] after six"),
        ("my card 4111-1111-1111-1111", "my card [number]"),
        ("转账到 6222021234567890", "转账到 [number]"),
        ("मेरा नंबर ९८७६५४३२१०", "मेरा नंबर [number]"),
        ("i can pay 500 on 25", "i can pay 500 on 25"),
        ("200rs tomorrow", "200rs tomorrow"),
        ("loan L-2001 and txn AX99812KK", "loan [reference] and txn [reference]"),
        ("write to jo.doe+x@mail.example please", "write to [email] please"),
        ("see https://pay.example/u/77?x=1 ok", "see [link] ok"),
        ("ask @jo_doe", "ask [name]"),
        ("my name is joan, hi", "my name is [name], hi"),
        ("Can you call Mr Okafor", "Can you call Mr [name]"),
        ("My wife Grace paid from Lagos", "My wife [name] paid from [name]"),
        ("我叫王小明", "我叫[name]"),
        ("王先生", "[name]先生"),
        ("me llamo Inés Robles", "me llamo [name]"),
        ("Don't write", "Don't write"),
    ],
)
def test_persons_become_placeholders(text: str, left: str) -> None:
    assert of(text) == left


def test_the_names_of_the_people_concerned_are_taken_out_in_any_writing() -> None:
    assert of("this is AMINA, amina bello, not aminata", "Amina Bello") == "this is [name], [name], not aminata"
    assert of("小明已经还了，李小明", "李小明") == "[name]已经还了，[name]"


def test_a_long_message_is_cut() -> None:
    assert len(of("a " * 50_000)) == MOST_CHARACTERS
