"""The demo and the terminal: the real application with sample borrowers, in one process, for people who want to see it."""
