"""What passes between a program in a pane and the terminal outside: mouse, clipboard, colours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux import Tmux, find_tmux, own_config
from tests.support.tmux import Terminal, terminal
from tests.support.waiting import until

CLIPBOARD = r"printf '\033]52;c;aGVsbG8=\007'"


def server(*, clipboard: bool = False) -> Tmux:
    env = process.environment()
    return Tmux(find_tmux(env), "aiops-acme", own_config(), env, clipboard=clipboard)


@contextmanager
def shown(acme: Tmux, folder: Path, script: str) -> Iterator[tuple[Terminal, str]]:
    """A terminal that looks at a script, which begins when a line is typed."""
    window = acme.new_window("acme-shell", "one", ["sh", "-c", f"read x; {script}"], folder)
    argv = acme.attach_argv("acme-shell", window, "acme-view-1")
    with terminal(argv, acme.client_environment()) as outside:
        until(lambda: acme.look().clients)
        outside.type("\n")
        yield outside, window


def mouse(outside: Terminal) -> bool:
    """Whether the terminal was last asked for the mouse."""
    asked = max(outside.out.rfind(b"\x1b[?%dh" % mode) for mode in (1000, 1002, 1003))
    return asked > outside.out.rfind(b"\x1b[?1000l")


def test_the_mouse_is_the_terminals_until_a_program_asks_for_it(tmp_path: Path) -> None:
    acme, log = server(), tmp_path / "read"
    ask = r"printf '\033[?1002h\033[?1006h'"
    script = f"echo plain; read y; {ask}; stty raw -echo; head -c 9 > {log}"
    with shown(acme, tmp_path, script) as (outside, window):
        until(lambda: b"plain" in outside.out)
        assert not mouse(outside)
        assert not acme.windows()[0].pane.wants_mouse
        outside.type("\n")
        until(lambda: mouse(outside))
        assert acme.windows()[0].pane.wants_mouse
        outside.type("\x1b[<64;3;4M")
        until(lambda: log.exists() and log.read_bytes())
        assert log.read_bytes().startswith(b"\x1b[<64;3;4")
    assert window


@pytest.mark.parametrize("allowed", [False, True])
def test_programs_write_the_clipboard_only_where_they_may(tmp_path: Path, allowed: bool) -> None:
    with shown(server(clipboard=allowed), tmp_path, f"{CLIPBOARD}; echo done; sleep 300") as (
        outside,
        _window,
    ):
        until(lambda: b"done" in outside.out)
        assert (b"]52;" in outside.out) is allowed


def test_the_right_to_the_clipboard_can_be_given_and_taken_later(tmp_path: Path) -> None:
    for allowed in (True, False):
        acme = server(clipboard=allowed)
        if acme.running():
            acme.prepare(acme.look())
            acme.kill_window(acme.windows()[0].id)
            until(lambda acme=acme: not acme.sessions())  # type: ignore[misc]  # mypy cannot see through the default
        acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
        now = acme.look().server
        assert now is not None
        assert (now.clipboard == "on") is allowed
        again = server(clipboard=not allowed)
        again.prepare(again.look())
        now = again.look().server
        assert now is not None
        assert (now.clipboard == "on") is not allowed


def test_nothing_of_the_clipboard_is_read_by_a_program(tmp_path: Path) -> None:
    log = tmp_path / "read"
    script = rf"stty raw -echo; printf '\033]52;c;?\007'; echo asked; cat > {log}"
    with shown(server(), tmp_path, script) as (outside, _window):
        until(lambda: b"asked" in outside.out)
        assert b"]52;" not in outside.out
        outside.type("x")
        until(lambda: log.exists() and log.read_bytes())
        assert log.read_bytes() == b"x"


def test_colours_focus_and_titles_pass(tmp_path: Path) -> None:
    script = r"printf '\033[38;2;1;2;3mcoloured\033[0m\033]2;my title\007\033[?1004h'; sleep 300"
    acme = server()
    with shown(acme, tmp_path, script) as (outside, _window):
        until(lambda: b"coloured" in outside.out and b"my title" in outside.out)
        assert b"38;2;1;2;3" in outside.out or b"38:2:" in outside.out
        outside.type("\x1b[?64;22c")  # as a terminal answers when tmux asks what it is
        until(lambda: b"\x1b[?1004h" in outside.out)
    assert acme.windows()[0].pane.title == "my title"


def test_settings_of_an_earlier_version_are_renewed(tmp_path: Path) -> None:
    old = tmp_path / "tmux.conf"
    old.write_text("set -g mouse on\n")
    env = process.environment()
    before = Tmux(find_tmux(env), "aiops-acme", old, env)
    before.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    before._caller.call(["set-option", "-s", "@aiops_config", "of before"])
    acme = server()
    acme.prepare(acme.look())
    assert acme._caller.call(["show-options", "-gv", "mouse"]).strip() == "off"
    hooks = acme._caller.call(["show-hooks", "-g"])
    assert hooks.count("@aiops_bell") == 1
    acme.prepare(acme.look())
    assert acme._caller.call(["show-hooks", "-g"]) == hooks


def test_a_configuration_of_the_persons_own_is_read_once(tmp_path: Path) -> None:
    own = tmp_path / "tmux.conf"
    own.write_text("set -g mouse on\n")
    env = process.environment()
    acme = Tmux(find_tmux(env), "aiops-acme", own, env)
    acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    own.write_text("set -g mouse off\n")
    acme.prepare(acme.look())
    assert acme._caller.call(["show-options", "-gv", "mouse"]).strip() == "on"
    assert "@aiops_bell" in acme._caller.call(["show-hooks", "-g"])


def test_a_dead_window_is_ended_and_one_started_anew_is_not(tmp_path: Path) -> None:
    acme = server()
    window = acme.new_window("acme-shell", "one", ["sh", "-c", "exit 3"], tmp_path, keep=True)
    other = acme.new_window("acme-shell", "two", ["sleep", "300"], tmp_path, keep=True)
    until(lambda: acme.windows()[0].dead)
    assert acme.windows()[0].pane.code in {3, None}  # tmux 3.3a does not learn every exit code
    assert not acme.kill_dead(other)
    acme.respawn(window, ["sleep", "300"], tmp_path, program="sleep")
    assert not acme.kill_dead(window)
    assert acme.windows()[0].program == "sleep"
    acme._caller.call(["respawn-window", "-k", "-t", window, "--", "/usr/bin/env", "true"])
    until(lambda: acme.windows()[0].dead)
    assert acme.kill_dead(window)
    assert [one.id for one in acme.windows()] == [other]
    assert not acme.kill_dead(window)
