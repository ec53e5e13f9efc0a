"""Whatever a forge answers: a sentence or nouns that are safe to keep, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiops_desktop.adapters import forges
from aiops_desktop.domain.forges import Forge, ForgeIssue, IssueEdit, NewIssue
from aiops_desktop.domain.integrations import IntegrationKind
from aiops_desktop.domain.trouble import Trouble
from tests.adapters.forges.conftest import FAKES
from tests.support.fake_forge import TOKEN, FakeForge

#: Words both forges use for what they tell.
NAMES = [
    "id",
    "iid",
    "number",
    "title",
    "state",
    "description",
    "body",
    "web_url",
    "html_url",
    "author",
    "user",
    "login",
    "username",
    "name",
    "assignee",
    "assignees",
    "labels",
    "milestone",
    "due_date",
    "due_on",
    "created_at",
    "updated_at",
    "closed_at",
    "token",
    "confidential",
    "user_notes_count",
    "comments",
    "moved_to_id",
    "pull_request",
    "message",
    "error",
    "scopes",
    "system",
    "expires_at",
    "path_with_namespace",
    "full_name",
    "color",
    "key",
    "can_push",
    "read_only",
    "version",
]
TEXTS = st.one_of(
    st.sampled_from(
        [
            "\x00", "\x1b[2J\x1b]0;x\x07", "\u202egnp.exe", "\u2066\u2069", "\ud800", "0" * 400,
            "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "2026-02-30", "١٢٣", "-1",
            "javascript:alert(1)", "<!DOCTYPE html>", "e\u0301" * 40,
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30), st.floats(), st.sampled_from([2**63, -(2**63) - 1, 10**4000])
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    ),
    max_leaves=25,
)
#: Records that are nearly good come further than others.
RECORDS = st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=3, max_size=20)
ANSWERS = st.one_of(ANYTHING, RECORDS, st.lists(RECORDS, max_size=3))

VERBS: dict[str, Callable[[Forge], object]] = {
    "account": lambda forge: forge.account(),
    "projects": lambda forge: next(forge.projects(), ()),
    "project": lambda forge: forge.project("1"),
    "issues": lambda forge: next(forge.issues("1"), ()),
    "issue": lambda forge: forge.issue("1", 1),
    "comments": lambda forge: forge.comments("1", 1),
    "labels": lambda forge: forge.labels("1"),
    "members": lambda forge: forge.members("1"),
    "milestones": lambda forge: forge.milestones("1"),
    "create": lambda forge: forge.create_issue("1", NewIssue("x", milestone="June")),
    "edit": lambda forge: forge.edit_issue("1", 1, IssueEdit(assignees=("ann",))),
    "comment": lambda forge: forge.comment("1", 1, "x"),
    "keys": lambda forge: forge.keys(),
    "renew": lambda forge: forge.renew_token(date(2027, 1, 1)),
}


@pytest.fixture(scope="module", params=sorted(FAKES))
def fake(request: pytest.FixtureRequest) -> Iterator[tuple[FakeForge, Forge]]:
    with FAKES[request.param]() as made:
        yield made, forges.connect(IntegrationKind(request.param), made.url, TOKEN)


def answered(fake: FakeForge, status: int, value: object) -> None:
    fake.heal()
    fake.fail(f"{status} {json.dumps(value)}")


def sane(issue: ForgeIssue) -> None:
    """What a table and a list can hold: no surrogates, no numbers beyond 64 bits, times in UTC."""
    for text in (issue.title, issue.body, issue.state, issue.author, issue.milestone, issue.url):
        text.encode()
    for name in (*issue.labels, *issue.assignees):
        name.encode()
    for number in (issue.number, issue.comments):
        assert -(2**63) <= number < 2**63
    for when in (issue.created, issue.updated, issue.closed_at):
        assert when is None or when.utcoffset() is not None
    assert issue.url == "" or issue.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("verb", sorted(VERBS))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(value=ANSWERS, status=st.sampled_from([200, 200, 200, 201, 400, 401, 403, 404, 409, 422]))
def test_no_answer_ends_in_a_traceback(
    fake: tuple[FakeForge, Forge], verb: str, value: object, status: int
) -> None:
    server, forge = fake
    answered(server, status, value)
    try:
        found = VERBS[verb](forge)
    except Trouble as trouble:
        f"{trouble.what} {trouble.hint} {trouble.detail}".encode()
        return
    for one in found if isinstance(found, tuple) else (found,):
        if isinstance(one, ForgeIssue):
            sane(one)


@pytest.mark.parametrize(
    "text", ['{"a":' * 5000 + "1" + "}" * 5000, "[" * 100_000, "1" * 10_000, '"\\ud800"', "NaN"]
)
def test_answers_that_break_readers_are_said_to_be_unreadable(
    fake: tuple[FakeForge, Forge], text: str
) -> None:
    server, forge = fake
    server.heal()
    server.fail(f"200 {text}")
    with pytest.raises(Trouble):
        forge.issue("1", 1)


def test_a_description_of_five_megabytes_comes_whole(fake: tuple[FakeForge, Forge]) -> None:
    server, forge = fake
    body = "long \u202e line\n" * 380_000
    answered(server, 200, {"id": 1, "iid": 1, "number": 1, "description": body, "body": body})
    assert forge.issue("1", 1).body == body


def test_a_title_is_one_line_that_turns_nothing_around(fake: tuple[FakeForge, Forge]) -> None:
    server, forge = fake
    title = "a\u202egnp.exe\u202c\nb\x1b[2J \u2066c\u2069\x00"
    answered(server, 200, {"id": 1, "iid": 1, "number": 1, "title": title})
    assert forge.issue("1", 1).title == "agnp.exe b [2J c"


def test_an_address_that_is_no_page_is_left_out(fake: tuple[FakeForge, Forge]) -> None:
    server, forge = fake
    for told in ("javascript:alert(1)", "file:///etc/passwd", "smb://x/y"):
        answered(server, 200, {"id": 1, "iid": 1, "number": 1, "web_url": told, "html_url": told})
        assert forge.issue("1", 1).url == ""
