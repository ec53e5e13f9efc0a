#!/usr/bin/env bash
# Writes the hashed lock files anew. They name no index host, so that they work with any mirror.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=1
UV=$(command -v uv || echo .tools/uv/bin/uv)
compile() { "$UV" pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate "$@"; }
compile --python-version 3.11 pyproject.toml -o requirements.lock
compile --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock
compile --python-version 3.11 pyproject.toml --group package -c requirements.lock -o requirements-package.lock
compile --python-version 3.11 tools/ansible/requirements.in -o tools/ansible/requirements.lock
"$UV" pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate \
  --python-version 3.12 tools/aider/requirements.in -o tools/aider/requirements.lock
(cd tools/codex && npm install --silent --package-lock-only --omit-lockfile-registry-resolved)
