# Two commands carry the paper: `make run` and `make test`. `make help` explains the rest.

SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
PORT ?= 8000
export PYTHON PORT

BIN := .venv/bin
STEP := bin/step
TEST_MANAGE := env DJANGO_SETTINGS_MODULE=hzgy.settings.test $(BIN)/python manage.py

.PHONY: run test test-fast test-sqlite test-postgres test-browser \
        faults bench check lint layers types migrations deployable format locale screenshots requirements clean help \
        environment dev-environment system-packages

run: environment ## start the paper on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@exec bin/run

test: system-packages check test-sqlite test-postgres test-browser ## everything: checks, both databases, browser
	@printf '\n全部通过 / all tests passed\n'

test-fast: dev-environment ## the suite on SQLite, without a browser (ARGS='-k lunar' to narrow)
	@$(BIN)/pytest -m 'not browser' $(ARGS)

check: lint layers types migrations deployable ## style, layers, types, migrations, production settings

lint: dev-environment ## code and templates are in the agreed form
	@$(STEP) 'Python: ruff check' $(BIN)/ruff check
	@$(STEP) 'Python: ruff format' $(BIN)/ruff format --check
	@$(STEP) 'templates: djhtml' $(BIN)/djhtml --check templates

layers: dev-environment ## imports go downwards only
	@$(STEP) 'layers: import-linter' $(BIN)/lint-imports

types: dev-environment ## mypy
	@$(STEP) 'types: mypy' $(BIN)/mypy

migrations: dev-environment ## no migration is missing
	@$(STEP) 'migrations are complete' $(TEST_MANAGE) makemigrations --check --dry-run

deployable: dev-environment ## Django judges the production settings
	@$(STEP) 'production settings: check --deploy' bin/check-production

test-sqlite: dev-environment ## the suite on SQLite
	@$(STEP) 'tests on SQLite' $(BIN)/pytest -m 'not browser' --numprocesses 2

test-postgres: dev-environment ## what uses the database, on a throw-away PostgreSQL
	@$(STEP) 'tests that use the database, on PostgreSQL' \
	    bin/with-postgres $(BIN)/pytest -m 'not browser' --only-db --numprocesses 2

test-browser: dev-environment ## the suite in Chromium
	@$(STEP) 'tests in Chromium' $(BIN)/pytest -m browser

faults: dev-environment ## break things while people send contributions, on both databases (4 minutes)
	@$(STEP) 'faults' bin/faults

bench: dev-environment ## load on the contribution form beside a bare Wagtail form; what the desk costs and finds
	@$(BIN)/python -m bench.load
	@$(BIN)/python -m bench.cost sqlite
	@$(BIN)/python -m bench.cost postgres
	@$(BIN)/python -m bench.desk
	@$(BIN)/python -m bench.proofreading

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
