"""Faults planted into the shipped flows are found, every one, by their code and at their place; and nothing crashes on any."""

from __future__ import annotations

import os
from functools import lru_cache

import pytest

from bot.dialog.check import check_script
from bot.dialog.check_flows import check_intents
from bot.dialog.check_stages import check_stage_names
from bot.dialog.parse import parse_script
from bot.dialog.script import Script
from bot.domain.diagnostics import Diagnostic
from bot.texts.catalogs import Catalog, Catalogs, read_catalog
from tests.properties.seeded_faults import FLOWS, STEPS, TEXTS, TRANSLATIONS, Planted, beside, planted
from tests.unit.dialog.scripts import FILES
from tests.unit.dialog.small_script import lexicon, small

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
