"""Key files looked after, agents of a tenant's own, and lists of hosts as OpenSSH writes them."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.ssh import KnownHosts, Standing
from aiops_desktop.domain.keys import FileState, KeyType
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused


def _written(folder: Path, passphrase: str = "", kind: KeyType = KeyType.ED25519) -> Path:
    path = folder / "keys" / "k"
    ssh.write(ssh.generate(kind, passphrase=passphrase, comment="me"), path)
    return path


@pytest.mark.parametrize("kind", [KeyType.ED25519, KeyType.ECDSA])
def test_a_passphrase_is_set_changed_and_removed(tmp_path: Path, kind: KeyType) -> None:
    path = _written(tmp_path, kind=kind)
    wanted = path.with_name("k.pub").read_text().split()[:2]
    before = ""
    for after in ("first one", "zweite ü", ""):
        old = path.read_bytes()
        twin = tmp_path / f"twin{after}"
        os.link(path, twin)
        ssh.rewrite(ssh.with_passphrase(path, before, after, "me"), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert old not in twin.read_bytes(), "the old content is overwritten"
        told = subprocess.run(
            ["ssh-keygen", "-y", "-P", after, "-f", str(path)], capture_output=True, text=True
        )
        assert told.stdout.split()[:2] == wanted
        if after:
            with pytest.raises(NotTrusted):
                ssh.with_passphrase(path, "wrong", "x", "me")
        before = after
    assert sorted(p.name for p in path.parent.iterdir()) == ["k", "k.pub"]


def test_what_others_may_read_is_seen_and_repaired(tmp_path: Path) -> None:
    path = _written(tmp_path)
    assert ssh.state(path) is FileState.SAFE
    path.chmod(0o640)
    path.parent.chmod(0o755)
    assert ssh.state(path) is FileState.OPEN
    assert ssh.folder_open(path.parent)
    assert ssh.repair(path.parent, path) == [path.parent, path]
    assert ssh.state(path) is FileState.SAFE
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ssh.repair(path.parent, path) == []
    ssh.erase(path)
    assert ssh.state(path) is FileState.MISSING
    ssh.erase(path)
    with pytest.raises(Missing):
        ssh.rewrite(ssh.generate(KeyType.ED25519), path)


def test_a_public_key_is_written_over_nothing(tmp_path: Path) -> None:
    ssh.export("ssh-ed25519 AAAA me", tmp_path / "out")
    assert (tmp_path / "out").read_text() == "ssh-ed25519 AAAA me\n"
    with pytest.raises(Refused):
        ssh.export("other", tmp_path / "out")
    with pytest.raises(Failed):
        ssh.export("other", tmp_path / "no" / "out")


def test_an_agent_holds_keys_until_it_is_ended(tmp_path: Path) -> None:
    agent = ssh.Agent(ssh.place(tmp_path, "acme"))
    assert len(str(agent.path)) < 100
    assert agent.listed() == []
    path = _written(tmp_path, "secret")
    pair = ssh.read_file(path)
    try:
        agent.start()
        agent.start()
        assert stat.S_IMODE(agent.path.parent.stat().st_mode) == 0o700
        agent.add(ssh.plain_text(path, "secret"), seconds=60)
        assert agent.listed() == [pair.fingerprint]
        agent.remove(path)
        assert agent.listed() == []
        agent.add(ssh.plain_text(path, "secret"), seconds=0)
        assert ssh.Agent(agent.path).listed() == [pair.fingerprint]
    finally:
        assert agent.end()
    assert not agent.alive
    assert not agent.path.exists()
    assert not agent.end()


def test_two_tenants_have_two_agents(tmp_path: Path) -> None:
    places = {ssh.place(tmp_path, "one"), ssh.place(tmp_path, "two"), ssh.place(Path("/x"), "one")}
    assert len(places) == 3


def test_hidden_names_are_written_as_ssh_keygen_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    hosts = KnownHosts(file)
    key = ssh.generate(KeyType.ED25519).public.split()[1]
    data = base64.b64decode(key)
    for name in ("git.acme.example", "[git.acme.example]:2222"):
        hosts.add(name, "ssh-ed25519", data, hashed=True)
        assert "acme" not in file.read_text()
        found = subprocess.run(
            ["ssh-keygen", "-F", name, "-f", str(file)], capture_output=True, text=True
        )
        assert key in found.stdout
        assert hosts.standing(name, "ssh-ed25519", data) is Standing.KNOWN
        assert hosts.of(name)[0].since is not None
    assert all(host.hashed for host in hosts.all())
    assert hosts.remove("git.acme.example") == 1
    assert hosts.of("git.acme.example") == []


def test_marks_are_listed_and_a_key_is_revoked(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    hosts = KnownHosts(file)
    one, two = (ssh.generate(KeyType.ED25519).public.split()[:2] for _ in range(2))
    lines = [f"@cert-authority *.acme.example {' '.join(one)}", f"h {' '.join(two)}", "@odd x y z"]
    file.write_text("\n".join(lines))
    assert [(host.host, host.marker, host.line) for host in hosts.all()] == [
        ("*.acme.example", "@cert-authority", 1),
        ("h", "", 2),
    ]
    assert hosts.of("git.acme.example") == []
    assert len(hosts.authorities("git.acme.example")) == 1
    blob = base64.b64decode(two[1])
    hosts.revoke(2)
    assert hosts.standing("h", "ssh-ed25519", blob) is Standing.REVOKED
    assert hosts.standing("[elsewhere]:22", "ssh-ed25519", blob) is Standing.REVOKED
    assert hosts.remove("*.acme.example") == 0, "a marked line goes by its number only"
    assert hosts.remove("*.acme.example", line=1) == 1


def test_another_list_is_taken_over_without_contradictions(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    keys = [" ".join(ssh.generate(KeyType.ED25519).public.split()[:2]) for _ in range(3)]
    mine.write_text(f"a {keys[0]}\n")
    theirs.write_text(f"# list\na {keys[1]}\nb {keys[1]}\na {keys[0]}\nc {keys[2]}\n")
    added, skipped = KnownHosts(mine).take(theirs)
    assert (added, len(skipped)) == (2, 2)
    assert [host.host for host in KnownHosts(mine).all()] == ["a", "b", "c"]
    added, _ = KnownHosts(tmp_path / "other").take(theirs, [5])
    assert [host.host for host in KnownHosts(tmp_path / "other").all()] == ["c"]
    with pytest.raises(Missing):
        KnownHosts(mine).take(tmp_path / "none")
    (tmp_path / "bin").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(Refused):
        KnownHosts(mine).take(tmp_path / "bin")


def test_a_changed_key_takes_the_others_place(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    hosts = KnownHosts(file)
    old, new = (ssh.generate(KeyType.ED25519).public.split()[1] for _ in range(2))
    file.write_text(f"a,b ssh-ed25519 {old}\nc ssh-ed25519 {old}\n")
    hosts.replace("a", "ssh-ed25519", base64.b64decode(new))
    assert [host.host for host in hosts.all()] == ["b", "c", "a"]
    assert hosts.standing("a", "ssh-ed25519", base64.b64decode(new)) is Standing.KNOWN
    assert hosts.standing("b", "ssh-ed25519", base64.b64decode(old)) is Standing.KNOWN


def test_what_a_killed_program_left_half_written_is_erased(tmp_path: Path) -> None:
    """A new passphrase is written beside the key first: for a moment there are two of it."""
    path = _written(tmp_path)
    half, fresh = path.with_name(".k.new"), path.with_name(".other.new")
    for stray in (half, fresh):
        stray.write_bytes(path.read_bytes())
    os.utime(half, (0, 0))
    kept = os.open(half, os.O_RDONLY)
    assert ssh.erase_strays(path.parent) == 1
    assert b"PRIVATE" not in os.read(kept, 10_000), "its blocks were overwritten"
    os.close(kept)
    assert (half.exists(), fresh.exists(), path.exists()) == (False, True, True)
    half.write_bytes(path.read_bytes())
    ssh.erase(path)
    assert {place.name for place in path.parent.iterdir()} == {".other.new"}
