"""`aiops-desktop backup|verify|restore`, `backups …` and `trash …`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.cli.shell import new_passphrase
from aiops_desktop.domain.backups import named
from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.trouble import Failed, NotTrusted, Refused, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.restoring import Restoring

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from typing import TypeVar

    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.backups import Backup, Preview, Restored, Trashed, Verified

    T = TypeVar("T")

_PROMPT = "Passphrase of the backup:"


def add(nouns: Nouns) -> None:
    """Add it to the command line."""
    make = verb(nouns, "backup", _backup, "write everything into one archive, and check it")
    make.add_argument("path", nargs="?", help="a file that is not there yet; the backups folder")
    make.add_argument("--checkouts", action="store_true", default=None, help="with checkouts")
    how = make.add_mutually_exclusive_group()
    how.add_argument(
        "--encrypt", action="store_true", help="ask for a passphrase, or read it from input"
    )
    how.add_argument("--open", action="store_true", help="not encrypted, whatever the settings say")
    _path(verb(nouns, "verify", _verify, "read an archive to its last byte"))
    back = _path(verb(nouns, "restore", _restore, "put an archive in the place of the data"))
    back.add_argument("--preview", action="store_true", help="only say what would be replaced")
    yes(back)
    verbs = noun(nouns, "backups", "the backups folder: list, clean up, what is due")
    verb(verbs, "list", _list, "the archives in it")
    verb(verbs, "due", _due, "make what the schedule asks for now (for cron)")
    yes(_path(verb(verbs, "delete", _delete, "delete one of them")))
    verbs = noun(nouns, "trash", "what was deleted: list, bring back, empty")
    verb(verbs, "list", _trash, "what can be brought back, and until when")
    yes(_name(verb(verbs, "restore", _bring_back, "bring something back")))
    empty = verb(verbs, "empty", _empty, "remove things for good; all when none is named")
    empty.add_argument("names", nargs="*", help="as the list shows them")
    yes(empty)


def _path(made: ArgumentParser) -> ArgumentParser:
    made.add_argument("path", help="the archive's file, or its name in the backups folder")
    return made


def _name(made: ArgumentParser) -> ArgumentParser:
    made.add_argument("name", help="as the list shows it, or what it was called")
    return made


# Backups -----------------------------------------------------------------------------------------


def _backup(shell: Shell, options: Namespace) -> None:
    passphrase = None
    if options.open:
        passphrase = ""
    elif options.encrypt:
        passphrase = new_passphrase(_PROMPT) if shell.asks else shell.secret(_PROMPT)
    path = Path(options.path) if options.path else None
    backups = shell.house.backups
    made = shell.work(
        "Back up",
        lambda job: backups.make(job, path, checkouts=options.checkouts, passphrase=passphrase),
    )
    for left in made.left_out:
        shell.note(f"Not in it: {left}.")
    shell.show(made, made.summary)


def _verify(shell: Shell, options: Namespace) -> None:
    path = _found(shell, options.path)
    found = _unlocked(shell, path, lambda job, phrase: _checked(shell, path, job, phrase))
    shell.show(found, f"{found.summary} {found.about.warning}".strip())


def _checked(shell: Shell, path: Path, job: Job, passphrase: str) -> Verified:
    """Without the data folder when that cannot be opened."""
    try:
        backups = shell.house.backups
    except (Failed, Refused):
        return Restoring(shell.layout).verify(path, passphrase, job)
    return backups.verify(path, job, passphrase)


def _restore(shell: Shell, options: Namespace) -> None:
    path = _found(shell, options.path)
    restoring = Restoring(shell.layout)
    if restoring.waits:  # half of the data may lie aside: first the one, then the other
        restoring.refuse_open()
        _ = shell.house
    phrases: list[str] = []

    def look(job: Job, passphrase: str) -> Preview:
        phrases[:] = [passphrase]
        return restoring.preview(path, passphrase, job)

    preview = _unlocked(shell, path, look)
    if options.preview:
        shell.show(preview, "\n".join(_preview(preview)))
        return
    for line in _preview(preview):
        shell.note(line)
    if preview.obstacle:
        raise Refused(f"{path.name} cannot be restored now. {preview.obstacle}")
    if not preview.fresh:
        restoring.refuse_open()
        shell.confirm("Replace the data?")
    done = shell.work("Restore", lambda job: _replace(shell, path, job, phrases[0]), Scrubber())
    shell.show(done, done.summary)


def _replace(shell: Shell, path: Path, job: Job, passphrase: str) -> Restored:
    """By the services, which look at the operator's role; where they cannot open, without them."""
    fresh = not shell.layout.database.exists()
    try:
        backups = None if fresh else shell.house.backups
    except (Failed, Refused):
        backups = None
    if backups is None:
        done = Restoring(shell.layout).restore(path, passphrase, job)
        shell.house.backups.note(done.path.name, done.aside)
        return done
    return backups.restore(path, job, passphrase)


def _preview(found: Preview) -> list[str]:
    lines = [found.verified.summary]
    for one in found.differences:
        parts = [
            f"{word}: {named(names)}"
            for word, names in (("goes", one.gone), ("back", one.back), ("changes", one.changed))
            if names
        ]
        told = f"; {'; '.join(parts)}" if parts else ""
        lines.append(f"  {one.noun}: {one.now} → {one.then}{told}")
    return [*lines, *found.notes, *([found.obstacle] if found.obstacle else [])]


def _list(shell: Shell, _options: Namespace) -> None:
    shell.rows(
        shell.house.backups.all(),
        ("BACKUP", "MADE", "KIND", "CHECK", "PROTECTION", "MiB"),
        _row,
        none=f"There is no backup in {shell.house.backups.folder} yet. Make one with “backup”.",
    )


def _row(one: Backup) -> tuple[object, ...]:
    made = f"{one.made.astimezone():%Y-%m-%d %H:%M}"
    protection = "encrypted" if one.sealed else "open"
    return one.path.name, made, one.kind, one.check, protection, f"{one.size / 2**20:.1f}"


def _due(shell: Shell, _options: Namespace) -> None:
    house = shell.house
    made = shell.work("Back up", lambda job: house.backups.run_due(job))
    shell.work("Tidy the trash", lambda job: house.trash.tidy(job))
    told = "\n".join(one.summary for one in made)
    shell.show(made, told or "Nothing is due.")


def _delete(shell: Shell, options: Namespace) -> None:
    found = shell.house.backups.find(options.path)
    shell.confirm(f"Delete {found.path.name} for good?")
    done = shell.house.backups.remove(found.path)
    shell.show(done, done.summary)


def _found(shell: Shell, text: str) -> Path:
    """A file by its path, or by its name in the backups folder."""
    path = Path(text).expanduser().absolute()
    if path.exists() or "/" in text:
        return path
    try:
        return shell.house.backups.find(text).path
    except Trouble:
        return path


def _unlocked(shell: Shell, path: Path, work: Callable[[Job, str], T]) -> T:
    """Try without a passphrase (or with the kept one), then ask for it."""
    try:
        kept = _kept(shell)
        return shell.work("Check", lambda job: work(job, kept), Scrubber())
    except NotTrusted as trouble:
        if trouble.field != "passphrase":
            raise
        shell.note(f"{path.name} is encrypted.")
    phrase = shell.secret(_PROMPT)
    return shell.work("Check", lambda job: work(job, phrase), Scrubber())


def _kept(shell: Shell) -> str:
    """The passphrase of the settings; a restore into a fresh folder must not make one for it."""
    if not shell.layout.database.exists():
        return ""
    try:
        return shell.house.settings.secret("backup.passphrase")
    except Trouble:
        return ""


# The trash ---------------------------------------------------------------------------------------


def _trash(shell: Shell, _options: Namespace) -> None:
    shell.rows(
        shell.house.trash.all(sized=True),
        ("NAME", "WHAT", "CALLED", "DELETED", "GOES", "MiB"),
        _thrown,
        none="The trash is empty.",
    )


def _thrown(one: Trashed) -> tuple[object, ...]:
    title = f"{one.of} / {one.title}" if one.of else one.title
    goes = f"{one.goes.astimezone():%Y-%m-%d}" if one.goes else "by hand"
    deleted = f"{one.deleted.astimezone():%Y-%m-%d %H:%M}"
    return one.name, one.what, title, deleted, goes, f"{one.size / 2**20:.1f}"


def _bring_back(shell: Shell, options: Namespace) -> None:
    trash = shell.house.trash
    found = trash.get(options.name)
    if found.what == "restore":
        shell.confirm("Replace the present data by that from before the restore?")
    done = shell.work(f"Bring back {found.title}", lambda job: trash.restore(found.name, job))
    shell.show(done, done.summary)


def _empty(shell: Shell, options: Namespace) -> None:
    trash = shell.house.trash
    found = [trash.get(name) for name in options.names] or trash.all()
    for one in found:
        shell.note(f"  {one.what}: {one.title}")
    if found:
        shell.confirm("Remove for good?")
    done = shell.work("Empty the trash", lambda job: trash.empty([o.name for o in found], job))
    shell.show(done, done.summary)
