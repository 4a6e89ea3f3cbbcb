# `make run` and `make test` need Python 3.11 or later with pip and venv, and nothing else.
PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demonstration

.PHONY: run test lint bench lock templates fuzz clean

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

# The tests start hundreds of programs: compiled once, each of them starts twice as fast, also where Python may not
# write what it has compiled.
test: lint
	$(BIN)/python -m compileall -q pipeline tests
	$(BIN)/python -m pytest -n auto

# Figures, not tests: run it on a machine that does nothing else.
bench: .venv/installed
	$(BIN)/python -m tests.benchmarks

# The Word templates and the address book as they are shipped.
templates: .venv/installed
	$(BIN)/python -m tests.templates.build
	$(BIN)/python -m tests.templates.agencies

# Two watchers are killed 200 times while 300 forms are dropped; 5,000 forms are dropped at once. Each takes some minutes.
torture: .venv/installed
	$(BIN)/python -m tests.torture --forms 300 --kills 200

burst: .venv/installed
	$(BIN)/python -m tests.torture --burst 5000

lock: .venv/installed
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --extra dev pyproject.toml --output-file requirements.lock

# Damaged forms for so many seconds, a third of them for each kind; what breaks one is kept in tests/fuzz/found, and the
# tests try it again. atheris is there for Linux alone, so it is no part of the lock.
SECONDS ?= 3600
fuzz: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	@mkdir -p build/fuzz/matrix build/fuzz/referral build/fuzz/ours
	for kind in matrix referral ours; do \
	    $(BIN)/python -m tests.fuzz $$kind build/fuzz/$$kind -max_total_time=$$(($(SECONDS) / 3)) \
	        -len_control=0 -max_len=400 -rss_limit_mb=2048 -timeout=10 || exit 1; done
	$(BIN)/python -m pytest tests/fuzz

clean:
	rm -rf .venv build dist
