"""Finding phrases in a message: one walk through a tree of all phrases, from each word, in bounded steps.

A message is a row of words with edges between them: every word is an edge, and so is everything that was recognised
before, such as `{amount}` or a `<group>` of words. Fillers and punctuation may be stepped over inside a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.understanding.notation import GAP, Choice, Pattern
from bot.understanding.words import Kind, Word

#: What `...` may step over: a Chinese character costs 1, any other word 2.
GAP_REACH = 8
#: Fillers and marks in a row that a phrase may have between two of its words.
MOST_SKIPPED = 4

#: One step along a phrase: its label and the words from..to that it stands for.
Step = tuple[str, int, int]


@dataclass(slots=True, eq=False)
class Tree:
    """All patterns as one graph that is entered at its root. `ends` are the numbers of the patterns that end here."""

    next: dict[str, list[Tree]] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)

    def add(self, pattern: Pattern, number: int) -> None:
        for node in _grown([self], pattern, None):
            node.ends.append(number)


def _grown(nodes: list[Tree], pattern: Pattern, join: Tree | None) -> list[Tree]:
    """The nodes that are reached from `nodes` by a pattern; where it can, it ends in `join`.

    Alternatives meet again in one node, so a pattern costs as much as it is long, not as many sentences as it stands for.
    """
    for place, part in enumerate(pattern):
        target = join if join is not None and place == len(pattern) - 1 else Tree()
        if isinstance(part, str):
            for node in nodes:
                node.next.setdefault(part, []).append(target)
            nodes = [target]
        else:
            reached = [node for option in _sharing(part.options) for node in _grown(nodes, option, target)]
            nodes = list(dict.fromkeys([*nodes, *reached] if part.optional else reached))
    return nodes


def _sharing(options: Sequence[Pattern]) -> list[Pattern]:
    """The options with common beginnings said once, as many Chinese words begin with the same character."""
    by_first: dict[str | Choice, list[Pattern]] = {}
    for option in options:
        by_first.setdefault(option[0], []).append(option[1:])
    shared: list[Pattern] = []
    for first, rests in by_first.items():
        longer = tuple(rest for rest in rests if rest)
        shared.append((first, Choice(longer, optional=len(longer) < len(rests))) if longer else (first,))
    return shared


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in the words: its number and the steps it took."""

    number: int
    steps: tuple[Step, ...]

    @property
    def start(self) -> int:
        return self.steps[0][1]

    @property
    def end(self) -> int:
        return self.steps[-1][2]

    def places(self) -> frozenset[int]:
        """The words the phrase itself stands on, without those it stepped over."""
        return frozenset(place for _, start, end in self.steps for place in range(start, end))


_Stack = list[tuple[Tree, int, tuple[Step, ...]]]


class Lattice:
    """The words of a message with all the edges between them."""

    def __init__(self, words: Sequence[Word], signs_count: bool = False) -> None:
        """`signs_count`: punctuation is part of what is looked for, as in dates, and nothing may be stepped over."""
        self.words = words
        self._edges: list[list[tuple[str, int]]] = [
            [(word.text, place + 1)] if signs_count or word.kind not in (Kind.MARK, Kind.END) else []
            for place, word in enumerate(words)
        ]
        self._skips: list[int] = [
            place + 1 if not signs_count and word.kind in (Kind.MARK, Kind.END, Kind.PICTURE) else 0
            for place, word in enumerate(words)
        ]

    def add(self, label: str, start: int, end: int) -> None:
        if (label, end) not in self._edges[start]:
            self._edges[start].append((label, end))

    def may_skip(self, start: int, end: int) -> None:
        self._skips[start] = max(self._skips[start], end)

    def is_filler(self, place: int) -> bool:
        return self._skips[place] > 0

    def find(self, tree: Tree) -> Iterable[Found]:
        """All phrases of the tree, from every word, each way of ending once."""
        for start in range(len(self.words)):
            yield from self._from(tree, start)

    def _from(self, tree: Tree, start: int) -> Iterable[Found]:
        """Depth first from one word. A node is entered once per place, so the work is bounded by phrases times reach."""
        stack: _Stack = [(tree, start, ())]
        seen: set[tuple[int, int]] = set()
        while stack:
            node, place, steps = stack.pop()
            for number in node.ends:
                yield Found(number, steps)
            if not node.next:
                continue
            for here in self._reachable(place) if steps else (place,):
                if here >= len(self.words):
                    break
                self._follow(node, here, steps, seen, stack)
            for gap in node.next.get(GAP, ()):
                self._across(gap, place, steps, seen, stack)

    def _follow(
        self, node: Tree, place: int, steps: tuple[Step, ...], seen: set[tuple[int, int]], stack: _Stack
    ) -> None:
        """Every edge of the words that the node knows."""
        for label, end in self._edges[place]:
            for child in node.next.get(label, ()):
                if (id(child), end) not in seen:
                    seen.add((id(child), end))
                    stack.append((child, end, (*steps, (label, place, end))))

    def _reachable(self, place: int) -> tuple[int, ...]:
        """The place itself and those behind fillers and marks."""
        places = [place]
        while len(places) <= MOST_SKIPPED and place < len(self.words) and self._skips[place]:
            place = self._skips[place]
            places.append(place)
        return tuple(places)

    def _across(
        self, gap: Tree, place: int, steps: tuple[Step, ...], seen: set[tuple[int, int]], stack: _Stack
    ) -> None:
        """What can follow `...`: the next labels, after at most GAP_REACH of other words in the same sentence."""
        cost = 0
        while place < len(self.words) and cost <= GAP_REACH:
            self._follow(gap, place, steps, seen, stack)
            if self.words[place].kind is Kind.END:
                break
            cost += 1 if self.words[place].is_han or self.is_filler(place) else 2
            place += 1
