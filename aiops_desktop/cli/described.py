"""The command line described as data, for completion, the manual and the table of coverage."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

#: What a value is, by the name of its argument: what completion offers for it.
_KINDS = {
    "tenant": "tenant",
    "to": "tenant",
    "where": "project",
    "project": "project",
    "file": "file",
    "setting": "setting",
    "path": "file",
    "target": "file",
    "archive": "file",
    "out": "folder",
    "folder": "folder",
    "source_dir": "folder",
}
_METAVARS = {"FOLDER": "folder", "FILE": "file", "TENANT/PROJECT": "project", "PATH": "file"}


@dataclass(frozen=True, slots=True)
class Word:
    """An option or a positional argument.

    Attributes:
        names: its spellings, the long one last; () for a positional argument.
        name: what stands for its value.
        kind: "flag" takes no value; "tenant", "project", "setting", "file", "folder" say what the
            value is; "" is any text.
        choices: the values there are, when they are few.
        many: whether it may be given more than once.
        optional: a positional argument that may be left out.
    """

    names: tuple[str, ...]
    name: str
    help: str
    kind: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A noun or a verb. `path` is () for the program itself; `commands` are (name, help) below."""

    path: tuple[str, ...]
    about: str
    commands: tuple[tuple[str, str], ...] = ()
    options: tuple[Word, ...] = ()
    arguments: tuple[Word, ...] = ()


def described(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[Command]:
    """The command of this parser, and all those below it."""
    below: dict[str, argparse.ArgumentParser] = {}
    helps: list[tuple[str, str]] = []
    options: list[Word] = []
    arguments: list[Word] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = dict(action.choices)
            helps = [(one.dest, one.help or "") for one in action._choices_actions]
        elif action.option_strings:
            options.append(_word(action))
        else:
            arguments.append(_word(action))
    about = (parser.description or "").strip()
    yield Command(path, about, tuple(helps), tuple(options), tuple(arguments))
    shown = {name for name, _help in helps}
    for name, inner in below.items():
        if name in shown:
            yield from described(inner, (*path, name))


def _word(action: argparse.Action) -> Word:
    flag = action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction)
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    kind = "flag" if flag else _METAVARS.get(metavar) or _KINDS.get(action.dest, "")
    return Word(
        tuple(action.option_strings),
        metavar or action.dest.replace("_", "-"),
        action.help or "",
        kind,
        tuple(str(choice) for choice in action.choices or ()),
        action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction),
        action.nargs in ("?", "*"),
    )
