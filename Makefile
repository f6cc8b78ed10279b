# make run starts Frontdesk, make test checks it; make help lists the rest.
#
# PORT, HOST and DATA_DIR may stand in the environment or behind the command: make run PORT=8000

DATA_DIR ?= data
export DATA_DIR

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint types model services services-stop bench survival clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
	  printf '  make %-14s %s\n' "$$name" "$$text"; done

# run.py migrates, seeds the demo and serves; exec hands Ctrl-C straight to it.
run: ## Install what is missing and serve on http://127.0.0.1:5000
	@scripts/bootstrap.sh run
	@scripts/bootstrap.sh model
	@exec .venv/bin/python run.py

test: lint ## Check everything, then run the tests: make test ARGS="-k mail"
	@exec .venv/bin/python -m pytest $(ARGS)

lint: ## Style, types and import contracts, for Python and for the browser code
	@scripts/bootstrap.sh dev
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports --no-logo
	@$(MAKE) --no-print-directory types

types:
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  scripts/bootstrap.sh node && echo "node_modules/.bin/tsc" && exec node_modules/.bin/tsc; \
	elif [ "$$CI" = true ]; then \
	  echo "The browser code cannot be checked: install nodejs and npm." >&2; exit 1; \
	else \
	  echo "The browser code is not type-checked here: no Node.js (sudo apt-get install nodejs npm)."; \
	fi

model: ## Build the local embedding model that search by meaning uses
	@scripts/bootstrap.sh run
	@scripts/bootstrap.sh model again

services: ## Start PostgreSQL and Redis for the tests, on loopback
	@scripts/services.sh start

services-stop: ## Stop what make services started
	@scripts/services.sh stop

bench: ## Measure everything that has a figure: make bench ARGS=--check
	@scripts/bootstrap.sh dev
	.venv/bin/python bench/startup.py $(ARGS)
	.venv/bin/python bench/reading.py $(ARGS)
	.venv/bin/python bench/learning.py $(ARGS)
	.venv/bin/python bench/search.py $(ARGS)
	.venv/bin/python bench/language_model.py $(ARGS)
	.venv/bin/python bench/answers.py $(ARGS)
	.venv/bin/python bench/sockets.py $(ARGS)
	.venv/bin/python bench/inbox.py $(ARGS)

survival: ## Kill the server fifty times in the middle of conversations
	@scripts/bootstrap.sh dev
	KILLS=50 .venv/bin/python -m pytest -q tests/e2e/test_chat_crash.py

clean: ## Remove everything that can be made again; your data stays
	@scripts/services.sh stop
	rm -rf .venv node_modules .services .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
