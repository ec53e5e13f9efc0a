#!/usr/bin/env bash
# Updates this checkout: code, packages and database, or nothing of it when a step fails. Local
# changes (untracked files, too) are set aside and brought back; what an update that was cut off
# left behind is put back first.
#   scripts/update.sh [--restart] [--releases] [--remote NAME] [--branch NAME]
#   AIOPS_UPDATE_REMOTE, AIOPS_UPDATE_BRANCH   what to follow (default: origin, main)
#   UPDATE_RESTART_COMMAND                     what --restart starts at the end
set -euo pipefail
cd "$(dirname "$0")/.."
usable() { [ -n "$(command -v "$1")" ] && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
for python in .venv/bin/python .git/aiops-update/venv/bin/python python3; do
  if usable "$python"; then exec "$python" -m aiops_desktop update run "$@"; fi
done
echo "Python 3.11 or newer was not found. Run “make sync”, then this again." >&2
exit 5
