"""The secret store as a whole: its key's place, lock and unlock, another key, a lost key."""

from __future__ import annotations

import sqlite3
import stat

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import KeyLost, Locked, Place, StoreState
from aiops_desktop.domain.trouble import Failed, NotTrusted, Refused, Trouble
from aiops_desktop.services.house import House
from tests.support.secret_store import PASSPHRASE, SECRETS, Ring, Start, kept, start


def test_an_empty_store_says_where_the_first_key_will_lie(layout: Layout, ring: Ring) -> None:
    found = start(layout).safe.status()
    assert (found.state, found.place, found.can_keyring) == (StoreState.EMPTY, None, True)
    assert "keyring" in found.sentence
    assert not ring.kept, "nothing of the probe stays"
    ring.priority = 0  # no keyring to be recommended
    assert "in a file" in start(layout).safe.status().sentence


def test_an_empty_store_cannot_be_locked(layout: Layout) -> None:
    one = start(layout)
    for verb in (one.safe.lock, one.safe.unlock):
        with pytest.raises(Refused):
            verb()


def test_the_status_names_the_file_and_what_is_kept(begun: Start, layout: Layout) -> None:
    found = begun.safe.status()
    assert (found.state, found.place) == (StoreState.OPEN, Place.FILE)
    assert str(layout.data_key) in found.sentence
    assert "Whoever can read your files" in found.sentence
    assert "the setting semaphore.api_token" in found.kept
    assert not any(value in str(found) for value in SECRETS.values())


def test_a_key_file_that_others_could_read_is_warned_of(begun: Start, layout: Layout) -> None:
    layout.data_key.chmod(0o640)
    again = start(layout)
    assert "Others on this computer" in again.safe.status().warning
    assert again.safe.status().warning == ""
    assert stat.S_IMODE(layout.data_key.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("before", list(Place))
def test_the_key_moves_from_every_place_to_every_other(
    layout: Layout, ring: Ring, before: Place, place: Place
) -> None:
    one = start(layout)
    one.safe.change(before, PASSPHRASE if before is Place.PASSPHRASE else "")
    for owner, value in SECRETS.items():
        one.secrets.put(owner, value)
    old = one.store.keeper()
    assert old is not None
    phrase_of = PASSPHRASE + " new" if place is Place.PASSPHRASE else ""
    done = one.safe.change(place, phrase_of)
    assert done.sealed == 3
    assert done.status.place is place
    assert done.unreadable == ()
    assert kept(one) == SECRETS, "no question in the program that did it"
    later = start(layout)
    if place is Place.PASSPHRASE:
        with pytest.raises(Locked):
            kept(later)
        later.safe.unlock(phrase_of)
    assert kept(later) == SECRETS
    keeper = later.store.keeper()
    assert keeper is not None
    assert keeper.check != old.check
    assert keeper.retired == ()
    assert len(ring.kept) == (place is Place.KEYRING), "the former key is gone"
    assert layout.data_key.exists() == (place is Place.FILE)
    if place is Place.FILE:
        assert old.profile not in layout.data_key.read_text()


def test_another_key_seals_every_row_anew(begun: Start, layout: Layout) -> None:
    before = {row.owner: row for row in begun.store.all()}
    key = layout.data_key.read_text()
    done = begun.safe.rekey()
    assert done.sealed == 3
    assert "in a file" in done.summary
    for row in begun.store.all():
        assert row.ciphertext != before[row.owner].ciphertext
    assert layout.data_key.read_text() != key
    assert kept(start(layout)) == SECRETS


def test_what_cannot_be_read_is_named_and_the_rest_is_sealed_anew(
    begun: Start, layout: Layout
) -> None:
    with sqlite3.connect(layout.database) as raw:
        raw.execute("UPDATE secrets SET nonce = x'00' WHERE owner LIKE 'settings/%'")
    raw.close()
    done = begun.safe.rekey()
    assert done.sealed == 2
    assert done.unreadable == ("the setting semaphore.api_token",)
    assert "semaphore.api_token" in done.summary
    assert begun.secrets.get("tenant:2/key/SHA256:abc") == "passphrase-of-bolt"


def test_a_keyring_that_does_not_answer_changes_nothing(
    begun: Start, ring: Ring, layout: Layout
) -> None:
    ring.open.clear()
    with pytest.raises(Refused) as caught:
        begun.safe.change(Place.KEYRING)
    assert caught.value.field == "place"
    ring.open.set()
    assert kept(start(layout)) == SECRETS
    assert begun.safe.status().place is Place.FILE


def test_a_short_passphrase_is_refused_at_its_field(begun: Start) -> None:
    with pytest.raises(Refused) as caught:
        begun.safe.change(Place.PASSPHRASE, "seven77")
    assert caught.value.field == "passphrase"
    assert kept(begun) == SECRETS


def test_a_keyring_that_keeps_the_former_key_is_asked_again_later(
    layout: Layout, ring: Ring
) -> None:
    one = start(layout)
    one.secrets.put("a", "value")
    assert len(ring.kept) == 1
    asked = ring.delete_password
    ring.delete_password = lambda *_: (_ for _ in ()).throw(OSError)  # type: ignore[method-assign]  # fails once
    one.safe.change(Place.FILE)
    assert len(ring.kept) == 1
    ring.delete_password = asked  # type: ignore[method-assign]  # well again
    later = start(layout)
    later.safe.tidy()
    assert not ring.kept
    keeper = later.store.keeper()
    assert keeper is not None
    assert keeper.retired == ()
    assert later.secrets.get("a") == "value"


def test_a_wrong_passphrase_opens_nothing_and_the_right_one_still_does(layout: Layout) -> None:
    one = start(layout)
    one.safe.change(Place.PASSPHRASE, PASSPHRASE)
    one.secrets.put("a", "value")
    later = start(layout)
    for wrong in ("", "wrong wrong", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(NotTrusted, match="not the passphrase"):
            later.safe.unlock(wrong)
        assert later.safe.status().state is StoreState.LOCKED
    later.safe.unlock(PASSPHRASE.replace("ö", "o\u0308"))  # another keyboard's encoding
    assert later.secrets.get("a") == "value"
    assert later.safe.status().state is StoreState.OPEN


@pytest.mark.parametrize(
    "wrapped", ["", "null", "[]", "{}", '{"memory": 99999999, "passes": 1, "lanes": 1}']
)
def test_a_damaged_record_under_a_passphrase_is_a_lost_key(layout: Layout, wrapped: str) -> None:
    one = start(layout)
    one.safe.change(Place.PASSPHRASE, PASSPHRASE)
    one.secrets.put("settings/semaphore.api_token", "value")
    with sqlite3.connect(layout.database) as raw:
        raw.execute("UPDATE secret_keeper SET wrapped = ?", (wrapped,))
    raw.close()
    with pytest.raises(KeyLost) as caught:
        start(layout).safe.unlock(PASSPHRASE)
    assert "semaphore.api_token" in caught.value.hint


@pytest.mark.parametrize("amount", [2**31, 0, -1])
@pytest.mark.parametrize("name", ["memory", "passes", "lanes"])
def test_what_a_record_asks_of_this_computer_is_bounded(
    layout: Layout, name: str, amount: int
) -> None:
    one = start(layout)
    one.safe.change(Place.PASSPHRASE, PASSPHRASE)
    with sqlite3.connect(layout.database) as raw:
        raw.execute(
            f"UPDATE secret_keeper SET wrapped = json_set(wrapped, '$.{name}', ?)", (amount,)
        )
    raw.close()
    with pytest.raises(KeyLost):
        start(layout).safe.unlock(PASSPHRASE)


def test_without_argon2_a_passphrase_is_refused_with_what_is_needed(
    begun: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.kdf import argon2

    def none(**_: object) -> object:
        raise UnsupportedAlgorithm("no Argon2id here")

    monkeypatch.setattr(argon2, "Argon2id", none)
    with pytest.raises(Trouble, match="Argon2id") as caught:
        begun.safe.change(Place.PASSPHRASE, PASSPHRASE)
    assert "OpenSSL 3.2" in caught.value.hint
    assert kept(begun) == SECRETS


def test_a_full_disk_leaves_the_old_key(
    begun: Start, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Failed("The disk is full; nothing was saved.")

    for name in ("put", "set_keeper"):
        with monkeypatch.context() as patched:
            patched.setattr(begun.store, name, full)
            with pytest.raises(Failed):
                begun.safe.rekey()
        assert kept(begun) == SECRETS
        assert kept(start(layout)) == SECRETS


def test_after_a_lost_key_one_can_start_over(begun: Start, layout: Layout) -> None:
    layout.data_key.unlink()
    later = start(layout)
    found = later.safe.status()
    assert found.state is StoreState.LOST
    assert "semaphore.api_token" in found.warning
    with pytest.raises(KeyLost):
        later.safe.rekey()
    done = later.safe.start_over()
    assert "the setting semaphore.api_token" in done.unreadable
    assert done.status.state is StoreState.EMPTY
    assert not later.store.owners()
    later.secrets.put("a", "new")
    assert start(layout).secrets.get("a") == "new"


def test_a_silent_keyring_is_told_from_a_lost_key(layout: Layout, ring: Ring) -> None:
    start(layout).secrets.put("a", "value")
    ring.open.clear()
    later = start(layout)
    assert later.safe.status().state is StoreState.SILENT
    ring.open.set()
    ring.kept.clear()
    gone = start(layout)
    assert gone.safe.status().state is StoreState.LOST
    with pytest.raises(KeyLost):
        gone.secrets.get("a")


def test_what_was_done_stands_in_the_history_without_passphrases(layout: Layout) -> None:
    one = start(layout)
    one.secrets.put("a", "value")
    one.safe.change(Place.PASSPHRASE, PASSPHRASE)
    one.safe.lock()
    with pytest.raises(NotTrusted):
        one.safe.unlock("wrong-passphrase")
    one.safe.unlock(PASSPHRASE)
    events = one.history.all(EventFilter())
    assert [event.verb for event in reversed(events)] == [
        "re-key secrets",
        "lock secrets",
        "unlock secrets",
        "unlock secrets",
    ]
    told = one.history.export(EventFilter(), "json")
    assert PASSPHRASE not in told
    assert "wrong-passphrase" not in told


def test_the_rest_of_the_program_works_without_the_key(layout: Layout) -> None:
    from aiops_desktop.app import build
    from aiops_desktop.domain.tenants import TenantDraft

    first = build(layout, {})
    tenant = first.tenants.create(TenantDraft("Acme")).tenant
    first.secrets.put(f"tenant:{tenant.id}/https/git.acme.example", "value")
    layout.data_key.unlink()
    house: House = build(layout, {})
    recovered = house.recover()
    assert not recovered.troubles
    assert house.settings.effective().settings.semaphore.base_url == ""
    house.tenants.create(TenantDraft("Bolt"))
    assert house.safe.status().kept == ("the token for git.acme.example of Acme",)
    assert house.doctor is not None
    told = {step.title: step for step in house.doctor.look()}["Secrets"]
    assert told.ok is False
    assert "the token for git.acme.example of Acme" in told.detail
