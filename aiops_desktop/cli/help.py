"""`aiops-desktop completion …` and `aiops-desktop manual`: what is made from the command line."""

from __future__ import annotations

from argparse import SUPPRESS, Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.domain.settings import schema

if TYPE_CHECKING:
    from aiops_desktop.cli.described import Command
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_SHELLS = ("bash", "zsh", "fish")


def add(nouns: Nouns) -> None:
    """Add them to the command line."""
    made = verb(nouns, "completion", _completion, "print the completion script of a shell")
    made.add_argument("shell", choices=_SHELLS)
    made.epilog = (
        "bash: source <(aiops-desktop completion bash) · zsh: the same, after compinit · "
        "fish: aiops-desktop completion fish | source"
    )
    man = verb(nouns, "manual", _manual, "print the manual page: “aiops-desktop manual | man -l -”")
    man.add_argument(
        "--date", default="", metavar="YYYY-MM-DD", help="the day it bears; else today"
    )
    names = nouns.add_parser("names")  # without help: for completion alone
    names.add_argument("kind", choices=("tenant", "project", "setting"), help=SUPPRESS)
    names.set_defaults(verb=_names)


def commands() -> tuple[Command, ...]:
    """Every command there is, described."""
    from aiops_desktop.cli.described import described
    from aiops_desktop.cli.line import parser

    return tuple(described(parser()))


def _completion(shell: Shell, options: Namespace) -> None:
    from aiops_desktop.cli.completion import SHELLS

    script = SHELLS[options.shell](commands())
    shell.show({"shell": options.shell, "script": script}, script.rstrip("\n"))


def _manual(shell: Shell, options: Namespace) -> None:
    from importlib import metadata

    from aiops_desktop.cli.line import parser
    from aiops_desktop.cli.manual import page

    day = options.date or datetime.now(UTC).strftime("%Y-%m-%d")
    made = page(parser(), metadata.version("aiops-desktop"), day)
    shell.show({"page": made}, made.rstrip("\n"))


def _names(shell: Shell, options: Namespace) -> None:
    if options.kind == "setting":
        found = [item.path for item in schema()]
    elif not shell.layout.database.exists():  # completing must not make a data folder
        found = []
    else:
        tenants = {tenant.id: tenant.slug for tenant in shell.house.tenants.all()}
        if options.kind == "tenant":
            found = list(tenants.values())
        else:
            projects = shell.house.projects.all()
            found = [f"{tenants[project.tenant_id]}/{project.slug}" for project in projects]
    shell.show(found, "\n".join(found))
