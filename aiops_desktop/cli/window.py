"""`aiops-desktop start`, `stop` and `restart`: the window seen from a shell.

They are done before the command line is read (`__main__`), because the window is to be seen at
once; here they stand for help, completion and the manual.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.instance import WindowLock

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add them to the command line."""
    _options(verb(nouns, "start", _open, "open the window, or show the one that runs"))
    verb(nouns, "stop", _stop, "close the window")
    _options(verb(nouns, "restart", _open, "close the window and open it again"))


def _options(made: ArgumentParser) -> None:
    made.add_argument(
        "--project", metavar="TENANT/PROJECT", default="", help="show this project first"
    )
    made.add_argument(
        "--background",
        action="store_true",
        help="return once the window is open; its output goes to logs/window.log",
    )
    made.add_argument(
        "--self-test",
        action="store_true",
        help="open the window, say SHOWN and LOADED, and close it; needs no display",
    )


def _stop(shell: Shell, _options: Namespace) -> None:
    told = WindowLock(shell.layout).stop()
    shell.show({"told": told}, told)


def _open(_shell: Shell, _options: Namespace) -> None:
    raise Refused("The window is opened without --json.", "Leave it out.")
