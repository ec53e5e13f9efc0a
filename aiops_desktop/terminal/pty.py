"""A program in a pseudo terminal: started, read without waiting, written to, resized, ended."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import struct
import sys
import termios
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.domain.trouble import Failed

#: Bytes taken from the terminal before they are shown: a read gives 4 KiB, feeding each is slow.
DRAIN_MOST = 256 * 1024
_READ = 1 << 16
#: Bytes given to the terminal at once.
_WRITE = 4096
#: By which the C library finds the character set, the first that is set counts.
_LOCALES = ("LC_ALL", "LC_CTYPE", "LANG")
#: What other terminals tell of themselves, and sizes that change.
_FOREIGN = (
    "COLUMNS",
    "GNOME_TERMINAL_",
    "KITTY_",
    "KONSOLE_",
    "LINES",
    "TERMCAP",
    "TERM_PROGRAM",
    "VTE_VERSION",
    "WEZTERM_",
    "WINDOWID",
)


class PtyProcess:
    """A program on the other end of a pseudo terminal; made by `start`.

    Attributes:
        fd: our end, non-blocking; -1 when closed.
        other_fd: the other end where no program of ours has it (`bare`), else -1.
        pid: of the program, 0 for none.
        ended: nothing more comes from the terminal.
    """

    def __init__(self, fd: int, child: process.Child | None, other_fd: int = -1) -> None:
        self.fd = fd
        self.other_fd = other_fd
        self.pid = child.pid if child else 0
        self.ended = False
        self._child = child
        self._waiting: deque[bytes] = deque()
        self._code: int | None = None

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path | None,
        columns: int,
        rows: int,
    ) -> PtyProcess:
        """Start a program in a new terminal of this size.

        Args:
            argv: the program and its arguments.
            env: its whole environment but what is ours to say (`terminal_environment`).
            cwd: its folder.
            columns: width in cells.
            rows: height in cells.

        Raises:
            Missing: there is no such program or folder.
            Failed: the system has no terminal left.
        """
        ours, theirs = _open()
        try:
            _set_size(ours, columns, rows)
            os.set_blocking(ours, False)
            child = process.start_on_tty(
                argv,
                env=terminal_environment(env),
                cwd=cwd,
                tty_fd=theirs,
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return cls(ours, child)

    @classmethod
    def bare(cls, columns: int, rows: int) -> PtyProcess:
        """A terminal without a program, for who brings one of their own.

        Raises:
            Failed: the system has no terminal left.
        """
        ours, theirs = _open()
        _set_size(ours, columns, rows)
        os.set_blocking(ours, False)
        return cls(ours, None, theirs)

    def read(self, most: int = DRAIN_MOST) -> bytes:
        """What the program wrote, about `most` bytes at once; empty when there is nothing now.

        Sets `ended` when the terminal was hung up.
        """
        parts: list[bytes] = []
        size = 0
        while size < most and not self.ended and self.fd >= 0:
            try:
                data = os.read(self.fd, _READ)
            except BlockingIOError:
                break
            except OSError as error:
                # Linux says EIO when the last program has closed its end.
                self.ended = error.errno != errno.EINTR
                continue
            if not data:
                self.ended = True
            parts.append(data)
            size += len(data)
        return b"".join(parts)

    def write(self, data: bytes) -> bool:
        """Send input; whether all of it is gone. The rest waits for `flush`."""
        for at in range(0, len(data), _WRITE):
            self._waiting.append(data[at : at + _WRITE])
        return self.flush()

    def flush(self) -> bool:
        """Send more of what is waiting, as much as the terminal takes; whether all is gone."""
        while self._waiting:
            if self.fd < 0 or self.ended:
                self._waiting.clear()
                break
            piece = self._waiting[0]
            try:
                sent = os.write(self.fd, piece)
            except BlockingIOError:
                return False
            except OSError:
                self._waiting.clear()
                break
            if sent < len(piece):
                self._waiting[0] = piece[sent:]
            else:
                self._waiting.popleft()
        return True

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program the new size (SIGWINCH)."""
        if self.fd >= 0:
            with contextlib.suppress(OSError):
                _set_size(self.fd, columns, rows)

    @property
    def flow_control(self) -> bool:
        """Whether Ctrl+S and Ctrl+Q halt output (IXON); the program may have changed it."""
        try:
            return bool(termios.tcgetattr(self.fd)[0] & termios.IXON) if self.fd >= 0 else False
        except termios.error:
            return False

    def set_flow_control(self, on: bool) -> None:
        """Have Ctrl+S and Ctrl+Q halt output, or be keys like all others."""
        if self.fd < 0:
            return
        with contextlib.suppress(termios.error):
            modes = termios.tcgetattr(self.fd)
            modes[0] = modes[0] | termios.IXON if on else modes[0] & ~termios.IXON
            termios.tcsetattr(self.fd, termios.TCSANOW, modes)

    @property
    def foreground_pid(self) -> int:
        """The process group that owns the terminal now, such as an editor; 0 when unknown."""
        if self.fd < 0:
            return 0
        try:
            return os.tcgetpgrp(self.fd)
        except OSError:
            return 0

    @property
    def exit_code(self) -> int | None:
        """How the program ended (negative: by a signal); None while it runs."""
        if self._code is None and self._child is not None:
            self._code = self._child.poll()
        return self._code

    def close(self) -> None:
        """Hang up: SIGHUP to the program's group, as closing a terminal window does."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        if self.other_fd >= 0:
            os.close(self.other_fd)
            self.other_fd = -1
        self.ended = True
        self._waiting.clear()
        if self._child is not None and self.exit_code is None:
            for number in (signal.SIGHUP, signal.SIGCONT):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, number)
            process.leave(self._child)


def terminal_environment(env: Mapping[str, str]) -> dict[str, str]:
    """An environment as a program in our terminals gets it.

    `TERM` and `COLORTERM` are ours to say; what another terminal said of itself is not true here;
    the locale is one of UTF-8, because that is what is read and written.
    """
    made = {name: value for name, value in env.items() if not name.startswith(_FOREIGN)}
    made |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    locale = next((made[name] for name in _LOCALES if made.get(name)), "")
    if "utf" not in locale.lower():
        spoken = made.pop("LC_ALL", "")
        if spoken:
            made["LANG"] = spoken
        made["LC_CTYPE"] = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    return made


def reap_ended() -> None:
    """Take note of programs that ended after they were hung up: none stays a zombie."""
    process.reap()


def _open() -> tuple[int, int]:
    """Both ends of a new terminal."""
    try:
        return os.openpty()
    except OSError as error:
        raise Failed(
            "No terminal could be opened.",
            "Close some terminals or programs, then try again.",
            str(error),
        ) from error


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
