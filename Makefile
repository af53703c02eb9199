# Two commands for everybody: `make demo` and `make test`. Everything they need is set up first.
PORT ?= 8000
PYTHON ?= python3
PORTAL_VAR ?= var
# Byte code not kept costs each start several seconds.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORTAL_ENV_OF_DEMO = PORTAL_ENV=demo PORTAL_VAR=$(PORTAL_VAR)
SOURCES := bureau powers grid cases community oversight config tests manage.py $(wildcard bench)
TEMPLATES := $(wildcard templates bureau/templates)

.DEFAULT_GOAL := demo
.PHONY: demo test check conformance bench clean lock setup chromium lint types contracts words deploy

demo: setup
	@exec env $(PORTAL_ENV_OF_DEMO) $(BIN)/python -m config.launcher demo --port $(PORT)

test: setup chromium
	$(BIN)/python manage.py build_catalogue
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Other people's clients against a running portal, the rules of GeoReport v2, and the schema of the API.
conformance: setup
	$(BIN)/python manage.py build_catalogue
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/conformance tests/grid/test_open311.py

check: setup lint types contracts words deploy

bench: setup
	$(BIN)/python -m bench

lint:
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/djlint --lint --quiet $(TEMPLATES)
	bash config/guards.sh

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

words:
	$(BIN)/python manage.py build_catalogue
	$(BIN)/python manage.py check_translations

# A second engine for the moment it takes: the migrations are compared with a real, empty database.
deploy:
	PORTAL_VAR=$(PORTAL_VAR)/check $(BIN)/python manage.py makemigrations --check --dry-run
	@rm -rf $(PORTAL_VAR)/check/keys && mkdir -p -m 0700 $(PORTAL_VAR)/check/keys
	env PORTAL_ENV=production KEYS_DIR=$(abspath $(PORTAL_VAR)/check/keys) SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  ALLOWED_HOSTS=portal.example.org PUBLIC_URL=https://portal.example.org TRUSTED_PROXIES=10.0.0.2/32 \
	  DATABASE_URL=postgresql://portal:word@db/portal REDIS_URL=redis://:word@queue:6379/0 STORAGE_URL=file:///srv/portal \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

clean:
	@if [ -e $(PORTAL_VAR)/run/launcher.lock ] && ! flock -n $(PORTAL_VAR)/run/launcher.lock true; then \
	  echo "The portal is running: stop it first (Ctrl-C)."; exit 1; fi
	rm -rf $(PORTAL_VAR) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis locale/zh_Hans/LC_MESSAGES

# No address of any registry may get into the lock.
lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --all-extras \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	@! grep -nE 'https?://' requirements.lock

setup: $(STAMP)

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/usr/bin/python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python cannot make a virtual environment: apt-get install python3-venv"; exit 1; }
	@echo "Installing the libraries (the first time takes some minutes) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m compileall -q $(VENV)/lib || true
	@touch $@

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { echo "The tests drive a real browser and there is none. On Debian: apt-get install chromium fonts-noto-cjk"; exit 1; }
