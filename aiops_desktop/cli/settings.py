"""`aiops-desktop setting …`: list, look at one, set, unset."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.cli.plain import table
from aiops_desktop.domain.setting_layers import value_of
from aiops_desktop.domain.setting_values import text
from aiops_desktop.domain.settings import Schema, schema
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add it to the command line."""
    verbs = noun(nouns, "setting", "settings: list, show, set and unset")
    verb(verbs, "list", _list, "every setting, its value and where it comes from")
    verb(verbs, "show", _show, "one setting, and every place looked at for it", "setting")
    put = verb(verbs, "set", _set, "set one; secrets are asked for", "setting")
    put.add_argument("value", nargs="?")
    verb(verbs, "unset", _unset, "back to the default; a secret is forgotten", "setting")


def _list(shell: Shell, _options: Namespace) -> None:
    effective = shell.house.settings.effective()
    rows = []
    for item in schema():
        origin = effective.origins[item.path]
        value = value_of(effective.settings, item.path)
        if item.option.secret:
            value = "" if origin == "default" else "(set)"
        rows.append({"path": item.path, "value": value, "origin": origin, "env": item.option.env})
    for unknown in effective.unknown:
        shell.note(f"Not known: {unknown}.")
    shell.show(
        {"settings": rows, "problems": effective.problems, "unknown": effective.unknown},
        table(("SETTING", "VALUE", "FROM"), [(r["path"], r["value"], r["origin"]) for r in rows]),
    )


def _set(shell: Shell, options: Namespace) -> None:
    item = _item(options.setting)
    if item.option.secret:
        value = shell.secret(f"{item.path}:") if options.value is None else options.value
        if options.value:
            shell.note("Other programs can read a secret given on the command line.")
    else:
        value = options.value or ""
    done = shell.house.settings.save({item.path: value})
    advice = shell.house.settings.advice({item.path: value} if not item.option.secret else {})
    for sentence in advice.values():
        shell.note(sentence)
    if item.option.restart:
        shell.note("It counts after a restart of the program.")
    shell.show(done, done.summary or "Saved.")


def _unset(shell: Shell, options: Namespace) -> None:
    item = _item(options.setting)
    done = shell.house.settings.save({item.path: item.default})
    shell.show(done, done.summary or "Back to the default.")


def _show(shell: Shell, options: Namespace) -> None:
    item = _item(options.setting)
    effective = shell.house.settings.effective()
    value = "" if item.option.secret else value_of(effective.settings, item.path)
    advice = shell.house.settings.advice({item.path: value}).get(item.path, "")
    places = effective.places[item.path]
    rows = [
        (place.where, place.value, place.standing, f"line {place.line}" if place.line else "")
        for place in places
    ]
    told = [
        f"{item.option.title}: {text(value)}" if not item.option.secret else item.option.title,
        item.option.help,
        f"Also set as {item.option.env}." if item.option.env else "",
        "Counts after a restart." if item.option.restart else "Counts at once.",
        advice,
        "",
        table(("LOOKED FOR IN", "VALUE", "", ""), rows),
    ]
    shell.show(
        {
            "path": item.path,
            "value": value,
            "origin": effective.origins[item.path],
            "env": item.option.env,
            "restart": item.option.restart,
            "waiting": item.path in effective.waiting,
            "advice": advice,
            "places": places,
        },
        "\n".join(line for n, line in enumerate(told) if line or n == 5),
    )


def _item(path: str) -> Schema:
    """The setting of this path, or of this environment variable's name.

    Raises:
        Missing: there is none.
    """
    for item in schema():
        if path in (item.path, item.option.env):
            return item
    raise Missing(f"There is no setting “{path[:60]}”.", "“setting list” names all of them.")
