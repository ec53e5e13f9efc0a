"""`make demo`: the main story through the real window, offscreen.

When Codex is installed (on PATH, or by `make test-tools`) the real Codex works in it, against a
scripted model on loopback; otherwise the built-in demo assistant does, and the window says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.model import Script, ScriptedModel

_HEADING = "# Roll the web shop out to its hosts\n"
_TOLD = '        msg: "{{ shop_name }} {{ release }} is out on {{ inventory_hostname }}."\n'
_ENDED = (
    "\n    - name: Say that the play has ended\n"
    "      ansible.builtin.debug:\n"
    '        msg: "The play has ended on {{ inventory_hostname }}."\n'
)
_SCRIPT = Script(
    {
        "when the play has ended": [
            {"say": "I look at the playbook first.", "shell": "cat site.yml"},
            {
                "edit": {
                    "path": "site.yml",
                    "old": _HEADING,
                    "new": "# Roll the web shop out to its hosts, one after the other\n",
                }
            },
            {"edit": {"path": "site.yml", "old": _TOLD, "new": _TOLD + _ENDED}},
            {"say": "The play now says on each host that it has ended."},
        ]
    }
)


def codex() -> str:
    """The Codex to use, "" when there is none."""
    found = shutil.which("codex")
    if found:
        return found
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    tools = Path(os.environ.get("AIOPS_TEST_TOOLS") or cache / "aiops-desktop" / "test-tools")
    pinned = tools / "codex" / "node_modules" / ".bin" / "codex"
    return str(pinned) if pinned.exists() else ""


def main() -> int:
    """Run the demo; its exit code."""
    out = sys.argv[1] if len(sys.argv) > 1 else "build/demo"
    argv = [sys.executable, "-m", "aiops_desktop", "demo", "--out", out]
    program = codex()
    if not program:
        return subprocess.run(argv, check=False).returncode
    with ScriptedModel(_SCRIPT) as model:
        env = dict(os.environ, AIOPS_DEMO_CODEX=program, AIOPS_DEMO_CODEX_URL=model.base_url)
        return subprocess.run(argv, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
