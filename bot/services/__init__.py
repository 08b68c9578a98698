"""Services: one file per thing the program does. They gather values, call the core once, and hand over what it returned."""
