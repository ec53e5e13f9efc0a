"""GitLab, from 15.2 on (docs.gitlab.com/ee/api)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import quote

from aiops_desktop.adapters.forges import gitlab_shapes as shapes
from aiops_desktop.adapters.forges.api import Api
from aiops_desktop.adapters.forges.common import as_edit, milestone_id, not_this, same_key
from aiops_desktop.adapters.forges.reading import (
    day,
    names,
    number,
    text,
    yes,
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
    NotAllowed,
    Person,
    Renewed,
    Stoppable,
    Taken,
    Unanswered,
)
from aiops_desktop.domain.integrations import IntegrationKind, lacking


class GitLab:
    """One account on one GitLab; see `domain.forges.Forge`."""

    kind = IntegrationKind.GITLAB

    def __init__(self, base_url: str, web: Web) -> None:
        self._api = Api("GitLab", web, f"{base_url}/api/v4", "/api/v4")

    def account(self, job: Stoppable | None = None) -> Account:
        """Whose token it is.

        Raises:
            NotAForge: somebody else answers here.
        """
        try:
            me = self._api.get("/user", job)
        except Hidden as trouble:
            raise not_this(self.kind, self._api.web.name) from trouble
        if not text(me, "username"):
            raise not_this(self.kind, self._api.web.name)
        scopes, expires = self._token(job)
        version = ""
        with contextlib.suppress(Hidden, NotAllowed):
            version = text(self._api.get("/version", job), "version")
        return Account(shapes.person(me), version, scopes, expires, lacking(self.kind, scopes))

    def renew_token(self, expires: date) -> Renewed:
        """From 16.10 on, with the scope `api` or `self_rotate`."""
        body = {"expires_at": expires.isoformat()}
        try:
            told = self._api.send("POST", "/personal_access_tokens/self/rotate", body)
        except Hidden as trouble:
            raise NotAccepted(
                "This GitLab does not replace tokens by itself; it does from 16.10 on.",
                "Make a new token there and paste it.",
                trouble.detail,
            ) from trouble
        token = text(told, "token")
        if not token:
            raise Unanswered(
                "GitLab replaced the token and did not tell the new one.",
                "Make a new token there and paste it.",
            )
        return Renewed(token, _midnight(day(told, "expires_at")))

    def projects(
        self, search: str = "", job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeProject, ...]]:
        """Those the account is a member of."""
        wanted = {"search": search, "search_namespaces": "true"} if search else {}
        found = self._api.pages(
            "/projects",
            job,
            membership="true",
            simple="true",
            order_by="last_activity_at",
            **wanted,
        )
        for page in found:
            yield tuple(shapes.project(one) for one in page)

    def project(self, project: str, job: Stoppable | None = None) -> ForgeProject:
        """One, by id or path of any depth."""
        return shapes.project(self._api.get(_at(project), job))

    # Issues -----------------------------------------------------------------------------------

    def issues(
        self, project: str, since: datetime | None = None, job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeIssue, ...]]:
        """The longest unchanged first."""
        found = self._api.changed(
            f"{_at(project)}/issues",
            "updated_after",
            since,
            job,
            state="all",
            scope="all",
            order_by="updated_at",
            sort="asc",
        )
        for page in found:
            yield tuple(shapes.issue(one) for one in page)

    def issue(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """One."""
        return shapes.issue(self._api.get(f"{_at(project)}/issues/{number}", job))

    def comments(
        self, project: str, number: int, job: Stoppable | None = None
    ) -> tuple[Comment, ...]:
        """Without what GitLab itself notes down."""
        notes = self._api.all(
            f"{_at(project)}/issues/{number}/notes",
            job,
            sort="asc",
            order_by="created_at",
            activity_filter="only_comments",
        )
        return tuple(shapes.comment(note) for note in notes if not yes(note, "system"))

    def labels(self, project: str, job: Stoppable | None = None) -> tuple[Label, ...]:
        """With those of its groups."""
        found = self._api.all(f"{_at(project)}/labels", job)
        made = {text(one, "name"): text(one, "color") for one in found}
        return tuple(Label(name, made[name]) for name in sorted(made, key=str.casefold) if name)

    def members(self, project: str, job: Stoppable | None = None) -> tuple[Person, ...]:
        """With those of its groups; without who is blocked."""
        found = self._api.all(f"{_at(project)}/members/all", job)
        made = {
            one.login: one
            for one in map(shapes.person, (m for m in found if text(m, "state") in {"", "active"}))
            if one.login
        }
        return tuple(made[login] for login in sorted(made, key=str.casefold))

    def milestones(self, project: str, job: Stoppable | None = None) -> tuple[Milestone, ...]:
        """With those of its groups, which newer servers only give when asked."""
        found = self._api.all(
            f"{_at(project)}/milestones", job, state="active", include_ancestors="true"
        )
        return tuple(
            Milestone(text(one, "id"), text(one, "title"), day(one, "due_date")) for one in found
        )

    def create_issue(self, project: str, new: NewIssue, job: Stoppable | None = None) -> ForgeIssue:
        """Make one; unknown assignees and milestones are refused before."""
        body = self._values(project, as_edit(new), job)
        if new.confidential:
            body["confidential"] = True
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
        sent: dict[str, object] = {"body": _plain(body)}
        if internal:
            sent["internal"] = True
        path = f"{_at(project)}/issues/{number}/notes"
        return shapes.comment(self._api.send("POST", path, sent, job))

    def edit_issue(
        self, project: str, number: int, edit: IssueEdit, job: Stoppable | None = None
    ) -> ForgeIssue:
        """Change what the edit names; GitLab Free keeps the first assignee only."""
        return self._change(project, number, job, **self._values(project, edit, job))

    def close(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Close it."""
        return self._change(project, number, job, state_event="close")

    def reopen(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Open it again."""
        return self._change(project, number, job, state_event="reopen")

    # Keys -------------------------------------------------------------------------------------

    def keys(self, project: str = "", job: Stoppable | None = None) -> tuple[ForgeKey, ...]:
        """The account's, or a project's deploy keys."""
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
        """Register one; a deploy key of another project is enabled in this one.

        Raises:
            Taken: another account has it.
        """
        body: dict[str, object] = {"title": title, "key": public}
        if project:
            body["can_push"] = writes
        try:
            return shapes.key(self._api.send("POST", _keys(project), body, job))
        except Taken as trouble:
            found = same_key(self.keys(project, job), public)
            if found is None and project:
                found = self._enable(public, project, job)
            if found is None:
                raise Taken(
                    "Another account on this GitLab has this key already.",
                    "A key belongs to one account only: register another key, or remove it there.",
                    trouble.detail,
                ) from trouble
            return found

    def delete_key(self, key_id: str, project: str = "", job: Stoppable | None = None) -> None:
        """Take one away."""
        with contextlib.suppress(Hidden):
            self._api.send("DELETE", f"{_keys(project)}/{quote(key_id, safe='')}", None, job)

    # How it does it ---------------------------------------------------------------------------

    def _token(self, job: Stoppable | None) -> tuple[tuple[str, ...] | None, datetime | None]:
        """Scopes and end of the token; older servers and other kinds of tokens do not tell."""
        try:
            told = self._api.get("/personal_access_tokens/self", job)
        except (Hidden, NotAllowed, NotAccepted):
            return None, None
        expires = _midnight(day(told, "expires_at"))
        return names(told.get("scopes")) if "scopes" in told else None, expires

    def _change(
        self, project: str, number: int, job: Stoppable | None, **values: object
    ) -> ForgeIssue:
        return shapes.issue(self._api.send("PUT", f"{_at(project)}/issues/{number}", values, job))

    def _values(self, project: str, edit: IssueEdit, job: Stoppable | None) -> dict[str, object]:
        """The fields of an edit as GitLab calls them; 0 stands for nobody and for no milestone."""
        values: dict[str, object] = {}
        if edit.title is not None:
            values["title"] = edit.title
        if edit.body is not None:
            values["description"] = _plain(edit.body)
        if edit.labels is not None:
            values["labels"] = ",".join(edit.labels)
        if edit.assignees is not None:
            values["assignee_ids"] = self._ids(edit.assignees, job) or [0]
        if edit.milestone is not None:
            values["milestone_id"] = milestone_id(self, project, edit.milestone, job) or 0
        return values

    def _ids(self, logins: Sequence[str], job: Stoppable | None) -> list[int]:
        found: list[int] = []
        for login in logins:
            people = self._api.all("/users", job, username=login)
            ids = [
                number(one, "id")
                for one in people
                if text(one, "username").casefold() == login.casefold()
            ]
            if not ids:
                raise NotAccepted(
                    f"There is nobody named “{login}” on this GitLab.",
                    "Choose one of the project's members.",
                    field="assignees",
                )
            found.append(ids[0])
        return found

    def _enable(self, public: str, project: str, job: Stoppable | None) -> ForgeKey | None:
        """Use a deploy key of another project of this account here, too."""
        me = text(self._api.get("/user", job), "id")
        found = self._api.all(f"/users/{me}/project_deploy_keys", job)
        key = same_key(tuple(shapes.key(one) for one in found), public)
        if key is None:
            return None
        return shapes.key(
            self._api.send("POST", f"{_keys(project)}/{key.external_id}/enable", None, job)
        )


def _midnight(end: date | None) -> datetime | None:
    return datetime.combine(end, time(), UTC) if end else None


def _at(project: str) -> str:
    return f"/projects/{quote(project, safe='')}"


def _keys(project: str) -> str:
    return f"{_at(project)}/deploy_keys" if project else "/user/keys"


def _plain(body: str) -> str:
    """The text with the lines escaped that GitLab would take for quick actions ("/close")."""
    fenced, made = False, []
    for line in body.split("\n"):
        if re.match(r" {0,3}(```|~~~)", line):
            fenced = not fenced
        made.append(f"\\{line}" if not fenced and re.match(r"/[a-z]", line) else line)
    return "\n".join(made)
