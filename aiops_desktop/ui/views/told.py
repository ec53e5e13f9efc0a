"""Events of the history in words and icons, for every page that shows them."""

from __future__ import annotations

from aiops_desktop.domain.events import Event, Outcome
from aiops_desktop.ui.text import short_id, tr

#: Verb → (icon, what somebody did, as in "Ann pushed"). Others say "Ann: verb".
_VERBS = {
    "clone": ("cloud-arrow-down", "cloned the project"),
    "commit": ("git-commit", "committed"),
    "amend": ("git-commit", "amended"),
    "fetch": ("arrows-clockwise", "fetched"),
    "pull": ("arrow-down", "pulled"),
    "push": ("arrow-up", "pushed"),
    "switch": ("git-branch", "switched"),
    "discard": ("trash", "discarded changes"),
    "restore": ("arrow-counter-clockwise", "brought changes back"),
    "run": ("robot", "started a run"),
    "stop run": ("stop-circle", "stopped a run"),
    "merge": ("git-merge", "merged a run"),
    "retire": ("archive", "retired a run"),
    "deploy": ("rocket-launch", "deployed"),
    "open session": ("terminal-window", "opened a session"),
    "end session": ("terminal-window", "ended a session"),
    "create project": ("plus-circle", "added the project"),
    "edit project": ("pencil-simple", "edited the project"),
}
_OUTCOMES = {
    Outcome.RUNNING: ("spinner", "accent", "Running"),
    Outcome.DONE: ("check-circle", "success", "Done"),
    Outcome.REFUSED: ("prohibit", "warning", "Refused"),
    Outcome.FAILED: ("x-circle", "danger", "Failed"),
    Outcome.STOPPED: ("stop-circle", "muted", "Stopped"),
    Outcome.INTERRUPTED: ("warning-circle", "warning", "Interrupted"),
}
_MACHINES = {"codex": "robot", "aider": "robot", "claude": "robot", "demo assistant": "robot"}
_CLOCKS = {"timer", "scheduler", "aiops"}


def outcome_look(outcome: Outcome) -> tuple[str, str, str]:
    """(icon, tone, word) of an outcome."""
    icon, tone, word = _OUTCOMES[outcome]
    return icon, tone, tr(word)


def actor_icon(actor: str) -> str:
    """A person, an assistant or the clock."""
    name = actor.casefold()
    return "clock" if name in _CLOCKS else _MACHINES.get(name, "user")


def verb_title(verb: str) -> str:
    """A verb as a column shows it."""
    return verb[:1].upper() + verb[1:]


def verb_icon(verb: str) -> str:
    """The icon of a verb."""
    return _VERBS.get(verb, ("circle", ""))[0]


def subject(event: Event, *, within: str = "") -> tuple[str, str]:
    """What it was about, and a few words more; `within` is a prefix everyone on the page knows.

    A commit is named by its id, because its subject is already the words more.
    """
    about, note = event.subject, event.note
    commit = event.facts.get("commit", "")
    if event.verb in {"commit", "amend"} and commit:
        return short_id(commit), note
    for known in (within, within.rpartition(" / ")[2]):
        if known and about.startswith(f"{known}: "):
            return about[len(known) + 2 :], note
    if about == within and note and event.outcome is Outcome.DONE:
        return note, ""
    return about, note


def sentence(event: Event, *, within: str = "") -> str:
    """What happened, to follow the actor's name in a list."""
    about, note = subject(event, within=within)
    if event.outcome in {Outcome.DONE, Outcome.RUNNING} and event.verb in _VERBS:
        did = tr(_VERBS[event.verb][1])
        if event.verb in {"commit", "amend"}:
            return f"{did} {about}"
        rest = about if about != within else note
        return f"{did}: {rest}" if rest else did
    word = outcome_look(event.outcome)[2].lower()
    said = f"{event.verb} {word}"
    rest = note or (about if about != within else "")
    return f"{said}: {rest}" if rest else said
