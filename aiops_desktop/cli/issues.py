"""`aiops-desktop issue …`, `sync-issues` and `create-issue`."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.cli.plain import harmless
from aiops_desktop.cli.runs import number
from aiops_desktop.domain.issues import (
    Assigned,
    Issue,
    IssueDetail,
    IssueDraft,
    IssueEdit,
    IssueFilter,
    IssueSaved,
    IssueSort,
    IssueState,
    Synced,
    SyncState,
)
from aiops_desktop.domain.trouble import Failed, Missing, Refused, Trouble

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_STATES = ("open", "in-progress", "closed", "all", "gone")
_PEOPLE = {"me": Assigned.ME, "nobody": Assigned.NOBODY}


def add(nouns: Nouns) -> None:
    """Add the noun, and the two verbs that scripts of old know, to the command line."""
    sync = verb(nouns, "sync-issues", _sync, "bring the issues of linked projects up to date")
    sync.add_argument("--tenant", "--tenant-id", default="", help="only this tenant's")
    sync.add_argument("--integration", "--integration-id", default="", help="only through this one")
    sync.add_argument("--sweep", action="store_true", help="look for deleted and moved ones now")
    _new(verb(nouns, "create-issue", _create, "make an issue on a project's forge", "project"))
    verbs = noun(nouns, "issue", "issues of GitLab and GitHub")
    _filters(verb(verbs, "list", _list, "issues, the last changed first"))
    shown = verb(verbs, "show", _show, "one issue with its comments", "project", "issue")
    shown.add_argument("--offline", action="store_true", help="as last synced; ask nobody")
    _new(verb(verbs, "create", _create, "make an issue on the project's forge", "project"))
    said = verb(verbs, "comment", _comment, "write under an issue", "project", "issue")
    said.add_argument("text", help="the comment; “-” reads it from standard input")
    named = verb(verbs, "label", _label, "replace its labels", "project", "issue")
    named.add_argument("label", nargs="*", help="names; none takes all away")
    given = verb(verbs, "assign", _assign, "replace who it is assigned to", "project", "issue")
    given.add_argument("login", nargs="*", help="logins on the forge; none takes it from everybody")
    changed = verb(verbs, "edit", _edit, "its title, text or milestone", "project", "issue")
    changed.add_argument("--title", "--summary", default=None)
    changed.add_argument("--body", "--description", default=None, help="Markdown; “-” reads it")
    changed.add_argument(
        "--milestone", default=None, metavar="TITLE", help="an open one; “none” takes it away"
    )
    verb(verbs, "close", _close, "close it", "project", "issue")
    verb(verbs, "reopen", _reopen, "open it again", "project", "issue")
    verb(verbs, "brief", _brief, "write the context file for an assist run", "project", "issue")


def _new(made: ArgumentParser) -> None:
    made.add_argument("--title", "--summary", required=True, help="what it is about")
    made.add_argument("--body", "--description", default="", help="Markdown; “-” reads it")
    made.add_argument("--label", action="append", default=[], help="may be given several times")
    made.add_argument("--assign", action="append", default=[], metavar="LOGIN", help="the same")
    made.add_argument("--milestone", default="", metavar="TITLE", help="an open one")
    made.add_argument("--confidential", action="store_true", help="members only, where possible")
    made.add_argument("--integration", default="", help="which, when the project has several")


def _filters(made: ArgumentParser) -> None:
    made.add_argument("--project", default="", help="tenant/project")
    made.add_argument("--tenant", default="", help="name or slug of a tenant")
    made.add_argument("--state", choices=_STATES, default="open")
    made.add_argument("--label", default="", help="only with this label")
    made.add_argument("--assignee", default="", help="a login, “me” or “nobody”")
    made.add_argument("--search", default="", metavar="TEXT", help="words of its texts, or #12")
    made.add_argument("--sort", choices=[one.value for one in IssueSort], default="updated")
    made.add_argument("--reverse", action="store_true", help="the other way round")
    made.add_argument("--filter", default="", metavar="NAME", help="one that was kept by name")
    made.add_argument("--keep-as", default="", metavar="NAME", help="keep this filter by a name")
    made.add_argument("--limit", type=int, default=100, help="at most so many (100)")


# Looking ----------------------------------------------------------------------------------------


def _list(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant).id if options.tenant else None
    project = shell.project(options.project) if options.project else None
    wanted = IssueFilter(
        project_id=project.id if project else None,
        tenant_id=tenant,
        state=_state(options.state),
        only_open=options.state == "open",
        label=options.label,
        assignee=_PEOPLE.get(options.assignee, options.assignee),
        text=options.search,
        gone=options.state == "gone",
        sort=IssueSort(options.sort),
        backwards=options.reverse,
        limit=max(1, options.limit),
    )
    filters = shell.house.issues.filters
    if options.filter:
        kept = filters.find(options.filter).wanted
        place = {name: getattr(wanted, name) for name in ("project_id", "tenant_id", "limit")}
        wanted = replace(kept, **place)
    if options.keep_as:
        filters.keep(options.keep_as, wanted)
    board = shell.house.issues.board(wanted)
    for state in board.syncs:
        if state.what:
            shell.note(f"{state.title}: {state.what} {state.hint}".rstrip())
    projects = {one.id: one for one in shell.house.projects.all()}
    slugs = {one.id: one.slug for one in shell.house.tenants.all()}

    def row(issue: Issue) -> tuple[object, ...]:
        where = f"{slugs.get(issue.tenant_id, '?')}/{projects[issue.project_id].slug}"
        people, labels = ", ".join(issue.assignees), ", ".join(issue.labels)
        return where, f"#{issue.number}", issue.state, issue.updated, people, labels, issue.title

    none = "No issue fits." if board.syncs else "No project is linked to a forge."
    heads = ("PROJECT", "ISSUE", "STATE", "UPDATED", "ASSIGNEE", "LABELS", "TITLE")
    shell.rows(board.issues, heads, row, none=none)
    if board.found > len(board.issues):
        shell.note(f"{len(board.issues)} of {board.found} shown; --limit shows more.")


def _show(shell: Shell, options: Namespace) -> None:
    issue = _issue(shell, options)
    if options.offline:
        found = shell.house.issues.detail(issue.id)
    else:
        found = shell.work("Read", lambda job: shell.house.issues.read(issue.id, job))
    if found.stale:
        shell.note(f"As last synced: {found.stale}")
    shell.show(found, _told(found))


def _told(found: IssueDetail) -> str:
    issue = found.issue
    facts = [
        ("State", issue.original or issue.state.value),
        ("Assignee", ", ".join(issue.assignees)),
        ("Labels", ", ".join(issue.labels)),
        ("Milestone", issue.milestone),
        ("Due", issue.due),
        ("Opened", f"by {issue.author or 'somebody'}, {issue.created or '?'}"),
        ("Address", issue.url),
    ]
    parts = [
        f"#{issue.number} {issue.title}",
        "\n".join(f"{name}: {value}" for name, value in facts if value),
    ]
    if issue.body:
        parts.append(issue.body)
    parts += [
        f"{one.author or 'Somebody'}, {one.created or '?'}:\n{one.body}" for one in found.talk
    ]
    return harmless("\n\n".join(parts))


# Syncing ----------------------------------------------------------------------------------------


def _sync(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant).id if options.tenant else None
    states = _through(shell.house.issues.syncs(tenant_id=tenant), options.integration)
    if not states:
        raise Missing("No project is linked to a forge here.", "Link one with “integration link”.")
    waiting = iter(states)

    def each(end: Synced | Trouble) -> None:
        state = next(waiting)
        if isinstance(end, Trouble):
            end.clean(shell.scrub)
        shell.note(f"{state.title}: {end if isinstance(end, Trouble) else end.summary}")

    ends = shell.work(
        "Sync issues",
        lambda job: shell.house.issues.sync_all(states, job, each, sweep=options.sweep),
    )
    shell.show([_line(state, end) for state, end in zip(states, ends, strict=True)])
    failed = [end for end in ends if isinstance(end, Trouble)]
    if len(ends) == 1 and failed:
        raise failed[0]
    if failed:
        raise Failed(f"{len(failed)} of {len(ends)} syncs failed.", "Their lines say why.")


def _line(state: SyncState, end: Synced | Trouble) -> dict[str, object]:
    line: dict[str, object] = {"link": state.link_id, "title": state.title}
    if isinstance(end, Trouble):
        return line | {"ok": False, "trouble": end.what, "hint": end.hint}
    told = {"seen": end.seen, "changed": end.fresh, "gone": end.gone, "swept": end.swept}
    return line | {"ok": True, **told}


def _through(states: list[SyncState], integration: str) -> list[SyncState]:
    """Those of the integration with this number or name."""
    if not integration:
        return states
    names = ((state, (str(state.integration_id), state.integration)) for state in states)
    found = [state for state, known in names if integration in known]
    if not found:
        raise Missing(
            f"No project is linked through an integration “{integration[:60]}” here.",
            "Look at the list of integrations.",
        )
    return found


# Changing ---------------------------------------------------------------------------------------


def _create(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    link = None
    if options.integration:
        states = shell.house.issues.syncs(project_id=project.id)
        link = _through(states, options.integration)[0].link_id
    draft = IssueDraft(
        project.id,
        options.title,
        _text(options.body),
        tuple(options.label),
        tuple(options.assign),
        link,
        options.confidential,
        options.milestone,
    )
    _saved(shell, shell.work("Create", lambda job: shell.house.issues.create(draft, job)))


def _comment(shell: Shell, options: Namespace) -> None:
    issue, text = _issue(shell, options), _text(options.text)
    _saved(shell, shell.work("Comment", lambda j: shell.house.issues.comment(issue.id, text, j)))


def _edit(shell: Shell, options: Namespace) -> None:
    body = None if options.body is None else _text(options.body)
    stone = "" if options.milestone == "none" else options.milestone
    edit = IssueEdit(options.title, body, milestone=stone)
    if edit == IssueEdit():
        raise Refused("Nothing is to be changed.", "Give --title, --body or --milestone.")
    issue = _issue(shell, options)
    _saved(shell, shell.work("Edit", lambda job: shell.house.issues.edit(issue.id, edit, job)))


def _label(shell: Shell, options: Namespace) -> None:
    issue, names = _issue(shell, options), tuple(options.label)
    _saved(shell, shell.work("Label", lambda j: shell.house.issues.set_labels(issue.id, names, j)))


def _assign(shell: Shell, options: Namespace) -> None:
    issue, names = _issue(shell, options), tuple(options.login)
    _saved(shell, shell.work("Assign", lambda job: shell.house.issues.assign(issue.id, names, job)))


def _close(shell: Shell, options: Namespace) -> None:
    issue = _issue(shell, options)
    _saved(shell, shell.work("Close", lambda job: shell.house.issues.close(issue.id, job)))


def _reopen(shell: Shell, options: Namespace) -> None:
    issue = _issue(shell, options)
    _saved(shell, shell.work("Reopen", lambda job: shell.house.issues.reopen(issue.id, job)))


def _brief(shell: Shell, options: Namespace) -> None:
    made = shell.house.issues.brief(_issue(shell, options).id)
    shell.show(made, f"{made.prompt}\n\n{made.context}")


def _saved(shell: Shell, saved: IssueSaved) -> None:
    issue = saved.issue
    if saved.missing:
        shell.note(saved.missing)
    shell.show(issue, f"#{issue.number} {issue.state} {issue.title}\n{issue.url}".rstrip())


def _issue(shell: Shell, options: Namespace) -> Issue:
    project = shell.project(options.project)
    wanted = number(options.issue.removeprefix("#"), "issue")
    return shell.house.issues.find(project.id, wanted)


def _state(word: str) -> IssueState | None:
    return {"in-progress": IssueState.ACTIVE, "closed": IssueState.CLOSED}.get(word)


def _text(given: str) -> str:
    return sys.stdin.read() if given == "-" and sys.stdin else given
