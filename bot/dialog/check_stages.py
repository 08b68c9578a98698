"""Stages of programmes and the words for them: P021 a stage without words in a language, P022 one without those of its tone.

A stage takes the words of its name, of its tone, or of its kind, so the script decides together with the programme.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.dialog.check_values import conditions_of, words_compared
from bot.dialog.check_words import is_translated, mostly_translated
from bot.dialog.compose import BY_TONE, OVERDUE, REMINDERS, kind_on, stage_words
from bot.dialog.findings import finding
from bot.dialog.script import Script, step_sentences
from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.policy.ladder import Stage
from bot.policy.places import Places
from bot.policy.programme import Programme
from bot.texts.catalogs import Catalog


def check_stages(
    script: Script, catalogs: Iterable[Catalog], programmes: Collection[Programme], places: Places
) -> tuple[Diagnostic, ...]:
    """What the stages in which the bot writes lack; a stage that several programmes inherit is named once."""
    # A language that is hardly translated at all is told of as a whole.
    languages = [catalog for catalog in catalogs if mostly_translated(script, catalog)]
    found = (
        problem
        for programme in programmes
        for stage in programme.ladder.stages
        for problem in _check(script, languages, programme, stage, places[programme.programme_id, stage.stage_id])
    )
    stages = {stage.stage_id for programme in programmes for stage in programme.ladder.stages}
    return tuple(dict.fromkeys((*found, *(check_stage_names(script, stages) if stages else ()))))


def check_stage_names(script: Script, stages: Collection[str]) -> Iterator[Diagnostic]:
    """S095 for each condition that waits for a stage of no programme."""
    for flow in script.flows.values():
        for step in flow.steps.values():
            for condition, place in conditions_of(step):
                for field, word in words_compared(condition):
                    if field == "stage" and word not in stages:
                        near, known = did_you_mean(word, stages), ", ".join(sorted(stages))
                        yield finding(place, "S095", name=word, near=near, known=known)


def _check(
    script: Script, languages: list[Catalog], programme: Programme, stage: Stage, place: Place
) -> Iterator[Diagnostic]:
    name = f'The stage "{stage.stage_id}"'
    for step, tone in _steps(script, programme, stage):
        if step == OVERDUE and tone in BY_TONE:
            sentence = f"{name} has no words of its own and none of its tone, {tone}."
            fix = f'Write the step "{stage.stage_id}" or "{BY_TONE[tone]}" in dialogs/flows/{REMINDERS}.yaml.'
            yield Diagnostic(place, "P022", sentence, fix, Severity.WARNING)
        message = script.message(REMINDERS, step)
        for catalog in languages:
            if message is not None and not all(is_translated(s, catalog) for s in step_sentences(message)):
                sentence = f"{name} has no words in {catalog.language}."
                yield Diagnostic(place, "P021", sentence, f'Translate the step "{step}" of {REMINDERS}.')


def _steps(script: Script, programme: Programme, stage: Stage) -> dict[tuple[str, str], None]:
    """The steps that word the stage on its days and for its bands, each with the tone it is taken for."""
    own = programme.reminders.of_stage(stage.stage_id)
    kinds = dict.fromkeys(kind_on(day) for day in (own.all_touches if own else ()))
    return dict.fromkeys(
        (stage_words(script, kind, programme, stage.stage_id, band), programme.tone_of(stage.stage_id, band))
        for kind in kinds
        for band in (None, *stage.tone_by_band)
    )
