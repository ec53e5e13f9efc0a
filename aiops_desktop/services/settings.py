"""Settings: read in layers, written one by one."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.setting_layers import (
    Effective,
    Given,
    Problem,
    Standing,
    merge,
    value_of,
)
from aiops_desktop.domain.setting_values import parse
from aiops_desktop.domain.settings import Schema, Settings, schema
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.settings_advice import look
from aiops_desktop.storage import settings as files

if TYPE_CHECKING:
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets

#: Paths of the settings that are secrets.
SECRETS = tuple(item.path for item in schema() if item.option.secret)
#: What the secret store is called as a place where values come from.
STORE = "secret store"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where settings come from.

    Attributes:
        source: the root of the source checkout the program runs from, whose .env also counts.
    """

    layout: Layout
    environ: Mapping[str, str]
    source: Path | None = None

    def read(self) -> tuple[Effective, dict[str, tuple[str, str]]]:
        """The settings, and the secret ones as path → (value, where from). Never raises."""
        found = [files.read_toml(self.layout.settings)]
        found += [files.read_env(path, where) for path, where in self._env_files()]
        found.append(files.read_environment(self.environ))
        secrets = {
            path: (value, place.layer.where)
            for place in found
            for path, value in place.secrets.items()
        }
        effective = merge([place.layer for place in found])
        problems = tuple(problem for place in found for problem in place.problems)
        places = {**effective.places, **{path: _secret_places(path, found) for path in SECRETS}}
        read = replace(effective, problems=problems + effective.problems, places=places)
        return read, secrets

    def stamp(self) -> tuple[tuple[int, int, int], ...]:
        """What is another one once a file was changed, by whoever it was."""
        paths = [self.layout.settings, *(path for path, _where in self._env_files())]
        return tuple(files.stamp(path) for path in paths)

    def _env_files(self) -> list[tuple[Path, str]]:
        """The .env files and what they are called, the weakest first."""
        found = [(self.layout.env, ".env")]
        if self.source and self.source / ".env" != self.layout.env:
            found.insert(0, (self.source / ".env", f"{self.source.name}/.env"))
        return found


class SettingsService:
    """Reads and writes the settings of this data folder."""

    def __init__(self, sources: Sources, secrets: Secrets, history: History) -> None:
        self._sources = sources
        self._secrets = secrets
        self._history = history
        self._lock = threading.Lock()
        self._read: tuple[Effective, dict[str, tuple[str, str]]] | None = None
        self._stamp: tuple[tuple[int, int, int], ...] = ()
        #: What this process began with; some settings count for its whole life.
        self._first = sources.read()[0].settings

    def current(self) -> Settings:
        """The settings in force; cheap: the files are read again only when they were changed.

        There are no secrets in it.
        """
        return self._known()[0].settings

    def effective(self) -> Effective:
        """The same, with origins and problems; the files are read anew."""
        self.reload()
        effective, given = self._known()
        origins, places = dict(effective.origins), dict(effective.places)
        for path in SECRETS:
            stored = self._secrets.has(_owner(path))
            if path in given:
                origins[path] = given[path][1]
            elif stored:
                origins[path] = STORE
            places[path] = _with_store(places[path], stored)
        waiting = frozenset(
            item.path
            for item in schema()
            if item.option.restart
            and value_of(effective.settings, item.path) != value_of(self._first, item.path)
        )
        return replace(effective, origins=origins, places=places, waiting=waiting)

    def problems(self) -> tuple[Problem, ...]:
        """Values that could not be taken, as last read."""
        return self._known()[0].problems

    def advice(self, values: Mapping[str, object]) -> dict[str, str]:
        """What this computer has to say to valid values, by path: a program that is not found.

        Nothing is refused for it: the program may be installed later.
        """
        known = {item.path: item for item in schema()}
        said = {
            path: look(known[path], str(raw), self._sources.layout)
            for path, raw in values.items()
            if path in known
        }
        return {path: sentence for path, sentence in said.items() if sentence}

    def reload(self) -> None:
        """Read the files again."""
        with self._lock:
            self._read = None

    def save(self, values: Mapping[str, object]) -> Done:
        """Write values by path ("semaphore.base_url"); a default is removed from the file.

        Secrets go to the secret store. Unknown keys in the file are kept.

        Raises:
            Refused: a value is not valid; `field` is its path. Nothing is written then.
        """
        known = {item.path: item for item in schema()}
        clean: dict[str, object] = {}
        for path, raw in values.items():
            item = known.get(path)
            if item is None:
                raise Refused(
                    f"There is no setting “{path}”.", "Look at the list of settings.", field=path
                )
            clean[path] = _parsed(item, raw)
        secret = {path: str(value) for path, value in clean.items() if known[path].option.secret}
        plain = {path: value for path, value in clean.items() if path not in secret}
        for value in secret.values():
            self._secrets.learn(value)
        with self._history.doing("change settings", ", ".join(clean) or "nothing") as entry:
            entry.facts = {path: str(value) for path, value in plain.items()}
            gone = [path for path, value in plain.items() if value == known[path].default]
            kept = {path: value for path, value in plain.items() if path not in gone}
            if plain:
                files.write_toml(self._sources.layout.settings, kept, gone)
            for path, value in secret.items():
                self._secrets.put(_owner(path), value)
            entry.note = self._overruled(plain)
        self.reload()
        return Done(Changes(Touched.SETTINGS | Touched.HISTORY), entry.note)

    def choose_theme(self, theme: str) -> Done:
        """Remember how the window shall look; everybody may, it changes nobody's work.

        Raises:
            Refused: there is no such theme.
        """
        return self.save({"appearance.theme": theme})

    def secret(self, path: str) -> str:
        """A secret setting: environment and .env before the secret store; "" when there is none.

        Raises:
            NotTrusted: the data key is missing or wrong.
        """
        given = self._known()[1].get(path)
        if given:
            return given[0]
        return self._secrets.get(_owner(path))

    def _known(self) -> tuple[Effective, dict[str, tuple[str, str]]]:
        """As last read; read anew when a file was changed since, by another program, too."""
        read, stamp = self._read, self._sources.stamp()
        if read is None or stamp != self._stamp:
            with self._lock:
                read = self._read = self._sources.read()
                self._stamp = stamp
            for value, _where in read[1].values():
                self._secrets.learn(value)
        return read

    def _overruled(self, plain: Mapping[str, object]) -> str:
        """A sentence when a saved value is not the one in force."""
        effective, _ = self._sources.read()
        for path in plain:
            where = effective.origins[path]
            if where not in ("default", self._sources.layout.settings.name):
                return f"{path} is set in {where}, which counts more than the saved value."
        return ""


def _parsed(item: Schema, raw: object) -> object:
    try:
        return parse(item, raw)
    except ValueError as error:
        raise Refused(str(error), f"See “{item.option.title}”.", field=item.path) from error


def _owner(path: str) -> str:
    return f"settings/{path}"


def _secret_places(path: str, found: Sequence[files.Found]) -> tuple[Given, ...]:
    """Where a secret may stand, the strongest place first; what it is stays unsaid."""
    chain: list[Given] = []
    for place in reversed(found):
        if place.layer.where == "settings.toml":
            continue
        used = any(given.standing is Standing.USED for given in chain)
        there = Standing.HIDDEN if used else Standing.USED
        standing = there if path in place.secrets else Standing.ABSENT
        chain.append(Given(place.layer.where, "", standing, place.layer.lines.get(path, 0)))
    return tuple(chain)


def _with_store(chain: tuple[Given, ...], stored: bool) -> tuple[Given, ...]:
    used = any(given.standing is Standing.USED for given in chain)
    there = Standing.HIDDEN if used else Standing.USED
    return (*chain, Given(STORE, "", there if stored else Standing.ABSENT))
