"""What the lender allows: stages, reminders, the gate, promises and wording, as pure functions over checked data."""
