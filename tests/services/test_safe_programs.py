"""Several programs on one secret store: what one locks or changes holds for the others."""

from __future__ import annotations

import threading

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import Locked, Place, StoreState
from aiops_desktop.domain.trouble import Clash
from tests.support.secret_store import PASSPHRASE, SECRETS, Ring, Start, kept, start


@pytest.mark.parametrize("place", list(Place))
def test_lock_closes_the_store_in_every_program_until_it_is_unlocked(
    layout: Layout, ring: Ring, place: Place
) -> None:
    one = start(layout)
    one.safe.change(place, PASSPHRASE if place is Place.PASSPHRASE else "")
    one.secrets.put("a", "value")
    other = start(layout)
    other.safe.unlock(PASSPHRASE)
    assert other.secrets.get("a") == "value"
    forgotten: list[str] = []
    one.secrets.on_lock(lambda: forgotten.append("session"))
    done = one.safe.lock()
    assert done.status.state is StoreState.LOCKED
    assert forgotten == ["session"]
    for locked in (one, other, start(layout)):
        with pytest.raises(Locked):
            locked.secrets.get("a")
        with pytest.raises(Locked):
            locked.secrets.put("b", "value")
        with pytest.raises(Locked):
            locked.safe.rekey()
        assert locked.secrets.has("a")
        locked.secrets.forget("nothing")
    assert one.safe.unlock(PASSPHRASE).status.state is StoreState.OPEN
    assert one.secrets.get("a") == "value"
    if place is Place.PASSPHRASE:
        with pytest.raises(Locked):
            other.secrets.get("a")
        other.safe.unlock(PASSPHRASE)
    assert other.secrets.get("a") == "value"


def test_lock_says_when_it_protects_from_little(begun: Start) -> None:
    assert "anyone at this account" in begun.safe.lock().summary


def test_a_program_that_was_open_goes_on_with_the_new_key(begun: Start, layout: Layout) -> None:
    other = start(layout)
    assert kept(other) == SECRETS
    begun.safe.rekey()
    other.secrets.put("b", "sealed with the new key")
    assert kept(other) == SECRETS | {"b": "sealed with the new key"}
    assert start(layout).secrets.get("b") == "sealed with the new key"


def test_writes_while_the_key_changes_are_never_lost(begun: Start, layout: Layout) -> None:
    wrong: list[BaseException] = []
    others = [start(layout) for _ in range(3)]

    def put(number: int) -> None:
        try:
            for turn in range(12):
                others[number].secrets.put(f"owner {number}/{turn}", f"value {number}/{turn}")
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        begun.safe.rekey()
    for thread in threads:
        thread.join()
    assert not [error for error in wrong if not isinstance(error, Clash)]
    later = start(layout)
    found = kept(later)
    assert found | SECRETS == found
    assert all(
        value == owner.replace("owner", "value") or owner in SECRETS
        for owner, value in found.items()
    )


def test_two_who_change_the_key_at_once_do_not_lose_it(begun: Start, layout: Layout) -> None:
    both = [begun, start(layout)]
    ends: list[str] = []
    gate = threading.Barrier(2)

    def rekey(one: Start) -> None:
        gate.wait()
        try:
            one.safe.rekey()
            ends.append("done")
        except Clash:
            ends.append("clash")

    threads = [threading.Thread(target=rekey, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "done" in ends
    assert len(ends) == 2
    assert kept(start(layout)) == SECRETS
