"""`aiops-desktop setting …` and `aiops-desktop doctor`."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.cli.plain import table
from aiops_desktop.domain.settings import schema
from aiops_desktop.domain.trouble import Failed

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add both to the command line."""
    verbs = noun(nouns, "setting", "settings: list and set")
    verb(verbs, "list", _list, "every setting, its value and where it comes from")
    put = verb(verbs, "set", _set, "set one; secrets are asked for", "path")
    put.add_argument("value", nargs="?")
    verb(nouns, "doctor", _doctor, "is everything there that the program works with?")


def _list(shell: Shell, _options: Namespace) -> None:
    effective = shell.house.settings.effective()
    rows = []
    for item in schema():
        origin = effective.origins[item.path]
        value = getattr(getattr(effective.settings, item.section), item.name)
        if item.option.secret:
            value = "" if origin == "default" else "(set)"
        rows.append({"path": item.path, "value": value, "origin": origin, "env": item.option.env})
    for problem in effective.problems:
        shell.note(problem.sentence)
    for unknown in effective.unknown:
        shell.note(f"Not known: {unknown}.")
    shell.show(
        {"settings": rows, "problems": effective.problems, "unknown": effective.unknown},
        table(("SETTING", "VALUE", "FROM"), [(r["path"], r["value"], r["origin"]) for r in rows]),
    )


def _set(shell: Shell, options: Namespace) -> None:
    secret = any(item.path == options.path and item.option.secret for item in schema())
    if secret:
        value = shell.secret(f"{options.path}:") if options.value is None else options.value
        if options.value:
            shell.note("Other programs can read a secret given on the command line.")
    else:
        value = options.value or ""
    done = shell.house.settings.save({options.path: value})
    shell.show(done, done.summary or "Saved.")


def _doctor(shell: Shell, _options: Namespace) -> None:
    steps = shell.house.doctor.look() if shell.house.doctor else []
    sign = {True: "ok", False: "NO", None: "--"}
    shell.show(steps, "\n".join(f"{sign[s.ok]:3} {s.title:22} {s.detail}".rstrip() for s in steps))
    if any(step.ok is False for step in steps):
        raise Failed("Something is not as it should be.", "See the lines marked NO.")
