# The whole project from here: make demo · make test · make check · make bench
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: setup demo run test check bench lock clean
setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	$(BIN)/python -m parvis.web.assets
	@touch $@

demo: $(READY)
	$(BIN)/parvis demo $(ARGS)

run: $(READY)
	$(BIN)/parvis run $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: $(READY)
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/parvis manage check
	$(BIN)/parvis manage makemigrations --check --dry-run
	$(BIN)/python -m pytest -n auto tests/architecture -m "not browser"

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q requirements/dev.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q requirements/runtime.in -c requirements/dev.txt -o requirements/runtime.txt

clean:
	rm -rf $(VENV) build src/*.egg-info
