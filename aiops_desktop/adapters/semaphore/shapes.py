"""What Semaphore's JSON means: templates and their gates, launches, tasks, lines of output.

Two generations differ in what a launch may override: up to 2.12 the parameters stand at the top
level and are honoured; from 2.13 they stand in `params`, and what the template does not allow is
dropped without a word, so that a limited run becomes one on every host (semaphoreui/semaphore
#2820, #3029). Nothing here believes that a field is there or has its type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiops_desktop.domain.deployments import (
    DeploymentState,
    LogLine,
    Source,
    SurveyField,
    Template,
)

_ANSIBLE_ONLY = ("limit", "tags", "skip_tags", "inventory", "playbook", "dry_run", "debug", "diff")
#: What a person calls each override, for sentences.
WORDS = {
    "limit": "a limit",
    "tags": "tags",
    "skip_tags": "skipped tags",
    "inventory": "another inventory",
    "branch": "another branch",
    "arguments": "arguments",
    "debug": "debug output",
    "dry_run": "a dry run",
    "diff": "differences",
    "playbook": "another playbook",
    "environment": "variables",
}
_STATES = {
    "waiting": DeploymentState.WAITING,
    "starting": DeploymentState.STARTING,
    "running": DeploymentState.RUNNING,
    "waiting_confirmation": DeploymentState.CONFIRMING,
    "confirmed": DeploymentState.RUNNING,
    "rejected": DeploymentState.STOPPING,
    "stopping": DeploymentState.STOPPING,
    "stopped": DeploymentState.STOPPED,
    "success": DeploymentState.SUCCESS,
    "warning": DeploymentState.WARNING,
    "error": DeploymentState.ERROR,
    # Not in the source around 2.10; the seed knew them as ends, and a fork may send them.
    "failed": DeploymentState.ERROR,
    "timeout": DeploymentState.ERROR,
    "cancelled": DeploymentState.STOPPED,
    "canceled": DeploymentState.STOPPED,
    "aborted": DeploymentState.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Version:
    """A server's version; `number` is None when it does not say one that can be read."""

    text: str
    number: tuple[int, int, int] | None

    @classmethod
    def parse(cls, text: object) -> Version:
        """From what /info gives, such as "2.10.32-4fa1-1729816842"."""
        said = text.strip() if isinstance(text, str) else ""
        found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said)
        return cls(
            said.split("-")[0][:40],
            (int(found[1]), int(found[2]), int(found[3])) if found else None,
        )

    def at_least(self, *number: int) -> bool:
        """Whether it is this version or newer; an unknown one counts as new."""
        return self.number is None or self.number >= number

    @property
    def gated(self) -> bool:
        """Whether templates must allow overrides; an unknown version is taken for such a one."""
        return self.at_least(2, 13, 0)


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the server tells it; `status` is its own word, `message` what launched it said.

    Attributes:
        left: it has ended though its status is none of an end, and it will keep that status. So a
            task stands for ever that was asked to stop before its playbook began (2.10): the
            playbook ran through.
    """

    id: int
    template_id: int
    status: str
    state: DeploymentState
    start: datetime | None = None
    end: datetime | None = None
    message: str = ""
    created: datetime | None = None
    left: bool = False


def record(value: object) -> Mapping[str, object]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Mapping[str, object]]:
    """A list of JSON objects; Semaphore writes null for an empty one."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Text, or "" for anything else."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> int:
    """A whole number, or 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def time_of(value: object) -> datetime | None:
    """A Go time (RFC 3339, up to nine digits of a second); None when unset or unreadable."""
    if not isinstance(value, str) or value.startswith("0001-"):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def task(value: object) -> Task | None:
    """A task; None when it has no id."""
    raw = record(value)
    if not number_of(raw.get("id")):
        return None
    status, end = text_of(raw.get("status")), time_of(raw.get("end"))
    state = _STATES.get(status, DeploymentState.RUNNING)
    left = end is not None and not state.over
    return Task(
        number_of(raw.get("id")),
        number_of(raw.get("template_id")),
        status,
        DeploymentState.WARNING if left else state,
        time_of(raw.get("start")),
        end,
        text_of(raw.get("message")),
        time_of(raw.get("created")),
        left,
    )


def is_known(status: str) -> bool:
    """Whether we know what this status means."""
    return status in _STATES


def lines(value: object) -> list[LogLine]:
    """A task's output in order: by id where lines have one, else as they came."""
    raw = records(value)
    if all(number_of(item.get("id")) for item in raw):
        raw = sorted(raw, key=lambda item: number_of(item.get("id")))
    made: list[LogLine] = []
    for item in raw:
        at = time_of(item.get("time"))
        for part in text_of(item.get("output")).rstrip("\r\n").split("\n"):
            made.append(LogLine(part.rstrip("\r"), at))
    return made


def template(
    value: object, version: Version, inventories: tuple[tuple[str, str], ...] = ()
) -> Template | None:
    """A template with its survey, gates and fixed values; None when it has no id."""
    raw = record(value)
    if not number_of(raw.get("id")):
        return None
    allowed, locked = gates(raw, version)
    params = record(raw.get("task_params"))
    inventory = str(number_of(raw.get("inventory_id")) or "")
    fixed = {
        "playbook": text_of(raw.get("playbook")),
        "branch": text_of(raw.get("git_branch")),
        "arguments": text_of(raw.get("arguments")),
        "inventory": dict(inventories).get(inventory, inventory),
        "limit": _joined(params.get("limit")),
        "tags": _joined(params.get("tags")),
        "skip_tags": _joined(params.get("skip_tags")),
    }
    last = task(raw.get("last_task"))
    return Template(
        str(number_of(raw.get("id"))),
        text_of(raw.get("name")) or f"Template {raw.get('id')}",
        Source.SEMAPHORE,
        fixed["playbook"],
        text_of(raw.get("description")),
        app=text_of(raw.get("app")) or "ansible",
        allowed=allowed,
        fixed={name: text for name, text in fixed.items() if text},
        survey=tuple(_question(item) for item in records(raw.get("survey_vars"))),
        inventories=inventories,
        last=last.state if last else None,
        last_at=(last.end or last.start or last.created) if last else None,
        locked=locked,
    )


def with_group(found: Template, group: str) -> Template:
    """The template under a heading."""
    return replace(found, group=group)


def gates(raw: Mapping[str, object], version: Version) -> tuple[frozenset[str], Mapping[str, str]]:
    """What a launch may override, and for everything else the reason as a sentence."""
    params = record(raw.get("task_params"))
    off = "Fixed by the template; asking is off."
    locked: dict[str, str] = {}
    if version.gated:
        for name, gate in (
            ("limit", "allow_override_limit"),
            ("tags", "allow_override_tags"),
            ("skip_tags", "allow_override_skip_tags"),
            ("inventory", "allow_override_inventory"),
            ("debug", "allow_debug"),
        ):
            if params.get(gate) is not True:
                locked[name] = off
        if raw.get("allow_override_branch_in_task") is not True:
            locked["branch"] = off
    else:
        old = f"Semaphore {version.text} does not know this at a launch."
        locked.update(tags=old, skip_tags=old)
        if not version.at_least(2, 10, 31):
            locked["branch"] = old
        if not version.at_least(2, 9, 60):
            locked["inventory"] = old
    if not version.at_least(2, 17, 0) and not number_of(raw.get("environment_id")):
        # Answered with 500 and a failed task; tried with 2.10.32 and 2.16.
        locked["environment"] = (
            f"Semaphore {version.text} takes variables only for templates with a variable group."
        )
    if raw.get("allow_override_args_in_task") is not True:
        locked["arguments"] = off
    app = text_of(raw.get("app")) or "ansible"
    if app != "ansible":
        for name in _ANSIBLE_ONLY:
            locked[name] = f"Only Ansible templates know this; this one runs {app}."
    names = {*WORDS, "message", "commit"}
    return frozenset(names - set(locked)), locked


def _question(raw: Mapping[str, object]) -> SurveyField:
    choices = tuple(
        (text_of(item.get("name")) or text_of(item.get("value")), text_of(item.get("value")))
        for item in records(raw.get("values"))
    )
    name = text_of(raw.get("name"))
    return SurveyField(
        name,
        text_of(raw.get("title")) or name,
        raw.get("required") is True,
        text_of(raw.get("type")),
        text_of(raw.get("description")),
        choices,
        text_of(raw.get("default_value")),
    )


def _joined(value: object) -> str:
    if isinstance(value, list):
        return ",".join(word for word in value if isinstance(word, str))
    return text_of(value)
