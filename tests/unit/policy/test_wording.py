"""What must not be said: each class is found in both languages, and what denies a threat is none."""

from __future__ import annotations

import pytest

from bot.domain.yaml_reading import read_yaml
from bot.policy.wording import CLASSES, Finding, Lexicon, Written, check_wording, read_lexicon
from tests.unit.policy.cases import ROOT


def lexicon(name: str) -> Lexicon:
    path = ROOT / "dialogs" / "wording" / f"{name}.yaml"
    found, problems = read_lexicon(read_yaml(path.read_text(encoding="utf-8"), f"dialogs/wording/{name}.yaml"))
    assert [str(p) for p in problems] == []
    assert found is not None
    return found


EN, ZH, HI = lexicon("en"), lexicon("zh_Hans"), lexicon("hi")


def rules(text: str, language: Lexicon, written: Written = Written.TEMPLATE) -> list[str]:
    return [finding.rule for finding in check_wording(text, language, written)]


BAD = [
    ("Pay up, or else.", EN, "L1"),
    ("You are a DEADBEAT", EN, "L1"),
    ("We know where  you live.", EN, "L1"),
    ("The police will visit.", EN, "L2"),
    ("There is a warrant for your arrest.", EN, "L2"),
    ("You will be arrested.", EN, "L3"),
    ("If you do not pay, you will go to jail.", EN, "L3"),
    ("If you don't pay we will tell your boss.", EN, "L4"),
    ("Tomorrow we tell your employer!", EN, "L4"),
    ("We will seize your house.", EN, "L5"),
    ("You will be ruined for life.", EN, "L6"),
    ("Just take out another loan.", EN, "L7"),
    ("Send to my wallet.", EN, "L8"),
    ("You won a prize!", EN, "L9"),
    ("There is a credit-repair fee.", EN, "L11"),
    ("Hello @everyone", EN, "L12"),
    ("You have 3 days.", EN, "L13"),
    ("Only 24 % of it.", EN, "L13"),
    ("再不还弄死你", ZH, "L1"),
    ("你这个老赖", ZH, "L1"),
    ("已移交公安机关", ZH, "L2"),
    ("不还就坐牢", ZH, "L3"),
    ("不还款就通知你家人", ZH, "L4"),
    ("明天起诉你", ZH, "L5"),
    ("会进永久黑名单", ZH, "L6"),
    ("找朋友借一点", ZH, "L7"),
    ("转我微信", ZH, "L8"),
    ("您有包裹待领取", ZH, "L9"),
    ("征信修复费", ZH, "L11"),
    ("@所有人 注意", ZH, "L12"),
    ("宽限3天", ZH, "L13"),
    ("कल तक पैसे दो वरना", HI, "L1"),
    ("宽限３天", ZH, "L13"),
]


@pytest.mark.parametrize(("text", "language", "rule"), BAD)
def test_a_class_is_found(text: str, language: Lexicon, rule: str) -> None:
    assert rule in rules(text, language)


CLEAN = [
    # A vowel sign lengthens the word: the insult "चोर हो" is not in "चोर होटल".
    ("चोर होटल में", HI),
    ("Your payment of %(amount)s is due on %(day)s.", EN),
    ("Nobody will tell your employer, and you will not go to jail.", EN),
    ("We never contact your family.", EN),
    ("Not if nobody will tell your boss.", EN),
    ("You have %(days)s days.", EN),
    ("This is a policeman's story", EN),
    ("I am at the prisoner's ball, reading a losers' tale.", EN),
    ("我们不会通知您的家人，您也不会因此坐牢。", ZH),
    ("您还有%(days)s天。", ZH),
    ("您好，请查看最新消息。", ZH),
]


@pytest.mark.parametrize(("text", "language"), CLEAN)
def test_a_fair_sentence_is_clean(text: str, language: Lexicon) -> None:
    assert rules(text, language) == []


def test_a_denial_in_another_sentence_does_not_help() -> None:
    assert rules("No. We tell your boss.", EN) == ["L4"]


def test_a_denial_that_is_a_condition_does_not_help() -> None:
    assert rules("Do not pay and we tell your boss", EN) == ["L4"]


def test_the_same_phrase_said_twice_is_one_finding() -> None:
    assert check_wording("Scum! Scum!", EN) == (Finding("L1", "scum", True),)


def test_a_phrase_denied_once_and_meant_once_is_found() -> None:
    assert rules("We never tell your boss. Today we tell your boss.", EN) == ["L4"]


def test_findings_come_in_the_order_of_classes() -> None:
    assert rules("You won! 3 days or you go to jail, scum.", EN) == ["L1", "L3", "L9", "L13"]


def test_curly_apostrophes_and_odd_spaces_make_no_difference() -> None:
    assert rules("You\u2019ll\u00a0regret it", EN) == ["L1"]
    assert rules("dead\u200bbeat", EN) == ["L1"]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("You have a message from %(lender)s. Open to read.", EN, []),
        ("Your loan is waiting.", EN, ["loan"]),
        ("Reminder: 1200", EN, ["1"]),
        ("您有一条来自%(lender)s的消息，点开查看。", ZH, []),
        ("您的借款已到期", ZH, ["借款", "到期"]),
        # The lender's name is as short as one character: what follows its 80th place is what the phone shows last.
        (f"{'a' * 63} %(lender)s {'b' * 9} debt", EN, ["debt"]),
        (f"{'a' * 63} %(lender)s {'b' * 10} debt", EN, []),
    ],
)
def test_an_opening_shows_no_debt_on_a_lock_screen(text: str, language: Lexicon, words: list[str]) -> None:
    found = [f.words for f in check_wording(text, language, Written.OPENING) if f.rule == "L10"]
    assert sorted(found) == sorted(words)


def test_after_the_preview_a_debt_may_be_named() -> None:
    text = "You have a message from %(lender)s. Please open it when you are alone and have a moment. Your loan is due."
    assert rules(text, EN, Written.OPENING) == []


def test_a_person_is_blocked_by_the_gravest_classes_and_warned_by_the_others() -> None:
    found = check_wording("You won, scum. Pay in 3 days.", EN, Written.TYPED)
    assert [(f.rule, f.blocks) for f in found] == [("L1", True), ("L9", False)]


def test_a_finding_says_what_it_is() -> None:
    [finding] = check_wording("Scum", EN)
    assert finding.reason == "L1: a threat of violence or an insult"
    assert len(CLASSES) == 13


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("language: en\n", ["W003"] * 7),
        ("- a\n", ["W001"]),
        ("a: [", ["Y002"]),
        (
            "language: en\nwords: some\npreview: [a]\nunits: [a]\ndenials: [a]\ndenial_reach: 3\nconditions: [a]\n",
            ["W003", "W004"],
        ),
    ],
)
def test_a_lexicon_with_mistakes_is_not_used(text: str, codes: list[str]) -> None:
    found, problems = read_lexicon(read_yaml(text, "dialogs/wording/en.yaml"))
    assert found is None
    assert sorted(p.code for p in problems) == codes
