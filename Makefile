# The one entry point. `make demo` needs Python >= 3.11 and nothing else.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=

.PHONY: demo test check conformance bench exigences securite docs clean

demo: $(VENV)/.demo
	$(BIN)/opensegur demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto -p no:cacheprovider $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

conformance: $(VENV)/.dev
	$(BIN)/python tools/conformance.py $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python tools/bench.py $(ARGS)

exigences: $(VENV)/.dev
	$(BIN)/python tools/exigences.py $(ARGS)

securite: $(VENV)/.dev
	$(BIN)/python tools/scanners.py $(ARGS)

docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py $(ARGS)

$(VENV)/.demo: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[demo]'
	touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
