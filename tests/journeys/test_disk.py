"""A full disk in the middle of things, on a small file system."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.killed import assert_consistent
from tests.support.repos import bare, git
from tests.support.shell import Shell, house

pytestmark = pytest.mark.journey

MEGABYTE = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB that is taken away again."""
    place = tmp_path / "small"
    place.mkdir()
    if os.getuid() != 0:
        pytest.skip("Only root may mount a small file system.")
    words = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"No small file system can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def made(layout: Layout, remote: Path) -> tuple[House, Project]:
    """A tenant and its project, not cloned yet."""
    found = house(layout)
    tenant = found.tenants.create(TenantDraft("Acme", "", "", "Ann", "ann@acme.example")).tenant
    return found, found.projects.create(ProjectDraft(tenant.id, str(remote), "site")).project


def fill(place: Path, leave: int) -> Path:
    """Fill a file system up to what is left."""
    ballast = place / "ballast"
    free = os.statvfs(place)
    with ballast.open("wb") as file:
        file.write(b"\0" * max(0, free.f_bavail * free.f_frsize - leave))
    return ballast


def test_a_disk_full_on_clone(small: Path, tmp_path: Path) -> None:
    """The checkouts lie on the small disk, and the data folder with them."""
    layout = Layout(small / "data", is_default=False)
    remote = bare(tmp_path / "site.git", {"big.bin": os.urandom(16 * MEGABYTE)})
    found, site = made(layout, remote)
    with pytest.raises(Failed) as told:
        found.repositories.clone(site.id, Job("Clone"))
    assert "disk" in told.value.what.lower() or "space" in told.value.what.lower(), told.value.what
    assert told.value.hint
    assert found.projects.get(site.id).state is CheckoutState.FAILED
    assert list(site.checkout.parent.iterdir()) == [], "nothing half-made is left"
    assert_consistent(layout)
    (event,) = found.history.all(EventFilter(verb="clone"))
    assert event.outcome is Outcome.FAILED


def test_a_disk_full_on_commit(small: Path, tmp_path: Path) -> None:
    layout = Layout(small / "data", is_default=False)
    found, site = made(layout, bare(tmp_path / "site.git", {"a.txt": "a\n"}))
    found.repositories.clone(site.id, Job("Clone"))
    (site.checkout / "big.bin").write_bytes(os.urandom(3 * MEGABYTE))
    ballast = fill(small, MEGABYTE)
    with pytest.raises(Trouble) as told:
        found.repositories.stage(site.id, ["big.bin"])
    assert "disk" in str(told.value).lower() or "space" in str(told.value).lower(), told.value

    ballast.unlink()
    found.repositories.stage(site.id, ["big.bin"])
    ballast = fill(small, 0)
    with pytest.raises(Trouble) as told:
        found.repositories.commit(site.id, "Big", Job("Commit"))
    assert "disk" in str(told.value).lower() or "space" in str(told.value).lower(), told.value

    ballast.unlink()
    assert_consistent(layout)
    git(site.checkout, "fsck", "--strict")
    assert not list((site.checkout / ".git").glob("*.lock"))
    assert git(site.checkout, "log", "--format=%s") == "First"
    found.repositories.commit(site.id, "Big", Job("Commit"))
    assert git(site.checkout, "log", "-1", "--format=%s") == "Big"


def test_a_disk_full_in_the_shell(small: Path) -> None:
    """Every command ends with a sentence; what was there before stays."""
    layout = Layout(small / "data", is_default=False)
    shell = Shell(layout)
    shell("tenant", "add", "Acme")
    ballast = fill(small, 0)
    for words in (
        ("tenant", "list"),
        ("tenant", "add", "Bolt", "--description", "x" * 100_000),
        ("key", "generate", "acme", "main"),
        ("project", "add", "acme", "git@h.example:a/b.git"),
        ("setting", "set", "git.idle_timeout", "30"),
        ("setting", "set", "semaphore.api_token", "a-token-of-semaphore"),
    ):
        said = shell(*words, code=1)
        assert "error of the program" not in said.err, said.err
        assert "disk" in said.err.lower() or "space" in said.err.lower(), said.err
    ballast.unlink()
    assert_consistent(layout)
    assert [one["name"] for one in shell.json("tenant", "list")] == ["Acme"]
    shell("tenant", "add", "Bolt")
    assert shell.json("key", "list", "acme") == []
    assert not list((layout.tenant("acme") / "keys").iterdir())


def test_a_disk_that_fills_while_the_house_is_open(small: Path) -> None:
    """The database is open already and has room in its log; the files beside it have none."""
    layout = Layout(small / "data", is_default=False)
    found = house(layout)
    tenant = found.tenants.create(TenantDraft("Acme")).tenant
    before = found.settings.current()
    ballast = fill(small, 0)
    for work in (
        lambda: found.keys.generate(tenant.id, "main", KeyType.ED25519),
        lambda: found.settings.save({"git.idle_timeout": 30}),
        lambda: found.secrets.put("tenant:1/https/h.example", "x" * 5000),
        lambda: found.tenants.create(TenantDraft("Bolt", "x" * 2_000_000)),
    ):
        with pytest.raises(Trouble) as told:
            work()
        assert re.search("disk|space", str(told.value), re.IGNORECASE), told.value
    ballast.unlink()
    assert_consistent(layout)
    assert found.settings.current() == before
    assert found.keys.all(tenant.id) == []
    assert not list((layout.tenant("acme") / "keys").iterdir())
    found.keys.generate(tenant.id, "main", KeyType.ED25519)
