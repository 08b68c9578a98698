"""The classifier at work: a sentence encoder, the vectors of phrases it has made, and the trained model, kept in a folder.

Nothing here decides what a message means; that is `bot.understanding`, which is handed vectors as values.
"""
