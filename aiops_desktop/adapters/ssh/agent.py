"""An ssh-agent of a tenant's own: keys for a chosen time, gone when it is locked."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import tempfile
import time
from itertools import islice
from pathlib import Path

from aiops_desktop.adapters import living, process
from aiops_desktop.adapters.ssh.agentwire import SUCCESS, Private, adding
from aiops_desktop.adapters.ssh.keytext import strings
from aiops_desktop.domain.fingerprints import sha256
from aiops_desktop.domain.names import short_mark
from aiops_desktop.domain.trouble import Failed, Missing

#: Seconds an agent may take to begin, and any of its programs to answer.
_PATIENCE = 5.0


#: "Which keys do you hold?" and how its answer begins (draft-ietf-sshm-ssh-agent, section 3.5).
_REQUEST_IDENTITIES, _IDENTITIES_ANSWER = b"\0\0\0\1\x0b", b"\x0c"
#: Bytes of the longest answer that is believed: OpenSSH's own limit.
_LONGEST = 256 * 1024


def place(data: Path, slug: str) -> Path:
    """The socket of a tenant's agent: a short path (107 bytes are the most), per data folder."""
    root = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(root) / f"aiops-agent-{os.getuid()}" / f"{short_mark(str(data))}-{slug[:32]}"


def own() -> str:
    """The socket of the person's own agent, "" when there is none."""
    return os.environ.get("SSH_AUTH_SOCK", "")


class Agent:
    """One agent, known by its socket; it outlives this program until it is ended or times out."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def alive(self) -> bool:
        """Whether somebody answers at the socket."""
        if not self.path.exists():
            return False
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.path))
            except OSError:
                return False
        return True

    def start(self) -> None:
        """Begin, unless it runs; what it is asked for is only told to this account.

        Raises:
            Missing: ssh-agent is not installed.
            Failed: it does not begin, or its folder is not ours alone.
        """
        if self.alive:
            return
        folder = self.path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
        except OSError as error:
            raise Failed(
                f"The agent's folder cannot be made: {error.strerror}.", f"Look at {folder}."
            ) from error
        if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            raise Failed(f"Others may look into {folder}.", "Remove this folder.")
        self.path.unlink(missing_ok=True)
        pid = process.start_detached(
            ["ssh-agent", "-D", "-a", str(self.path)],
            env=process.environment({"LC_ALL": "C.UTF-8"}),
            cwd=folder,
            log=Path(os.devnull),
        )
        self._pid_file.write_text(f"{pid} {living.birth(pid) or 0}")
        deadline = time.monotonic() + _PATIENCE
        while not self.alive:
            if time.monotonic() > deadline:
                raise Failed("The ssh-agent did not begin.", "Try again.")
            time.sleep(0.01)

    def add(self, private: bytes, *, seconds: int) -> None:
        """Give it an unlocked key, over its standard input; 0 seconds: until it is locked.

        Raises:
            Missing: ssh-add is not installed.
            Failed: the agent does not take it.
        """
        lifetime = ["-t", str(seconds)] if seconds else []
        done = self._ssh_add(*lifetime, "-q", "-", stdin=private)
        if done.code:
            raise Failed(
                "The agent did not take the key.", "Lock it and try again.", done.error_text[-500:]
            )

    def add_certified(self, key: Private, certificate: str, *, seconds: int) -> None:
        """Give it an unlocked key under its certificate; `add` gives it the plain one.

        Raises:
            Failed: the agent does not take it.
        """
        if self._told(adding(key, certificate, seconds=seconds))[:1] != bytes([SUCCESS]):
            raise Failed("The agent did not take the certificate.", "Lock it and try again.")

    def listed(self) -> list[str]:
        """Fingerprints of what it holds, in its order; nothing when it does not run or answer."""
        if not self.path.exists():
            return []
        answer = self._told(_REQUEST_IDENTITIES)
        if answer[:1] != _IDENTITIES_ANSWER:
            return []
        return [sha256(blob) for blob in islice(strings(answer[5:]), 0, None, 2)]

    def remove(self, private: Path) -> None:
        """Let it forget a key and its certificate; no trouble when it did not hold them."""
        beside = [private.with_name(private.name + end) for end in (".pub", "-cert.pub")]
        there = [str(path) for path in beside if path.exists()]
        if self.alive:
            with contextlib.suppress(Missing, Failed):
                for path in there:
                    self._ssh_add("-q", "-d", path)

    def end(self) -> bool:
        """Forget everything and end; whether it ran."""
        ran = self.alive
        if ran:
            with contextlib.suppress(Missing, Failed):
                self._ssh_add("-q", "-D")
        with contextlib.suppress(OSError, ValueError):
            pid, birth = self._pid_file.read_text().split()
            if living.alive(int(pid), float(birth)):
                os.kill(int(pid), signal.SIGTERM)
        process.reap()
        for file in (self.path, self._pid_file):
            file.unlink(missing_ok=True)
        return ran

    def _told(self, message: bytes) -> bytes:
        """What it answers; b"" when it does not."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.path))
                line.sendall(message)
                return _received(line, int.from_bytes(_received(line, 4), "big"))
            except OSError:
                return b""

    @property
    def _pid_file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.pid")

    def _ssh_add(self, *args: str, stdin: bytes = b"") -> process.Finished:
        env = process.environment(
            {
                "LC_ALL": "C.UTF-8",
                "SSH_AUTH_SOCK": str(self.path),
                "SSH_ASKPASS": "false",
                "SSH_ASKPASS_REQUIRE": "force",
            }
        )
        return process.run(["ssh-add", *args], env=env, stdin=stdin, timeout=_PATIENCE)


def _received(line: socket.socket, size: int) -> bytes:
    """So many bytes.

    Raises:
        OSError: the agent wants to say too much, or has nothing more to say.
    """
    if size > _LONGEST:
        raise OSError("too long an answer")
    got = b""
    while len(got) < size:
        more = line.recv(size - len(got))
        if not more:
            raise OSError("cut off")
        got += more
    return got
