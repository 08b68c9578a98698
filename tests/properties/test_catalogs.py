"""Whatever a catalog or a file of answers holds, and whichever sentences are translated: nothing hangs, grows or is half said."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.catalog_files import template_of, updated_text
from bot.dialog.parse import parse_script
from bot.domain.yaml_reading import MAX_BYTES, read_yaml
from bot.texts.catalogs import Catalog, Catalogs, read_catalog
from bot.texts.extract import extract_answers, extract_flow, groups_in
from bot.texts.messages import Message, Words
from bot.texts.po_files import Entry, Previous, read_entries, write_entries
from bot.texts.render import render_lines, whole_language
from bot.understanding.phrases import read_phrases
from tests.conversations.shipped import ROOT

_TEMPLATE, _ = template_of(ROOT / "dialogs")
_MESSAGES = (
    *(Message(f"en{n}", "a.b") for n in range(4)),
    Message("en5 %(x)s", "a.b", (("x", Words(Message("en6", "a.b"))),)),
)
_SOURCES = ("en0", "en1", "en2", "en3", "en5 %(x)s", "en6")

# -- whole messages --------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    hant=st.frozensets(st.sampled_from(_SOURCES)),
    hans=st.frozensets(st.sampled_from(_SOURCES)),
    lines=st.lists(st.sampled_from(_MESSAGES), min_size=1, max_size=4),
)
def test_message_is_said_in_one_language_the_first_that_has_all_of_it(
    hant: frozenset[str], hans: frozenset[str], lines: list[Message]
) -> None:
    known = {"zh-Hant": hant, "zh-Hans": hans}
    made = {t: Catalog(t, {("a.b", s): (s.replace("en", t),) for s in has}) for t, has in known.items()}
    catalogs = Catalogs({"en": Catalog("en"), **made})
    needed = {m.source for m in lines} | ({"en6"} if _MESSAGES[4] in lines else set())
    wanted = next((tag for tag in ("zh-Hant", "zh-Hans") if needed <= known[tag]), "en")
    said = render_lines(lines, catalogs, "zh-Hant")
    assert whole_language(lines, catalogs, "zh-Hant") == wanted
    marks = {word.rstrip("0123456789") for word in said.split()}
    assert marks == {wanted}


# -- round trips -----------------------------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85"), max_size=200)
_WORDS = _TEXT | st.text('ab "\\%（。、-/—अआ天 ', max_size=200)
_COMMENT = st.text("abc 天", min_size=1, max_size=60).map(str.strip).filter(lambda c: c and not c.startswith("|"))


@st.composite
def _entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    found: dict[tuple[object, ...], Entry] = {}
    for _ in range(draw(st.integers(0, 4))):
        sources = draw(st.tuples(_WORDS.filter(bool)) | st.tuples(_WORDS.filter(bool), _WORDS))
        forms = tuple(draw(_WORDS) for _ in range(1 if len(sources) == 1 else draw(st.integers(1, 6))))
        obsolete = draw(st.booleans())
        previous = Previous(draw(st.none() | _WORDS), sources) if draw(st.booleans()) else None
        entry = Entry(
            context=draw(st.none() | _WORDS),
            sources=sources,
            forms=forms,
            comments=tuple(draw(st.lists(_COMMENT, max_size=2))),
            notes=() if obsolete else tuple(draw(st.lists(_COMMENT, max_size=2))),
            flags=frozenset(draw(st.sets(st.sampled_from(("fuzzy", "python-format"))))),
            previous=previous,
            obsolete=obsolete,
        )
        found[entry.context, sources[0], obsolete] = entry
    return tuple(found.values())


@settings(max_examples=100, deadline=None)
@given(_entries())
def test_what_is_written_is_read_again_and_written_the_same(entries: tuple[Entry, ...]) -> None:
    text = write_entries(entries)
    again, problems = read_entries(text, "bot.po")
    assert problems == ()
    assert [(e.context, e.sources, e.forms, e.previous, e.flags, e.obsolete) for e in again] == [
        (e.context, e.sources, e.forms, e.previous, e.flags, e.obsolete) for e in entries
    ]
    assert write_entries(again) == text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_TEMPLATE), _WORDS.filter(bool), st.booleans()), max_size=6))
def test_update_keeps_every_translation_and_a_second_one_changes_nothing(kept: list[tuple[Entry, str, bool]]) -> None:
    before = {}
    for entry, words, still_there in kept:
        source = entry.sources[0] if still_there else f"{entry.sources[0]} (as it was)"
        before[entry.context, source] = Entry(
            entry.context, (source, *entry.sources[1:]), (words,) * len(entry.sources)
        )
    text, problems = updated_text(_TEMPLATE[:60], write_entries(before.values()), "es")
    after, _ = read_entries(text, "bot.po")
    assert problems == ()
    assert {form for e in before.values() for form in e.forms} <= {form for e in after for form in e.forms}
    assert updated_text(_TEMPLATE[:60], text, "es") == (text, ())


# -- hostile files -----------------------------------------------------------------------------------------------------------

_HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
_ENTRY = 'msgctxt "a.b"\nmsgid "Pay %(amount)s"\nmsgstr "%s"\n'
_HOSTILE = {
    "width": _HEADER + _ENTRY.replace("%s", "Pague %(amount)1000000000s", 1),
    "precision": _HEADER + _ENTRY.replace("%s", "Pague %(amount).1000000000f", 1),
    "attributes": _HEADER + _ENTRY.replace("%s", "Pague {amount.__class__}", 1),
    "plural rule": 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=9**9**9**9;\\n"\n',
    "plural count": 'msgid ""\nmsgstr "Plural-Forms: nplurals=999999999999999999; plural=0;\\n"\n',
    "plural form": _HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[999999999] "c"\n',
    "brackets": 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=' + "(" * 100_000 + 'n;\\n"\n',
    "escapes": _HEADER + f'msgid "a"\nmsgstr "{chr(92) * 200_000}"\n',
    "no end": _HEADER + 'msgid "a"\nmsgstr "' + '\\"' * 100_000 + "\n",
    "percents": _HEADER + f'msgid "a"\nmsgstr "{"%" * 100_001}"\n',
    "tags": _HEADER + f'msgid "a"\nmsgstr "{"<b>" * 50_000}"\n',
    "open tags": _HEADER + f'msgid "a"\nmsgstr "{"<b" * 50_000}"\n',
    "lines": "\n" * 1_000_000,
    "comments": "#\n" * 200_000,
    "flags": "#, " + "a," * 100_000 + '\nmsgid "a"\nmsgstr "b"\n',
    "continuations": _HEADER + 'msgid "a"\nmsgstr ""\n' + '"b"\n' * 100_000,
    "separator": _HEADER + 'msgctxt "a.b\x04c"\nmsgid "a"\nmsgstr "b"\n',
    "nothing": "\x00" * 1000,
    "binary": bytes(range(256)).decode("latin-1") * 100,
    "surrogate": _HEADER + 'msgid "a"\nmsgstr "\ud800"\n',
    "mark": "\ufeff\ufeff" + _HEADER,
    "carriage returns": _HEADER.replace("\n", "\r"),
    "duplicates": _HEADER + 'msgid "a"\nmsgstr "b"\n\n' * 10_000,
    "headers": _HEADER * 1000,
    "blank context": _HEADER + 'msgctxt ""\nmsgid ""\nmsgstr "b"\n',
    "obsolete": "#~ " * 100_000,
    "before": "#| " * 100_000,
    "large": "# " * (3 * 1024 * 1024),
}


@pytest.mark.parametrize("kind", _HOSTILE)
def test_hostile_catalog_gives_problems_or_nothing_and_says_no_word_of_it(kind: str) -> None:
    catalog, problems = read_catalog(_HOSTILE[kind], "es")
    assert len(problems) < 10_010
    harmless = {"continuations", "flags", "attributes", "blank context", "duplicates", "escapes"}
    said = {form for forms in catalog.entries.values() for form in forms}
    assert said == set() or kind in harmless
    assert not any("1000000000" in form for form in said)


_GOOD = write_entries(
    (
        *read_entries(_HEADER, "x")[0],
        *(Entry(e.context, e.sources, e.sources, ("A note.",), e.notes, e.places, e.flags) for e in _TEMPLATE[:12]),
        Entry("gone", ("Old",), ("Viejo",), obsolete=True),
    )
)
_SLIPS = (
    '"',
    "\\",
    "\n",
    "#",
    "#~ ",
    "#| ",
    "msgid ",
    "msgstr[1] ",
    "%(",
    "%",
    "\ufeff",
    "\r",
    "\x00",
    "\u202e",
    "<b>",
    "天",
)


def _spoilt(text: str, seed: int, slips: tuple[str, ...]) -> str:
    """The text with a few characters or lines lost, doubled or put in."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(text)), chance.choice((0, 1, 5, 60))
        put = chance.choice((*slips, text[at : at + 40]))
        text = text[:at] + put + text[at + length :]
    return text


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_spoilt_catalog_is_read_and_brought_up_without_a_crash(start: int) -> None:
    for seed in range(start, start + 100):
        text = _spoilt(_GOOD, seed, _SLIPS)
        catalog, problems = read_catalog(text, "es")
        assert all(p.sentence and p.fix for p in problems)
        assert len(catalog.entries) <= 14
        again, faults = updated_text(_TEMPLATE[:12], text, "es")
        assert faults or updated_text(_TEMPLATE[:12], again, "es") == (again, ()), f"seed {seed}"


_FLOW = (ROOT / "dialogs/flows/promise.yaml").read_text(encoding="utf-8")
_ANSWERS = (ROOT / "dialogs/answers/credit.yaml").read_text(encoding="utf-8")
_YAML_SLIPS = (
    "[",
    "{",
    "}",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "|\n",
    "\t",
    "%(",
    '"',
    "'",
    "\x00",
    "\ud800",
    "# ",
    "? ",
    "---\n",
)


@pytest.mark.parametrize("text", [_FLOW, _ANSWERS], ids=["flow", "answers"])
def test_spoilt_file_gives_problems_or_sentences_and_never_a_crash(text: str) -> None:
    for seed in range(40):
        spoilt = _spoilt(text[:6000], seed, _YAML_SLIPS)
        file = read_yaml(spoilt, "x.yaml")
        found = [*extract_flow(file), *extract_answers(file, groups_in((file,)))]
        assert all(e.source and e.context for e in found)
        parse_script({"dialogs/flows/x.yaml": spoilt})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (MAX_BYTES + 1), "Y001"),
        ("[" * 33 + "]" * 33, "Y004"),
        ("{a: &x 1, b: *x}", "Y008"),
        ("a: !!python/name:os.system x", "Y009"),
        ("{a: 1, a: 2}", "Y007"),
        ("&a [*a, *a]", "Y008"),
        ("---\na: 1\n---\nb: 2\n", "Y003"),
        ("a: " + "[1, " * 31 + "x", "Y002"),
    ],
)
def test_limits_hold_for_every_kind_of_file(text: str, code: str) -> None:
    _, problems = parse_script({"dialogs/flows/x.yaml": text})
    assert code in {p.code for p in problems}
    _, problems = read_phrases({"dialogs/intents.yaml": text, "locales/en/phrases/balance.yaml": text})
    assert sum(p.code == code for p in problems) == 2


def test_long_run_of_one_character_is_wrapped_in_one_pass() -> None:
    for character in ('"', "\\", " ", "天", "%", "न", "("):
        entry = Entry("a.b", ("a",), (character * 100_000,))
        assert read_entries(write_entries((entry,)), "x")[0][0].forms == entry.forms
