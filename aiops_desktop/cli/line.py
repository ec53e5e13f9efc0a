"""Reads the command line, calls the verb, and turns its end into an exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aiops_desktop import __version__
from aiops_desktop.cli import (
    backup,
    checkouts,
    deployments,
    doctor,
    help,
    history,
    hosts,
    integrations,
    issues,
    keys,
    people,
    projects,
    runs,
    secrets,
    seed,
    sessions,
    settings,
    tenants,
    update,
    window,
)
from aiops_desktop.cli.plain import harmless
from aiops_desktop.cli.shell import Shell
from aiops_desktop.domain.trouble import Clash, Missing, NotTrusted, Refused, Stopped, Trouble
from aiops_desktop.services.logbook import Logbook

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.house import House

_ABOUT = """One window for many customers' repositories, terminals, assistants and deployments.

Without a command the window opens; “start”, “stop”, “restart” and “status” are about the window,
too, and “demo” runs its main story without a display. Projects are written as tenant/project.
"""
_CODES = """exit codes: 0 done · 1 failed · 2 wrong command line · 3 refused, or the world moved on
(push rejected, conflict) · 4 not trusted (key, token, host key) · 5 something is missing ·
130 stopped. AIOPS_DATA_DIR names another data folder."""

_EXIT = ((Refused, 3), (Clash, 3), (NotTrusted, 4), (Missing, 5))


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="aiops-desktop",
        description=_ABOUT,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"aiops-desktop {__version__}")
    made.set_defaults(json=False, yes=False)
    nouns = made.add_subparsers(metavar="COMMAND", required=True)
    for noun in (
        window,
        tenants,
        projects,
        keys,
        hosts,
        checkouts,
        runs,
        deployments,
        integrations,
        issues,
        sessions,
        history,
        settings,
        doctor,
        backup,
        secrets,
        people,
        seed,
        update,
        help,
    ):
        noun.add(nouns)
    return made


def run(
    words: Sequence[str], layout: Callable[[], Layout], build: Callable[[Layout], House]
) -> int:
    """Do what the words say; the exit code."""
    try:
        options = parser().parse_args(_front(words))
    except SystemExit as end:
        return int(end.code or 0)
    shell = Shell(options, layout, build)
    log = Logbook(shell.scrub, None, sys.stderr)
    before = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        options.verb(shell, options)
        sys.stdout.flush()
    except Trouble as trouble:
        trouble.clean(shell.scrub)
        _tell(trouble)
        return next((code for kind, code in _EXIT if isinstance(trouble, kind)), 1)
    except (Stopped, KeyboardInterrupt, EOFError):
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head` closed our output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ModuleNotFoundError as error:
        print(f"A part of this program is missing here: {error.name}.", file=sys.stderr)
        print("Run “make sync”.", file=sys.stderr)
        return 5
    except Exception as error:
        told = shell.scrub(f"This is an error of the program itself: {error!r}")
        print(told, file=sys.stderr)
        if os.environ.get("AIOPS_DEBUG"):
            print(shell.scrub(traceback.format_exc()), file=sys.stderr)
        else:
            print("Set AIOPS_DEBUG=1 to see where it happened.", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGTERM, before)
        log.close()
    return 0


def _front(words: Sequence[str]) -> list[str]:
    """--json counts wherever it stands; argparse's subcommands would forget it at the front."""
    rest = [word for word in words if word != "--json"]
    if len(rest) == len(words) or not rest:
        return list(words)
    return [*rest, "--json"] if "--" not in rest else _before_dashes(rest)


def _before_dashes(rest: list[str]) -> list[str]:
    at = rest.index("--")
    return [*rest[:at], "--json", *rest[at:]]


def _tell(trouble: Trouble) -> None:
    print(harmless(trouble.what), file=sys.stderr)
    if trouble.hint:
        print(harmless(trouble.hint), file=sys.stderr)
    for line in trouble.detail.splitlines()[-20:]:
        print(f"  {harmless(line)}", file=sys.stderr)


def _as_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
