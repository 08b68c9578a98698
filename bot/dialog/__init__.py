"""Dialogs: scripts that admins read and change, and the pure engine that walks them."""
