# `make help` lists the targets. Every one of them creates .venv when it is missing.

PYTHON ?= python3
TORCH ?= torch==2.13.0
TORCH_ARGS ?=
BIN := .venv/bin
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := help
.PHONY: help setup demo test e2e chromium screenshots check format lint types imports doctests notebooks bench lock clean

help: ## List the targets.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

setup: .venv/.ready ## Create .venv with everything installed.

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH_ARGS) "$(TORCH)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup ## The main job end to end, on a simulated marketplace.
	$(BIN)/matcher demo

test: setup ## All tests but the notebooks, in as many processes as there are cores; the console's apart.
	$(BIN)/python -m pytest -m "not notebook and not browser" --numprocesses=auto --dist=loadfile
	$(BIN)/python -m pytest -m browser --numprocesses=auto --dist=loadfile

e2e: setup chromium ## The console's tests in a real browser.
	MATCHER_TESTS_NEED_CHROMIUM=1 $(BIN)/python -m pytest -m browser --numprocesses=auto --dist=loadfile

screenshots: setup chromium ## Pictures of the console, on a simulated market, into docs/screenshots.
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

chromium: ## Install Chromium, where there is none (Debian).
	@command -v chromium >/dev/null || { $(AS_ROOT) apt-get update && \
	  DEBIAN_FRONTEND=noninteractive $(AS_ROOT) apt-get install --yes --no-install-recommends chromium; }

check: format lint types imports test doctests notebooks ## Everything that must hold before a change lands.

format: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

doctests: setup
	$(BIN)/python -m pytest --doctest-modules matcher features training serving

notebooks: setup
	$(BIN)/python -m pytest -m notebook

bench: setup ## Speed and memory, side by side; nothing is asserted.
	$(BIN)/python -m tests.benchmarks

lock: setup ## Write the installed versions into constraints.txt.
	$(BIN)/python -m pip freeze --exclude-editable --exclude torch | sort -f > constraints.txt

clean: ## Remove what can be made again.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
