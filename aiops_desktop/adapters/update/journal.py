"""What an update under way has done so far, so that it can be undone after a crash."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from aiops_desktop.adapters import living
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.domain.updates import Stage

#: Beside git's own files: neither git nor “make clean” touches it.
_FOLDER = "aiops-update"


@dataclass(frozen=True, slots=True)
class Journal:
    """One update under way.

    Attributes:
        mark: names the process that does it (`living.mark`); "" when nobody does any more.
        stage: the step that was begun last.
        before: commit id of HEAD before it.
        branch: full name of the ref HEAD stands on, "" when it stands on none.
        target: commit id it moves to; "" until that is known.
        stash: commit with the local changes, "" when there are none.
        database: the database's file, "" when there was none.
        copy: a copy of it from the moment before it was changed.
        environment: whether the environment was kept before it was changed.
        trial: a data folder the new version was tried on; it goes with the journal.
    """

    mark: str
    stage: Stage
    before: str
    branch: str = ""
    target: str = ""
    stash: str = ""
    database: str = ""
    copy: str = ""
    environment: bool = False
    trial: str = ""

    @property
    def lives(self) -> bool:
        """Whether the process that does it still runs."""
        pid, _, began = self.mark.partition(":")
        try:
            born = living.birth(int(pid))
            return born is not None and abs(born - float(began)) < 1.5
        except ValueError:
            return False
        except ImportError:  # off Linux, with a broken environment: then no updater runs either
            return False


def folder(root: Path) -> Path:
    """Where an update of this checkout keeps its things; also right in a linked work tree."""
    dot = root / ".git"
    if dot.is_file():  # gitrepository-layout(5): “gitdir: PATH”
        with contextlib.suppress(OSError, UnicodeDecodeError):
            name = dot.read_text().partition("gitdir:")[2].strip()
            if name:
                return root / name / _FOLDER
    return dot / _FOLDER


def read(root: Path) -> Journal | None:
    """The update that is under way or was cut off; None when there is none.

    Raises:
        Failed: there is a journal, but nobody can read it.
    """
    file = folder(root) / "journal.json"
    try:
        told = json.loads(file.read_text())
        known = {item.name for item in fields(Journal)}
        made = {name: value for name, value in told.items() if name in known}
        return Journal(**{**made, "stage": Stage(made["stage"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed(
            f"The journal of an update, {file}, cannot be read.",
            "Look at “git status” in that folder; when all is well there, remove the file.",
            str(error),
        ) from error


def begin(root: Path, journal: Journal) -> None:
    """Write the first entry; from here on the update can be undone.

    What an earlier update kept goes, should it have been killed in the middle of its `end`.

    Raises:
        Refused: another one is under way.
        Failed: it cannot be written.
    """
    _write(root, journal, first=True)
    for old in folder(root).iterdir():
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)


def write(root: Path, journal: Journal) -> None:
    """Write where it stands; on disk when this returns.

    Raises:
        Failed: it cannot be written.
    """
    _write(root, journal, first=False)


def end(root: Path) -> None:
    """It is over, one way or the other; what it kept goes."""
    place = folder(root)
    (place / "journal.json").unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


def child(root: Path) -> Path:
    """The file with the process id of what an update has started, while that runs."""
    return folder(root) / "child"


def noted(root: Path, words: Sequence[str]) -> list[str]:
    """A command that writes down its process id first, which is its group's, too.

    Whoever puts an update back that was killed must end what that had started, before it goes on
    changing things.
    """
    return ["/bin/sh", "-c", '{ echo $$ >"$0"; } 2>/dev/null; exec "$@"', str(child(root)), *words]


def under_way() -> Refused:
    """What is said to whom comes in the middle of an update."""
    return Refused(
        "The program is being updated just now.", "Wait until that has ended, then try again."
    )


def _write(root: Path, journal: Journal, *, first: bool) -> None:
    place = folder(root)
    file, part = place / "journal.json", place / f"journal.{os.getpid()}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("w") as sink:
            json.dump(asdict(journal), sink)
            sink.flush()
            os.fsync(sink.fileno())
        if first:
            os.link(part, file)
            part.unlink()
        else:
            part.replace(file)
        _settle(place)
    except FileExistsError:
        raise under_way() from None
    except OSError as error:
        raise Failed(
            f"The journal of the update could not be written: {error.strerror}.",
            f"Check the space and permissions of {place}.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _settle(place: Path) -> None:
    """A rename is on disk when its folder is (fsync(2))."""
    with contextlib.suppress(OSError):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
