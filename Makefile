# Two commands carry the paper: `make run` and `make test`. `make help` explains the rest.

SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PORT ?= 8000
N ?= 450
export PYTHON PORT

BIN := .venv/bin
STEP := bin/step
TEST_MANAGE := env DJANGO_SETTINGS_MODULE=hzgy.settings.test $(BIN)/python manage.py

.PHONY: run stack test test-fast test-sqlite test-postgres test-browser test-stack \
        audit faults bench archive check lint scripts layers types migrations deployable format locale screenshots requirements clean help \
        environment dev-environment system-packages

run: environment ## start the paper on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@exec bin/run

test: system-packages check test-sqlite test-postgres test-browser test-stack ## everything: checks, both databases, browser, the stack of production
	@printf '\n全部通过 / all tests passed\n'

test-fast: dev-environment ## the suite on SQLite, without a browser (ARGS='-k lunar' to narrow)
	@$(BIN)/pytest -m 'not browser and not stack' $(ARGS)

check: lint scripts layers types migrations deployable ## style, layers, types, migrations, production settings

lint: dev-environment ## code and templates are in the agreed form
	@$(STEP) 'Python: ruff check' $(BIN)/ruff check
	@$(STEP) 'Python: ruff format' $(BIN)/ruff format --check
	@$(STEP) 'templates: djhtml' $(BIN)/djhtml --check templates

scripts: ## shell scripts are sound
	@$(STEP) 'scripts: shellcheck' shellcheck --external-sources \
	    $$(grep --recursive --files-with-matches '^#!/usr/bin/env bash$$' bin deploy) deploy/ground.sh

layers: dev-environment ## imports go downwards only
	@$(STEP) 'layers: import-linter' $(BIN)/lint-imports

types: dev-environment ## mypy
	@$(STEP) 'types: mypy' $(BIN)/mypy

migrations: dev-environment ## no migration is missing
	@$(STEP) 'migrations are complete' $(TEST_MANAGE) makemigrations --check --dry-run

deployable: dev-environment ## Django judges the production settings
	@$(STEP) 'production settings: check --deploy' $(BIN)/python bin/check-production

test-sqlite: dev-environment ## the suite on SQLite
	@$(STEP) 'tests on SQLite' $(BIN)/pytest -m 'not browser and not stack' --numprocesses 2

test-postgres: dev-environment ## what uses the database, on a throw-away PostgreSQL
	@$(STEP) 'tests that use the database, on PostgreSQL' \
	    bin/with-postgres $(BIN)/pytest -m 'not browser and not stack' --only-db --numprocesses 2

test-browser: dev-environment ## the suite in Chromium
	@$(STEP) 'tests in Chromium' $(BIN)/pytest -m browser --numprocesses 2

test-stack: dev-environment ## the suite on nginx, gunicorn, PostgreSQL and Redis, as in production
	@$(STEP) 'tests on the stack' $(BIN)/pytest -m stack --numprocesses 2 --dist loadfile

audit: environment ## what the paper is built on: hashes, licences, known weaknesses (asks the network)
	@$(BIN)/python bin/audit

faults: dev-environment ## break things while people send contributions, on both databases (4 minutes)
	@$(STEP) 'faults' bin/faults

stack: dev-environment ## the paper as in production, without installing it (PORT=8001, HTTPS=1)
	@exec $(BIN)/python -m bench.stack --port $(PORT) $(if $(HTTPS),--https)

bench: dev-environment ## what things cost: pages, the form under load, the desk, proofreading, formats, search, lists
	@bin/system-packages wrk
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.growth
	@$(BIN)/python -m bench.load
	@$(BIN)/python -m bench.cost sqlite
	@$(BIN)/python -m bench.cost postgres
	@$(BIN)/python -m bench.desk
	@$(BIN)/python -m bench.proofreading
	@$(BIN)/python -m bench.layout
	@$(BIN)/python -m bench.writers
	@$(BIN)/python -m bench.pdf
	@$(BIN)/python -m bench.hostile
	@$(BIN)/python -m bench.archive
	@$(BIN)/python -m bench.search
	@bin/with-postgres $(BIN)/python -m bench.search
	@$(BIN)/python -m bench.lists
	@bin/with-postgres $(BIN)/python -m bench.lists
	@$(BIN)/python -m bench.front

archive: dev-environment ## a made-up archive of N issues in var/archive, to measure and to show (N=450)
	@$(BIN)/python -m bench.made_up_archive $(N) var/archive

format: dev-environment ## put code and templates into the agreed form
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format
	@$(BIN)/djhtml --quiet templates

locale: dev-environment ## compile the Chinese that Wagtail lacks
	@$(BIN)/python bin/compile_locale

screenshots: dev-environment ## pictures of a running paper, for docs/ (URL=http://… ACCOUNT='name password')
	@$(BIN)/python bin/screenshots $(URL) $(ACCOUNT)

requirements: dev-environment ## pin the newest allowed packages again, with hashes
	@bin/pin

clean: ## remove the environment and caches; the paper's data in var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment: ## .venv with what the paper needs
	@bin/environment requirements.txt

dev-environment: ## .venv with what its tests need too
	@bin/environment requirements.txt requirements-dev.txt

system-packages: ## what the tests need of Debian, by apt where permitted
	@bin/system-packages
