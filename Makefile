# `make run` and `make test` each install what is missing first (scripts/setup); a second call is quick.
.DEFAULT_GOAL := help
.PHONY: help run test bench soak setup model model-test model-setup

python := .venv/bin/python

help:
	@echo 'make run   [ARGS="--participants 26"]   lead a session'
	@echo 'make test  [ARGS="-k cue"]              lint, types, import contracts and all tests'
	@echo 'make torture [MINUTES=90]                kill, fuzz and measure for so long; figures to bench/results.json'
	@echo 'make bench [ONLY=help_s,...]            measure, and write bench/results.json'
	@echo 'make model [ARGS=--install]             make the embedded speech model anew, in two hours; see models/README.md'
	@echo 'make model-test                         test how it is made, with all that this needs'

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

# False commands in hours of generated talk: SOAK_HOURS_OPEN=8 SOAK_HOURS_WAKE=60 are some three hours of work.
soak:
	@scripts/setup test
	@$(python) -m bench --only "false_commands_per_hour_open,plain_false_commands_per_hour_open,false_commands_per_hour_wake"

torture:
	@scripts/setup torture
	@TORTURE_STEPS=1 TORTURE_EXAMPLES=300 $(python) -m pytest -q tests/torture
	@$(python) -m tests.torture $(or $(MINUTES),90)

setup:
	@scripts/setup test

# What only the recipe needs is large, and stays out of .venv.
recipe := .venv-recipe/bin/python

model-setup: setup
	@test -x $(recipe) || $(python) -m venv .venv-recipe
	@$(recipe) -m pip --quiet --disable-pip-version-check install 'pip>=25.1'
	@$(recipe) -m pip --quiet --disable-pip-version-check install --group dev --editable '.[recipe]'

model: model-setup
	@nice $(recipe) -m models.recipe $(ARGS)

model-test: model-setup
	@$(recipe) -m pytest tests/model $(ARGS)
