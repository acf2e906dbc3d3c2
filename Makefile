# make demo   sets up, then plays a small town: issue, print, verify, revoke
# make test   sets up, then runs every check
# make check  the fast core, for the working day
SHELL := /bin/bash
BIN := .venv/bin
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: demo test check soak bench lint lock setup setup-demo clean

setup: .stamps/dev
setup-demo: .stamps/demo

.stamps/demo: requirements/all.txt pyproject.toml tools/setup.sh tools/web_parts.py
	@tools/setup.sh demo

.stamps/dev: requirements/dev.txt pyproject.toml tools/setup.sh tools/web_parts.py
	@tools/setup.sh dev

demo: setup-demo
	@$(BIN)/testamur demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not slow and not soak and not postgres and not system"

test: lint
	@tools/setup.sh system
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not soak" -rs

soak: setup
	@tools/setup.sh system
	$(BIN)/python -m pytest -n $(JOBS) -m "soak or postgres" -rs

bench: setup
	$(BIN)/python -m benchmarks

lock:
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --extra all --group build -o requirements/all.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --extra all --group dev -o requirements/dev.txt

clean:
	rm -rf .venv .stamps demo build dist
