"""`aiops-desktop session …`."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "session", "terminals that live in tmux")
    verb(verbs, "list", _list, "living sessions").add_argument("--tenant", default="")
    start = verb(verbs, "open", _open, "make a project's terminal; prints how to attach", "project")
    start.add_argument("--tool", default="", help="codex, aider, shell, …")
    start.add_argument("--fresh", action="store_true", help="another window")
    kill = yes(verb(verbs, "kill", _kill, "end a session or one window", "tenant", "session"))
    kill.add_argument("--window", default="", help="its id, such as @3")


def _list(shell: Shell, options: Namespace) -> None:
    wanted = shell.house.tenants.find(options.tenant).id if options.tenant else None
    sessions = shell.house.sessions.all(wanted)
    windows = [(session, window) for session in sessions for window in session.windows]
    if shell.options.json:
        shell.show(sessions)
    else:
        shell.rows(
            windows,
            ("SESSION", "WINDOW", "NAME", "RUNS", "FOLDER", "ATTACH"),
            lambda pair: (
                pair[0].name,
                pair[1].id,
                pair[1].name,
                "(ended)" if pair[1].dead else pair[1].command,
                pair[1].path,
                pair[0].attach_command,
            ),
            none="No session lives.",
        )


def _open(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    opening = shell.house.sessions.open(project.id, tool=options.tool, fresh=options.fresh)
    if opening.view:  # nobody looks through it here; the window itself goes on
        shell.house.sessions.close_view(project.tenant_id, opening.view)
    if opening.note:
        shell.note(opening.note)
    shown = {
        "session": opening.session,
        "window": opening.window,
        "program": opening.program,
        "attach": opening.attach_command,
        "note": opening.note,
    }
    shell.show(shown, opening.attach_command)


def _kill(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    what = f"window {options.window} of " if options.window else ""
    shell.confirm(f"End {what}“{options.session}” and what runs in it?")
    done = shell.house.sessions.kill(tenant.id, options.session, options.window)
    shell.show(done, done.summary)
