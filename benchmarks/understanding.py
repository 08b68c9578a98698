"""How well messages are understood, per language, how fast, and in how much memory.

`dev.jsonl` is a test set: first it is heard by a bot that never saw it, then, as a second column, by halves: each half by a
bot that learned the other. With GRACE_TEST_DATA, the folder that holds `clinc150` and `banking77`, the same learning is
tried on those. `tests/languages/unseen` is heard as well, with the recall of each safety intent. Vectors are kept in
var/benchmarks, so that a second run takes a minute.

    python -m benchmarks.understanding [--rules | --words] [--once] [--misses N]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import unseen_sets
from benchmarks.measure import machine, memory_mb, quantile
from bot.domain.understanding import SAFETY_INTENTS, HearingContext, Understanding
from bot.encoders.kept import KeptVectors, read_classifier, write_classifier
from bot.encoders.sentences import Encoder, installed_encoder
from bot.understanding.corpus import Lesson, lessons
from bot.understanding.features import features
from bot.understanding.learned import Learned, learn, texts_to_encode
from bot.understanding.phrases import PhraseBook, read_phrases
from bot.understanding.understand import meaning_of, read

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "benchmarks"
_SLOTS = ("amount", "currency", "date", "days", "instalments")
#: Whose recall counts as safety: these must be handled as one of themselves, whichever.
_SAFETY = (*SAFETY_INTENTS, "complaint")


@dataclass
class Tally:
    """Figures of one language: hits and how many there were to hit."""

    hits: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, hit: bool) -> None:
        self.hits[what] += hit
        self.of[what] += 1

    def share(self, what: str) -> str:
        return f"{self.hits[what] / self.of[what]:8.3f}" if self.of[what] else "       -"


_COLUMNS = ("intent", "top 3", "safety", "alarms", "topic", "slots", "language")


class Bot:
    """The phrases, the classifier and the encoder, heard one message at a time."""

    def __init__(self, book: PhraseBook, learned: Learned | None, encoder: Encoder | None) -> None:
        self.book, self.learned, self.encoder = book, learned, encoder
        self.by_rules: list[float] = []
        self.by_sense: list[float] = []

    def hear(self, text: str, heard: HearingContext) -> Understanding:
        begun = time.perf_counter()
        reading = read(text, heard, self.book, self.learned)
        if reading.settled or self.encoder is None:
            meaning = meaning_of(reading)
            self.by_rules.append(time.perf_counter() - begun)
            return meaning
        meaning = meaning_of(reading, self.encoder.encode([text])[0])
        self.by_sense.append(time.perf_counter() - begun)
        return meaning

    def general(self, intent: str | None) -> str | None:
        return self.book.contract.general(intent) if self.book.contract else intent


def shipped_book() -> PhraseBook:
    files = {str(p.relative_to(ROOT)): p.read_text("utf-8") for p in sorted(ROOT.glob("locales/*/phrases/*.yaml"))}
    return read_phrases(files | {"dialogs/intents.yaml": (ROOT / "dialogs/intents.yaml").read_text("utf-8")})[0]


def taught(lessons_: Sequence[Lesson], encoder: Encoder | None) -> Learned:
    vectors = KeptVectors(KEPT, encoder).of(texts_to_encode(lessons_)) if encoder else None
    return learn(lessons_, vectors, encoder.name if encoder else "")


def scored(bot: Bot, rows: Sequence[dict], misses: Counter[str], wrong: list[str]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for row in rows:
        meaning = bot.hear(row["text"], HearingContext(row["lang"], date.fromisoformat(row.get("today", "2026-11-21"))))
        for language in (row["lang"], "all"):
            _score(found.setdefault(language, Tally()), row, meaning, bot)
        guessed = _guessed(meaning, bot)
        if guessed[0] not in _right(row):
            misses[f"{row['intent']} -> {guessed[0]}"] += 1
            wrong.append(f"[{row['lang']}] {row['text']}: {row['intent']} -> {guessed[0]}")
    return found


def _right(row: dict) -> set[str]:
    return {row["intent"], *row.get("alt_intents", ())}


def _guessed(meaning: Understanding, bot: Bot) -> list[str | None]:
    """The intents in order of likelihood, general ones, the three that count."""
    intents = [meaning.intent] if meaning.intent else []
    general = [bot.general(intent) for intent in (*intents, *(guess.intent for guess in meaning.rivals))]
    return list(dict.fromkeys(general))[:3] or [None]


def _score(tally: Tally, row: dict, meaning: Understanding, bot: Bot) -> None:
    guessed = _guessed(meaning, bot)
    right = _right(row)
    tally.add("intent", guessed[0] in right)
    tally.add("top 3", bool(right & set(guessed)))
    safe = bool(meaning.safety) or guessed[0] in _SAFETY
    if row["intent"] in _SAFETY:
        tally.add("safety", safe or guessed[0] in right)
    else:
        tally.add("alarms", safe and guessed[0] not in right)
    if row.get("topic"):
        tally.add("topic", meaning.topic == row["topic"])
    if "slots" in row:
        tally.add("slots", _same_slots(row, meaning))
    tally.add("language", (meaning.language or row["lang"]) == row["lang"])


def _same_slots(row: dict, meaning: Understanding) -> bool:
    """All slots exact; a day may be given as days from today and the other way round, a currency may be told in addition."""
    wanted = {name: value for name, value in row["slots"].items() if value is not None and name != "date_alt"}
    got: dict[str, object] = {}
    for slot in meaning.slots:
        if slot.amount is not None:
            got |= {"amount": float(slot.amount.number)} if slot.amount.number is not None else {}
            got |= {"currency": slot.amount.currency} if slot.amount.number is not None and slot.amount.currency else {}
        elif slot.name in _SLOTS:
            got[slot.name] = slot.day.isoformat() if slot.day else slot.number
    if "currency" not in wanted:
        got.pop("currency", None)
    if row["slots"].get("date_alt") and got.get("date") == row["slots"]["date_alt"]:
        wanted["date"] = got["date"]
    today = date.fromisoformat(row["today"])
    return _with_date(wanted, today) == _with_date(got, today)


def _with_date(slots: dict[str, object], today: date) -> dict[str, object]:
    days = slots.get("days")
    rest = {name: float(v) if name == "amount" else v for name, v in slots.items() if name != "days"}  # type: ignore[arg-type]
    if isinstance(days, int) and "date" not in slots:
        rest["date"] = date.fromordinal(today.toordinal() + days).isoformat()
    return rest


def table(found: dict[str, Tally]) -> Iterator[str]:
    yield f"{'':8}{'n':>6}" + "".join(f"{name:>9}" for name in _COLUMNS)
    for language, tally in sorted(found.items(), key=lambda item: item[0] == "all"):
        yield f"{language:8}{tally.of['intent']:6}" + "".join(f" {tally.share(name)}" for name in _COLUMNS)


def with_dev(lessons_: Sequence[Lesson], rows: Sequence[dict]) -> list[Lesson]:
    return [
        *lessons_,
        *(Lesson(r["text"], r["lang"], r["intent"], r.get("topic"), None, own=True) for r in rows),
    ]


def classified(
    name: str,
    train: Sequence[tuple[str, str]],
    test: Sequence[tuple[str, str]],
    encoder: Encoder | None,
    valid: Sequence[tuple[str, str]] = (),
) -> None:
    """The same learning on another set of texts; with `oos` among the labels, how many of those a threshold rejects."""
    model = taught(
        [Lesson(text, "en", label, None, None, own=True) for text, label in train if label != "oos"], encoder
    )

    def heard(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str, float]]:
        vectors = KeptVectors(KEPT / name, encoder).of([text for text, _ in rows]) if encoder else [None] * len(rows)
        return [
            (label, *model.intents.best(features(text), vector))
            for (text, label), vector in zip(rows, vectors, strict=True)
        ]

    results = heard(test)
    inside = [(label, guess, sure) for label, guess, sure in results if label != "oos"]
    print(f"{name}: {np.mean([label == guess for label, guess, _ in inside]):.3f} in scope, everything accepted")
    if any(label == "oos" for label, _ in test):
        checked = heard(valid)
        best = max(
            (s for _, _, s in checked),
            key=lambda at: sum((label == guess if sure >= at else label == "oos") for label, guess, sure in checked),
        )
        kept = np.mean([label == guess and sure >= best for label, guess, sure in inside])
        rejected = np.mean([sure < best for label, _, sure in results if label == "oos"])
        print(
            f"{name}: {kept:.3f} in scope / {rejected:.3f} of out of scope rejected, threshold of the validation part"
        )


def others(folder: Path, encoder: Encoder | None) -> None:
    data = json.loads((folder / "clinc150" / "data_full.json").read_text("utf-8"))
    pairs = {part: [(text, label) for text, label in data[part]] for part in data}
    classified("clinc150", pairs["train"], pairs["test"] + pairs["oos_test"], encoder, pairs["val"] + pairs["oos_val"])
    banking = {}
    for part in ("train", "test"):
        with (folder / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            banking[part] = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    classified("banking77", banking["train"], banking["test"], encoder)


def costs(book: PhraseBook, learned: Learned | None) -> None:
    """Loading and hostile text."""
    if learned is not None:
        write_classifier(KEPT, learned)
        begun = time.perf_counter()
        read_classifier(KEPT, learned.lessons)
        print(f"loading the classifier {time.perf_counter() - begun:.2f} s")
    for name, text in {
        "50 KB of one sentence": "I will pay 500 on friday " * 2_000,
        "50 KB of letters": "x" * 50_000,
        "50 KB of characters": "还" * 17_000,
        "50 KB of marks": "e" + "\u0334" * 25_000,
        "50 KB of brackets": "(" * 50_000,
    }.items():
        worst = 0.0
        for _ in range(3):
            begun = time.perf_counter()
            meaning_of(read(text, HearingContext("en", date(2026, 11, 21)), book, learned))
            worst = max(worst, time.perf_counter() - begun)
        print(f"{name}: {worst * 1000:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", action="store_true", help="phrases alone")
    parser.add_argument("--words", action="store_true", help="without the encoder")
    parser.add_argument("--once", action="store_true", help="only with dev unseen, and no other sets")
    parser.add_argument(
        "--misses", type=int, default=0, help="show so many confusions, and all wrong sentences on stderr"
    )
    chosen = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    print(machine(KEPT))
    encoder = None if chosen.rules or chosen.words else installed_encoder()
    before = memory_mb(os.getpid())
    begun = time.perf_counter()
    book = shipped_book()
    print(f"loading the phrases of {len(book.languages)} languages {time.perf_counter() - begun:.2f} s")
    rows = [json.loads(line) for line in (ROOT / "tests/languages/dev.jsonl").read_text("utf-8").splitlines()]
    own = list(unseen_sets.messages(ROOT / "tests/languages/unseen"))
    unseen = {_plain(text) for text in (*(row["text"] for row in rows), *(message.text for message in own))}
    everything = [lesson for lesson in lessons(book) if _plain(lesson.text) not in unseen]
    begun = time.perf_counter()
    learned = None if chosen.rules else taught(everything, encoder)
    print(f"learning from {len(everything)} texts {time.perf_counter() - begun:.1f} s, vectors kept or made")
    bot = Bot(book, learned, encoder)
    misses: Counter[str] = Counter()
    wrong: list[str] = []
    print("\ndev unseen")
    print(*table(scored(bot, rows, misses, wrong)), sep="\n")
    print(f"p50/p99 by rules and words {_ms(bot.by_rules)}, with the encoder {_ms(bot.by_sense)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory {memory_mb(os.getpid()) - before:.0f} MB more, peak {peak} MB")
    independent = unseen_sets.listened(own, bot.hear, bot.general)
    print("\nown unseen sets")
    print(*unseen_sets.table(independent), sep="\n")
    for miss, count in misses.most_common(chosen.misses):
        print(f"{count:4} {miss}")
    if chosen.misses:
        print(*wrong, *independent["all"].wrong, sep="\n", file=sys.stderr)
    costs(book, learned)
    if learned is None or chosen.once:
        return
    print("\nthe other half of dev learned")
    halves = rows[::2], rows[1::2]
    found: list[dict[str, Tally]] = []
    for mine, other in (halves, halves[::-1]):
        half = Bot(book, taught(with_dev(everything, other), encoder), encoder)
        found.append(scored(half, mine, Counter(), []))
    both = {language: _sum(found[0].get(language), found[1].get(language)) for language in {*found[0], *found[1]}}
    print(*table(both), sep="\n")
    if "GRACE_TEST_DATA" in os.environ:
        others(Path(os.environ["GRACE_TEST_DATA"]), encoder)


def _sum(one: Tally | None, other: Tally | None) -> Tally:
    total = Tally()
    for tally in (one, other):
        if tally is not None:
            total.hits += tally.hits
            total.of += tally.of
    return total


def _plain(text: str) -> str:
    """What is left when capitals and signs do not count: a sentence that stands in dev by chance is not learned either."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _ms(seconds: list[float]) -> str:
    return f"{quantile(seconds, 0.5) * 1000:.1f}/{quantile(seconds, 0.99) * 1000:.1f} ms ({len(seconds)})"


if __name__ == "__main__":
    main()
