# `make run` and `make test` need Python 3.11 or later with pip and venv, and nothing else.
PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demonstration

.PHONY: run test lint lock templates clean

# The stamp is made again whenever the pinned dependencies change.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index --editable .
	@touch $@

run: .venv/installed
	@rm -rf $(DEMO)
	@mkdir -p $(DEMO)/inbox $(DEMO)/outbox
	@cp tests/forms/examples/*.xls* tests/forms/examples/*.docx $(DEMO)/inbox/
	$(BIN)/pipeline run --inbox $(DEMO)/inbox --outbox $(DEMO)/outbox --records $(DEMO)/records --templates templates

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n auto

# The Word templates and the address book as they are shipped.
templates: .venv/installed
	$(BIN)/python -m tests.templates.build
	$(BIN)/python -m tests.templates.agencies

lock: .venv/installed
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv build dist
