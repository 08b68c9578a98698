"""Starts Gracebot: parses the arguments and runs the command; everything else is in the package."""

from bot.cli import main

if __name__ == "__main__":
    main()
