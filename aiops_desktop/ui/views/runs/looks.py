"""How runs are put into words: states, facts, usage, and the next sensible step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.domain.states import RunState
from aiops_desktop.ui.text import counted, duration, short_id, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.runs import Assistant, Run, Usage


@dataclass(frozen=True, slots=True)
class Look:
    """Icon, words and tone of a state."""

    icon: str
    word: str
    tone: str


_LOOKS = {
    RunState.STARTING: ("spinner", "Starting", "accent"),
    RunState.WORKING: ("spinner", "Running", "accent"),
    RunState.WAITING: ("hourglass-medium", "Waiting for you", "warning"),
    RunState.READY: ("eye", "Ready for review", "accent"),
    RunState.COMMITTED: ("check-circle", "Committed", "success"),
    RunState.MERGED: ("git-merge", "Merged", "success"),
    RunState.RETIRED: ("archive", "Retired", "muted"),
    RunState.EMPTY: ("circle", "Nothing changed", "muted"),
    RunState.FAILED: ("x-circle", "Failed", "danger"),
    RunState.STOPPED: ("stop-circle", "Stopped", "muted"),
    RunState.INTERRUPTED: ("warning-circle", "Interrupted", "warning"),
}


def look(state: RunState) -> Look:
    """How a state looks."""
    icon, word, tone = _LOOKS[state]
    return Look(icon, tr(word), tone)


_TITLES = {"codex": "Codex", "aider": "Aider", "demo": "Demo assistant"}


def assistant_title(id_: str, known: Mapping[str, Assistant] | None = None) -> str:
    """An assistant's name, also while the list of assistants is not read yet."""
    found = (known or {}).get(id_)
    return found.title if found else _TITLES.get(id_, id_)


def assistant_label(id_: str, known: Mapping[str, Assistant] | None = None) -> str:
    """The note that stands wherever this assistant appears; "" for real ones."""
    found = (known or {}).get(id_)
    if found:
        return found.labelled
    return tr("It follows a script and is no AI.") if id_ == "demo" else ""


def first_line(text: str) -> str:
    """A prompt's first line that is not empty."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def heading(run: Run) -> str:
    """What a run is called."""
    return first_line(run.title) or first_line(run.prompt) or tr("Run {n}", n=run.id)


def rest_of_prompt(run: Run) -> str:
    """The prompt as far as the heading does not already say it."""
    prompt, said = run.prompt.strip(), heading(run)
    if prompt == said:
        return ""
    if prompt.startswith(said):
        return prompt[len(said) :].strip()
    return prompt


def facts(run: Run, title: str, now: datetime | None = None) -> str:
    """One line: who, where, from what, by whom, when."""
    began = run.created.astimezone()
    today = (now or datetime.now(UTC)).astimezone().date()
    when = f"{began:%H:%M}" if began.date() == today else f"{began:%Y-%m-%d %H:%M}"
    base = tr("from {branch} {id}", branch=run.base_branch, id=short_id(run.base_commit))
    if run.state is RunState.RETIRED:
        place = tr("own copy retired, kept in {ref}", ref=run.rescue_ref or tr("no rescue ref"))
    else:
        place = tr("own copy on branch {branch}, {base}", branch=run.branch, base=base)
    parts = [f"{title} {run.model}".strip(), place]
    parts.append(tr("started by {who} at {when}", who=run.operator or tr("somebody"), when=when))
    if run.commit:
        parts.append(tr("committed as {id}", id=short_id(run.commit)))
    return " · ".join(parts)


def worked(run: Run, now: datetime | None = None) -> float:
    """Seconds from its start to its end, or to now."""
    end = run.finished or (now or datetime.now(UTC))
    return max(0.0, (end - run.created).total_seconds())


def usage_line(run: Run, usage: Usage, now: datetime | None = None) -> str:
    """Tokens, time and cost as a line; parts nobody knows are left out."""
    parts: list[str] = []
    if usage.tokens_in:
        tokens = tr("{n} tokens in", n=f"{usage.tokens_in:,}")
        if usage.tokens_cached:
            share = round(100 * min(usage.tokens_cached, usage.tokens_in) / usage.tokens_in)
            tokens = tr("{tokens}, {n} % from cache", tokens=tokens, n=share)
        parts.append(tokens)
    if usage.tokens_out:
        parts.append(tr("{n} out", n=f"{usage.tokens_out:,}"))
    if run.state.alive or run.finished:
        parts.append(tr("{time} working", time=duration(worked(run, now))))
    if usage.cost is not None:
        parts.append(tr("about ${cost}", cost=f"{usage.cost:.2f}"))
    if run.files:
        parts.append(counted(run.files, "{n} file changed", "{n} files changed"))
    return " · ".join(parts)


def needs_person(run: Run) -> bool:
    """Whether somebody has to look at it."""
    return run.state in {
        RunState.WAITING,
        RunState.READY,
        RunState.FAILED,
        RunState.INTERRUPTED,
    }


def can_resume(run: Run) -> bool:
    """Whether it can be told to go on: it is over, and neither merged nor retired."""
    return not run.state.alive and run.state not in {RunState.MERGED, RunState.RETIRED}


def reviewable(run: Run) -> bool:
    """Whether there are changes to look through that are not committed yet."""
    if run.state is RunState.READY:
        return True
    stopped = run.state in {RunState.FAILED, RunState.STOPPED, RunState.INTERRUPTED}
    return stopped and run.files > 0


@dataclass(frozen=True, slots=True)
class NextStep:
    """The page's primary button: a verb's id, and its words."""

    verb: str
    words: str
    icon: str = ""


def next_step(run: Run, hunks: int | None, ahead: int) -> NextStep | None:
    """The next sensible step of a run.

    Args:
        run: the run.
        hunks: how many hunks a review would show; None while nobody counted.
        ahead: commits the project's branch is ahead of its server.
    """
    if reviewable(run):
        if hunks is None:
            return NextStep("review", tr("Review changes"))
        return NextStep("review", counted(hunks, "Review {n} hunk", "Review {n} hunks"))
    if run.state is RunState.COMMITTED:
        return NextStep("merge", tr("Merge into {branch}", branch=run.base_branch), "git-merge")
    if run.state is RunState.MERGED and ahead:
        return NextStep("push", counted(ahead, "Push {n} commit", "Push {n} commits"), "arrow-up")
    if run.state in {RunState.MERGED, RunState.EMPTY}:
        return NextStep("retire", tr("Retire run"))
    return None


def by_id(assistants: Iterable[Assistant]) -> dict[str, Assistant]:
    """Assistants by their id."""
    return {assistant.id: assistant for assistant in assistants}
