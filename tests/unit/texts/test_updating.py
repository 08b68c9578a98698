"""Bringing a catalog up to the dialogs: no translation is lost, and none is said that nobody looked at."""

from __future__ import annotations

from dataclasses import replace

from bot.texts.extract import Extracted
from bot.texts.po_files import Entry, Previous
from bot.texts.updating import template, updated


def _wanted(*sentences: tuple[str, ...]) -> tuple[Entry, ...]:
    return template(
        Extracted(context, source, plural[0] if plural else None, (f"Step {context}.",), "flow.yaml", 3)
        for context, source, *plural in sentences
    )


def _updated(wanted: tuple[Entry, ...], *before: Entry, language: str = "es", repeat: bool = False) -> list[Entry]:
    return updated(wanted, before, language, repeat)[1:]


_PAID = Entry("pay.said", ("You paid %(amount)s.",), ("Usted pagó %(amount)s.",), ("Formal.",))


def test_new_language_begins_with_a_header_and_a_place_for_every_form() -> None:
    header, day, days = updated(_wanted(("a.b", "A day"), ("a.c", "%(n)s day", "%(n)s days")), (), "ar")
    assert header.is_header
    assert "Language: ar\n" in header.forms[0]
    assert (day.forms, days.forms) == (("",), ("",) * 6)
    assert days.flags == {"python-format"}


def test_translation_and_the_translators_comment_stay() -> None:
    [entry] = _updated(_wanted(("pay.said", "You paid %(amount)s.")), _PAID)
    assert (entry.forms, entry.comments, entry.fuzzy) == (_PAID.forms, ("Formal.",), False)
    assert (entry.notes, entry.places) == (("Step pay.said.",), ("flow.yaml",))


def test_reworded_sentence_keeps_the_old_words_as_fuzzy_beside_their_source() -> None:
    new, old = _updated(_wanted(("pay.said", "You have paid %(amount)s.")), _PAID)
    assert (new.forms, new.fuzzy, new.previous) == (_PAID.forms, True, Previous(None, _PAID.sources))
    assert (old.sources, old.forms, old.obsolete) == (_PAID.sources, _PAID.forms, True)


def test_sentence_of_other_words_in_the_step_is_no_help() -> None:
    new, _ = _updated(_wanted(("pay.said", "Good-bye.")), _PAID)
    assert (new.forms, new.fuzzy) == (("",), False)


def test_megabytes_in_the_place_of_a_sentence_are_no_help_and_not_compared() -> None:
    huge = Entry("pay.said", ("e " * 1_500_000,), ("x",))
    new, _ = _updated(_wanted(("pay.said", "The exact sentence that people see before everything else ends.")), huge)
    assert (new.forms, new.fuzzy) == (("",), False)


def test_same_sentence_in_another_step_is_a_suggestion_and_final_where_that_is_asked_for() -> None:
    wanted = _wanted(("pay.said", "You paid %(amount)s."), ("bill.said", "You paid %(amount)s."))
    _, suggested = _updated(wanted, _PAID)
    assert (suggested.forms, suggested.fuzzy) == (_PAID.forms, True)
    assert suggested.previous == Previous("pay.said", _PAID.sources)
    _, final = _updated(wanted, _PAID, repeat=True)
    assert (final.forms, final.fuzzy, final.previous) == (_PAID.forms, False, None)


def test_fuzzy_words_suggest_nothing_and_stay_fuzzy() -> None:
    doubted = replace(_PAID, flags=frozenset({"fuzzy", "python-format"}), previous=Previous(None, ("You pay.",)))
    wanted = _wanted(("pay.said", "You paid %(amount)s."), ("bill.said", "You paid %(amount)s."))
    stays, blank = _updated(wanted, doubted, repeat=True)
    assert (stays.forms, stays.fuzzy, stays.previous) == (_PAID.forms, True, Previous(None, ("You pay.",)))
    assert blank.forms == ("",)


def test_sentence_that_comes_back_brings_its_translation_with_it() -> None:
    [gone] = _updated((), _PAID)
    assert gone.obsolete
    [back] = _updated(_wanted(("pay.said", "You paid %(amount)s.")), gone)
    assert (back.forms, back.comments, back.obsolete, back.fuzzy) == (_PAID.forms, ("Formal.",), False, False)


def test_sentence_that_was_never_translated_leaves_nothing_behind() -> None:
    assert _updated((), Entry("a.b", ("Gone.",), ("",))) == []


def test_sentence_that_got_a_plural_is_to_be_looked_at_again() -> None:
    [entry] = _updated(_wanted(("pay.said", "You paid %(amount)s.", "You all paid %(amount)s.")), _PAID)
    assert (entry.forms, entry.fuzzy, entry.previous) == ((*_PAID.forms, ""), True, Previous(None, _PAID.sources))


def test_english_says_what_the_dialogs_say() -> None:
    before = Entry("a.c", ("%(n)s day", "%(n)s days"), ("Tag", "Tage"))
    gone = Entry("a.d", ("Old",), ("Alt",))
    [entry] = _updated(_wanted(("a.c", "%(n)s day", "%(n)s days")), before, gone, language="en")
    assert entry.forms == ("%(n)s day", "%(n)s days")


def test_sentence_that_stands_twice_in_a_step_is_one_entry_with_all_notes() -> None:
    twice = [Extracted("a.b", "Yes", None, (f"Note {n}.",), "flow.yaml", n) for n in (1, 2)]
    [entry] = template(twice)
    assert (entry.notes, entry.places) == (("Note 1.", "Note 2."), ("flow.yaml",))
