"""Phrases, as the rest of the program uses them: the book, how it is read from files, and how it is checked."""

from __future__ import annotations

from bot.understanding.book import PhraseBook
from bot.understanding.check import check_phrases
from bot.understanding.phrase_files import read_phrases

__all__ = ["PhraseBook", "check_phrases", "read_phrases"]
