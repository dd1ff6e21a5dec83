# make setup · demo · test · check · serve · bench · faults · fresh
# A bare Debian 12 needs python3, python3-venv, make and git; setup brings the rest.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
HOME_DIR ?= var
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup setup-dev demo test check serve bench faults fresh lock messages

setup:
	@scripts/setup runtime

setup-dev:
	@scripts/setup development

demo: setup
	@exec $(VENV)/bin/dragoman demo --home $(HOME_DIR) --port $(PORT)

serve: setup
	@exec $(VENV)/bin/dragoman serve --home $(HOME_DIR) --port $(PORT)

# All that must hold before anything lands.
test: setup-dev check
	@scripts/test

check: setup-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(PYTHON) -m mypy

bench: setup-dev
	$(PYTHON) -m benchmarks all

# One of them, as bench-reading.
bench-%: setup-dev
	$(PYTHON) -m benchmarks $*

# Kill, freeze and cut off everything under load: two hours in all. One that was broken off goes on in the same folder.
FAULTS ?= /tmp/dragoman-faults
faults: setup-dev
	$(PYTHON) -m tests.faults all --folder $(FAULTS)

# Both README commands in a bare Debian 12, as root and as an ordinary user.
fresh:
	@tests/fresh/run

lock:
	@scripts/lock

messages: setup-dev
	@scripts/messages
