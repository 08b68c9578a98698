"""Words: lengths, translations and forbidden wording of every sentence, in every required language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.dialog.check_text import check_form
from bot.dialog.check_values import repeated
from bot.dialog.findings import finding
from bot.dialog.script import AskStep, Flow, Script, Sentence, Step, step_buttons, step_lines
from bot.domain.diagnostics import Diagnostic, Place
from bot.policy.wording import Lexicon, Written, check_wording
from bot.texts.catalogs import Catalog
from bot.texts.extract import LONGEST_LABEL
from bot.texts.fields import FIELDS
from bot.texts.languages import SOURCE_LANGUAGE, folder_of
from bot.texts.placeholders import read_template

LONGEST_SAY = 600
#: Where more than this share is missing, the language as a whole is what is wrong.
MOSTLY = 0.5


def check_words(script: Script, catalogs: Iterable[Catalog], lexicons: Sequence[Lexicon]) -> Iterator[Diagnostic]:
    """All mistakes of words, language by language; a missing sentence once, with all languages that miss it."""
    missed_by: dict[Place, list[str]] = {}
    for catalog in catalogs:
        missing, total = _missing(script, catalog)
        if mostly_translated(script, catalog):
            for sentence in missing:
                missed_by.setdefault(sentence.place, []).append(catalog.language)
        else:
            first = next(iter(script.flows.values())).place
            yield finding(first, "S046", size=len(missing), all=total, language=catalog.language)
        for flow in script.flows.values():
            yield from _label_lengths([flow.title] if flow.title else [], catalog)
            for step in flow.steps.values():
                yield from _lengths(step, catalog)
                yield from _labels_alike(step, catalog)
        yield from _translations(script, catalog)
        yield from _wording(script, catalog, lexicons)
    for place, languages in missed_by.items():
        yield finding(place, "S045", languages=", ".join(languages))


def forms_of(sentence: Sentence, catalog: Catalog) -> tuple[str, ...]:
    """The sentence in a language, in all its forms; the source where it is not translated or not to be."""
    own = (sentence.source, sentence.plural) if sentence.plural else (sentence.source,)
    return catalog.entries.get((sentence.context, sentence.source), own)


def mostly_translated(script: Script, catalog: Catalog) -> bool:
    """Whether single sentences are missing at most, and not the language as a whole."""
    missing, total = _missing(script, catalog)
    return len(missing) <= total * MOSTLY


def is_translated(sentence: Sentence, catalog: Catalog) -> bool:
    """Also where the translation has a mistake: that is told of the catalog already."""
    key = (sentence.context, sentence.source)
    return catalog.language == SOURCE_LANGUAGE or key in catalog.entries or key in catalog.faulty


def _missing(script: Script, catalog: Catalog) -> tuple[list[Sentence], int]:
    """The sentences that are not translated, each once, and how many there are in all."""
    every = {(s.context, s.source): s for _, s in reversed([*script.sentences()])}
    return [s for s in reversed(every.values()) if not is_translated(s, catalog)], len(every)


def sampled(text: str) -> str:
    """The text with a sample for each placeholder, to measure it as a borrower sees it."""
    pieces = list(read_template(text).pieces)
    for at in range(1, len(pieces), 2):
        field = FIELDS.get(pieces[at])
        pieces[at] = field.sample if field else ""
    return "".join(pieces)


def _lengths(step: Step, catalog: Catalog) -> Iterator[Diagnostic]:
    labels = [button.label for button in step_buttons(step)]
    if isinstance(step, AskStep) and step.label:
        labels.append(step.label)
    yield from _label_lengths(labels, catalog)
    for line in step_lines(step):
        for form in forms_of(line.sentence, catalog):
            if len(sampled(form)) > LONGEST_SAY:
                yield finding(line.sentence.place, "S044", size=len(sampled(form)), language=catalog.language)


def _label_lengths(labels: Iterable[Sentence], catalog: Catalog) -> Iterator[Diagnostic]:
    for label in labels:
        for form in forms_of(label, catalog):
            shown = sampled(form)
            if len(shown) > LONGEST_LABEL:
                yield finding(label.place, "S043", size=len(shown), name=shown, language=catalog.language)


def _labels_alike(step: Step, catalog: Catalog) -> Iterator[Diagnostic]:
    """Buttons whose labels differ in English and not in the translation."""
    if catalog.language == SOURCE_LANGUAGE:
        return
    shown = [(button, forms_of(button.label, catalog)) for button in step_buttons(step)]
    alike = {button.label.place for button in repeated((b, b.label.source) for b, _ in shown)}
    for button in repeated(shown):
        if button.label.place not in alike:
            name = forms_of(button.label, catalog)[0]
            yield finding(button.label.place, "S061", name=name, language=catalog.language)


def _translations(script: Script, catalog: Catalog) -> Iterator[Diagnostic]:
    if catalog.language == SOURCE_LANGUAGE:
        return
    for _, sentence in script.sentences():
        for form in catalog.entries.get((sentence.context, sentence.source), ()):
            yield from check_form(sentence, form, catalog.language)


def _wording(script: Script, catalog: Catalog, lexicons: Sequence[Lexicon]) -> Iterator[Diagnostic]:
    own = [lexicon for lexicon in lexicons if lexicon.language == catalog.language]
    if lexicons and not own:
        place = Place(f"locales/{folder_of(catalog.language)}/LC_MESSAGES/bot.po")
        yield finding(place, "S094", language=catalog.language, result=folder_of(catalog.language))
    for lexicon in own:
        for _, sentence in script.sentences():
            for form in forms_of(sentence, catalog):
                yield from _found(sentence, form, lexicon, Written.TEMPLATE)
        for flow in script.flows.values():
            if flow.id == "reminders":
                yield from _openings(flow, catalog, lexicon)


def _openings(flow: Flow, catalog: Catalog, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """What a lock screen shows of a message that the lender begins: its first lines as one text."""
    for step in flow.steps.values():
        lines = step_lines(step)
        if lines:
            text = " ".join(forms_of(line.sentence, catalog)[0] for line in lines)
            yield from _found(lines[0].sentence, text, lexicon, Written.OPENING)


def _found(sentence: Sentence, text: str, lexicon: Lexicon, written: Written) -> Iterator[Diagnostic]:
    for found in check_wording(text, lexicon, written):
        if written is Written.TEMPLATE or found.rule == "L10":
            yield finding(sentence.place, "S047", language=lexicon.language, name=found.words, rule=found.reason)
