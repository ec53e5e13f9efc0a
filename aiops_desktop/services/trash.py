"""The trash: deleted tenants and projects, and the data before a restore, for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.backups import Restored, Trashed, WayBack
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.names import free_slug
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.leftovers import elsewhere
from aiops_desktop.storage.trash import Trashcan

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.settings import Settings
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.restoring import Restoring
    from aiops_desktop.storage.leftovers import Leftovers, Rows

_OLD = (
    "Its rows were not kept when it was deleted. Its folders can be taken from the trash by hand."
)


class Trash:
    """Lists what was deleted, brings it back, and removes it for good.

    Args of the constructor: `close` ends our own connections to the database.
    """

    def __init__(
        self,
        layout: Layout,
        leftovers: Leftovers,
        history: History,
        settings: Callable[[], Settings],
        restoring: Restoring,
        *,
        close: Callable[[], object],
    ) -> None:
        self._layout, self._leftovers, self._history = layout, leftovers, history
        self._settings, self._restoring, self._close = settings, restoring, close
        self._can = Trashcan(layout)
        #: Bytes by name; what lies in the trash does not change.
        self._sizes: dict[str, int] = {}

    def all(self, *, sized: bool = False) -> list[Trashed]:
        """What lies there, the latest first; `sized` has their files looked at once, too."""
        days = self._settings().backup.trash_days
        places = [(place, told) for place, told in self._can.all() if told is not None]
        for place, _told in places:
            if sized and place.name not in self._sizes:
                self._sizes[place.name] = self._can.size(place.name)
        found = [self._trashed(place, told, days) for place, told in places]
        return sorted(found, key=lambda one: (one.deleted, one.name), reverse=True)

    def get(self, name: str) -> Trashed:
        """One by its folder's name, or by the name of what it was when that is clear.

        Raises:
            Missing: there is none.
            Refused: there are several.
        """
        every = self.all()
        found = [one for one in every if one.name == name]
        found = found or [one for one in every if one.title.casefold() == name.casefold()]
        if not found:
            raise Missing(
                f"There is nothing called “{name[:60]}” in the trash.", "Look at its list."
            )
        if len(found) > 1:
            names = ", ".join(one.name for one in found)
            raise Refused(f"Several things in the trash are called so: {names}.", "Name one.")
        return found[0]

    def restore(self, name: str, job: Job) -> Done | Restored:
        """Bring it back: rows, folders, and what can still be read of its secrets.

        Where its name or its place was taken meanwhile, it gets another one. The data before a
        restore takes the place of what is there now; these services must not be used afterwards.

        Raises:
            Missing: it is not there.
            Refused: it cannot be brought back now; says why.
            Clash: somebody has the data folder open, when that is to be replaced.
            Failed: a folder cannot be moved; everything stays as it was.
        """
        found = self.get(name)
        if found.obstacle:
            raise Refused(f"“{found.title}” cannot be brought back. {found.obstacle}")
        if found.what == "restore":
            self._restoring.refuse_open()
            self._close()
            return self._restoring.put_back(self._layout.trash / found.name)
        with self._history.doing(f"bring back {found.what}", found.title) as entry:
            rows = self._can.rows(found.name)
            root = rows[f"{found.what}s"][0]
            job.progress("Bringing back folders")
            entry.tenant_id = root["id"] if found.what == "tenant" else root["tenant_id"]
            entry.project_id = root["id"] if found.what == "project" else None
            called, moved, places = self._places(found, rows, root)
            with self._can.out(found.name, places):
                if not self._leftovers.there(found.what, root["id"]):
                    root["name"] = called
                    self._leftovers.put_back(rows, moved, self._layout)
            entry.note = "" if called == found.title else f"It is called {called} now."
        more = f" It is called “{called}” now, because another one has its name."
        summary = f"“{found.title}” is back.{more if called != found.title else ''}"
        return Done(Changes(Touched.EVERYTHING), summary)

    def way_back(self, name: str) -> WayBack:
        """What going back to before a restore would replace.

        Raises:
            Missing, Refused: as `get`, or it is something else.
            Failed: it is not whole.
        """
        return self._restoring.way_back(self._before_restore(name))

    def stage(self, name: str) -> Restored:
        """Have the data from before a restore brought back when the program starts next.

        Raises:
            Missing, Refused, Failed: as `way_back`, or a run is at work; nothing was changed then.
            Clash: another program is restoring here.
        """
        aside = self._before_restore(name)
        with self._history.doing("undo restore", name):
            return self._restoring.stage_back(aside)

    def empty(self, names: list[str], job: Job) -> Done:
        """Remove for good: private keys are overwritten first.

        Raises:
            Missing, Refused: as `get`; nothing was removed then.
            Failed: a folder cannot be removed.
        """
        found = [self.get(name) for name in names]
        for number, one in enumerate(found):
            job.progress(f"Removing {one.title}", number, len(found))
            with self._history.doing("empty trash", one.title) as entry:
                entry.facts = {"folder": one.name, "what": one.what}
                self._remove(one.name)
        what = (
            "Nothing was"
            if not found
            else "1 thing was"
            if len(found) == 1
            else f"{len(found)} things were"
        )
        return Done(
            Changes(Touched.HISTORY | Touched.BACKUPS), f"{what} removed from the trash for good."
        )

    def tidy(self, job: Job) -> Done:
        """Remove what has lain there for longer than the settings say."""
        now = datetime.now(UTC)
        return self.empty([one.name for one in self.all() if one.goes and one.goes <= now], job)

    # How -------------------------------------------------------------------------------------

    def _before_restore(self, name: str) -> Path:
        found = self.get(name)
        if found.obstacle or found.what != "restore":
            why = found.obstacle or "It is not the data from before a restore."
            raise Refused(f"“{found.title}” cannot take the place of the data. {why}")
        return self._layout.trash / found.name

    def _trashed(self, place: Path, told: dict[str, Any], days: int) -> Trashed:
        what, deleted = str(told.get("what", "")), _when(told, place)
        thing = told.get(what)
        thing = thing if isinstance(thing, dict) else {}
        return Trashed(
            name=place.name,
            what=what,
            title=str(thing.get("name") or told.get("title") or place.name),
            deleted=deleted,
            of=str(told.get("tenant") or "") if what == "project" else "",
            size=self._sizes.get(place.name, 0),
            goes=deleted + timedelta(days=days) if days else None,
            obstacle=self._obstacle(place, what, thing),
        )

    def _obstacle(self, place: Path, what: str, thing: dict[str, Any]) -> str:
        if what == "restore":
            base = (place / self._layout.database.name).exists()
            return "" if base else "There is no database in it."
        if what not in ("tenant", "project"):
            return "This program does not know what it was."
        if not self._can.has_rows(place.name):
            return _OLD
        if what == "project" and not self._leftovers.there("tenant", int(thing["tenant_id"])):
            return "Its tenant was deleted, too. Bring that back first."
        return ""

    def _places(
        self, found: Trashed, rows: Rows, root: dict[str, Any]
    ) -> tuple[str, list[tuple[str, str]], dict[str, Path]]:
        """Its name, which paths changed, and where each folder goes."""
        places = self._can.places(found.name)
        there = self._leftovers.there(found.what, root["id"])
        called = found.title if there else self._leftovers.free_name(found.what, root)
        taken = self._leftovers.slugs(found.what, root)
        old, slug = str(root["slug"]), str(root["slug"])
        while not there and (slug in taken or self._occupied(found, slug, places)):
            taken.add(slug)
            slug = free_slug(called, taken)
        moved: list[tuple[str, str]] = []
        if slug != old:
            root["slug"] = slug
            if found.what == "tenant":
                moved = [(f"{top}/{old}", f"{top}/{slug}") for top in ("tenants", "checkouts")]
            elif not root["adopted"]:
                before = str(root["checkout"])
                moved = [(before, before.removesuffix(old) + slug)]
        target = {
            name: self._layout.absolute(elsewhere(path, moved)) for name, path in places.items()
        }
        return called, moved, target

    def _occupied(self, found: Trashed, slug: str, places: dict[str, str]) -> bool:
        """Whether something lies where it would go, which is not itself half brought back."""
        if found.what == "tenant":
            ways = {"tenant": self._layout.tenant(slug), "checkouts": self._layout.checkouts / slug}
        else:
            way = places.get("checkout")
            ways = {"checkout": self._layout.absolute(way).with_name(slug)} if way else {}
        return any(
            self._can.holds(found.name, name) and path.exists() and any(path.iterdir())
            for name, path in ways.items()
        )

    def _remove(self, name: str) -> None:
        for path in self._can.private(name):
            ssh.erase(path)
        self._can.remove(name)


def _when(told: dict[str, Any], place: Path) -> datetime:
    try:
        found = datetime.fromisoformat(str(told["deleted"]))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)
