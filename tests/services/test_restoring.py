"""Restoring: what is no whole backup is refused, and the data stays as it was."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from aiops_desktop.adapters.secrets import stream
from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.services.instance import WindowLock
from aiops_desktop.services.restoring import Restoring
from tests.support.archives import contents, forged, link, members, remembered

PHRASE = "seven wörds are easy"


def job() -> Job:
    return Job("Restore")


def closed(house: House) -> None:
    """As when the program ends."""
    vars(house.backups)["_service"]._close()  # not by the door, which would write that down


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the archive and the data folder lie that each test gets a copy of."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A backup of a folder with the tenant “then”."""
    whole = made / "whole.tar"
    if not whole.exists():
        house = build(Layout(made / "source", is_default=False), {})
        house.tenants.create(TenantDraft("then"))
        house.keys.generate(1, "deploy")
        house.backups.make(job(), whole)
        closed(house)
    return Path(shutil.copy(whole, tmp_path / "whole.tar"))


@pytest.fixture
def present(made: Path, layout: Layout) -> Layout:
    """A folder with the tenant “now”, which nobody has open."""
    whole = Layout(made / "present", is_default=False)
    if not whole.data.exists():
        house = build(whole, {})
        house.tenants.create(TenantDraft("now"))
        house.keys.generate(1, "present")
        closed(house)
    layout.data.rmdir()
    shutil.copytree(whole.data, layout.data)
    return layout


def unchanged(layout: Layout, act: Callable[[], object], kind: type[Trouble]) -> Trouble:
    """The act is refused, and leaves the data folder as it was."""
    before, rows = contents(layout.data / "tenants"), remembered(layout)
    with pytest.raises(kind) as told:
        act()
    assert remembered(layout) == rows
    assert contents(layout.data / "tenants") == before
    assert not (layout.data / ".restore").exists()
    assert not (layout.data / "trash").exists()
    assert told.value.what.endswith(".")
    return told.value


# Names, links and other things that lead out ------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "tenants/../../evil", "/etc/evil", "tenants//evil", "tenants/./evil", "evil",
        "backups/evil", "tenants/a\\b", "window.lock", "checkouts/../settings.toml",
        "trash/x/manifest.json", "tenants/" + "x/" * 2500 + "y",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(
    name: str, archive: Path, present: Layout, tmp_path: Path
) -> None:
    bad = forged(tmp_path / "bad.tar", archive, {name: b"evil"})
    told = unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Refused)
    assert "does not belong into one" in told.what
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("tenants/then/keys/k", "/etc/passwd"),
        ("tenants/then/keys/k", "deploy"),
        ("checkouts/then/site/out", "/etc/passwd"),
        ("checkouts/then/site/out", "../../../secret.key"),
        ("checkouts/then/site", "../../tenants"),
        ("checkouts/then/site/hooks", ".git/hooks"),
        ("settings.toml", "/etc/passwd"),
    ],
)
def test_a_link_that_leads_out_is_refused(
    name: str, target: str, archive: Path, present: Layout, tmp_path: Path
) -> None:
    bad = forged(
        tmp_path / "bad.tar", archive, extra=(link(name, target),), without=("settings.toml",)
    )
    unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Refused)


def test_nothing_is_written_through_a_link(archive: Path, present: Layout, tmp_path: Path) -> None:
    """A link inside a checkout, then a file below it: links are made last, so they clash."""
    bad = forged(
        tmp_path / "bad.tar",
        archive,
        {"checkouts/then/site/a/file": b"x"},
        (link("checkouts/then/site/a", "b"),),
    )
    with pytest.raises(Trouble):
        Restoring(present).restore(bad, "", job())
    assert [row[1] for row in remembered(present)["tenants"]] == ["now"]


@pytest.mark.parametrize(
    "kind", [tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, b"g"]
)
def test_other_kinds_of_members_are_refused(
    kind: bytes, archive: Path, present: Layout, tmp_path: Path
) -> None:
    bad = forged(tmp_path / "bad.tar", archive, extra=(link("tenants/then/x", "y", kind),))
    unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Refused)


# Damage -------------------------------------------------------------------------------------------


def test_cut_anywhere_it_is_refused(archive: Path, present: Layout, tmp_path: Path) -> None:
    raw, bad = archive.read_bytes(), tmp_path / "cut.tar"
    for size in (0, 1, 511, 512, 700, 5000, len(raw) // 2, len(raw) - 1024, len(raw) - 1):
        bad.write_bytes(raw[:size])
        unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Trouble)


def test_one_bit_of_it_changed_is_noticed(archive: Path, present: Layout, tmp_path: Path) -> None:
    raw, bad = archive.read_bytes(), tmp_path / "bit.tar"
    for at in [*range(0, 1024, 37), *range(1024, len(raw), len(raw) // 40)]:
        changed = bytearray(raw)
        changed[at] ^= 4
        bad.write_bytes(changed)
        try:
            found = Restoring(present).verify(bad, "", job())
        except Trouble:
            continue
        # Blocks are filled up with zeros, and a header has places nobody reads.
        assert found.files == len(members(archive)) - 2


def test_a_checksum_that_does_not_fit_is_refused(
    archive: Path, present: Layout, tmp_path: Path
) -> None:
    raw = archive.read_bytes()
    key = members(archive)["tenants/then/keys/deploy"]
    bad = tmp_path / "bad.tar"
    bad.write_bytes(raw.replace(key, key.replace(b"A", b"B", 1)))
    told = unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Failed)
    assert "tenants/then/keys/deploy" in told.what


@pytest.mark.parametrize("what", ["joined", "swapped", "cut", "piece-cut", "head"])
def test_an_encrypted_one_opens_whole_or_not_at_all(
    what: str, present: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PIECE", 4096)
    house = build(Layout(tmp_path / "source", is_default=False), {})
    whole = house.backups.make(job(), tmp_path / "whole", passphrase=PHRASE).backup.path
    raw = whole.read_bytes()
    start = len(stream.MAGIC) + 4 + int.from_bytes(raw[15:19], "big")
    piece = 4096 + 16
    first, second = raw[start : start + piece], raw[start + piece : start + 2 * piece]
    changed = {
        "joined": raw + raw[start:],
        "swapped": raw[:start] + second + first + raw[start + 2 * piece :],
        "cut": raw[: start + 3 * piece],
        "piece-cut": raw[:-7],
        "head": raw.replace(b'"kind": "hand"', b'"kind": "best"'),
    }[what]
    assert changed != raw
    bad = tmp_path / "bad"
    bad.write_bytes(changed)
    kind = NotTrusted if what in ("swapped", "head") else Failed
    unchanged(present, lambda: Restoring(present).restore(bad, PHRASE, job()), kind)


@pytest.mark.parametrize("name", ["memory", "passes", "lanes"])
def test_an_encrypted_one_cannot_ask_for_all_memory(
    name: str, present: Layout, tmp_path: Path
) -> None:
    head = {
        "memory": 64,
        "passes": 1,
        "lanes": 1,
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
        name: 1 << 40,
    }
    told = json.dumps(head).encode()
    bad = tmp_path / "bad"
    bad.write_bytes(stream.MAGIC + len(told).to_bytes(4, "big") + told + b"x" * 100)
    unchanged(present, lambda: Restoring(present).restore(bad, PHRASE, job()), Failed)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[" * 9000, b"PK\x03\x04" + b"x" * 2000, b"\0" * 4096]
)
def test_something_else_is_no_backup(raw: bytes, present: Layout, tmp_path: Path) -> None:
    (tmp_path / "else").write_bytes(raw)
    unchanged(present, lambda: Restoring(present).restore(tmp_path / "else", "", job()), Trouble)
    (tmp_path / "sealed").write_bytes(stream.MAGIC + len(raw).to_bytes(4, "big") + raw)
    sealed = tmp_path / "sealed"
    unchanged(present, lambda: Restoring(present).restore(sealed, PHRASE, job()), Trouble)


def test_a_file_that_is_not_there_is_named(present: Layout, tmp_path: Path) -> None:
    unchanged(present, lambda: Restoring(present).restore(tmp_path / "no", "", job()), Missing)
    unchanged(present, lambda: Restoring(present).restore(tmp_path, "", job()), Refused)


# Other versions -----------------------------------------------------------------------------------


def test_a_newer_form_is_refused(archive: Path, present: Layout, tmp_path: Path) -> None:
    bad = forged(tmp_path / "bad.tar", archive, about={"format": 2})
    told = unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Refused)
    assert "newer version" in told.what


def test_a_newer_database_is_refused(archive: Path, present: Layout, tmp_path: Path) -> None:
    base = tmp_path / "newer.db"
    base.write_bytes(members(archive)["aiops.db"])
    with sqlite3.connect(base) as open_:
        open_.execute("UPDATE alembic_version SET version_num = '9999'")
    open_.close()
    bad = forged(
        tmp_path / "bad.tar", archive, {"aiops.db": base.read_bytes()}, about={"schema": "9999"}
    )
    told = unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Refused)
    assert "newer version" in told.what
    assert "newer" in Restoring(present).preview(bad, "", job()).obstacle


def test_a_damaged_database_is_refused(archive: Path, present: Layout, tmp_path: Path) -> None:
    base = bytearray(members(archive)["aiops.db"])
    base[4096:20000] = b"\xff" * (20000 - 4096)
    bad = forged(tmp_path / "bad.tar", archive, {"aiops.db": bytes(base)})
    told = unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Failed)
    assert "database in it is damaged" in told.what or "is damaged" in told.what
    bad = forged(tmp_path / "none.tar", archive, without=("aiops.db",))
    unchanged(present, lambda: Restoring(present).restore(bad, "", job()), Failed)


# What it does -------------------------------------------------------------------------------------


def test_the_present_data_goes_to_the_trash_and_comes_back(archive: Path, present: Layout) -> None:
    rows, files = remembered(present), contents(present.data / "tenants")
    done = Restoring(present).restore(archive, "", job())
    assert [row[1] for row in remembered(present)["tenants"]] == ["then"]
    assert not (present.data / "tenants/now/keys").exists()
    assert done.aside is not None
    Restoring(present).put_back(done.aside)
    assert remembered(present) == rows
    assert contents(present.data / "tenants").items() >= files.items()


def test_a_preview_names_what_goes(archive: Path, present: Layout) -> None:
    found = Restoring(present).preview(archive, "", job())
    tenants = next(one for one in found.differences if one.noun == "tenants")
    assert (tenants.now, tenants.then, tenants.gone, tenants.back) == (1, 1, ("now",), ("then",))
    assert found.obstacle == ""
    assert any("private key" in note for note in found.notes)


def test_while_the_window_is_open_nothing_is_replaced(archive: Path, present: Layout) -> None:
    lock = WindowLock(present)
    assert lock.claim("") is None
    told = unchanged(present, lambda: Restoring(present).restore(archive, "", job()), Clash)
    assert str(os.getpid()) in told.what


def test_what_was_laid_ready_counts_from_the_next_start(archive: Path, present: Layout) -> None:
    staged = Restoring(present).stage(archive, "", job())
    assert staged.waits
    assert [row[1] for row in remembered(present)["tenants"]] == ["now"]
    house = build(present, {})
    assert [tenant.name for tenant in house.tenants.all()] == ["then"]
    assert house.trash.all()[0].what == "restore"


def test_what_was_half_laid_ready_is_removed_with_the_next_start(present: Layout) -> None:
    left = present.data / ".restore" / "staged" / "tenants"
    left.mkdir(parents=True)
    (left / "key").write_text("private")
    build(present, {})
    assert not (present.data / ".restore").exists()


def test_a_damaged_data_folder_can_be_restored(archive: Path, present: Layout) -> None:
    present.database.write_bytes(b"no database at all" * 1000)
    with pytest.raises(Failed):
        build(present, {})
    Restoring(present).restore(archive, "", job())
    assert [tenant.name for tenant in build(present, {}).tenants.all()] == ["then"]


def test_a_failed_restore_into_a_new_folder_leaves_none(tmp_path: Path, archive: Path) -> None:
    bad = tmp_path / "cut.tar"
    bad.write_bytes(archive.read_bytes()[:-2000])
    there = Layout(tmp_path / "new", is_default=False)
    with pytest.raises(Failed):
        Restoring(there).restore(bad, "", job())
    assert not there.data.exists()


def test_a_preview_tells_what_changes_and_what_of_the_settings(
    present: Layout, tmp_path: Path
) -> None:
    house = build(present, {})
    tenant = house.tenants.create(TenantDraft("both", description="first")).tenant
    house.settings.save({"git.idle_timeout": 77, "git.connect_timeout": 20})
    made = house.backups.make(job(), tmp_path / "first.tar").backup.path
    house.tenants.edit(tenant.id, TenantDraft("both", description="second"))
    house.settings.save({"git.idle_timeout": 78, "git.connect_timeout": 15})
    house.settings.save({"terminal.font_size": 20})
    found = {one.noun: one for one in Restoring(present).preview(made, "", job()).differences}
    assert found["tenants"].changed == ("both",)
    assert found["tenants"].gone == ()
    settings = found["settings"]
    assert settings.changed == ("git.idle_timeout",)
    assert settings.back == ("git.connect_timeout",)
    assert settings.gone == ("terminal.font_size",)
    assert found["keys"].same
    assert found["events"].then < found["events"].now


def test_going_back_is_laid_ready_and_counts_from_the_next_start(
    archive: Path, present: Layout
) -> None:
    rows = remembered(present)
    done = Restoring(present).restore(archive, "", job())
    assert done.aside is not None
    house = build(present, {})
    (before,) = house.trash.all()
    told = house.trash.way_back(before.name)
    tenants = next(one for one in told.differences if one.noun == "tenants")
    assert (tenants.gone, tenants.back) == (("then",), ("now",))
    staged = house.trash.stage(before.name)
    assert staged.waits
    assert [one.name for one in house.tenants.all()] == ["then"], "not before the next start"
    closed(house)
    again = build(present, {})
    assert [one.name for one in again.tenants.all()] == ["now"]
    assert remembered(present)["tenants"] == rows["tenants"]
    (other,) = again.trash.all()
    assert other.what == "restore", "what was there meanwhile can be brought back in turn"
    assert other.name != before.name


def test_only_what_a_restore_put_aside_can_take_the_place_of_the_data(present: Layout) -> None:
    house = build(present, {})
    house.tenants.delete(1, job())
    (thrown,) = house.trash.all()
    with pytest.raises(Refused, match="not the data from before a restore"):
        house.trash.stage(thrown.name)
    assert not (present.data / ".restore" / "journal.json").exists()


def test_what_is_not_whole_is_not_laid_ready(archive: Path, present: Layout) -> None:
    done = Restoring(present).restore(archive, "", job())
    assert done.aside is not None
    base = done.aside / "aiops.db"
    raw = bytearray(base.read_bytes())
    raw[4096:20000] = b"\xff" * (20000 - 4096)
    base.write_bytes(raw)
    with pytest.raises(Failed):
        Restoring(present).stage_back(done.aside)
    assert not (present.data / ".restore" / "journal.json").exists()
