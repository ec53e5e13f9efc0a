"""Backups: archives of the data folder, what they hold, and how long each is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.differences import Difference, Holdings

#: The form of archives this program writes, and the newest it reads.
FORMAT = 1


class BackupKind(StrEnum):
    """Why a backup was made."""

    HAND = "hand"
    SCHEDULED = "scheduled"
    SNAPSHOT = "snapshot"
    """Database and settings alone, made often; keys and files are not in it."""


class Check(StrEnum):
    """What is known of an archive's state."""

    UNKNOWN = "unknown"
    WHOLE = "whole"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class About:
    """What an archive says of itself, before everything else in it.

    Attributes:
        made: when.
        program: the version that made it.
        kind: why it was made.
        schema: the revision of the database in it.
        checkouts: whether the checkouts and worktrees are in it.
        counts: how many tenants, projects, keys and so on it holds, by name.
        data_key: where the key of the secrets in it lies ("keyring", "passphrase", "file"), ""
            when it holds no secrets.
        settings: the settings that differ from their defaults, by path; for the preview.
        names: of tenants, projects, keys and integrations; for the preview, too.
        marks: noun → name → a short checksum of what is remembered of it, for the same.
        outside: projects whose checkout lies outside of the data folder, and where; such a
            checkout is in no backup.
    """

    made: datetime
    program: str
    kind: BackupKind
    schema: str = ""
    checkouts: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    data_key: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)

    @property
    def holdings(self) -> Holdings:
        """What is in it, to be compared."""
        return Holdings(self.schema, self.counts, self.names, self.marks, self.settings)

    @property
    def whole(self) -> bool:
        """Whether it holds more than database and settings."""
        return self.kind is not BackupKind.SNAPSHOT

    @property
    def private_keys(self) -> int:
        """How many private keys it holds."""
        return self.counts.get("keys", 0) if self.whole else 0

    @property
    def warning(self) -> str:
        """What whoever holds the archive can do, as sentences; "" when nothing."""
        secrets = self.counts.get("secrets", 0)
        held = [
            _some(self.private_keys, "private key"),
            _some(secrets, "token") if self.readable_secrets else "",
        ]
        told = " and ".join(part for part in held if part)
        return f"It holds {told}." if told else ""

    @property
    def readable_secrets(self) -> bool:
        """Whether the key of its secrets lies in it, so that they can be read wherever it is."""
        return self.data_key == "file" and self.whole


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive in the backups folder.

    Attributes:
        size: bytes.
        sealed: it is encrypted under a passphrase.
        check: what the last look at all of it found, `checked` when that was.
        files: how many files were found in it then.
        sentence: what is wrong with it, "" when nothing is known to be.
    """

    path: Path
    made: datetime
    kind: BackupKind
    size: int
    sealed: bool
    program: str = ""
    check: Check = Check.UNKNOWN
    checked: datetime | None = None
    files: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every file of an archive: name → (bytes, SHA-256 as hex); `links` are name → target."""

    files: Mapping[str, tuple[int, str]]
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _digest in self.files.values())


@dataclass(frozen=True, slots=True)
class Verified:
    """An archive that is whole, to its last byte."""

    path: Path
    about: About
    files: int
    size: int
    sealed: bool
    changes: Changes = field(default_factory=Changes)

    @property
    def summary(self) -> str:
        """For a person."""
        return f"{self.path.name} is whole: {_some(self.files, 'file')}, made {_day(self.about)}."


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup was written and checked.

    Attributes:
        left_out: files that could not go into it, as short phrases.
        seconds: how long it took.
    """

    backup: Backup
    about: About
    changes: Changes
    left_out: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def summary(self) -> str:
        """For a person."""
        return f"Backed up to {self.backup.path}. {self.about.warning}".strip()


@dataclass(frozen=True, slots=True)
class Preview:
    """What restoring an archive would do.

    Attributes:
        differences: what would be replaced.
        free: bytes free where it would go; `needed` what it takes.
        obstacle: why it cannot be done now, "" when it can.
        fresh: the data folder is not there yet, or empty.
    """

    verified: Verified
    differences: tuple[Difference, ...]
    free: int
    needed: int
    obstacle: str = ""
    fresh: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WayBack:
    """What going back to before a restore would do.

    Attributes:
        differences: what would be replaced.
        obstacle: why it cannot be done now, "" when it can.
    """

    differences: tuple[Difference, ...]
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """An archive took the place of the data, or will with the next start (`waits`).

    `aside` is the folder in the trash with what was there before; None when nothing was.
    """

    path: Path
    about: About
    changes: Changes
    aside: Path | None = None
    waits: bool = False

    @property
    def summary(self) -> str:
        """For a person."""
        if self.waits:
            return f"{self.path.name} is checked and laid ready. It counts from the next start."
        back = f" What was there before lies in {self.aside}." if self.aside else ""
        return f"Restored {self.path.name}.{back}"


@dataclass(frozen=True, slots=True)
class Trashed:
    """Something deleted that can be brought back.

    Attributes:
        name: of its folder in the trash, by which it is called.
        what: "tenant", "project" or "restore" (the data before a restore).
        title: as a person knew it; `of` the tenant of a project.
        size: bytes of its files; 0 until they were looked at.
        goes: when it is removed for good; None: only by hand.
        obstacle: why it cannot be brought back now, "" when it can.
    """

    name: str
    what: str
    title: str
    deleted: datetime
    of: str = ""
    size: int = 0
    goes: datetime | None = None
    obstacle: str = ""


def thinned(made: Iterable[datetime], newest: int) -> set[datetime]:
    """Which backups to keep: the `newest` ones, and the last of each month before them."""
    order = sorted(set(made), reverse=True)
    kept = set(order[:newest])
    months: set[tuple[int, int]] = set()
    for one in order[newest:]:
        month = (one.year, one.month)
        if month not in months:
            months.add(month)
            kept.add(one)
    return kept


def thinned_snapshots(made: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which snapshots to keep: one an hour for a day, a day for two weeks, a week for a quarter."""
    kept: set[datetime] = set()
    taken: set[tuple[str, int]] = set()
    for one in sorted(set(made), reverse=True):
        age = now - one
        hours = int(one.timestamp() // 3600)
        if age < timedelta(days=1):
            slot = ("hour", hours)
        elif age < timedelta(days=14):
            slot = ("day", hours // 24)
        elif age < timedelta(days=92):
            slot = ("week", hours // (24 * 7))
        else:
            continue
        if slot not in taken:
            taken.add(slot)
            kept.add(one)
    return kept


def next_time(every: str, hour: int, last: datetime | None, now: datetime) -> datetime | None:
    """When the schedule asks for the next backup; in the past when it is due.

    Args:
        every: "day", "week", or "never" (None is given then).
        hour: of the day, in the zone of `now`.
        last: the last one by the schedule, None before the first.
        now: the present, with a zone.
    """
    if every not in ("day", "week"):
        return None
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if last is None:
        return today
    step = timedelta(days=7 if every == "week" else 1)
    mark = last.astimezone(now.tzinfo).replace(hour=hour, minute=0, second=0, microsecond=0)
    if mark > last.astimezone(now.tzinfo):
        mark -= timedelta(days=1)
    return mark + step


def named(text: Sequence[str]) -> str:
    """A few names and how many more there are."""
    more = f" and {len(text) - 3} more" if len(text) > 3 else ""
    return ", ".join(text[:3]) + more


def _some(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def _day(about: About) -> str:
    return f"{about.made.astimezone():%Y-%m-%d %H:%M}"
