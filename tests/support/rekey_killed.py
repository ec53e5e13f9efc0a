"""Changes the data key again and again, killed at another line each time; run as a program.

    python -m tests.support.rekey_killed FOLDER FROM TO STEP

Each try forks, works on a fresh copy of a data folder, and is killed (SIGKILL) before its Nth line
of our own code. The survivor opens the folder as the next start of the program would. Prints how
many kills there were; stops with an error at the first secret that is lost.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import keyring

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import Locked, Place
from tests.support.secret_store import Start, WrittenRing, start

if TYPE_CHECKING:
    from _typeshed import TraceFunction

OLD, NEW = "the old passphrase", "the new passphrase"
SECRETS = {f"tenant:{number}/https/h": f"token {number}" for number in range(3)}
_OURS = tuple(
    f"/{part}" for part in ("adapters/secrets/", "services/safe.py", "storage/secrets.py")
)


def main(folder: Path, before: Place, after: Place, step: int) -> int:
    phrase.MEMORY, phrase.PASSES, phrase.LANES = 64, 1, 1
    whole = folder / "whole"
    _use_ring(whole)
    _make(whole, before)
    kills, at = 0, 1
    while True:
        copy = folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        child = os.fork()
        if not child:
            _change(copy, after, at)
        _, code = os.waitpid(child, 0)
        _check(copy, before, after, done=code == 0, at=at)
        if code == 0:
            print(kills)
            return 0
        if not os.WIFSIGNALED(code) or os.WTERMSIG(code) != signal.SIGKILL:
            raise RuntimeError(f"the change itself failed at line {at}")
        kills, at = kills + 1, at + step


def _use_ring(folder: Path) -> WrittenRing:
    ring = WrittenRing(folder / "ring.json")
    keyring.set_keyring(ring)
    return ring


def _opened(folder: Path) -> Start:
    return start(Layout(folder, is_default=False))


def _make(folder: Path, before: Place) -> None:
    folder.mkdir()
    one = _opened(folder)
    one.safe.change(before, OLD if before is Place.PASSPHRASE else "")
    for owner, value in SECRETS.items():
        one.secrets.put(owner, value)
    one.store.durable()
    one.store._database.close()


def _change(folder: Path, after: Place, at: int) -> None:
    """In the child: never returns."""
    try:
        _use_ring(folder)
        one = _opened(folder)
        keeper = one.store.keeper()
        assert keeper is not None
        one.vault.unlock(keeper, OLD)
        sys.settrace(_killer(at))
        one.safe.rekey(after, NEW if after is Place.PASSPHRASE else "")
        sys.settrace(None)
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def _killer(at: int) -> TraceFunction:
    left = at

    def line(frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal left
        if event == "line":
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        return line if any(part in frame.f_code.co_filename for part in _OURS) else None

    return call


def _check(folder: Path, before: Place, after: Place, *, done: bool, at: int) -> None:
    """What the next start finds: every secret, and after tidying no key but the one in use."""
    ring = _use_ring(folder)
    one = _opened(folder)
    found: dict[str, str] = {}
    try:
        found = {owner: one.secrets.get(owner) for owner in SECRETS}
    except Locked:
        keeper = one.store.keeper()
        assert keeper is not None
        changed = keeper.place is after and (before is not after or _opens(one, NEW))
        one.safe.unlock(NEW if changed else OLD)
        found = {owner: one.secrets.get(owner) for owner in SECRETS}
    assert found == SECRETS, f"killed at line {at}: {found}"
    one.secrets.put("later", "value")
    one.safe.tidy()
    keeper = one.store.keeper()
    assert keeper is not None
    assert not keeper.retired
    assert keeper.place is after or not done
    key_file = folder / "secret.key"
    lines = key_file.read_text().split() if key_file.exists() else []
    assert (keeper.place is Place.FILE) == (keeper.profile in lines)
    if done:
        assert len(lines) == 2 * (after is Place.FILE)
        assert len(ring.all()) == (after is Place.KEYRING)
    one.store._database.close()


def _opens(one: Start, passphrase: str) -> bool:
    keeper = one.store.keeper()
    assert keeper is not None
    try:
        one.vault.unlock(keeper, passphrase)
    except Exception:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Place(sys.argv[2]), Place(sys.argv[3]), int(sys.argv[4])))
