"""Clone, fetch and push through a real sshd, real http, and folders."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.git import Access, Repository
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.tenants import KeyFile, TenantRoom
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Stopped
from aiops_desktop.jobs.job import Job
from tests.support import repos
from tests.support.githttp import GitHttp
from tests.support.people import Listener
from tests.support.sshd import Sshd, needs_sshd

pytestmark = needs_sshd


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as made:
        yield made


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return repos.bare(tmp_path / "remote.git", {"README.md": "hello\n", "a.txt": "1\n"})


def _key(room: TenantRoom, name: str = "deploy", passphrase: str = "") -> tuple[KeyFile, str]:
    pair = ssh.generate(KeyType.ED25519, passphrase=passphrase, comment=name)
    path = room.keys_folder / name
    ssh.write(pair, path)
    return KeyFile(name, path, pair.fingerprint), pair.public


def _never(_key: KeyFile) -> str:
    raise AssertionError("no passphrase should be asked for")


def _no_login(_host: str) -> tuple[str, str]:
    raise AssertionError("no token should be asked for")


def _access(
    room: TenantRoom,
    url: str,
    *keys: KeyFile,
    passphrase: Callable[[KeyFile], str] = _never,
    login: Callable[[str], tuple[str, str]] = _no_login,
    connect: int = 5,
    idle: int = 20,
) -> Access:
    return Access(room, parse_remote(url), keys, passphrase, login, connect, idle)


def _met(room: TenantRoom, server: Sshd) -> None:
    room.known_hosts.write_text(server.known_line)


@pytest.fixture
def access(room: TenantRoom, server: Sshd, remote: Path) -> Access:
    key, public = _key(room)
    server.authorize(public)
    _met(room, server)
    return _access(room, server.url(remote), key)


def _cloned(access: Access, folder: Path) -> Repository:
    return Repository.clone(access, folder, Job("Clone"))


def _left(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir()) if folder.exists() else []


def test_clone_fetch_and_push_go_round(access: Access, room: TenantRoom, remote: Path) -> None:
    folder = room.checkouts / "site"
    repo = _cloned(access, folder)
    assert repos.tree(folder) == {"README.md": b"hello\n", "a.txt": b"1\n"}
    status = repo.status()
    assert (status.branch, status.upstream, status.clean) == ("main", "origin/main", True)
    assert status.fetched is not None
    new = repos.push_more(remote, {"b.txt": "2\n"})
    assert repo.fetch(access, Job("Fetch")) == 1
    assert repo.fetch(access, Job("Fetch")) == 0
    assert repo.status().behind == 1
    assert repo.pull(access, Job("Pull")).kind == "fast-forward"
    assert repo.head() == new
    repos.write(folder, {"mine.txt": "m\n"})
    repo.commit_all("Mine", Job("Commit"))
    repo.push(access, Job("Push"))
    assert repos.git(remote, "rev-parse", "main") == repo.head()
    author = repos.git(remote, "log", "-1", "--format=%an <%ae> %cn <%ce>", "main")
    assert author == "Ann Engineer <ann@acme.example> Ann Engineer <ann@acme.example>"
    assert _left(room.checkouts) == ["site"]


def test_a_new_branch_is_pushed_with_its_upstream(access: Access, room: TenantRoom) -> None:
    repo = _cloned(access, room.checkouts / "site")
    repos.git(repo.folder, "switch", "-q", "-c", "topic/ünï")
    repos.commit(repo.folder, {"t": "t"})
    repo.push(access, Job("Push"))
    assert repo.upstream("topic/ünï") == "refs/remotes/origin/topic/ünï"


def test_only_the_given_keys_are_offered_in_their_order(
    access: Access, room: TenantRoom, server: Sshd, private_home: Path
) -> None:
    """Neither the account's own keys nor its agent nor its config are looked at."""
    own = private_home / ".ssh"
    own.mkdir(mode=0o700)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(own / "id_ed25519")], check=True
    )
    (own / "config").write_text("Host *\n  Port 1\n")
    other, _ = _key(room, "other")
    both = replace(access, keys=(other, *access.keys))
    _cloned(both, room.checkouts / "site")
    assert server.offered() == {key.fingerprint for key in both.keys}
    order = [server.log_text().index(key.fingerprint) for key in both.keys]
    assert order == sorted(order)


def test_without_keys_none_is_offered(access: Access, room: TenantRoom, server: Sshd) -> None:
    with pytest.raises(NotTrusted, match="did not accept any key"):
        _cloned(replace(access, keys=()), room.checkouts / "site")
    assert server.offered() == set()


def test_two_tenants_share_nothing(tmp_path: Path, remote: Path) -> None:
    rooms = [repos.room(tmp_path / "t", slug) for slug in ("one", "two")]
    with Sshd(tmp_path / "s1") as first, Sshd(tmp_path / "s2") as second:
        made = []
        for room, server in zip(rooms, (first, second), strict=True):
            key, public = _key(room)
            server.authorize(public)
            _met(room, server)
            made.append((key, _access(room, server.url(remote), key)))
            _cloned(made[-1][1], room.checkouts / "site")
        assert first.offered() == {made[0][0].fingerprint}
        assert second.offered() == {made[1][0].fingerprint}
        # What one tenant trusts, the other does not know.
        strange = _access(rooms[0], second.url(remote), made[0][0])
        with pytest.raises(NotTrusted, match="not known to this tenant"):
            _cloned(strange, rooms[0].checkouts / "strange")
        assert second.offered() == {made[1][0].fingerprint}


def test_a_changed_host_key_ends_clone_fetch_and_push(
    access: Access, room: TenantRoom, server: Sshd, remote: Path
) -> None:
    repo = _cloned(access, room.checkouts / "site")
    repos.commit(repo.folder, {"c": "c"})
    before = repos.git(remote, "rev-parse", "main")
    server.new_host_key()
    server.restart()
    for verb in (
        lambda: _cloned(access, room.checkouts / "again"),
        lambda: repo.fetch(access, Job("Fetch")),
        lambda: repo.push(access, Job("Push")),
    ):
        with pytest.raises(NotTrusted, match="has changed") as caught:
            verb()
        assert caught.value.steps == ("keys.hosts",)
    assert repos.git(remote, "rev-parse", "main") == before
    assert _left(room.checkouts) == ["site"]


def test_a_locked_key_asks_for_its_passphrase_only(
    room: TenantRoom, server: Sshd, remote: Path
) -> None:
    plain, _ = _key(room, "a")
    locked, public = _key(room, "b", "geheim wörter $HOME 'x'")
    server.authorize(public)
    _met(room, server)
    asked: list[str] = []

    def passphrase(key: KeyFile) -> str:
        asked.append(key.name)
        return "geheim wörter $HOME 'x'"

    access = _access(room, server.url(remote), plain, locked, passphrase=passphrase)
    repo = _cloned(access, room.checkouts / "site")
    assert asked == ["b"]
    assert "geheim" not in (repo.folder / ".git/config").read_text()


def test_what_refuses_a_passphrase_ends_the_clone(
    room: TenantRoom, server: Sshd, remote: Path
) -> None:
    locked, public = _key(room, "b", "secret")
    server.authorize(public)
    _met(room, server)

    def cancelled(_key: KeyFile) -> str:
        raise Stopped

    def wrong(_key: KeyFile) -> str:
        raise NotTrusted("wrong three times")

    for refuse, error in ((cancelled, Stopped), (wrong, NotTrusted)):
        access = _access(room, server.url(remote), locked, passphrase=refuse)
        with pytest.raises(error):
            _cloned(access, room.checkouts / "site")
    assert _left(room.checkouts) == []


def test_waiting_for_the_person_is_no_silence(room: TenantRoom, server: Sshd, remote: Path) -> None:
    locked, public = _key(room, "b", "secret")
    server.authorize(public)
    _met(room, server)

    def slowly(_key: KeyFile) -> str:
        time.sleep(6)  # what is measured is this wait itself
        return "secret"

    access = _access(room, server.url(remote), locked, passphrase=slowly, idle=5)
    _cloned(access, room.checkouts / "site")


def test_a_wrong_key_a_wrong_path_and_nobody_there(
    access: Access, room: TenantRoom, server: Sshd, tmp_path: Path
) -> None:
    stranger, _ = _key(room, "stranger")
    with pytest.raises(NotTrusted, match="did not accept any key") as caught:
        _cloned(replace(access, keys=(stranger,)), room.checkouts / "x")
    assert "view.keys" in caught.value.steps
    gone = replace(access, remote=parse_remote(server.url(tmp_path / "none.git")))
    with pytest.raises(Failed, match="no such repository"):
        _cloned(gone, room.checkouts / "x")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url, words in (
        (f"ssh://git@127.0.0.1:{port}/x.git", "could not be reached"),
        ("ssh://git@no-such-host.invalid/x.git", "could not be found"),
        (f"http://127.0.0.1:{port}/x.git", "could not be reached"),
        ("https://no-such-host.invalid/x.git", "could not be found"),
    ):
        with pytest.raises(Failed, match=words):
            _cloned(replace(access, remote=parse_remote(url)), room.checkouts / "x")
    assert _left(room.checkouts) == []


@pytest.mark.parametrize("scheme", ["ssh", "http"])
def test_a_server_that_says_nothing_is_given_up(room: TenantRoom, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://git@127.0.0.1:{silent.getsockname()[1]}/x.git"
        begun = time.monotonic()
        with pytest.raises(Failed, match=r"said nothing|does not answer|broke off"):
            _cloned(_access(room, url, connect=2, idle=2), room.checkouts / "x")
        assert time.monotonic() - begun < 12
    assert _left(room.checkouts) == []


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that takes a while: random bytes do not compress."""
    files: dict[str, str | bytes] = {f"d{n % 20}/f{n}.bin": os.urandom(40_000) for n in range(600)}
    return repos.bare(tmp_path_factory.mktemp("big") / "big.git", files)


def test_progress_is_told_and_stop_leaves_nothing(
    access: Access, room: TenantRoom, server: Sshd, big: Path
) -> None:
    access = replace(access, remote=parse_remote(server.url(big)))
    ear = Listener()
    Repository.clone(access, room.checkouts / "big", ear.job())
    assert "Receiving objects" in ear.phases
    totals = {total for message, _, total in ear.told if message == "Receiving objects"}
    assert len(totals) == 1
    assert max(done for message, done, _ in ear.told if message == "Receiving objects") in totals
    stopping = Listener()
    job = stopping.job()

    def stop(message: str, done: int, total: int) -> None:
        if message == "Receiving objects" and done > total // 10:
            job.stop()

    stopping.on_progress = stop
    begun = time.monotonic()
    with pytest.raises(Stopped):
        Repository.clone(access, room.checkouts / "stopped", job)
    assert time.monotonic() - begun < 10
    assert _left(room.checkouts) == ["big"]
    assert not [
        p
        for p in Path(tempfile.gettempdir()).glob("aiops-git-*")
        if _ours(p, str(room.known_hosts))
    ]


def _ours(folder: Path, target: str) -> bool:
    try:
        return str((folder / "known_hosts").readlink()) == target
    except OSError:
        return False


def test_stop_reaches_a_server_that_hangs(room: TenantRoom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ssh://git@127.0.0.1:{silent.getsockname()[1]}/x.git"
        job = Job("Clone")
        threading.Timer(0.5, job.stop).start()
        begun = time.monotonic()
        with pytest.raises(Stopped):
            Repository.clone(_access(room, url, connect=60, idle=60), room.checkouts / "x", job)
        assert time.monotonic() - begun < 6
    assert _left(room.checkouts) == []


def test_leftovers_of_dead_processes_go_with_the_next_clone(
    access: Access, room: TenantRoom
) -> None:
    room.checkouts.mkdir()
    dead = subprocess.Popen(["true"])
    dead.wait()
    (room.checkouts / f".site.part-{dead.pid}-1700000000").mkdir()
    (room.checkouts / ".site.part-mine").mkdir()
    scratch = Path(tempfile.gettempdir()) / f"aiops-git-{dead.pid}-1700000000-x"
    scratch.mkdir()
    (room.checkouts / f".other.part-{dead.pid}-1700000000").mkdir()
    _cloned(access, room.checkouts / "site")
    assert not scratch.exists()
    assert _left(room.checkouts) == [
        f".other.part-{dead.pid}-1700000000",
        ".site.part-mine",
        "site",
    ]


def test_a_folder_that_is_there_is_refused_and_kept(access: Access, room: TenantRoom) -> None:
    folder = room.checkouts / "site"
    repos.write(folder, {"precious": "p"})
    with pytest.raises(Refused, match="not empty"):
        _cloned(access, folder)
    assert repos.tree(folder) == {"precious": b"p"}
    (room.checkouts / "empty").mkdir()
    _cloned(access, room.checkouts / "empty")
    (room.checkouts / "file").write_text("x")
    with pytest.raises(Refused):
        _cloned(access, room.checkouts / "file")


@pytest.mark.parametrize("name", ["with blank", "ünïcode 🙂", "a'b\"c", "$HOME;x", "-rf", "%h %%"])
def test_unusual_folders_and_repositories(
    access: Access, room: TenantRoom, server: Sshd, tmp_path: Path, name: str
) -> None:
    source = repos.bare(tmp_path / f"{name}.git", {"x": "x"})
    tenants = repos.room(tmp_path / name, "acme")
    key, public = _key(tenants, "k")
    server.authorize(public)
    _met(tenants, server)
    there = _access(tenants, server.url(source), key)
    repo = _cloned(there, tenants.checkouts / name)
    assert repos.tree(repo.folder) == {"x": b"x"}
    assert repo.fetch(there, Job("Fetch")) == 0


def test_an_empty_repository_and_a_branch_of_choice(
    access: Access, room: TenantRoom, server: Sshd, tmp_path: Path, remote: Path
) -> None:
    empty = repos.bare(tmp_path / "empty.git")
    there = replace(access, remote=parse_remote(server.url(empty)))
    repo = Repository.clone(there, room.checkouts / "e", Job("Clone"), branch="trunk")
    assert (repo.branch(), repo.head()) == ("trunk", "")
    repos.git(remote, "branch", "dev", "main")
    repo = Repository.clone(access, room.checkouts / "d", Job("Clone"), branch="dev")
    assert (repo.branch(), repo.upstream("dev")) == ("dev", "refs/remotes/origin/dev")
    with pytest.raises(Refused, match="no branch “nope”") as caught:
        Repository.clone(access, room.checkouts / "n", Job("Clone"), branch="nope")
    assert "main" in caught.value.hint
    repos.git(remote, "symbolic-ref", "HEAD", "refs/heads/lost")
    repos.git(remote, "branch", "-D", "main")
    with pytest.raises(Refused, match="names no branch"):
        _cloned(access, room.checkouts / "l")


def test_a_rejected_push_is_a_clash_and_the_lease_guards(
    access: Access, room: TenantRoom, remote: Path
) -> None:
    repo = _cloned(access, room.checkouts / "site")
    theirs = repos.push_more(remote, {"theirs": "t"})
    repos.commit(repo.folder, {"mine": "m"})
    with pytest.raises(Clash, match="commits on main that you do not have") as caught:
        repo.push(access, Job("Push"))
    assert caught.value.steps == ("git.fetch_rebase", "git.show_incoming", "git.push_lease")
    known = repo.resolve("refs/remotes/origin/main")
    with pytest.raises(Clash, match="not where you last saw it"):
        repo.push(access, Job("Push"), lease=known)
    assert repos.git(remote, "rev-parse", "main") == theirs
    repo.fetch(access, Job("Fetch"))
    with pytest.raises(Clash, match="both moved on"):
        repo.pull(access, Job("Pull"))
    repo.push(access, Job("Push"), lease=theirs)
    assert repos.git(remote, "rev-parse", "main") == repo.head()


def test_hooks_on_both_sides_may_say_no(access: Access, room: TenantRoom, remote: Path) -> None:
    repo = _cloned(access, room.checkouts / "site")
    repos.commit(repo.folder, {"mine": "m"})
    before = repos.git(remote, "rev-parse", "main")
    repos.hook(remote, "pre-receive", "echo 'Tickets are missing' >&2; exit 1")
    with pytest.raises(Failed, match="Tickets are missing") as caught:
        repo.push(access, Job("Push"))
    assert "pre-receive hook declined" in caught.value.detail
    (remote / "hooks/pre-receive").unlink()
    repos.hook(repo.folder / ".git", "pre-push", "echo 'Run the tests' >&2; exit 1")
    with pytest.raises(Failed, match="pre-push") as caught:
        repo.push(access, Job("Push"))
    assert "Run the tests" in caught.value.detail
    assert repos.git(remote, "rev-parse", "main") == before
    (repo.folder / ".git/hooks/pre-push").unlink()
    repos.hook(remote, "post-receive", "echo 'Open a merge request: http://x' >&2")
    assert repo.push(access, Job("Push")) == ("Open a merge request: http://x",)


def test_a_token_opens_http_and_leaves_no_trace(
    room: TenantRoom, remote: Path, tmp_path: Path
) -> None:
    token = "glpat-0123456789/secret+token"
    asked: list[str] = []

    def login(host: str) -> tuple[str, str]:
        asked.append(host)
        return "oauth2", token

    with GitHttp(remote.parent, token) as site:
        repos.git(remote, "config", "http.receivepack", "true")
        access = _access(room, site.url("remote.git"), login=login)
        ear = Listener()
        repo = Repository.clone(access, room.checkouts / "site", ear.job())
        repos.commit(repo.folder, {"m": "m"})
        repo.push(access, ear.job())
        assert repos.git(remote, "rev-parse", "main") == repo.head()
        assert set(asked) == {"127.0.0.1"}
        wrong = _access(room, site.url("remote.git"), login=lambda _host: ("oauth2", "wrong-one"))
        with pytest.raises(NotTrusted, match="user name and token") as caught:
            _cloned(wrong, room.checkouts / "w")
        assert "git.token" in caught.value.steps
        assert "wrong-one" not in caught.value.detail
        site.refusal = 403
        with pytest.raises(NotTrusted, match="user name and token"):
            _cloned(wrong, room.checkouts / "w")
        gone = _access(room, site.url("none.git"), login=login)
        with pytest.raises(Failed, match="no such repository"):
            _cloned(gone, room.checkouts / "w")
    assert token not in (repo.folder / ".git/config").read_text()
    assert not any(token in line for line in ear.lines)
    grep = subprocess.run(["grep", "-rl", token, str(tmp_path)], capture_output=True, check=False)
    assert grep.stdout == b""


def test_a_credential_helper_of_the_account_is_not_asked(
    room: TenantRoom, remote: Path, private_home: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "helper-was-asked"
    with (private_home / ".gitconfig").open("a") as file:
        file.write(
            f'[credential]\n\thelper = "!touch {mark}; echo username=x; echo password=y; :"\n'
        )
    with GitHttp(remote.parent, "t0ken") as site:
        access = _access(room, site.url("remote.git"), login=lambda _host: ("oauth2", "t0ken"))
        _cloned(access, room.checkouts / "site")
    assert not mark.exists()


def test_folders_are_cloned_and_their_absence_is_said(room: TenantRoom, tmp_path: Path) -> None:
    source = repos.bare(tmp_path / "bare repo.git", {"x": "x"})
    work = repos.repository(tmp_path / "work", {"y": "y"})
    for number, url in enumerate((str(source), f"file://{work}")):
        _cloned(_access(room, url), room.checkouts / str(number))
    (tmp_path / "plain").mkdir()
    for place, words in ((tmp_path / "none", "no folder"), (tmp_path / "plain", "no Git repo")):
        with pytest.raises(Missing, match=words):
            _cloned(_access(room, str(place)), room.checkouts / "x")


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_said_and_nothing_is_left(
    access: Access, room: TenantRoom, server: Sshd, tmp_path: Path, big: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        there = replace(access, remote=parse_remote(server.url(big)))
        with pytest.raises(Failed, match="disk is full"):
            _cloned(there, disk / "site")
        assert _left(disk) == []
        assert shutil.disk_usage(disk).used < 100_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_key_others_may_read_is_said(access: Access, room: TenantRoom) -> None:
    access.keys[0].path.chmod(0o644)
    with pytest.raises(NotTrusted, match="Others on this computer"):
        _cloned(access, room.checkouts / "site")
