"""The manual page, made from the command line itself (man(7) macros)."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from aiops_desktop.cli.described import Command, Word, described
from aiops_desktop.domain.settings import schema

#: Variables that are no settings.
_VARIABLES = (
    ("AIOPS_DATA_DIR", "Another data folder: a second profile, or a test."),
    ("AIOPS_DEBUG", "With any value, an error of the program itself is shown with its place."),
)
_FILES = (
    ("~/.local/share/aiops-desktop/", "The data folder on Linux, and all that follows in it."),
    ("aiops.db", "The SQLite database."),
    ("settings.toml", "Settings that differ from their defaults."),
    (".env", "Variables, as in .env.example; they count more than settings.toml."),
    ("checkouts/", "Clones, as tenant/project; REPO_STORAGE_PATH moves them."),
    ("tenants/", "Keys, known hosts, assistants' homes, worktrees and runs of each tenant."),
    ("logs/", "Log files and crash reports."),
    ("trash/", "What was deleted, for a time."),
)


def page(parser: argparse.ArgumentParser, version: str, day: str) -> str:
    """The page aiops-desktop(1).

    Args:
        parser: the whole command line.
        version: the program's.
        day: when that was released, as YYYY-MM-DD.
    """
    about, _, rest = (parser.description or "").strip().partition("\n\n")
    name = about[:1].lower() + about[1:].rstrip(".")
    lines = [
        f'.TH AIOPS\\-DESKTOP 1 "{day}" "aiops desktop {version}" "User Commands"',
        ".SH NAME",
        f"aiops\\-desktop \\- {_plain(name)}",
        ".SH SYNOPSIS",
        ".B aiops\\-desktop",
        "[\\fICOMMAND\\fR [\\fIVERB\\fR] [\\fIARGUMENTS\\fR]] [\\fB\\-\\-json\\fR]",
        ".SH DESCRIPTION",
        _plain(about),
        ".PP",
        _plain(rest),
        ".PP",
        _plain("With --json, which may stand anywhere, a command prints its result as JSON."),
        ".SH COMMANDS",
    ]
    for command in described(parser):
        lines += _command(command)
    lines += [".SH EXIT STATUS", *_exit_codes(parser.epilog or "")]
    lines += [".SH ENVIRONMENT", *_tagged(_variables())]
    lines += [".SH FILES", *_tagged(_FILES)]
    lines += [".SH SEE ALSO", ".BR git (1),", ".BR ssh (1),", ".BR tmux (1)"]
    return "\n".join(lines) + "\n"


def _command(command: Command) -> Iterator[str]:
    if not command.path:
        return
    if command.commands:
        yield f".SS {_plain(' '.join(command.path))}"
        yield _plain(_sentence(command.about))
        return
    arguments = "".join(f" \\fI{_plain(_shape(word))}\\fR" for word in command.arguments)
    yield f".TP\n\\fB{_plain(' '.join(command.path))}\\fR{arguments}"
    yield _plain(_sentence(command.about))
    told = [word for word in command.options if word.names[-1] not in ("--help", "--json")]
    if told:
        yield ".RS"
        for word in told:
            value = "" if word.kind == "flag" else f" \\fI{_plain(word.name)}\\fR"
            yield f".TP\n\\fB{_plain(', '.join(word.names))}\\fR{value}"
            yield _plain(_sentence(word.help or "") or "\\&")
        yield ".RE"


def _shape(word: Word) -> str:
    name = "|".join(word.choices) or word.name
    shown = f"{name} ..." if word.many else name
    return f"[{shown}]" if word.optional else shown


def _exit_codes(epilog: str) -> Iterator[str]:
    """“exit codes: 0 done · 1 failed …” as a list."""
    told = " ".join(epilog.split()).removeprefix("exit codes: ")
    for part in told.split(". ", 1)[0].split(" · "):
        code, _, meaning = part.partition(" ")
        yield f".TP\n.B {code}\n{_plain(_sentence(meaning))}"


def _variables() -> list[tuple[str, str]]:
    named = [
        (item.option.env, f"{item.option.title}. {item.option.help}".strip())
        for item in schema()
        if item.option.env
    ]
    return [*_VARIABLES, *named]


def _tagged(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, told in pairs:
        yield f".TP\n.I {_plain(name)}\n{_plain(told)}"


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') or not text else '.'}"


def _plain(text: str) -> str:
    """Text as roff takes it for itself: no escapes, no requests, hyphens that can be copied."""
    if text == "\\&":
        return text
    made = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{made}" if made.startswith((".", "'")) else made
