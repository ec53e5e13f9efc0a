"""Who is known, who is not, and who has changed; against a real sshd."""

from __future__ import annotations

import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.ssh import KnownHosts, Standing
from aiops_desktop.domain.trouble import Failed, Stopped
from aiops_desktop.jobs.job import Job
from tests.support.sshd import Sshd, needs_sshd


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as made:
        yield made


def _standing(hosts: KnownHosts, server: Sshd) -> Standing:
    types = [entry.key_type for entry in hosts.of(server.known_name)]
    shown = ssh.probe("127.0.0.1", server.port, timeout=5, known_types=types)
    assert shown.fingerprint == server.host_fingerprint()
    return hosts.standing(server.known_name, shown.key_type, shown.blob)


@needs_sshd
def test_a_host_is_unknown_then_known_then_changed(tmp_path: Path, server: Sshd) -> None:
    file = tmp_path / "room" / "known_hosts"
    hosts = KnownHosts(file)
    assert _standing(hosts, server) is Standing.UNKNOWN
    shown = ssh.probe("127.0.0.1", server.port, timeout=5)
    hosts.add(server.known_name, shown.key_type, shown.blob)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert _standing(hosts, server) is Standing.KNOWN
    since = hosts.of(server.known_name)[0].since
    assert since is not None
    assert abs((datetime.now(UTC) - since).total_seconds()) < 60
    for kind in ("ed25519", "rsa"):
        server.new_host_key(kind)
        server.restart()
        assert _standing(hosts, server) is Standing.CHANGED
    assert hosts.remove(server.known_name) == 1
    assert _standing(hosts, server) is Standing.UNKNOWN


@needs_sshd
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_host_keys_are_known_too(tmp_path: Path, kind: str) -> None:
    hosts = KnownHosts(tmp_path / "known_hosts")
    with Sshd(tmp_path / "other", kind=kind) as server:
        (tmp_path / "known_hosts").write_text(server.known_line)
        assert _standing(hosts, server) is Standing.KNOWN


@needs_sshd
def test_hashed_revoked_and_pattern_lines_are_understood(tmp_path: Path, server: Sshd) -> None:
    file = tmp_path / "known_hosts"
    hosts = KnownHosts(file)
    file.write_text(server.known_line)
    subprocess.run(["ssh-keygen", "-H", "-f", str(file)], check=True, capture_output=True)
    assert server.known_name not in file.read_text()
    file.write_text("# a comment\n\nbroken line\nhost ssh-rsa ???\n" + file.read_text().rstrip())
    assert _standing(hosts, server) is Standing.KNOWN
    assert hosts.remove(hosts.all()[-1].host) == 1
    file.write_text(f"@revoked * {server.known_line.split(' ', 1)[1]}")
    assert _standing(hosts, server) is Standing.REVOKED
    key = server.known_line.split(" ", 1)[1]
    file.write_text(f"[127.0.0.?]:*,!{server.known_name} {key}")
    assert _standing(hosts, server) is Standing.UNKNOWN
    file.write_text(f"127.0.0.1 {key}")
    assert _standing(hosts, server) is Standing.KNOWN


def test_a_line_is_added_behind_one_without_an_end_and_names_are_removed_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / "known_hosts"
    file.write_text("a,b ssh-ed25519 AAAA")
    hosts = KnownHosts(file)
    hosts.add("c", "ssh-ed25519", b"\1\2\3")
    assert [entry.host for entry in hosts.all()] == ["a", "b", "c"]
    hosts.remove("a")
    assert [entry.host for entry in hosts.all()] == ["b", "c"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


class _Speaker:
    """A server that says what it is told and then nothing."""

    def __init__(self, says: bytes, *, then_close: bool = False) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._says, self._close = says, then_close
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            line.sendall(self._says)
            if self._close:
                line.close()
            else:
                self._open.append(line)

    def close(self) -> None:
        self._listening.close()
        for line in self._open:
            line.close()


def test_servers_that_are_none_are_said_in_time() -> None:
    for says, closes in ((b"", False), (b"", True), (b"HTTP/1.1 400 Bad\r\n\r\n", True)):
        speaker = _Speaker(says, then_close=closes)
        begun = time.monotonic()
        with pytest.raises(Failed, match="not as an SSH server"):
            ssh.probe("127.0.0.1", speaker.port, timeout=0.5)
        assert time.monotonic() - begun < 8
        speaker.close()


def test_nobody_there_and_no_such_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Failed, match="could not be reached"):
        ssh.probe("127.0.0.1", port, timeout=2)
    with pytest.raises(Failed, match="could not be found"):
        ssh.probe("no-such-host.invalid", 22, timeout=2)
    with pytest.raises(Failed, match="could not be found"):
        ssh.probe("a" * 80 + ".example", 22, timeout=2)


def test_stop_ends_a_probe_that_waits() -> None:
    speaker = _Speaker(b"")
    job = Job("Probe")
    threading.Timer(0.3, job.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        ssh.probe("127.0.0.1", speaker.port, timeout=20, job=job)
    assert time.monotonic() - begun < 10
    speaker.close()


@needs_sshd
def test_banner_lines_before_the_greeting_are_endured(tmp_path: Path, server: Sshd) -> None:
    """RFC 4253, 4.2: a server may send other lines first."""
    listening = socket.create_server(("127.0.0.1", 0))

    def relay() -> None:
        near, _ = listening.accept()
        far = socket.create_connection(("127.0.0.1", server.port))
        near.sendall(b"welcome to this place\r\nand so on\r\n")

        def pump(source: socket.socket, sink: socket.socket) -> None:
            try:
                while data := source.recv(4096):
                    sink.sendall(data)
            except OSError:
                pass

        threading.Thread(target=pump, args=(near, far), daemon=True).start()
        pump(far, near)

    threading.Thread(target=relay, daemon=True).start()
    shown = ssh.probe("127.0.0.1", listening.getsockname()[1], timeout=5)
    assert shown.fingerprint == server.host_fingerprint()
    listening.close()
