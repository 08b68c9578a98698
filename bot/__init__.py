"""Gracebot: reminds borrowers, answers them, agrees what the lender allows, and hands over to people."""
