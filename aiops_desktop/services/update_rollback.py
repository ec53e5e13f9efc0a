"""Undoes an update that failed or was cut off; needs nothing but the standard library."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from aiops_desktop.adapters.update import journal
from aiops_desktop.adapters.update.environment import Environment
from aiops_desktop.adapters.update.journal import Journal
from aiops_desktop.adapters.update.moving import Mover
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.domain.updates import Stage
from aiops_desktop.storage import way_back

#: Names the update to the programs it starts itself, which must not take it for one cut off.
VARIABLE = "AIOPS_UPDATE_STEP"


def roll_back(root: Path, found: Journal, say: Callable[[str], None]) -> None:
    """Bring back database, environment, commit and local changes, in this order.

    May be done again after it was cut off itself: each part looks at what is there.

    Raises:
        Failed: something could not be brought back; the journal stays, so that it can be tried
            again, and nothing that is kept is lost.
    """
    Environment(root).end_left()
    if found.stage is Stage.MIGRATE and found.copy and Path(found.copy).is_file():
        say("Putting the database back.")
        way_back.put_back(Path(found.copy), Path(found.database))
    if found.environment:
        say("Putting the Python environment back.")
        Environment(root).restore()
    say(f"Going back to {found.before[:8]}.")
    try:
        if found.stage is not Stage.BACKUP:  # until then no file was moved, and no change kept
            Mover(root).restore(found.before, found.branch, found.target, found.stash)
    except Trouble as trouble:
        kept = f" Your local changes are kept in commit {found.stash}." if found.stash else ""
        raise Failed(
            f"The program's checkout could not be brought back to {found.before[:8]}.{kept}",
            "Look at “git status” there, then start the program or scripts/update.sh again.",
            trouble.detail,
        ) from trouble
    finish(root, found)


def finish(root: Path, found: Journal) -> None:
    """It is over, one way or the other; what was kept for the way back goes."""
    if found.trial:
        shutil.rmtree(found.trial, ignore_errors=True)
    Mover(root).forget()
    journal.end(root)


def recover(root: Path, say: Callable[[str], None]) -> bool:
    """Roll back what a dead updater left; whether there was something.

    Raises:
        Refused: the updater lives.
        Failed: see `roll_back`.
    """
    found = journal.read(root)
    if found is None or os.environ.get(VARIABLE) == found.mark:
        return False
    if found.lives:
        raise journal.under_way()
    say("An update of the program was cut off; everything is put back as it was before it.")
    roll_back(root, found, say)
    return True
