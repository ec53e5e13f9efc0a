#!/usr/bin/env bash
# Installs the real Codex and Aider, pinned by hash, into a cache outside the repository.
# The tests find them there; the program itself does not need them.
# The terminal's tests compare well-known programs with tmux; as root those are installed too,
# else the tests of the missing ones are skipped and say so.
#   AIOPS_TEST_TOOLS   the cache folder (default: the user's cache folder)
set -euo pipefail
cd "$(dirname "$0")/.."
TOOLS=${AIOPS_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/aiops-desktop/test-tools}
UV=$(command -v uv || echo "$PWD/.tools/uv/bin/uv")
export UV_SYSTEM_CERTS=1
mkdir -p "$TOOLS"
note() { printf '[test-tools] %s\n' "$*"; }

SHOWN="vim htop less mc nano fish zsh tmux git"
missing=""
for program in $SHOWN; do command -v "$program" >/dev/null || missing="$missing $program"; done
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    note "installing$missing"
    apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null || true
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null \
      || note "could not install$missing; the terminal is not compared in them"
  else
    note "the terminal is not compared in:$missing; to have that, run:  sudo apt-get install$missing"
  fi
fi

stamp=$(cat tools/codex/package-lock.json | cksum)
if [ "$(cat "$TOOLS/codex/.stamp" 2>/dev/null)" != "$stamp" ]; then
  if ! command -v npm >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    note "installing npm"
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends npm >/dev/null
  fi
  command -v npm >/dev/null || { note "Codex comes from npm; run:  sudo apt-get install npm"; exit 1; }
  note "installing Codex"
  rm -rf "$TOOLS/codex" && mkdir -p "$TOOLS/codex"
  cp tools/codex/package.json tools/codex/package-lock.json "$TOOLS/codex/"
  (cd "$TOOLS/codex" && npm ci --silent --no-audit --no-fund)
  printf '%s\n' "$stamp" >"$TOOLS/codex/.stamp"
fi

stamp=$(cat tools/aider/requirements.lock | cksum)
if [ "$(cat "$TOOLS/aider/.stamp" 2>/dev/null)" != "$stamp" ]; then
  note "installing Aider (about 700 MB, some minutes)"
  # Aider 0.86 needs Python below 3.13; newer ones would silently get a very old Aider.
  py=$("$UV" python find --no-project --no-python-downloads '>=3.11,<3.13' 2>/dev/null || echo 3.12)
  "$UV" venv -q --no-project --clear --python "$py" "$TOOLS/aider"
  UV_COMPILE_BYTECODE=1 "$UV" pip sync -q --python "$TOOLS/aider/bin/python" --require-hashes tools/aider/requirements.lock
  printf '%s\n' "$stamp" >"$TOOLS/aider/.stamp"
fi
note "ready in $TOOLS"
