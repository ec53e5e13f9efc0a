"""Backups: made while the program works, equal when restored, kept as long as they should."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.backups import (
    BackupKind,
    Check,
    next_time,
    thinned,
    thinned_snapshots,
)
from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused, Stopped
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.services.restoring import Restoring
from aiops_desktop.storage.backups import Snapshot, glimpse, snapshot
from aiops_desktop.storage.database import Database
from tests.support.archives import contents, members, remembered
from tests.support.repos import bare

PHRASE = "seven wörds are easy"


@pytest.fixture
def house(layout: Layout) -> House:
    """A data folder with two tenants, keys, a secret, a cloned project and settings."""
    made = build(layout, {})
    for name in ("acme", "bolt"):
        tenant = made.tenants.create(TenantDraft(name)).tenant
        made.keys.generate(tenant.id, "deploy")
        made.secrets.put(f"tenant:{tenant.id}/https/git.{name}.example", f"token-of-{name}")
    remote = bare(layout.data.parent / "remote.git", {"README.md": "hello\n"})
    project = made.projects.create(ProjectDraft(1, str(remote), name="site")).project
    made.repositories.clone(project.id, Job("Clone"))
    made.settings.save({"git.idle_timeout": 77})
    return made


def fresh(tmp_path: Path, name: str = "fresh") -> Layout:
    return Layout(tmp_path / name, is_default=False)


def job() -> Job:
    return Job("Back up")


def test_a_restored_backup_is_equal(house: House, tmp_path: Path) -> None:
    made = house.backups.make(job(), tmp_path / "all.tar", checkouts=True)
    there = fresh(tmp_path)
    build_into(there, made.backup.path)
    assert remembered(there) == remembered(house.layout)
    for part in ("tenants", "checkouts", "settings.toml", "secret.key"):
        before, after = house.layout.data / part, there.data / part
        assert after.exists()
        if before.is_dir():
            assert contents(after) == contents(before)
        else:
            assert after.read_bytes() == before.read_bytes()
    again = build(there, {})
    assert again.secrets.get("tenant:1/https/git.acme.example") == "token-of-acme"
    assert again.settings.current().git.idle_timeout == 77
    assert again.repositories.status(1).branch == "main"
    assert {path.stat().st_mode & 0o077 for path in there.data.rglob("keys/*")} == {0}


def build_into(layout: Layout, archive: Path, phrase: str = "") -> None:
    Restoring(layout).restore(archive, phrase, job())


def test_a_plain_backup_is_a_tar_file_anybody_can_open(house: House, tmp_path: Path) -> None:
    made = house.backups.make(job(), tmp_path / "all.tar")
    listed = subprocess.run(
        ["tar", "tf", made.backup.path], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"about.json", "aiops.db", "tenants/acme/keys/deploy", "manifest.json"} <= set(listed)
    assert not [name for name in listed if name.startswith("checkouts")]
    assert made.backup.path.stat().st_mode & 0o777 == 0o600
    assert made.backup.check is Check.WHOLE
    assert "2 private keys and 2 tokens" in made.summary


def test_what_is_written_meanwhile_is_whole_or_not_in_it(house: House, tmp_path: Path) -> None:
    """A writer adds pairs in one transaction each; no backup may hold half of one."""
    over, made = threading.Event(), []

    def write() -> None:
        number = 0
        while not over.wait(0.01):  # others want to write, too
            number += 1
            with house_database(house).write():
                for half in ("left", "right"):
                    house.tenants.create(TenantDraft(f"{half} {number}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            made.append(house.backups.make(job(), tmp_path / f"{number}.tar").backup.path)
    finally:
        over.set()
        writer.join()
    sizes = []
    for number, path in enumerate(made):
        there = fresh(tmp_path, f"fresh{number}")
        build_into(there, path)
        names = [row[1] for row in remembered(there)["tenants"]]
        assert sum(n.startswith("left") for n in names) == sum(n.startswith("right") for n in names)
        sizes.append(len(names))
    assert sizes == sorted(sizes)
    assert sizes[-1] > 2


def house_database(house: House) -> Database:
    return house.tenants._service._store._database  # type: ignore[attr-defined,no-any-return]  # behind the permit


def test_an_encrypted_backup_says_nothing_without_its_passphrase(
    house: House, tmp_path: Path
) -> None:
    made = house.backups.make(job(), tmp_path / "all.sealed", passphrase=PHRASE)
    raw = made.backup.path.read_bytes()
    assert made.backup.sealed
    assert b"acme" not in raw
    assert b"OPENSSH" not in raw
    for wrong in ("", "seven words are easy"):
        with pytest.raises(NotTrusted) as told:
            house.backups.verify(made.backup.path, job(), wrong)
        assert told.value.field == "passphrase"
    assert house.backups.verify(made.backup.path, job(), PHRASE).about.counts["tenants"] == 2
    there = fresh(tmp_path)
    build_into(there, made.backup.path, PHRASE)
    assert remembered(there) == remembered(house.layout)


def test_a_short_passphrase_leaves_nothing_behind(house: House, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too short"):
        house.backups.make(job(), tmp_path / "x", passphrase="short")
    assert list(tmp_path.glob("*x*")) == []


def test_the_kept_passphrase_seals_and_opens(house: House) -> None:
    house.settings.save({"backup.passphrase": PHRASE})
    made = house.backups.make(job())
    assert made.backup.sealed
    assert made.backup.path.parent == house.layout.backups
    assert house.backups.verify(made.backup.path, job()).files == made.backup.files
    assert PHRASE not in house.history.export(EventFilter(limit=None), "json")


def test_a_file_is_never_overwritten(house: House, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(Refused, match="there already"):
        house.backups.make(job(), tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_stopped_backup_leaves_nothing(house: House, tmp_path: Path) -> None:
    one = job()
    one.stop()
    with pytest.raises(Stopped):
        house.backups.make(one, tmp_path / "deep" / "x.tar")
    assert list(tmp_path.rglob("*x.tar*")) == []
    assert list(house.layout.data.glob(".backup-*")) == []


def test_what_a_killed_backup_left_goes_with_the_next(house: House, tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = house.layout.data / f".backup-{ended.pid}"
    left.mkdir()
    (left / "aiops.db").write_bytes(b"half")
    house.backups.make(job(), tmp_path / "x.tar")
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_named(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="could not be written") as told:
        house.backups.make(job(), tmp_path / "file" / "x.tar")
    assert str(tmp_path / "file") in told.value.hint


def test_strange_files_are_packed_or_named(house: House, tmp_path: Path) -> None:
    checkout = house.projects.get(1).checkout
    (checkout / ("long " * 40)).mkdir()
    (checkout / ("long " * 40) / "ümläut\n.txt").write_text("x")
    (checkout / "empty").mkdir()
    (checkout / "run.sh").write_text("#!/bin/sh\n")
    (checkout / "run.sh").chmod(0o755)
    (checkout / "near").symlink_to("README.md")
    (checkout / "far").symlink_to("/etc/passwd")
    (checkout / "up").symlink_to("../../bolt")
    (checkout / os.fsdecode(b"raw\xff")).write_text("y")
    os.mkfifo(checkout / "pipe")
    made = house.backups.make(job(), tmp_path / "x.tar", checkouts=True)
    there = fresh(tmp_path)
    build_into(there, made.backup.path)
    back = there.data / checkout.relative_to(house.layout.data)
    assert (back / ("long " * 40) / "ümläut\n.txt").read_text() == "x"
    assert (back / os.fsdecode(b"raw\xff")).read_text() == "y"
    assert (back / "empty").is_dir()
    assert os.access(back / "run.sh", os.X_OK)
    assert (back / "near").readlink() == Path("README.md")
    assert sorted(left.split(" (")[0].rsplit("/", 1)[1] for left in made.left_out) == ["far", "up"]
    assert not any(os.path.lexists(back / name) for name in ("far", "up", "pipe"))


# The list ----------------------------------------------------------------------------------------


def test_the_list_remembers_what_a_look_found_until_the_file_changes(house: House) -> None:
    made = house.backups.make(job(), check=False).backup
    assert house.backups.all()[0].check is Check.UNKNOWN
    house.backups.verify(made.path, job())
    assert house.backups.all()[0].check is Check.WHOLE
    raw = bytearray(made.path.read_bytes())
    at = raw.index(b"SQLite format 3") + 5000
    raw[at] ^= 1
    made.path.write_bytes(raw)
    assert house.backups.all()[0].check is Check.UNKNOWN
    with pytest.raises(Failed, match="not as it was"):
        house.backups.verify(made.path, job())
    found = house.backups.all()[0]
    assert (found.check, "aiops.db" in found.sentence) == (Check.DAMAGED, True)


def test_only_what_lies_in_the_backups_folder_is_deleted(house: House, tmp_path: Path) -> None:
    inside = house.backups.make(job()).backup.path
    outside = house.backups.make(job(), tmp_path / "x.tar").backup.path
    with pytest.raises(Refused, match="not in the backups folder"):
        house.backups.remove(outside)
    house.backups.remove(inside)
    assert (inside.exists(), outside.exists()) == (False, True)
    with pytest.raises(Missing):
        house.backups.remove(inside)


# The schedule ------------------------------------------------------------------------------------


def test_the_schedule_makes_one_a_day_and_snapshots_when_something_changed(house: House) -> None:
    house.settings.save({"backup.every": "day", "backup.hour": 0})
    kinds = [made.backup.kind for made in house.backups.run_due(job())]
    assert kinds == [BackupKind.SCHEDULED, BackupKind.SNAPSHOT]
    assert house.backups.run_due(job()) == []
    due = house.backups.due()
    assert due is not None
    assert due > datetime.now(UTC)
    snapshot = next(one for one in house.backups.all() if one.kind is BackupKind.SNAPSHOT)
    assert set(members(snapshot.path)) == {
        "about.json", "settings.toml", "aiops.db", "manifest.json"
    }  # fmt: skip


def test_without_a_schedule_only_snapshots_are_made(house: House) -> None:
    assert house.backups.due() is None
    assert [made.backup.kind for made in house.backups.run_due(job())] == [BackupKind.SNAPSHOT]
    house.settings.save({"backup.snapshots": False})
    for one in house.backups.all():
        one.path.unlink()
    assert house.backups.run_due(job()) == []


def test_next_time() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_time("never", 3, None, now) is None
    assert next_time("day", 3, None, now) == now.replace(hour=3)  # due since the morning
    assert next_time("day", 3, now.replace(hour=4), now) == now.replace(day=24, hour=3)
    assert next_time("day", 3, now.replace(day=22, hour=4), now) == now.replace(hour=3)
    assert next_time("week", 3, now.replace(hour=4), now) == now.replace(day=30, hour=3)


def test_the_newest_stay_and_one_a_month() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    made = [now - timedelta(days=day) for day in range(120)]
    kept = thinned(made, 14)
    assert kept >= set(made[:14])
    assert {(one.month, one.day) for one in kept - set(made[:14])} == {
        (11, 9), (10, 31), (9, 30), (8, 31), (7, 31)
    }  # fmt: skip
    assert thinned(kept, 14) == kept


def test_snapshots_thin_with_age_and_the_newest_stays() -> None:
    now = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    made = [now - timedelta(minutes=20 * number) for number in range(3 * 24 * 100)]
    kept = thinned_snapshots(made, now)
    ages = sorted((now - one).total_seconds() / 3600 for one in kept)
    assert made[0] in kept
    assert 23 <= sum(age < 24 for age in ages) <= 25
    assert 12 <= sum(24 <= age < 14 * 24 for age in ages) <= 15
    assert 10 <= sum(age >= 14 * 24 for age in ages) <= 13
    assert max(ages) < 92 * 24
    assert thinned_snapshots(kept, now) == kept


# The open data folder ----------------------------------------------------------------------------


def test_an_open_data_folder_is_not_replaced(house: House, tmp_path: Path) -> None:
    archive = house.backups.make(job(), tmp_path / "x.tar").backup.path
    other = build(house.layout, {})
    other.tenants.create(TenantDraft("later"))
    before = remembered(house.layout)
    with pytest.raises(Clash, match="has this data folder open"):
        house.backups.restore(archive, job())
    assert remembered(house.layout) == before
    assert not (house.layout.data / ".restore").exists()


def test_checkouts_outside_of_the_data_folder_are_named(house: House, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine"
    subprocess.run(["git", "init", "-q", str(elsewhere)], check=True)
    house.projects.create(ProjectDraft(1, str(elsewhere), name="mine", checkout=str(elsewhere)))
    assert house.backups.outside() == {"acme / mine": str(elsewhere)}
    made = house.backups.make(job(), tmp_path / "all.tar", checkouts=True)
    assert made.about.outside == {"acme / mine": str(elsewhere)}
    assert any("acme / mine" in left and str(elsewhere) in left for left in made.left_out)
    assert house.backups.about(made.backup.path).outside == made.about.outside
    preview = Restoring(fresh(tmp_path)).preview(made.backup.path, "", job())
    assert any("acme / mine lay outside" in note for note in preview.notes)


def test_a_database_that_cannot_be_copied_is_named_and_leaves_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Snapshot, "_copy", broken)
    with pytest.raises(Failed, match="could not be copied: disk I/O error"):
        house.backups.make(job(), tmp_path / "all.tar")
    assert not list(tmp_path.glob("*all.tar*"))
    assert not list(house.layout.data.glob(".backup-*"))


def test_what_is_written_after_the_moment_of_the_copy_is_not_in_it(
    layout: Layout, tmp_path: Path
) -> None:
    house = build(layout, {})
    house.tenants.create(TenantDraft("before"))
    with snapshot(layout.database) as now:
        house.tenants.create(TenantDraft("after"))
        assert now.glimpse().names["tenants"] == ("before",)
        now.copy(tmp_path / "copy.db", lambda: None)
        now.copied()
    assert glimpse(tmp_path / "copy.db").names["tenants"] == ("before",)
    assert [one.name for one in house.tenants.all()] == ["after", "before"]


def test_a_copy_nobody_waits_for_ends(layout: Layout, tmp_path: Path) -> None:
    build(layout, {})
    with pytest.raises(ZeroDivisionError), snapshot(layout.database) as now:
        now.copy(tmp_path / "copy.db", lambda: None)
        raise ZeroDivisionError
    assert not [one for one in threading.enumerate() if one.name == "database copy"]
