# Crossdock needs Python 3.11 or newer and make; everything else comes into .venv by the lock file.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test storm check lint types contracts coverage screenshots bench generate lock format clean

help:  ## Show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## Make .venv with everything, pinned by hash

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Crossdock needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Set PYTHON=python3.12 or the like."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## 50 orders from a stand-in shop through the warehouse and back
	$(BIN)/crossdock demo --orders 50 --seed 7

test: setup  ## All tests that this machine can run
	$(BIN)/python -m pytest -n 2 --dist worksteal

storm: setup  ## Play SEEDS storms (1000) on all cores, and check every promise after each
	$(BIN)/python -m tests.storm --seeds $(or $(SEEDS),1000) --shrink

coverage: setup  ## All tests, and which lines and branches they reach
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term

check: lint types contracts  ## What CI runs: lint, types, contracts, tests
	$(MAKE) test

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

format: setup  ## Let ruff format and fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: setup  ## Make the pictures of the docs anew; needs Chromium
	CROSSDOCK_SCREENSHOTS=1 $(BIN)/python -m pytest tests/edge/test_screenshots.py

bench: setup  ## Measure; prints figures beside a baseline of the same run
	$(BIN)/python -m bench

generate: setup  ## Make the Shopify client anew from schemas/ and operations/
	$(BIN)/ariadne-codegen

lock: setup  ## Pin the newest allowed versions, with hashes, naming no index
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile pyproject.toml --extra dev --extra traces --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock

clean:  ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
