"""The doctor: finds what the program finds, changes nothing by looking, repairs when asked."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiops_desktop.adapters.ansible import Ansible
from aiops_desktop.app import build
from aiops_desktop.domain.doctor import Finding
from aiops_desktop.domain.integrations import Integration, IntegrationKind
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services import doctor_checks
from aiops_desktop.services.doctor import Doctor
from aiops_desktop.services.house import House
from aiops_desktop.services.integration_standing import findings


@pytest.fixture
def house(layout: Layout) -> House:
    return build(layout, {})


def doctor_of(house: House) -> Doctor:
    assert house.doctor is not None
    return house.doctor


def found(house: House, title: str) -> Finding:
    return next(one for one in doctor_of(house).look() if one.title == title)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_fresh_data_folder_is_well(house: House) -> None:
    told = doctor_of(house).look()
    assert [one for one in told if one.ok is False] == []
    titles = [one.title for one in told]
    for title in ("Data folder", "Disk", "Database", "git", "ssh", "tmux", "Settings", "Secrets"):
        assert title in titles
    assert "git version" in found(house, "git").detail
    assert "schema" in found(house, "Database").detail


def test_the_doctor_finds_the_ansible_playbook_that_deployments_use(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    own = tmp_path / "own" / "ansible-playbook"
    house = build(layout, {})
    monkeypatch.setattr(house.doctor, "_playbooks", Ansible(own).program)
    step = found(house, "ansible-playbook")
    assert step.ok is None
    assert "pipx install ansible-core" in step.detail

    own.parent.mkdir()
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    step = found(house, "ansible-playbook")
    assert (step.ok, step.detail) == (True, str(own))

    first = bare / "ansible-playbook"
    os.link(own, first)
    assert found(house, "ansible-playbook").detail == str(first)


def test_a_missing_program_says_what_does_not_work_without_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    assert found(house, "git").ok is False
    assert "nothing can be cloned" in found(house, "git").detail
    assert found(house, "tmux").ok is None


def test_what_others_may_read_is_said_and_repaired(house: House, layout: Layout) -> None:
    layout.env.write_text("SEMAPHORE_API_TOKEN=token-0123456789\n")
    layout.env.chmod(0o644)
    assert found(house, "Private files").ok is None, "the closed folder still protects it"
    layout.data.chmod(0o755)
    assert found(house, "Private files").ok is False
    for name in ("folder", "files"):
        assert "repaired" in doctor_of(house).fix(name).summary
    assert (mode(layout.data), mode(layout.env)) == (0o700, 0o600)
    assert [one for one in doctor_of(house).look() if one.fix] == []
    assert [event.verb for event in house.history.all()] == ["repair", "repair"]
    with pytest.raises(Refused):
        doctor_of(house).fix("files")


def test_open_key_files_are_repaired_with_the_keys_own_verb(house: House, layout: Layout) -> None:
    tenant = house.tenants.create(TenantDraft("Acme")).tenant
    key = house.keys.generate(tenant.id, "deploy").key
    key.path.chmod(0o644)
    assert "deploy" in found(house, "Key files").detail
    doctor_of(house).fix("keys")
    assert mode(key.path) == 0o600
    key.path.unlink()
    assert "cannot be used" in found(house, "Key files").detail


def test_a_stale_lock_is_removed_and_a_living_one_is_not(house: House, layout: Layout) -> None:
    layout.socket.write_text(json.dumps({"pid": 4194304, "birth": 1.0, "socket": ""}))
    assert found(house, "Window").fix == "lock"
    doctor_of(house).fix("lock")
    assert not layout.socket.exists()


def test_a_damaged_database_is_named_with_the_way_out(tmp_path: Path, layout: Layout) -> None:
    layout.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    told = {one.title: one for one in doctor_checks.basics(layout, layout.database)}
    assert told["Database"].ok is False
    assert "Restore a copy" in told["Database"].hint


def test_looking_at_the_database_changes_nothing(house: House, layout: Layout) -> None:
    with sqlite3.connect(layout.database) as raw:
        before = raw.execute("PRAGMA data_version").fetchone()
        doctor_of(house).look()
        assert raw.execute("PRAGMA data_version").fetchone() == before
    raw.close()


def test_little_room_is_a_warning_and_no_room_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, ok in (("LITTLE_ROOM", None), ("NO_ROOM", False)):
        monkeypatch.setattr(doctor_checks, limit, 2**62)
        assert found(house, "Disk").ok is ok


def test_values_that_were_not_taken_are_findings(house: House, layout: Layout) -> None:
    layout.env.write_text("SEMAPHORE_HTTP_TIMEOUT=soon\nSEMAPHORE_BASEURL=x\n")
    told = [one.detail for one in doctor_of(house).look() if one.title == "Settings"]
    assert any(".env, line 1" in detail for detail in told)
    assert any("SEMAPHORE_BASE_URL is meant?" in detail for detail in told)


def test_tokens_that_end_and_links_that_fail_are_found() -> None:
    now = datetime.now(UTC)
    good = Integration(
        1, 1, IntegrationKind.GITLAB, "Good", "https://a.example", "ann", now, tested=now
    )
    soon = replace(good, name="Soon", expires=now + timedelta(days=3))
    over = replace(good, name="Over", expires=now - timedelta(days=1))
    bad = replace(good, name="Bad", what="It does not accept the token.", hint="Enter a new one.")
    link = SyncState(1, 1, 1, "Good: a/b", what="Nobody answers.", hint="Look at it.")
    told = [(one.ok, one.detail) for one in findings([good, soon, over, bad], [link])]
    assert told == [
        (None, f"Soon: its token ends on {soon.expires:%Y-%m-%d}."),
        (False, "Over: its token has expired."),
        (False, "Bad: It does not accept the token."),
        (False, "Good: a/b: Nobody answers."),
    ]
    assert [one.ok for one in findings([good], [])] == [True]
    assert list(findings([], [])) == []
