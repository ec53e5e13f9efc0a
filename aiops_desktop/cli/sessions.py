"""`aiops-desktop session …`."""

from __future__ import annotations

import queue
from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.cli.plain import counted
from aiops_desktop.domain.sessions import Attention, SessionState
from aiops_desktop.domain.trouble import Missing, Trouble

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.changes import Changes
    from aiops_desktop.domain.sessions import RememberedSession, SessionWindow


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "session", "terminals that live in tmux")
    verb(verbs, "list", _list, "living sessions").add_argument("--tenant", default="")
    start = verb(verbs, "open", _open, "make a project's terminal; prints how to attach", "project")
    start.add_argument("--tool", default="", help="codex, aider, shell, …")
    start.add_argument("--fresh", action="store_true", help="another window")
    kill = yes(verb(verbs, "kill", _kill, "end a session or one window", "tenant", "session"))
    kill.add_argument("--window", default="", help="its id, such as @3")
    rename = verb(verbs, "rename", _rename, "give it another name", "tenant", "session")
    rename.add_argument("name", help="the new one")
    rename.add_argument("--window", default="", help="rename this window of it, such as @3")
    move = verb(verbs, "move", _move, "move a window", "tenant", "session")
    move.add_argument("window", help="its id, such as @3")
    move.add_argument("to", help="a number, another session of the tenant, or session:number")
    log = verb(verbs, "log", _log, "print a window's history", "tenant")
    log.add_argument("window", help="its id, such as @3")
    log.add_argument("--lines", type=int, default=1000, help="of history at most; 1000")
    log.add_argument("--find", default="", metavar="TEXT", help="only lines with this in them")
    lost = verb(verbs, "lost", _lost, "what ran before the computer or tmux went down")
    lost.add_argument("--tenant", default="")
    back = verb(verbs, "restore", _restore, "open what was lost again; all, or those named")
    back.add_argument("number", nargs="*", type=int, help="as “session lost” shows it")
    back.add_argument("--tenant", default="")
    drop = verb(verbs, "forget", _forget, "offer what was lost no more; all, or those named")
    drop.add_argument("number", nargs="*", type=int, help="as “session lost” shows it")
    drop.add_argument("--tenant", default="")
    verb(verbs, "watch", _watch, "print bells, questions and ends as they come, until Ctrl+C")


# Living ones ----------------------------------------------------------------------------------


def _list(shell: Shell, options: Namespace) -> None:
    told = shell.house.sessions.inventory(_tenant(shell, options))
    for server in told.servers:
        if server.note:
            shell.note(f"{server.socket}: {server.note} {server.hint}".strip())
    windows = [(session, window) for session in told.sessions for window in session.windows]
    if shell.options.json:
        shell.show(told.sessions)
        return
    shell.rows(
        windows,
        ("SESSION", "WINDOW", "NAME", "RUNS", "STATE", "VIEWS", "AGE", "FOLDER", "ATTACH"),
        lambda pair: (
            f"{pair[0].name}:{pair[1].index}",
            pair[1].id,
            pair[1].name,
            pair[1].command,
            _state(pair[1]),
            pair[1].views or "",
            _age(pair[1].opened),
            pair[1].path,
            f"{pair[0].attach_command}:{pair[1].index}",
        ),
        none="No session lives.",
    )


def _open(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    opening = shell.house.sessions.open(project.id, tool=options.tool, fresh=options.fresh)
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
    sessions, tenant = shell.house.sessions, shell.house.tenants.find(options.tenant)
    running = sessions.running_in(tenant.id, options.session, options.window)
    if running:
        shell.note(f"  this ends {', '.join(running)}")
    what = f"window {options.window} of " if options.window else ""
    shell.confirm(f"End {what}“{options.session}” and what runs in it?")
    done = sessions.kill(tenant.id, options.session, options.window)
    shell.show(done, done.summary)


def _rename(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    done = shell.house.sessions.rename(tenant.id, options.session, options.name, options.window)
    shell.show(done, done.summary)


def _move(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    done = shell.house.sessions.move(tenant.id, options.session, options.window, options.to)
    shell.show(done, done.summary)


def _log(shell: Shell, options: Namespace) -> None:
    tenant, sessions = shell.house.tenants.find(options.tenant), shell.house.sessions
    if options.find:
        found = sessions.search(tenant.id, options.window, options.find, limit=options.lines)
        lines = list(dict.fromkeys((match.line, match.text) for match in found.found))
        shell.rows(lines, ("LINE", "TEXT"), lambda line: line, none="Nothing was found.")
        return
    told = sessions.scrollback(tenant.id, options.window, lines=options.lines, colours=False)
    shell.show(told.data.decode("utf-8", "replace").split("\r\n"), _text(told.data))


def _watch(shell: Shell, _options: Namespace) -> None:
    heard: queue.SimpleQueue[Changes | Attention] = queue.SimpleQueue()
    end = shell.house.sessions.watch(heard.put)
    try:
        while True:
            told = heard.get()
            if isinstance(told, Attention):
                shell.show(told, told.sentence)
    finally:
        end()


# Lost ones ------------------------------------------------------------------------------------


def _lost(shell: Shell, options: Namespace) -> None:
    shell.rows(
        _offered(shell, options),
        ("NUMBER", "NAME", "PROGRAM", "OPENED", "FOLDER"),
        lambda one: (one.id, one.name, one.program, one.opened, one.folder),
        none="Nothing was lost.",
    )


def _restore(shell: Shell, options: Namespace) -> None:
    failed: Trouble | None = None
    back = []
    for one in _chosen(shell, options):
        try:
            back.append(shell.house.sessions.bring_back(one))
        except Trouble as trouble:  # the others may come back all the same
            shell.note(f"“{one.name}”: {trouble}")
            failed = trouble
    shell.show(back, "\n".join(done.summary for done in back))
    if failed is not None:
        raise failed


def _forget(shell: Shell, options: Namespace) -> None:
    chosen = _chosen(shell, options)
    for one in chosen:
        shell.house.sessions.forget(one)
    shell.show(chosen, f"{counted(len(chosen), 'session')} will not be offered any more.")


def _offered(shell: Shell, options: Namespace) -> list[RememberedSession]:
    shell.house.sessions.recover()
    return shell.house.sessions.lost(_tenant(shell, options))


def _chosen(shell: Shell, options: Namespace) -> list[RememberedSession]:
    offered = _offered(shell, options)
    unknown = set(options.number) - {one.id for one in offered}
    if unknown:
        raise Missing(f"There is no lost session {min(unknown)}.", "Look at the list of lost ones.")
    return [one for one in offered if not options.number or one.id in options.number]


def _tenant(shell: Shell, options: Namespace) -> int | None:
    return shell.house.tenants.find(options.tenant).id if options.tenant else None


def _state(window: SessionWindow) -> str:
    if window.state is SessionState.DEAD and window.exit_code is not None:
        return f"dead, exit {window.exit_code}"
    return window.state.value


def _age(since: datetime | None) -> str:
    if since is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - since).total_seconds()))
    for size, letter in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {letter}"
    return f"{seconds} s"


def _text(data: bytes) -> str:
    """History as it may be printed: tmux leaves no steering characters in text without colours."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n")
