"""Bad answers: each becomes a sentence of the right kind, and no token leaves its server."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiops_desktop.adapters import forges
from aiops_desktop.adapters.forges.reading import said
from aiops_desktop.adapters.web import Web
from aiops_desktop.domain.forges import (
    Forge,
    Hidden,
    Limited,
    Need,
    NewIssue,
    NotAccepted,
    NotAForge,
    NotAllowed,
    Rejected,
    Taken,
    Unanswered,
    Unreachable,
)
from aiops_desktop.domain.integrations import IntegrationKind
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Job
from tests.support.certificates import certificate
from tests.support.fake_forge import TOKEN, FakeForge, FakeProject, FakeToken
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab
from tests.support.waiting import until


@pytest.mark.parametrize(
    ("fault", "trouble", "words"),
    [
        ('401 {"message":"401 Unauthorized"}', Rejected, "does not accept the token"),
        ('403 {"message":"403 Forbidden"}', NotAllowed, "may not do this. It says: 403 Forbidden"),
        ("403", NotAllowed, "may not do this"),
        ('404 {"message":"404 Not Found"}', Hidden, "hides it from you"),
        ('410 {"message":"Issues are disabled"}', Hidden, "Issues are disabled"),
        ('409 ["Another one exists"]', Taken, "Another one exists"),
        ('422 {"message":"Validation Failed","errors":["no good"]}', NotAccepted, "no good"),
        ('400 {"message":{"title":["can\'t be blank"]}}', NotAccepted, "title can't be blank"),
        ("423 locked", NotAccepted, "locked"),
        ("500 ", Unanswered, "error \\(500\\)"),
        ('502 {"message":"bad gateway"}', Unanswered, "bad gateway"),
        ("503", Unanswered, "error \\(503\\)"),
        ("html", NotAForge, "answered with a web page"),
        ("login", NotAForge, "sends us on to 127.0.0.1"),
        ("elsewhere https://sso.example/login", NotAForge, "sends us on to sso.example"),
        ("broken", Unanswered, "an answer that cannot be read"),
        ('200 "text"', Unanswered, "an answer that cannot be read"),
        ("200 [1]", Unanswered, "an answer that cannot be read"),
        ("half", Unanswered, "broke off in the middle"),
        ("lost", Unanswered, "broke off in the middle"),
        ("limit 3600", Limited, "wants no more requests"),
        ("limit reset", Limited, "wants no more requests"),
        ("limit bare", Limited, "wants no more requests"),
    ],
)
def test_a_bad_answer_becomes_a_sentence(
    fake: FakeForge, project: FakeProject, forge: Forge, fault: str, trouble: type, words: str
) -> None:
    fake.fail(fault)
    with pytest.raises(trouble, match=words) as caught:
        forge.project(str(project.id))
    assert isinstance(caught.value, Trouble)
    assert caught.value.what.endswith(".")
    assert caught.value.hint
    assert TOKEN not in f"{caught.value} {caught.value.detail}"


def test_a_server_that_hangs_is_given_up(kind: IntegrationKind, fake: FakeForge) -> None:
    fake.fail("hang")
    with pytest.raises(Unanswered, match=r"did not answer within 0\.2 s"):
        forges.connect(kind, fake.url, TOKEN, timeout=0.2).account()


def test_stop_ends_a_request_that_hangs(fake: FakeForge, forge: Forge) -> None:
    fake.fail("hang")
    job = Job("Ask")
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            forge.account(job)
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: fake.asked)
    job.stop()
    thread.join(20)
    assert [type(error) for error in ended] == [Stopped]


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        forge = forges.connect(IntegrationKind.GITLAB, f"http://127.0.0.1:{port}", TOKEN)
        with pytest.raises(Unreachable, match="connection was refused"):
            forge.account()


def test_an_answer_without_end_is_not_kept(fake: FakeForge) -> None:
    fake.fail("big")
    with pytest.raises(Failed, match="more than 1 MiB"):
        Web("server", limit=1 << 20).ask("GET", f"{fake.url}{fake.root}/user")


# Who is it ---------------------------------------------------------------------------------------


def test_another_server_is_told_from_a_forge(gitlab: FakeGitLab, github: FakeGitHub) -> None:
    for kind, url in (
        (IntegrationKind.GITLAB, github.url),
        (IntegrationKind.GITHUB, gitlab.url),
        (IntegrationKind.GITLAB, f"{gitlab.url}/elsewhere"),
    ):
        with pytest.raises(NotAForge):
            forges.connect(kind, url, TOKEN).account()


def test_json_of_another_program_is_no_account(fake: FakeForge, forge: Forge) -> None:
    for fault in ('200 {"id": 1}', '404 {"error":"nothing here"}'):
        fake.heal()
        fake.fail(fault)
        with pytest.raises(NotAForge, match="it is not a Git"):
            forge.account()


def test_gitlab_tells_scopes_end_and_version(gitlab: FakeGitLab) -> None:
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=9)
    gitlab.tokens["t"] = FakeToken("ben", ("read_api",), end)
    account = forges.connect(IntegrationKind.GITLAB, gitlab.url, "t").account()
    assert (account.person.login, account.version) == ("ben", "17.8.1")
    assert account.scopes == ("read_api",)
    assert account.expires == end
    assert set(account.lacking) == set(Need) - {Need.READ}


def test_github_tells_scopes_and_end_in_headers(github: FakeGitHub) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    github.tokens["t"] = FakeToken("ben", ("repo", "read:org"), end)
    account = forges.connect(IntegrationKind.GITHUB, github.url, "t").account()
    assert account.scopes == ("repo", "read:org")
    assert account.expires == end
    assert account.lacking == (Need.USER_KEY,)


def test_a_forge_that_does_not_tell_lacks_nothing(gitlab: FakeGitLab, github: FakeGitHub) -> None:
    gitlab.tells_token = False
    github.tokens["t"] = FakeToken("ann", None)
    for forge in (
        forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN),
        forges.connect(IntegrationKind.GITHUB, github.url, "t"),
    ):
        account = forge.account()
        assert (account.scopes, account.expires, account.lacking) == (None, None, ())


@pytest.mark.parametrize("fault", ["revoked", "expired"])
def test_why_a_token_is_rejected_is_said(gitlab: FakeGitLab, fault: str) -> None:
    gitlab.tokens[TOKEN] = FakeToken(
        "ann",
        ("api",),
        datetime(2026, 1, 1, tzinfo=UTC) if fault == "expired" else None,
        revoked=fault == "revoked",
    )
    with pytest.raises(Rejected, match=fault):
        forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN).account()


def test_a_missing_scope_is_named(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    gitlab.tokens["t"] = FakeToken("ann", ("read_api",))
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, "t")
    with pytest.raises(NotAllowed, match="higher privileges"):
        forge.create_issue(str(project.id), NewIssue("No"))


# Where a token goes -------------------------------------------------------------------------------


def test_a_redirect_to_another_host_gets_no_token(kind: IntegrationKind, fake: FakeForge) -> None:
    with type(fake)() as thief:
        fake.fail(f"elsewhere {thief.url}{thief.root}/user")
        with pytest.raises(NotAForge, match="sends us on to"):
            forges.connect(kind, fake.url, TOKEN).account()
        assert thief.asked == []


def test_a_token_in_netrc_does_not_take_the_place_of_ours(
    fake: FakeForge, forge: Forge, private_home: Path
) -> None:
    netrc = private_home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    assert forge.account().person.login == "ann"
    assert {one.authorization for one in fake.asked} == {f"Bearer {TOKEN}"}


def test_a_renamed_repository_is_followed(github: FakeGitHub) -> None:
    project = github.add_project("acme/shop")
    github.moved_paths["acme/old"] = f"/repositories/{project.id}"
    forge = forges.connect(IntegrationKind.GITHUB, github.url, TOKEN)
    assert forge.project("acme/old").path == "acme/shop"
    assert forge.create_issue("acme/old", NewIssue("There")).number == 1
    assert len(project.issues) == 1


def test_a_server_below_a_path_is_reached() -> None:
    with FakeGitLab(under="/tools/gitlab") as fake:
        fake.add_project("acme/shop")
        fake.largest = 1
        fake.add_project("acme/web")
        forge = forges.connect(IntegrationKind.GITLAB, f"{fake.url}/api/v4/", f" {TOKEN}\n")
        assert forge.account().person.login == "ann"
        assert [p.path for page in forge.projects() for p in page] == ["acme/shop", "acme/web"]


def test_an_authority_of_ones_own(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    with FakeGitLab(tls=context) as fake:
        with pytest.raises(NotTrusted, match=r"certificate of .* could not be verified"):
            forges.connect(IntegrationKind.GITLAB, fake.url, TOKEN).account()
        assert fake.asked == []
        kind = IntegrationKind.GITLAB
        good = forges.connect(kind, fake.url, TOKEN, ca_file=str(authority))
        assert good.account().person.login == "ann"
        with pytest.raises(Missing, match="is not there"):
            forges.connect(kind, fake.url, TOKEN, ca_file=str(tmp_path / "no")).account()
        (tmp_path / "bad").write_text("nothing")
        with pytest.raises(NotTrusted, match="holds no certificate"):
            forges.connect(kind, fake.url, TOKEN, ca_file=str(tmp_path / "bad")).account()


# Patience ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["limit 0", "503", "half", '502 {"message":"busy"}'])
def test_a_job_asks_again_when_that_helps(fake: FakeForge, forge: Forge, fault: str) -> None:
    fake.fail(fault, times=1)
    assert forge.account(Job("Ask")).person.login == "ann"


def test_a_long_limit_is_handed_on_with_its_end(fake: FakeForge, forge: Forge) -> None:
    fake.fail("limit 3000")
    with pytest.raises(Limited) as caught:
        forge.account(Job("Ask"))
    ahead = caught.value.until - datetime.now(UTC)
    assert timedelta(minutes=45) < ahead <= timedelta(seconds=3000)


@pytest.mark.parametrize("fault", ["503", "lost", "limit 0"])
def test_nothing_is_written_twice(
    fake: FakeForge, project: FakeProject, forge: Forge, fault: str
) -> None:
    fake.fail(fault, method="POST", path="/")
    with pytest.raises((Unanswered, Limited)):
        forge.create_issue(str(project.id), NewIssue("Once"), Job("Ask"))
    assert len(fake.paths("POST")) == 1
    assert len(project.issues) == (1 if fault == "lost" else 0)


# Odd records --------------------------------------------------------------------------------------


def test_odd_issues_are_read_all_the_same(
    fake: FakeForge, project: FakeProject, forge: Forge
) -> None:
    fake.add_issue(project, body=None, author=None)
    told = forge.issue(str(project.id), 1)
    assert (told.body, told.author) == ("", "")
    records = [
        {"id": "EXT-7", "iid": 7, "number": 7, "title": None, "labels": None, "assignees": None},
        {"id": 8, "iid": "8", "number": "8", "title": "x", "labels": [{"name": "a"}, "b", 3, None]},
        {"id": 9, "iid": 9, "number": 9, "updated_at": "yesterday", "created_at": 4, "state": "?"},
        "nonsense",
    ]
    fake.fail("200 " + json.dumps(records))
    found = [one for page in forge.issues(str(project.id)) for one in page]
    assert [(one.external_id, one.number) for one in found] == [("EXT-7", 7), ("8", 8), ("9", 9)]
    assert found[1].labels == ("a", "b")
    assert (found[2].updated, found[2].created, found[2].state) == (None, None, "?")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("plain", "plain"),
        (["one", "one", "two"], "one, two"),
        ({"message": {"error": "too often"}}, "too often"),
        ({"message": {"base": {"key": ["is bad", "is old"]}}}, "base key is bad, is old"),
        ({"error": "invalid_token", "error_description": "It expired"}, "It expired"),
        ({"message": "No", "errors": [{"field": "title", "code": "missing_field"}]},
         "No: title missing field"),
        ({"a": {"b": {"c": {"d": {"e": "deep"}}}}}, ""),
        (None, ""),
        (7, ""),
    ],
)  # fmt: skip
def test_errors_of_any_shape_are_put_into_words(value: object, words: str) -> None:
    assert said(value) == words


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "clean"),
    [
        ("gitlab", "", "https://gitlab.com"),
        ("gitlab", "git.acme.example/", "https://git.acme.example"),
        ("gitlab", "https://Git.Acme.example:8443/tools/gitlab/api/v4/",
         "https://git.acme.example:8443/tools/gitlab"),
        ("gitlab", "https://git.acme.example/-/user_settings/personal_access_tokens?x=1#y",
         "https://git.acme.example"),
        ("gitlab", "https://git.acme.example/users/sign_in", "https://git.acme.example"),
        ("gitlab", "https://gitlab.com/acme/shop", "https://gitlab.com"),
        ("github", "", "https://github.com"),
        ("github", "api.github.com", "https://github.com"),
        ("github", "https://github.com/acme", "https://github.com"),
        ("github", "https://ghe.acme.example/api/v3", "https://ghe.acme.example"),
    ],
)  # fmt: skip
def test_addresses_are_cleaned(kind: str, typed: str, clean: str) -> None:
    assert forges.clean_address(typed, IntegrationKind(kind)) == clean


@pytest.mark.parametrize(
    "typed", ["ftp://x", "https://", "a b", "https://me:pw@host", "http://x:0"]
)
def test_nonsense_is_no_address(typed: str) -> None:
    with pytest.raises(Refused, match="is not the address of a server") as caught:
        forges.clean_address(typed, IntegrationKind.GITLAB)
    assert caught.value.field == "base_url"


@pytest.mark.parametrize("token", ["", " ", "two words", "bé"])
def test_nonsense_is_no_token(token: str) -> None:
    with pytest.raises(NotTrusted) as caught:
        forges.connect(IntegrationKind.GITLAB, "https://gitlab.com", token)
    assert caught.value.field == "token"


def test_commands_in_a_text_stay_text(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    issue = gitlab.add_issue(project)
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    forge.comment(str(project.id), issue.number, "Run\n```\n/usr/bin/x\n```\n/close\n")
    assert issue.comments[0].body == "Run\n```\n/usr/bin/x\n```\n\\/close\n"
    forge.create_issue(str(project.id), NewIssue("A", "/assign @eve"))
    assert project.issues[2].body == "\\/assign @eve"


def test_a_deploy_key_of_another_project_is_enabled(gitlab: FakeGitLab) -> None:
    one, other = gitlab.add_project("acme/one"), gitlab.add_project("acme/other")
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    made = forge.add_key("deploy", public, str(one.id))
    assert forge.add_key("deploy", public, str(other.id)).external_id == made.external_id
    assert list(other.deploy_keys) == [int(made.external_id)]


def test_a_key_of_another_account_is_said(fake: FakeForge, forge: Forge) -> None:
    public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    fake.tokens["ben"] = FakeToken("ben", ("api", "repo", "admin:public_key"))
    forges.connect(forge.kind, fake.url, "ben").add_key("ben's", public)
    with pytest.raises(Taken, match="Another account"):
        forge.add_key("mine", public)


def test_what_cannot_be_set_is_refused_before(fake: FakeForge, forge: Forge) -> None:
    project = fake.add_project("acme/shop")
    with pytest.raises(NotAccepted, match="no open milestone “July”"):
        forge.create_issue(str(project.id), NewIssue("A", milestone="July"))
    assert not project.issues
    made = forge.create_issue(
        str(project.id), NewIssue("A", "b", ("bug",), ("ben",), milestone="June")
    )
    assert (made.labels, made.assignees, made.milestone) == (("bug",), ("ben",), "June")
