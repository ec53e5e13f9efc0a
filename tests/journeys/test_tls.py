"""A token over https, with a real certificate of a real (self-made) authority."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Trouble
from tests.support.certificates import certificate
from tests.support.githttp import GitHttp
from tests.support.people import Listener
from tests.support.repos import bare, commit, git
from tests.support.shell import house

pytestmark = pytest.mark.journey

TOKEN = "glpat-over-tls-0123456789"


def test_clone_and_push_with_a_token(layout: Layout, tmp_path: Path, private_home: Path) -> None:
    remote = bare(tmp_path / "srv" / "site.git", {"a.txt": "a\n"})
    git(remote, "config", "http.receivepack", "true")
    context, authority = certificate(tmp_path)
    with GitHttp(tmp_path / "srv", TOKEN, tls=context) as site:
        found = house(layout)
        draft = TenantDraft("Acme", "", "", "Ann", "ann@acme.example")
        tenant = found.tenants.create(draft).tenant
        address = site.url("site.git").replace("https://", f"https://oauth2:{TOKEN}@")
        project = found.projects.create(ProjectDraft(tenant.id, address, "site")).project
        assert TOKEN not in project.remote_url

        with pytest.raises(Trouble) as told:
            found.repositories.clone(project.id, Listener().job())
        assert "certificate" in told.value.what
        assert told.value.hint
        assert site.seen == [], "an unknown server gets no token"
        assert found.projects.get(project.id).state is CheckoutState.FAILED
        assert list(project.checkout.parent.iterdir()) == []

        with (private_home / ".gitconfig").open("a") as file:
            file.write(f"[http]\n\tsslCAInfo = {authority}\n")
        ear = Listener()
        found.repositories.clone(project.id, ear.job())
        assert ear.asked == [], "the token came with the address and is kept"
        commit(project.checkout, {"b.txt": "b\n"}, "Second")
        assert found.repositories.push_plan(project.id).identity.credential == "token of 127.0.0.1"
        found.repositories.push(project.id, Listener().job())
        assert git(remote, "log", "-1", "--format=%s", "main") == "Second"

    config = (project.checkout / ".git" / "config").read_text()
    told_all = found.history.export(EventFilter(), "json") + config + "\n".join(ear.lines)
    assert TOKEN not in told_all
    for path in layout.data.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path
