# Every command works on a fresh machine with Python 3.11 or newer and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder# the long files come first, so that no core idles at the end
NO_TESTS := 5# pytest's status when PYTEST_ARGS="-k name" fits nothing in one of the folders

.PHONY: help setup demo serve test check eval bench screenshots lock clean

help: ## Show this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Create .venv and install the product from the lock

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Smallprint needs Python 3.11 or newer; set PYTHON=…") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup ## Analyse two sample documents without any key
	@$(BIN)/smallprint demo

serve: setup ## Connect to Slack (settings: .env)
	@$(BIN)/smallprint serve

test: $(VENV)/.ready-dev ## Run every test; the quick ones with their branch coverage
	$(PYTEST) tests/unit --cov=smallprint --cov-branch --cov-report=term:skip-covered $(PYTEST_ARGS) || [ $$? -eq $(NO_TESTS) ]
	$(PYTEST) tests/end_to_end tests/evaluation tests/emulator tests/integration $(PYTEST_ARGS) || [ $$? -eq $(NO_TESTS) ]

check: $(VENV)/.ready-dev ## Lint, format, types, layers, prompts' lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m smallprint.bootstrap.lock --check

EVAL_DATA_DIR ?= ../shared/evaldata/dev

eval: $(VENV)/.ready-dev ## Score the offline analyst on our own labelled documents and on EVAL_DATA_DIR
	@if [ -d "$(EVAL_DATA_DIR)" ]; then $(BIN)/smallprint eval run --offline "$(EVAL_DATA_DIR)"; fi
	@$(BIN)/smallprint eval run --offline evaluation/datasets/house
	@$(BIN)/smallprint eval report --html evaluation/reports/latest.html
	@$(BIN)/smallprint eval report --markdown evaluation/reports/latest.md

bench: $(VENV)/.ready-dev ## Print the figures: reading, quotations, rules, costs, prompts, usage, throughput
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/quotes.py
	$(BIN)/python benchmarks/clauses.py
	$(BIN)/python benchmarks/costs.py
	$(BIN)/python benchmarks/prompts.py
	$(BIN)/python benchmarks/prompt_statistics.py
	$(BIN)/python benchmarks/usage.py
	$(BIN)/python benchmarks/home.py
	$(BIN)/python benchmarks/sharing.py

screenshots: $(VENV)/.ready-dev ## Draw what people see in Slack into docs/screenshots (npm, Chromium)
	$(BIN)/python -m scripts.screenshots $(SCENES)

lock: $(VENV)/.ready-dev ## Pin every version again, with hashes and without host names
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
		--no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
		--no-header --group build --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## Remove what can be made again
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* dist
