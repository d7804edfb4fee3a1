# `make demo` shows the product, `make test` proves it, `make check` is exactly what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= .demo
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# `make INSTALLER=uv ...` checks the same hashes with a fifth of the work; uv does not read pip's settings.
INSTALLER ?= pip
INSTALL := $(if $(filter uv,$(INSTALLER)),$(BIN)/uv pip install --quiet --python $(BIN)/python,$(PIP) install)
PACKAGES := bot handlers jobs message_templates domain models sandbox demo migrations tests benchmarks

# Whole portfolios, killed bots, weeks that are played twice, journeys over the wire, processes of their
# own, and the sandbox, whose lines are not counted: measuring coverage there would tell nothing more and
# double their time. The longest come first, so that no core waits for another at the end; and they wait
# for processes and sockets, so that three at a time suit two cores.
UNMEASURED := tests/replay tests/rehearsal tests/demo/test_demo_play.py tests/reliability tests/journeys \
	tests/bot/test_command_line.py tests/bot/test_stopping.py tests/bot/test_rehearse_command.py \
	tests/delivery/test_carriers.py tests/delivery/test_killed_worker.py \
	tests/sandbox_page tests/sandbox

# Each process of the tests would compile all that it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check format lint types contracts migrate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "pmobot needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python has no 'venv' module. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.uv: requirements/dev.txt | $(BIN)/python
	@sed -n '/^uv==/,/[^\\]$$/p' $< > $@.txt
	@$(PIP) install --require-hashes -r $@.txt
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python $(if $(filter uv,$(INSTALLER)),$(VENV)/.uv)
	@echo "Installing what pmobot needs (hash-checked) ..."
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing the tools for tests and checks (hash-checked) ..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.runtime ## a virtual environment in .venv with the command `pmobot`

demo: $(VENV)/.runtime ## the whole loop on a sample portfolio, no Slack account needed
	@$(BIN)/pmobot demo --folder $(DEMO_DIR)

demo-reset: ## forget the demo's state; the next `make demo` starts over
	@rm -rf $(DEMO_DIR) && echo "The demo starts over at the next 'make demo'."

migrate: $(VENV)/.runtime ## bring the database of DATABASE_URL to the newest schema
	@$(BIN)/pmobot migrate

test: $(VENV)/.dev ## all tests, with branch coverage
	@$(BIN)/pytest --cov --numprocesses=auto --dist=worksteal $(addprefix --ignore=,$(UNMEASURED))
	@$(BIN)/pytest --numprocesses=3 --dist=loadfile $(UNMEASURED)

format: $(VENV)/.dev ## rewrite the code in the house's format
	@$(BIN)/ruff format $(PACKAGES)
	@$(BIN)/ruff check --fix $(PACKAGES)

lint: $(VENV)/.dev
	@$(BIN)/ruff format --check $(PACKAGES)
	@$(BIN)/ruff check $(PACKAGES)

types: $(VENV)/.dev
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	@$(BIN)/lint-imports

check: lint types contracts test ## format, lint, types, import contracts, tests

lock: $(VENV)/.dev ## pin the newest versions that fit together
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --upgrade --quiet pyproject.toml --group build --output-file requirements/runtime.txt
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --upgrade --quiet pyproject.toml --group dev --output-file requirements/dev.txt
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --upgrade --quiet pyproject.toml --extra semantic --group build --output-file requirements/semantic.txt

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache
