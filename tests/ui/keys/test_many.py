"""Five hundred keys are listed as fast as five."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.keys import KeyEntry, KnownHost
from aiops_desktop.ui.views.keys.lines import HostLine, KeyLine, Sight
from tests.support.stage import Stage
from tests.ui.keys.pages import opened

#: Seconds issue 4 gives for 500 keys, measured in the time this thread itself worked.
LIMIT = 0.1


def test_five_hundred_keys_and_hosts_are_shown_and_filtered_in_time(stage: Stage) -> None:
    tenant = stage.tenant()
    key = stage.house.keys.generate(tenant.id, "acme-deploy").key
    page = opened(stage)
    hosts = tuple(
        KnownHost(f"web{n}.acme.example", "ssh-ed25519", key.fingerprint, datetime.now(UTC), line=n)
        for n in range(1, 501)
    )
    lines = tuple(
        KeyLine(KeyEntry(replace(key, id=n, name=f"acme-{n:03}")), tenant, 3, hosts[:50])
        for n in range(500)
    )
    sight = Sight(lines, tuple(HostLine(host, tenant) for host in hosts))

    def took(text: str | None) -> float:
        began = time.thread_time()
        if text is None:
            page.fill(sight)
        else:
            page.search.setText(text)
        QApplication.processEvents()
        page.rows.viewport().grab()
        return time.thread_time() - began

    assert min(took(None) for _ in range(3)) < LIMIT
    assert len(page.rows.rows.items) == 500
    assert took("acme-49") < LIMIT
    assert len(page.rows.rows.items) == 10
    assert took("web7.acme") < LIMIT
    page.show_hosts()
    page.hosts.search.setText("web49")
    assert len(page.hosts.rows.rows.items) == 11
    stage.settle()
