"""What borrowers type, understood offline: text and a hearing context go in, an `Understanding` comes out.

Everything here is pure and deterministic. What people say is data (`locales/<language>/phrases/`), what can be meant is
data too (`dialogs/intents.yaml`); the code only knows how to compare words.
"""
