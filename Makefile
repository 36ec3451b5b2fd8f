# `make scan` and `make test` set up what they need on a Debian machine with Python 3.11.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?= 60
DRAFT ?= corpus/drafts/distribution-en.docx
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help scan test check format lint types gate schema build bench fuzz clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

scan: $(VENV)/run.stamp  ## set up and scan a sample draft (or DRAFT=…)
	@$(BIN)/clausescan scan "$(DRAFT)"

test: $(VENV)/dev.stamp  ## set up and run the tests
	$(BIN)/python -m pytest

check: lint types test gate  ## the gate: format, lint, types, tests, README, notebooks, evaluation

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

gate: $(VENV)/dev.stamp  ## score the sample drafts against the committed figures
	$(BIN)/python benchmarks/gate.py

format: $(VENV)/dev.stamp  ## format the code and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/dev.stamp  ## write the report's JSON Schema anew
	CLAUSESCAN_GOLDEN=write $(BIN)/python -m pytest tests/test_report.py -k golden

build: $(VENV)/dev.stamp  ## build a wheel with the models inside
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

bench: $(VENV)/dev.stamp  ## measure speed: make bench PDFS=folder
	$(BIN)/python benchmarks/speed.py $(PDFS)

fuzz: $(VENV)/dev.stamp  ## spoil files for SECONDS (60) of each kind and read them
	CLAUSESCAN_FUZZ_SECONDS=$(SECONDS) $(BIN)/python -X faulthandler -m pytest tests/test_fuzz.py

clean:  ## remove what was set up and built
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/venv.stamp:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "clausescan needs Python 3.11 or later." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' || \
	  { echo "Python lacks venv: apt-get install python3.11-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/venv.stamp pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@
