"""Faults planted into the shipped flows are found, every one, by their code and at their place; and nothing crashes on any."""

from __future__ import annotations

import os
import random
from functools import lru_cache

import pytest

from bot.dialog.check import check_script
from bot.dialog.check_flows import check_intents
from bot.dialog.check_stages import check_stage_names
from bot.dialog.parse import parse_script
from bot.dialog.parse_answers import parse_answers
from bot.dialog.script import Script
from bot.domain.diagnostics import Diagnostic, Severity
from bot.texts.catalogs import Catalog, Catalogs, read_catalog
from tests.properties.seeded_faults import FLOWS, STEPS, TEXTS, TRANSLATIONS, Planted, beside, planted
from tests.unit.dialog.scripts import FILES
from tests.unit.dialog.small_script import ROOT, lexicon, small

LONG = bool(os.environ.get("GRACE_TEST_LONG"))
MANY = 5000 if LONG else 500
PARTS = 10
STAGES = ("early", "late")


@lru_cache(maxsize=1)
def _shipped() -> Script:
    script, problems = parse_script(FILES)
    assert script is not None, problems
    return script


def _found(fault: Planted) -> tuple[Diagnostic, ...]:
    spoilt, found = parse_script({fault.path: fault.text})
    if spoilt is None:
        return found
    script = beside(_shipped(), small(), spoilt)
    languages = {"en": Catalog("en")}
    if fault.po:
        said = {(s.context, s.source): (s.plural or s.source,) for _, s in script.sentences()}
        catalog, faults = read_catalog(fault.po, "zh_Hans")
        key = next(iter([*catalog.entries, *catalog.faulty, _untranslated(fault)]))
        assert said.pop(key)
        languages = {"zh-Hans": Catalog("zh-Hans", {**said, **catalog.entries}, catalog.faulty)}
        found += faults
    found += check_script(script, Catalogs(languages), tuple(languages), [lexicon(tag) for tag in languages])
    return (*found, *check_intents(script, _shipped().by_intent), *check_stage_names(script, STAGES))


def _untranslated(fault: Planted) -> tuple[str, str]:
    context, source = fault.po.split('msgctxt "')[1].split('"\nmsgid "')
    return context, source.split('"\nmsgstr')[0].replace('\\"', '"')


def _missed(fault: Planted) -> str | None:
    """Why the fault counts as missed, or None."""
    found = [p for p in _found(fault) if p.code in fault.codes]
    files = (fault.path, "locales/zh_Hans/LC_MESSAGES/bot.po")
    placed = [p for p in found if p.place.file in files]
    if fault.lines is not None:
        first, last = fault.lines
        placed = [p for p in placed if first <= p.place.line <= last]
    return None if placed else f"{fault.kind} in {fault.path} {fault.lines}: {[str(p) for p in found]}"


@pytest.mark.parametrize("part", range(PARTS))
def test_each_of_500_planted_faults_is_found(part: int) -> None:
    faults = [planted(number) for number in range(part, MANY, PARTS)]
    assert len(faults) == MANY // PARTS
    assert [missed for fault in faults if (missed := _missed(fault))] == []


def test_planted_faults_are_of_all_kinds() -> None:
    kinds = {planted(number).kind for number in range(500)}
    assert kinds == {*STEPS, *FLOWS, *TEXTS, *(f"translation: {kind}" for kind in TRANSLATIONS)}


def test_flows_without_a_fault_give_no_error() -> None:
    for path, text in list(FILES.items()):
        spoilt, problems = parse_script({path: text})
        assert spoilt is not None, problems
        if not next(iter(spoilt.flows.values())).messages:
            # Whatever calls it is not there.
            assert [str(p) for p in _found(Planted("none", path, text, ())) if p.code != "S076"] == []


_WORDS = (
    "",
    "end",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "%(",
    "%(payable)s",
    "\t",
    "\x00",
    "null",
    "true",
    "9" * 40,
    "é",
)


def _spoilt(text: str, rng: random.Random) -> str:
    """The text with a few lines taken out, moved, doubled or broken, as a slip of the hand would."""
    lines = text.splitlines()
    for _ in range(rng.randint(1, 3)):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(5):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at] = " " * rng.randint(0, 6) + lines[at].lstrip()
            case 3:
                cut = rng.randint(0, len(lines[at]))
                lines[at] = lines[at][:cut] + rng.choice(_WORDS) + lines[at][cut:]
            case _:
                words = lines[at].split(" ")
                words[rng.randrange(len(words))] = rng.choice([*lines[other].split(" "), *_WORDS])
                lines[at] = " ".join(words)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("part", range(3))
def test_any_slip_in_a_flow_gives_a_script_or_diagnostics_never_a_crash(part: int) -> None:
    for number in range(part, 3000 if LONG else 150, 3):
        rng = random.Random(number)
        path = rng.choice(sorted(FILES))
        text = _spoilt(FILES[path], rng)
        spoilt, problems = parse_script({path: text})
        assert (spoilt is None) == any(p.severity is Severity.ERROR for p in problems), text
        if spoilt is not None:
            check_script(beside(_shipped(), small(), spoilt), Catalogs({"en": Catalog("en")}))


def test_any_slip_in_an_answer_gives_diagnostics_never_a_crash() -> None:
    files = {
        f"dialogs/answers/{path.relative_to(ROOT / 'dialogs/answers')}": path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "dialogs/answers").rglob("*.yaml"))
    }
    for number in range(600 if LONG else 30):
        rng = random.Random(number)
        path = rng.choice(sorted(files))
        _, problems = parse_answers({path: _spoilt(files[path], rng)}, _shipped())
        assert all(p.place.file == path and p.fix for p in problems)
