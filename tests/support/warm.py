"""The program with its imports behind it, which forks for each command; run as a program itself.

    PYTHONPATH=ROOT python -P tests/support/warm.py SCRATCH

Starting the program takes a second of imports, and a kill at a random moment would nearly always
fall into them. Here each command is a process of its own that begins with its work. One command
a line comes in, as JSON: `words`, `environment`, `input` (its standard input), `log` (a file for
its output), `newer` (a folder of migrations that ends with another revision; "" for the program's
own) and `revision`. Answered are three lines: the process id, “ended” when the process ended, and
its exit code (negative: a signal) when any line came that said it may be reaped.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import sys
import threading
from pathlib import Path
from typing import Any

_LEFT_OUT = {"ui", "__main__"}


def main(scratch: str) -> None:
    _warm_up(scratch)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    commands = os.fdopen(os.dup(0), "r")
    for line in commands:
        child = os.fork()
        if not child:
            _be(json.loads(line))
        answers.write(f"{child}\n")
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        answers.write("ended\n")
        commands.readline()  # until then nobody else can get this process id
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")


def _warm_up(scratch: str) -> None:
    """Import all that a command imports, and let each library do once what it does once."""
    import aiops_desktop

    _walk(aiops_desktop.__path__, f"{aiops_desktop.__name__}.")
    from aiops_desktop.__main__ import main as program
    from aiops_desktop.adapters.secrets import phrase

    phrase.MEMORY, phrase.PASSES, phrase.LANES = 64, 1, 1
    os.environ["AIOPS_DATA_DIR"] = scratch
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = program(["backup"])
    assert code == 0, said.getvalue()
    assert threading.active_count() == 1, "a fork of several threads may lock up"
    gc.collect()
    gc.freeze()


def _walk(path: Any, prefix: str) -> None:
    for found in pkgutil.iter_modules(path, prefix):
        if found.name.rpartition(".")[2] in _LEFT_OUT or ".versions." in found.name:
            continue
        with contextlib.suppress(ImportError, AttributeError):  # a library that is not here
            module = importlib.import_module(found.name)
            if found.ispkg:
                _walk(module.__path__, f"{found.name}.")


def _be(told: dict[str, Any]) -> None:
    """Be the program from here on; never returns."""
    code = 1
    try:
        os.setsid()
        read, write = os.pipe()
        os.write(write, told["input"].encode())
        os.close(write)
        os.dup2(read, 0)
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(told["environment"])
        from aiops_desktop.__main__ import main as program
        from aiops_desktop.storage import open as opening

        if told["newer"]:
            revision = told["revision"]
            vars(opening).update(
                MIGRATIONS=Path(told["newer"]),
                KNOWN=(*opening.KNOWN, revision),
                REVISION=revision,
            )
        code = program(told["words"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
