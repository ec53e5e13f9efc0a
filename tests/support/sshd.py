"""A real OpenSSH server on loopback, with keys, port and log of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

import pytest

PROGRAM = shutil.which("sshd") or "/usr/sbin/sshd"

needs_sshd = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="sshd is not installed")


class Sshd:
    """A server; used by `with`. Logs in nobody but whom `authorize` lets in.

    As root it serves root; as anybody else it serves that account. `settings` are further lines of
    sshd_config(5), which win over ours.
    """

    def __init__(self, folder: Path, *, kind: str = "ed25519", settings: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.folder = folder
        self.settings = settings
        self.account = getpass.getuser() if os.getuid() else "root"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "sshd.log"
        self._authorized = folder / "authorized_keys"
        self._authorized.touch(0o600)
        self._host_key = folder / "host_key"
        self.new_host_key(kind)

    def __enter__(self) -> Sshd:
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # privilege separation wants it
        for _ in range(5):  # somebody else may take the port between choosing and listening
            self.port = self.port or _free_port()
            if self._start():
                return self
            self.port = 0
        raise RuntimeError(f"sshd did not start: {self.log_text()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server and the connections it serves."""
        if self._process is None:
            return
        # Sessions lead groups of their own; they are ended as children, by their ids.
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, check=False
        )
        for pid in (self._process.pid, *map(int, listed.stdout.split())):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                continue
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Start again on the same port (after `new_host_key`)."""
        self.stop()
        deadline = time.monotonic() + 10
        while not self._start():
            assert time.monotonic() < deadline, self.log_text()

    def url(self, path: Path | str) -> str:
        """The address of a repository on this computer, through this server."""
        return f"ssh://{self.account}@127.0.0.1:{self.port}{path}"

    @property
    def known_name(self) -> str:
        """The server as known_hosts names it."""
        return f"[127.0.0.1]:{self.port}"

    @property
    def known_line(self) -> str:
        """A known_hosts line for this server's key of now."""
        return f"{self.known_name} {self._public()}\n"

    def authorize(self, public: str, options: str = "") -> None:
        """Let a key in; `options` as in authorized_keys (sshd(8))."""
        with self._authorized.open("a") as file:
            file.write(f"{options} {public.strip()}\n".lstrip())

    def deauthorize(self) -> None:
        """Let nobody in."""
        self._authorized.write_text("")

    def host_fingerprint(self) -> str:
        """As ssh-keygen prints it."""
        listed = subprocess.run(
            ["ssh-keygen", "-lf", f"{self._host_key}.pub"],
            capture_output=True,
            text=True,
            check=True,
        )
        return listed.stdout.split()[1]

    def new_host_key(self, kind: str = "ed25519") -> None:
        """Make another host key; `restart` to use it."""
        for place in (self._host_key, self._host_key.with_suffix(".pub")):
            place.unlink(missing_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "host", "-f", str(self._host_key)],
            check=True,
        )

    def certify(self, authority: Path) -> None:
        """Have the host key certified for 127.0.0.1 by an authority's key; `restart` to use it."""
        sign = ["ssh-keygen", "-q", "-s", str(authority), "-I", "host", "-h", "-n", "127.0.0.1"]
        subprocess.run([*sign, f"{self._host_key}.pub"], check=True, capture_output=True)
        self.settings = f"HostCertificate {self._host_key}-cert.pub\n{self.settings}"

    def log_text(self) -> str:
        """What the server has logged so far (LogLevel DEBUG1: keys that were offered, too)."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def offered(self) -> set[str]:
        """Fingerprints of all keys that were offered to log in."""
        words = self.log_text().split()
        return {word for word in words if word.startswith("SHA256:")} - {self.host_fingerprint()}

    def _public(self) -> str:
        return " ".join(Path(f"{self._host_key}.pub").read_text().split()[:2])

    def _start(self) -> bool:
        config = self.folder / "sshd_config"
        config.write_text(
            f"""{self.settings}
ListenAddress 127.0.0.1
Port {self.port}
HostKey {self._host_key}
AuthorizedKeysFile {self._authorized}
PidFile {self.folder / "sshd.pid"}
PermitRootLogin yes
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100:30:200
LogLevel DEBUG1
"""
        )
        self._process = subprocess.Popen(
            [PROGRAM, "-D", "-f", str(config), "-E", str(self._log)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return True
        self.stop()
        return False


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
