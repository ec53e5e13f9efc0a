#!/usr/bin/env bash
# Sets up everything the program needs on this machine; quick when nothing changed.
#   scripts/setup.sh [dev]     "dev" adds the tools for tests and linting
set -euo pipefail
cd "$(dirname "$0")/.."
WANT=${1:-run}
note() { printf '[setup] %s\n' "$*"; }

# 1. System libraries and programs (Debian and Ubuntu; elsewhere they are the user's own).
PKGS="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 \
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libwayland-cursor0 libwayland-egl1 \
fonts-dejavu-core fonts-inter fonts-hack openssh-client git tmux ca-certificates python3-venv"
[ "$WANT" = dev ] && PKGS="$PKGS openssh-server xvfb xauth putty-tools dbus-daemon"
if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  missing=
  for p in $PKGS; do
    dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed ||
      dpkg-query -W -f '${db:Status-Status}\n' "${p}t64" 2>/dev/null | grep -qx installed ||
      missing="$missing $p"
  done
  if [ -n "$missing" ]; then
    sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"
    if [ -z "$sudo" ] || sudo -n true 2>/dev/null; then
      note "installing system packages:$missing"
      $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq
      DEBIAN_FRONTEND=noninteractive $sudo apt-get -o DPkg::Lock::Timeout=300 install \
        -y -qq --no-install-recommends $missing >/dev/null
    else
      note "missing system packages; run:  sudo apt-get install$missing"
    fi
  fi
fi

# 2. uv: the machine's own, else one in .tools (works without pip and with PEP 668).
UV=$(command -v uv || true)
if [ -z "$UV" ] && [ "${NO_UV:-}" != 1 ]; then
  UV=$PWD/.tools/uv/bin/uv
  if ! [ -x "$UV" ]; then
    note "fetching uv"
    { python3 -m venv .tools/uv && .tools/uv/bin/python -m pip install -q \
        --disable-pip-version-check 'uv>=0.9,<1'; } || UV=
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
  if [ -n "$UV" ]; then
    py="${PYTHON_SPEC:-}"
    [ -n "$py" ] || py=$("$UV" python find --no-project --no-python-downloads '>=3.12,<3.14' 2>/dev/null || true)
    if [ -z "$py" ]; then
      note "fetching Python 3.12"
      if UV_HTTP_RETRIES=0 "$UV" python install -q 3.12 2>/dev/null; then py=3.12
      else py=$("$UV" python find --no-project --no-python-downloads '>=3.11,<3.14'); note "no download possible, using $py"; fi
    fi
    note "installing $lock with $py"
    # An environment that is whole is brought in line where it stands: a window may run from it.
    base() { "$1" -c 'import os, sys; print(os.path.realpath(sys._base_executable))' 2>/dev/null; }
    found=$("$UV" python find --no-project --no-python-downloads "$py" 2>/dev/null || echo "$py")
    if [ -s .venv/.stamp ] && [ "$(base .venv/bin/python)" = "$(base "$found")" ]; then
      rm .venv/.stamp
    else
      "$UV" venv -q --no-project --clear --python "$py" .venv
    fi
    UV_COMPILE_BYTECODE=1 "$UV" pip sync -q --python .venv/bin/python --require-hashes $lock
    "$UV" pip install -q --python .venv/bin/python --no-deps -e .
  else
    py="${PYTHON_SPEC:-python3}"
    note "uv is not to be had: venv and pip with $py"
    "$py" -m venv --clear .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $lock
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j0 .venv/lib >/dev/null || true
  fi
  printf '%s\n' "$stamp $WANT" >.venv/.stamp
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
