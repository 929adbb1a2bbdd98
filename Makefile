# Two commands do it: `make run` and `make test`. Each builds .venv when it is missing or its pins have changed.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/redletter

.PHONY: help run web demo test test-browser servers test-servers mutants soak check bench faults format lint types floors clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/runtime ## start the daemon: dry run, SQLite in state/, this folder's corpus and schedules
	@$(RUN) run

web: .venv/runtime ## open the desk in a browser: the calendar, and every decision about it
	@$(RUN) web

demo: .venv/runtime ## live through the coming year in time-lapse, in a state folder of its own
	@rm -rf state/demo
	@REDLETTER_STATE=state/demo REDLETTER_DATABASE= $(RUN) run --time-lapse

test: .venv/develop ## run the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report= && $(BIN)/python -m tests.coverage_floors

test-browser: .venv/develop ## look at the desk in a real browser, every page and decision; ONLY=short runs those that every change runs
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(if $(ONLY),-m $(ONLY)) tests/browser

servers: .venv-servers/ready tests/servers/pds/node_modules/.ready ## install the real servers that tests can start; needs node and npm

test-servers: .venv/develop servers ## run the tests that need real servers
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/servers --servers

mutants: .venv-mutants/ready ## see whether the tests notice faults in delivery and planning; MUTANTS="--most 20 delivery" tries some
	@PYTHONDONTWRITEBYTECODE= .venv-mutants/bin/python -m tests.mutants $(MUTANTS)

soak: .venv/develop ## kill N daemons for each kind of server (N=10000), and count what the servers have
	@$(BIN)/python -m tests.kills $(or $(N),10000)

check: format lint types floors ## format, lint, types, floors, and `redletter check` over this folder
	@$(RUN) check

format: .venv/develop
	@$(BIN)/ruff format --check .

lint: .venv/develop
	@$(BIN)/ruff check .

types: .venv/develop
	@$(BIN)/mypy

floors: .venv/develop
	@$(BIN)/lint-imports

faults: .venv/develop ## put every fault of docs/delivery.md to the bot and print what came of it; ROWS=6,8 SIZE=ci|full|N
	@$(BIN)/python -m tests.faults $(if $(ROWS),--rows $(ROWS)) $(if $(SIZE),--size $(SIZE))

bench: .venv/develop ## print the numbers, each beside its floor or a peer
	@for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean: ## remove what the other commands made, except state/
	rm -rf .venv .venv-servers .venv-mutants .mutants tests/servers/pds/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* *.egg-info

# --without-pip and the outer pip serve a Debian that has python3 and pip but not python3-venv.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "redletter needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || \
	  { $(PYTHON) -m pip --version >/dev/null 2>&1 && $(PYTHON) -m venv --clear --without-pip .venv; } || \
	  { rm -rf .venv; echo "cannot make .venv: install the package python3-venv (or what your system calls it)"; exit 1; }

.venv/runtime: requirements.txt pyproject.toml | .venv/bin/python
	@$(call install,requirements.txt)
	@touch $@

.venv/develop: requirements-dev.txt requirements.txt pyproject.toml | .venv/bin/python
	@$(call install,requirements-dev.txt)
	@touch .venv/runtime $@

# The servers' own dependencies clash with ours.
.venv-servers/ready: requirements-servers.txt | .venv/bin/python
	@echo "installing what requirements-servers.txt pins into .venv-servers …"
	@$(PYTHON) -m venv --clear --without-pip .venv-servers
	@if [ -x $(BIN)/pip ]; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip"; fi; \
	  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore; \
	  $$pip --python .venv-servers/bin/python install -q --require-hashes -r requirements-servers.txt
	@touch $@

# What makes mutants needs all that the tests need, and more that they do not.
.venv-mutants/ready: requirements-mutants.txt requirements-dev.txt | .venv/bin/python
	@echo "installing what requirements-dev.txt and requirements-mutants.txt pin into .venv-mutants …"
	@$(PYTHON) -m venv --clear --without-pip .venv-mutants
	@if [ -x $(BIN)/pip ]; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip"; fi; \
	  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore; \
	  $$pip --python .venv-mutants/bin/python install -q --require-hashes -r requirements-dev.txt -r requirements-mutants.txt
	@touch $@

# One package may have to be compiled: soon rather than well, and against the headers of the node that is here, if they are.
tests/servers/pds/node_modules/.ready: tests/servers/pds/package.json tests/servers/pds/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "the real Bluesky server needs node 18.7 or newer, and npm"; exit 1; }
	@echo "installing what tests/servers/pds/package-lock.json pins …"
	@home=$$(node -p 'path.resolve(process.execPath, "../..")'); \
	  if [ -f "$$home/include/node/node.h" ]; then export npm_config_nodedir="$$home"; fi; \
	  cd tests/servers/pds && CFLAGS=-O1 CXXFLAGS=-O1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Compiled at once, for who runs it later may not be allowed to write here.
define install
echo "installing what $(1) pins into .venv …"; \
if [ -x $(BIN)/pip ]; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore; \
$$pip install -q --require-hashes -r $(1) && $$pip install -q --no-deps --no-build-isolation -e . && \
$(BIN)/python -m compileall -q bot
endef
