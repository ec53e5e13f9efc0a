"""`aiops-desktop run …`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.cli.plain import harmless
from aiops_desktop.domain.runs import Run, RunDraft, RunState, RunUpdate

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


_STANDS = {
    RunState.STARTING: "is starting",
    RunState.WORKING: "is at work",
    RunState.WAITING: "waits for an answer",
    RunState.READY: "is ready for review",
    RunState.COMMITTED: "is committed",
    RunState.MERGED: "is merged",
    RunState.RETIRED: "is retired",
    RunState.EMPTY: "has changed nothing",
    RunState.FAILED: "has failed",
    RunState.STOPPED: "was stopped",
    RunState.INTERRUPTED: "was interrupted",
}


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "run", "assist runs: start, follow, review, commit, merge, retire")
    start = verb(verbs, "start", _start, "start an assist run", "project", "prompt")
    start.add_argument("--assistant", default="", help="codex, aider, …")
    start.add_argument("--model", default="")
    start.add_argument("--sandbox", default="")
    start.add_argument("--file", action="append", default=[], help="a file to name to it")
    start.add_argument("--follow", action="store_true", help="wait for its end")
    verb(verbs, "list", _list, "runs, newest first").add_argument("--project", default="")
    verb(verbs, "show", _show, "one run", "run")
    verb(verbs, "follow", _follow, "print what it does until its end", "run")
    verb(verbs, "stop", _stop, "stop it", "run")
    verb(verbs, "resume", _resume, "go on with it", "run", "prompt")
    verb(verbs, "review", _review, "its changes", "run")
    verb(verbs, "discard", _discard, "take a file's changes out", "run", "path")
    verb(verbs, "commit", _commit, "commit its changes", "run").add_argument(
        "-m", "--message", required=True
    )
    verb(verbs, "merge", _merge, "merge its branch into the project's", "run")
    retire = verb(verbs, "retire", _retire, "remove its worktree; a rescue ref stays", "run")
    retire.add_argument("--even-unsaved", action="store_true")


def _start(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    prompt = sys.stdin.read() if options.prompt == "-" else options.prompt
    draft = RunDraft(
        project.id,
        prompt,
        options.assistant or shell.house.settings.current().assistants.default_tool,
        options.model,
        options.sandbox,
        tuple(options.file),
    )
    run = shell.work("Start a run", lambda job: shell.house.runs.start(draft, job)).run
    if options.follow:
        run = _followed(shell, run.id)
    shell.show(run, _told(run))


def _list(shell: Shell, options: Namespace) -> None:
    wanted = shell.project(options.project).id if options.project else None
    shell.settle()
    shell.rows(
        shell.house.runs.all(wanted),
        ("RUN", "STATE", "ASSISTANT", "CREATED", "CHANGES", "TITLE"),
        lambda r: (r.id, r.state, r.assistant, r.created, f"+{r.added} -{r.removed}", r.title),
    )


def _show(shell: Shell, options: Namespace) -> None:
    run = shell.house.runs.get(_number(options))
    shell.show(run, _told(run))


def _follow(shell: Shell, options: Namespace) -> None:
    run = _followed(shell, _number(options))
    shell.show(run, _told(run))


def _stop(shell: Shell, options: Namespace) -> None:
    number = _number(options)
    run = shell.work("Stop the run", lambda job: shell.house.runs.stop(number, job)).run
    shell.show(run, _told(run))


def _resume(shell: Shell, options: Namespace) -> None:
    number = _number(options)
    run = shell.work(
        "Resume the run", lambda job: shell.house.runs.resume(number, options.prompt, job)
    ).run
    shell.show(run, _told(run))


def _review(shell: Shell, options: Namespace) -> None:
    review = shell.house.runs.review(_number(options))
    lines: list[str] = []
    for file in review.files:
        lines.append(f"{file.state.value} {harmless(file.path)}  +{file.added} -{file.removed}")
        for hunk in file.hunks:
            lines.append(
                f"@@ -{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@"
            )
            lines += [f"{line.kind}{harmless(line.text)}" for line in hunk.lines]
        if file.note:
            lines.append(file.note)
    shell.show(review, "\n".join(lines))


def _discard(shell: Shell, options: Namespace) -> None:
    path = str(Path(options.path))
    run = shell.house.runs.discard(_number(options), path).run
    shell.show(run, f"The changes of {harmless(path)} are taken out.\n{_told(run)}")


def _commit(shell: Shell, options: Namespace) -> None:
    number = _number(options)
    run = shell.work(
        "Commit", lambda job: shell.house.runs.commit(number, options.message, job)
    ).run
    shell.show(run, _told(run))


def _merge(shell: Shell, options: Namespace) -> None:
    number = _number(options)
    run = shell.work("Merge", lambda job: shell.house.runs.merge(number, job)).run
    shell.show(run, _told(run))


def _retire(shell: Shell, options: Namespace) -> None:
    number = _number(options)
    run = shell.work(
        "Retire",
        lambda job: shell.house.runs.retire(number, job, even_unsaved=options.even_unsaved),
    ).run
    shell.show(run, _told(run))


def _followed(shell: Shell, run_id: int) -> Run:
    def each(update: RunUpdate) -> None:
        for event in update.events:
            text = event.text or ", ".join(event.paths)
            if event.exit_code:
                shell.note(f"{event.kind.value} ended with {event.exit_code}: {text}")
            elif text and event.exit_code is None:  # the good end of a command says nothing new
                shell.note(f"{event.kind.value}: {text}")

    return shell.work("Follow", lambda job: shell.house.runs.follow(run_id, job, each)).run


def _number(options: Namespace) -> int:
    return number(options.run, "run")


def number(text: str, noun_: str) -> int:
    """A row's number.

    Raises:
        Refused: not a number.
    """
    from aiops_desktop.domain.trouble import Refused

    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refused(f"“{text[:40]}” is not the number of a {noun_}.", "Look at the list.")
    return int(text)


def _told(run: Run) -> str:
    told = f"Run {run.id} ({run.assistant}) {_STANDS[run.state]}: {harmless(run.title)}"
    if run.error:
        told += f"\n{harmless(run.error)}"
    return told
