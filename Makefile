# make run starts the product, make test proves it. Settings are environment variables: README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One folder of bytecode and caches less to think about, and no call home from pip.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Every worker starts servers of its own: no more of them than a usual machine has cores for.
BESIDE := --numprocesses logical --maxprocesses 8

.DEFAULT_GOAL := help
.PHONY: help install run test explore check bench model

help: ## Show what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Set up the virtual environment from the hashed lock

run: $(STAMP) ## Start everything on this machine until Ctrl-C
	@$(BIN)/corploan run --with-parent

test: $(STAMP) ## Run the tests on the real servers
	@$(BIN)/python -m pytest $(BESIDE) --dist loadfile --no-loadscope-reorder

explore: $(STAMP) ## Look for new examples that break a property; TIMES=100 for more of them
	@CORPLOAN_EXAMPLES=$(or $(TIMES),20) $(BIN)/python -m pytest $(BESIDE) --timeout 0 -m hypothesis

check: $(STAMP) ## Format, lint, types, floors and translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m language.check

bench: $(STAMP) ## Measure this machine beside a bare engine and a peer; ONLY=day-end NOTES="1000 10000" for less
	@$(BIN)/corploan bench $(foreach size,$(NOTES),--notes $(size)) $(if $(ONLY),--only $(ONLY))

model: $(STAMP) ## Fit the scorecards again on the panel that LOAN_DATA names
	@$(BIN)/python -m model.fit

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "corploan needs Python 3.11 or newer; '$(PYTHON)' is not. Say which one to use:"; \
		echo "  make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments. On Debian or Ubuntu:"; \
		echo "  apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; a few minutes on a slow line)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
