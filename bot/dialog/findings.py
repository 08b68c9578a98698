"""Every kind of mistake that `check` finds in a script: code, sentence, fix. One table, so that docs and tests can read it.

S001 to S015 are mistakes of form, found while parsing; these are mistakes of sense.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.diagnostics import Diagnostic, Place, Severity

#: code -> (what is wrong, what to do). {names} are put in by `finding`.
FINDINGS: Mapping[str, tuple[str, str]] = {
    "S020": ('There is no step "{name}" in this flow.{near}', "Name a step of this flow, or end."),
    "S021": ('There is no flow "{name}".{near}', "Name one of the flows."),
    "S022": ('There is no action "{name}".{near}', "Use one of: {known}."),
    "S023": ('The action "{name}" never gives "{result}".{near}', "Its results are: {known}."),
    "S024": ('The result "{result}" of "{name}" is not handled.', "Add it under on: with the step to go to."),
    "S025": ('There is no field "{name}".{near}', "Use a field of the closed list, or a slot of this flow."),
    "S026": ('There is no list "{name}".{near}', "Lists are: {known}."),
    "S027": ('Nothing proposes "{name}".{near}', "Use one of: {known}."),
    "S028": ("These offers have no label, or not their own type.", 'Add label: "%(choice)s" and type: {type}.'),
    "S029": ('There is no type "{name}" of answer.{near}', "Types are: {known}."),
    "S030": ("After this step the flow runs off its end.", "Add a step below, next:, or end."),
    "S031": ('Nothing leads to the step "{name}".', "Lead there from another step, or remove it."),
    "S032": (
        "The steps {name} lead round in a circle that nothing can leave.",
        "Let one of them ask, end or hand off.",
    ),
    "S033": ('From "{name}" no path ends or hands off.', "Lead one path to end or to hand_off."),
    "S034": (
        'The slot "{name}" may still be empty here.',
        "Ask for it before, or say this line only if: known {name}.",
    ),
    "S035": (
        '"{name}" would be told before identity is proven.',
        "Add needs: [identity], or say it only if: verified.",
    ),
    "S036": ('"{name}" concerns a debt and may run before identity is proven.', "Add needs: [identity] to the flow."),
    "S037": ('"{name}" may be reached without a confirmed card.', "Let every path to it pass yes: of a confirm: step."),
    "S038": (
        '"{name}" cannot be compared like that.',
        "Flags stand alone; amounts, days and counts are compared with their kind.",
    ),
    "S039": ('"{name}" cannot choose between one and other.', "count: needs a field that is a count."),
    "S040": ('"{name}" can be asked in a condition, but not said.', "Say it in words, with one line for each case."),
    "S041": ('"{name}" is not a placeholder.', "Placeholders look like %(name)s; write %% for a percent sign."),
    "S042": ('No flow starts on the intent "{name}".{near}', "Add it under starts: of a flow, or use another."),
    "S043": ('This label is {size} characters long in {language}, "{name}".', "Make it at most 24."),
    "S044": ("This message is {size} characters long in {language}.", "Make it at most 600; 300 is better."),
    "S045": ("This is not translated into {language}.", "Run catalogs update, and translate it."),
    "S046": (
        "{size} of {all} sentences are not translated into {language}.",
        "Translate them, or do not require the language.",
    ),
    "S047": ('In {language}, "{name}" is {rule}.', "Say it without a threat, pressure or claim."),
    "S048": ('The script has no "{name}".', "Add it: the engine needs it by this name."),
    "S049": ('Nothing happens on the intent "{name}", which may save somebody from harm.', "Let a flow start on it."),
    "S050": (
        "This button does nothing, or several things.",
        "Give it one of value, value_of, goto, intent, copy, url, contact.",
    ),
    "S051": ('A flow cannot need "{name}".{near}', "Known needs are: {known}."),
    "S053": ('The action "{name}" takes no "{result}".{near}', "It takes: {known}."),
    "S056": ('The flow "{name}" calls itself, by way of {result}.', "Use goto inside one flow instead."),
}


def finding(place: Place, code: str, severity: Severity = Severity.ERROR, **values: object) -> Diagnostic:
    """The diagnostic of one mistake; `values` fill the braces of its sentence and fix."""
    sentence, fix = FINDINGS[code]
    filled = {"near": "", "known": "", **{k: str(v) for k, v in values.items()}}
    return Diagnostic(place, code, sentence.format_map(filled), fix.format_map(filled), severity)
