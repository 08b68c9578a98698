"""Pictures that are sent together are updates of their own: they are answered once, and a question stays open meanwhile."""

from __future__ import annotations

import json

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.events import Received, TextReceived, Unsupported, UnsupportedReceived
from tests.end_to_end.terminals import Terminals


def reads_pictures(raw: str) -> Received | None:
    """A line `album 1` is one picture of that album; what follows is written under it."""
    if "album" not in raw:
        return console.read(raw)
    album = "1" if "album 1" in raw else "2"
    _, with_words, words = str(json.loads(raw)["text"]).partition(": ")
    if with_words:
        return Received(Address(console.CHANNEL, "sam"), TextReceived(words, album=album))
    return Received(Address(console.CHANNEL, "sam"), UnsupportedReceived(Unsupported.PHOTO, album))


async def test_an_album_is_answered_once_and_the_next_one_again(office: Terminals) -> None:
    office.read = reads_pictures
    await office.sit("sam", "S-4", "en")
    answers = [await office.say("sam", line) for line in ("album 1", "album 1", "album 1", "album 2", "album 2")]
    assert [bool(answer) for answer in answers] == [True, False, False, True, False]


async def test_the_words_under_an_album_are_its_one_answer(office: Terminals) -> None:
    office.read = reads_pictures
    await office.sit("sam", "S-4", "en")
    answers = [await office.say("sam", line) for line in ("album 1: what do I owe?", "album 1", "album 1", "album 2")]
    assert [bool(answer) for answer in answers] == [True, False, False, True]


async def test_a_picture_of_an_album_answers_the_question_that_its_words_led_to(office: Terminals) -> None:
    office.read = reads_pictures
    await office.sit("sam", "S-4", "en")
    asked = await office.say("sam", "album 1: I want to make a complaint")
    assert "You can also send a photo." in asked
    assert await office.say("sam", "album 1") not in ("", asked)
    assert await office.say("sam", "album 1") == ""


async def test_the_rest_of_an_album_leaves_the_open_question_and_its_buttons(office: Terminals) -> None:
    office.read = reads_pictures
    await office.sit("sam", "S-4", "en")
    await office.say("sam", "I'll pay 95 on Friday")
    await office.say("sam", "album 1")
    assert await office.say("sam", "album 1") == ""
    await office.say("sam", "1")
    assert len([c async for c in office.storage.commitments()]) == 1
