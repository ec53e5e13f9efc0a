"""One update from its first step to its last, and back when one of them fails."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiops_desktop.adapters.update import journal
from aiops_desktop.adapters.update.checkout import Checkout
from aiops_desktop.adapters.update.environment import Environment
from aiops_desktop.adapters.update.journal import Journal
from aiops_desktop.adapters.update.moving import Mover
from aiops_desktop.domain.trouble import Clash, Failed, Stopped, Trouble
from aiops_desktop.domain.updates import Stage, Step, StepState, Version
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.update_rollback import VARIABLE, finish, roll_back
from aiops_desktop.storage import way_back

#: Seconds the new program gets for its migrations, and for its window to open.
MIGRATING, OPENING = 1800.0, 180.0

Tell = Callable[[Step], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an update is to do.

    Attributes:
        database: its file; it need not be there yet.
        backups: folder for the copies of it.
        data: the data folder, handed to the new program.
        more: further variables the new program needs to find the same database.
    """

    remote: str
    branch: str
    releases: bool
    mark: str
    database: Path
    backups: Path
    data: Path
    more: dict[str, str] = field(default_factory=dict)


class Run:
    """Carries an update out. Nothing is changed before the journal can undo it.

    `job` is told each line, `say` writes the log, `tell` hears of every step.
    """

    def __init__(
        self, root: Path, wanted: Wanted, job: Job, say: Callable[[str], None], tell: Tell
    ) -> None:
        self._root, self._wanted = root, wanted
        self._job, self._say, self._tell = job, say, tell
        self._checkout, self._mover = Checkout(root), Mover(root)
        self._environment = Environment(root)
        self._journal: Journal | None = None
        self._said = ""
        self.stage = Stage.FETCH

    def to_the_end(self) -> tuple[Version, Version]:
        """Update; the versions before and after, the same when there was nothing new.

        Raises:
            Clash, Failed, Missing, Refused: a step failed; everything is as it was before, or the
                sentence says what is not.
            Stopped: the person stopped it; everything is as it was before.
        """
        begun = self._checkout.place()
        before = self._checkout.version(begun.commit)
        with self._step(Stage.FETCH):
            target = self._fetch(begun.commit)
        if target == begun.commit:
            return before, before
        try:
            self._carry_out(begun.commit, begun.branch, target)
        except BaseException as error:
            self._undo(error)
            raise
        after = self._checkout.version()
        if self._journal is not None:
            finish(self._root, self._journal)
        return before, after

    # Steps -----------------------------------------------------------------------------------

    def _fetch(self, before: str) -> str:
        wanted, checkout = self._wanted, self._checkout
        checkout.fetch(wanted.remote, wanted.branch, self._job, self._say)
        target = checkout.target(wanted.remote, wanted.branch, releases=wanted.releases)
        news = checkout.news(before, target)
        commits = "1 commit" if news.count == 1 else f"{news.count} commits"
        self._said = f"{wanted.remote}/{wanted.branch}, {commits}" if news.count else "nothing new"
        return target if news.count else before

    def _carry_out(self, before: str, branch: str, target: str) -> None:
        wanted, checkout, mover = self._wanted, self._checkout, self._mover
        self._begin(Journal(wanted.mark, Stage.BACKUP, before, branch, trial=str(self._trial)))
        with self._step(Stage.BACKUP):
            self._back_up()
        with self._step(Stage.STASH):
            blocked = checkout.blocked()
            if blocked:
                raise Clash(blocked)
            files = checkout.changed()
            stash = mover.keep_changes(before)
            self._note(Stage.STASH, stash=stash)
            mover.set_aside(before, stash)
            self._said = _set_aside(files)
        with self._step(Stage.SWITCH):
            final = mover.joined(before, target)
            self._free(before, final)
            self._note(Stage.SWITCH, target=final)
            mover.switch(before, branch, final)
            mover.bring_back(stash)
            self._said = f"{checkout.version(final).number}, {final[:8]}"
            self._said += "; the local changes are back" if stash else ""
        with self._step(Stage.DEPENDENCIES):
            self._note(Stage.DEPENDENCIES, environment=True)
            self._environment.sync(self._job, self._say)
            self._said = "as the new version locks them"
        with self._step(Stage.CHECK):
            self._note(Stage.CHECK)
            self._try_out()
        with self._step(Stage.MIGRATE):
            self._migrate()

    def _back_up(self) -> None:
        """Keep the environment, and copy the database for the new version to try itself on."""
        self._environment.keep()
        size = 0
        if self._wanted.database.is_file():
            size = way_back.copy(self._wanted.database, self._trial / "aiops.db")
        self._said = f"database {size / 1048576:.1f} MiB, verified" if size else "no database yet"

    def _free(self, before: str, target: str) -> None:
        found = self._mover.in_the_way(before, target)
        if found:
            raise Clash(
                f"The new version brings files that lie here already: {', '.join(found[:5])}.",
                "Move them away, then update again.",
            )

    def _try_out(self) -> None:
        """Migrate a copy of the database with the new program, and open its window on it."""
        had_window = self._environment.has_window()
        place = {"AIOPS_DATA_DIR": str(self._trial)}
        settings = self._wanted.data / "settings.toml"
        if settings.is_file():
            self._copy_settings(settings)
        self._ask("db-init", more=place, timeout=MIGRATING, what="upgrade a copy of the database")
        if had_window:
            self._ask(
                *("start", "--self-test"),
                more={**place, "QT_QPA_PLATFORM": "offscreen"},
                timeout=OPENING,
                what="open its window on a copy of the data",
            )
        self._said = "opens its window on a copy of the data" if had_window else "runs in a shell"

    def _copy_settings(self, settings: Path) -> None:
        """The person's settings, less those that lead to the real database and checkouts."""
        import tomlkit

        told = tomlkit.parse(settings.read_text())
        told.pop("storage", None)
        (self._trial / "settings.toml").write_text(tomlkit.dumps(told))

    def _migrate(self) -> None:
        wanted = self._wanted
        if not wanted.database.is_file():
            self._said = "no database yet"
            return
        copy = wanted.backups / f"before-update-{time.strftime('%Y%m%d-%H%M%S')}.db"
        self._job.check()
        way_back.copy(wanted.database, copy)
        self._note(Stage.MIGRATE, database=str(wanted.database), copy=str(copy))
        more = {**wanted.more, "AIOPS_DATA_DIR": str(wanted.data)}
        self._ask("db-init", more=more, timeout=MIGRATING, what="upgrade the database")
        _few(wanted.backups)
        self._said = f"done; a copy from before is {copy.name}"

    def _ask(self, *words: str, more: dict[str, str], timeout: float, what: str) -> None:
        self._say(f"$ aiops-desktop {' '.join(words)}")
        done = self._environment.program(
            *words,
            job=self._job,
            say=self._say,
            more={
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
                **more,
                VARIABLE: self._wanted.mark,
            },
            timeout=timeout,
        )
        if done.code:
            tail = (done.text + done.error_text).strip()
            raise Failed(
                f"The new version could not {what}.",
                "Tell those who make it; the details say what happened.",
                tail[-2000:],
            )

    # Around them -----------------------------------------------------------------------------

    @property
    def _trial(self) -> Path:
        """A data folder for the new program to try itself on."""
        return self._wanted.data / "update-trial"

    def _begin(self, first: Journal) -> None:
        self._job.check()
        journal.begin(self._root, first)
        self._journal = first
        shutil.rmtree(self._trial, ignore_errors=True)
        self._trial.mkdir(mode=0o700, parents=True)

    def _note(self, stage: Stage, **known: str | bool) -> None:
        if self._journal is not None:
            self._journal = replace(self._journal, stage=stage, **known)  # type: ignore[arg-type]  # by name
            journal.write(self._root, self._journal)

    @contextmanager
    def _step(self, stage: Stage) -> Iterator[None]:
        self._job.check()
        self.stage, self._said = stage, ""
        begun = time.monotonic()
        self._tell(Step(stage, StepState.RUNNING))
        self._job.progress(_DOING[stage], list(Stage).index(stage), len(Stage))
        self._say(f"== {_DOING[stage]}")
        try:
            yield
        except Trouble as trouble:
            self._tell(Step(stage, StepState.FAILED, trouble.what, time.monotonic() - begun))
            raise
        except Stopped:
            self._tell(Step(stage, StepState.FAILED, "stopped", time.monotonic() - begun))
            raise
        self._tell(Step(stage, StepState.DONE, self._said, time.monotonic() - begun))

    def _undo(self, error: BaseException) -> None:
        """Put everything back; `error` says so from then on."""
        if self._journal is None:
            return
        self._say(f"Rolling back: {'stopped' if isinstance(error, Stopped) else error}")
        try:
            roll_back(self._root, self._journal, self._say)
        except Trouble as trouble:
            with contextlib.suppress(Trouble):  # nobody does it any more
                journal.write(self._root, replace(self._journal, mark=""))
            raise Failed(
                f"The update failed, and not everything could be put back. {trouble.what}",
                trouble.hint,
                f"{error}\n{trouble.detail}",
                steps=("view.update",),
            ) from error
        if isinstance(error, Trouble):
            error.what = f"{error.what} Everything is as it was before the update."


#: What is said while a step runs.
_DOING = {
    Stage.FETCH: "Fetching the news",
    Stage.BACKUP: "Backing up",
    Stage.STASH: "Setting local changes aside",
    Stage.SWITCH: "Moving to the new version",
    Stage.DEPENDENCIES: "Installing packages",
    Stage.CHECK: "Trying the new version on a copy",
    Stage.MIGRATE: "Upgrading the database",
    Stage.RESTART: "Restarting",
}


def _set_aside(files: tuple[str, ...]) -> str:
    if not files:
        return "no local changes"
    shown = ", ".join(files[:2]) + (f" and {len(files) - 2} more" if len(files) > 2 else "")
    return f"set aside: {shown}"


def _few(backups: Path, most: int = 5) -> None:
    """Keep the newest copies of earlier updates."""
    for old in sorted(backups.glob("before-update-*.db"))[:-most]:
        old.unlink(missing_ok=True)
