"""A folder of archives: their names, what they say of themselves, and what the last look found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiops_desktop.adapters import backup
from aiops_desktop.adapters.secrets import stream
from aiops_desktop.domain.backups import Backup, BackupKind, Check
from aiops_desktop.domain.trouble import Missing, Trouble

#: How archives are called: plain ones can be opened by tar, too.
PLAIN, SEALED = ".aiops.tar", ".aiops.sealed"
_NOTES = ".checks.json"


class Shelf:
    """The archives of one folder. What was found out of them is kept in a file beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Backup]:
        """Those that can be told by their names, the newest first."""
        try:
            paths = [path for path in self._folder.iterdir() if path.name.endswith((PLAIN, SEALED))]
        except OSError:
            return []
        notes = self._notes()
        found = [self._look(path, notes) for path in paths if not path.name.startswith(".")]
        return sorted(found, key=lambda one: (one.made, one.path.name), reverse=True)

    def one(self, path: Path) -> Backup:
        """An archive, whatever its name.

        Raises:
            Missing: it is not there.
        """
        if not path.is_file():
            raise Missing(f"There is no backup {path}.", "Look at the list of backups.")
        return self._look(path, self._notes())

    def sealed(self, path: Path) -> bool:
        """Whether it is encrypted."""
        with path.open("rb") as file:
            return file.read(len(stream.MAGIC)) == stream.MAGIC

    def free(self, made: datetime, kind: BackupKind, *, sealed: bool) -> Path:
        """A name that no archive here has."""
        stem, tail = f"{made.astimezone():%Y%m%d-%H%M%S}-{kind}", SEALED if sealed else PLAIN
        path, number = self._folder / f"{stem}{tail}", 2
        while path.exists():
            path, number = self._folder / f"{stem}-{number}{tail}", number + 1
        return path

    def remember(self, path: Path, check: Check, *, files: int = 0, sentence: str = "") -> None:
        """Keep what a look at all of an archive found; where nothing can be kept, nothing is."""
        notes = {
            name: note for name, note in self._notes().items() if (self._folder / name).exists()
        }
        notes[path.name] = {
            "stamp": _stamp(path),
            "check": check.value,
            "files": files,
            "sentence": sentence,
            "when": datetime.now(UTC).isoformat(),
        }
        part = self._folder / f"{_NOTES}.part"
        try:
            part.write_text(json.dumps(notes))
            part.replace(self._folder / _NOTES)
        except OSError:
            part.unlink(missing_ok=True)

    def _look(self, path: Path, notes: dict[str, Any]) -> Backup:
        state = path.stat()
        made, kind, program, sentence, sealed = _said(path)
        check, checked, files = Check.UNKNOWN, None, 0
        if sentence:
            check = Check.DAMAGED
        note = notes.get(path.name)
        if isinstance(note, dict) and note.get("stamp") == _stamp(path):
            try:
                check, files = Check(note["check"]), int(note["files"])
                checked = datetime.fromisoformat(str(note["when"]))
                sentence = str(note["sentence"])
            except (KeyError, ValueError, TypeError):
                check = Check.UNKNOWN
        return Backup(
            path=path,
            made=made or datetime.fromtimestamp(state.st_mtime, UTC),
            kind=kind,
            size=state.st_size,
            sealed=sealed,
            program=program,
            check=check,
            checked=checked,
            files=files,
            sentence=sentence,
        )

    def _notes(self) -> dict[str, Any]:
        try:
            told = json.loads((self._folder / _NOTES).read_text())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def _said(path: Path) -> tuple[datetime | None, BackupKind, str, str, bool]:
    """When, why and by which version it was made; what is wrong; whether it is encrypted."""
    sealed = False
    try:
        with path.open("rb") as file:
            told = stream.head(file)
            if told is None:
                about = backup.about_of(file)
                return about.made, about.kind, about.program, "", False
            sealed = True
            made = datetime.fromisoformat(str(told["made"]))
            made = made if made.tzinfo else made.replace(tzinfo=UTC)
            return made, BackupKind(told["kind"]), str(told["program"])[:40], "", True
    except Trouble as trouble:
        return None, BackupKind.HAND, "", trouble.what, sealed
    except (OSError, ValueError, KeyError, TypeError):
        return None, BackupKind.HAND, "", "The backup cannot be read.", sealed


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]
