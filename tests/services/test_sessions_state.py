"""What a window is doing, from what tmux tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aiops_desktop.adapters.tmux import PaneInfo, ServerInfo, SessionInfo, Snapshot, WindowInfo
from aiops_desktop.adapters.tmux.look import ClientInfo
from aiops_desktop.domain.sessions import SessionState
from aiops_desktop.services.sessions_state import pane_state, program_of, unheard, window_state

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SERVER = ServerInfo("3.3a", 1, NOW, "mark", "external")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def pane(command: str = "bash", **more: object) -> PaneInfo:
    made = PaneInfo(
        id="%0",
        index=0,
        active=True,
        pid=1,
        dead=False,
        code=None,
        columns=80,
        rows=24,
        history=0,
        history_limit=100,
        alternate=False,
        wants_mouse=False,
        copying=False,
        title="",
        command=command,
        path="/",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # by name


def window(*panes: PaneInfo, **more: object) -> WindowInfo:
    made = WindowInfo(
        session="acme-shell",
        index=0,
        id="@0",
        name="site",
        active=True,
        bell=False,
        activity=ago(100),
        owner="project:1",
        program="bash",
        opened=None,
        rang=None,
        panes=panes or (pane(),),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("command", "quiet", "alternate", "state"),
    [
        ("bash", 0, False, "idle"),
        ("-zsh", 0, False, "idle"),
        ("pytest", 3600, False, "working"),
        ("make", 0, False, "working"),
        ("ssh", 2, False, "working"),
        ("ssh", 60, False, "idle"),
        ("some-tui", 60, True, "idle"),
        ("some-tui", 1, True, "working"),
    ],
)
def test_a_program_works_until_it_is_one_to_talk_with(
    command: str, quiet: float, alternate: bool, state: str
) -> None:
    one = window(pane(command, alternate=alternate), activity=ago(quiet))
    assert window_state(one, NOW, rang=False) == state


def test_any_pane_at_work_makes_the_window_work() -> None:
    one = window(pane(), pane("make", id="%1", active=False))
    assert window_state(one, NOW, rang=False) is SessionState.WORKING
    assert [pane_state(one, p, NOW) for p in one.panes] == ["idle", "working"]


def test_dead_is_a_window_without_a_living_pane() -> None:
    dead = pane(dead=True, code=137)
    assert window_state(window(dead), NOW, rang=True) is SessionState.DEAD
    half = window(dead, pane(id="%1", active=False))
    assert window_state(half, NOW, rang=False) is SessionState.IDLE


def test_an_assistant_is_known_under_its_shell_and_by_its_silence() -> None:
    codex = window(pane("sh"), program="codex", activity=ago(2))
    assert program_of(codex, codex.pane) == "codex"
    assert window_state(codex, NOW, rang=False) is SessionState.WORKING
    assert window_state(replace(codex, activity=ago(60)), NOW, rang=False) is SessionState.IDLE
    left = window(pane("bash"), program="codex")
    assert program_of(left, left.pane) == "bash"


def test_an_assistant_that_rang_waits_until_it_goes_on() -> None:
    codex = window(pane("sh"), program="codex", rang=ago(60), activity=ago(60))
    assert window_state(codex, NOW, rang=True) is SessionState.WAITING
    assert window_state(codex, NOW, rang=False) is SessionState.WAITING  # looked at, not answered
    on = replace(codex, activity=ago(1))
    assert window_state(on, NOW, rang=False) is SessionState.WORKING
    shell = window(pane("bash"), program="codex", rang=ago(60), activity=ago(60))
    assert window_state(shell, NOW, rang=True) is SessionState.BELL


def test_a_run_works_until_it_waits() -> None:
    run = window(pane("python3"), owner="run:3:1", program="codex", activity=ago(600))
    assert program_of(run, run.pane) == "codex"
    assert window_state(run, NOW, rang=False) is SessionState.WORKING
    assert window_state(run, NOW, rang=False, waiting=True) is SessionState.WAITING


def test_a_bell_is_heard_by_a_terminal_that_is_used_afterwards() -> None:
    rang = window(pane("make"), rang=ago(30))
    shown = replace(rang, session="acme-view-1")
    session = SessionInfo("acme-shell", NOW, 0, "g")

    def told(*clients: ClientInfo) -> Snapshot:
        return Snapshot(SERVER, (session,), (rang, shown), clients)

    assert unheard(rang, told())
    assert unheard(rang, told(ClientInfo("a", "acme-view-1", ago(60))))
    assert not unheard(rang, told(ClientInfo("a", "acme-view-1", ago(5))))
    assert unheard(rang, told(ClientInfo("a", "acme-view-2", ago(5))))


def test_the_flag_of_tmux_counts_where_nobody_notes_bells() -> None:
    one = window(bell=True)
    assert not unheard(one, Snapshot(SERVER, (), (one,)))
    assert unheard(one, Snapshot(replace(SERVER, config=""), (), (one,)))
