"""The door to other programs."""

from __future__ import annotations

import os
import sys

import pytest

from aiops_desktop.adapters import process

_PRIORITY = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there are no priorities to read here")
def test_what_is_nice_steps_back_and_its_children_too() -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    # The shell waits for a line, so that its child begins when the shell has its priority.
    script = f'read line; exec "{sys.executable}" -c "{_PRIORITY}"'
    argv = ["/bin/sh", "-c", script]
    env = process.environment()
    gentle = process.run(argv, env=env, stdin=b"go\n", nice=10)
    plain = process.run(argv, env=env, stdin=b"go\n")
    assert int(gentle.text) == min(19, max(ours, 10))
    assert int(plain.text) == ours
