# Everything sets itself up: each target first makes the virtual environment it needs.
#
#   make demo SECONDS=20      end by itself          make PYTHON=/usr/bin/python3.12 VENV=.venv312 test
#   make test ARGS="-k spool" part of the tests      make run CONFIG=/etc/messnetz/messnetz.yaml

PYTHON ?= python3
VENV ?= .venv
CONFIG ?= config/messnetz.yaml
UV ?= uv

BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet
export PIP_REQUIRE_VIRTUALENV := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check docs bench run pins clean prerequisites

help: ## this list
	@echo "make TARGET, where TARGET is:"
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' Makefile | expand -t 12

demo: $(VENV)/.installed ## a simulated city in the terminal and on a page; needs no server (SECONDS=, RATE=, JSON=1)
	$(strip $(BIN)/messnetz demo $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RATE),--rate $(RATE)) $(if $(JSON),--json))

test: check ## lint, types, imports and all tests (ARGS= for pytest)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

check: $(VENV)/.tools ## lint, types and imports only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed ## write the generated references, sample and schemas anew
	$(BIN)/python -m ingest.config_docs
	$(BIN)/python -m publish.boards

bench: $(VENV)/.tools ## messages a second, CPU and memory, latency (needs Mosquitto and InfluxDB)
	$(BIN)/python -m tests.bench.bench_uplinks $(ARGS)

run: $(VENV)/.installed ## the service (CONFIG=config/messnetz.yaml)
	$(BIN)/messnetz run -c $(CONFIG)

pins: ## renew the pinned requirements (needs uv; UPGRADE=1 takes the newest)
	$(PIN) --group build --output-file requirements.txt
	$(PIN) --group build --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove what the targets above made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

PIN = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" $(if $(UPGRADE),--upgrade)

# A change of the pins makes the environment anew, so that nothing unpinned stays behind.
$(VENV)/.pins: requirements.txt | prerequisites
	@echo "Setting up $(VENV): downloads the pinned packages, once (about a minute) ..."
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.pins pyproject.toml
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed requirements-dev.txt
	@echo "Adding the tools for tests and checks, once ..."
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

prerequisites:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) is missing. On Debian: apt-get install -y python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is `$(PYTHON) -V`; Messnetz needs 3.11 or newer. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install -y python3-venv" >&2; exit 1; }
	@command -v git >/dev/null || { \
	  echo "git is missing. On Debian: apt-get install -y git" >&2; exit 1; }
