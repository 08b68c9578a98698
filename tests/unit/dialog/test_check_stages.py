"""Every stage in which the bot writes has words, in its tone and in every language, or its line is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.dialog.check_stages import check_stages
from bot.dialog.script import Script, step_sentences
from bot.domain.diagnostics import Severity
from bot.policy.places import stage_places
from bot.texts.catalogs import Catalog
from tests.conversations.shipped import shipped
from tests.unit.policy.cases import files_in, programme

PLACES = stage_places(files_in("policies"))
CHINESE = shipped().catalogs.by_language["zh-Hans"]


def script_without(*steps: str) -> Script:
    script = shipped().script
    reminders = script.flows["reminders"]
    left = {name: step for name, step in reminders.steps.items() if name not in steps}
    return replace(script, flows={**script.flows, "reminders": replace(reminders, steps=left)})


def chinese_without(*steps: str) -> Catalog:
    """The catalog without a word of these steps, of what no other step says as well."""
    gone = {
        (sentence.context, sentence.source)
        for name in steps
        for sentence in step_sentences(shipped().script.flows["reminders"].steps[name])
    }
    entries: Mapping[tuple[str, str], tuple[str, ...]] = {k: v for k, v in CHINESE.entries.items() if k not in gone}
    return replace(CHINESE, entries=entries)


def found(script: Script, catalog: Catalog, *names: str) -> list[str]:
    problems = check_stages(script, [catalog], [programme(name) for name in names], PLACES)
    return [str(problem) for problem in problems]


def test_every_stage_of_every_shipped_programme_has_words_in_every_language() -> None:
    live = shipped()
    assert check_stages(live.script, live.catalogs.by_language.values(), live.programmes, PLACES) == ()


def test_a_stage_without_words_in_a_language_is_named_with_its_line() -> None:
    assert found(shipped().script, chinese_without("middle"), "generic") == [
        'dialogs/policies/generic.yaml:11:5 P021 The stage "middle" has no words in zh-Hans. '
        'Translate the step "middle" of reminders.'
    ]


def test_a_stage_that_speaks_in_its_tone_is_missed_with_the_words_of_the_tone() -> None:
    [problem] = found(shipped().script, chinese_without("moderate"), "p2p")
    assert 'The stage "reminder" has no words in zh-Hans. Translate the step "moderate"' in problem


def test_a_stage_that_falls_back_to_words_without_its_tone_is_a_warning() -> None:
    problems = check_stages(script_without("moderate"), [Catalog("en")], [programme("p2p")], PLACES)
    assert [(problem.code, problem.severity) for problem in problems] == [("P022", Severity.WARNING)]
    assert problems[0].sentence == 'The stage "reminder" has no words of its own and none of its tone, clear.'


def test_the_tone_of_a_band_needs_words_too() -> None:
    generic = programme("generic")
    stages = tuple(
        replace(stage, tone_by_band={"low": "clear"}) if stage.stage_id == "mild" else stage
        for stage in generic.ladder.stages
    )
    toned = replace(generic, ladder=replace(generic.ladder, stages=stages))
    problems = check_stages(script_without("moderate"), [Catalog("en")], [toned], PLACES)
    assert {problem.sentence for problem in problems} == {
        'The stage "mild" has no words of its own and none of its tone, clear.',
        'The stage "moderate" has no words of its own and none of its tone, clear.',
    }


@pytest.mark.parametrize("silent", ["phone", "legal"])
def test_a_stage_in_which_the_bot_does_not_write_needs_no_words(silent: str) -> None:
    problems = found(script_without("severe", "late", "middle"), Catalog("en"), "p2p")
    assert [problem for problem in problems if f'"{silent}"' in problem] == []


def test_a_language_that_is_hardly_translated_is_not_told_of_stage_by_stage() -> None:
    assert found(shipped().script, Catalog("zh-Hans"), "generic") == []
