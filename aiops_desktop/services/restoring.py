"""Restoring: an archive looked at, laid ready beside the data, and put in its place.

It needs no open data folder: a damaged one must not keep anybody from restoring.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aiops_desktop.adapters import backup
from aiops_desktop.adapters.secrets import Opening, stream
from aiops_desktop.domain.backups import (
    About,
    BackupKind,
    Preview,
    Restored,
    Verified,
    WayBack,
    named,
)
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.differences import Holdings, compare
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Trouble
from aiops_desktop.services.backup_making import told_settings
from aiops_desktop.services.instance import Answer, WindowLock
from aiops_desktop.storage import backups as bases
from aiops_desktop.storage.open import KNOWN

if TYPE_CHECKING:
    from aiops_desktop.adapters.backup import Swapped
    from aiops_desktop.domain.backups import Manifest
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.jobs.job import Job

#: Seconds a start waits for a program that still holds the data folder.
PATIENCE = 30.0
#: Beyond this share of the archive's size, a disk with less room is not tried.
_SPARE = 16 << 20


class Restoring:
    """Checks archives and restores them into one data folder."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._swap = backup.Swap(layout.data, layout.trash)

    @property
    def waits(self) -> bool:
        """Whether a restore was decided or cut off; opening the data folder finishes it."""
        return self._swap.waits

    def verify(self, path: Path, passphrase: str, job: Job) -> Verified:
        """Read all of an archive and compare every checksum.

        Raises:
            Missing: it is not there.
            NotTrusted: it is encrypted, and this is not its passphrase.
            Refused, Failed: it is no backup, of a newer program, damaged or cut off.
        """
        with _opened(path, passphrase) as (file, sealed):
            about, manifest = backup.check(file, _teller(job, "Checking", path))
        return _verified(path, about, manifest, sealed)

    def about(self, path: Path, passphrase: str) -> About:
        """What an archive says of itself; nothing is checked yet.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `verify`.
        """
        with _opened(path, passphrase) as (file, _sealed):
            return backup.about_of(file)

    def preview(self, path: Path, passphrase: str, job: Job) -> Preview:
        """What restoring would replace; the archive is verified first.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `verify`.
        """
        verified = self.verify(path, passphrase, job)
        free, needed = bases.room(self._layout.data), verified.size
        present = self._present()
        about = verified.about
        return Preview(
            verified=verified,
            differences=compare(self._holdings(present), about.holdings),
            free=free,
            needed=needed,
            obstacle=_busy(present) or _obstacle(verified, free),
            fresh=not self._layout.database.exists(),
            notes=_notes(about, present),
        )

    def stage(self, path: Path, passphrase: str, job: Job) -> Restored:
        """Lay an archive ready; it takes the place of the data with the next start.

        Raises:
            Missing, NotTrusted, Refused, Failed: as `verify`; nothing was changed then.
            Clash: another program is restoring here.
        """
        fresh = not self._layout.data.exists()
        try:
            self._layout.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._swap.alone():
                about = self._lay_ready(path, passphrase, job)
        except OSError as error:
            raise _no_room(error, self._layout.data) from error
        finally:
            if fresh and not self._swap.waits:
                self._remove_made()
        changes = Changes(Touched.HISTORY)
        return Restored(path, about, changes, waits=True)

    def restore(self, path: Path, passphrase: str, job: Job) -> Restored:
        """Lay ready and put in the data's place at once; nobody else may have the folder open.

        Raises:
            Clash: somebody has; nothing was changed.
            Missing, NotTrusted, Refused, Failed: as `stage`.
        """
        self.refuse_open()
        staged = self.stage(path, passphrase, job)
        job.progress("Putting it in place")
        try:
            swapped = self.finish(patience=0.0)
        except Clash:
            self._swap.give_up()
            raise
        aside = swapped.aside if swapped else None
        return Restored(path, staged.about, Changes(Touched.EVERYTHING), aside)

    def refuse_open(self) -> None:
        """Raise Clash when the window has this data folder open."""
        state = WindowLock(self._layout).state()
        if state.answer is Answer.RUNNING:
            raise Clash(
                f"The window is open on this data folder (PID {state.pid}).",
                "Close it with “aiops-desktop stop”, then try again.",
            )

    def finish(self, patience: float = PATIENCE) -> Swapped | None:
        """Before the database is opened: do what is left of a restore, and remove the rest of one.

        Args:
            patience: seconds to wait for programs that still have the folder open.

        Raises:
            Clash: they have it open still.
            Failed: something could not be moved; the next start goes on with it.
        """
        if not (self._layout.data / backup.FOLDER).exists():
            return None
        end = time.monotonic() + patience
        while True:
            try:
                with self._swap.alone():
                    if not self._swap.waits:  # what a process left that died while laying ready
                        self._swap.give_up()
                        return None
                    bases.close_all(self._layout.database)
                    return self._swap.finish()
            except Clash:
                if not self._swap.waits:
                    return None  # it is being laid ready, which keeps nobody from working
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def way_back(self, aside: Path) -> WayBack:
        """What bringing back the data from before a restore would replace.

        Raises:
            Failed: it is not whole.
        """
        present = self._present()
        then = bases.check(aside / self._layout.database.name)
        settings = told_settings(aside / self._layout.settings.name)
        return WayBack(
            compare(self._holdings(present), _held(then, settings)), obstacle=_busy(present)
        )

    def stage_back(self, aside: Path) -> Restored:
        """Have the data from before a restore brought back with the next start.

        Raises:
            Refused: a run is at work.
            Failed: it is not whole.
            Clash: another program is restoring here.
        """
        obstacle = self.way_back(aside).obstacle
        if obstacle:
            raise Refused(f"{aside.name} cannot be brought back now. {obstacle}")
        with self._swap.alone():
            self._swap.give_up()  # what was laid ready before is not wanted any more
            self._swap.decide_back(aside, whole=(aside / "tenants").is_dir())
        return Restored(aside, self._about_aside(aside), Changes(Touched.HISTORY), waits=True)

    def put_back(self, aside: Path) -> Restored:
        """Bring back the data from before a restore; what is there now goes to the trash in turn.

        Raises:
            Clash: somebody has the data folder open.
            Failed: it cannot be moved, or is not whole.
        """
        self.refuse_open()
        about = self._about_aside(aside)
        with self._swap.alone():
            self._swap.decide_back(aside, whole=(aside / "tenants").is_dir())
        try:
            swapped = self.finish(patience=0.0)
        except Clash:
            self._swap.give_up()
            raise
        there = swapped.aside if swapped else None
        return Restored(aside, about, Changes(Touched.EVERYTHING), there)

    # How -------------------------------------------------------------------------------------

    def _about_aside(self, aside: Path) -> About:
        base = aside / self._layout.database.name
        found = bases.check(base)
        made = datetime.fromtimestamp(base.stat().st_mtime, UTC)
        return About(made, "", BackupKind.HAND, found.schema, counts=found.counts)

    def _holdings(self, present: bases.Glimpse) -> Holdings:
        return _held(present, told_settings(self._layout.settings))

    def _lay_ready(self, path: Path, passphrase: str, job: Job) -> About:
        self._swap.clear()
        try:
            with _opened(path, passphrase) as (file, _sealed):
                told = _teller(job, "Unpacking", path)
                about, manifest = backup.unpack(file, self._swap.staged, told)
            self._check(about, manifest)
            job.progress("Bringing it to the disk")
            self._swap.decide(path.name, about.made.isoformat(), whole=about.whole)
        except BaseException:
            self._swap.give_up()
            raise
        return about

    def _check(self, about: About, manifest: Manifest) -> None:
        staged = self._swap.staged / self._layout.database.name
        if self._layout.database.name not in manifest.files:
            raise Failed("The backup holds no database.", "Take another one.")
        found = bases.check(staged)
        if found.schema != about.schema:
            raise Failed("The backup says another thing of its database than the database itself.")

    def _remove_made(self) -> None:
        self._swap.give_up()
        for left in (self._layout.data / ".restore.lock",):
            left.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._layout.data.rmdir()

    def _present(self) -> bases.Glimpse:
        try:
            if self._layout.database.exists():
                return bases.glimpse(self._layout.database)
        except Trouble:  # damaged: all the better that it is replaced
            pass
        return bases.Glimpse("")


@contextlib.contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[tuple[IO[bytes], bool]]:
    """An archive's plain bytes, and whether it is encrypted."""
    try:
        with path.open("rb") as file:
            if stream.head(file) is None:
                yield file, False
                return
            if not passphrase:
                raise needs_passphrase(path)
            plain = io.BufferedReader(Opening(file, passphrase), stream.PIECE)
            yield plain, True
    except FileNotFoundError as error:
        raise Missing(f"There is no file {path}.", "Look at the list of backups.") from error
    except IsADirectoryError as error:
        raise Refused(f"{path} is a folder.", "Choose a backup's file.") from error
    except OSError as error:
        raise Failed(
            f"{path} could not be read, or what is in it not written: {error.strerror}.",
            "Check the permissions, and the room on the disk.",
        ) from error


def needs_passphrase(path: Path) -> NotTrusted:
    """An encrypted archive without its passphrase."""
    return NotTrusted(
        f"{path.name} is encrypted.", "Enter the passphrase it was made with.", field="passphrase"
    )


def _teller(job: Job, words: str, path: Path) -> Callable[[int], None]:
    total, done = max(1, path.stat().st_size), 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        job.progress(words, min(done, total - 1), total)

    return told


def _verified(path: Path, about: About, manifest: Manifest, sealed: bool) -> Verified:
    changes = Changes(Touched.BACKUPS)
    return Verified(path, about, len(manifest.files), manifest.size, sealed, changes)


def _held(found: bases.Glimpse, settings: dict[str, str]) -> Holdings:
    return Holdings(found.schema, found.counts, found.names, found.marks, settings)


def _busy(present: bases.Glimpse) -> str:
    return f"The run “{present.at_work[0]}” is at work. Stop it first." if present.at_work else ""


def _obstacle(verified: Verified, free: int) -> str:
    if free < verified.size + _SPARE:
        return "There is not enough room on the disk of the data folder. Make some first."
    if verified.about.schema and verified.about.schema not in KNOWN:
        return "It was made by a newer version of this program. Update this one first."
    return ""


def _notes(about: About, present: bases.Glimpse) -> tuple[str, ...]:
    notes: list[str] = []
    if not about.whole:
        notes.append("It is a snapshot: only database and settings are replaced.")
    elif not about.checkouts:
        notes.append("Checkouts and running sessions stay as they are.")
    if about.outside:
        notes.append(
            f"The checkout of {named(list(about.outside))} lay outside of the data folder, "
            "so it is not in it."
        )
    if about.warning:
        notes.append(f"{about.warning} Private keys are written for you alone (0600).")
    if about.data_key == "keyring" and about.counts.get("secrets"):
        notes.append("Its tokens can be read where the keyring holds their key; enter them anew "
                     "elsewhere.")  # fmt: skip
    if present.schema:
        notes.append("The present data goes to the trash and can be brought back.")
    return tuple(notes)


def _no_room(error: OSError, data: Path) -> Failed:
    return Failed(
        f"The data folder {data} could not be written: {error.strerror}.",
        "Check its permissions, and the room on the disk. Nothing was replaced.",
    )
