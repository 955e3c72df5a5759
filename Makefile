# `make run` and `make test` each install what is missing first (scripts/setup); a second call is quick.
.DEFAULT_GOAL := help
.PHONY: help run test bench soak torture pages setup model model-test model-setup

python := .venv/bin/python

help:
	@echo 'make run   [ARGS="--participants 26"]   lead a session'
	@echo 'make test  [ARGS="-k cue"]              lint, types, import contracts and all tests'
	@echo 'make torture [MINUTES=90]                kill, fuzz and measure for so long; figures to bench/results.json'
	@echo 'make bench [ONLY=help_s,...]            measure, and write bench/results.json'
	@echo 'make soak                               listen to hours of talk for commands that nobody gave; figures as above'
	@echo 'make pages                              every page and state as a picture, in build/pages'
	@echo 'make model [ARGS=--install]             make a speech model anew, in some 140 minutes; see models/README.md'
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

# False commands in hours of generated talk; what was done of it is kept, so it can be stopped and called again.
soak:
	@scripts/setup test
	@nice $(python) -m bench.soak

torture:
	@scripts/setup torture
	@TORTURE_STEPS=1 TORTURE_EXAMPLES=300 TORTURE_SESSION=1 $(python) -m pytest -q tests/torture
	@$(python) -m tests.torture $(or $(MINUTES),90)

# Every page in every state as a picture in build/pages, and those of the README.
pages:
	@scripts/setup test
	@$(python) -m tests.web.pictures build/pages --readme

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
