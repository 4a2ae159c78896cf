# Two commands for a newcomer: `make demo` and `make test`. Both make their own .venv.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
LANG_OF_DEMO ?=

.PHONY: demo test lint lock clean

demo: $(VENV)/.demo
	$(BIN)/embauche demo $(if $(LANG_OF_DEMO),--lang $(LANG_OF_DEMO))

test: $(VENV)/.test
	$(BIN)/python tools/check.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Embauche needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

SOURCES = $(shell find src frontend/src examples -type f -not -path '*/assets/*' -not -name '*.mo' -not -name '*.pyc' 2>/dev/null)

$(VENV)/.demo: requirements/demo.txt pyproject.toml hatch_build.py $(SOURCES) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation .
	touch $@

# The tests run on the checkout itself (an editable install), so that what is edited is tested.
$(VENV)/.test: requirements/test.txt pyproject.toml hatch_build.py frontend/package-lock.json | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  pyproject.toml requirements/build.in -o requirements/demo.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --extra test --extra postgres --extra mcp pyproject.toml requirements/build.in -c requirements/demo.txt -o requirements/test.txt

clean:
	rm -rf $(VENV) build dist src/embauche/present/assets
