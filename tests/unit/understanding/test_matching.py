from __future__ import annotations

from bot.understanding.matching import MOST_VISITS, Lattice, Tree
from bot.understanding.normalize import normalize
from bot.understanding.notation import read_phrase
from bot.understanding.words import Lexicon

_LEXICON = Lexicon({}, ())


def words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in _LEXICON.read(normalize(text, "en")))


def tree(*phrases: str) -> Tree:
    root = Tree()
    for number, phrase in enumerate(phrases):
        root.add(read_phrase(phrase, words), number)
    return root


def lattice(text: str) -> Lattice:
    return Lattice(_LEXICON.read(normalize(text, "en")))


def found(text: str, *phrases: str) -> set[tuple[int, int, int]]:
    return {(hit.number, hit.start, hit.end) for hit in lattice(text).find(tree(*phrases))}


def test_a_phrase_is_found_anywhere_and_across_punctuation() -> None:
    assert found("well, pay me - later!", "pay me later") == {(0, 2, 6)}


def test_alternatives_meet_again_and_optional_words_may_be_left_out() -> None:
    assert found("could we pay later", "(can|could) (i|we) pay [it] later") == {(0, 0, 4)}
    assert found("can i pay it later", "(can|could) (i|we) pay [it] later") == {(0, 0, 5)}
    assert found("can pay later", "(can|could) (i|we) pay [it] later") == set()


def test_words_with_a_common_beginning_do_not_hide_each_other() -> None:
    assert found("还不了", "(还不起|还不上|还不了|还)") == {(0, 0, 1), (0, 0, 3)}


def test_behind_a_label_with_many_nodes_each_phrase_is_found_that_the_words_go_on_with() -> None:
    many = [f"pay {word}" for word in ("today", "now", "soon", "friday", "monday")]
    phrases = (*many, "pay", "pay ... in full", "pay later", "pay me later")
    assert found("pay", *phrases) == {(5, 0, 1)}
    assert found("pay friday", *phrases) == {(3, 0, 2), (5, 0, 1)}
    assert found("pay it all in full", *phrases) == {(5, 0, 1), (6, 0, 5)}


def test_a_gap_reaches_over_a_few_words_of_the_same_sentence_only() -> None:
    assert found("lost it all job", "lost ... job") == {(0, 0, 4)}
    assert found("lost. my job", "lost ... job") == set()
    assert found("lost one two three four five six job", "lost ... job") == set()


def test_fillers_may_be_stepped_over() -> None:
    words_of = lattice("pay please later")
    assert list(words_of.find(tree("pay later"))) == []
    words_of.may_skip(1, 2)
    assert [hit.places() for hit in words_of.find(tree("pay later"))] == [frozenset({0, 2})]


def test_what_was_recognised_before_is_an_edge_like_a_word() -> None:
    words_of = lattice("pay two hundred now")
    words_of.add("{amount}", 1, 3)
    assert [(hit.start, hit.end) for hit in words_of.find(tree("pay {amount} now"))] == [(0, 4)]


def test_a_flood_is_walked_once_and_never_beyond_the_limit() -> None:
    phrases = [f"a {'[b] ' * 12}(a|b) ... (c{number}|b)" for number in range(40)]
    flood = lattice("a b " * 400)
    visits = 0
    for _ in flood.find(tree(*phrases)):
        visits += 1
    assert sum(flood.fresh) < 30
    assert visits <= MOST_VISITS
