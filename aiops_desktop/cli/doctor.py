"""`aiops-desktop doctor`: is everything there that the program works with? Repairs some of it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.domain.trouble import Failed, Trouble

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.doctor import Finding

_SIGNS = {True: "ok", False: "NO", None: "--"}


def add(nouns: Nouns) -> None:
    """Add it to the command line."""
    made = verb(nouns, "doctor", _doctor, "is everything there that the program works with?")
    made.add_argument(
        "--fix", action="store_true", help="repair what can be repaired, then look again"
    )


def _doctor(shell: Shell, options: Namespace) -> None:
    try:
        doctor = shell.house.doctor
    except Trouble as trouble:  # the data folder cannot be opened: all the more reason to look
        _tell(shell, _basics(shell))
        raise trouble from None
    found = doctor.look() if doctor else []
    if doctor and options.fix:
        for one in found:
            if one.fix:
                shell.note(doctor.fix(one.fix).summary)
        found = doctor.look()
    _tell(shell, found)
    if any(one.ok is False for one in found):
        can = any(one.fix for one in found) and not options.fix
        raise Failed(
            "Something is not as it should be.",
            "See the lines marked NO." + (" “doctor --fix” repairs some of it." if can else ""),
        )


def _basics(shell: Shell) -> list[Finding]:
    from aiops_desktop.services.doctor_checks import basics

    return list(basics(shell.layout, shell.layout.database))


def _tell(shell: Shell, found: list[Finding]) -> None:
    lines = []
    for one in found:
        lines.append(f"{_SIGNS[one.ok]:3} {one.title:22} {one.detail}".rstrip())
        if one.ok is not True and one.hint and one.hint not in one.detail:
            lines.append(f"    {'':22} {one.hint}")
    shell.show(found, "\n".join(lines))
