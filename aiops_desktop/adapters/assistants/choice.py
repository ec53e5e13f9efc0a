"""Which assistant is meant, and what a terminal starts: the one place that decides it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants.aider import Aider
from aiops_desktop.adapters.assistants.base import Cli
from aiops_desktop.adapters.assistants.codex import Codex
from aiops_desktop.adapters.assistants.custom import Custom
from aiops_desktop.adapters.assistants.demo import Demo
from aiops_desktop.domain.settings import Assistants

#: Said above a shell that was left by an assistant, in the terminal itself.
_LEFT = r"""printf '\n\033[2m%s has ended; this is a shell.\033[0m\n' """


@dataclass(frozen=True, slots=True)
class Choice:
    """What a terminal starts. `note` says why it is not what was asked for, "" when it is."""

    argv: tuple[str, ...]
    program: str
    note: str = ""


def known(settings: Assistants) -> tuple[Cli, ...]:
    """All assistants that may do runs, the default one first."""
    found: list[Cli] = [Codex(settings.codex_command), Aider(settings.aider_command)]
    if settings.demo or settings.default_tool == Demo.id:
        found.append(Demo("demo"))
    names = {cli.id for cli in found} | {"shell", ""}
    if settings.default_tool not in names:
        found.append(Custom(settings.default_tool))
    return tuple(sorted(found, key=lambda cli: cli.id != settings.default_tool))


def by_id(name: str, settings: Assistants) -> Cli | None:
    """The assistant of this id; the demo assistant also when it is no longer offered."""
    found = next((cli for cli in known(settings) if cli.id == name), None)
    return Demo("demo") if found is None and name == Demo.id else found


def choose(tool: str, settings: Assistants, env: Mapping[str, str]) -> Choice:
    """What a terminal starts for a tool: "" is the default one, "shell" the shell.

    Only a command that cannot be found in the terminal's own environment is replaced by the shell.
    Behind an assistant comes the shell, so that the window is not lost when it ends.
    """
    shell = shell_argv(settings, env)
    name = tool or settings.default_tool or "shell"
    if name == "shell":
        return Choice(tuple(shell), _name(shell))
    cli = by_id(name, settings) or Custom(name)
    words = cli.words()
    path = process.which(words[0], env) if words else ""
    if isinstance(cli, Demo):
        path = path or "demo"
    if not path:
        what = f"“{words[0]}” was not found" if words else f"The command of {cli.title} is empty"
        note = f"{what}, so this is a shell. {cli.hint}"
        return Choice(tuple(shell), _name(shell), note)
    run = shlex.join(cli.interactive(path, env))
    # The shell between must outlive Ctrl-C; a trap, unlike ignoring, does not reach its children.
    script = (
        f"trap : INT; {run}; trap - INT; {_LEFT}{shlex.quote(cli.title)}; exec {shlex.join(shell)}"
    )
    return Choice(("/bin/sh", "-c", script), cli.id)


def shell_argv(settings: Assistants, env: Mapping[str, str]) -> list[str]:
    """The configured shell, else the person's own, else the one every system has."""
    for text in (settings.default_shell, env.get("SHELL", ""), "/bin/sh"):
        try:
            words = shlex.split(os.path.expanduser(text))  # noqa: PTH111 - not only a path
        except ValueError:
            continue
        if words and (path := process.which(words[0], env)):
            return [path, *words[1:]]
    return ["/bin/sh"]


def _name(argv: list[str]) -> str:
    return Path(argv[0]).name
