"""Prints the man page from the command line itself: manpage.py VERSION DAY."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from aiops_desktop.cli.line import parser


def main(version: str, day: str) -> int:
    """Print it (man(7) macros)."""
    made = parser()
    about, _, rest = (made.description or "").strip().partition("\n\n")
    print(f'.TH AIOPS-DESKTOP 1 "{day}" "aiops desktop {version}" "User Commands"')
    print(f".SH NAME\naiops-desktop \\- {_plain(about[:1].lower() + about[1:].rstrip('.'))}")
    print(".SH SYNOPSIS\n.B aiops-desktop\n[\\fICOMMAND\\fR] [\\fIarguments\\fR] [\\fB\\-\\-json\\fR]")
    print(f".SH DESCRIPTION\n{_plain(about)}\n.PP\n{_plain(rest)}")
    print(".SH COMMANDS")
    for name, command in _commands(made):
        print(f".TP\n.B {_plain(name)}\n{_plain(command.description or '')}")
        for action in command._actions:
            for word in action.option_strings[-1:]:
                if word not in ("--help", "--json"):
                    print(f".RS\n.TP\n.B {_plain(word)}\n{_plain(action.help or '')}\n.RE")
    print(f".SH EXIT STATUS\n{_plain(made.epilog or '')}")
    print(
        ".SH FILES\n.TP\n.I ~/.local/share/aiops\\-desktop\nThe data folder: database, settings, "
        "keys, checkouts, logs.\n.SH SEE ALSO\n.BR git (1),\n.BR ssh (1),\n.BR tmux (1)"
    )
    return 0


def _commands(made: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                if any(isinstance(inner, argparse._SubParsersAction) for inner in command._actions):
                    yield from _commands(command, f"{before}{name} ")
                else:
                    yield f"{before}{name}", command


def _plain(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\n.", "\n\\&.").strip()


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
