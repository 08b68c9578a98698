"""Identity answers: what proves that somebody is the borrower, in any usual way of writing it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialog.identity import birth_dates, proves
from bot.domain.borrower import IdentityFacts

_KNOWN = IdentityFacts(phone="+8613800000000", birth_date=date(1990, 5, 12), id_last4="012X")


@pytest.mark.parametrize(
    "answer",
    [
        "1990-05-12",
        "19900512",
        "12051990",
        "05121990",
        "12.5.1990",
        "5/12/1990",
        "1990年5月12日",
        "１９９００５１２",
        "born 12 / 05 / 1990.",
        "12 May 1990",
        "May 12, 1990",
        "12-MAY-1990",
        "1990 may 12th",
        "12.05.90",
        "90-05-12",
        "一九九〇年五月十二日",
    ],
)
def test_birth_date_counts_in_every_usual_order(answer: str) -> None:
    assert proves("birth_date", answer, _KNOWN)


@pytest.mark.parametrize(
    "answer", ["1990-05-13", "91-05-12", "1990-05", "199005", "1990-13-41", "", "12 May", "1 9 9 0 0 5 1 2"]
)
def test_other_answers_are_no_birth_date(answer: str) -> None:
    assert not proves("birth_date", answer, _KNOWN)


def test_ambiguous_order_gives_both_readings_and_no_more() -> None:
    assert birth_dates("03/04/1990") == {date(1990, 4, 3), date(1990, 3, 4)}


@pytest.mark.parametrize("answer", ["012X", "012x", " 012-x ", "０１２Ｘ"])
def test_last_four_count_however_typed(answer: str) -> None:
    assert proves("id_last4", answer, _KNOWN)


@pytest.mark.parametrize("answer", ["0123", "12X", "9012X", "", "012XX"])
def test_other_endings_do_not(answer: str) -> None:
    assert not proves("id_last4", answer, _KNOWN)


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("8613800000000", True),
        ("+86 138 0000 0000", True),
        ("13800000000", False),
        ("8613800000001", False),
        ("", False),
    ],
)
def test_contact_must_be_the_same_number(number: str, same: bool) -> None:
    assert proves("contact", number, _KNOWN) is same


@pytest.mark.parametrize("proof", ["contact", "birth_date", "id_last4", "shoe_size"])
def test_what_the_lender_does_not_know_proves_nothing(proof: str) -> None:
    assert not proves(proof, "1990-05-12", IdentityFacts())
