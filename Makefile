# The portal's commands. `make run` and `make test` do all the set-up they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help

ifndef PYTHON
# The system's, if it is recent enough: what a version manager has compiled is often a third slower.
PYTHON := $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
endif
export PYTHON
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PORT ?= 8000
BEGAN := $(shell date +%s)

.PHONY: help setup ready run test test-all lint coverage mutants bench screenshots clean

help: ## show these commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

setup: .venv/.installed .env ## install what the portal needs to run

ready:
	@scripts/ready port
	@scripts/system-packages pdf

run: ready setup ## the portal with its demonstration data, on PORT (8000)
	@python manage.py demo
	@echo "Prepared in $$(($$(date +%s) - $(BEGAN))) s: the portal starts on http://localhost:$(PORT)"
	@# honcho gives each process a PORT of its own: the address of the portal is told to all.
	@SITE_URL="$$(python -c 'from ctg_portal.settings import SITE_URL; print(SITE_URL)')" exec honcho start

test: .venv/.installed-dev .env ## every check and test, as CI runs them; ROOM=indicators (a folder, tests): those alone
	@scripts/system-packages chromium postgresql
	@scripts/check $(ROOM)

test-all: .venv/.installed-dev .env ## the same on both databases, and what looks for faults: hours; before a release
	@scripts/system-packages chromium postgresql
	@scripts/check --explore $(if $(SEED),--seed $(SEED)) $(ROOM)

lint: .venv/.installed-dev ## the static checks alone
	@scripts/lint

coverage: .venv/.installed-dev .env ## what the tests run of the code, on SQLite; twice as long as without
	@pytest -q -n 2 --cov --cov-report=term:skip-covered

mutants: .venv/.installed-dev .env ## faults put into the code, each found by its tests: minutes; WORDS=… for some
	@python -m tests.mutants $(WORDS)

bench: .venv/.installed-dev .env ## queries and time of pages and of two acts, as a ratio to the login page
	@DEBUG=1 python -m tests.bench

screenshots: .venv/.installed-dev .env ## every page at 1280 and 375 px, into build/screenshots
	@scripts/system-packages chromium
	@pytest -q tests/browser/test_pages.py::test_each_page_is_sound_on_a_telephone --screenshots build/screenshots

clean: ## remove what these commands made, but not the database
	rm -rf .venv build staticfiles .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.env:
	@printf 'DEBUG=on\nSECRET_KEY=%s\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" > .env

.venv/bin/python:
	@scripts/ready python
	@scripts/system-packages venv
	@echo "A virtual environment in .venv."
	@$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python requirements.txt
	@scripts/system-packages pdf
	@echo "Python packages into .venv: about a minute."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Python packages of the tests into .venv."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
