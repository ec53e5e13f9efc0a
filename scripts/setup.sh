#!/usr/bin/env bash
# Sets up everything the program needs on this machine; quick when nothing changed.
#   scripts/setup.sh [dev]     "dev" adds the tools for tests and linting
set -euo pipefail
cd "$(dirname "$0")/.."
WANT=${1:-run}
note() { printf '[setup] %s\n' "$*"; }

quiet() { # speaks only when it fails
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said" | grep -v '^WARNING: Retrying' | tail -n 5 >&2; return 1; }
}

# 1. System libraries and programs (Debian and Ubuntu; elsewhere they are the user's own).
QT="libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0" # without them nothing opens
PKGS="git $QT libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 \
libwayland-cursor0 libwayland-egl1 fonts-dejavu-core fonts-inter fonts-hack openssh-client tmux ca-certificates"
UV=$(command -v uv || true)
has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }
[ -n "$UV" ] || [ -x .tools/uv/bin/uv ] || has_venv || PKGS="$PKGS python3-venv"
[ "$WANT" = dev ] && PKGS="$PKGS openssh-server xvfb xauth putty-tools dbus-daemon"
if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  missing= stops=
  for p in $PKGS; do
    dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed ||
      dpkg-query -W -f '${db:Status-Status}\n' "${p}t64" 2>/dev/null | grep -qx installed ||
      missing="$missing $p"
  done
  for p in $QT python3-venv; do case " $missing " in *" $p "*) stops=1 ;; esac; done
  sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if [ -z "$missing" ]; then :
  elif [ -z "$sudo" ] || sudo -n true 2>/dev/null; then
    note "installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    quiet $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq || true
    # An installation that fails is no end when the program can do without what is missing.
    quiet $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install \
      -y -qq --no-install-recommends $missing || {
      note "the system packages could not be installed; what apt-get says stands above"
      [ -z "$stops" ] || exit 5
    }
  elif [ -n "$stops" ]; then
    note "system packages are missing. Run this once (as root where there is no sudo), then the same again:"
    echo "sudo apt-get install -y$missing"
    exit 5
  elif [ "$missing" != "$(cat .venv/.missing 2>/dev/null)" ]; then # said once, not at every call
    note "missing system packages; run:  sudo apt-get install -y$missing"
  fi
fi

# 2. uv: the machine's own, else one in .tools (works without pip and with PEP 668).
if [ -z "$UV" ] && [ "${NO_UV:-}" != 1 ]; then
  UV=$PWD/.tools/uv/bin/uv
  if ! [ -x "$UV" ]; then
    command -v python3 >/dev/null || { note "Python 3.11 or newer is needed, with venv; install it, then try again"; exit 5; }
    note "fetching uv"
    { quiet python3 -m venv .tools/uv && quiet .tools/uv/bin/python -m pip install -q \
        --disable-pip-version-check 'uv>=0.9,<1'; } 2>/dev/null || UV=
  fi
fi
export UV_SYSTEM_CERTS=1

# 3. The program's own environment, only when the locks or the interpreter changed.
# Settings of linters and tests in pyproject.toml do not count; an environment for development stays one.
stamp="$(sed -n '/^\[build-system/,/^\[dependency-groups/p' pyproject.toml |
  cat - requirements.lock requirements-dev.lock scripts/setup.sh | cksum) ${PYTHON_SPEC:-}"
case "$(cat .venv/.stamp 2>/dev/null)" in *" dev") WANT=dev ;; esac
fresh() { [ -x "$1/bin/python" ] && grep -qxF "$stamp $2" "$1/.stamp" 2>/dev/null && "$1/bin/python" -c '' 2>/dev/null; }
if ! fresh .venv dev && ! { [ "$WANT" = run ] && fresh .venv run; }; then
  lock=requirements.lock; [ "$WANT" = dev ] && lock=requirements-dev.lock
  offline() { note "the packages could not be installed; what was said of it stands above. Is there a network?"; exit 1; }
  if [ -n "$UV" ]; then
    py="${PYTHON_SPEC:-}"
    find() { "$UV" python find --system --no-project --no-python-downloads "$1" 2>/dev/null; }
    [ -n "$py" ] || py=$(find '>=3.12,<3.14' || true)
    if [ -z "$py" ]; then
      note "fetching Python 3.12"
      if UV_HTTP_RETRIES=0 "$UV" python install -q 3.12 2>/dev/null; then py=3.12
      else
        py=$(find '>=3.11,<3.14') ||
          { note "Python 3.11, 3.12 or 3.13 is needed; it is not here and could not be fetched"; exit 5; }
        note "no download possible, using $py"
      fi
    fi
    note "installing $lock with $py"
    # An environment that is whole is brought in line where it stands: a window may run from it.
    base() { "$1" -c 'import os, sys; print(os.path.realpath(sys._base_executable))' 2>/dev/null; }
    found=$(find "$py" || echo "$py")
    if [ -s .venv/.stamp ] && [ "$(base .venv/bin/python)" = "$(base "$found")" ]; then
      rm .venv/.stamp
    else
      "$UV" venv -q --no-project --clear --python "$py" .venv
    fi
    # A mirror that pip was told of is one for uv, too.
    index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
    UV_COMPILE_BYTECODE=1 "$UV" pip sync -q --python .venv/bin/python --require-hashes $lock || offline
    "$UV" pip install -q --python .venv/bin/python --no-deps -e . || offline
  else
    py="${PYTHON_SPEC:-python3}"
    "$py" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null ||
      { note "Python 3.11, 3.12 or 3.13 is needed; $py is not one (make PYTHON_SPEC=python3.12 names another)"; exit 5; }
    note "uv is not to be had: venv and pip with $py"
    "$py" -m venv --clear .venv
    quiet .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $lock || offline
    quiet .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e . || offline
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j0 .venv/lib >/dev/null || true
  fi
  printf '%s\n' "$stamp $WANT" >.venv/.stamp
  printf '%s\n' "${missing:-}" >.venv/.missing
  note "ready: $(.venv/bin/python -V)"
fi

# 4. ansible-core in an environment of its own, for local playbooks, unless the machine has one.
if ! command -v ansible-playbook >/dev/null; then
  astamp="$(cksum <tools/ansible/requirements.lock) $(.venv/bin/python -V)"
  if ! [ -x .tools/ansible/bin/ansible-playbook ] || [ "$(cat .tools/ansible/.stamp 2>/dev/null)" != "$astamp" ]; then
    note "installing ansible-core"
    if [ -n "$UV" ]; then
      "$UV" venv -q --no-project --clear --python .venv/bin/python .tools/ansible &&
        UV_COMPILE_BYTECODE=1 "$UV" pip sync -q --python .tools/ansible/bin/python --require-hashes tools/ansible/requirements.lock
    else
      .venv/bin/python -m venv --clear .tools/ansible &&
        .tools/ansible/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r tools/ansible/requirements.lock
    fi && printf '%s\n' "$astamp" >.tools/ansible/.stamp ||
      note "ansible-core could not be installed; local playbooks need:  pip install ansible-core"
  fi
fi
