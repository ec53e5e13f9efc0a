"""`aiops-desktop deploy …`."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.cli.plain import table
from aiops_desktop.cli.runs import number
from aiops_desktop.domain.deployments import (
    DeployDraft,
    Deployment,
    DeploymentState,
    DeploymentUpdate,
)
from aiops_desktop.domain.trouble import Failed, Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_TEXTS = ("playbook", "arguments", "branch", "message", "limit", "inventory", "tags", "skip_tags")
_SWITCHES = ("dry_run", "debug", "diff")
_HELP = {
    "playbook": "another playbook than the template's",
    "arguments": "further arguments, such as “--forks 10”",
    "branch": "another branch of the repository",
    "message": "a message for the server's list",
    "limit": "only these hosts",
    "inventory": "the inventory to use",
    "tags": "only tasks with these tags",
    "skip_tags": "not the tasks with these tags",
    "dry_run": "change nothing, say what would be changed",
    "debug": "say a great deal",
    "diff": "show how files are changed",
}
_STANDS = {
    DeploymentState.WAITING: "waits for its turn",
    DeploymentState.STARTING: "is starting",
    DeploymentState.RUNNING: "is running",
    DeploymentState.CONFIRMING: "waits for a confirmation",
    DeploymentState.STOPPING: "is being stopped",
    DeploymentState.SUCCESS: "has succeeded",
    DeploymentState.WARNING: "has ended with warnings",
    DeploymentState.ERROR: "has failed",
    DeploymentState.STOPPED: "was stopped",
    DeploymentState.LOST: "is lost",
}


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "deploy", "deployments, through Semaphore or local playbooks")
    verb(verbs, "templates", _templates, "what can be deployed", "project")
    start = verb(verbs, "start", _start, "launch a deployment", "project", "template")
    for name in _TEXTS:
        start.add_argument(
            f"--{name.replace('_', '-')}", default="", metavar="TEXT", help=_HELP[name]
        )
    for name in _SWITCHES:
        start.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=_HELP[name])
    start.add_argument(
        "-e",
        "--extra",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable or an answer; may be given several times",
    )
    start.add_argument("--no-follow", action="store_true", help="do not wait for its end")
    verb(verbs, "list", _list, "deployments, newest first").add_argument("--project", default="")
    verb(verbs, "show", _show, "one deployment", "deployment")
    verb(verbs, "follow", _follow, "print its log until its end", "deployment")
    verb(verbs, "log", _log, "its whole log", "deployment")
    verb(verbs, "stop", _stop, "ask for its end", "deployment")
    verb(verbs, "confirm", _confirm, "let it go on when it waits", "deployment")


def _templates(shell: Shell, options: Namespace) -> None:
    board = shell.house.deployments.board(shell.project(options.project).id)
    if board.trouble:
        raise Failed(board.trouble, board.hint)
    shell.note(board.why)
    shell.show(
        board,
        table(
            ("TEMPLATE", "NAME", "PLAYBOOK", "LAST"),
            [(t.id, t.name, t.playbook, t.last) for t in board.templates],
        ),
    )


def _start(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    draft = DeployDraft(
        project_id=project.id,
        template_id=options.template,
        environment=_pairs(options.extra),
        **{name: getattr(options, name) for name in (*_TEXTS, *_SWITCHES)},
    )
    deployment = shell.work(
        "Deploy", lambda job: shell.house.deployments.launch(draft, job)
    ).deployment
    if not options.no_follow:
        deployment = _followed(shell, deployment.id)
    _ended(shell, deployment)


def _list(shell: Shell, options: Namespace) -> None:
    wanted = shell.project(options.project).id if options.project else None
    shell.rows(
        shell.house.deployments.all(wanted),
        ("DEPLOYMENT", "STATE", "SOURCE", "CREATED", "TEMPLATE"),
        lambda d: (d.id, d.state, d.source, d.created, d.template),
    )


def _show(shell: Shell, options: Namespace) -> None:
    found = shell.house.deployments.get(_number(options))
    shell.show(found, _told(found))


def _follow(shell: Shell, options: Namespace) -> None:
    _ended(shell, _followed(shell, _number(options)))


def _log(shell: Shell, options: Namespace) -> None:
    lines = shell.house.deployments.log(_number(options))
    shell.show(lines, "\n".join(line.text for line in lines))


def _stop(shell: Shell, options: Namespace) -> None:
    found = _number(options)
    done = shell.work("Stop", lambda job: shell.house.deployments.stop(found, job)).deployment
    shell.show(done, _told(done))


def _confirm(shell: Shell, options: Namespace) -> None:
    found = _number(options)
    done = shell.work("Confirm", lambda job: shell.house.deployments.confirm(found, job))
    shell.show(done.deployment, _told(done.deployment))


def _followed(shell: Shell, deployment_id: int) -> Deployment:
    def each(update: DeploymentUpdate) -> None:
        for line in update.lines:
            shell.note(line.text)

    return shell.work(
        "Follow", lambda job: shell.house.deployments.follow(deployment_id, job, each)
    ).deployment


def _ended(shell: Shell, deployment: Deployment) -> None:
    bad = {DeploymentState.ERROR, DeploymentState.STOPPED, DeploymentState.LOST}
    if deployment.state in bad:
        shell.show(deployment)
        raise Failed(_standing(deployment), deployment.message)
    shell.show(deployment, _told(deployment))


def _pairs(given: list[str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise Refused(f"“{pair[:40]}” is not of the form name=value.", "Write -e name=value.")
        made[name.strip()] = value
    return made


def _number(options: Namespace) -> int:
    return number(options.deployment, "deployment")


def _standing(found: Deployment) -> str:
    return f"Deployment {found.id} of “{found.template}” {_STANDS[found.state]}."


def _told(found: Deployment) -> str:
    told = _standing(found)
    return f"{told}\n{found.message}" if found.message else told
