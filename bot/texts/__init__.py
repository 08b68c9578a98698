"""Words: source sentences with context, catalogs as values, and rendering with typed parameters. Pure."""
