# `make run` and `make test` each install what is missing first (scripts/setup); a second call is quick.
.DEFAULT_GOAL := help
.PHONY: help run test bench setup

python := .venv/bin/python

help:
	@echo 'make run   [ARGS="--participants 26"]   lead a session'
	@echo 'make test  [ARGS="-k cue"]              lint, types, import contracts and all tests'
	@echo 'make bench [ONLY=help_s,...]            measure, and write bench/results.json'

run:
	@scripts/setup run
	@$(python) -m levelup_voice run $(ARGS)

# Everything is run, so that one call shows everything that is wrong.
test:
	@scripts/setup test
	@status=0; \
	$(python) -m ruff check --quiet . || status=1; \
	$(python) -m mypy --no-error-summary || status=1; \
	$(python) .venv/bin/lint-imports --no-logo || status=1; \
	$(python) -m pytest $(ARGS) || status=1; \
	exit $$status

bench:
	@scripts/setup test
	@$(python) -m bench $(if $(ONLY),--only "$(ONLY)")

setup:
	@scripts/setup test
