"""The one door to other programs: argument lists, own process group, explicit environment."""

from __future__ import annotations

import contextlib
import os
import selectors
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

from aiops_desktop.adapters.pump import GRACE, Gather, TookTooLong, pump
from aiops_desktop.domain.trouble import Failed, Missing
from aiops_desktop.jobs.job import Job

#: A running program, for those who hold one.
Program = subprocess.Popen[bytes]
#: What every child gets of our own environment; everything else must be given.
_INHERITED = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "TZ",
    "LANG",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SystemRoot",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "TEMP",
    "TMP",
)
#: Where tools live that a desktop session's PATH often lacks.
_MORE_PATH = ("~/.local/bin", "~/.npm-global/bin", "/usr/local/bin", "/opt/homebrew/bin")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended. `code` is negative for a signal, as in subprocess."""

    argv: tuple[str, ...]
    code: int
    out: bytes
    err: bytes
    seconds: float

    @property
    def text(self) -> str:
        """Standard output, decoded; bytes that are no UTF-8 are replaced."""
        return self.out.decode("utf-8", "replace")

    @property
    def error_text(self) -> str:
        """Standard error, decoded."""
        return self.err.decode("utf-8", "replace")


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """A child's environment: the few variables every program needs, a longer PATH, and `more`.

    Tokens and settings of the person's shell do not pass; what a tenant's tool needs is given.
    """
    made = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    parts = [p for p in made.get("PATH", os.defpath).split(os.pathsep) if p]
    for folder in _MORE_PATH:
        full = str(Path(folder).expanduser())
        if full not in parts and Path(full).is_dir():
            parts.append(full)
    made["PATH"] = os.pathsep.join(parts)
    made.setdefault("LANG", "C.UTF-8")
    made.update(more or {})
    return made


def which(program: str, env: Mapping[str, str]) -> str:
    """The full path of a program as a child with this environment would find it, "" if not."""
    if not program:
        return ""
    return (
        shutil.which(
            str(Path(program).expanduser()) if "~" in program else program, path=env.get("PATH")
        )
        or ""
    )


def shown(argv: Sequence[str]) -> str:
    """A command as one could type it."""
    return shlex.join(argv)


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    job: Job | None = None,
    stdin: bytes = b"",
    on_line: Callable[[str], None] | None = None,
    on_error_line: Callable[[str], None] | None = None,
    timeout: float | None = None,
    idle_timeout: float | None = None,
    keep: int | None = None,
    nice: int = 0,
) -> Finished:
    r"""Run a program to its end in this (worker) thread.

    Args:
        argv: the program and its arguments; never a shell line.
        env: the whole environment (see `environment`).
        cwd: its working directory.
        job: its Stop ends the whole process group.
        stdin: what it reads; its standard input is closed behind it.
        on_line: called with each line of standard output as it comes; \\r also ends a line.
        on_error_line: the same for standard error.
        timeout: seconds for the whole run.
        idle_timeout: seconds without a byte of output.
        keep: bytes of each stream to keep from its end; None: everything.
        nice: how far everything else that wants the processor goes first, 0 to 19 (nice(1)).

    Raises:
        Missing: there is no such program, or its folder is gone.
        Failed: it took too long.
        Stopped: the job was stopped; the process group has ended by then.
    """
    begun = time.monotonic()
    process = _start(argv, env, cwd)
    if nice:
        _step_back(process.pid, nice)
    forget = job.on_stop(lambda: _signal(process, signal.SIGTERM)) if job else None
    out, err = Gather(on_line, keep), Gather(on_error_line, keep)
    try:
        pump(
            process,
            {process.stdout: out, process.stderr: err},
            stdin,
            begun,
            timeout,
            idle_timeout,
            job,
        )
        code = _wait(process, begun, timeout, job)
    except TookTooLong as late:
        raise Failed(
            f"“{Path(argv[0]).name}” {late.how}.",
            "Check the connection, then try again.",
            f"{shown(argv)}\n{err.text_tail()}",
        ) from None
    finally:
        if forget:
            forget()
        end_group(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
    if job:
        job.check()
    return Finished(tuple(argv), code, out.finish(), err.finish(), time.monotonic() - begun)


def start_detached(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> int:
    """Start a program that goes on when we end (a session of its own, output to `log`); its pid.

    Raises:
        Missing: there is no such program.
    """
    with log.open("ab") as sink:
        try:
            process = subprocess.Popen(
                list(argv),
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                close_fds=True,
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            raise _missing(argv, cwd) from error
    _adopted.append(process)
    return process.pid


def pipe(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, stdin: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own whose two output streams the caller reads.

    Args:
        argv: the program and its arguments.
        env: the whole environment.
        cwd: its working directory.
        stdin: a file it reads as standard input; None: nothing, closed.

    Raises:
        Missing: there is no such program, folder or file.
    """
    try:
        with (stdin or Path(os.devnull)).open("rb") as source:
            return subprocess.Popen(
                list(argv),
                env=dict(env),
                cwd=cwd,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        if stdin is not None and not stdin.is_file():
            raise Missing(f"The file {stdin} is not there.", "Start it again.") from error
        raise _missing(argv, cwd) from error


def converse(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> subprocess.Popen[bytes]:
    """Start a program that the caller speaks with over its three streams; end it with `end_group`.

    Raises:
        Missing: there is no such program, or its folder is gone.
    """
    return _start(argv, env, cwd)


def readable(fd: int, seconds: float) -> bool:
    """Whether there is something to read, waiting so long; unlike select(2) for any descriptor."""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        return bool(selector.select(seconds))


class Child(Protocol):
    """A started process as far as its starter needs it."""

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's and its session's."""

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs. Reaps it."""


#: Opening a terminal makes it the controlling one of a session leader that has none. A shell does
#: it because Python code between fork and exec may lock up in a program with threads.
_TAKE_TTY = 'exec 0<>"$0" 1>&0 2>&0 && exec "$@"'


def start_on_tty(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path | None, tty_fd: int
) -> Child:
    """Start a program as the leader of a session whose controlling terminal is `tty_fd`.

    The caller keeps its own copy of `tty_fd` and polls the child until it ended.

    Raises:
        Missing: there is no such program, or its folder is gone.
    """
    program = which(argv[0], env)
    if not program:
        raise _missing(argv, cwd)
    return _start_session(
        ["/bin/sh", "-c", _TAKE_TTY, os.ttyname(tty_fd), program, *argv[1:]], env, cwd, tty_fd
    )


def _start_session(
    argv: Sequence[str], env: Mapping[str, str], cwd: Path | None, tty_fd: int
) -> Child:
    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=tty_fd,
            stdout=tty_fd,
            stderr=tty_fd,
            start_new_session=True,
            close_fds=True,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise _missing(argv, cwd) from error


def become(argv: Sequence[str]) -> NoReturn:
    """Be another program from here on, under the same process id; nothing after it is reached."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(argv[0], list(argv))  # noqa: S606 - an argument list, no shell


def leave(child: Child) -> None:
    """Let a child that was told to end do so in its own time; it is reaped here when it has."""
    _adopted.append(child)
    reap()


def reap() -> None:
    """Take note of adopted children that have ended, so that none stays a zombie."""
    _adopted[:] = [child for child in _adopted if child.poll() is None]


#: Children we started and left to themselves; kept so that they are reaped, not waited for.
_adopted: list[Child] = []


def interpreter() -> list[str]:
    """The command that runs this program again (source, wheel or frozen)."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "aiops_desktop"]


def end_group(process: subprocess.Popen[bytes], grace: float = GRACE) -> None:
    """Make sure that nothing of a process's group is left."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGKILL)
            process.wait()
    # Children of a finished leader may remain in its group.
    _signal(process, signal.SIGKILL)


def _start(
    argv: Sequence[str], env: Mapping[str, str], cwd: Path | None
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise _missing(argv, cwd) from error


def _step_back(pid: int, nice: int) -> None:
    """Lower the priority of a child and its children.

    Linux shares the processor first among sessions and then within them (autogroups, sched(7)),
    so that a session of its own needs its own word.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice))


def _missing(argv: Sequence[str], cwd: Path | None) -> Missing:
    if cwd is not None and not cwd.is_dir():
        return Missing(
            f"The folder {cwd} is not there.", "Clone the project again, or put the folder back."
        )
    name = Path(argv[0]).name
    return Missing(
        f"“{name}” was not found on this computer.",
        f"Install {name}, or set its path in the settings.",
    )


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _wait(
    process: subprocess.Popen[bytes], begun: float, timeout: float | None, job: Job | None
) -> int:
    while True:
        try:
            return process.wait(0.2)
        except subprocess.TimeoutExpired:
            if job:
                job.check()
            if timeout is not None and time.monotonic() - begun > timeout:
                raise TookTooLong(f"took longer than {timeout:g} s") from None
