"""Catalogs: what is let in from a .po file, and what is said about the rest."""

from __future__ import annotations

import pytest

from bot.texts.catalogs import Catalog, Catalogs, plural_index, read_catalog

_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _read(entry: str, language: str = "zh-Hans", header: str = _HEADER):
    return read_catalog(header + entry, language)


def test_entry_is_found_by_context_and_source() -> None:
    catalog, problems = _read('msgctxt "promise.card"\nmsgid "Amount"\nmsgstr "金额"\n')
    assert problems == ()
    assert catalog.form("promise.card", "Amount", None) == "金额"
    assert catalog.form("another.step", "Amount", None) is None


def test_fuzzy_entries_do_not_exist() -> None:
    catalog, _ = _read('#, fuzzy\nmsgctxt "a.b"\nmsgid "Amount"\nmsgstr "数量"\n')
    assert catalog.entries == {}


def test_untranslated_and_obsolete_entries_do_not_exist() -> None:
    catalog, problems = _read('msgctxt "a.b"\nmsgid "Amount"\nmsgstr ""\n\n#~ msgid "Old"\n#~ msgstr "旧"\n')
    assert (catalog.entries, problems) == ({}, ())


def test_half_translated_plural_does_not_exist() -> None:
    entry = 'msgctxt "a.b"\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s día"\nmsgstr[1] ""\n'
    assert _read(entry, "es")[0].entries == {}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('msgctxt "a.b"\nmsgid "Pay %(amount)s"\nmsgstr "请还款"\n', "G007"),
        ('msgctxt "a.b"\nmsgid "Pay"\nmsgstr "请还 %(amount)s"\n', "G006"),
        ('msgctxt "a.b"\nmsgid "Pay %(amount)s"\nmsgstr "请还 %(amount)d"\n', "G005"),
        ('msgctxt "a.b"\nmsgid "Pay %(amount)s"\nmsgstr "请还 %(amount)10s"\n', "G005"),
        ('msgctxt "a.b"\nmsgid "Pay %(amount)s"\nmsgstr "请还 %(amount)s 100%"\n', "G005"),
        ('msgctxt "a.b"\nmsgid "Pay <b>now</b>"\nmsgstr "请<b>还款"\n', "G008"),
        ('msgctxt "a.b"\nmsgid "Pay <b>now</b>"\nmsgstr "请</b>还款<b>"\n', "G008"),
        ('msgctxt "a.b"\nmsgid "Pay now"\nmsgstr "请<a>还款</a>"\n', "G008"),
        ('msgctxt "a.b"\nmsgid "Pay now"\nmsgstr "请\u202e还款"\n', "G009"),
        ('msgctxt "a.b"\nmsgid "Pay now"\nmsgstr "请\\n还款"\n', "G011"),
        (
            'msgctxt "a.b"\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s天"\nmsgstr[1] "%(n)s天"\n',
            "G004",
        ),
    ],
)
def test_entry_with_a_mistake_is_named_and_left_out(entry: str, code: str) -> None:
    catalog, problems = _read(entry)
    assert code in {p.code for p in problems}
    assert catalog.entries == {}
    assert all(p.place.file == "locales/zh_Hans/LC_MESSAGES/bot.po" and p.place.line > 0 for p in problems)


def test_one_bad_entry_does_not_take_the_good_ones_with_it() -> None:
    good = 'msgctxt "a.b"\nmsgid "Yes"\nmsgstr "是"\n\n'
    catalog, problems = _read(good + 'msgctxt "a.b"\nmsgid "Pay"\nmsgstr "请还 %(amount)s"\n')
    assert dict(catalog.entries) == {("a.b", "Yes"): ("是",)}
    assert [p.code for p in problems] == ["G006"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ('msgid ""\nmsgstr ""\n"Language: fr\\n"\n', "G002"),
        ('msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n', "G003"),
    ],
)
def test_header_that_contradicts_the_folder_is_named(header: str, code: str) -> None:
    assert [p.code for p in _read("", header=header)[1]] == [code]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('msgid "open\n', [1]),
        ("msgstr", [1]),
        ("\x00", [1]),
        ("[main]\nkey = 1", [1, 2]),
        ('msgid "a"\nmsgstr[x] "b"\n\nmsgid "c"\n', [2, 4]),
        ('msgid "a"\nmsgstr[7] "b"\n', [2]),
        ('msgid "a"\nmsgid_plural "b"\nmsgid_plural "c"\nmsgstr[0] ""\n', [3]),
        ('"text of nobody"\n', [1]),
        ('msgid "a\u0007"\nmsgstr "b"\n', [1]),
    ],
)
def test_what_is_no_catalog_is_named_line_by_line(text: str, lines: list[int]) -> None:
    catalog, problems = read_catalog(text, "zh-Hans")
    assert catalog.entries == {}
    assert [(p.code, p.place.line) for p in problems] == [("G001", line) for line in lines]


def test_broken_line_takes_its_entry_with_it_and_no_other() -> None:
    broken = 'msgctxt "a.b"\nmsgid "Pay"\nmsgstr ""\n"请还\n"款"\n\n'
    catalog, problems = _read(broken + 'msgctxt "a.b"\nmsgid "Yes"\nmsgstr "是"\n')
    assert dict(catalog.entries) == {("a.b", "Yes"): ("是",)}
    assert [(p.code, p.place.line) for p in problems] == [("G001", 8)]


def test_message_that_stands_twice_is_named_and_the_first_counts() -> None:
    catalog, problems = _read('msgctxt "a"\nmsgid "Yes"\nmsgstr "是"\n\nmsgctxt "a"\nmsgid "Yes"\nmsgstr "好"\n')
    assert dict(catalog.entries) == {("a", "Yes"): ("是",)}
    assert [(p.code, p.place.line) for p in problems] == [("G010", 9)]


def test_catalog_over_four_mebibytes_is_refused_unread() -> None:
    assert [p.code for p in read_catalog("#" * (4 * 1024 * 1024 + 1), "en")[1]] == ["G001"]


def test_file_of_nothing_but_faults_is_not_read_to_its_end() -> None:
    assert len(read_catalog("x\n" * 100_000, "en")[1]) == 100


@pytest.mark.parametrize(
    ("language", "counts"),
    [("en", {0: 1, 1: 0, 2: 1}), ("zh-Hans", {0: 0, 1: 0, 2: 0}), ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 11: 5, 100: 4})],
)
def test_plural_forms_are_those_of_cldr(language: str, counts: dict[int, int]) -> None:
    assert {n: plural_index(language)(n) for n in counts} == counts


def test_plural_rule_of_the_file_is_never_run() -> None:
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=__import__;\\n"\n'
    catalog, _ = _read(
        'msgctxt "a.b"\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s天"\n', header=header
    )
    assert catalog.form("a.b", "%(n)s day", 5) == "%(n)s天"


def test_english_stands_behind_every_language_even_without_a_catalog() -> None:
    chinese = Catalog("zh-Hans")
    catalogs = Catalogs({"zh-Hans": chinese})
    assert [c.language for c in catalogs.chain("zh-Hant")] == ["zh-Hans", "en"]
    assert [c.language for c in catalogs.chain("fr")] == ["en"]
    assert Catalogs({"zh-Hans": chinese, "en": Catalog("en")}).languages == ("en", "zh-Hans")
