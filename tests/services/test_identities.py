"""A folder of keys becomes a plan, and only what was confirmed becomes keys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.domain.identities import Act
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.house import House
from tests.support.keyring import opened, tenant
from tests.support.people import Listener


@pytest.fixture
def house(layout: Layout) -> Iterator[House]:
    with opened(layout) as made:
        yield made


def _made(path: Path, *more: str, passphrase: str = "") -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ecdsa", "-N", passphrase, "-f", str(path), *more], check=True
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "syseng"
    place.mkdir()
    _made(place / "id_rsa-dcx-prod-syseng")
    _made(place / "foo-syseng")
    _made(place / "id-iwf-syseng", "-m", "PEM", passphrase="locked")
    _made(place / "id-kbe")
    (place / "id-kbe.pub").unlink()
    (place / "id-copy").write_bytes((place / "id_rsa-dcx-prod-syseng").read_bytes())
    (place / "lost-one.pub").write_text("ssh-rsa AAAA x")
    (place / "known_hosts").write_text("x")
    (place / "notes-about-it.txt").write_text("x")
    (place / "sub").mkdir()
    return place


def test_every_file_has_a_row_and_every_skipped_one_its_reason(house: House, folder: Path) -> None:
    rows = {row.file.name: row for row in house.identities.plan(folder)}
    assert set(rows) == {path.name for path in folder.iterdir() if path.is_file()} - {
        "id_rsa-dcx-prod-syseng.pub",
        "foo-syseng.pub",
        "id-iwf-syseng.pub",
    }
    first = rows["id-copy"]
    assert (first.tenant, first.act) == ("copy", Act.ADD)
    assert rows["id_rsa-dcx-prod-syseng"].act is Act.SKIP
    assert "same key as id-copy" in rows["id_rsa-dcx-prod-syseng"].note
    assert rows["id-kbe"].act is Act.ADD, "the public half can be read from the private one"
    for name, words in (
        ("foo-syseng", "whose key"),
        ("id-iwf-syseng", "passphrase"),
        ("lost-one.pub", "private half"),
        ("known_hosts", "not a key"),
        ("notes-about-it.txt", "no private key"),
    ):
        assert rows[name].act is Act.SKIP
        assert words in rows[name].note
    assert house.tenants.all() == []
    with pytest.raises(Missing):
        house.identities.plan(folder / "none")


def test_an_edited_plan_is_what_happens(house: House, folder: Path) -> None:
    (folder / "id-copy").unlink()
    bolt = tenant(house, "Bolt")
    rows = []
    for row in house.identities.plan(folder):
        if row.file.name == "foo-syseng":
            rows.append(replace(row, tenant="bolt", key="by hand", act=Act.ADD))
        elif row.file.name == "id-kbe":
            rows.append(replace(row, act=Act.SKIP, note=""))
        else:
            rows.append(row)
    done = {row.file.name: row for row in house.identities.apply(rows, Listener().job()).rows}
    assert done["foo-syseng"].act is Act.ADDED
    assert [key.name for key in house.keys.all(bolt.id)] == ["by hand"]
    assert done["id-kbe"].note == "skipped: not chosen"
    assert {one.name for one in house.tenants.all()} == {"Bolt", "dcx"}
    again = {row.file.name: row for row in house.identities.plan(folder)}
    assert again["id_rsa-dcx-prod-syseng"].act is Act.UPDATE
    assert again["foo-syseng"].act is Act.SKIP
    dcx = house.tenants.find("dcx")
    house.keys.rename(house.keys.all(dcx.id)[0].id, "other")
    row = next(r for r in house.identities.plan(folder) if r.tenant == "dcx")
    assert "there already as “other”" in row.note
    (seeded,) = house.identities.apply([row], Listener().job()).rows
    assert seeded.act is Act.UPDATED
    assert [key.name for key in house.keys.all(dcx.id)] == ["syseng-dcx-prod"]


def test_one_files_trouble_does_not_keep_the_others_out(house: House, folder: Path) -> None:
    rows = [row for row in house.identities.plan(folder) if row.act is Act.ADD]
    rows[0].file.unlink()
    done = house.identities.apply(rows, Listener().job()).rows
    assert [row.act for row in done] == [Act.FAILED, Act.ADDED]
    assert done[0].note.startswith("failed: There is no file")
