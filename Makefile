# What a fresh clone needs: `make demo` to see the product, `make test` to check it, `make soak` for the long versions.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: demo test soak check install install-dev chromium gettext classifier gallery transcripts clean

$(VENV)/.demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[nlu]'
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.demo

install: $(VENV)/.demo
install-dev: $(VENV)/.dev

demo: install
	$(BIN)/python run_bot.py demo $(DEMO)

check: install-dev gettext
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python run_bot.py dialogs check
	$(BIN)/python run_bot.py catalogs status
	for catalog in locales/*/LC_MESSAGES/*.po; do msgfmt --check --output-file=/dev/null $$catalog || exit 1; done

gettext:
	sh tests/languages/install_gettext.sh

chromium:
	sh tests/browser/install_chromium.sh

test: check chromium
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests

soak: install-dev chromium
	GRACE_TEST_LONG=1 $(BIN)/python -m pytest -n $(WORKERS) --timeout 7200 tests/end_to_end tests/properties

# What a new installation would otherwise learn for minutes from the phrases. Once for all phrases of a change.
classifier: install-dev
	$(BIN)/python run_bot.py learn --ship bot/encoders/shipped

gallery: install
	$(BIN)/python run_bot.py dialogs gallery --to build/gallery
	$(BIN)/python run_bot.py dialogs graph --to build/flows
	$(BIN)/python run_bot.py dialogs transcripts --to build/transcripts

# One talk a language, kept in the repository; a test holds it to what the bot says now.
transcripts: install
	$(BIN)/python run_bot.py dialogs transcripts --format markdown --to docs/transcripts tests/conversations/stories/*.yaml

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
