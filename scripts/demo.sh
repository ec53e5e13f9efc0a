#!/usr/bin/env bash
# The demo. When Codex is installed (on PATH or by `make test-tools`), the real Codex works in it, against a
# scripted model on loopback; otherwise the built-in demo assistant does, and the window says so.
#   scripts/demo.sh [FOLDER]     pictures and report go to FOLDER (build/demo)
set -euo pipefail
cd "$(dirname "$0")/.."
OUT=${1:-build/demo}
TOOLS=${AIOPS_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/aiops-desktop/test-tools}
CODEX=$(command -v codex || true)
[ -n "$CODEX" ] || { [ -x "$TOOLS/codex/node_modules/.bin/codex" ] && CODEX=$TOOLS/codex/node_modules/.bin/codex; } || true

if [ -n "$CODEX" ] && .venv/bin/python -c 'import tests.support.model' 2>/dev/null; then
  work=$(mktemp -d)
  .venv/bin/python -m tests.support.model --port 0 --port-file "$work/port" --script scripts/demo_script.json \
    >"$work/log" 2>&1 &
  model=$!
  trap 'kill "$model" 2>/dev/null || true; rm -rf "$work"' EXIT
  for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
  if [ -s "$work/port" ]; then
    export AIOPS_DEMO_CODEX="$CODEX" AIOPS_DEMO_CODEX_URL="http://127.0.0.1:$(cat "$work/port")/v1"
  fi
fi
status=0
.venv/bin/python -m aiops_desktop demo --out "$OUT" || status=$?
exit "$status"
