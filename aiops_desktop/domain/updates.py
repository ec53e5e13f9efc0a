"""Updates of the program itself: what runs, what there is, and how far an update is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes


class Kind(StrEnum):
    """How the program got onto this computer, which decides how it is updated."""

    CHECKOUT = "checkout"
    """A clone of its repository: it updates itself."""
    DEB = "deb"
    TARBALL = "tarball"
    WHEEL = "wheel"
    OTHER = "other"


class Stage(StrEnum):
    """The steps of an update, in their order."""

    FETCH = "fetch"
    BACKUP = "backup"
    STASH = "stash"
    SWITCH = "switch"
    DEPENDENCIES = "dependencies"
    CHECK = "check"
    MIGRATE = "migrate"
    RESTART = "restart"


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is shown: what it did or does, and how long it took (seconds)."""

    stage: Stage
    state: StepState = StepState.WAITING
    said: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the program: its number, and the commit when it is a checkout."""

    number: str
    commit: str = ""
    time: datetime | None = None

    def beside(self, other: Version) -> str:
        """What tells it from another: its number, or its commit where the number is the same."""
        same = self.number == other.number and self.commit != other.commit
        return self.commit[:8] if same and self.commit else self.number


@dataclass(frozen=True, slots=True)
class Release:
    """A release that a list of releases names.

    Attributes:
        number: such as "0.2.0", without a leading v.
        page: address of its page.
        files: names → addresses of what can be downloaded.
    """

    number: str
    title: str = ""
    notes: str = ""
    page: str = ""
    time: datetime | None = None
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What runs, and what there is to update to, as far as it was looked at.

    Attributes:
        available: None: nobody looked yet, or there is nothing newer.
        looked: when that was found out.
        commits: subjects of the commits it brings, newest first; at most a hundred.
        count: how many there are.
        own_commits: commits of this computer that the remote does not have.
        changed: files with local changes (untracked too), which are set aside and brought back.
        remote, address: the remote, and where it leads (without credentials).
        branch: what is followed.
        releases: newest tag of that branch instead of its tip.
        install: for packages: how the release found is installed, a step a line.
        unfinished: an update that was cut off and is still to be rolled back.
        moved: the checkout has another version already than the one that runs.
        blocked: why it cannot be updated now, as a sentence; "" when it can.
    """

    kind: Kind
    running: Version
    available: Version | None = None
    looked: datetime | None = None
    commits: tuple[str, ...] = ()
    count: int = 0
    own_commits: int = 0
    changed: tuple[str, ...] = ()
    root: Path | None = None
    remote: str = ""
    address: str = ""
    branch: str = ""
    releases: bool = False
    restart_command: str = ""
    release: Release | None = None
    install: tuple[str, ...] = ()
    unfinished: bool = False
    moved: bool = False
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Updated:
    """An update that ended well, and where its log lies.

    Attributes:
        changes: what it touched.
        before, after: the versions; the same when there was nothing to do.
        restarting: the restart command was started.
    """

    changes: Changes
    before: Version
    after: Version
    log: Path | None = None
    restarting: bool = False
    summary: str = ""


_NUMBER = re.compile(r"v?(\d+(?:\.\d+){0,3})(?:[-.]?(a|alpha|b|beta|rc|dev|pre)[-.]?(\d*))?$", re.I)


def order(text: str) -> tuple[tuple[int, ...], int, int] | None:
    """A key that sorts version numbers (PEP 440's order of releases); None when it is none.

    A pre-release comes before its release: 1.2.0rc1 before 1.2.0.
    """
    found = _NUMBER.match(text.strip())
    if not found:
        return None
    numbers = tuple(int(part) for part in found[1].split("."))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    kinds = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "pre": 3, "rc": 3}
    rank = kinds[found[2].lower()] if found[2] else 9
    return numbers, rank, int(found[3] or 0)


def newest(names: list[str], *, stable: bool = True) -> str:
    """The newest of these version names, "" when none is one; pre-releases only if not `stable`."""
    known = [(key, name) for name in names if (key := order(name)) and (not stable or key[1] == 9)]
    return max(known)[1] if known else ""


def newer(one: str, than: str) -> bool:
    """Whether a version number is newer than another; unknown ones never are."""
    left, right = order(one), order(than)
    return bool(left and right and left > right)
