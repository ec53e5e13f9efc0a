"""Backs up and restores again and again, killed at another moment each time; run as a program.

    python -m tests.support.backup_killed FOLDER backup|restore KILLS

Each try forks, works on a copy of a data folder, and is killed (SIGKILL) before a random line of
our own code. The survivor opens the folder as the next start of the program would: what was there
before, or all of the archive, but nothing in between. Prints how many were killed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.restoring import Restoring
from tests.support.archives import contents, remembered

if TYPE_CHECKING:
    from _typeshed import TraceFunction

_OURS = ("/adapters/backup/", "/services/backup", "/services/restoring.py", "/storage/backups.py")
State = tuple[dict[str, list[Any]], dict[str, bytes]]


def main(folder: Path, verb: str, kills: int) -> int:
    phrase.MEMORY, phrase.PASSES, phrase.LANES = 64, 1, 1
    before, archive = _made(folder)
    chance = random.Random(5)
    lines = _lines(folder, verb, archive)
    for number in range(kills):
        copy = folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder / "before", copy)
        at = chance.randrange(1, lines)
        child = os.fork()
        if not child:
            _work(copy, verb, archive, at)
        _, code = os.waitpid(child, 0)
        if not os.WIFSIGNALED(code) or os.WTERMSIG(code) != signal.SIGKILL:
            raise RuntimeError(f"the {verb} ended by itself before line {at} of {lines}: {code}")
        _check(copy, verb, before, _state(folder / "after"), f"try {number}, line {at} of {lines}")
    print(kills)
    return 0


def _made(folder: Path) -> tuple[State, Path]:
    """Two data folders, “before” and what an archive holds; the state of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("after", "before"):
        layout = Layout(folder / name, is_default=False)
        house = build(layout, {})
        for number in range(3):
            tenant = house.tenants.create(TenantDraft(f"{name} {number}")).tenant
            house.keys.generate(tenant.id, "deploy")
        if name == "after":
            archive = house.backups.make(Job("Back up"), folder / "archive.tar").backup.path
        house.backups._close()
    return _state(folder / "before"), archive


def _lines(folder: Path, verb: str, archive: Path) -> int:
    """How many lines of ours the whole work takes."""
    copy = folder / "copy"
    shutil.copytree(folder / "before", copy)
    read, write = os.pipe()
    if not os.fork():
        _work(copy, verb, archive, 0, write)
    os.close(write)
    told = os.read(read, 100)
    os.wait()
    return int(told)


def _work(copy: Path, verb: str, archive: Path, at: int, told: int = -1) -> None:
    """In the child: never returns."""
    try:
        layout, seen = Layout(copy, is_default=False), [0]
        if verb == "backup":
            house = build(layout, {})
            sys.settrace(_killer(at, seen))
            house.backups.make(Job("Back up"), passphrase="seven words are easy")
        else:
            sys.settrace(_killer(at, seen))
            Restoring(layout).restore(archive, "", Job("Restore"))
        sys.settrace(None)
        if told >= 0:
            os.write(told, str(seen[0]).encode())
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def _killer(at: int, seen: list[int]) -> TraceFunction:
    def line(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        if event == "line":
            seen[0] += 1
            if seen[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        return line if any(part in frame.f_code.co_filename for part in _OURS) else None

    return call


def _state(folder: Path) -> State:
    return remembered(Layout(folder, is_default=False)), contents(folder / "tenants")


def _check(copy: Path, verb: str, before: State, after: State, when: str) -> None:
    """What the next start finds."""
    layout = Layout(copy, is_default=False)
    house = build(layout, {})
    whole = [one for one in house.backups.all()]
    for one in whole:
        house.backups.verify(one.path, Job("Verify"), "seven words are easy")
    house.backups._close()
    found = _state(copy)
    wanted = (before, after) if verb == "restore" else (before,)
    assert found in wanted, f"{when}: neither the one nor the other"
    if found == after:
        aside = house.trash.all()
        assert [one.what for one in aside] == ["restore"], when
    assert not (copy / ".restore").exists(), when
    try:
        house.tenants.create(TenantDraft("goes on"))
        house.backups.make(Job("Back up"), check=False)
    except Trouble as trouble:
        raise AssertionError(when) from trouble
    finally:
        house.backups._close()
    assert not list(copy.glob(".backup-*")), when


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
