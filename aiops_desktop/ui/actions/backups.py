"""Verbs of backups and of the trash: make, check, restore, delete; bring back, empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import Backup, BackupMade, Trashed
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk

#: What the context menus of the two tables offer.
MENU = ("backup.verify", "backup.restore", "-", "backup.delete")
TRASH_MENU = ("trash.restore", "-", "trash.remove")


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _chosen(desk: Desk) -> str:
    if desk.backup is not None:
        return ""
    return _needs_house(desk) or tr("Show the backups and choose one first.")


def _thrown(desk: Desk) -> str:
    if desk.thrown is not None:
        return desk.thrown.obstacle
    return _needs_house(desk) or tr("Show the trash and choose something first.")


def _anything_thrown(desk: Desk) -> str:
    if desk.thrown is not None:
        return ""
    return _needs_house(desk) or tr("Show the trash and choose something first.")


def _free(desk: Desk) -> str:
    busy = any(record.alive and record.lane == "backup" for record in desk.jobs.shown)
    return tr("A backup is being made already.") if busy else _needs_house(desk)


def _with(act: Callable[[Desk, Backup], object]) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        if desk.backup is not None:
            act(desk, desk.backup)

    return run


def _make(desk: Desk) -> None:
    """As the settings say, into the backups folder."""
    house = desk.house
    desk.start(
        tr("Back up"),
        lambda job: house.backups.make(job),
        done=lambda made: told(desk, made),
        lane="backup",
        again=lambda: _make(desk),
    )


def told(desk: Desk, made: BackupMade) -> None:
    """Say that a backup is made, and what was left out of it."""
    left = made.left_out
    said = tr("{n} files are not in it, such as {name}.", n=len(left), name=left[0]) if left else ""
    icon = "warning" if left else "check-circle"
    desk.toast(icon, tr("Backed up"), said or made.about.warning or made.backup.path.name)


def _make_to(desk: Desk) -> None:
    from aiops_desktop.ui.dialogs.backup import BackupDialog

    BackupDialog(desk, over()).open()


def _verify(desk: Desk, backup: Backup) -> None:
    from aiops_desktop.ui.dialogs.restore import passphrase_wanted

    house = desk.house

    def failed(trouble: Trouble) -> None:
        if passphrase_wanted(trouble):
            _restore(desk, backup)
            return
        desk.announce(Changes(Touched.BACKUPS))
        desk.banner_wanted.emit(None, trouble)

    desk.start(
        tr("Verify {name}", name=backup.path.name),
        lambda job: house.backups.verify(backup.path, job),
        done=lambda found: desk.toast("check-circle", tr("The backup is whole"), found.summary),
        trouble=failed,
        lane="backup",
    )


def _restore(desk: Desk, backup: Backup) -> None:
    from aiops_desktop.ui.dialogs.restore import RestoreDialog

    RestoreDialog(desk, over(), backup.path).open()


def _restore_file(desk: Desk) -> None:
    from aiops_desktop.ui.dialogs.restore import choose_file

    choose_file(desk, over())


def _delete(desk: Desk, backup: Backup) -> None:
    from aiops_desktop.ui.dialogs.backup import DeleteBackupDialog

    DeleteBackupDialog(desk, over(), backup).open()


def _open_folder(desk: Desk) -> None:
    house = desk.house
    desk.read(lambda _job: house.backups.folder, lambda path: _show_folder(str(path)))


def _show_folder(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def _bring_back(desk: Desk) -> None:
    thrown, house = desk.thrown, desk.house
    if thrown is None:
        return
    if thrown.what == "restore":
        go_back(desk, thrown)
        return
    desk.start(
        tr("Bring back {name}", name=thrown.title),
        lambda job: house.trash.restore(thrown.name, job),
        done=lambda done: desk.toast("check-circle", tr("Brought back"), done.summary),
    )


def go_back(desk: Desk, thrown: Trashed) -> None:
    """Ask, then bring back the data from before a restore."""
    from aiops_desktop.ui.dialogs.undo_restore import UndoRestoreDialog

    UndoRestoreDialog(desk, over(), thrown).open()


def _undo_restore(desk: Desk) -> None:
    house = desk.house

    def found(all_: list[Trashed]) -> None:
        before = next((one for one in all_ if one.what == "restore" and not one.obstacle), None)
        if before is not None:
            go_back(desk, before)
        else:
            desk.toast("info", tr("Nothing was restored"), tr("There is no way back to go."))

    desk.read(lambda _job: house.trash.all(), found)


def _remove(desk: Desk) -> None:
    if desk.thrown is not None:
        _ask_removal(desk, [desk.thrown])


def _empty(desk: Desk) -> None:
    house = desk.house
    desk.read(lambda _job: house.trash.all(), lambda found: _ask_removal(desk, found))


def _ask_removal(desk: Desk, found: list[Trashed]) -> None:
    from aiops_desktop.ui.dialogs.backup import RemoveDialog

    if found:
        RemoveDialog(desk, over(), found).open()
    else:
        desk.toast("trash", tr("The trash is empty"))


def _of(
    name: str,
    title: str,
    run: Callable[[Desk], object],
    icon: str,
    unavailable: Callable[[Desk], str],
    *,
    danger: bool = False,
    words: str = "archive save copy",
    verb: str = "",
) -> Action:
    return Action(
        name, title, run, "File", icon, unavailable, danger=danger, words=words, verb=verb
    )


ACTIONS: tuple[Action, ...] = (
    Action("view.backups", tr("Show backups"), lambda desk: desk.go("backups"), "View", "archive",
           _needs_house, words="archive restore save"),
    Action("view.trash", tr("Show the trash"), lambda desk: desk.go("trash"), "View", "trash",
           _needs_house, words="deleted bring back undo"),
    _of("backup.now", tr("Back up now"), _make, "archive", _free,
        verb="backups.make"),
    _of("backup.to", tr("Back up to a file…"), _make_to, "archive", _free,
        words="archive save export passphrase encrypt",
        verb="backups.make"),
    _of("backup.verify", tr("Verify the backup"), _with(_verify), "shield-check", _chosen,
        verb="backups.verify"),
    _of("backup.restore", tr("Restore the backup…"), _with(_restore), "clock-counter-clockwise",
        _chosen,
        verb="backups.stage"),
    _of("backup.restore_file", tr("Restore from a file…"), _restore_file,
        "clock-counter-clockwise", _needs_house,
        verb="backups.stage"),
    _of("backup.undo_restore", tr("Go back to before the restore…"), _undo_restore,
        "arrow-counter-clockwise", _needs_house, danger=True, words="undo restore previous",
        verb="trash.stage"),
    _of("backup.open", tr("Open the backups folder"), _open_folder, "folder-open", _needs_house),
    _of("backup.delete", tr("Delete the backup…"), _with(_delete), "trash", _chosen, danger=True,
        verb="backups.remove"),
    _of("trash.restore", tr("Bring back from the trash"), _bring_back, "arrow-counter-clockwise",
        _thrown, words="undo undelete deleted",
        verb="trash.restore"),
    _of("trash.remove", tr("Remove from the trash for good…"), _remove, "trash", _anything_thrown,
        danger=True, words="delete",
        verb="trash.empty"),
    _of("trash.empty", tr("Empty the trash…"), _empty, "trash", _needs_house, danger=True,
        words="delete",
        verb="trash.empty"),
)  # fmt: skip
