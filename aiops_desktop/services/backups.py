"""Backups: one archive of all that is remembered, by hand or by the clock."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.backups import (
    About,
    Backup,
    BackupKind,
    BackupMade,
    Check,
    next_time,
    thinned,
    thinned_snapshots,
)
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.services.backup_making import Base, Maker
from aiops_desktop.services.backup_shelf import Shelf
from aiops_desktop.services.history import Entry
from aiops_desktop.storage import backups as bases

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import Preview, Restored, Verified
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.restoring import Restoring
    from aiops_desktop.services.settings import SettingsService

_CHANGED = Changes(Touched.HISTORY | Touched.BACKUPS)
#: How long after one snapshot the next is made, when something has changed.
_SNAPSHOTS = timedelta(hours=1)


class Backups:
    """Makes, lists, checks and restores archives.

    Args of the constructor: `database` is the file in use; `close` ends our own connections to it.
    """

    def __init__(
        self,
        layout: Layout,
        settings: SettingsService,
        history: History,
        restoring: Restoring,
        *,
        database: Path,
        close: Callable[[], object],
    ) -> None:
        self._layout, self._settings, self._history = layout, settings, history
        self._restoring, self._database, self._close = restoring, database, close
        self._maker = Maker(layout)

    # Looking ---------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where backups go by themselves."""
        chosen = self._settings.current().backup.folder
        return self._layout.data / Path(chosen).expanduser() if chosen else self._layout.backups

    @property
    def seals(self) -> bool:
        """Whether new backups are encrypted, because the settings have a passphrase."""
        return self._settings.effective().origins["backup.passphrase"] != "default"

    def all(self) -> list[Backup]:
        """Those in the backups folder, the newest first."""
        return self._shelf().all()

    def find(self, name: str) -> Backup:
        """One of them by its file's name, or any archive by its path.

        Raises:
            Missing: it is not there.
        """
        path = Path(name).expanduser()
        return self._shelf().one(path if path.is_absolute() else self.folder / name)

    def about(self, path: Path, passphrase: str = "") -> About:
        """What an archive says of itself; nothing is checked yet.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `verify`.
        """
        return self._restoring.about(path, passphrase or self._known(path))

    def due(self) -> datetime | None:
        """When the schedule asks for the next backup; None: never."""
        wanted = self._settings.current().backup
        return next_time(wanted.every, wanted.hour, self._last(), datetime.now().astimezone())

    def outside(self) -> dict[str, str]:
        """Projects whose checkouts no backup holds, because they lie elsewhere, and where.

        Raises:
            Failed: the database cannot be read.
        """
        return bases.glimpse(self._database).outside

    # Making ----------------------------------------------------------------------------------

    def make(
        self,
        job: Job,
        path: Path | None = None,
        *,
        checkouts: bool | None = None,
        passphrase: str | None = None,
        kind: BackupKind = BackupKind.HAND,
        check: bool = True,
    ) -> BackupMade:
        """Write an archive while the program is in use, and check it.

        Args:
            job: what waits for it.
            path: a file that is not there yet; None: in the backups folder.
            checkouts: with checkouts and worktrees; None: as the settings say.
            passphrase: encrypts it; "" does not; None: the one of the settings.
            kind: why it is made; a snapshot holds database and settings alone.
            check: read it again afterwards, to its last byte.

        Raises:
            Refused: the file is there already, the passphrase is too short.
            Failed: no room, something cannot be read. No half archive is left.
        """
        wanted = self._settings.current().backup
        if passphrase is None:
            passphrase = self._settings.secret("backup.passphrase")
        checkouts = wanted.checkouts if checkouts is None else checkouts
        made, begun = datetime.now(UTC), time.monotonic()
        target = self._target(path, made, kind, sealed=bool(passphrase))
        with self._doing("back up", target.name, kind) as entry:
            with self._maker.work(target) as work, bases.snapshot(self._database) as now:
                about = self._maker.about(now.glimpse(), made, kind, checkouts=checkouts)
                copy = work / self._layout.database.name
                now.copy(copy, job.check, entry.id or None)
                base = Base(copy, self._database.stat().st_size, now.copied)
                left = self._maker.write(target, base, about, passphrase, job)
            if check:
                self._verify(target, passphrase, job)
            entry.facts = {"size": str(target.stat().st_size), "file": str(target)}
            if left:
                entry.facts["left out"] = ", ".join(left[:20])
        taken = time.monotonic() - begun
        return BackupMade(self._shelf(target.parent).one(target), about, _CHANGED, left, taken)

    def run_due(self, job: Job) -> list[BackupMade]:
        """What the clock asks for now: the scheduled backup, a snapshot; then old ones go.

        Raises:
            Failed: no room, something cannot be read.
        """
        wanted, made = self._settings.current().backup, []
        due, now = self.due(), datetime.now(UTC)
        if due is not None and due <= now:
            made.append(self.make(job, kind=BackupKind.SCHEDULED))
        if wanted.snapshots and self._snapshot_due(now):
            made.append(self.make(job, kind=BackupKind.SNAPSHOT, checkouts=False, check=False))
        self._thin(now, wanted.keep)
        return made

    def remove(self, path: Path) -> Done:
        """Delete an archive of the backups folder.

        Raises:
            Missing: it is not there.
            Refused: it lies elsewhere.
            Failed: it cannot be removed.
        """
        if path.parent != self.folder:
            raise Refused(f"{path} is not in the backups folder.", "Remove it yourself.")
        found = self._shelf().one(path)
        with self._doing("delete backup", found.path.name, found.kind):
            try:
                found.path.unlink()
            except OSError as error:
                raise Failed(
                    f"{path} could not be removed: {error.strerror}.", "Check the permissions."
                ) from error
        return Done(_CHANGED, f"{path.name} was deleted.")

    # Checking and restoring ------------------------------------------------------------------

    def verify(self, path: Path, job: Job, passphrase: str = "") -> Verified:
        """Read an archive to its last byte; what was found is remembered for the list.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `Restoring.verify`.
        """
        return self._verify(path, passphrase or self._known(path), job)

    def preview(self, path: Path, job: Job, passphrase: str = "") -> Preview:
        """What restoring it would replace; it is verified first.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `verify`.
        """
        return self._restoring.preview(path, passphrase or self._known(path), job)

    def stage(self, path: Path, job: Job, passphrase: str = "") -> Restored:
        """Lay an archive ready, to take the place of the data when the program starts next.

        Raises:
            Refused: a run is at work, or there is not enough room.
            Missing, NotTrusted, Failed, Clash: as `Restoring.stage`; nothing was changed then.
        """
        passphrase = passphrase or self._known(path)
        self._refuse(path, passphrase, job)
        with self._doing("restore", path.name, BackupKind.HAND):
            return self._restoring.stage(path, passphrase, job)

    def restore(self, path: Path, job: Job, passphrase: str = "") -> Restored:
        """Restore at once. These services must not be used any more afterwards.

        Raises:
            Refused, Missing, NotTrusted, Failed: as `stage`.
            Clash: the window or another command has the data folder open; nothing was changed.
        """
        passphrase = passphrase or self._known(path)
        self._restoring.refuse_open()
        self._refuse(path, passphrase, job)
        self._close()
        done = self._restoring.restore(path, passphrase, job)
        self.note(done.path.name, done.aside)
        return done

    def note(self, archive: str, aside: Path | None) -> None:
        """Say in the history, which came with the archive, that it was restored."""
        with self._history.doing("restore", archive) as entry:
            entry.facts = {"before": str(aside)} if aside else {}

    # How -------------------------------------------------------------------------------------

    def _refuse(self, path: Path, passphrase: str, job: Job) -> None:
        if self._database != self._layout.database:
            raise Refused(
                f"The database lies outside of the data folder, at {self._database}.",
                "Take DATABASE_URL away, restart, and restore then.",
            )
        found = self._restoring.preview(path, passphrase, job)
        if found.obstacle:
            raise Refused(f"{path.name} cannot be restored now. {found.obstacle}")

    def _verify(self, path: Path, passphrase: str, job: Job) -> Verified:
        shelf = self._shelf(path.parent)
        try:
            found = self._restoring.verify(path, passphrase, job)
        except (Failed, Refused) as trouble:
            shelf.remember(path, Check.DAMAGED, sentence=trouble.what)
            raise
        shelf.remember(path, Check.WHOLE, files=found.files)
        return found

    def _target(self, path: Path | None, made: datetime, kind: BackupKind, *, sealed: bool) -> Path:
        if path is None:
            return self._shelf().free(made, kind, sealed=sealed)
        path = Path.cwd() / path.expanduser()
        if path.is_dir():
            return Shelf(path).free(made, kind, sealed=sealed)
        if path.exists():
            raise Refused(f"{path} is there already.", "Choose another name.", field="path")
        if path.is_relative_to(self._layout.data / "tenants"):
            raise Refused(
                f"{path} lies in a tenant's folder, which goes into the backup itself.",
                "Choose a place outside of it.",
                field="path",
            )
        return path

    def _known(self, path: Path) -> str:
        """The passphrase of the settings, for archives that need one."""
        with contextlib.suppress(OSError):
            if self._shelf(path.parent).sealed(path):
                return self._settings.secret("backup.passphrase")
        return ""

    def _last(self, kind: BackupKind = BackupKind.SCHEDULED) -> datetime | None:
        return max((one.made for one in self.all() if one.kind is kind), default=None)

    def _snapshot_due(self, now: datetime) -> bool:
        last = self._last(BackupKind.SNAPSHOT)
        if last is None:
            return True
        sides = (self._database, self._database.with_name(f"{self._database.name}-wal"))
        changed = max(
            (path.stat().st_mtime for path in (*sides, self._layout.settings) if path.exists()),
            default=0.0,
        )
        return now - last >= _SNAPSHOTS and changed > last.timestamp()

    def _thin(self, now: datetime, newest: int) -> None:
        """Remove what is too old; those made by hand stay."""
        every = self.all()
        for kind in (BackupKind.SCHEDULED, BackupKind.SNAPSHOT):
            mine = {one.made: one.path for one in every if one.kind is kind}
            scheduled = kind is BackupKind.SCHEDULED
            stay = thinned(mine, newest) if scheduled else thinned_snapshots(mine, now)
            for made, path in mine.items():
                if made not in stay:
                    path.unlink(missing_ok=True)

    def _shelf(self, folder: Path | None = None) -> Shelf:
        return Shelf(folder or self.folder)

    def _doing(self, verb: str, subject: str, kind: BackupKind) -> AbstractContextManager[Entry]:
        """A snapshot an hour would fill the history; it says nothing."""
        if kind is BackupKind.SNAPSHOT:
            return contextlib.nullcontext(Entry(0))
        return self._history.doing(verb, subject)
