"""A small stateful GitLab on loopback, with the manners the facts of the project name."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
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

#: Scopes that may read and write, by the first part of a path.
READING = {"api", "read_api"}
ALL = ("api", "read_repository", "write_repository")


class FakeGitLab(FakeForge):
    """GitLab 17.8.

    Attributes:
        keyset: lists lead on by a cursor instead of a page number.
        totals: x-total and x-total-pages are told, as up to 10,000 records.
        longest: days a token may live at most.
        strip_links: a proxy takes Link headers away.
        tells_token: /personal_access_tokens/self is there (15.5 and later).
    """

    root = "/api/v4"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.tokens[TOKEN] = FakeToken("ann", ALL, None)
        self.version = "17.8.1"
        self.longest = 365
        self.keyset = False
        self.totals = True
        self.tells_token = True
        self.strip_links = False
        self._table = routes(
            {
                "GET /user": lambda asked: Reply(200, _person(self.me)),
                "GET /version": lambda asked: Reply(
                    200, {"version": self.version, "revision": "x"}
                ),
                "GET /personal_access_tokens/self": self.token,
                "POST /personal_access_tokens/self/rotate": self.rotate,
                "GET /users": self.find_user,
                "GET /projects": self.list_projects,
                "GET /projects/{p}": lambda asked, p: Reply(200, self.shaped(self.at(p))),
                "GET /projects/{p}/issues": self.list_issues,
                "POST /projects/{p}/issues": self.create,
                "GET /projects/{p}/issues/{i}": self.show,
                "PUT /projects/{p}/issues/{i}": self.change,
                "GET /projects/{p}/issues/{i}/notes": self.notes,
                "POST /projects/{p}/issues/{i}/notes": self.note,
                "GET /projects/{p}/labels": self.list_labels,
                "GET /projects/{p}/members/all": self.list_members,
                "GET /projects/{p}/milestones": self.list_milestones,
                "GET /user/keys": lambda asked: self.page(asked, self.keys_of(self.me.login)),
                "POST /user/keys": self.add_user_key,
                "DELETE /user/keys/{k}": self.delete_user_key,
                "GET /projects/{p}/deploy_keys": self.list_deploy_keys,
                "POST /projects/{p}/deploy_keys": self.add_deploy_key,
                "DELETE /projects/{p}/deploy_keys/{k}": self.delete_deploy_key,
                "POST /projects/{p}/deploy_keys/{k}/enable": self.enable,
                "GET /users/{u}/project_deploy_keys": self.project_deploy_keys,
            }
        )

    @property
    def me(self) -> FakeUser:
        """Whose token the request at hand shows."""
        return self.users[self._token.user]

    def answer(self, asked: Asked) -> Reply:
        """Look at the token, its scope, and then at what is asked."""
        token = self.whose(asked.authorization)
        if token is None:
            known = self.tokens.get(asked.authorization.partition(" ")[2])
            if known is None:
                return Reply(401, {"message": "401 Unauthorized"})
            words = "Token was revoked. You have to re-authorize from the user."
            if not known.revoked:
                words = "Token is expired. You can either do re-authorization or token refresh."
            return Reply(401, {"error": "invalid_token", "error_description": words})
        self._token = token
        enough = READING if asked.method == "GET" else {"api"}
        if asked.path in {"/user", "/version"}:
            enough = {*READING, "read_user"}
        if asked.path.startswith("/personal_access_tokens"):
            enough = set(token.scopes or ()) if asked.method == "GET" else {"api", "self_rotate"}
        if not enough & set(token.scopes or ()):
            return Reply(
                403,
                {
                    "error": "insufficient_scope",
                    "error_description": "The request requires higher privileges than provided by"
                    " the access token.",
                    "scope": " ".join(sorted(enough)),
                },
            )
        for does, words_in_path in matched(self._table, asked):
            try:
                return does(asked, **words_in_path)
            except LookupError as error:
                return Reply(404, {"message": f"404 {error.args[0]} Not Found"})
        return Reply(404, {"error": "404 Not Found"})

    def limited(self, how: str) -> tuple[int, bytes, dict[str, str]]:
        """Plain text with headers from the middleware, JSON without from the application."""
        if how == "bare":
            body = b'{"message":{"error":"This endpoint has been requested too many times."}}'
            return 429, body, {"Content-Type": "application/json"}
        headers = {"Content-Type": "text/plain"}
        if how == "reset":
            headers["RateLimit-Reset"] = str(int(time.time()) + 3600)
        else:
            headers["Retry-After"] = how
        return 429, b"Retry later\n", headers

    def page(self, asked: Asked, rows: list[Any]) -> Reply:
        """By number, or by a cursor where the list is told to be long."""
        if self.keyset and "cursor" in asked.query:
            asked = _with(asked, page=asked.query["cursor"].removeprefix("after-"))
        reply = super().page(asked, rows)
        following = "Link" in reply.headers
        at = int(asked.query.get("page", 1))
        if self.keyset:
            if following:
                bare = {name: v for name, v in asked.query.items() if name != "page"}
                reply.headers["Link"] = self.link(
                    Asked(**{**_fields(asked), "query": bare}), cursor=f"after-{at + 1}"
                )
            return reply
        reply.headers["X-Next-Page"] = str(at + 1) if following else ""
        if self.totals:
            reply.headers["X-Total"] = str(len(rows))
        if self.strip_links:
            reply.headers.pop("Link", None)
        return reply

    def leave(self, project: FakeProject, issue: FakeIssue, made: FakeIssue) -> None:
        """A moved issue stays as a closed one that says where it went."""
        issue.moved_to, issue.open = made.id, False
        issue.updated = issue.closed = self.tick()

    # Accounts and projects --------------------------------------------------------------------

    def token(self, asked: Asked) -> Reply:
        """What the token tells of itself."""
        if not self.tells_token:
            return Reply(404, {"error": "404 Not Found"})
        end = self._token.expires
        return Reply(
            200,
            {
                "id": 5,
                "name": "aiops",
                "revoked": False,
                "active": True,
                "scopes": list(self._token.scopes or ()),
                "user_id": self.me.id,
                "expires_at": f"{end:%Y-%m-%d}" if end else None,
            },
        )

    def rotate(self, asked: Asked) -> Reply:
        """A new token for the old one, which is dead from then on (16.10 and later)."""
        if tuple(int(part) for part in self.version.split(".")[:2]) < (16, 10):
            return Reply(405, {"error": "405 Method Not Allowed"})
        end = datetime.fromisoformat(asked.body["expires_at"]).replace(tzinfo=UTC)
        if end > datetime.now(UTC) + timedelta(days=self.longest):
            return Reply(400, {"message": {"expires_at": ["must be before the maximum"]}})
        self._token.revoked = True
        name = f"glpat-new-token-of-a-test-{self.number()}"
        self.tokens[name] = FakeToken(self._token.user, self._token.scopes, end)
        told = {"id": 6, "token": name, "expires_at": f"{end:%Y-%m-%d}", "active": True}
        return Reply(200, told)

    def find_user(self, asked: Asked) -> Reply:
        """By user name."""
        wanted = asked.query.get("username", "").casefold()
        return Reply(200, [_person(u) for u in self.users.values() if u.login == wanted])

    def list_projects(self, asked: Asked) -> Reply:
        """Those of this account."""
        words = asked.query.get("search", "").casefold()
        found = [p for p in self.projects.values() if words in p.path.casefold()]
        return self.page(asked, [self.shaped(one) for one in found])

    def at(self, told: str) -> FakeProject:
        """By id or path."""
        found = self.find(told)
        if found is None:
            raise LookupError("Project")
        return found

    def shaped(self, one: FakeProject) -> dict[str, Any]:
        """A project as it is told."""
        return {
            "id": one.id,
            "name": one.path.rsplit("/", 1)[-1],
            "path_with_namespace": one.path,
            "web_url": f"{self.url}/{one.path}",
            "http_url_to_repo": f"{self.url}/{one.path}.git",
            "ssh_url_to_repo": f"git@127.0.0.1:{one.path}.git",
            "default_branch": "main",
            "archived": one.archived,
            "issues_enabled": one.has_issues,
        }

    def list_labels(self, asked: Asked, p: str) -> Reply:
        """With colours."""
        rows = [
            {"id": n, "name": k, "color": c} for n, (k, c) in enumerate(self.at(p).labels.items())
        ]
        return self.page(asked, rows)

    def list_members(self, asked: Asked, p: str) -> Reply:
        """With those of the groups, so that some come twice."""
        rows = [{**_person(self.users[name]), "access_level": 30} for name in self.at(p).members]
        return self.page(asked, rows + rows[:1])

    def list_milestones(self, asked: Asked, p: str) -> Reply:
        """Open ones."""
        rows = [
            {
                "id": 70 + n,
                "iid": n + 1,
                "title": title,
                "due_date": "2026-06-30",
                "state": "active",
            }
            for n, title in enumerate(self.at(p).milestones)
        ]
        return self.page(asked, rows)

    # Issues -----------------------------------------------------------------------------------

    def one(self, p: str, i: str) -> FakeIssue:
        """The issue at a path."""
        issue = self.at(p).issues.get(int(i))
        if issue is None or issue.hidden:
            raise LookupError("Issue")
        return issue

    def list_issues(self, asked: Asked, p: str) -> Reply:
        """Sorted and filtered as asked."""
        project = self.at(p)
        if not project.has_issues:
            return Reply(403, {"message": "403 Forbidden"})
        found = [i for i in project.issues.values() if not i.hidden]
        after = asked.query.get("updated_after")
        if after:
            limit = datetime.fromisoformat(after)
            found = [i for i in found if i.updated >= limit]
        names = {"updated_at": "updated", "created_at": "created"}
        by = names[asked.query.get("order_by", "created_at")]
        found.sort(
            key=lambda i: (getattr(i, by), i.id), reverse=asked.query.get("sort", "desc") == "desc"
        )
        return self.page(asked, [self.issue_shaped(project, i) for i in found])

    def show(self, asked: Asked, p: str, i: str) -> Reply:
        """One issue."""
        return Reply(200, self.issue_shaped(self.at(p), self.one(p, i)))

    def create(self, asked: Asked, p: str) -> Reply:
        """A new one."""
        body, project = asked.body, self.at(p)
        if not body.get("title", "").strip():
            return Reply(400, {"message": {"title": ["can't be blank"]}})
        issue = self.add_issue(
            project,
            body["title"],
            body=body.get("description", ""),
            author=self.me.login,
            confidential=bool(body.get("confidential")),
        )
        self.set_fields(project, issue, body)
        return Reply(201, self.issue_shaped(project, issue))

    def change(self, asked: Asked, p: str, i: str) -> Reply:
        """PUT."""
        project, issue, body = self.at(p), self.one(p, i), asked.body
        if not body.get("title", issue.title).strip():
            return Reply(400, {"message": {"title": ["can't be blank"]}})
        if body.get("state_event") in {"close", "reopen"}:
            self.edit(issue, open=body["state_event"] == "reopen")
        self.set_fields(project, issue, body)
        self.edit(issue)
        return Reply(200, self.issue_shaped(project, issue))

    def set_fields(self, project: FakeProject, issue: FakeIssue, body: dict[str, Any]) -> None:
        """Labels, assignees and milestone, as GitLab takes them."""
        if project.rights == "read":
            return
        issue.title = body.get("title", issue.title)
        issue.body = body.get("description", issue.body)
        if "labels" in body:
            issue.labels = [name for name in body["labels"].split(",") if name]
            for name in issue.labels:
                project.labels.setdefault(name, "#808080")
        if "assignee_ids" in body:
            logins = {one.id: one.login for one in self.users.values()}
            issue.assignees = [logins[n] for n in body["assignee_ids"] if n in logins]
        if "milestone_id" in body:
            number = body["milestone_id"]
            issue.milestone = project.milestones[number - 70] if number else ""

    def notes(self, asked: Asked, p: str, i: str) -> Reply:
        """Comments and what GitLab notes down."""
        rows = [self.note_shaped(one) for one in self.one(p, i).comments]
        return self.page(asked, rows if asked.query.get("sort") == "asc" else rows[::-1])

    def note(self, asked: Asked, p: str, i: str) -> Reply:
        """Write one; a line that begins with "/close" closes."""
        body, issue = asked.body, self.one(p, i)
        if any(line.startswith("/close") for line in body["body"].splitlines()):
            self.edit(issue, open=False)
            return Reply(202, {"commands_changes": {}, "summary": ["Closed this issue."]})
        made = self.comment(issue, body["body"], self.me.login, internal=bool(body.get("internal")))
        return Reply(201, self.note_shaped(made))

    def issue_shaped(self, project: FakeProject, one: FakeIssue) -> dict[str, Any]:
        """An issue as it is told."""
        author = self.users.get(one.author or "")
        return {
            "id": one.id,
            "iid": one.number,
            "project_id": project.id,
            "title": one.title,
            "description": one.body,
            "state": "opened" if one.open else "closed",
            "created_at": _time(one.created),
            "updated_at": _time(one.updated),
            "closed_at": _time(one.closed),
            "labels": one.labels,
            "milestone": {"id": 70, "title": one.milestone} if one.milestone else None,
            "assignees": [_person(self.users[name]) for name in one.assignees],
            "assignee": _person(self.users[one.assignees[0]]) if one.assignees else None,
            "author": _person(author) if author else None,
            "user_notes_count": sum(not c.system for c in one.comments),
            "due_date": one.due or None,
            "confidential": one.confidential,
            "web_url": f"{self.url}/{project.path}/-/issues/{one.number}",
            "moved_to_id": one.moved_to,
            "issue_type": "issue",
        }

    def note_shaped(self, one: FakeComment) -> dict[str, Any]:
        """A comment as it is told."""
        return {
            "id": one.id,
            "body": one.body,
            "author": _person(self.users[one.author]),
            "created_at": _time(one.created),
            "updated_at": _time(one.created),
            "system": one.system,
            "internal": one.internal,
        }

    # Keys -------------------------------------------------------------------------------------

    def keys_of(self, login: str) -> list[dict[str, Any]]:
        """An account's."""
        return [_key(one) for one in self.user_keys.values() if one.owner == login]

    def everywhere(self, public: str) -> FakeKey | None:
        """A key is unique on a whole GitLab."""
        wanted = public.split()[1]
        deploy = [k for p in self.projects.values() for k in p.deploy_keys.values()]
        return next((k for k in [*self.user_keys.values(), *deploy] if wanted in k.public), None)

    def add_user_key(self, asked: Asked) -> Reply:
        """To this account."""
        if self.everywhere(asked.body["key"]):
            return _taken()
        made = FakeKey(self.number(), asked.body["title"], asked.body["key"], self.me.login, True)
        self.user_keys[made.id] = made
        return Reply(201, _key(made))

    def delete_user_key(self, asked: Asked, k: str) -> Reply:
        """From this account."""
        if self.user_keys.pop(int(k), None) is None:
            raise LookupError("Key")
        return Reply(204)

    def list_deploy_keys(self, asked: Asked, p: str) -> Reply:
        """A project's."""
        return self.page(asked, [_key(one) for one in self.at(p).deploy_keys.values()])

    def add_deploy_key(self, asked: Asked, p: str) -> Reply:
        """To a project; unknown to the whole server, or it must be enabled."""
        project, body = self.at(p), asked.body
        if project.rights != "admin":
            return Reply(403, {"message": "403 Forbidden"})
        if self.everywhere(body["key"]):
            return _taken()
        made = FakeKey(self.number(), body["title"], body["key"], "", bool(body.get("can_push")))
        project.deploy_keys[made.id] = made
        return Reply(201, _key(made))

    def delete_deploy_key(self, asked: Asked, p: str, k: str) -> Reply:
        """From a project."""
        if self.at(p).deploy_keys.pop(int(k), None) is None:
            raise LookupError("Deploy Key")
        return Reply(204)

    def enable(self, asked: Asked, p: str, k: str) -> Reply:
        """A key of another project here, too."""
        for project in self.projects.values():
            if int(k) in project.deploy_keys:
                self.at(p).deploy_keys[int(k)] = project.deploy_keys[int(k)]
                return Reply(201, _key(project.deploy_keys[int(k)]))
        raise LookupError("Deploy Key")

    def project_deploy_keys(self, asked: Asked, u: str) -> Reply:
        """Of all projects of an account."""
        found = {k.id: k for p in self.projects.values() for k in p.deploy_keys.values()}
        return self.page(asked, [_key(one) for one in found.values()])


def _taken() -> Reply:
    words = ["has already been taken"]
    return Reply(400, {"message": {"fingerprint_sha256": words, "fingerprint": words}})


def _person(user: FakeUser) -> dict[str, Any]:
    return {"id": user.id, "username": user.login, "name": user.name, "state": "active"}


def _key(key: FakeKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "title": key.title,
        "key": key.public,
        "created_at": "2026-03-01T08:00:00.000Z",
        "expires_at": None,
        "can_push": key.writes,
    }


def _time(when: datetime | None) -> str | None:
    if when is None:
        return None
    cut = when - timedelta(microseconds=when.microsecond % 1000)
    return cut.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fields(asked: Asked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in asked.__dataclass_fields__}


def _with(asked: Asked, **query: str) -> Asked:
    return Asked(**{**_fields(asked), "query": {**asked.query, **query}})
