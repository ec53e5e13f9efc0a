"""Every next step a Trouble names is an action, so that its button is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import aiops_desktop
from aiops_desktop.ui.actions.all import every_action


def _named_steps() -> set[str]:
    found: set[str] = set()
    for path in Path(aiops_desktop.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "steps":
                texts = (n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant))
                found |= {text for text in texts if isinstance(text, str) and "." in text}
    return found


def test_every_next_step_is_an_action() -> None:
    steps = _named_steps()
    assert "git.fetch_rebase" in steps, "the search finds what it looks for"
    known = {action.id for action in every_action()}
    if missing := steps - known:
        pytest.fail(f"no action for {sorted(missing)}")
