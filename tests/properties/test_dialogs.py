"""Whatever people write and press, and whatever a file holds: no rule is broken and nothing crashes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.check import check_script
from bot.dialog.conversation_tests import run_conversation
from bot.dialog.given import read_given
from bot.dialog.identity import birth_dates, proves
from bot.dialog.parse import parse_script
from bot.dialog.rehearsal import Rehearsal
from bot.dialog.turn import LinkFacts
from bot.domain.borrower import IdentityFacts
from bot.domain.commitments import CommitmentStatus
from bot.domain.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    ForgedButton,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.texts.catalogs import Catalog, Catalogs, read_catalog
from tests.conversations.shipped import the_stage

_SAID = (
    "I'll pay 500 on Friday",
    "no, saturday",
    "yes",
    "no",
    "500",
    "friday",
    "我周五还500",
    "对",
    "how much do I owe?",
    "how can I pay?",
    "I already paid",
    "what happens if I do not pay?",
    "can i get a few more days please",
    "English please",
    "do you have this in chinese",
    "I lost my job last month",
    "I never took this loan",
    "wrong number",
    "stop messaging me",
    "I want to talk to a person",
    "1990-05-12",
    "forget it",
    "say that again",
    "hello",
    "xqzv plork",
    "2",
    "😀",
    "%(payable)s {0} <b>",
)
_COMMANDS = (
    "help",
    "loan",
    "pay",
    "plan",
    "promises",
    "human",
    "stop",
    "resume",
    "pause",
    "language",
    "privacy",
    "what",
)

_moves = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(_SAID)),
        st.tuples(st.just("say"), st.text(max_size=40)),
        st.tuples(st.just("press"), st.integers(0, 30)),
        st.tuples(st.just("press"), st.integers(0, 30)),
        st.tuples(st.just("command"), st.sampled_from(_COMMANDS)),
        st.tuples(st.just("other"), st.integers(0, 5)),
    ),
    max_size=12,
)


def _event(move: tuple[str, object], rehearsal: Rehearsal) -> tuple[InboundEvent, LinkFacts | None]:
    what, value = move
    if what == "say":
        return TextReceived(str(value)), None
    if what == "command":
        return CommandGiven(str(value)), None
    if what == "press":
        buttons = [(m, place, c) for m in reversed(rehearsal.shown) for place, c, _ in m.buttons()]
        if not buttons:
            return ForgedButton("q"), None
        message, place, choice = buttons[int(str(value)) % len(buttons)]
        keyboard = None if choice.intent else message.keyboard
        return ButtonPressed(keyboard, place, choice.intent, choice.argument, "q", "m"), None
    owner = rehearsal.given.known
    link = LinkFacts("l", owner.borrower_id, borrower=owner)
    others: list[tuple[InboundEvent, LinkFacts | None]] = [
        (ContactShared("8613800000000", own=True), None),
        (ContactShared("8613800000001", own=True), None),
        (LinkOpened("token"), link),
        (LinkOpened(""), None),
        (UnsupportedReceived(Unsupported.PHOTO), None),
        (ContactShared("8613800000000", own=False), None),
    ]
    return others[int(str(value))]


@settings(max_examples=120, deadline=None)
@given(proven=st.booleans(), chinese=st.booleans(), loans=st.integers(1, 2), moves=_moves)
def test_no_talk_breaks_a_rule(proven: bool, chinese: bool, loans: int, moves: list[tuple[str, object]]) -> None:
    told = {
        "bound": proven,
        "language": "zh-Hans" if chinese else "en",
        "now": "2026-11-24T10:00+00:00",
        "loans": [{"id": f"LN-{7001 + n}", "due": f"2026-11-{18 + n}", "owed": "1200.00 CNY"} for n in range(loans)],
    }
    rehearsal = Rehearsal.begin(the_stage(), read_given(told, the_stage().programmes[0]))
    for move in moves:
        heard = rehearsal.hear(*_event(move, rehearsal))
        assert heard.broken == (), (move, heard.result.trace.lines)
        open_now = [c for c in rehearsal.situation.commitments if c.status is CommitmentStatus.OPEN]
        assert len({c.loan_id for c in open_now}) == len(open_now)


_yaml = st.recursive(
    st.sampled_from(["end", "Hi", "%(payable)s", "verified", "date", "true", "3", "[", "'", "{a: b}", ""]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(
            st.sampled_from(
                ["say", "ask", "type", "next", "if", "then", "do", "on", "buttons", "label", "confirm", "yes", "no"]
            ),
            inner,
            max_size=4,
        ).map(lambda d: "{" + ", ".join(f"{k}: {v}" for k, v in d.items()) + "}"),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(
    steps=st.dictionaries(st.sampled_from(["a", "b", "c", "end"]), _yaml, max_size=3),
    head=st.sampled_from(["flow", "messages"]),
)
def test_any_flow_file_gives_a_script_or_diagnostics(steps: dict[str, str], head: str) -> None:
    text = f"{head}: visit\nsteps:\n" + "".join(f"  {name}: {body}\n" for name, body in steps.items())
    script, problems = parse_script({"dialogs/flows/visit.yaml": text})
    assert (script is None) == bool(problems)
    if script is not None:
        check_script(script, Catalogs({"en": Catalog("en")}))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    'msgid "a"',
                    'msgstr "b"',
                    'msgctxt "c"',
                    "#, fuzzy",
                    "#~ x",
                    'msgid_plural "d"',
                    'msgstr[0] "e"',
                    '"f"',
                    "",
                    "msgstr[9] 7",
                ]
            ),
            max_size=12,
        ).map("\n".join),
    )
)
def test_any_text_gives_a_catalog_or_diagnostics(text: str) -> None:
    catalog, problems = read_catalog(text, "zh-Hans")
    assert isinstance(catalog, Catalog)
    assert all(p.code.startswith("G") for p in problems)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=120), _yaml.map(lambda body: f"given: {body}\ntalk: [{body}]")))
def test_any_talk_file_is_run_or_refused(text: str) -> None:
    run_conversation(text, "talk.yaml", the_stage())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_answer_to_an_identity_question_crashes(answer: str) -> None:
    assert len(birth_dates(answer)) <= 3
    for proof in ("contact", "birth_date", "id_last4"):
        assert not proves(proof, answer, IdentityFacts())
