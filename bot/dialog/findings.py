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
    "S045": ("This is not translated into {languages}.", "Run catalogs update, and translate it."),
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
    "S060": ('Two choices stand for the same value, "{name}".', "Give each choice a value of its own."),
    "S061": ('In {language}, two buttons of this message read "{name}".', "Give each button words of its own."),
    "S062": ("This message has {size} buttons.", "Show {all} at most, the most wanted first."),
    "S063": (
        'The label "{name}" has no words.',
        "Say in words what the button does: some people have it read to them.",
    ),
    "S064": ('The flow "{name}" stands in the file "{result}".', "Give file and flow the same name."),
    "S065": (
        'From "{name}" nothing leads back to the card "{result}".',
        "Let the changed answer be shown on the card before it counts.",
    ),
    "S066": ('The value "{name}" is no {type}.', "Write a value of the question's type."),
    "S067": ("This question asks for a choice and shows none.", "Add choices: or from:, or ask for text."),
    "S068": ('Only the rows of {known} have "{name}".', "Add each: to the line, with that list."),
    "S069": ('This line would be said alike for each of "{name}".', "Name one of {known} in it, or take each: out."),
    "S070": ('"{name}" is never "{result}".{near}', "It is one of: {known}."),
    "S071": ("This condition comes out the same whatever is so.", "Take out the part that contradicts another."),
    "S072": ('Both ways lead to "{name}".', "Lead to another step, or take the if: out."),
    "S073": ("A question cannot be asked {size} times.", "Write retries: with max: from 1 to {all}."),
    "S074": ('There is no style "{name}".{near}', "Styles are: {known}."),
    "S075": ('"{name}" needs another "{result}".{near}', "It is one of: {known}."),
    "S076": (
        'Nothing starts the flow "{name}".',
        "Add starts: with an intent or a command, or call it from another flow.",
    ),
    "S077": (
        'The flow "{name}" asks something and has no title.',
        "Add title: with at most 24 characters; it is named when the talk comes back to it.",
    ),
    "S078": ('The flow "{result}" has the title "{name}" too.', "Give each flow a title of its own."),
    "S079": ('The step "{name}" asks two questions at once.', "Ask one thing, and the other in a step of its own."),
    "S080": ("This sentence has {size} words.", "Say it in two; {all} are the most that is easy to read."),
    "S081": ('In {language}, "{name}" sticks to a word.', "Put a space between the two."),
    "S082": ('There is no intent "{name}" in dialogs/intents.yaml.{near}', "Use one of that file, or add it there."),
    "S083": (
        'The flow for "{name}" needs {result} first.',
        "Take needs: out: whoever says this is helped before being asked who they are.",
    ),
    "S084": ('"{name}" hands off without a word.', "Add say: and tell that a person will answer, and where."),
    "S085": (
        "The first button of this card leads to no step.",
        "Add goto: with the step that records what was agreed.",
    ),
    "S086": ('"{result}" needs "{name}" as {type}.', "Ask for it with that type."),
    "S087": ('The address "{name}" is not secure.', "Write it with https://."),
    "S088": ("In {language}, the addresses differ from the source sentence.", "Copy each address as it is."),
    "S089": ("In {language}, this ends with another mark than in English.", "End it with the same kind of mark."),
    "S090": ("In {language}, there are blanks or line breaks too many.", "Write single blanks, and none at the ends."),
    "S091": ('The sentence for several does not name "{name}".', "Put the number into other:."),
    "S092": ('"%({name})s" may be 1, and then the word after it is wrong.', "Write one:, other: and count: {name}."),
    "S093": ('"{name}" would be read out as it stands.', "Write plain words; the program does the lay-out."),
    "S094": (
        "Nobody has said which words are forbidden in {language}.",
        "Add dialogs/wording/{result}.yaml, as there is for other languages.",
    ),
    "S095": ('No programme has the stage "{name}".{near}', "Use one of: {known}."),
    "S097": ('"{name}" cannot be typed as a command.', "Use small letters, digits and _, at most 32, a letter first."),
    "S099": ('"{name}" goes along with an intent, and there is none.', "Add intent:, or take argument: out."),
}

#: What informs and does not block; all else is an error.
WARNINGS = frozenset({"S065", "S072", "S079", "S080", "S081", "S089", "S090", "S092", "S095"})


def finding(place: Place, code: str, **values: object) -> Diagnostic:
    """The diagnostic of one mistake; `values` fill the braces of its sentence and fix."""
    sentence, fix = FINDINGS[code]
    filled = {"near": "", "known": "", **{k: str(v) for k, v in values.items()}}
    severity = Severity.WARNING if code in WARNINGS else Severity.ERROR
    return Diagnostic(place, code, sentence.format_map(filled), fix.format_map(filled), severity)
