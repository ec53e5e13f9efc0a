"""`aiops-desktop update …`: what there is, and the way to it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.domain.updates import Kind, Stage, Standing, Step, StepState
from aiops_desktop.services.instance import WindowLock
from aiops_desktop.services.updates import Choice

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_NAMES = {
    Stage.FETCH: "Fetch",
    Stage.BACKUP: "Back up",
    Stage.STASH: "Set aside",
    Stage.SWITCH: "Move",
    Stage.DEPENDENCIES: "Packages",
    Stage.CHECK: "Try out",
    Stage.MIGRATE: "Database",
    Stage.RESTART: "Restart",
}


def add(nouns: Nouns) -> None:
    """Add it to the command line."""
    verbs = noun(nouns, "update", "updates of the program: look, update, roll back")
    _choice(verb(verbs, "status", _status, "what runs, and what was last seen"))
    _choice(verb(verbs, "check", _check, "look for something newer"))
    run = _choice(yes(verb(verbs, "run", _run, "update; all of it, or nothing when a step fails")))
    run.add_argument(
        "--restart", action="store_true", help="start UPDATE_RESTART_COMMAND when it is done"
    )
    verb(verbs, "recover", _recover, "put everything back after an update that was cut off")


def _choice(made: ArgumentParser) -> ArgumentParser:
    made.add_argument("--remote", default="", help="instead of AIOPS_UPDATE_REMOTE")
    made.add_argument("--branch", default="", help="instead of AIOPS_UPDATE_BRANCH")
    made.add_argument(
        "--releases",
        action="store_const",
        const=True,
        help="the newest tagged release instead of the branch",
    )
    return made


def _chosen(options: Namespace) -> Choice:
    return Choice(options.remote, options.branch, options.releases)


def _status(shell: Shell, options: Namespace) -> None:
    _show(shell, shell.house.updates.standing(_chosen(options)))


def _check(shell: Shell, options: Namespace) -> None:
    updates, choice = shell.house.updates, _chosen(options)
    _show(shell, shell.work("Look for an update", lambda job: updates.look(job, choice)))


def _show(shell: Shell, found: Standing) -> None:
    lines = [f"Running    {found.running.number} {found.running.commit[:8]}".rstrip()]
    if found.available:
        told = f"{found.available.number} {found.available.commit[:8]}".rstrip()
        lines.append(f"Available  {told}")
    else:
        lines.append("Available  nothing newer is known")
    if found.kind is Kind.CHECKOUT:
        what = "releases of " if found.releases else ""
        lines.append(f"Follows    {what}{found.remote}/{found.branch} {found.address}".rstrip())
        lines += [f"           {subject}" for subject in found.commits[:20]]
        if found.changed:
            lines.append(f"Changed    {', '.join(found.changed[:10])}")
    elif found.release:
        lines += ["To install it:", *(f"  {step}" for step in found.install)]
        lines += [f"  from {url}" for _name, url in found.release.files[:10]]
        lines += [found.release.page] if found.release.page else []
    for sentence in (
        found.blocked,
        "Another version lies here already; restart to use it." if found.moved else "",
        "An update was cut off; run “aiops-desktop update recover”." if found.unfinished else "",
    ):
        if sentence:
            shell.note(sentence)
    shell.show(found, "\n".join(lines))


def _run(shell: Shell, options: Namespace) -> None:
    updates, choice = shell.house.updates, _chosen(options)

    def tell(step: Step) -> None:
        if step.state in (StepState.DONE, StepState.FAILED, StepState.SKIPPED):
            sign = {StepState.DONE: "ok", StepState.FAILED: "NO"}.get(step.state, "--")
            took = f"{step.seconds:.1f} s" if step.seconds is not None else ""
            shell.note(f"{sign}  {_NAMES[step.stage]:10} {step.said}  {took}".rstrip())

    done = shell.work(
        "Update",
        lambda job: updates.update(job, tell=tell, choice=choice, restart=options.restart),
    )
    shell.show(done, done.summary)
    window = WindowLock(shell.layout).state()
    if window.pid and done.before != done.after and not done.restarting:
        shell.note(f"{window.sentence} It is the older version still; “restart” opens the new one.")


def _recover(shell: Shell, _options: Namespace) -> None:
    updates = shell.house.updates
    done = shell.work("Roll back the update", lambda job: updates.roll_back(job))
    shell.show(done, done.summary)
