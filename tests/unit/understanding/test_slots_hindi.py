"""Values in Hindi, as they are typed in Devanagari and in Latin letters. Today is a Saturday, 21 November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding.normalize import normalize
from bot.understanding.slots import grammar_for
from bot.understanding.slots.choice import choose
from bot.understanding.slots.numbers import read_digits
from bot.understanding.slots.readings import Reading
from bot.understanding.sounds import sound_of
from bot.understanding.words import Lexicon

_TODAY = date(2026, 11, 21)


def _read(text: str, intent: str | None = "promise_to_pay", past: bool = False) -> dict[str, Reading]:
    grammar = grammar_for("hi")
    signs = grammar.table.signs
    known = grammar.known | signs.ahead | signs.gone | signs.pay_behind
    words = Lexicon(grammar.spellings, known, sound_of("hi")).read(normalize(text, "hi"))
    chosen = choose(grammar.candidates(words, _TODAY, past), words, signs, intent)
    return {candidate.reading.name: candidate.reading for candidate in chosen}


def _amount(text: str) -> tuple[str | None, str | None] | str | None:
    reading = _read(text).get("amount")
    if reading is None or reading.amount is None:
        return None
    said = reading.amount
    return "/".join(map(str, said.share)) if said.share else (said.number, said.currency)


def _day(text: str, past: bool = False) -> str | None:
    reading = _read(text, past=past).get("date")
    return str(reading.day) if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("डेढ़ हज़ार", ("1500", None)),
        ("ढाई हज़ार रुपये", ("2500", None)),
        ("सवा सौ", ("125", None)),
        ("sava do sau", ("225", None)),
        ("साढ़े तीन हज़ार", ("3500", None)),
        ("sadhe 3 hazaar", ("3500", None)),
        ("paune do hazar", ("1750", None)),
        ("sava lakh", ("125000", None)),
        ("पाँच सौ", ("500", None)),
        ("paanch hazar teen sau pachas", ("5350", None)),
        ("500 rupay", ("500", None)),
        ("Rs. 750/-", ("750", None)),
        ("5k", ("5000", None)),
        ("2 lakh", ("200000", None)),
        ("₹1,25,000", ("125000", "INR")),
        ("१२५० रुपये", ("1250", None)),
        ("adha", "1/2"),
        ("आधा पैसा", "1/2"),
        ("पूरा पैसा", "1/1"),
        ("minimum", None),
        ("500 nahi de sakta", None),
        ("पाँच सौ नहीं दे पाऊँगा", None),
        ("500 nahi de sakta, 200 de dunga", ("200", None)),
        ("8000 baki hai, 3000 de dunga", ("3000", None)),
        ("do baje", None),
        ("10 baje call karna", None),
    ],
)
def test_hindi_sums(text: str, expected: tuple[str | None, str | None] | str | None) -> None:
    assert _amount(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kal kar dunga", "2026-11-22"),
        ("कल तक दे दूंगा", "2026-11-22"),
        ("kal kar diya", "2026-11-20"),
        ("कल भेजा था", "2026-11-20"),
        ("parson tak", "2026-11-23"),
        ("परसों दिया था", "2026-11-19"),
        ("kal salary aayi thi, parso dunga", "2026-11-23"),
        ("aaj sham tak", "2026-11-21"),
        ("somvar ko", "2026-11-23"),
        ("अगले शुक्रवार", "2026-11-27"),
        ("5 tareekh", "2026-12-05"),
        ("२५ तारीख तक", "2026-11-25"),
        ("10 ko dunga", "2026-12-10"),
        ("agle mahine ki 5", "2026-12-05"),
        ("25 nov", "2026-11-25"),
        ("mahine ke aakhir tak", "2026-11-30"),
        ("महीने के अंत तक", "2026-11-30"),
        ("do din baad", "2026-11-23"),
        ("3 din pehle diya", "2026-11-18"),
        ("pichle somvar ko", "2026-11-16"),
        ("कल नहीं, परसों दूंगा", "2026-11-23"),
        ("shukravar nahi shanivar ko", "2026-11-28"),
        ("agle hafte", None),
        ("salary aane par", None),
        ("दिवाली तक", None),
    ],
)
def test_hindi_days(text: str, expected: str | None) -> None:
    assert _day(text) == expected


def test_kal_without_a_verb_is_tomorrow_or_yesterday() -> None:
    reading = _read("कल")["date"]
    assert (reading.day, reading.alternatives) == (date(2026, 11, 22), (date(2026, 11, 20),))


def test_kal_in_words_about_a_payment_made_is_yesterday() -> None:
    assert _day("kal", past=True) == "2026-11-20"


def test_either_of_two_days_keeps_both() -> None:
    reading = _read("shukravar ya shanivar ko")["date"]
    assert (reading.day, reading.alternatives) == (date(2026, 11, 27), (date(2026, 11, 28),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3 din aur", 3), ("पाँच दिन की मोहलत", 5), ("ek hafte ka time", 7), ("thoda time", None), ("2-3 din", None)],
)
def test_hindi_lengths(text: str, expected: int | None) -> None:
    reading = _read(text, "request_extension").get("days")
    assert (reading.number if reading else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 kist me", 3),
        ("तीन किस्तों में", 3),
        ("6 EMI me bana do", 6),
        ("aadha abhi aadha baad me", 2),
        ("meri 3 emi bounce", None),
    ],
)
def test_hindi_counts_of_payments(text: str, expected: int | None) -> None:
    reading = _read(text, "propose_instalments").get("instalments")
    assert (reading.number if reading else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("1,25,000", "125000"), ("12,34,567", "1234567"), ("1,25", None), ("125,00,000", None)]
)
def test_digits_in_indian_groups(text: str, expected: str | None) -> None:
    value = read_digits(text, ".")
    assert (str(value) if value is not None else None) == expected
