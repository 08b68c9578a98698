"""Faults planted into the shipped flows: each kind knows where it can stand, what it spoils there, and what check must say.

A flow is read into plain values, spoilt at one step, and written again. It is checked beside the smallest sound script, so
that nothing but the spoilt file is read anew. What is expected is worked out here, never asked of check.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.dialog.script import Flow, Script
from bot.domain.diagnostics import Place
from bot.domain.understanding import SAFETY_INTENTS
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.texts.fields import FIELDS, Sensitivity
from bot.texts.placeholders import read_template
from tests.unit.dialog.small_script import ROOT, SMALL

Values = dict[str, Any]
#: Spoils one step of a flow; False where it cannot.
Spoil = Callable[[Values, str, Values, random.Random], bool]

LONG = "We are glad that you write to us today and we would like to hear from you again soon. " * 8
WORDY = "Please " + "write and " * 26 + "wait."


@dataclass(frozen=True)
class Planted:
    """A spoilt file. The code must be found in it, between the two lines where the fault has a place of its own."""

    kind: str
    path: str
    text: str
    codes: tuple[str, ...]
    lines: tuple[int, int] | None = None
    po: str = ""


def plain(node: Node | None) -> Any:
    match node:
        case MapNode():
            return {key.text: plain(value) for key, value in node.entries}
        case ListNode():
            return [plain(item) for item in node.items]
        case ScalarNode():
            return node.value
        case None:
            return None


@lru_cache(maxsize=1)
def shipped_flows() -> dict[str, str]:
    """The texts of the shipped flows that are walked and that the smallest script does not have itself."""
    found = {}
    for path in sorted((ROOT / "dialogs/flows").glob("*.yaml")):
        text, name = path.read_text(encoding="utf-8"), f"dialogs/flows/{path.name}"
        root = plain(read_yaml(text, name).root)
        if "flow" in root and name not in SMALL:
            found[name] = text
    return found


def flow_values(path: str) -> Values:
    """One flow as plain values, every step written out as a mapping."""
    return json.loads(_flow_values(path))  # type: ignore[no-any-return]


@lru_cache(maxsize=128)
def _flow_values(path: str) -> str:
    root = plain(read_yaml(shipped_flows()[path], path).root)
    for name, step in root["steps"].items():
        if not isinstance(step, dict):
            root["steps"][name] = {"end": "end"} if step == "end" else {"say": step}
    return json.dumps(root)


def written(root: Values) -> str:
    return json.dumps(root, ensure_ascii=False, indent=1) + "\n"


def lines_of_step(text: str, step: str) -> tuple[int, int]:
    """The first and last line of a step in a written flow."""
    rows = text.splitlines()
    first = next(n for n, row in enumerate(rows, 1) if row.startswith(f'  "{step}": {{'))
    return first, next(n for n, row in enumerate(rows[first - 1 :], first) if row in ("  }", "  },") or "{}" in row)


def beside(flows: Script, small: Script, spoilt: Script) -> Script:
    """The spoilt flow beside the smallest script; what it calls stands there by name, and every shipped wish is served."""
    stubs = {
        name: Flow(
            name, Place(f"dialogs/flows/{name}.yaml"), small.flows["welcome"].steps, needs=flow.needs, commands=("x",)
        )
        for name, flow in flows.flows.items()
        if not flow.messages and not flow.of_answer
    }
    wishes = {**flows.by_intent, **small.by_intent, **spoilt.by_intent}
    return Script({**stubs, **small.flows, **spoilt.flows}, wishes, spoilt.by_command)


# -- what can be spoilt ------------------------------------------------------------------------------------------------


def _says(step: Values, line: object) -> bool:
    """Adds a line to what a step says."""
    for verb in ("say", "ask", "confirm", "offer"):
        if verb in step:
            old = step[verb] if isinstance(step[verb], list) else [step[verb]]
            step[verb] = [*old, line]
            return True
    return False


def _line(line: object) -> Spoil:
    return lambda root, name, step, rng: _says(step, line)


def _button(button: Values, times: int = 1) -> Spoil:
    def spoil(root: Values, name: str, step: Values, rng: random.Random) -> bool:
        if "say" not in step or "hand_off" in step:
            return False
        extra = [
            dict(button) if times == 1 else {**button, "label": f"Choice {'ABCDEFGHIJKL'[n]}"} for n in range(times)
        ]
        step["buttons"] = [*step.get("buttons", []), *extra]
        return True

    return spoil


def _set(verb: str, value: Values, **wanted: object) -> Spoil:
    """Lays values over a step that has this verb; None takes a key out."""

    def spoil(root: Values, name: str, step: Values, rng: random.Random) -> bool:
        if verb not in step or any(step.get(k) != v for k, v in wanted.items()):
            return False
        if any(v is None and k not in step for k, v in value.items()):
            return False
        step.update(value)
        for key in [k for k, v in value.items() if v is None]:
            del step[key]
        return True

    return spoil


def _target(root: Values, name: str, step: Values, rng: random.Random) -> bool:
    places: list[tuple[Values, str]] = [(step, k) for k in ("next", "goto", "then", "else") if k in step]
    places += [(step["on"], k) for k in step.get("on", {})]
    places += [(b, "goto") for k in ("buttons", "choices") for b in step.get(k, []) if "goto" in b]
    if not places:
        return False
    where, key = rng.choice(places)
    where[key] = "no_such_step"
    return True


def _result(root: Values, name: str, step: Values, rng: random.Random) -> bool:
    if not step.get("on"):
        return False
    del step["on"][rng.choice(sorted(step["on"]))]
    return True


def _choices(extra: Values) -> Spoil:
    def spoil(root: Values, name: str, step: Values, rng: random.Random) -> bool:
        if "ask" not in step:
            return False
        step["choices"] = [*step.get("choices", []), *extra.get("both", [extra])]
        return True

    return spoil


def _first(body: Values) -> Spoil:
    """A new first step."""

    def spoil(root: Values, name: str, step: Values, rng: random.Random) -> bool:
        if name != next(iter(root["steps"])):
            return False
        root["steps"] = {"planted": {k: (root["flow"] if v == "*" else v) for k, v in body.items()}, **root["steps"]}
        return True

    return spoil


def _last(body: Values) -> Spoil:
    """A new last step, where nothing runs into it."""

    def spoil(root: Values, name: str, step: Values, rng: random.Random) -> bool:
        ends = "end" in step or "hand_off" in step or step.get("next") == "end"
        if name != list(root["steps"])[-1] or not ends:
            return False
        root["steps"]["planted"] = dict(body)
        return True

    return spoil


def _head(spoilt: Callable[[Values], bool]) -> Spoil:
    return lambda root, name, step, rng: spoilt(root)


def _needs_out(root: Values) -> bool:
    """Only where a debt is told without a condition."""
    told = [
        line
        for step in root["steps"].values()
        for verb in ("say", "ask", "offer", "confirm")
        for line in (step.get(verb) if isinstance(step.get(verb), list) else [step.get(verb)])
        if isinstance(line, str)
    ]
    names = {name for line in told for name in read_template(line).names}
    owed = any(name in FIELDS and FIELDS[name].sensitivity is not Sensitivity.PUBLIC for name in names)
    called = any("call" in step or "verified" in json.dumps(step) for step in root["steps"].values())
    return bool(root.pop("needs", None)) and owed and not called


def _asks(root: Values) -> bool:
    return any("ask" in s or "offer" in s or "confirm" in s for s in root["steps"].values())


def _slot_early(root: Values) -> bool:
    slots = [step.get("slot", name) for name, step in root["steps"].items() if "ask" in step or "offer" in step]
    if not slots or slots[0] in FIELDS:
        return False
    root["steps"] = {"planted": {"say": f"So %({slots[0]})s."}, **root["steps"]}
    return True


def _replaced(**body: object) -> Callable[[Values], bool]:
    def spoil(root: Values) -> bool:
        root.update(body)
        return True

    return spoil


def _starts(word: str, value: str) -> Callable[[Values], bool]:
    def spoil(root: Values) -> bool:
        root.setdefault("starts", {}).setdefault(word, []).append(value)
        return True

    return spoil


def _safe(root: Values) -> bool:
    root["needs"] = ["identity"]
    return any(intent in SAFETY_INTENTS for intent in root.get("starts", {}).get("intents", []))


def _unstarted(root: Values) -> bool:
    return root.pop("starts", None) is not None


def _untitled(root: Values) -> bool:
    return _asks(root) and root.pop("title", None) is not None


def _card(root: Values) -> bool:
    """Past the card straight to what it confirms."""
    for name, step in root["steps"].items():
        if step.get("do") == "record_promise":
            root["steps"] = {"planted": {"goto": name}, **root["steps"]}
            return True
    return False


def _nothing(step: Values) -> None:
    for key in ("choices", "buttons"):
        step.pop(key, None)


_SAID = {
    "unknown field": ("S025", "Hello %(nobody)s."),
    "percent sign": ("S041", "It is % sure."),
    "width in a placeholder": ("S041", "Hello from %(lender)1000s."),
    "flag that is said": ("S040", "It is %(verified)s."),
    "unknown list": ("S026", {"each": "dreams", "text": "Hello."}),
    "row field alone": ("S068", "Call %(help_value)s."),
    "list alike": ("S069", {"each": "help", "text": "We are here."}),
    "threat": ("S047", "You will go to jail."),
    "insult": ("S047", "Answer me, scum."),
    "figure": ("S047", "Please answer within 3 days."),
    "message too long": ("S044", LONG.strip()),
    "sentence too long": ("S080", WORDY),
    "stuck value": ("S081", "Hello from %(lender)sand me."),
    "insecure address": ("S087", "See http://northbank.example/help for more."),
    "markup": ("S093", "<b>Hello.</b>"),
    "number before a plural": ("S092", "You have %(tries_left)s tries left."),
    "several without number": ("S091", {"one": "One try.", "other": "Some tries.", "count": "tries_left"}),
    "plural without count": ("S009", {"one": "One try.", "other": "Some tries."}),
    "count that is none": ("S039", {"one": "%(lender)s.", "other": "%(lender)s.", "count": "lender"}),
    "condition that is none": ("S004", {"if": "verified and bound", "text": "Hello."}),
    "impossible comparison": ("S038", {"if": "lender > 5", "text": "Hello."}),
    "impossible word": ("S070", {"if": "proof = phone", "text": "Hello."}),
    "contradiction": ("S071", {"if": {"all": ["bound", "not bound"]}, "text": "Hello."}),
    "unknown field in a condition": ("S025", {"if": "nobody > 3", "text": "Hello."}),
    "unknown stage": ("S095", {"if": {"all": ["verified", "stage = ealry"]}, "text": "Hello."}),
}
_BUTTONS = {
    "button without label": ("S010", {"intent": "request_human"}),
    "button that does nothing": ("S050", {"label": "Nothing"}),
    "button that does two things": ("S050", {"label": "Both", "intent": "request_human", "url": "lender"}),
    "unknown wish": ("S042", {"label": "Wish", "intent": "wish_me_luck"}),
    "label too long": ("S043", {"label": "A label that is much too long", "intent": "request_human"}),
    "label without words": ("S063", {"label": "→", "intent": "request_human"}),
    "unknown style": ("S074", {"label": "Style", "intent": "request_human", "style": "purple"}),
    "argument alone": ("S099", {"label": "Copy it", "copy": "lender", "argument": "lender"}),
    "unknown field on a button": ("S025", {"label": "Copy it", "copy": "nobody"}),
    "unknown key on a button": ("S002", {"label": "Key", "intnt": "request_human"}),
    "step of a button": ("S020", {"label": "Step", "goto": "no_such_step"}),
}
_ALIKE = {"both": [{"label": "Same words", "value": 1}, {"label": "Same words", "value": 2}]}
_SAME = {"both": [{"label": "One", "value": "x"}, {"label": "Two", "value": "x"}]}

_COPY = {"label": "Copy it", "copy": "loan_number"}


def _copied(root: Values, name: str, step: Values, rng: random.Random) -> bool:
    return "needs" not in root and not _called(root) and _button(_COPY)(root, name, step, rng)


def _called(root: Values) -> bool:
    """Whether identity may be proven on the way."""
    return any(x in json.dumps(root) for x in ('"call"', "verified", "proven"))


#: kind -> (codes of which one must be found, how it is done).
STEPS: dict[str, tuple[tuple[str, ...], Spoil]] = {
    **{kind: ((code,), _line(line)) for kind, (code, line) in _SAID.items()},
    **{kind: ((code,), _button(button)) for kind, (code, button) in _BUTTONS.items()},
    "too many buttons": (("S062",), _button({"intent": "request_human"}, times=11)),
    "debt on a button": (("S035",), _copied),
    "buttons alike": (("S061",), _choices(_ALIKE)),
    "choices of one value": (("S060",), _choices(_SAME)),
    "renamed target": (("S020",), _target),
    "dropped result": (("S024",), _result),
    "result too many": (("S023",), lambda r, n, step, g: bool(step.get("on")) and not step["on"].update(maybe="end")),
    "unknown action": (("S022",), _set("do", {"do": "forgive_all"})),
    "unknown argument": (("S053",), _set("do", {"with": {"until": "never"}})),
    "wrong argument": (("S075",), _set("do", {"with": {"kind": "dispuet"}}, do="place_hold")),
    "unknown flow": (("S021",), _set("call", {"call": "no_such_flow"})),
    "misspelt key": (("S002",), _set("say", {"nxt": "end"})),
    "two verbs": (("S008",), _set("say", {"goto": "end"}, hand_off=None)),
    "question without type": (("S011",), _set("ask", {"type": None})),
    "unknown type": (("S029",), _set("ask", {"type": "colour"})),
    "no offers": (("S027",), _set("offer", {"from": "dreams"})),
    "offers without label": (("S028",), _set("offer", {"label": None})),
    "card without no": (("S013",), _set("confirm", {"no": None})),
    "yes without a step": (("S085",), _set("confirm", {"yes": {"label": "Yes", "intent": "request_human"}})),
    "results nowhere": (("S014",), _set("do", {"on": None})),
    "if without then": (("S015",), _set("if", {"then": None})),
    "both ways alike": (
        ("S072",),
        lambda r, n, s, g: "if" in s and bool(s.get("then")) and not s.update({"else": s["then"]}),
    ),
    "list for a word": (("S003",), _set("say", {"next": ["end"]})),
    "rejection without words": (("S012",), _set("ask", {"reject": [{"if": "bound"}]})),
    "no tries": (("S073",), _set("ask", {"retries": {"max": 0}})),
    "too many tries": (("S073",), _set("ask", {"retries": {"max": 99}})),
    "unknown step after tries": (("S020",), _set("ask", {"retries": {"then": "no_such_step"}})),
    "silent hand-off": (("S084",), _set("hand_off", {"say": None})),
    "two questions": (("S079",), lambda r, n, s, g: "ask" in s and not s.update(ask=["When is it?", "Who is it?"])),
    "choice of nothing": (("S067",), lambda r, n, s, g: "ask" in s and s.get("type") == "choice" and not _nothing(s)),
    "value of another type": (
        ("S066",),
        lambda r, n, s, g: (
            s.get("type") in ("date", "amount", "days")
            and "ask" in s
            and not s.update(choices=[{"label": "Soon", "value": "soon"}])
        ),
    ),
}

#: Kinds that have no place in one step.
FLOWS: dict[str, tuple[tuple[str, ...], Spoil]] = {
    "identity not asked": (("S035", "S036"), _head(_needs_out)),
    "unknown need": (("S051",), _head(_replaced(needs=["identitty"]))),
    "unknown key of a flow": (("S002",), _head(_replaced(titel="A visit"))),
    "no steps": (("S001",), _head(_replaced(steps={}))),
    "another file": (("S064",), _head(_replaced(flow="planted"))),
    "title too long": (("S043",), _head(_replaced(title="This title is very much too long"))),
    "no title": (("S077",), _head(_untitled)),
    "no start": (("S076",), _head(_unstarted)),
    "bad command": (("S097",), _head(_starts("commands", "My-Visit"))),
    "unknown intent": (("S082",), _head(_starts("intents", "wish_me_luck"))),
    "safety asks who": (("S083",), _head(_safe)),
    "slot too early": (("S034",), _head(_slot_early)),
    "card passed by": (("S037",), _head(_card)),
    "calls itself": (("S056",), _first({"call": "*"})),
    "circle": (("S032",), _first({"goto": "planted"})),
    "orphan": (("S031",), _last({"say": "Hello.", "next": "end"})),
    "step named end": (("S007",), _head(lambda root: not root["steps"].update({"end": {"say": "Bye."}}))),
    "off the end": (
        ("S030",),
        lambda r, n, s, g: (
            n == list(r["steps"])[-1] and "say" in s and "hand_off" not in s and s.pop("next", None) is not None
        ),
    ),
}

#: Lines added to a file as it stands.
TEXTS: dict[str, tuple[str, str]] = {
    "quote not closed": ("Y002", '  planted: "Hello.\n'),
    "second document": ("Y003", "---\nflow: other\n"),
    "nested too deep": ("Y004", "  planted: " + "[" * 40 + "]" * 40 + "\n"),
    "key that is no word": ("Y006", "  [a, b]: end\n"),
    "key twice": ("Y007", "  {step}: end\n"),
    "alias": ("Y008", "  planted: *other\n"),
    "anchor": ("Y008", "  planted: &other Hello.\n"),
    "tag": ("Y009", "  planted: !!python/name:os.system x\n"),
}


def _placeholder(text: str) -> str:
    return text[text.index("%(") : text.index(")s") + 2]


#: What a translation of `source` becomes; a sentence must have this in it.
TRANSLATIONS: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "missing": ("S045", "", lambda t: ""),
    "lost placeholder": ("G007", "%(", lambda t: t.replace(_placeholder(t), "")),
    "foreign placeholder": ("G006", "", lambda t: f"{t} %(outstanding)s"),
    "broken placeholder": ("G005", "", lambda t: f"{t} %(lender)1000s"),
    "percent sign": ("G005", "", lambda t: f"% {t}"),
    "tags": ("G008", "", lambda t: f"<a href='https://evil.example'>{t}</a>"),
    "direction mark": ("G009", "", lambda t: f"\u202e{t}"),
    "line break": ("G011", "", lambda t: f"x\\n{t}"),
    "threat": ("S047", ".", lambda t: f"不还就抓你。 {t}"),
    "jail": ("S047", ".", lambda t: f"坐牢。 {t}"),
    "blanks": ("S090", "", lambda t: f"  {t}"),
    "end mark": ("S089", ".", lambda t: t.rstrip(".?") + ("." if t.endswith("?") else "?")),
    "address": ("S088", ".", lambda t: f"https://evil.example {t}"),
    "message too long": ("S044", ".", lambda t: "请看。" * 220 + t),
}


@lru_cache(maxsize=512)
def planted(number: int) -> Planted:
    """The fault of this number: all kinds in turn, each at a place of its own choosing."""
    rng = random.Random(number)
    kinds = [*STEPS, *FLOWS, *TEXTS, *(f"translation: {kind}" for kind in TRANSLATIONS)]
    kind = kinds[number % len(kinds)]
    paths = list(shipped_flows())
    rng.shuffle(paths)
    for path in paths:
        found = next(_planted_in(kind, path, rng), None)
        if found is not None:
            return found
    raise AssertionError(f"there is no place for: {kind}")


def _planted_in(kind: str, path: str, rng: random.Random) -> Iterator[Planted]:
    if kind in TEXTS:
        code, line = TEXTS[kind]
        step = rng.choice(list(flow_values(path)["steps"]))
        text = shipped_flows()[path]
        last = len(text.splitlines()) + 1
        yield Planted(kind, path, text + line.replace("{step}", step), (code,), (last, last + 1))
        return
    if kind.startswith("translation: "):
        yield from _translated(kind, path, rng)
        return
    steps = list(flow_values(path)["steps"])
    rng.shuffle(steps)
    for name in steps:
        root = flow_values(path)
        codes, spoil = (STEPS | FLOWS)[kind]
        if spoil(root, name, root["steps"].get(name, {}), rng):
            text = written(root)
            yield Planted(kind, path, text, codes, lines_of_step(text, name) if kind in STEPS else None)


def _translated(kind: str, path: str, rng: random.Random) -> Iterator[Planted]:
    code, wanted, spoil = TRANSLATIONS[kind.removeprefix("translation: ")]
    root = flow_values(path)
    said = {
        (f"{root['flow']}.{name}", " ".join(step["say"].split()))
        for name, step in root["steps"].items()
        if isinstance(step.get("say"), str)
    }
    fitting = sorted((context, text) for context, text in said if wanted in text and "http" not in text)
    if fitting:
        context, source = rng.choice(fitting)
        entry = (
            f'msgctxt "{context}"\nmsgid {json.dumps(source)}\nmsgstr {json.dumps(spoil(source), ensure_ascii=False)}\n'
        )
        po = 'msgid ""\nmsgstr "Language: zh_Hans\\n"\n\n' + entry.replace("\\\\n", "\\n")
        yield Planted(kind, path, shipped_flows()[path], (code,), po=po)
