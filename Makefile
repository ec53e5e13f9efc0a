# Every target sets up what it needs first; `make` alone lists them.
PYTHON_SPEC ?=
export PYTHON_SPEC
export LANG ?= C.UTF-8
PY := .venv/bin/python
APP := $(PY) -m aiops_desktop

.DEFAULT_GOAL := help
# Two set-ups at once would spoil each other (`make -j all`).
.NOTPARALLEL:
.PHONY: help sync sync-dev seed seed-identities all format lint test check start stop restart status demo bench conformance test-tools package try-deb lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

sync: ## set up everything the program needs (.venv, system packages)
	@bash scripts/setup.sh run

sync-dev: ## the same, with the tools for tests and linting
	@bash scripts/setup.sh dev

# Not a target of its own: a line with $(MAKE) in it runs even with `make -n`.
define OPEN
if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
  echo "There is no display here, so the demo runs instead (its pictures go to build/demo)."; \
  exec $(PY) -m scripts.demo build/demo; \
else exec $(APP) start; fi
endef

start: sync ## open the window (without a display: run the demo and say so)
	@$(OPEN)

stop: sync ## close the running window
	@$(APP) stop

restart: sync ## close the running window and open it again
	@$(APP) stop && { $(OPEN); }

status: sync ## is the window running? (scripts ask `aiops-desktop status`: its exit code says it)
	@$(APP) status || [ $$? = 1 ]

all: sync-dev start ## contributor set-up, then open the window

demo: sync ## the program's main story through the real window, offscreen; pictures and report in build/demo
	@$(PY) -m scripts.demo build/demo

seed: sync ## make seed AIOPS_ADMIN_EMAIL=you@example.com: the tenants dcx, iwf and kbe with their projects
	@$(APP) seed-data --owner-email "$(AIOPS_ADMIN_EMAIL)"

seed-identities: sync ## make seed-identities AIOPS_ADMIN_EMAIL=... [SEED_SOURCE=folder]: import SSH keys by name
	@$(APP) seed-identities --owner-email "$(AIOPS_ADMIN_EMAIL)" $(if $(SEED_SOURCE),--source-dir "$(SEED_SOURCE)")

test-tools: sync-dev ## the real Codex and Aider, pinned, into a cache for the tests
	@bash scripts/test-tools.sh

test: sync-dev ## all tests
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PY) -m pytest -n 2 --dist worksteal $(ARGS)

bench: sync-dev ## measure against named peers; writes build/bench.json
	@$(PY) -m tests.benchmarks --out build/bench.json

conformance: sync-dev ## score the terminal with esctest2 (ESCTEST=folder; docs/conformance.md)
	@$(PY) -m tests.conformance $(ARGS)

format: sync-dev ## format the code
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

lint: sync-dev ## ruff, mypy (strict) and the import contracts
	@.venv/bin/ruff check -q .
	@.venv/bin/ruff format -q --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

check: lint test ## lint and test

package: sync ## wheel, folder, tarball and .deb, each of them tried, in build/package
	@bash scripts/package.sh

try-deb: sync ## after “make package”: the .deb in a new Debian, from install to purge (needs root, debootstrap)
	@bash packaging/deb/try.sh

lock: sync-dev ## write the lock files anew
	@bash scripts/lock.sh

clean: ## remove what the targets made
	@rm -rf build .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
