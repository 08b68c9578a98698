"""Loan books and payment files: raw rows of text become validated rows, and every fault in them is reported.

Nothing here opens a file or a database. `bot.spreadsheets` makes raw rows out of bytes; the import services store what
comes out.
"""
