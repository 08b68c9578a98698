"""The web side: health, metrics, the messenger's webhook, and the demo's view of what the lender sees."""
