"""System update: what runs, what there is, and the way from one to the other."""

from __future__ import annotations

import contextlib
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import process
from aiops_desktop.adapters.update import journal, releases
from aiops_desktop.adapters.update.checkout import Checkout
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.trouble import Missing, Refused, Trouble
from aiops_desktop.domain.updates import (
    Release,
    Stage,
    Standing,
    Step,
    StepState,
    Updated,
    Version,
    newer,
)
from aiops_desktop.services.update_packages import how, installed
from aiops_desktop.services.update_rollback import roll_back
from aiops_desktop.services.update_run import Run, Tell, Wanted

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.settings import Settings
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History

#: Logs of updates that are kept.
KEPT = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """What to follow for once; empty values mean the settings'. `releases` None: the settings'."""

    remote: str = ""
    branch: str = ""
    releases: bool | None = None


class Updates:
    """Looks for a newer version and moves to it.

    Args of the constructor: `package` is the folder of the package; `settings` gives those in
    force; `database` the file; `mark` names this process; `environ` is our environment.
    """

    def __init__(
        self,
        layout: Layout,
        package: Path,
        settings: Callable[[], Settings],
        history: History,
        *,
        database: Callable[[], Path],
        scrub: Callable[[str], str],
        mark: str,
        environ: Mapping[str, str],
    ) -> None:
        self._layout, self._settings, self._history = layout, settings, history
        self._database, self._scrub, self._mark, self._environ = database, scrub, mark, environ
        self.kind, self._root = releases.kind(package)
        self._release: Release | None = None
        self._looked: datetime | None = None
        #: What this process began with; the checkout may have moved on since.
        self._begun: Version | None = None

    # Looking ---------------------------------------------------------------------------------

    def standing(self, choice: Choice = Choice()) -> Standing:
        """What runs and what is known to be newer; asks no server.

        Raises:
            Failed: the checkout cannot be read.
        """
        told = self._settings().update
        base = Standing(self.kind, self._running(), restart_command=told.restart_command)
        if self._root is None:
            return self._packaged(replace(base, looked=self._looked, address=told.releases_url))
        checkout = Checkout(self._root)
        remote, branch = choice.remote or told.remote, choice.branch or told.branch
        by_tag = told.follow == "releases" if choice.releases is None else choice.releases
        base = replace(
            base,
            root=self._root,
            remote=remote,
            branch=branch,
            releases=by_tag,
            address=_clean(checkout.address(remote)),
            changed=checkout.changed(),
            looked=self._looked,
            unfinished=self.unfinished(),
            moved=checkout.place().commit != self._running().commit,
            blocked=checkout.blocked(),
        )
        try:
            target = checkout.target(remote, branch, releases=by_tag)
        except Refused as refused:
            return replace(base, blocked=base.blocked or str(refused))
        if not target:
            return base
        news = checkout.news(checkout.place().commit, target)
        return replace(
            base,
            available=checkout.version(target) if news.count else None,
            commits=news.subjects,
            count=news.count,
            own_commits=news.own,
        )

    def look(self, job: Job, choice: Choice = Choice()) -> Standing:
        """Ask the remote, or the list of releases, for something newer.

        Raises:
            Failed, NotTrusted: it was not reached, or its answer makes no sense.
            Missing: a package has no list of releases to look at.
            Refused: no such remote or branch.
            Stopped: the job was stopped.
        """
        told = self._settings().update
        if self._root is None:
            if not told.releases_url:
                raise Missing(
                    "Nobody has said where newer releases are listed.",
                    "Enter the address in the settings (Updates, Releases).",
                    field="update.releases_url",
                )
            self._release = releases.latest(told.releases_url, job)
        else:
            Checkout(self._root).fetch(
                choice.remote or told.remote, choice.branch or told.branch, job
            )
        self._looked = datetime.now(UTC)
        return self.standing(choice)

    def unfinished(self) -> bool:
        """Whether an update was cut off and is still to be rolled back."""
        try:
            found = journal.read(self._root) if self._root else None
        except Trouble:
            return False
        return found is not None and not found.lives

    # Doing -----------------------------------------------------------------------------------

    def update(
        self,
        job: Job,
        *,
        tell: Tell = lambda _step: None,
        choice: Choice = Choice(),
        restart: bool = False,
    ) -> Updated:
        """Move to the newest version: code, packages and database, or nothing of it.

        Local changes are set aside and brought back. The new version is tried on a copy of the
        data before the database itself is touched.

        Args:
            job: hears every line; its Stop rolls back.
            tell: hears of each step, in this thread.
            choice: what to follow for once.
            restart: start the restart command at the end, when there is one.

        Raises:
            Clash, Failed, Missing, Refused: a step failed, and everything is as it was before (or
                the sentence says what is not).
            Stopped: stopped, and everything is as it was before.
        """
        root = self._checkout_root()
        told = self._settings().update
        by_tag = told.follow == "releases" if choice.releases is None else choice.releases
        wanted = Wanted(
            choice.remote or told.remote,
            choice.branch or told.branch,
            by_tag,
            self._mark,
            self._database(),
            self._layout.backups,
            self._layout.data,
            {n: self._environ[n] for n in ("DATABASE_URL",) if n in self._environ},
        )
        self._running()
        with self._log(job) as (say, path):
            with self._history.doing("update", f"{wanted.remote}/{wanted.branch}") as entry:
                entry.facts = {"log": path.name}
                try:
                    before, after = Run(root, wanted, job, say, tell).to_the_end()
                finally:
                    entry.output = path.read_text(errors="replace")[-20_000:]
                entry.note = _moved(before, after)
                entry.facts |= {"before": before.commit, "after": after.commit}
            self._looked = datetime.now(UTC)
            new = before.commit != after.commit
            restarting = new and self._restart(told.restart_command, restart, say, tell)
        if not new:
            path.unlink(missing_ok=True)
        touched = Touched.SETTINGS | Touched.HISTORY
        return Updated(Changes(touched), before, after, path, restarting, _moved(before, after))

    def roll_back(self, job: Job) -> Done:
        """Try again to put everything back after an update that was cut off.

        Raises:
            Refused: there is none, or it still runs.
            Failed: something could still not be put back.
        """
        root = self._checkout_root()
        found = journal.read(root)
        if found is None:
            raise Refused("There is no update to roll back.")
        if found.lives:
            raise journal.under_way()
        with self._history.doing("roll back update", found.before[:8]):
            roll_back(root, found, job.line)
        return Done(Changes(Touched.SETTINGS | Touched.HISTORY), f"Back at {found.before[:8]}.")

    # Parts -----------------------------------------------------------------------------------

    def _running(self) -> Version:
        """What this process runs: what it found when it was first asked."""
        if self._begun is None:
            self._begun = Checkout(self._root).version() if self._root else Version(installed())
        return self._begun

    def _checkout_root(self) -> Path:
        if self._root is None:
            raise Refused(
                "This copy of the program was installed as a package; it cannot update itself.",
                "Look for a release, and install it as the page says.",
            )
        return self._root

    def _packaged(self, base: Standing) -> Standing:
        found = self._release
        if found is None or not newer(found.number, base.running.number):
            return base
        return replace(
            base,
            available=Version(found.number, time=found.time),
            release=found,
            install=how(self.kind, found),
        )

    def _restart(self, command: str, wanted: bool, say: Callable[[str], None], tell: Tell) -> bool:
        if not wanted or not command:
            tell(Step(Stage.RESTART, StepState.SKIPPED, "restart to use the new version"))
            return False
        tell(Step(Stage.RESTART, StepState.RUNNING, command))
        say(f"$ {command}")
        try:
            words = shlex.split(command)
            log = self._layout.logs / "restart.log"
            process.start_detached(words, env=process.environment(), cwd=Path.home(), log=log)
        except (ValueError, IndexError, Trouble) as error:
            tell(
                Step(Stage.RESTART, StepState.FAILED, f"The command could not be started: {error}")
            )
            say(f"The restart command could not be started: {error}")
            return False
        tell(Step(Stage.RESTART, StepState.DONE, command))
        return True

    @contextlib.contextmanager
    def _log(self, job: Job) -> Iterator[tuple[Callable[[str], None], Path]]:
        """A file for this update, and the call that writes a line to it and to the job."""
        folder = self._layout.logs
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"update-{time.strftime('%Y%m%d-%H%M%S')}.log"
        with path.open("a", buffering=1) as sink:

            def say(text: str) -> None:
                sink.write(f"{time.strftime('%H:%M:%S')} {self._scrub(text)}\n")
                job.line(text)

            yield say, path
        for old in sorted(folder.glob("update-*.log"))[:-KEPT]:
            old.unlink(missing_ok=True)


def _moved(before: Version, after: Version) -> str:
    if before.commit == after.commit:
        return f"{before.number} is the newest version."
    return f"{before.number} ({before.commit[:8]}) to {after.number} ({after.commit[:8]})"


def _clean(address: str) -> str:
    """The remote's address without a token that may stand in it."""
    try:
        return parse_remote(address).text if address else ""
    except Refused:
        return address.rpartition("@")[2]
