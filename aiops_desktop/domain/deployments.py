"""Deployments: a run of a Semaphore template or of a playbook in the checkout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.states import DeploymentState as DeploymentState


class Source(StrEnum):
    """Who carries a deployment out."""

    SEMAPHORE = "semaphore"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class SurveyField:
    """A question a template asks. `type` is "", "int", "enum", "secret" or "text"."""

    name: str
    title: str
    required: bool = False
    type: str = ""
    description: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """(label, value) pairs of an enum."""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Something that can be deployed.

    Attributes:
        id: the server's number as text, or the playbook's path in the checkout.
        allowed: the overrides the template honours: "limit", "tags", "skip_tags", "inventory",
            "branch", "arguments", "debug", "dry_run", "diff", "playbook", "environment", "message",
            "commit".
        fixed: values the template fixes, for locked fields: name → value.
        last: state of the last deployment with it, None when never.
    """

    id: str
    name: str
    source: Source
    playbook: str = ""
    description: str = ""
    group: str = ""
    app: str = "ansible"
    allowed: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    survey: tuple[SurveyField, ...] = ()
    inventories: tuple[tuple[str, str], ...] = ()
    """(id or path, name) of what can be chosen."""
    last: DeploymentState | None = None
    last_at: datetime | None = None
    locked: Mapping[str, str] = field(default_factory=dict)
    """For what is not `allowed`: why, as a sentence for the padlock."""
    asks_inventory: bool = False
    """There are several inventories and none is the obvious one: the person must choose."""


@dataclass(frozen=True, slots=True)
class DeployDraft:
    """What a person fills in; "" and False mean: as the template has it.

    `environment` are extra variables and survey answers, `secrets` those that must never be shown.
    `commit` asks Semaphore for exactly this commit; "" is the newest one of the branch.
    """

    project_id: int
    template_id: str
    playbook: str = ""
    arguments: str = ""
    branch: str = ""
    message: str = ""
    limit: str = ""
    inventory: str = ""
    tags: str = ""
    skip_tags: str = ""
    dry_run: bool = False
    debug: bool = False
    diff: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment as remembered.

    Attributes:
        remote_id: Semaphore's task id, None for local ones.
        command: the effective command with secrets masked.
        folder: where the log lies.
        message: why it failed, or what it waits for, as a sentence.
        commit: the id of the checkout's HEAD when it was launched.
    """

    id: int
    project_id: int
    tenant_id: int
    source: Source
    template_id: str
    template: str
    state: DeploymentState
    command: str
    operator: str
    created: datetime
    folder: Path
    started: datetime | None = None
    finished: datetime | None = None
    remote_id: int | None = None
    server: str = ""
    commit: str = ""
    message: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a deployment's log; may hold ANSI colours. `time` None when not known."""

    text: str
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostRecap:
    """Ansible's counts for one host."""

    host: str
    ok: int = 0
    changed: int = 0
    skipped: int = 0
    failed: int = 0
    unreachable: int = 0


@dataclass(frozen=True, slots=True)
class DeploymentUpdate:
    """What is new since `seen` log lines.

    `stale` is a sentence when nothing came for long, or nobody answers; `tasks` counts the tasks
    of the playbook that have begun.
    """

    deployment: Deployment
    lines: tuple[LogLine, ...]
    seen: int
    recap: tuple[HostRecap, ...] = ()
    stale: str = ""
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class Launched:
    """A deployment was handed to whoever carries it out."""

    deployment: Deployment
    changes: Changes


@dataclass(frozen=True, slots=True)
class Board:
    """What the Deploy page offers for a project.

    `source` tells whether Semaphore or local playbooks are in use, `why` says so in a sentence;
    `trouble` is a sentence (and `hint`) when the templates could not be read, `steps` the ids of
    the actions that are sensible then.
    """

    source: Source
    why: str
    templates: tuple[Template, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    trouble: str = ""
    hint: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One line of the checklist a Test button answers with, in the order things fail."""

    title: str
    ok: bool | None
    """None: not reached, because an earlier step failed."""
    detail: str = ""
