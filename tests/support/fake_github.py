"""A small stateful GitHub on loopback, as GitHub Enterprise Server answers below /api/v3."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.support.fake_forge import (
    TOKEN,
    Asked,
    FakeComment,
    FakeForge,
    FakeIssue,
    FakeKey,
    FakeProject,
    FakeToken,
    FakeUser,
    Reply,
    matched,
    routes,
)


class FakeGitHub(FakeForge):
    """GitHub; pull requests stand among the issues."""

    root = "/api/v3"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.tokens[TOKEN] = FakeToken("ann", ("repo", "admin:public_key"), None)
        self._table = routes(
            {
                "GET /user": lambda asked: Reply(200, _person(self.me)),
                "GET /user/repos": lambda asked: self.page(
                    asked, [self.shaped(one) for one in self.projects.values()]
                ),
                "GET /user/keys": lambda asked: self.page(
                    asked, [_key(k) for k in self.user_keys.values() if k.owner == self.me.login]
                ),
                "POST /user/keys": self.add_user_key,
                "DELETE /user/keys/{k}": self.delete_user_key,
                **self._on_projects(),
            }
        )

    def _on_projects(self) -> dict[str, Callable[..., Reply]]:
        table: dict[str, Callable[..., Reply]] = {
            "GET ": self.show_project,
            "GET /issues": self.list_issues,
            "POST /issues": self.create,
            "GET /issues/{i}": self.show,
            "PATCH /issues/{i}": self.change,
            "GET /issues/{i}/comments": self.list_comments,
            "POST /issues/{i}/comments": self.add_comment,
            "GET /labels": self.list_labels,
            "GET /assignees": self.list_assignees,
            "GET /milestones": self.list_milestones,
            "GET /keys": self.list_deploy_keys,
            "POST /keys": self.add_deploy_key,
            "DELETE /keys/{k}": self.delete_deploy_key,
        }
        return {
            told.replace(" ", f" {place}", 1): does
            for place in ("/repos/{o}/{n}", "/repositories/{r}")
            for told, does in table.items()
        }

    @property
    def me(self) -> FakeUser:
        """Whose token the request at hand shows."""
        return self.users[self._token.user]

    def answer(self, asked: Asked) -> Reply:
        """Look at the token and then at what is asked."""
        token = self.whose(asked.authorization)
        if token is None:
            return Reply(401, {"message": "Bad credentials", "documentation_url": "https://docs"})
        self._token = token
        reply = self._reply(asked, token)
        if token.scopes is not None:
            reply.headers["X-OAuth-Scopes"] = ", ".join(token.scopes)
        if token.expires:
            end = f"{token.expires:%Y-%m-%d %H:%M:%S} UTC"
            reply.headers["GitHub-Authentication-Token-Expiration"] = end
        reply.headers["X-GitHub-Enterprise-Version"] = "3.14.2"
        return reply

    def _reply(self, asked: Asked, token: FakeToken) -> Reply:
        for does, words in matched(self._table, asked):
            if token.scopes == () and asked.path != "/user":
                return Reply(403, {"message": "Resource not accessible by personal access token"})
            moved = self.moved_paths.get(f"{words.get('o')}/{words.get('n')}")
            if moved:
                there = asked.path.replace(f"/repos/{words['o']}/{words['n']}", moved)
                return Reply(
                    301 if asked.method == "GET" else 307,
                    {"message": "Moved Permanently"},
                    {"Location": f"{self.url}{self.root}{there}"},
                )
            try:
                return does(asked, **self._found(words))
            except LookupError:
                break
        return Reply(404, {"message": "Not Found", "documentation_url": "https://docs"})

    def _found(self, words: dict[str, str]) -> dict[str, Any]:
        """The same words with the project in place of its name."""
        name = words.get("r") or f"{words.get('o')}/{words.get('n')}"
        rest: dict[str, Any] = {k: v for k, v in words.items() if k not in {"o", "n", "r"}}
        if "r" in words or "o" in words:
            found = self.find(name)
            if found is None:
                raise LookupError
            rest["p"] = found
        return rest

    def limited(self, how: str) -> tuple[int, bytes, dict[str, str]]:
        """403 with words, and headers or none."""
        headers = {"Content-Type": "application/json"}
        body = b'{"message":"You have exceeded a secondary rate limit."}'
        if how == "reset":
            headers["X-RateLimit-Remaining"] = "0"
            headers["X-RateLimit-Reset"] = str(int(time.time()) + 3600)
            body = b'{"message":"API rate limit exceeded for user ID 1."}'
        elif how != "bare":
            headers["Retry-After"] = how
        return 403, body, headers

    # Projects ---------------------------------------------------------------------------------

    def show_project(self, asked: Asked, p: FakeProject) -> Reply:
        """One."""
        return Reply(200, self.shaped(p))

    def shaped(self, one: FakeProject) -> dict[str, Any]:
        """A repository as it is told."""
        return {
            "id": one.id,
            "name": one.path.rsplit("/", 1)[-1],
            "full_name": one.path,
            "html_url": f"{self.url}/{one.path}",
            "clone_url": f"{self.url}/{one.path}.git",
            "ssh_url": f"git@127.0.0.1:{one.path}.git",
            "default_branch": "main",
            "archived": one.archived,
            "has_issues": one.has_issues,
            "private": True,
        }

    def list_labels(self, asked: Asked, p: FakeProject) -> Reply:
        """Colours without their sign."""
        rows = [{"id": 1, "name": k, "color": c.lstrip("#")} for k, c in p.labels.items()]
        return self.page(asked, rows)

    def list_assignees(self, asked: Asked, p: FakeProject) -> Reply:
        """Who may be assigned."""
        return self.page(asked, [_person(self.users[name]) for name in p.members])

    def list_milestones(self, asked: Asked, p: FakeProject) -> Reply:
        """Open ones."""
        rows = [
            {"id": 700 + n, "number": n + 1, "title": t, "due_on": "2026-06-30T07:00:00Z"}
            for n, t in enumerate(p.milestones)
        ]
        return self.page(asked, rows)

    # Issues -----------------------------------------------------------------------------------

    def one(self, p: FakeProject, i: str) -> FakeIssue:
        """The issue of a number."""
        issue = p.issues.get(int(i))
        if issue is None or issue.hidden:
            raise LookupError
        return issue

    def list_issues(self, asked: Asked, p: FakeProject) -> Reply:
        """Sorted and filtered as asked."""
        if not p.has_issues:
            return Reply(410, {"message": "Issues are disabled for this repo"})
        found = [i for i in p.issues.values() if not i.hidden]
        if asked.query.get("state", "open") == "open":
            found = [i for i in found if i.open]
        since = asked.query.get("since")
        if since:
            limit = datetime.fromisoformat(since).replace(microsecond=0)
            found = [i for i in found if i.updated.replace(microsecond=0) >= limit]
        by = asked.query.get("sort", "created")
        backwards = asked.query.get("direction", "desc") == "desc"
        found.sort(key=lambda i: (getattr(i, by), i.id), reverse=backwards)
        return self.page(asked, [self.issue_shaped(p, i) for i in found])

    def show(self, asked: Asked, p: FakeProject, i: str) -> Reply:
        """One issue."""
        return Reply(200, self.issue_shaped(p, self.one(p, i)))

    def create(self, asked: Asked, p: FakeProject) -> Reply:
        """A new one."""
        if not asked.body.get("title", "").strip():
            fault = {"resource": "Issue", "field": "title", "code": "missing_field"}
            return Reply(422, {"message": "Validation Failed", "errors": [fault]})
        issue = self.add_issue(
            p, asked.body["title"], body=asked.body.get("body"), author=self.me.login
        )
        self.set_fields(p, issue, asked.body)
        return Reply(201, self.issue_shaped(p, issue))

    def change(self, asked: Asked, p: FakeProject, i: str) -> Reply:
        """PATCH."""
        issue, body = self.one(p, i), asked.body
        if body.get("state") in {"open", "closed"}:
            self.edit(issue, open=body["state"] == "open")
        self.set_fields(p, issue, body)
        self.edit(issue)
        return Reply(200, self.issue_shaped(p, issue))

    def set_fields(self, p: FakeProject, issue: FakeIssue, body: dict[str, Any]) -> None:
        """Labels, assignees and milestone; without the right they are left out silently."""
        if p.rights == "read":
            return
        issue.title = body.get("title", issue.title)
        issue.body = body.get("body", issue.body)
        if "labels" in body:
            issue.labels = list(body["labels"])
            for name in issue.labels:
                p.labels.setdefault(name, "#ededed")
        if "assignees" in body:
            issue.assignees = [name for name in body["assignees"] if name in p.members]
        if "milestone" in body:
            number = body["milestone"]
            issue.milestone = "" if number is None else p.milestones[number - 1]

    def list_comments(self, asked: Asked, p: FakeProject, i: str) -> Reply:
        """The oldest first."""
        rows = [self.comment_shaped(c) for c in self.one(p, i).comments if not c.system]
        return self.page(asked, rows)

    def add_comment(self, asked: Asked, p: FakeProject, i: str) -> Reply:
        """Write one."""
        made = self.comment(self.one(p, i), asked.body["body"], self.me.login)
        return Reply(201, self.comment_shaped(made))

    def issue_shaped(self, project: FakeProject, one: FakeIssue) -> dict[str, Any]:
        """An issue as it is told."""
        author = self.users.get(one.author or "")
        told = {
            "id": one.id,
            "number": one.number,
            "title": one.title,
            "body": one.body,
            "state": "open" if one.open else "closed",
            "state_reason": None,
            "created_at": _time(one.created),
            "updated_at": _time(one.updated),
            "closed_at": _time(one.closed),
            "labels": [{"name": n, "color": project.labels.get(n, "")[1:]} for n in one.labels],
            "milestone": {"number": 1, "title": one.milestone} if one.milestone else None,
            "assignees": [_person(self.users[name]) for name in one.assignees],
            "user": _person(author) if author else None,
            "comments": sum(not c.system for c in one.comments),
            "html_url": f"{self.url}/{project.path}/issues/{one.number}",
        }
        return told | ({"pull_request": {"url": "https://x"}} if one.pull else {})

    def comment_shaped(self, one: FakeComment) -> dict[str, Any]:
        """A comment as it is told."""
        return {
            "id": one.id,
            "body": one.body,
            "user": _person(self.users[one.author]),
            "created_at": _time(one.created),
            "html_url": f"{self.url}/comment-{one.id}",
        }

    # Keys -------------------------------------------------------------------------------------

    def everywhere(self, public: str) -> FakeKey | None:
        """A key is unique on GitHub."""
        wanted = public.split()[1]
        deploy = [k for p in self.projects.values() for k in p.deploy_keys.values()]
        return next((k for k in [*self.user_keys.values(), *deploy] if wanted in k.public), None)

    def add_user_key(self, asked: Asked) -> Reply:
        """To this account."""
        if self.everywhere(asked.body["key"]):
            return _taken()
        public = " ".join(asked.body["key"].split()[:2])
        made = FakeKey(self.number(), asked.body["title"], public, self.me.login, True)
        self.user_keys[made.id] = made
        return Reply(201, _key(made))

    def delete_user_key(self, asked: Asked, k: str) -> Reply:
        """From this account."""
        if self.user_keys.pop(int(k), None) is None:
            raise LookupError
        return Reply(204)

    def list_deploy_keys(self, asked: Asked, p: FakeProject) -> Reply:
        """A repository's."""
        return self.page(asked, [_key(one) for one in p.deploy_keys.values()])

    def add_deploy_key(self, asked: Asked, p: FakeProject) -> Reply:
        """To a repository."""
        if p.rights != "admin":
            raise LookupError
        if self.everywhere(asked.body["key"]):
            return _taken()
        public = " ".join(asked.body["key"].split()[:2])
        writes = not asked.body.get("read_only", False)
        made = FakeKey(self.number(), asked.body["title"], public, "", writes)
        p.deploy_keys[made.id] = made
        return Reply(201, _key(made))

    def delete_deploy_key(self, asked: Asked, p: FakeProject, k: str) -> Reply:
        """From a repository."""
        if p.deploy_keys.pop(int(k), None) is None:
            raise LookupError
        return Reply(204)


def _taken() -> Reply:
    fault = {"resource": "PublicKey", "code": "custom", "field": "key"}
    return Reply(
        422,
        {
            "message": "Validation Failed",
            "errors": [{**fault, "message": "key is already in use"}],
        },
    )


def _person(user: FakeUser) -> dict[str, Any]:
    return {"id": user.id, "login": user.login, "name": user.name or None}


def _key(key: FakeKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "title": key.title,
        "key": key.public,
        "created_at": "2026-03-01T08:00:00Z",
        "verified": True,
        "read_only": not key.writes,
    }


def _time(when: datetime | None) -> str | None:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}" if when else None
