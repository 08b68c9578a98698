"""The classifier: learned from the phrases and examples of all languages at once, a value like the phrase book itself.

Two models look at a message: one at its letters and words, and, where the text's vector is given, one at its sense.
Intents, topics and questions are told apart by both; the language by letters alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.corpus import Lesson
from bot.understanding.features import features
from bot.understanding.softmax import Between, Dense, Floats, Sparse, go_on, log_softmax, train_dense, train_sparse

#: Changes whenever the same lessons would give another classifier.
EDITION = 3
#: The finer questions that have a topic.
_TOPIC_OF = {
    **dict.fromkeys(("Q03", "Q04", "Q05"), "fees"),
    **dict.fromkeys(("Q13", "Q14", "Q15", "Q16", "Q17", "Q18", "Q19"), "credit_record"),
    **dict.fromkeys(("Q22", "Q44"), "contacts_family"),
    **dict.fromkeys(("Q23", "Q62"), "job"),
    "Q24": "visit",
    **dict.fromkeys(("Q33", "Q36", "Q39", "Q40", "Q41"), "legal"),
    **dict.fromkeys(("Q34", "Q35"), "jail"),
}
#: The finer questions that ask after consequences; others, such as "can I pay later", belong to intents of their own, whose
#: examples tell them.
_ASKED_AFTER = frozenset(
    {*_TOPIC_OF, *("Q10", "Q20", "Q28", "Q29", "Q37", "Q38", "Q42", "Q43", "Q45", "Q46", "Q50", "Q52", "Q63", "Q64")}
)
#: What an example of a whole message counts against a sentence made from a phrase.
_OWN = 3.0
#: From 0 to 1: how far an intent with many lessons is kept from winning because of that alone.
_EVENED = 0.75
#: How the two models are weighed: letters and words, sense.
_WEIGHED = (1.0, 1.0)
#: Languages differ in so many letters that little training tells them apart.
_ROUNDS_OF_LETTERS = 2
#: Letters and words say less for certain than they seem to where they are all there is.
_WITHOUT_SENSE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Names to choose from, and the models that choose."""

    names: tuple[str, ...]
    sparse: Sparse
    dense: Dense | None

    def scores(self, found: Sequence[int], vector: Floats | None) -> Floats:
        """The logarithm of how likely each name is."""
        words = self.sparse.scores(found)
        if self.dense is None or vector is None:
            return log_softmax(_WITHOUT_SENSE * words)
        return log_softmax(_WEIGHED[0] * words + _WEIGHED[1] * self.dense.scores(vector))

    def telling(self, name: str, words: Iterable[tuple[str, Sequence[int]]], most: int = 4) -> tuple[str, ...]:
        """The words that speak most for a name, from `features_by_word`."""
        label = self.names.index(name)
        told = {
            word: float(self.sparse.telling[list(found)] @ self.sparse.weights[list(found), label]) if found else 0.0
            for word, found in words
        }
        return tuple(sorted((word for word in told if told[word] > 0), key=lambda word: -told[word])[:most])

    def best(self, found: Sequence[int], vector: Floats | None) -> tuple[str, float]:
        """The likeliest name and how likely it is, 0 to 1."""
        scores = self.scores(found, vector)
        place = int(scores.argmax())
        return self.names[place], float(np.exp(scores[place]))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A trained classifier. `lessons` is the digest of what it was learned from."""

    lessons: str
    intents: Labels
    topics: Labels | None
    questions: Labels | None
    languages: Labels

    @property
    def by_sense(self) -> bool:
        """True where it can make use of a text's vector."""
        return self.intents.dense is not None


def digest_of(lessons: Sequence[Lesson], encoder: str) -> str:
    """Changes with any lesson, the encoder's name and the way of learning."""
    total = hashlib.sha256(f"{EDITION}\0{encoder}\0".encode())
    for lesson in lessons:
        total.update(
            "\0".join(map(str, (lesson.text, lesson.language, lesson.intent, lesson.topic, lesson.question))).encode()
        )
    return total.hexdigest()


def texts_to_encode(lessons: Sequence[Lesson]) -> list[str]:
    """The texts whose vectors `learn` wants: of a phrase one sentence is enough, whose sense is that of the others."""
    return [lesson.text for lesson in lessons if lesson.own or lesson.first]


def learn(lessons: Sequence[Lesson], vectors: Floats | None, encoder: str = "", between: Between = go_on) -> Learned:
    """The classifier of these lessons. `vectors` has one row for each of `texts_to_encode`, made by the encoder of that name.

    It takes seconds; `between` is called many times meanwhile, and whoever wants it to end early raises there.
    """
    rows = [features(lesson.text) for lesson in lessons]
    encoded = [place for place, lesson in enumerate(lessons) if lesson.own or lesson.first]
    taught = _Lessons(lessons, rows, vectors, {place: row for row, place in enumerate(encoded)}, between)
    about = [place for place, lesson in enumerate(lessons) if lesson.intent == "ask_consequences" and _topic(lesson)]
    about += [place for place, lesson in enumerate(lessons) if _is_plain_question(lesson)]
    meant = [place for place, lesson in enumerate(lessons) if not lesson.question or lesson.question in _ASKED_AFTER]
    asked = [place for place, lesson in enumerate(lessons) if lesson.question]
    return Learned(
        digest_of(lessons, encoder),
        taught.labels(meant, lambda lesson: lesson.intent),
        taught.labels(about, _topic) if about else None,
        taught.labels(asked, lambda lesson: lesson.question or "") if asked else None,
        taught.labels(range(len(lessons)), lambda lesson: _written_in(lesson.language), rounds=_ROUNDS_OF_LETTERS),
    )


def _topic(lesson: Lesson) -> str:
    """The topic of a question about consequences, its own or that of its finer kind; nothing for a general one."""
    return lesson.topic or _TOPIC_OF.get(lesson.question or "", "")


def _is_plain_question(lesson: Lesson) -> bool:
    """A question about consequences in general, as its phrases and examples without a topic are."""
    return lesson.intent == "ask_consequences" and not lesson.topic and not lesson.question


def _written_in(language: str) -> str:
    """Chinese is one language to the letters: they are brought to one form before they are compared."""
    return "zh" if language.startswith("zh") else language


@dataclass(frozen=True, slots=True)
class _Lessons:
    lessons: Sequence[Lesson]
    rows: Sequence[Sequence[int]]
    vectors: Floats | None
    vector_of: Mapping[int, int]  # the row of a lesson's vector
    between: Between

    def labels(self, places: Sequence[int], name: Callable[[Lesson], str], rounds: int | None = None) -> Labels:
        named = [name(self.lessons[place]) for place in places]
        names = tuple(sorted(set(named)))
        number = {name: place for place, name in enumerate(names)}
        labels = np.array([number[name] for name in named])
        often = np.bincount(labels, minlength=len(names))
        importance = np.array(
            [
                (_OWN if self.lessons[p].own else 1.0) / often[label] ** _EVENED
                for p, label in zip(places, labels, strict=True)
            ],
            np.float32,
        )
        of_rows = [self.rows[p] for p in places]
        if rounds is not None:
            return Labels(
                names, train_sparse(of_rows, labels, importance, len(names), rounds, between=self.between), None
            )
        sparse = train_sparse(of_rows, labels, importance, len(names), between=self.between)
        dense = None
        if self.vectors is not None:
            encoded = np.array([p in self.vector_of for p in places])
            wanted = self.vectors[[self.vector_of[p] for p in places if p in self.vector_of]]
            dense = train_dense(wanted, labels[encoded], importance[encoded], len(names), between=self.between)
        return Labels(names, sparse, dense)
