"""The demo assistant's program: makes a prepared change and reports it in Codex's JSON lines.

It is no model: it looks for a playbook and a README in the folder it is given and edits a few lines
of each, so that there is something to review. Run as `python -m …demo_assistant [FOLDER]`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

#: Seconds between two steps, so that a person can follow.
PAUSE = 0.35
_PLAYBOOKS = ("site.yml", "site.yaml", "playbook.yml", "playbooks/site.yml")
_TASK = "Say that the play has ended"


def main(words: list[str]) -> int:
    """Make the change in a folder; the prompt comes on standard input."""
    folder = Path(words[0] if words else ".")
    prompt = "" if sys.stdin.isatty() else sys.stdin.read().strip()
    _say({"type": "thread.started", "thread_id": "demo"})
    _say({"type": "turn.started"})
    asked = f"You asked: “{' '.join(prompt.split())[:200]}”. " if prompt else ""
    _item(0, "agent_message", text=f"{asked}I am the demo assistant and make a prepared change.")
    _look(folder)
    changed = []
    playbook = next((folder / name for name in _PLAYBOOKS if (folder / name).is_file()), None)
    for number, path in enumerate((playbook, _readme(folder)), start=2):
        if path is None:
            continue
        before = path.read_text("utf-8", "replace") if path.exists() else ""
        after = edited_playbook(before) if path is playbook else edited_readme(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            kind = "update" if before else "add"
            _item(number, "file_change", changes=[{"path": str(path.resolve()), "kind": kind}])
            changed.append(path.name)
    told = f"I changed {' and '.join(changed)}." if changed else "Everything is there already."
    _item(9, "agent_message", text=f"{told} Please review it piece by piece.")
    _say({"type": "turn.completed", "usage": {"input_tokens": 0, "output_tokens": 0}})
    return 0


def edited_playbook(text: str) -> str:
    """A playbook with another heading and a harmless task at its end."""
    if _TASK in text:
        return text
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if re.match(r"#\s*\S|- name:\s*\S", line):
            quote = line[-1] if line[-1] in "\"'" else ""
            body = line.removesuffix(quote) if quote else line
            lines[index] = f"{body} (looked through by the demo assistant){quote}"
            break
    indents = [len(found[1]) for line in lines if (found := re.match(r"( +)- name:", line))]
    if indents:
        space = " " * indents[-1]
        lines += [
            "",
            f"{space}- name: {_TASK}",
            f"{space}  ansible.builtin.debug:",
            f'{space}    msg: "The play has ended on {{{{ inventory_hostname }}}}."',
        ]
    else:
        lines.append("# The demo assistant was here.")
    return "\n".join(lines) + "\n"


def edited_readme(text: str) -> str:
    """A README with one more line."""
    line = "The playbook says on each host when it has ended."
    if line in text:
        return text
    return f"{text.rstrip()}\n\n{line}\n" if text.strip() else f"# Notes\n\n{line}\n"


def _readme(folder: Path) -> Path:
    found = sorted(folder.glob("[Rr][Ee][Aa][Dd][Mm][Ee]*"))
    return next((path for path in found if path.is_file()), folder / "README.md")


def _look(folder: Path) -> None:
    step: dict[str, object] = {"id": "item_1", "type": "command_execution", "command": "ls"}
    _say({"type": "item.started", "item": {**step, "status": "in_progress"}})
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    time.sleep(PAUSE)
    done = {"aggregated_output": "\n".join(names), "exit_code": 0, "status": "completed"}
    _say({"type": "item.completed", "item": {**step, **done}})


def _item(number: int, kind: str, **fields: object) -> None:
    time.sleep(PAUSE)
    item = {"id": f"item_{number}", "type": kind, "status": "completed", **fields}
    _say({"type": "item.completed", "item": item})


def _say(event: dict[str, object]) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
