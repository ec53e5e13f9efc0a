"""The lasting connection: quick, unseen, and honest when it breaks."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters.tmux import Control, Notice, Tmux, questions, read
from aiops_desktop.domain.trouble import Failed, Missing, Trouble
from tests.support.tmux import terminal, tmux_server
from tests.support.waiting import until


@pytest.fixture
def acme(tmp_path: Path) -> Tmux:
    server = tmux_server("acme", TENANT="acme")
    server.new_window("acme-shell", "one", ["sleep", "300"], tmp_path, owner="project:1")
    return server


@pytest.fixture
def heard() -> list[Notice]:
    return []


@pytest.fixture
def control(acme: Tmux, heard: list[Notice]) -> Iterator[Control]:
    made = acme.control("acme-shell", heard.append)
    yield made
    made.close()


def test_it_answers_like_a_process_but_quicker(acme: Tmux, control: Control) -> None:
    control.ask(["display-message", "-p", "warm"])
    begun = time.perf_counter()
    for _ in range(50):
        lines = control.ask_all(questions(acme.version))
    asked = (time.perf_counter() - begun) / 50
    begun = time.perf_counter()
    for _ in range(5):
        by_process = acme.look()
    processes = (time.perf_counter() - begun) / 5
    assert read((line for answer in lines for line in answer), by_process.asked) == by_process
    assert asked < processes / 3


def test_answers_go_to_those_who_asked(control: Control) -> None:
    wrong: list[tuple[str, ...]] = []

    def ask(number: int) -> None:
        for turn in range(40):
            word = f"{number}-{turn} it's “wide” 漢 \\ $HOME"
            answer = control.ask(["display-message", "-p", word])
            escaped = word.replace("$HOME", "\\$HOME")  # as tmux 3.4 alone prints it
            if answer not in {(word,), (escaped,)}:
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_no_is_a_sentence_and_does_not_end_it(control: Control) -> None:
    with pytest.raises(Missing, match="has ended"):
        control.ask(["list-panes", "-t", "@99"])
    with pytest.raises(Trouble, match="tmux said no"):
        control.ask(["no-such-command"])
    assert control.ask(["display-message", "-p", "still"]) == ("still",)


def test_it_is_told_of_windows(
    acme: Tmux, control: Control, heard: list[Notice], tmp_path: Path
) -> None:
    made = acme.new_window("acme-shell", "two", ["sleep", "300"], tmp_path)
    until(lambda: any(n.name == "window-add" and n.text == made for n in heard))
    acme.kill_window(made)
    until(lambda: any(n.name in {"window-close", "unlinked-window-close"} for n in heard))


def test_it_is_no_view_and_changes_no_size(acme: Tmux, tmp_path: Path) -> None:
    until(lambda: acme.windows()[0].command == "sleep")
    before = acme.look()
    control = acme.control("acme-shell")
    now = acme.look()
    assert now == before
    assert [s.attached for s in now.sessions] == [0]
    argv = acme.attach_argv("acme-shell", now.windows[0].id, "acme-view-1")
    with terminal(argv, acme.client_environment()):
        until(lambda: len(acme.look().clients) == 1)
        assert [c.session for c in acme.look().clients] == ["acme-view-1"]
    until(lambda: [s.name for s in acme.sessions()] == ["acme-shell"])
    assert control.alive
    control.close()
    assert not control.alive


def test_it_keeps_nothing_alive(acme: Tmux, control: Control, heard: list[Notice]) -> None:
    acme.kill_window(acme.windows()[0].id)
    until(lambda: any(n.name == "exit" for n in heard))
    assert not control.alive
    control.close()
    assert [n.name for n in heard].count("exit") == 1  # and not once more
    assert acme.sessions() == []
    with pytest.raises(Missing, match="connection to tmux has ended"):
        control.ask(["list-sessions"])


def test_an_answer_that_is_awaited_when_the_server_dies_comes_as_trouble(
    acme: Tmux, control: Control
) -> None:
    server = psutil.Process(acme.look().server.pid)  # type: ignore[union-attr]  # it runs
    server.suspend()
    failed: list[Trouble] = []

    def ask() -> None:
        try:
            control.ask(["list-sessions"])
        except Trouble as trouble:
            failed.append(trouble)

    thread = threading.Thread(target=ask)
    thread.start()
    server.kill()
    thread.join(10)
    assert len(failed) == 1
    assert not control.alive


def test_a_server_that_hangs_is_not_waited_for(acme: Tmux, control: Control) -> None:
    server = psutil.Process(acme.look().server.pid)  # type: ignore[union-attr]  # it runs
    server.suspend()
    try:
        begun = time.monotonic()
        with pytest.raises(Failed, match="does not answer"):
            control.ask(["list-sessions"], timeout=0.3)
        assert time.monotonic() - begun < 5
        assert not control.alive
    finally:
        server.resume()


def test_nothing_to_attach_to_is_told(acme: Tmux) -> None:
    with pytest.raises(Missing, match="has ended"):
        acme.control("bolt-shell")


def test_many_connections_leave_nothing_behind(acme: Tmux) -> None:
    def open_close() -> None:
        made = acme.control("acme-shell")
        made.ask(["list-sessions"])
        made.close()

    open_close()

    def left() -> tuple[int, int]:
        gc.collect()  # of tests before
        return me.num_fds(), threading.active_count()

    me = psutil.Process()
    before = left()
    for _ in range(15):
        open_close()
    files, threads = left()
    assert files <= before[0]  # fewer when a test before was still putting away
    assert threads <= before[1]
    assert not [child for child in me.children() if child.name().startswith("tmux")]


def test_a_client_that_is_killed_is_noticed(acme: Tmux, control: Control) -> None:
    os.kill(control._process.pid, signal.SIGKILL)
    until(lambda: not control.alive)
    assert [s.name for s in acme.sessions()] == ["acme-shell"]


def test_sessions_may_come_and_go_while_connections_are_made(acme: Tmux, tmp_path: Path) -> None:
    """A server before 3.7 dies of that when nobody sees to it (see `Caller.gate`)."""
    pid = acme.look().server.pid  # type: ignore[union-attr]  # it runs
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            with contextlib.suppress(Trouble):  # the other one was quicker
                acme.new_window("acme-more", "more", ["sleep", "300"], tmp_path)
                acme.kill_session("acme-more")

    others = [threading.Thread(target=come_and_go) for _ in range(2)]
    for one in others:
        one.start()
    try:
        for _ in range(40):
            acme.control("acme-shell").close()
    finally:
        over.set()
        for one in others:
            one.join()
    assert acme.look().server.pid == pid  # type: ignore[union-attr]  # it still runs
