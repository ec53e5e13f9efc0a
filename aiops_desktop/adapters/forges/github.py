"""GitHub and GitHub Enterprise Server (docs.github.com/en/rest)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

from aiops_desktop.adapters.forges import github_shapes as shapes
from aiops_desktop.adapters.forges.api import Api
from aiops_desktop.adapters.forges.common import as_edit, milestone_id, not_this, same_key
from aiops_desktop.adapters.forges.reading import (
    day,
    text,
)
from aiops_desktop.adapters.web import Web
from aiops_desktop.domain.forges import (
    Account,
    Comment,
    ForgeIssue,
    ForgeKey,
    ForgeProject,
    Hidden,
    IssueEdit,
    Label,
    Milestone,
    NewIssue,
    NotAccepted,
    Person,
    Renewed,
    Stoppable,
    Taken,
)
from aiops_desktop.domain.integrations import IntegrationKind, lacking


class GitHub:
    """One account on GitHub; see `domain.forges.Forge`."""

    kind = IntegrationKind.GITHUB

    def __init__(self, base_url: str, web: Web) -> None:
        own = urlsplit(base_url).hostname == "github.com"
        mark = "" if own else "/api/v3"
        root = "https://api.github.com" if own else f"{base_url}{mark}"
        self._api = Api("GitHub", web, root, mark)

    def account(self, job: Stoppable | None = None) -> Account:
        """Whose token it is; fine-grained tokens do not tell what they may.

        Raises:
            NotAForge: somebody else answers here.
        """
        try:
            answer = self._api.read("/user", job)
        except Hidden as trouble:
            raise not_this(self.kind, self._api.web.name) from trouble
        me = self._api.judge.record(answer)
        if not text(me, "login"):
            raise not_this(self.kind, self._api.web.name)
        told = answer.headers.get("x-oauth-scopes")
        scopes = None if told is None else tuple(re.findall(r"[^\s,]+", told))
        return Account(
            shapes.person(me),
            answer.headers.get("x-github-enterprise-version", ""),
            scopes,
            _end(answer.headers.get("github-authentication-token-expiration", "")),
            lacking(self.kind, scopes),
        )

    def renew_token(self, expires: date) -> Renewed:
        """Not on GitHub."""
        raise NotAccepted(
            "GitHub has no call that replaces a token.", "Make a new token there and paste it."
        )

    def projects(
        self, search: str = "", job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeProject, ...]]:
        """Those the account owns, helps with, or sees through an organisation."""
        wanted = search.casefold()
        for page in self._api.pages("/user/repos", job, sort="pushed"):
            found = (shapes.project(one) for one in page)
            yield tuple(one for one in found if wanted in one.path.casefold())

    def project(self, project: str, job: Stoppable | None = None) -> ForgeProject:
        """One, by id or owner/name."""
        return shapes.project(self._api.get(_at(project), job))

    # Issues -----------------------------------------------------------------------------------

    def issues(
        self, project: str, since: datetime | None = None, job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeIssue, ...]]:
        """The longest unchanged first; GitHub lists pull requests among them."""
        found = self._api.changed(
            f"{_at(project)}/issues",
            "since",
            since,
            job,
            state="all",
            sort="updated",
            direction="asc",
        )
        for page in found:
            yield tuple(shapes.issue(one) for one in page if "pull_request" not in one)

    def issue(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """One."""
        return shapes.issue(self._api.get(f"{_at(project)}/issues/{number}", job))

    def comments(
        self, project: str, number: int, job: Stoppable | None = None
    ) -> tuple[Comment, ...]:
        """The oldest first, as GitHub gives them."""
        found = self._api.all(f"{_at(project)}/issues/{number}/comments", job)
        return tuple(shapes.comment(one) for one in found)

    def labels(self, project: str, job: Stoppable | None = None) -> tuple[Label, ...]:
        """By name."""
        found = self._api.all(f"{_at(project)}/labels", job)
        made = [Label(text(one, "name"), f"#{text(one, 'color') or '888888'}") for one in found]
        return tuple(sorted(made, key=lambda label: label.name.casefold()))

    def members(self, project: str, job: Stoppable | None = None) -> tuple[Person, ...]:
        """Who can be assigned."""
        found = map(shapes.person, self._api.all(f"{_at(project)}/assignees", job))
        return tuple(sorted(found, key=lambda one: one.login.casefold()))

    def milestones(self, project: str, job: Stoppable | None = None) -> tuple[Milestone, ...]:
        """Those that are open."""
        found = self._api.all(f"{_at(project)}/milestones", job, state="open")
        return tuple(
            Milestone(text(one, "number"), text(one, "title"), day(one, "due_on")) for one in found
        )

    def create_issue(self, project: str, new: NewIssue, job: Stoppable | None = None) -> ForgeIssue:
        """Make one; what the account may not set GitHub leaves out without a word."""
        if new.confidential:
            raise NotAccepted(
                "GitHub has no confidential issues.", "Leave that out.", field="confidential"
            )
        body = self._values(project, as_edit(new), job)
        return shapes.issue(self._api.send("POST", f"{_at(project)}/issues", body, job))

    def comment(
        self,
        project: str,
        number: int,
        body: str,
        job: Stoppable | None = None,
        *,
        internal: bool = False,
    ) -> Comment:
        """Write under an issue."""
        if internal:
            raise NotAccepted(
                "GitHub has no internal comments.", "Leave that out.", field="internal"
            )
        path = f"{_at(project)}/issues/{number}/comments"
        return shapes.comment(self._api.send("POST", path, {"body": body}, job))

    def edit_issue(
        self, project: str, number: int, edit: IssueEdit, job: Stoppable | None = None
    ) -> ForgeIssue:
        """Change what the edit names; unknown labels are made."""
        return self._change(project, number, job, **self._values(project, edit, job))

    def close(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Close it as completed."""
        return self._change(project, number, job, state="closed", state_reason="completed")

    def reopen(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Open it again."""
        return self._change(project, number, job, state="open", state_reason="reopened")

    # Keys -------------------------------------------------------------------------------------

    def keys(self, project: str = "", job: Stoppable | None = None) -> tuple[ForgeKey, ...]:
        """The account's, or a repository's deploy keys."""
        return tuple(shapes.key(one) for one in self._api.all(_keys(project), job))

    def add_key(
        self,
        title: str,
        public: str,
        project: str = "",
        job: Stoppable | None = None,
        *,
        writes: bool = False,
    ) -> ForgeKey:
        """Register one.

        Raises:
            Taken: another account, or another repository, has it.
        """
        body: dict[str, object] = {"title": title, "key": public}
        if project:
            body["read_only"] = not writes
        try:
            return shapes.key(self._api.send("POST", _keys(project), body, job))
        except Taken as trouble:
            found = same_key(self.keys(project, job), public)
            if found is not None:
                return found
            raise Taken(
                "Another account or repository on GitHub has this key already.",
                "A key belongs to one of them only: register another key, or remove it there.",
                trouble.detail,
            ) from trouble

    def delete_key(self, key_id: str, project: str = "", job: Stoppable | None = None) -> None:
        """Take one away."""
        with contextlib.suppress(Hidden):
            self._api.send("DELETE", f"{_keys(project)}/{quote(key_id, safe='')}", None, job)

    # How it does it ---------------------------------------------------------------------------

    def _values(self, project: str, edit: IssueEdit, job: Stoppable | None) -> dict[str, object]:
        """The fields of an edit as GitHub calls them; null takes the milestone away."""
        told = {
            "title": edit.title,
            "body": edit.body,
            "labels": edit.labels,
            "assignees": edit.assignees,
        }
        values: dict[str, object] = {name: one for name, one in told.items() if one is not None}
        if edit.milestone is not None:
            values["milestone"] = milestone_id(self, project, edit.milestone, job)
        return values

    def _change(
        self, project: str, number: int, job: Stoppable | None, **values: object
    ) -> ForgeIssue:
        return shapes.issue(self._api.send("PATCH", f"{_at(project)}/issues/{number}", values, job))


def _at(project: str) -> str:
    if project.isdigit():  # where GitHub itself sends who asks for a renamed repository
        return f"/repositories/{project}"
    return f"/repos/{quote(project, safe='/')}"


def _keys(project: str) -> str:
    return f"{_at(project)}/keys" if project else "/user/keys"


def _end(told: str) -> datetime | None:
    """The end of a token: "2026-03-01 12:00:00 UTC" or with an offset (octokit, 2023)."""
    for form in ("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S %z"):
        with contextlib.suppress(ValueError):
            found = datetime.strptime(told, form)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None
