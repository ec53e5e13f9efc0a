"""What a window is doing, decided from what tmux tells of it.

tmux 3.0 to 3.7 keep OSC 133 and OSC 9 from us (3.8 tells of the first), so a state is read from
what every version tells:

- **dead**: no pane's program lives. Windows we make stay when their program ends
  (`remain-on-exit`), so that the exit code can be seen.
- **waiting**: the assist run in the window says that it waits; or an assistant is in front, rang
  the bell (Codex and others do so for a question and at the end of a turn) and has put nothing out
  since. It ends when the assistant goes on, not when somebody looks.
- **bell**: any other program rang, and no terminal that shows the window was used since.
- **working**: a program other than the shell is in front. Of programs one talks with (assistants,
  ssh, editors, REPLs, everything that takes the whole screen) this alone says nothing: they work
  while they put something out, and for `ACTIVE` seconds more. Assist runs work until they end.
- **idle**: the rest, a shell at its prompt above all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiops_desktop.adapters.tmux import PaneInfo, Snapshot, WindowInfo
from aiops_desktop.domain.sessions import SessionState

#: Seconds after its last output in which a program one talks with still counts as working.
ACTIVE = 8.0
#: Seconds by which tmux's times may be late or early: it counts whole ones.
SLACK = 2.0

SHELLS = frozenset(
    """
    sh bash zsh fish dash ksh mksh tcsh csh ash nu xonsh elvish pwsh
    """.split()  # noqa: SIM905 - easier to read than so many quotes
)
_TALKING = frozenset(
    """
    codex aider claude gemini opencode goose demo ssh mosh mosh-client telnet et tmux screen
    ipython irb ghci psql mysql mariadb sqlite3 redis-cli mongosh bc gdb lldb vi vim nvim nano
    emacs hx kak micro less more man most htop top btop mc ranger lf tig lazygit k9s watch
    journalctl tail
    """.split()  # noqa: SIM905 - easier to read than so many quotes
)


def is_shell(program: str) -> bool:
    """Whether a program is a shell; login shells are shown with a dash."""
    return program.lstrip("-") in SHELLS


def program_of(window: WindowInfo, pane: PaneInfo) -> str:
    """The program in front, by the name a person knows.

    An assistant runs under a `sh` of ours that puts the shell behind it, so tmux says "sh"; that
    of an assist run under our supervisor.
    """
    started = window.program
    hidden = pane.command == "sh" or window.owner.startswith("run:")
    if hidden and pane is window.pane and started and not is_shell(started):
        return started
    return pane.command


def pane_state(window: WindowInfo, pane: PaneInfo, now: datetime) -> SessionState:
    """Dead, working or idle."""
    if pane.dead:
        return SessionState.DEAD
    program = program_of(window, pane)
    if is_shell(program):
        return SessionState.IDLE
    if window.owner.startswith("run:"):
        return SessionState.WORKING  # its window ends with it
    talking = pane.alternate or program in _TALKING or program == window.program
    if not talking or _within(window.activity, now, ACTIVE):
        return SessionState.WORKING
    return SessionState.IDLE


def window_state(
    window: WindowInfo, now: datetime, *, rang: bool, waiting: bool = False
) -> SessionState:
    """The state of a whole window.

    Args:
        window: as tmux tells it.
        now: when it was told.
        rang: the bell rang and nobody has looked (see `unheard`).
        waiting: the assist run in it says so.
    """
    if window.dead:
        return SessionState.DEAD
    if waiting or asks(window):
        return SessionState.WAITING
    if rang:
        return SessionState.BELL
    states = {pane_state(window, pane, now) for pane in window.panes}
    return SessionState.WORKING if SessionState.WORKING in states else SessionState.IDLE


def asks(window: WindowInfo) -> bool:
    """Whether an assistant in front rang and has been silent since."""
    program = program_of(window, window.pane)
    if window.rang is None or program != window.program or is_shell(program):
        return False
    return window.activity is None or not _after(window.activity, window.rang, SLACK)


def unheard(window: WindowInfo, snapshot: Snapshot) -> bool:
    """Whether the bell rang and no terminal that shows the window was used since.

    Without our hook (a server somebody else started) tmux's own flag has to do.
    """
    if window.rang is None:
        hooked = snapshot.server is not None and bool(snapshot.server.config)
        return window.bell and not hooked
    rang = window.rang
    return not any(
        client.activity is not None and _after(client.activity, rang, -SLACK)
        for client in snapshot.watchers(window.id)
    )


def _within(moment: datetime | None, now: datetime, seconds: float) -> bool:
    return moment is not None and now - moment < timedelta(seconds=seconds)


def _after(moment: datetime, other: datetime, seconds: float) -> bool:
    return moment - other > timedelta(seconds=seconds)
