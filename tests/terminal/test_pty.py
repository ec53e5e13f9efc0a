"""Programs in a pseudo terminal: what they write, read, see of their size, and how they end."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters.process import environment
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.pty import PtyProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are POSIX")
Start = Callable[..., "Terminal"]


class Terminal:
    """A PTY with an emulator behind it, as the widget wires them."""

    def __init__(self, argv: list[str], cwd: Path, columns: int, rows: int) -> None:
        env = environment({"PS1": "$ ", "TMUX_TMPDIR": os.environ["TMUX_TMPDIR"]})
        self.pty = PtyProcess.start(argv, env, cwd, columns, rows)
        self.emulator = Emulator(columns, rows)

    def pump(self) -> None:
        data = self.pty.read()
        self.emulator.feed(data)
        self.pty.write(self.emulator.take_replies())
        if not data:
            time.sleep(0.005)

    def until(self, wanted: Callable[[], object], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not wanted():
            assert time.monotonic() < end, self.emulator.text_rows()
            self.pump()

    def shows(self, text: str) -> None:
        self.until(lambda: any(text in row for row in self.emulator.text_rows()))

    def ends(self) -> int:
        self.until(lambda: self.pty.ended and self.pty.exit_code is not None)
        return self.pty.exit_code if self.pty.exit_code is not None else -99


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made: list[Terminal] = []

    def go(*argv: str, columns: int = 80, rows: int = 24) -> Terminal:
        made.append(Terminal(list(argv), tmp_path, columns, rows))
        return made[-1]

    yield go
    for terminal in made:
        terminal.pty.close()


def test_output_reaches_the_screen_and_the_exit_code_us(start: Start) -> None:
    terminal = start("sh", "-c", "echo hello; exit 3")
    assert terminal.ends() == 3
    assert terminal.emulator.text_rows()[0] == "hello"


def test_it_is_the_controlling_terminal_with_our_size(start: Start) -> None:
    terminal = start("sh", "-c", "stty size </dev/tty; echo $TERM $COLORTERM", columns=91, rows=17)
    terminal.ends()
    assert terminal.emulator.text_rows()[:2] == ["17 91", "xterm-256color truecolor"]


def test_a_new_size_is_told(start: Start) -> None:
    terminal = start(
        "sh", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done"
    )
    terminal.shows("ready")
    terminal.pty.resize(100, 30)
    terminal.shows("30 100")


def _named(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return ""


def test_control_c_interrupts_the_foreground_program(start: Start) -> None:
    terminal = start("bash", "--norc", "-i")
    terminal.shows("$")
    terminal.pty.write(b"sleep 100\r")
    # Until it is "sleep" it is a fork of the shell, which may still ignore the signal.
    terminal.until(lambda: _named(terminal.pty.foreground_pid) == "sleep")
    terminal.pty.write(b"\x03")
    terminal.until(lambda: terminal.pty.foreground_pid == terminal.pty.pid)
    terminal.until(lambda: terminal.emulator.text_rows().count("$") == 1)
    terminal.pty.write(b"echo code $?\r")
    terminal.shows("code 130")


def test_the_folder_and_no_foreign_variables(start: Start, tmp_path: Path) -> None:
    terminal = start("sh", "-c", "pwd; env | cut -d= -f1 | sort | tr '\\n' ' '")
    terminal.ends()
    shown = terminal.emulator.text_rows()
    assert tmp_path.name in "".join(shown)
    assert not any("PYTEST" in row for row in shown)


def test_much_input_does_not_block_and_arrives_whole(start: Start, tmp_path: Path) -> None:
    terminal = start("sh", "-c", "stty raw -echo; echo ready; head -c 500000 | md5sum; stty sane")
    terminal.shows("ready")
    begun = time.monotonic()
    done = terminal.pty.write(b"x" * 500_000)
    assert time.monotonic() - begun < 1
    terminal.until(lambda: done or terminal.pty.flush())
    terminal.shows(hashlib.md5(b"x" * 500_000).hexdigest())


def test_a_flood_is_read_in_large_pieces(start: Start) -> None:
    terminal = start("seq", "1", "200000")
    sizes = []
    while not terminal.pty.ended:
        data = terminal.pty.read()
        sizes.append(len(data))
        terminal.emulator.feed(data)
    assert max(sizes) <= 256 * 1024 + 65536
    assert terminal.emulator.text_rows()[22] == "200000"
    assert terminal.emulator.history_text()[-1] == "199977"


def test_closing_hangs_up(start: Start) -> None:
    terminal = start("sh", "-c", "echo ready; exec sleep 100")
    terminal.shows("ready")
    terminal.pty.close()
    end = time.monotonic() + 5
    while terminal.pty.exit_code is None:
        assert time.monotonic() < end
    assert terminal.pty.exit_code == -signal.SIGHUP
    assert terminal.pty.fd == -1


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts descriptors in /proc")
def test_closing_leaves_no_descriptor(start: Start) -> None:
    def count() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    start("true").pty.close()
    before = count()
    for _ in range(20):
        start("true").pty.close()
    assert count() == before


def test_a_missing_program_and_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no-such-program"):
        PtyProcess.start(["no-such-program"], environment(), tmp_path, 80, 24)
    with pytest.raises(Missing, match="folder"):
        PtyProcess.start(["true"], environment(), tmp_path / "gone", 80, 24)


@pytest.mark.parametrize("program", ["vim", "less"])
def test_full_screen_programs_come_and_go(start: Start, tmp_path: Path, program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not here")
    (tmp_path / "text").write_text("".join(f"line {number}\n" for number in range(200)))
    terminal = start("bash", "--norc", "-i")
    terminal.shows("$")
    terminal.pty.write(f"{program} text\r".encode())
    terminal.shows("line 5")
    terminal.until(lambda: terminal.emulator.modes.alternate_screen)
    terminal.pty.write(b"G")
    terminal.shows("line 199")
    terminal.pty.write(b":q\r")
    terminal.until(lambda: not terminal.emulator.modes.alternate_screen)
    terminal.shows(f"$ {program} text")


def test_attaching_to_tmux_shows_the_same_as_tmux(start: Start) -> None:
    shell = "env 'PS1=$ ' bash --norc"
    terminal = start("tmux", "-L", "t", "-f", "/dev/null", "new-session", "-s", "s", shell)
    terminal.until(lambda: terminal.emulator.modes.alternate_screen)
    script = r"printf '\033[31mred\033[m \033[1;44mbold\033[m 漢字 é │─\n'; seq 1 15"
    terminal.shows("$")
    terminal.pty.write(f"{script}\r".encode())
    terminal.until(lambda: "15" in terminal.emulator.text_rows())

    def captured() -> list[str]:
        other = start("tmux", "-L", "t", "capture-pane", "-p", "-t", "s", columns=200)
        other.ends()
        return other.emulator.text_rows()[:23]

    terminal.until(lambda: captured() == terminal.emulator.text_rows()[:23])
    assert "red bold 漢字 é │─" in "\n".join(terminal.emulator.text_rows())
    start("tmux", "-L", "t", "kill-server").ends()
