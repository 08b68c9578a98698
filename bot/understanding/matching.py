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

#: So many words said again in the same order are a flood, not a sentence.
SAME_WORDS = 10
#: Nodes that one message may visit; long letters need a third of it. What is left over was typed to cost time.
MOST_VISITS = 6_000

#: Nodes behind one label that are looked at one by one; of more, those that the words can go on from are looked up.
_FEW = 4

#: One step along a phrase: its label and the words from..to that it stands for.
Step = tuple[str, int, int]


@dataclass(slots=True, eq=False)
class Tree:
    """All patterns as one graph that is entered at its root. `ends` are the numbers of the patterns that end here."""

    next: dict[str, list[Tree]] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)
    #: By a label with many nodes behind it: their places in the list by the label they go on with; "" where one ends.
    _going_on: dict[str, dict[str, list[int]]] | None = None

    def add(self, pattern: Pattern, number: int) -> None:
        for node in _grown([self], pattern, None):
            node.ends.append(number)

    def behind(self, label: str, ahead: set[str]) -> Iterable[Tree]:
        """The nodes behind a label that end there or go on with one of the labels ahead, in their order.

        Most nodes go on with words that do not come: to enter them, or even to look at each, would cost more than all else.
        """
        nodes = self.next.get(label, ())
        if len(nodes) <= _FEW:
            return [node for node in nodes if node.ends or not node.next.keys().isdisjoint(ahead)]
        going_on = self._index(label)
        places = {place for next_label in (ahead & going_on.keys()) for place in going_on[next_label]}
        return [nodes[place] for place in sorted(places.union(going_on.get("", ())))]

    def _index(self, label: str) -> dict[str, list[int]]:
        if self._going_on is None:
            self._going_on = {}
        index = self._going_on.get(label)
        if index is None:
            index = {}
            for place, node in enumerate(self.next[label]):
                for next_label in (*node.next, *([""] if node.ends else ())):
                    index.setdefault(next_label, []).append(place)
            self._going_on[label] = index
        return index


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


class Lattice:
    """The words of a message with all the edges between them."""

    def __init__(self, words: Sequence[Word], signs_count: bool = False) -> None:
        """`signs_count`: punctuation is part of what is looked for, as in dates, and nothing may be stepped over."""
        self.words = words
        self.fresh = _fresh(words)
        self._edges: list[list[tuple[str, int]]] = [
            [(word.text, place + 1)] if signs_count or word.kind not in (Kind.MARK, Kind.END) else []
            for place, word in enumerate(words)
        ]
        self._skips: list[int] = [
            place + 1 if not signs_count and word.kind in (Kind.MARK, Kind.END, Kind.PICTURE) else 0
            for place, word in enumerate(words)
        ]
        self._onwards: dict[int, tuple[list[Step], set[str]]] = {}

    def add(self, label: str, start: int, end: int) -> None:
        if (label, end) not in self._edges[start]:
            self._edges[start].append((label, end))
            self._onwards.clear()

    def may_skip(self, start: int, end: int) -> None:
        self._skips[start] = max(self._skips[start], end)
        self._onwards.clear()

    def is_filler(self, place: int) -> bool:
        return self._skips[place] > 0

    def find(self, tree: Tree) -> Iterable[Found]:
        """All phrases of the tree, from every word, each way of ending once, as far as MOST_VISITS reach."""
        visits = 0
        for start in range(len(self.words)):
            if not self.fresh[start] or not any(label in tree.next for label, _ in self._edges[start]):
                continue
            stack: list[_Reached] = [(tree, start, ())]
            seen: set[tuple[int, int]] = set()
            while stack and visits < MOST_VISITS:
                visits += 1
                reached = stack.pop()
                for number in reached[0].ends:
                    yield Found(number, reached[2])
                if reached[0].next:
                    self._go_on(reached, stack, seen)

    def _go_on(self, reached: _Reached, stack: list[_Reached], seen: set[tuple[int, int]]) -> None:
        """Stacks what follows a node: the next labels, behind fillers too, and behind other words where there is a `...`.

        A node is entered once per place, so the work from one word is bounded by the phrases that begin with it.
        """
        node, place, steps = reached
        following = node.next
        for step in self._ahead(place)[0] if steps else self._steps((place,)):
            if step[0] in following:
                self._enter(node, step, steps, stack, seen)
        for gap in following.get(GAP, ()):
            for step in self._steps(self._across(place)):
                if step[0] in gap.next:
                    self._enter(gap, step, steps, stack, seen)

    def _enter(
        self, node: Tree, step: Step, steps: tuple[Step, ...], stack: list[_Reached], seen: set[tuple[int, int]]
    ) -> None:
        end = step[2]
        for child in node.behind(step[0], self._ahead(end)[1]):
            if (id(child), end) not in seen:
                seen.add((id(child), end))
                stack.append((child, end, (*steps, step)))

    def _ahead(self, place: int) -> tuple[list[Step], set[str]]:
        """The steps with which a phrase may go on from a place, and their labels."""
        ahead = self._onwards.get(place)
        if ahead is None:
            steps = self._steps(self._reachable(place))
            ahead = self._onwards[place] = steps, {GAP, *(label for label, _, _ in steps)}
        return ahead

    def _steps(self, places: Iterable[int]) -> list[Step]:
        return [(label, here, end) for here in places for label, end in self._edges[here]]

    def _reachable(self, place: int) -> list[int]:
        """The place itself and those behind fillers and marks."""
        last = len(self.words)
        places: list[int] = []
        while len(places) <= MOST_SKIPPED and place < last:
            places.append(place)
            if not self._skips[place]:
                break
            place = self._skips[place]
        return places

    def _across(self, place: int) -> list[int]:
        """The places behind at most GAP_REACH of other words in the same sentence."""
        places: list[int] = []
        cost = 0
        while place < len(self.words) and cost <= GAP_REACH:
            places.append(place)
            if self.words[place].kind is Kind.END:
                break
            cost += 1 if self.words[place].is_han or self.is_filler(place) else 2
            place += 1
        return places


_Reached = tuple[Tree, int, tuple[Step, ...]]


def _fresh(words: Sequence[Word]) -> list[bool]:
    """False where the words from there on were said before, the same ones in the same order: a flood tells nothing new."""
    seen: set[tuple[str, ...]] = set()
    fresh: list[bool] = []
    for place in range(len(words)):
        window = tuple(word.text for word in words[place : place + SAME_WORDS])
        fresh.append(window not in seen or len(window) < SAME_WORDS)
        seen.add(window)
    return fresh
