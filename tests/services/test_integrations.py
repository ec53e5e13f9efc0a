"""Integrations: tested before they are kept, and never another tenant's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.forges import Hidden, Need, Rejected
from aiops_desktop.domain.integrations import (
    CheckState,
    Integration,
    IntegrationDraft,
    IntegrationKind,
    IntegrationReport,
    IntegrationState,
)
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused, Stopped
from aiops_desktop.services.house import House
from tests.support.certificates import certificate
from tests.support.fake_forge import TOKEN, FakeToken
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab
from tests.support.people import Listener
from tests.support.repos import bare, commit, git
from tests.support.shell import house as opened


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        yield made


@pytest.fixture
def house(layout: Layout) -> House:
    return opened(layout)


@pytest.fixture
def acme(house: House) -> Tenant:
    return house.tenants.create(TenantDraft("Acme", "", "", "Ann", "ann@acme.example")).tenant


@pytest.fixture
def brix(house: House) -> Tenant:
    return house.tenants.create(TenantDraft("Brix")).tenant


def draft(tenant: Tenant, fake: FakeGitLab | FakeGitHub, token: str = TOKEN) -> IntegrationDraft:
    kind = IntegrationKind.GITHUB if isinstance(fake, FakeGitHub) else IntegrationKind.GITLAB
    return IntegrationDraft(tenant.id, kind, base_url=fake.url, token=token)


def project(house: House, tenant: Tenant, url: str, name: str = "shop") -> Project:
    return house.projects.create(ProjectDraft(tenant.id, url, name)).project


def told(report: IntegrationReport) -> list[tuple[str, str]]:
    return [(check.state.value, check.text) for check in report.checks]


# Test --------------------------------------------------------------------------------------------


def test_a_test_tells_who_which_version_which_scopes_and_until_when(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    end = datetime.now(UTC) + timedelta(days=200)
    gitlab.tokens["t"] = FakeToken("ann", ("read_api",), end)
    gitlab.add_project("acme/shop")
    report = house.integrations.test(draft(acme, gitlab, "t"), Listener().job())
    assert report.good
    assert [(c.state, c.text, c.note) for c in report.checks] == [
        (CheckState.WARNING, "Reached, not encrypted", "GitLab 17.8.1"),
        (CheckState.GOOD, "Verified as Ann", "@ann"),
        (CheckState.GOOD, "read_api: projects and issues", "1 project"),
        (CheckState.WARNING, "write_repository is missing", "no push over https"),
        (CheckState.DATE, f"Expires {end:%-d %B %Y}", "reminds 14 d before"),
    ]
    assert house.integrations.all() == []


@pytest.mark.parametrize(
    ("fault", "bad", "field"),
    [
        ("revoked", "Token refused: it was revoked", "token"),
        ("expired", "Token refused: it has expired", "token"),
        ("wrong", "Token refused: revoked or mistyped", "token"),
        ("scope", "The token may not even tell whose it is", "token"),
        ("html", "Not a GitLab", "base_url"),
        ("gone", "Not reached", "base_url"),
        ("500 ", "No usable answer", "base_url"),
    ],
)
def test_why_a_test_fails_is_told_apart(
    house: House, acme: Tenant, gitlab: FakeGitLab, fault: str, bad: str, field: str
) -> None:
    tried = draft(acme, gitlab)
    match fault:
        case "revoked":
            gitlab.tokens[TOKEN].revoked = True
        case "expired":
            gitlab.tokens[TOKEN].expires = datetime(2026, 1, 1, tzinfo=UTC)
        case "wrong":
            tried = replace(tried, token="glpat-something-else")
        case "scope":
            gitlab.tokens[TOKEN].scopes = ("write_repository",)
        case "gone":
            tried = replace(tried, base_url="http://127.0.0.1:9")
        case _:
            gitlab.fail(fault)
    report = house.integrations.test(tried, Listener().job())
    assert not report.good
    assert ("bad", bad) in told(report)
    assert ("skipped", "Scopes not looked at") in told(report)
    assert report.field == field
    assert report.what
    assert report.hint
    with pytest.raises((NotTrusted, Refused)) as caught:
        house.integrations.add(tried, Listener().job())
    assert caught.value.field == field
    assert house.integrations.all() == []
    assert not house.secrets.has(f"tenant:{acme.id}/integration/1")


def test_the_address_of_a_page_is_cut_to_the_servers(house: House, acme: Tenant) -> None:
    with FakeGitLab(under="/tools/gitlab") as fake:
        wanted = replace(draft(acme, fake), base_url=f"{fake.url}/acme/shop/-/issues/4?x=1")
        made = house.integrations.add(wanted, Listener().job()).integration
        assert made.base_url == fake.url


def test_scopes_that_are_not_told_only_warn(house: House, acme: Tenant) -> None:
    with FakeGitHub() as fake:
        fake.tokens["t"] = FakeToken("ann", None)
        report = house.integrations.test(draft(acme, fake, "t"), Listener().job())
    assert report.good
    assert ("warning", "The server does not tell what the token may") in told(report)


# Keep --------------------------------------------------------------------------------------------


def test_an_integration_lives(house: House, acme: Tenant, gitlab: FakeGitLab) -> None:
    job = Listener().job
    made = house.integrations.add(draft(acme, gitlab), job()).integration
    assert made.name.startswith("GitLab 127.0.0.1")
    assert (made.username, made.person, made.version) == ("ann", "Ann", "17.8.1")
    assert made.state(datetime.now(UTC)) is IntegrationState.WORKING
    assert house.integrations.forge(made.id).account().person.login == "ann"

    renamed = replace(draft(acme, gitlab, ""), name="Work")
    assert house.integrations.edit(made.id, renamed, job()).integration.name == "Work"
    assert house.integrations.find(acme.id, "work").id == made.id

    gitlab.tokens["new"] = FakeToken("ann", ("api",), datetime.now(UTC) + timedelta(days=5))
    rotated = house.integrations.rotate(made.id, "new", job()).integration
    assert rotated.scopes == ("api",)
    assert rotated.state(datetime.now(UTC)) is IntegrationState.EXPIRING
    gitlab.tokens[TOKEN].revoked = True
    assert house.integrations.forge(made.id).account().person.login == "ann"

    house.integrations.set_enabled(made.id, False)
    with pytest.raises(Refused, match="switched off"):
        house.integrations.forge(made.id)
    house.integrations.set_enabled(made.id, True)

    gitlab.tokens["new"].revoked = True
    seen = house.integrations.look(made.id, job())
    assert seen.report is not None
    assert not seen.report.good
    assert seen.integration.state(datetime.now(UTC)) is IntegrationState.TROUBLE

    assert house.integrations.remove(made.id).summary == "“Work” was removed."
    assert house.integrations.all() == []
    assert house.secrets.owners(f"tenant:{acme.id}/integration") == frozenset()
    with pytest.raises(Missing):
        house.integrations.get(made.id)


def test_a_token_of_somebody_else_takes_no_place(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    gitlab.tokens["bens"] = FakeToken("ben", ("api",))
    with pytest.raises(Refused, match="belongs to ben, not to ann"):
        house.integrations.rotate(made.id, "bens", Listener().job())
    with pytest.raises(NotTrusted, match="does not accept the token"):
        house.integrations.rotate(made.id, "nobodys", Listener().job())
    assert house.integrations.forge(made.id).account().person.login == "ann"


# Renewing ----------------------------------------------------------------------------------------


def kept(house: House, one: Integration) -> str:
    return house.secrets.get(f"tenant:{one.tenant_id}/integration/{one.id}")


def test_the_server_replaces_the_token_and_the_new_one_is_kept(
    house: House, acme: Tenant, brix: Tenant, gitlab: FakeGitLab
) -> None:
    gitlab.tokens["old-token"] = FakeToken("ann", ("read_api", "self_rotate"), None)
    one, twin = (
        house.integrations.add(
            replace(draft(acme, gitlab, "old-token"), name=name), Listener().job()
        )
        for name in ("One", "Twin")
    )
    other = house.integrations.add(draft(brix, gitlab, "old-token"), Listener().job()).integration
    saved = house.integrations.tokens.renew(one.integration.id, Listener().job(), 30)
    new = kept(house, saved.integration)
    assert gitlab.tokens["old-token"].revoked
    assert not gitlab.tokens[new].revoked
    assert kept(house, twin.integration) == new, "the same tenant's other use of it goes on"
    assert kept(house, other) == "old-token", "tenants are walls"
    assert saved.integration.expires is not None
    assert 28 <= (saved.integration.expires - datetime.now(UTC)).days <= 30
    assert (saved.integration.what, saved.report is not None) == ("", True)
    assert house.integrations.get(twin.integration.id).expires == saved.integration.expires
    told = "".join(f"{e.note}{e.facts}" for e in house.history.all(EventFilter()))
    assert new not in told
    assert "Kept for Twin, too." in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("version", "16.10"),
        ("scope", "lacks the scope"),
        ("405 {}", "does not replace tokens by itself"),
        ("404 {}", "does not replace tokens by itself"),
        ("403 {}", "may not do this"),
        ('400 {"message":{"expires_at":["is too late"]}}', "is too late"),
    ],
)
def test_a_server_that_does_not_replace_tokens_leaves_all_as_it_was(
    house: House, acme: Tenant, gitlab: FakeGitLab, change: str, said: str
) -> None:
    if change == "version":
        gitlab.version = "16.9.4"
    elif change == "scope":
        gitlab.tokens[TOKEN].scopes = ("read_api",)
    else:
        gitlab.fail(change, "/rotate")
    one = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    with pytest.raises(Refused) as caught:
        house.integrations.tokens.renew(one.id, Listener().job())
    assert said in f"{caught.value.what} {caught.value.hint}"
    assert house.integrations.get(one.id) == one
    assert kept(house, one) == TOKEN
    assert not gitlab.tokens[TOKEN].revoked


def test_a_lost_answer_is_said_and_never_asked_for_again(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    one = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    gitlab.fail("503", "/rotate", times=1)
    with pytest.raises(Failed, match="the token is the old one still"):
        house.integrations.tokens.renew(one.id, Listener().job())
    assert house.integrations.get(one.id) == one
    gitlab.fail("lost", "/rotate", times=1)
    with pytest.raises(Failed, match="its answer was lost"):
        house.integrations.tokens.renew(one.id, Listener().job())
    now = house.integrations.get(one.id)
    assert now.state(datetime.now(UTC)) is IntegrationState.TROUBLE
    assert "Make a new token" in now.hint
    asked = [path for path in gitlab.paths("POST") if path.endswith("/rotate")]
    assert len(asked) == 2, "once for each time a person wanted it"


def test_a_program_that_dies_meanwhile_finds_it_said_when_it_comes_back(
    house: House, acme: Tenant, gitlab: FakeGitLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    seen: list[Integration] = []
    gitlab.after = lambda asked: seen.append(house.integrations.get(one.id))
    house.integrations.tokens.renew(one.id, Listener().job())
    gitlab.after = None
    assert any("its answer never came" in at.what for at in seen), "written down before the answer"
    assert house.integrations.get(one.id).what == ""


def test_a_secret_store_that_cannot_be_written_keeps_the_old_token_alive(
    house: House, acme: Tenant, gitlab: FakeGitLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.integrations.add(draft(acme, gitlab), Listener().job()).integration

    def locked(*_words: object) -> None:
        raise NotTrusted("The secret store is locked.")

    monkeypatch.setattr(house.secrets, "put", locked)
    with pytest.raises(NotTrusted, match="locked"):
        house.integrations.tokens.renew(one.id, Listener().job())
    assert not gitlab.tokens[TOKEN].revoked


def test_a_kept_token_is_not_sent_to_another_server(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    with FakeGitLab() as other:
        moved = draft(acme, other, "")
        with pytest.raises(Refused, match="no other"):
            house.integrations.edit(made.id, moved, Listener().job())
        assert other.asked == []


def test_the_same_name_twice_is_refused_and_leaves_nothing(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    house.integrations.add(replace(draft(acme, gitlab), name="Work"), Listener().job())
    with pytest.raises(Refused, match="named “work” already") as caught:
        house.integrations.add(replace(draft(acme, gitlab), name="work"), Listener().job())
    assert caught.value.field == "name"
    assert len(house.secrets.owners(f"tenant:{acme.id}/integration")) == 1


def test_no_token_is_told_anywhere(house: House, acme: Tenant, gitlab: FakeGitLab) -> None:
    made = house.integrations.add(draft(acme, gitlab), Listener().job())
    assert TOKEN not in repr(draft(acme, gitlab))
    assert TOKEN not in repr(made)
    gitlab.fail(f'403 {{"message":"your token {TOKEN} is bad"}}', "/projects")
    with pytest.raises(Refused):
        place = project(house, acme, f"{gitlab.url}/acme/shop.git")
        house.integrations.projects.link(place.id, made.integration.id, "", Listener().job())
    assert TOKEN not in house.history.export(EventFilter(), "json")
    for path in house.layout.data.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


def test_an_authority_of_ones_own_is_kept_with_the_tenant(
    house: House, acme: Tenant, tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path)
    with FakeGitLab(tls=context) as fake:
        wanted = draft(acme, fake)
        report = house.integrations.test(wanted, Listener().job())
        assert ("bad", "The certificate is not trusted") in told(report)
        wanted = replace(wanted, ca_file=str(authority))
        made = house.integrations.add(wanted, Listener().job()).integration
        authority.unlink()
        assert Path(made.ca_file).is_relative_to(house.tenants.room(acme.id).folder)
        assert house.integrations.forge(made.id).account().person.login == "ann"
        assert house.integrations.edit(
            made.id, replace(wanted, ca_file=made.ca_file, token=""), Listener().job()
        ).report
    bad = tmp_path / "words.txt"
    bad.write_text("no certificate")
    assert not house.integrations.test(replace(wanted, ca_file=str(bad)), Listener().job()).good


# Links -------------------------------------------------------------------------------------------


def test_a_project_is_linked_by_what_its_address_says(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    far = gitlab.add_project("acme/deep/shop")
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    by_web = project(house, acme, f"{gitlab.url}/acme/deep/shop.git", "web")
    by_ssh = project(house, acme, "ssh://git@127.0.0.1:2222/acme/deep/shop.git", "ssh")
    other = project(house, acme, "git@elsewhere.example:acme/shop.git", "other")
    links = house.integrations.projects
    assert {(p.project_id, p.path) for p in links.proposals(acme.id)} == {
        (by_web.id, "acme/deep/shop"),
        (by_ssh.id, "acme/deep/shop"),
    }
    link = links.link(by_web.id, made.id, "", Listener().job()).link
    assert (link.external_id, link.path) == (str(far.id), "acme/deep/shop")
    assert links.link(by_web.id, made.id, str(far.id), Listener().job()).link == link
    page = f"{gitlab.url}/acme/deep/shop/-/issues/7"
    assert links.link(other.id, made.id, page, Listener().job()).link.path == "acme/deep/shop"
    with pytest.raises(Hidden):
        links.link(other.id, made.id, "acme/nothing", Listener().job())
    assert links.link_proposed(acme.id, Listener().job()).summary == "1 project was linked."
    assert links.proposals(acme.id) == []
    entry = house.integrations.entries(acme.id)[0]
    assert sorted(one.project for one in entry.links) == ["other", "ssh", "web"]
    doomed = house.integrations.doomed(made.id)
    assert doomed.projects == ("other", "ssh", "web")
    assert doomed.pushes == ("web",)
    links.unlink(link.id)
    assert [one.project for one in house.integrations.entries(acme.id)[0].links].count("web") == 0


def test_a_project_without_a_sign_needs_to_be_told(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    place = project(house, acme, "git@elsewhere.example:a/b.git")
    with pytest.raises(Refused, match="does not lie on") as caught:
        house.integrations.projects.link(place.id, made.id, "", Listener().job())
    assert caught.value.field == "where"


def test_tenants_are_walls(house: House, acme: Tenant, brix: Tenant, gitlab: FakeGitLab) -> None:
    gitlab.add_project("acme/shop")
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    foreign = project(house, brix, f"{gitlab.url}/acme/shop.git")
    with pytest.raises(Refused, match="another tenant"):
        house.integrations.projects.link(foreign.id, made.id, "acme/shop", Listener().job())
    with pytest.raises(Refused, match="another tenant"):
        house.integrations.edit(made.id, draft(brix, gitlab), Listener().job())
    with pytest.raises(Refused, match="another tenant"):
        house.integrations.test(draft(brix, gitlab, ""), Listener().job(), made.id)
    assert house.integrations.projects.proposals() == []
    assert house.integrations.all(brix.id) == []
    key = house.keys.generate(brix.id, "deploy").key
    with pytest.raises(Refused, match="different tenants"):
        house.registrations.add(key.id, made.id, Listener().job())
    house.tenants.delete(acme.id, Listener().job())
    assert house.secrets.owners(f"tenant:{acme.id}/") == frozenset()


def test_projects_of_the_forge_are_offered(house: House, acme: Tenant, gitlab: FakeGitLab) -> None:
    for n in range(120):
        gitlab.add_project(f"acme/p{n}")
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    offered = house.integrations.projects.offered
    assert len(offered(made.id, "", Listener().job())) == 100
    assert [one.path for one in offered(made.id, "p11 ", Listener().job())] == [
        "acme/p11", *(f"acme/p{n}" for n in range(110, 120))
    ]  # fmt: skip


# Git ---------------------------------------------------------------------------------------------


def test_git_uses_the_token_for_clone_and_push(
    house: House, acme: Tenant, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    gitlab.repositories = tmp_path / "srv"
    remote = bare(gitlab.repositories / "acme" / "shop.git", {"a.txt": "a\n"})
    git(remote, "config", "http.receivepack", "true")
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    place = project(house, acme, f"{gitlab.url}/acme/shop.git")
    ear = Listener()
    house.repositories.clone(place.id, ear.job())
    assert ear.asked == [], "the integration's token is enough"
    commit(place.checkout, {"b.txt": "b\n"}, "Second")
    assert house.repositories.push_plan(place.id).identity.credential == "token of 127.0.0.1"
    house.repositories.push(place.id, Listener().job())
    assert git(remote, "log", "-1", "--format=%s", "main") == "Second"
    assert set(gitlab.logins) == {("oauth2", TOKEN)}
    assert TOKEN not in (place.checkout / ".git" / "config").read_text()

    house.integrations.set_enabled(made.id, False)
    ear = Listener()
    with pytest.raises(Stopped):
        house.repositories.fetch(place.id, ear.job())
    assert len(ear.asked) == 1, "a switched off integration gives no token"


def test_git_trusts_the_authority_of_the_integration(
    house: House, acme: Tenant, tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path)
    with FakeGitLab(tls=context) as fake:
        fake.repositories = tmp_path / "srv"
        remote = bare(fake.repositories / "acme" / "shop.git", {"a.txt": "a\n"})
        git(remote, "config", "http.receivepack", "true")
        wanted = replace(draft(acme, fake), ca_file=str(authority))
        made = house.integrations.add(wanted, Listener().job()).integration
        place = project(house, acme, f"{fake.url}/acme/shop.git")
        report = house.connections.project(place.id, Listener().job())
        assert report.good, report.text
        house.repositories.clone(place.id, Listener().job())
        commit(place.checkout, {"b.txt": "b\n"}, "Second")
        house.repositories.push(place.id, Listener().job())
        assert git(remote, "log", "-1", "--format=%s", "main") == "Second"
        house.integrations.set_enabled(made.id, False)
        with pytest.raises(NotTrusted, match="certificate"):
            house.repositories.fetch(place.id, Listener().job())


def test_a_refused_token_is_followed_by_the_next_and_then_by_a_question(
    house: House, acme: Tenant, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    gitlab.repositories = tmp_path / "srv"
    bare(gitlab.repositories / "acme" / "shop.git", {"a.txt": "a\n"})
    house.integrations.add(draft(acme, gitlab), Listener().job())
    gitlab.tokens["second"] = FakeToken("ben", ("api",))
    house.integrations.add(replace(draft(acme, gitlab, "second"), name="Second"), Listener().job())
    gitlab.tokens[TOKEN].revoked = True
    place = project(house, acme, f"{gitlab.url}/acme/shop.git")
    ear = Listener()
    house.repositories.clone(place.id, ear.job())
    assert ear.asked == []
    gitlab.tokens["second"].revoked = True
    gitlab.tokens["typed"] = FakeToken("ben", ("api",))
    ear = Listener(["typed"])
    house.repositories.fetch(place.id, ear.job())
    assert len(ear.asked) == 1


def test_another_tenants_token_is_not_used(
    house: House, acme: Tenant, brix: Tenant, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    gitlab.repositories = tmp_path / "srv"
    bare(gitlab.repositories / "acme" / "shop.git", {"a.txt": "a\n"})
    house.integrations.add(draft(acme, gitlab), Listener().job())
    place = project(house, brix, f"{gitlab.url}/acme/shop.git")
    ear = Listener()
    with pytest.raises(Stopped):
        house.repositories.clone(place.id, ear.job())
    assert len(ear.asked) == 1
    assert gitlab.logins == []


def test_tokens_in_remotes_are_found_and_cleaned(
    house: House, acme: Tenant, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    gitlab.repositories = tmp_path / "srv"
    bare(gitlab.repositories / "acme" / "shop.git", {"a.txt": "a\n"})
    house.integrations.add(draft(acme, gitlab), Listener().job())
    place = project(house, acme, f"{gitlab.url}/acme/shop.git")
    house.repositories.clone(place.id, Listener().job())
    remotes = house.integrations.remotes
    assert remotes.find(acme.id) == []
    secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    for name, url in (
        ("origin", f"{gitlab.url.replace('//', f'//oauth2:{TOKEN}@')}/acme/shop.git"),
        ("mirror", f"https://{secret}@github.com/acme/shop.git"),
        ("old", "git@old.example:a/b.git"),
    ):
        git(place.checkout, "config", f"remote.{name}.url", url)
    git(place.checkout, "config", "--add", "remote.origin.pushurl", "git@a.example:a/b.git")
    git(place.checkout, "config", "--add", "remote.origin.pushurl", f"https://{secret}@b.example/x")
    found = remotes.find(acme.id)
    assert {(leak.remote, leak.address) for leak in found} == {
        ("origin", f"{gitlab.url.replace('//', '//oauth2@')}/acme/shop.git"),
        ("mirror", "https://github.com/acme/shop.git"),
        ("origin", "https://b.example/x"),
    }
    assert remotes.clean(place.id).summary == "3 addresses were cleaned."
    config = (place.checkout / ".git" / "config").read_text()
    assert TOKEN not in config
    assert secret not in config
    assert git(place.checkout, "config", "--get-all", "remote.origin.pushurl").split() == [
        "git@a.example:a/b.git",
        "https://b.example/x",
    ]
    assert house.secrets.get(f"tenant:{acme.id}/https/github.com").endswith(secret)
    assert remotes.find(acme.id) == []
    assert secret not in house.history.export(EventFilter(), "json")


# Keys --------------------------------------------------------------------------------------------


def test_a_key_is_registered_found_rotated_and_withdrawn(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    far = gitlab.add_project("acme/shop")
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    key = house.keys.generate(acme.id, "deploy").key
    job = Listener().job
    keys = house.registrations
    keys.add(key.id, made.id, job())
    with pytest.raises(Exception, match="has this key already"):
        keys.add(key.id, made.id, job(), project="acme/shop")
    saved = house.keys.get(key.id)
    assert [(where.forge, where.place) for where in saved.registered] == [("127.0.0.1", "user")]
    assert house.integrations.doomed(made.id).keys == ("deploy",)

    keys.remove(key.id, saved.registered[0], job())
    assert gitlab.user_keys == {}
    assert house.keys.get(key.id).registered == ()
    keys.add(key.id, made.id, job(), project="acme/shop", writes=True)
    assert [one.writes for one in far.deploy_keys.values()] == [True]
    where = house.keys.get(key.id).registered[0]
    assert where.place == "deploy key of acme/shop"
    assert keys.can(acme.id, where)

    house.keys.care.unregister(key.id, where)
    place = project(house, acme, f"{gitlab.url}/acme/shop.git")
    house.integrations.projects.link(place.id, made.id, "", job())
    assert keys.find(acme.id, job()).summary == "1 registration was found."
    assert house.keys.get(key.id).registered[0].remote_id == where.remote_id

    ear = Listener(["Go on without a test"])
    fresh = house.rotation.rotate(key.id, ear.job()).key
    assert [one.public.split()[1] for one in far.deploy_keys.values()] == [fresh.public.split()[1]]


def test_a_token_without_the_scope_registers_nothing(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    gitlab.tokens["t"] = FakeToken("ann", ("read_api",))
    made = house.integrations.add(draft(acme, gitlab, "t"), Listener().job()).integration
    assert Need.USER_KEY in house.integrations.entries(acme.id)[0].lacking
    key = house.keys.generate(acme.id, "deploy").key
    with pytest.raises(Refused, match="may not do this"):
        house.registrations.add(key.id, made.id, Listener().job())
    assert house.keys.get(key.id).registered == ()


def test_what_a_sync_met_stands_at_the_integration(
    house: House, acme: Tenant, gitlab: FakeGitLab
) -> None:
    made = house.integrations.add(draft(acme, gitlab), Listener().job()).integration
    house.integrations.failed(made.id, Rejected(f"The token {TOKEN} is no more.", "Enter it."))
    seen = house.integrations.get(made.id)
    assert seen.state(datetime.now(UTC)) is IntegrationState.TROUBLE
    assert TOKEN not in seen.what
    house.integrations.failed(made.id, None)
    assert house.integrations.get(made.id).what == ""
