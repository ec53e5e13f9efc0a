"""Connection tests against a real sshd, and against servers that misbehave at every step."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.sshline import Offer
from aiops_desktop.domain.connections import StepState
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import NotTrusted, Stopped
from aiops_desktop.jobs.job import Job
from tests.support.speakers import Relay, Speaker
from tests.support.sshd import Sshd, needs_sshd

pytestmark = needs_sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with Sshd(tmp_path_factory.mktemp("check") / "sshd") as made:
        yield made


def _never(_key: KeyFile) -> str:
    raise AssertionError("no passphrase should be asked for")


def _key(
    folder: Path, name: str = "k", passphrase: str = "", kind: KeyType = KeyType.ED25519
) -> tuple[KeyFile, str]:
    pair = ssh.generate(kind, bits=2048 if kind is KeyType.RSA else 0, passphrase=passphrase)
    ssh.write(pair, folder / name)
    return KeyFile(name, folder / name, pair.fingerprint), pair.public


def _check(
    server: Sshd,
    folder: Path,
    *keys: KeyFile,
    passphrase: Callable[[KeyFile], str] = _never,
    port: int = 0,
    job: Job | None = None,
    known: str | None = None,
    idle: int = 5,
    agent: str = "",
) -> ssh.Checked:
    file = folder / "known_hosts"
    line = server.known_line
    if port:
        line = line.replace(f":{server.port} ", f":{port} ")
    file.write_text(line if known is None else known)
    offer = Offer(file, keys, agent, connect_timeout=4, idle_timeout=idle)
    where = port or server.port
    return ssh.check("127.0.0.1", where, server.account, offer, passphrase, job or Job("Test"))


@pytest.mark.parametrize("passphrase", ["", "geheim ü"])
@pytest.mark.parametrize(
    "made",
    [
        ["-t", "ed25519"],
        ["-t", "rsa", "-b", "2048"],
        ["-t", "rsa", "-b", "2048", "-m", "PEM"],
        ["-t", "rsa", "-b", "2048", "-m", "PKCS8"],
        ["-t", "ecdsa", "-b", "256"],
        ["-t", "ecdsa", "-b", "521", "-m", "PEM"],
        ["-t", "ecdsa", "-b", "384", "-m", "PKCS8"],
    ],
)
def test_every_type_and_form_opens_the_server(
    server: Sshd, tmp_path: Path, made: list[str], passphrase: str
) -> None:
    theirs = tmp_path / "theirs"
    subprocess.run(
        ["ssh-keygen", "-q", "-N", passphrase, "-C", "them", "-f", str(theirs), *made], check=True
    )
    pair = ssh.read_file(theirs, passphrase)
    ssh.write(pair, tmp_path / "ours")
    server.authorize(pair.public)
    key = KeyFile("ours", tmp_path / "ours", pair.fingerprint)
    found = _check(server, tmp_path, key, passphrase=lambda _key: passphrase)
    assert (found.accepted, found.trouble) == (pair.fingerprint, "")
    assert [step.title for step in found.steps] == ["Greeting", "Host key", "Login"]
    assert all(step.state is StepState.GOOD for step in found.steps)
    assert "geheim" not in repr(found)


def test_offered_keys_are_told_in_order(server: Sshd, tmp_path: Path) -> None:
    first, _ = _key(tmp_path, "first")
    second, public = _key(tmp_path, "second")
    found = _check(server, tmp_path, first, second)
    assert found.offered == (first.fingerprint, second.fingerprint)
    assert not found.good
    assert found.trouble == "The server accepts none of the keys offered."
    server.authorize(public)
    assert _check(server, tmp_path, first, second).accepted == second.fingerprint
    assert "OpenSSH" in found.steps[0].detail
    assert server.host_fingerprint() in found.steps[1].detail


def test_an_agent_with_the_right_key_last(server: Sshd, tmp_path: Path) -> None:
    agent = ssh.Agent(ssh.place(tmp_path, "acme"))
    keys = [_key(tmp_path, f"k{number}", "secret") for number in range(4)]
    server.authorize(keys[-1][1])
    try:
        agent.start()
        for key, _ in keys:
            agent.add(ssh.plain_text(key.path, "secret"), seconds=60)
        found = _check(server, tmp_path, *(key for key, _ in keys), agent=str(agent.path))
    finally:
        agent.end()
    assert found.accepted == keys[-1][0].fingerprint
    assert len(found.offered) == 4


def test_a_locked_agent_offers_nothing_and_the_file_asks(server: Sshd, tmp_path: Path) -> None:
    key, public = _key(tmp_path, "k", "secret")
    server.authorize(public)
    socket = str(tmp_path / "gone.sock")
    asked: list[str] = []

    def answer(one: KeyFile) -> str:
        asked.append(one.name)
        return "secret"

    assert _check(server, tmp_path, key, passphrase=answer, agent=socket).good
    assert asked == ["k"]


def test_unknown_changed_and_revoked_hosts_get_no_key(server: Sshd, tmp_path: Path) -> None:
    key, public = _key(tmp_path)
    server.authorize(public)
    other = ssh.generate(KeyType.ED25519).public.split()[:2]
    name = server.known_name
    for known, words in (
        ("", "not known to this tenant"),
        (f"{name} {' '.join(other)}\n", "has changed"),
        (f"@revoked * {server.known_line.split(' ', 1)[1]}{server.known_line}", "revoked"),
    ):
        found = _check(server, tmp_path, key, known=known)
        assert words in found.trouble
        assert found.offered == ()
        assert found.steps[-1].title == "Host key"
        assert found.steps[-1].state is StepState.BAD
        assert server.host_fingerprint() in found.host_key


def test_a_host_with_a_certificate_is_known_by_its_authority(tmp_path: Path) -> None:
    authority = tmp_path / "authority"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(authority)], check=True
    )
    key, public = _key(tmp_path)
    with Sshd(tmp_path / "sshd") as server:
        server.certify(authority)
        server.restart()
        server.authorize(public)
        ca = " ".join(authority.with_suffix(".pub").read_text().split()[:2])
        line = f"@cert-authority [127.0.0.1]:* {ca}\n"
        found = _check(server, tmp_path, key, known=line)
        assert found.good, found
        assert "certified by" in found.steps[1].detail
        stranger = " ".join(ssh.generate(KeyType.ED25519).public.split()[:2])
        found = _check(server, tmp_path, key, known=f"@cert-authority * {stranger}\n")
        assert not found.good
        assert found.offered == ()


def test_a_server_for_passwords_only_is_said(tmp_path: Path) -> None:
    key, _ = _key(tmp_path)
    settings = "PubkeyAuthentication no\nPasswordAuthentication yes"
    with Sshd(tmp_path / "sshd", settings=settings) as server:
        found = _check(server, tmp_path, key)
    assert found.trouble == "The server takes passwords only, no keys."
    assert found.offered == ()


def test_a_server_cannot_pretend_to_be_ssh(tmp_path: Path) -> None:
    key, _ = _key(tmp_path)
    banner = tmp_path / "banner"
    lie = f"debug1: Server accepts key: k {key.fingerprint}"
    banner.write_text(f'{lie}\nAuthenticated to 127.0.0.1 using "publickey".\n')
    with Sshd(tmp_path / "sshd", settings=f"Banner {banner}") as server:
        found = _check(server, tmp_path, key)
    assert lie in found.banner
    assert not found.good


def test_a_server_that_takes_two_keys_is_said(tmp_path: Path) -> None:
    keys = [_key(tmp_path, f"k{number}")[0] for number in range(4)]
    with Sshd(tmp_path / "sshd", settings="MaxAuthTries 2") as server:
        found = _check(server, tmp_path, *keys)
    assert found.trouble == "The server takes no more keys."
    assert 0 < len(found.offered) < 4


def test_a_banner_of_64_kilobytes_is_cut(tmp_path: Path) -> None:
    banner = tmp_path / "banner"
    banner.write_text("Welcome\x1b[31m to acme\nAuthenticated to you\n" + "x" * 65_000 + "\n")
    key, public = _key(tmp_path)
    with Sshd(tmp_path / "sshd", settings=f"Banner {banner}") as server:
        server.authorize(public)
        found = _check(server, tmp_path, key)
    assert found.good
    assert found.banner.startswith("Welcome")
    assert "\x1b" not in found.banner
    assert len(found.banner) <= 2000


@pytest.mark.parametrize("says", [b"", b"SSH-2.0-Slow\r\n", b"x" * 65_536 + b"\r\n"])
def test_a_server_that_hangs_is_given_up(server: Sshd, tmp_path: Path, says: bytes) -> None:
    key, _ = _key(tmp_path)
    with Speaker(says) as hanging:
        begun = time.monotonic()
        found = _check(server, tmp_path, key, port=hanging.port, idle=1)
    assert time.monotonic() - begun < 15
    assert not found.good
    assert found.steps[-1].state is StepState.BAD
    assert found.trouble.endswith(".")


@pytest.mark.parametrize("after", [0, 10, 60, 800, 1400, 2200, 2600])
def test_a_server_that_drops_at_any_step_is_said(server: Sshd, tmp_path: Path, after: int) -> None:
    key, public = _key(tmp_path)
    server.authorize(public)
    with Relay(server.port, drop_after=after) as relay:
        found = _check(server, tmp_path, key, port=relay.port)
    assert found.steps
    if not found.good:
        assert found.steps[-1].state is StepState.BAD
        assert found.trouble == "The server broke off." or "does not speak" in found.trouble


def test_stop_works_while_a_passphrase_is_asked_for(server: Sshd, tmp_path: Path) -> None:
    key, public = _key(tmp_path, "k", "secret")
    server.authorize(public)
    job = Job("Test")
    asking = threading.Event()

    def ask(_key: KeyFile) -> str:
        asking.set()
        over = threading.Event()
        job.on_stop(over.set)
        over.wait(20)
        raise Stopped

    def stop() -> None:
        asking.wait(20)
        job.stop()

    threading.Thread(target=stop, daemon=True).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        _check(server, tmp_path, key, passphrase=ask, job=job)
    assert time.monotonic() - begun < 10


def test_a_passphrase_wrong_too_often_comes_out(server: Sshd, tmp_path: Path) -> None:
    key, public = _key(tmp_path, "k", "secret")
    server.authorize(public)

    def wrong(_key: KeyFile) -> str:
        raise NotTrusted("The passphrase was wrong 3 times.")

    with pytest.raises(NotTrusted, match="3 times"):
        _check(server, tmp_path, key, passphrase=wrong)
