"""`aiops-desktop clone`, `pull`, `push` and `status`."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import trust, verb
from aiops_desktop.cli.plain import counted
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.trouble import Refused, Trouble

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the verbs to the command line."""
    trust(verb(nouns, "clone", _clone, "clone a project with its tenant's keys", "project"))
    pull = trust(verb(nouns, "pull", _pull, "bring the server's commits", "project"))
    pull.add_argument("--how", choices=["ff-only", "rebase", "merge"], default="ff-only")
    push = trust(verb(nouns, "push", _push, "push the current branch", "project"))
    push.add_argument(
        "--lease", default="", metavar="COMMIT", help="overwrite the branch if it is still there"
    )
    push.add_argument("--dry-run", action="store_true", help="only say what would be pushed")
    status = verb(nouns, "status", _status, "state of a checkout, or of all (alone: the window)")
    status.add_argument("project", nargs="?", default="")
    status.add_argument("--all", action="store_true", help="every cloned project")


def _clone(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    done = shell.work(
        f"Clone {project.name}", lambda job: shell.house.repositories.clone(project.id, job)
    )
    shell.show(done, f"Cloned to {done.path}, branch {done.branch}, in {done.seconds:.1f} s.")


def _pull(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    done = shell.work(
        f"Pull {project.name}",
        lambda job: shell.house.repositories.pull(project.id, job, how=options.how),
    )
    shell.show(
        done,
        "Already up to date."
        if done.kind == "up to date"
        else f"{counted(done.commits, 'new commit')} ({done.kind}), now at {done.new_id[:8]}.",
    )


def _push(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    plan = shell.house.repositories.push_plan(project.id)
    who = plan.identity
    shell.note(
        " · ".join(
            part
            for part in (
                f"key “{who.key}”" if who.key else who.credential,
                f"author {who.author}",
                who.host,
            )
            if part
        )
    )
    if options.dry_run:
        shell.show(
            plan, f"{counted(len(plan.commits), 'commit')} to {plan.target}:\n{plan.command}"
        )
        return
    done = shell.work(
        f"Push {project.name}",
        lambda job: shell.house.repositories.push(project.id, job, lease=options.lease),
    )
    shell.show(done, f"Pushed {counted(done.commits, 'commit')} to {done.remote} {done.branch}.")


def _status(shell: Shell, options: Namespace) -> None:
    if options.project:
        project = shell.project(options.project)
        status = shell.house.repositories.status(project.id)
        shell.show(status, _told(status))
        return
    if not options.all:
        raise Refused("No project was named.", "Write tenant/project, or --all.")
    tenants = {tenant.id: tenant.name for tenant in shell.house.tenants.all()}
    ready = [p for p in shell.house.projects.all() if p.state is CheckoutState.READY]
    found: dict[int, CheckoutStatus | Trouble] = {}
    shell.work(
        "Status",
        lambda job: shell.house.repositories.statuses(
            [project.id for project in ready], job, found.__setitem__
        ),
    )

    def row(project: Project) -> tuple[object, ...]:
        name = f"{tenants.get(project.tenant_id, '')}/{project.name}"
        status = found.get(project.id)
        if not isinstance(status, CheckoutStatus):
            return (name, "", "", "", "", status.what if status else "")
        return (name, status.branch, status.ahead, status.behind, status.changed, status.operation)

    if shell.options.json:
        shell.show(
            [
                {
                    "project": project,
                    "status": status if isinstance(status, CheckoutStatus) else None,
                    "trouble": status.what if isinstance(status, Trouble) else "",
                }
                for project in ready
                for status in (found.get(project.id),)
            ]
        )
    else:
        shell.rows(
            ready,
            ("PROJECT", "BRANCH", "AHEAD", "BEHIND", "CHANGED", "NOTE"),
            row,
            none="No project is cloned yet.",
        )


def _told(status: CheckoutStatus) -> str:
    lines = [f"branch {status.branch or '(none)'}"]
    if status.upstream:
        lines.append(f"{status.upstream}: {status.ahead} ahead, {status.behind} behind")
    if status.operation:
        lines.append(f"a {status.operation} is under way")
    for title, files in (
        ("conflict", status.conflicts),
        ("staged", status.staged),
        ("changed", status.unstaged),
    ):
        lines += [f"{title:9} {change.state.value} {change.path}" for change in files]
    if status.clean:
        lines.append("clean")
    return "\n".join(lines)
