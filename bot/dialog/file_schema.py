"""JSON Schema of flows and answers, told by their readers: their verbs and keys, and the closed lists of actions, types and fields.

An editor that has it completes and checks as one types. What only the whole script can say, such as whether a step is
there, stays with `dialogs check`.
"""

from __future__ import annotations

from typing import Any

from bot.dialog.actions import ACTIONS, OFFERS
from bot.dialog.check_values import ARGUMENTS, MOST_TRIES, STYLES
from bot.dialog.known_answers import GROUPS, QUESTIONS
from bot.dialog.parse import BUTTON_KEYS, FLOW_KEYS, MESSAGE_KEYS, StepReader
from bot.dialog.parse_answers import ANSWER_KEYS, FACT_KEYS, TEXT_KEYS
from bot.dialog.reading import Faults
from bot.dialog.script import END, SLOT_TYPES
from bot.domain.legal_facts import LEGAL_FACTS, STRENGTHS, LegalFact
from bot.texts.extract import LONGEST_LABEL
from bot.texts.fields import FIELDS, LISTS, FieldType

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_WORD: Schema = {"type": "string", "minLength": 1}
_FLAG: Schema = {"type": "boolean"}
_PLAIN: Schema = {"type": ["string", "number", "boolean"]}
_STEP: Schema = {"type": "string", "description": f"The name of a step of this flow, or {END}."}
_INTENT: Schema = {"type": "string", "description": "An intent of dialogs/intents.yaml that starts a flow."}
_ABOUT: Schema = {"type": "string", "description": "What the file is for, for whoever edits it."}
_STRENGTH: Schema = {"enum": list(STRENGTHS)}
#: A day is a text here: to a reader of YAML 1.2 it is one.
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_ORIGIN: Schema = {
    "source": _WORD,
    "as_of": _DAY,
    "reviewed_by": {"type": "string"},
    "counsel_signed": {"type": "string"},
}


def flow_schema() -> Schema:
    """The schema of `dialogs/flows/*.yaml`."""
    walked = _mapping({key: _HEAD[key] for key in FLOW_KEYS}, ("flow", "steps"))
    spoken = {key: _HEAD[key] for key in MESSAGE_KEYS} | {"steps": _steps({"anyOf": [_ref("sentence"), _said()]})}
    return {
        "$schema": _DRAFT,
        "title": "Gracebot flow",
        "anyOf": [walked, _mapping(spoken, ("messages", "steps"))],
        "$defs": _spoken() | {"step": _step()},
    }


def answers_schema() -> Schema:
    """The schema of `dialogs/answers/*.yaml` and of what places add below `dialogs/answers/places/`."""
    told = {key: _ANSWER[key] for key in ANSWER_KEYS}
    needed = ("question", "title", "say", "group", "source", "as_of")
    answers = {"answers": _WORD, "about": _ABOUT, "questions": _named(_mapping(told, needed))}
    facts = {name: _fact(kind) for name, kind in LEGAL_FACTS.items()}
    texts = _named(_mapping({key: _ANSWER[key] for key in TEXT_KEYS}, ("say", "source", "as_of")))
    places = {"place": _WORD, "about": _ABOUT, "regions": _words(_WORD), "facts": _mapping(facts), "answers": texts}
    return {
        "$schema": _DRAFT,
        "title": "Gracebot answers",
        "anyOf": [_mapping(answers, ("answers", "questions")), _mapping(places, ("place",))],
        "$defs": _spoken(),
    }


def _spoken() -> Schema:
    """What stands in flows and answers alike."""
    return {
        "sentence": _sentence(_WORD),
        "label": _sentence({**_WORD, "description": f"At most {LONGEST_LABEL} characters with its values."}),
        "line": {"anyOf": [_ref("sentence"), _line()]},
        "lines": {"anyOf": [_ref("line"), _list(_ref("line"))]},
        "condition": _condition(),
        "button": _mapping({key: _BUTTON[key] for key in BUTTON_KEYS}, ("label",)),
    }


def _named(entry: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}, "additionalProperties": entry}


def _fact(kind: LegalFact) -> Schema:
    value: Schema = {"type": "integer"} if kind.kind == "count" else {"type": "string", "minLength": 1}
    told = {
        "value": {**value, "description": f"A {kind.kind}, such as {kind.sample}."},
        "strength": _STRENGTH,
    } | _ORIGIN
    return _mapping({key: told[key] for key in FACT_KEYS}, ("value", "strength", "source", "as_of"))


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _mapping(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, "required": list(required)}


def _words(items: Schema) -> Schema:
    """A list of words; one word alone is a list of one."""
    return {"anyOf": [items, _list(items)]}


def _steps(step: Schema) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": {"const": END}},
        "additionalProperties": step,
    }


def _sentence(text: Schema) -> Schema:
    counted = {"one": _WORD, "other": _WORD, "count": {"type": "string", "description": "A field or slot that counts."}}
    return {"anyOf": [text, _mapping(counted, tuple(counted))]}


def _line() -> Schema:
    return _mapping({"text": _ref("sentence"), "if": _ref("condition"), "each": {"enum": list(LISTS)}}, ("text",))


def _condition() -> Schema:
    flags = ", ".join(name for name, field in FIELDS.items() if field.type is FieldType.FLAG)
    text = "A flag, `not` a flag, `known` a field, or a field with = != < <= > >= or in, and what it is compared with."
    return {
        "anyOf": [
            {**_WORD, "description": f"{text} Flags: {flags}."},
            _mapping({"all": _list(_ref("condition"))}, ("all",)),
            _mapping({"any": _list(_ref("condition"))}, ("any",)),
            _mapping({"not": _ref("condition")}, ("not",)),
        ]
    }


def _step() -> Schema:
    """One verb with its own keys; a plain text is said, and `end` alone ends."""
    verbs = StepReader("", Faults(), frozenset(), messages=False).verbs
    further = {"do": _actions(), "offer": _offers()}
    forms = [
        _mapping({key: _STEP_KEYS[key] for key in (verb, *extra)}, (verb, *_NEEDED.get(verb, ())))
        | ({"allOf": further[verb]} if verb in further else {})
        for verb, (extra, _) in verbs.items()
    ]
    return {"anyOf": [_WORD, *forms]}


def _said() -> Schema:
    return _mapping({key: _STEP_KEYS[key] for key in ("say", "buttons", "protect", "next")}, ("say",))


def _actions() -> list[Schema]:
    """Each action with its results, all of which must be handled, and its arguments."""
    return [
        {
            "if": {"properties": {"do": {"const": name}}},
            "then": {
                "properties": {
                    "on": _mapping(dict.fromkeys(action.results, _STEP), action.results),
                    "with": _mapping(
                        {
                            x: {"enum": list(ARGUMENTS[name, x])} if (name, x) in ARGUMENTS else _PLAIN
                            for x in action.arguments
                        }
                    ),
                }
            },
        }
        for name, action in ACTIONS.items()
    ]


def _offers() -> list[Schema]:
    """What proposes values proposes them of one type."""
    return [
        {"if": {"properties": {"from": {"const": name}}}, "then": {"properties": {"type": {"const": offer.type}}}}
        for name, offer in OFFERS.items()
    ]


_HEAD: Schema = {
    "flow": {**_WORD, "description": "The flow's name; the file has the same."},
    "messages": {**_WORD, "description": "The name of a list of sentences that the program says by name."},
    "title": _ref("label"),
    "about": _ABOUT,
    "starts": _mapping({"intents": _words(_INTENT), "commands": _words({"type": "string"})}),
    "needs": _words({"enum": ["identity", "loan", "one_loan"]}),
    "steps": _steps(_ref("step")),
}

_BUTTON: Schema = {
    "label": _ref("label"),
    "value": _PLAIN,
    "value_of": _WORD,
    "goto": _STEP,
    "intent": _INTENT,
    "argument": _WORD,
    "copy": _WORD,
    "url": _WORD,
    "contact": _FLAG,
    "style": {"enum": list(STYLES)},
    "if": _ref("condition"),
}

_STEP_KEYS: Schema = {
    **dict.fromkeys(("say", "ask", "offer", "confirm"), _ref("lines")),
    **dict.fromkeys(("next", "goto", "then", "else", "held"), _STEP),
    **dict.fromkeys(("buttons", "choices"), _list(_ref("button"))),
    **dict.fromkeys(("yes", "no", "change"), _ref("button")),
    **dict.fromkeys(("protect", "photo", "urgent", "takes_chat"), _FLAG),
    **dict.fromkeys(("slot", "call", "answer", "hand_off"), _WORD),
    "type": {"enum": list(SLOT_TYPES)},
    "from": {"enum": list(OFFERS)},
    "label": _ref("label"),
    "reject": _words(_mapping({"if": _ref("condition"), "say": _ref("lines")}, ("if", "say"))),
    "retries": _mapping({"max": {"type": "integer", "minimum": 1, "maximum": MOST_TRIES}, "then": _STEP}),
    "do": {"enum": list(ACTIONS)},
    "with": {"type": "object", "additionalProperties": _PLAIN},
    "on": {"type": "object", "additionalProperties": _STEP},
    "if": _ref("condition"),
    "part": {"enum": ["more"]},
    "end": {"enum": [END, "", None]},
}

_ANSWER: Schema = {
    "question": {"enum": list(QUESTIONS)},
    "title": _ref("label"),
    "say": _ref("lines"),
    "more": _ref("lines"),
    "next": _words({"anyOf": [_INTENT, _ref("button")]}),
    "group": {"enum": list(GROUPS)},
    "topics": _words(_WORD),
    **_ORIGIN,
}

#: What a verb cannot do without.
_NEEDED = {
    "ask": ("type",),
    "offer": ("type", "from", "label"),
    "confirm": ("yes", "no"),
    "do": ("on",),
    "if": ("then",),
    "answer": ("held", "else"),
}
