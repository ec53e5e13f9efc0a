"""What is told between two looks: the list when it is another, attention when it is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import (
    Attention,
    AttentionKind,
    Session,
    SessionState,
    SessionWindow,
)
from aiops_desktop.services.sessions_changes import Observer

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE = SessionWindow(
    session="acme-shell",
    index=0,
    id="@0",
    name="site",
    command="bash",
    path="/site",
    pid=7,
    dead=False,
    active=True,
    project_id=3,
    activity=START,
)


class Look:
    """Looks at one window, second by second."""

    def __init__(self) -> None:
        self.observer = Observer(1)
        self.now = START
        self.window = ONE
        self.at()

    def at(self, seconds: float = 1.0, *, output: bool = False, **change: object) -> list[str]:
        """What is told some seconds later."""
        self.now += timedelta(seconds=seconds)
        self.window = replace(self.window, **change)  # type: ignore[arg-type]  # by name
        if output:
            self.window = replace(self.window, activity=self.now)
        return [
            "list" if isinstance(told, Changes) else str(told.kind)
            for told in self.observer.compare([_session(self.window)], self.now)
        ]


def _session(*windows: SessionWindow) -> Session:
    return Session(1, "aiops-acme", "acme-shell", START, 0, windows, "tmux attach")


def test_the_first_look_tells_nothing_and_the_same_again_neither() -> None:
    observer = Observer(1)
    assert observer.compare([_session(ONE)], START) == []
    assert observer.compare([_session(ONE)], START) == []


def test_the_list_is_told_when_it_is_another() -> None:
    look = Look()
    assert look.at(title="⠋ spinning", history=500) == []
    assert look.at(command="make") == ["list"]
    assert look.at(path="/other") == ["list"]
    observer = look.observer
    assert observer.compare([], look.now) == [Changes(Touched.SESSIONS)]
    assert observer.compare([_session(ONE)], look.now) == [Changes(Touched.SESSIONS)]


def test_a_change_is_one_from_what_was_shown_meanwhile() -> None:
    look = Look()
    look.observer.shown([_session(replace(ONE, alternate=True))])
    assert look.at() == ["list"]
    assert look.at() == []


def test_a_bell_is_told_once_until_it_was_heard() -> None:
    look = Look()
    assert look.at(bell=True, state=SessionState.BELL) == ["list", "bell"]
    assert look.at() == []
    assert look.at(bell=False, state=SessionState.IDLE) == ["list"]
    assert "bell" in look.at(bell=True, state=SessionState.BELL)


def test_an_assistant_that_waits_is_no_bell() -> None:
    look = Look()
    assert look.at(bell=True, state=SessionState.WAITING, command="codex") == ["list", "waiting"]
    assert look.at(bell=False) == ["list"]


def test_an_end_is_told_with_its_exit_code() -> None:
    look = Look()
    ended = replace(ONE, dead=True, exit_code=2, state=SessionState.DEAD, program="codex")
    told = look.observer.compare([_session(ended)], look.now)
    (attention,) = [one for one in told if isinstance(one, Attention)]
    assert attention.kind is AttentionKind.ENDED
    assert (attention.window, attention.project_id, attention.exit_code) == ("@0", 3, 2)
    assert attention.sentence == "codex in “site” has ended with exit code 2."
    assert look.observer.compare([_session(ended)], look.now) == []
    killed = replace(ended, exit_code=-9)
    look = Look()
    told = look.observer.compare([_session(killed)], look.now)
    assert [one.sentence for one in told if isinstance(one, Attention)] == [
        "codex in “site” has ended by signal 9."
    ]


def test_output_after_silence_is_news_and_so_is_silence_after_work() -> None:
    look = Look()
    assert look.at(60, output=True) == ["activity"]
    for _ in range(10):
        assert look.at(output=True) == []
    assert look.at(5) == []
    assert look.at(6) == ["silence"]
    assert look.at(60) == []


def test_a_single_line_is_no_work_that_ends() -> None:
    look = Look()
    assert look.at(60, output=True) == ["activity"]
    assert look.at(30) == []


def test_what_a_new_window_did_before_it_was_seen_is_told() -> None:
    observer = Observer(1)
    observer.compare([_session(ONE)], START)
    failed = replace(ONE, id="@1", dead=True, exit_code=127, state=SessionState.DEAD)
    rang = replace(ONE, id="@2", bell=True, state=SessionState.BELL)
    told = observer.compare([_session(ONE, failed, rang)], START)
    assert [one.kind for one in told if isinstance(one, Attention)] == ["ended", "bell"]


def test_an_end_waits_a_little_for_its_exit_code() -> None:
    look = Look()
    assert look.at(dead=True, state=SessionState.DEAD) == ["list"]
    assert look.at(exit_code=7) == ["list", "ended"]
    assert look.at() == []
    look = Look()
    assert look.at(dead=True, state=SessionState.DEAD) == ["list"]
    assert look.at(0.1) == []
    assert look.at(2) == ["ended"]
    assert look.at() == []
