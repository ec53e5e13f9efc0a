"""The daily round of a checkout, with a real sshd: clone, look, commit, pull, push."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import (
    Clash,
    Failed,
    Missing,
    NotTrusted,
    Refused,
    Stopped,
    Trouble,
)
from aiops_desktop.jobs.job import HostQuestion, Job
from tests.support import repos
from tests.support.checkouts import Desk, desk
from tests.support.githttp import GitHttp
from tests.support.people import Listener
from tests.support.sshd import Sshd, needs_sshd

pytestmark = needs_sshd


@pytest.fixture
def at(layout: Layout) -> Desk:
    return desk(layout)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as made:
        yield made


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return repos.bare(tmp_path / "remote.git", {"README.md": "hello\n", "a.txt": "1\n"})


@pytest.fixture
def acme(at: Desk, server: Sshd) -> Tenant:
    tenant = at.tenant()
    server.authorize(at.keys.generate(tenant.id, "acme-deploy").key.public)
    return tenant


@pytest.fixture
def site(at: Desk, acme: Tenant, server: Sshd, remote: Path) -> Project:
    project = at.project(acme, server.url(remote))
    at.repositories.clone(project.id, Listener().job())
    return at.now(project)


def test_an_unknown_host_is_shown_and_trusted_once(
    at: Desk, acme: Tenant, server: Sshd, remote: Path
) -> None:
    project = at.project(acme, server.url(remote))
    ear = Listener()
    done = at.repositories.clone(project.id, ear.job())
    (question,) = ear.asked
    assert isinstance(question, HostQuestion)
    assert (question.host, question.port) == ("127.0.0.1", server.port)
    assert (question.fingerprint, question.tenant) == (server.host_fingerprint(), "Acme")
    assert question.address == "127.0.0.1"
    assert (done.branch, done.path) == ("main", project.checkout)
    now = at.now(project)
    assert (now.state, now.default_branch) == (CheckoutState.READY, "main")
    again = Listener()
    at.repositories.fetch(project.id, again.job())
    assert again.asked == []
    assert at.events("clone") == [("done", "")]
    assert at.repositories.identity(project.id).host_since is not None
    assert at.keys.all(acme.id)[0].last_used is not None
    with pytest.raises(Refused, match="cloned already"):
        at.repositories.clone(project.id, Listener().job())


def test_a_host_that_is_not_trusted_gets_nothing(
    at: Desk, acme: Tenant, server: Sshd, remote: Path
) -> None:
    project = at.project(acme, server.url(remote))
    with pytest.raises(Stopped):
        at.repositories.clone(project.id, Listener(trusting=False).job())
    assert server.offered() == set()
    assert at.now(project).state is CheckoutState.ABSENT
    assert at.events("clone") == [("stopped", "")]
    assert not at.ground.tenants.room(acme.id).known_hosts.exists()


def test_a_changed_host_names_both_fingerprints_and_has_no_way_on(
    at: Desk, site: Project, server: Sshd
) -> None:
    old = server.host_fingerprint()
    repos.commit(site.checkout, {"x": "x"})
    server.new_host_key("rsa")
    server.restart()
    ear = Listener()
    for verb in (at.repositories.fetch, at.repositories.push, at.repositories.pull):
        with pytest.raises(NotTrusted) as caught:
            verb(site.id, ear.job())
        assert old in caught.value.what
        assert server.host_fingerprint() in caught.value.what
        assert caught.value.steps == ("keys.hosts",)
    assert ear.asked == []


def test_a_failed_clone_is_a_state_with_its_sentence(
    at: Desk, acme: Tenant, server: Sshd, remote: Path
) -> None:
    project = at.project(acme, server.url(remote.with_name("none.git")))
    with pytest.raises(Failed, match="no such repository"):
        at.repositories.clone(project.id, Listener().job())
    now = at.now(project)
    assert now.state is CheckoutState.FAILED
    assert "no such repository" in now.clone_error
    assert at.events("clone")[0][0] == "failed"
    with pytest.raises(Missing, match="not cloned yet") as caught:
        at.repositories.status(project.id)
    assert caught.value.steps == ("project.clone",)
    repos.bare(remote.with_name("none.git"), {"x": "x"})
    at.repositories.clone(project.id, Listener().job())
    assert at.now(project).clone_error == ""


def test_the_round_from_change_to_push(at: Desk, site: Project, remote: Path) -> None:
    verbs, folder = at.repositories, site.checkout
    with pytest.raises(Refused, match="level with origin/main"):
        verbs.push_plan(site.id)
    repos.write(folder, {"a.txt": "2\n", "b.txt": "b\n"})
    verbs.stage(site.id, ["b.txt"])
    verbs.stage_part(site.id, verbs.diff(site.id, "a.txt", staged=False), {0: None})
    verbs.unstage(site.id, ["b.txt"])
    verbs.unstage_part(site.id, verbs.diff(site.id, "a.txt", staged=True), {0: None})
    assert verbs.status(site.id).staged == ()
    gone = verbs.discard(site.id, ["b.txt"])
    assert (gone.files, (folder / "b.txt").exists()) == (("b.txt",), False)
    verbs.restore(site.id, gone.token)
    part = verbs.discard_part(site.id, verbs.diff(site.id, "a.txt", staged=False), {0: None})
    assert (folder / "a.txt").read_text() == "1\n"
    verbs.restore(site.id, part.token)
    verbs.stage(site.id, ["a.txt", "b.txt"])
    made = verbs.commit(site.id, "Change both", Job("Commit")).commit
    assert (made.author_name, made.author_email) == ("Ann", "ann@acme.example")
    plan = verbs.push_plan(site.id)
    assert [commit.summary for commit in plan.commits] == ["Change both"]
    assert (plan.target, plan.new_id, plan.fast_forward) == ("origin/main", made.id, True)
    assert plan.command == ("git push --set-upstream -- origin refs/heads/main:refs/heads/main")
    assert (plan.identity.key, plan.identity.author) == ("acme-deploy", "Ann <ann@acme.example>")
    pushed = verbs.push(site.id, Listener().job())
    assert (pushed.commits, pushed.new_id) == (1, made.id)
    assert repos.git(remote, "rev-parse", "main") == made.id
    for verb in ("discard", "restore", "commit", "push"):
        assert {outcome for outcome, _ in at.events(verb)} == {"done"}
    assert at.events("push") == [("done", "main: 1 commit")]


def test_a_rejected_push_is_a_clash_and_pull_mends_it(
    at: Desk, site: Project, remote: Path
) -> None:
    verbs = at.repositories
    theirs = repos.push_more(remote, {"theirs": "t"})
    repos.commit(site.checkout, {"mine": "m"})
    with pytest.raises(Clash) as caught:
        verbs.push(site.id, Listener().job())
    assert caught.value.steps[0] == "git.fetch_rebase"
    assert at.events("push")[0][0] == "refused"
    with pytest.raises(Clash, match="both moved on"):
        verbs.pull(site.id, Listener().job())
    done = verbs.pull(site.id, Listener().job(), how="rebase")
    assert (done.kind, done.commits) == ("rebase", 1)
    verbs.push(site.id, Listener().job())
    assert repos.git(remote, "rev-parse", "main^") == theirs
    assert verbs.pull(site.id, Listener().job()).kind == "up to date"
    repos.push_more(remote, {"more": "m"})
    assert verbs.fetch(site.id, Listener().job()).summary == "1 ref changed."
    assert verbs.pull(site.id, Listener().job()).kind == "fast-forward"


def test_a_locked_key_asks_once_and_remembers(at: Desk, server: Sshd, remote: Path) -> None:
    tenant = at.tenant("Locked")
    server.authorize(at.keys.generate(tenant.id, "k", passphrase="geheim").key.public)
    project = at.project(tenant, server.url(remote))
    ear = Listener(["falsch", "geheim"], remember=True)
    at.repositories.clone(project.id, ear.job())
    assert [type(q).__name__ for q in ear.asked] == ["HostQuestion", "Question", "Question"]
    quiet = Listener()
    at.repositories.fetch(project.id, quiet.job())
    assert quiet.asked == []
    other = at.tenant("Third")
    server.authorize(at.keys.generate(other.id, "k", passphrase="anders").key.public)
    project = at.project(other, server.url(remote))
    with pytest.raises(NotTrusted, match="wrong 3 times"):
        at.repositories.clone(project.id, Listener(["a", "b", "c", "anders"]).job())
    assert at.now(project).state is CheckoutState.FAILED
    assert not project.checkout.exists()


def test_a_token_is_asked_for_remembered_and_replaced(at: Desk, remote: Path) -> None:
    tenant = at.tenant()
    with GitHttp(remote.parent, "first-token") as site:
        project = at.project(tenant, site.url("remote.git"))
        assert at.repositories.identity(project.id).credential == "none stored"
        ear = Listener(["wrong-token", "first-token"], remember=True)
        at.repositories.clone(project.id, ear.job())
        assert len(ear.asked) == 2
        assert "not encrypted" in ear.asked[0].detail
        assert "not accepted" in ear.asked[1].detail
        owner = f"tenant:{tenant.id}/https/127.0.0.1"
        assert at.ground.secrets.get(owner) == "oauth2\nfirst-token"
        assert at.repositories.identity(project.id).credential == "token of 127.0.0.1"
        at.repositories.fetch(project.id, Listener().job())
        at.ground.secrets.put(owner, "oauth2\nexpired-token")
        tries = Listener(["a-token", "b-token", "c-token", "first-token"])
        with pytest.raises(NotTrusted, match="3 times"):
            at.repositories.fetch(project.id, tries.job())
        assert tries.answers == ["first-token"]
        with pytest.raises(Stopped):
            at.repositories.fetch(project.id, Listener().job())
        assert at.ground.secrets.get(owner) == "oauth2\nexpired-token"
    told = at.ground.history.export(EventFilter(), "json")
    assert "-token" not in told


def test_a_token_typed_into_the_address_is_used_and_hidden(at: Desk, remote: Path) -> None:
    token = "glpat-aaaabbbbccccdddd0000"
    with GitHttp(remote.parent, token, user="ann") as site:
        typed = site.url("remote.git").replace("://", f"://ann:{token}@")
        project = at.project(at.tenant(), typed)
        at.repositories.clone(project.id, Listener().job())
    assert token not in project.remote_url
    assert token not in (project.checkout / ".git/config").read_text()


def test_two_tenants_offer_their_own_keys_only(
    at: Desk, server: Sshd, remote: Path, tmp_path: Path
) -> None:
    one, two = at.tenant("One"), at.tenant("Two")
    keys = [at.keys.generate(tenant.id, "k").key for tenant in (one, two)]
    server.authorize(keys[0].public)
    project = at.project(one, server.url(remote))
    at.repositories.clone(project.id, Listener().job())
    assert server.offered() == {keys[0].fingerprint}
    ear = Listener()
    strange = at.project(two, server.url(remote))
    with pytest.raises(NotTrusted, match="did not accept any key"):
        at.repositories.clone(strange.id, ear.job())
    assert [type(question).__name__ for question in ear.asked] == ["HostQuestion"]
    assert server.offered() == {key.fingerprint for key in keys}


def test_stop_makes_a_clone_absent_again(
    at: Desk, acme: Tenant, server: Sshd, remote: Path
) -> None:
    project = at.project(acme, server.url(remote))
    ear = Listener()
    job = ear.job()
    ear.on_progress = lambda _message, _done, _total: job.stop()
    with pytest.raises(Stopped):
        at.repositories.clone(project.id, job)
    assert at.now(project).state is CheckoutState.ABSENT
    assert list(project.checkout.parent.glob("*")) == []
    assert list(project.checkout.parent.glob(".*")) == []


def test_a_clone_under_way_is_not_begun_twice(at: Desk, acme: Tenant, remote: Path) -> None:
    project = at.project(acme, remote)
    at.ground.project_store.set_state(project.id, CheckoutState.CLONING)
    with pytest.raises(Refused, match="being cloned already"):
        at.repositories.clone(project.id, Listener().job())


def test_identity_says_whom_one_acts_as(at: Desk, acme: Tenant, remote: Path) -> None:
    by_ssh = at.repositories.identity(at.project(acme, "git@git.acme.example:a/b.git", "s").id)
    assert (by_ssh.key, by_ssh.host, by_ssh.host_since) == ("acme-deploy", "git.acme.example", None)
    by_web = at.repositories.identity(at.project(acme, "https://git.acme.example/a/b", "w").id)
    assert (by_web.key, by_web.credential) == ("", "none stored")
    by_file = at.repositories.identity(at.project(acme, remote, "f").id)
    assert (by_file.key, by_file.host, by_file.author_missing) == ("", "", False)


def test_statuses_come_for_all_and_troubles_for_some(
    at: Desk, acme: Tenant, tmp_path: Path
) -> None:
    ids = []
    for number in range(12):
        folder = repos.repository(tmp_path / f"c{number}", {"a": "1"})
        repos.write(folder, {f"n{i}": "x" for i in range(number)})
        ids.append(at.project(acme, tmp_path, f"p{number}", checkout=str(folder)).id)
    (tmp_path / "c3/.git/HEAD").write_text("nonsense")
    (tmp_path / "c5").rename(tmp_path / "elsewhere")
    absent = at.project(acme, tmp_path, "absent").id
    told: dict[int, CheckoutStatus | Trouble] = {}
    at.repositories.statuses([*ids, absent, 999], Job("Sweep"), told.__setitem__)
    gently: dict[int, CheckoutStatus | Trouble] = {}
    at.repositories.statuses(ids, Job("Sweep"), gently.__setitem__, gently=True)
    assert {n: str(found) for n, found in gently.items()} == {n: str(told[n]) for n in ids}
    assert set(told) == {*ids, absent, 999}
    for number, project_id in enumerate(ids):
        found = told[project_id]
        if number in {3, 5}:
            assert isinstance(found, Missing)
        else:
            assert isinstance(found, CheckoutStatus)
            assert found.changed == number
            full = at.repositories.status(project_id)
            stripped = tuple(replace(c, added=None, removed=None) for c in full.unstaged)
            assert replace(full, unstaged=stripped) == found
    assert isinstance(told[absent], Missing)
    assert isinstance(told[999], Missing)


def test_a_sweep_stops_at_once(at: Desk, acme: Tenant, tmp_path: Path) -> None:
    ids = []
    for number in range(60):
        folder = repos.repository(tmp_path / f"c{number}", {"a": "1"})
        ids.append(at.project(acme, tmp_path, f"p{number}", checkout=str(folder)).id)
    job, told, lock = Job("Sweep"), [], threading.Lock()

    def each(project_id: int, _status: CheckoutStatus | Trouble) -> None:
        with lock:
            told.append(project_id)
        job.stop()

    with pytest.raises(Stopped):
        at.repositories.statuses(ids, job, each)
    assert 1 <= len(told) < 10


def test_unsaved_work_is_named_for_the_dialog(at: Desk, site: Project) -> None:
    assert at.repositories.unsaved(site) == ()
    repos.commit(site.checkout, {"c": "c"})
    repos.write(site.checkout, {"d": "d"})
    assert at.repositories.unsaved(site) == ("1 changed file", "1 commit not pushed")
    at.repositories.set_remote(site, "git@elsewhere.example:a/b.git")
    assert at.repositories.repository(site.id).remote_url() == "git@elsewhere.example:a/b.git"


def test_an_adopted_checkout_of_another_server_is_not_pushed(
    at: Desk, acme: Tenant, server: Sshd, remote: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "adopted"
    repos.git(tmp_path, "clone", "-q", str(remote), str(folder))
    repos.commit(folder, {"x": "x"})
    project = at.project(acme, server.url(remote), checkout=str(folder))
    for verb in (at.repositories.push, at.repositories.fetch):
        with pytest.raises(Refused, match="belongs to") as caught:
            verb(project.id, Listener().job())
        assert caught.value.steps == ("project.edit",)
    at.repositories.set_remote(project, project.remote_url)
    at.repositories.push(project.id, Listener().job())


def test_a_token_goes_to_its_own_host_only(at: Desk, remote: Path) -> None:
    tenant = at.tenant()
    with GitHttp(remote.parent, "t0ken-value") as mine, GitHttp(remote.parent, "x") as other:
        project = at.project(tenant, mine.url("remote.git"))
        at.repositories.clone(project.id, Listener(["t0ken-value"], remember=True).job())
        # A setting of the checkout leads elsewhere, though the origin looks right.
        repos.git(
            project.checkout,
            "config",
            f"url.{other.url('')}.insteadOf",
            mine.url(""),
        )
        with pytest.raises(NotTrusted, match="nothing was sent"):
            at.repositories.fetch(project.id, Listener().job())
        assert set(other.seen) == {""}


def test_a_tenant_without_an_author_cannot_commit(layout: Layout, tmp_path: Path) -> None:
    at = desk(layout)
    tenant = at.ground.tenants.create(TenantDraft("Nobody")).tenant
    folder = repos.repository(tmp_path / "c", {"a": "1"})
    project = at.project(tenant, tmp_path, checkout=str(folder))
    repos.write(folder, {"a": "2"})
    at.repositories.stage(project.id, ["a"])
    with pytest.raises(Refused, match="no author"):
        at.repositories.commit(project.id, "Message", Job("Commit"))
    assert at.repositories.identity(project.id).author_missing
