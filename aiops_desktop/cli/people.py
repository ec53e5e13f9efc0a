"""`aiops-desktop db-init` and `aiops-desktop create-admin`."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add both to the command line."""
    verb(nouns, "db-init", _init, "make or upgrade the database (every start does it, too)")
    admin = verb(nouns, "create-admin", _admin, "add an admin, or name the one at the desk")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", default="")


def _init(shell: Shell, _options: Namespace) -> None:
    layout = shell.house.layout
    shell.show({"data": layout.data}, f"The data folder {layout.data} is ready.")


def _admin(shell: Shell, options: Namespace) -> None:
    operator = shell.house.operators.create_admin(options.email, options.name).operator
    shell.show(operator, f"{operator.name} <{operator.email}> is an admin.")
