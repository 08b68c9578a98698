"""Spreadsheets: the bytes of a CSV, JSON Lines or XLSX file become raw rows of text. What the rows mean is decided elsewhere."""

from bot.loanbook.raw import RawRow, RawTable
from bot.spreadsheets.opening import open_book, open_rows

__all__ = ["RawRow", "RawTable", "open_book", "open_rows"]
