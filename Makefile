# Every command a person needs. `make demo PORT=8123 VAR=/some/folder` chooses port and state folder;
# with DATABASE_URL set the same commands use that PostgreSQL instead of the embedded one.
PYTHON ?= python3
VAR ?= $(CURDIR)/var
PORT ?= 8000
override VAR := $(abspath $(VAR))
export VAR PORT
unexport PYTHONDONTWRITEBYTECODE # a second start must not compile everything again
BIN := .venv/bin
SOURCES := clavet rapidresponse oer fiches network translations accounts tests manage.py
.DEFAULT_GOAL := help
.PHONY: help install demo run backup restore check format messages test test-all test-browser bench pdf-samples

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: install ## the whole portal with demonstration content, in one command
	@$(BIN)/python manage.py demo

run: install ## the development server, with reload and a worker
	@$(BIN)/python manage.py run

backup: install ## database and files in one file; FOLDER=/some/folder, ARGS="--keep 14"
	@$(BIN)/python manage.py backup $(FOLDER) $(ARGS)

restore: install ## BACKUP=/some/file.tar into an empty VAR or database
	@test -n "$(BACKUP)" || { echo "Name the file: make restore BACKUP=/some/file.tar VAR=/some/empty/folder"; exit 1; }
	@$(BIN)/python manage.py restore "$(BACKUP)" $(ARGS)

test: install test-browser ## every test; page types in Greek and one more language
	@$(BIN)/python -m pytest $(ARGS)

test-all: install test-browser ## every test; page types in all nine languages
	@$(BIN)/python -m pytest --all-languages $(ARGS)

bench: install ## what each page type costs, printed as a table
	@$(BIN)/python manage.py bench $(ARGS)

pdf-samples: install ## briefs and fiches as PDF and pictures in nine languages, in VAR/pdf-samples
	@$(BIN)/python manage.py pdf_samples $(ARGS)

check: install ## lint, formats, import ladder, migrations, catalogues
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/djangofmt --check templates
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py messages --check

format: install ## ruff and djangofmt write
	$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/djangofmt templates

messages: install ## extract texts into the nine catalogues (needs gettext)
	@command -v xgettext >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq gettext; } \
		|| { echo "Install gettext first."; exit 1; }
	@$(BIN)/python manage.py messages

# The virtual environment, made anew only if it is broken; the lock installed only if it changed. In order:
# uv, pip of the environment, pip of the machine, and as root on a bare Debian the package python3-pip.
install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "CLAVET needs Python 3.11: make PYTHON=…"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv; }
	@cmp -s requirements.lock .venv/installed || { \
		echo "Installing the locked packages (a minute or two, once) …"; \
		if command -v uv >/dev/null; then uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock; \
		elif $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip -q >/dev/null 2>&1; then \
			$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
		else \
			$(PYTHON) -m pip --version >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
				&& apt-get update -qq && apt-get install -y -qq python3-pip >/dev/null; } \
				|| { echo "Install pip (python3-pip) or uv first."; exit 1; }; \
			$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
		fi && cp requirements.lock .venv/installed; }

# Browser tests want Debian's chromium; a normal user without it sees them skipped, loudly.
test-browser:
	@command -v chromium >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null \
		|| { echo "Installing chromium …"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }
