"""Hosts that tenants trust: asked, trusted, replaced after a change, removed, brought in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.jobs.job import HostQuestion, Reply
from aiops_desktop.ui.dialogs.connection import ConnectionDialog
from aiops_desktop.ui.dialogs.host_key import FoldedArt, HostKeyDialog
from aiops_desktop.ui.dialogs.host_look import HostShownDialog, LookAtHostDialog, parted
from aiops_desktop.ui.dialogs.hosts_import import ImportHostsDialog
from aiops_desktop.ui.questions import dialog_for
from aiops_desktop.ui.views.keys.lines import HostLine
from aiops_desktop.ui.views.keys.page import KeysPage
from tests.support.sshd import Sshd, needs_sshd
from tests.support.stage import Stage
from tests.ui.keys.pages import asked, opened, remote, words


def line_of(stage: Stage, tenant_id: int, host: str, name: str = "acme-deploy") -> str:
    """A known_hosts line with the key of this name, which is made when it is not there."""
    keys = {key.name: key for key in stage.house.keys.all(tenant_id)}
    key = keys.get(name) or stage.house.keys.generate(tenant_id, name).key
    kind, blob = key.public.split()[:2]
    return f"{host} {kind} {blob}\n"


def hosts_of(page: KeysPage) -> list[str]:
    items = page.hosts.rows.rows.items
    return [item.host.host for item in items if isinstance(item, HostLine)]


def known(stage: Stage, tenant_id: int, text: str) -> Path:
    path = stage.house.tenants.room(tenant_id).known_hosts
    path.write_text(text)
    return path


def test_names_with_and_without_a_port() -> None:
    assert parted("[git.acme.example]:2222") == ("git.acme.example", 2222)
    assert parted("git.acme.example") == ("git.acme.example", 22)
    assert parted("[::1]:22") == ("::1", 22)


def test_all_entries_are_listed_filtered_and_explained(stage: Stage) -> None:
    acme, globex = stage.tenant("acme"), stage.tenant("globex")
    line = line_of(stage, acme.id, "git.acme.example")
    known(stage, acme.id, f"{line}@revoked {line_of(stage, acme.id, '*', 'bad')}")
    known(stage, globex.id, f"@cert-authority {line_of(stage, acme.id, '*.globex.example')}")
    page = opened(stage)
    stage.desk.run_action("keys.hosts")
    stage.settle()
    QAbstractItemModelTester(page.hosts.rows.rows)
    assert hosts_of(page) == ["git.acme.example", "*", "*.globex.example"]
    assert "trusted" in words(page.hosts.details)
    page.hosts.search.setText("revoked")
    assert hosts_of(page) == ["*"]
    assert "never accepted" in words(page.hosts.details)
    assert not page.hosts.details.can_check()
    assert page.back()
    assert len(hosts_of(page)) == 3
    assert page.back(), "back to the keys"
    assert not page.hosts.isVisible()
    assert not page.back()


def test_an_entry_is_removed_and_only_that(stage: Stage) -> None:
    acme = stage.tenant()
    text = line_of(stage, acme.id, "one.example") + line_of(stage, acme.id, "two.example")
    path = known(stage, acme.id, text)
    page = opened(stage)
    page.show_hosts()
    page.hosts.details.remove()
    stage.wait(lambda: hosts_of(page) == ["two.example"])
    assert "one.example" not in path.read_text()
    stage.settle()


def test_a_key_is_never_accepted_again(stage: Stage) -> None:
    acme = stage.tenant()
    path = known(stage, acme.id, line_of(stage, acme.id, "one.example"))
    page = opened(stage)
    page.show_hosts()
    page.hosts.details.revoke()
    stage.wait(lambda: "@revoked" in path.read_text())
    stage.wait(lambda: "never accepted" in words(page.hosts.details))
    stage.settle()


def test_without_hosts_the_sheet_teaches(stage: Stage) -> None:
    stage.tenant()
    page = opened(stage)
    page.show_hosts()
    assert "No host is trusted yet." in words(page.hosts)


def test_only_chosen_entries_are_taken_over(stage: Stage, layout: Layout) -> None:
    acme = stage.tenant()
    own = Path.home() / ".ssh" / "known_hosts"
    own.parent.mkdir(exist_ok=True)
    own.write_text("".join(line_of(stage, acme.id, f"{n}.example") for n in ("one", "two", "six")))
    dialog = asked(stage, "keys.import_hosts", ImportHostsDialog)
    assert not dialog.accept_button.isEnabled()
    items = dialog.rows.rows.items
    dialog.turn(items[0])
    dialog.turn(items[1])
    dialog.turn(items[1])
    dialog.search.setText("six")
    dialog._turn_all()
    assert dialog.accept_button.text() == "Import 2 hosts"
    dialog.accept_button.click()
    stage.no_dialog()
    stage.settle()
    hosts = [host.host for host in stage.house.hosts.all(acme.id)]
    assert hosts == ["one.example", "six.example"]


def test_a_file_that_is_not_there_is_said(stage: Stage) -> None:
    stage.tenant()
    dialog = asked(stage, "keys.import_hosts", ImportHostsDialog)
    assert "There is no file" in words(dialog)
    dialog.reject()
    stage.settle()


def test_the_picture_of_a_host_key_unfolds(stage: Stage) -> None:
    acme = stage.tenant()
    key = stage.house.keys.generate(acme.id, "acme-deploy").key
    reply = Reply(
        HostQuestion(
            "?", host="h", key_type="ssh-ed25519", fingerprint=key.fingerprint, tenant="acme",
            randomart=key.randomart,
        )
    )  # fmt: skip
    dialog = dialog_for(stage.desk, stage.window, "Fetch", reply)
    assert isinstance(dialog, HostKeyDialog)
    dialog.open()
    assert key.randomart not in words(dialog)
    dialog.findChildren(FoldedArt)[0].turn()
    assert key.randomart in words(dialog)
    dialog.reject()
    stage.settle()


def look(stage: Stage, server: Sshd) -> HostShownDialog:
    ask = asked(stage, "keys.trust_host", LookAtHostDialog)
    ask.host.setText("127.0.0.1")
    ask.port.setValue(server.port)
    ask.accept_button.click()
    shown = stage.dialog(HostShownDialog)
    assert isinstance(shown, HostShownDialog)
    stage.settle()
    return shown


@needs_sshd
def test_a_host_is_asked_compared_and_trusted(stage: Stage, tmp_path: Path) -> None:
    acme = stage.tenant()
    with Sshd(tmp_path / "sshd") as server:
        dialog = look(stage, server)
        dialog.field.setText("SHA256:" + "A" * 43)
        assert not dialog.accept_button.isEnabled()
        dialog.field.setText(server.host_fingerprint())
        assert "Matches, all 43 characters" in words(dialog)
        dialog.accept_button.click()
        stage.no_dialog()
        stage.settle()
        assert [h.fingerprint for h in stage.house.hosts.all(acme.id)] == [
            server.host_fingerprint()
        ]
        again = look(stage, server)
        assert again.shown.standing == "known"
        assert not again.accept_button.isVisible()
        again.reject()
        stage.settle()


@needs_sshd
def test_a_changed_key_is_replaced_only_by_the_compared_one(stage: Stage, tmp_path: Path) -> None:
    acme = stage.tenant()
    with Sshd(tmp_path / "sshd") as server:
        known(stage, acme.id, server.known_line)
        old = server.host_fingerprint()
        server.new_host_key()
        server.restart()
        dialog = look(stage, server)
        assert dialog.shown.standing == "changed"
        assert old in words(dialog)
        assert not dialog.accept_button.isEnabled(), "nothing was compared yet"
        dialog.field.setText(old)
        assert not dialog.accept_button.isEnabled()
        dialog.field.setText(server.host_fingerprint())
        dialog.accept_button.click()
        stage.no_dialog()
        stage.settle()
        now = server.host_fingerprint()
    assert [host.fingerprint for host in stage.house.hosts.all(acme.id)] == [now]


def test_a_host_that_does_not_answer_is_said(stage: Stage) -> None:
    stage.tenant()
    ask = asked(stage, "keys.trust_host", LookAtHostDialog)
    ask.host.setText("127.0.0.1")
    ask.port.setValue(1)
    ask.accept_button.click()
    stage.wait(lambda: bool(ask.said.text()))
    assert ask.accept_button.isEnabled()
    ask.reject()
    stage.settle()


# Connection tests ---------------------------------------------------------------------------------


@needs_sshd
def test_each_step_of_a_connection_is_a_line_that_can_be_copied(
    stage: Stage, tmp_path: Path
) -> None:
    acme = stage.tenant()
    key = stage.house.keys.generate(acme.id, "acme-deploy").key
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(key.public)
        known(stage, acme.id, server.known_line)
        remote(stage, acme, server.url("/tmp/none.git"))
        dialog = asked(stage, "keys.test", ConnectionDialog)
        dialog.what.setCurrentIndex(dialog.what.count() - 1)
        dialog.user.setText(server.account)
        dialog.host.setText("127.0.0.1")
        dialog.port.setValue(server.port)
        dialog.accept_button.click()
        stage.wait(lambda: dialog.report is not None)
        stage.settle()
    assert dialog.report is not None and dialog.report.good, dialog.report
    shown = words(dialog)
    for step in dialog.report.steps:
        assert step.title in shown
    dialog.copy()
    told = QApplication.clipboard().text()
    assert told == dialog.report.text
    assert key.path.read_text().splitlines()[1] not in told
    assert dialog.accept_button.text() == "Test again"
    dialog.reject()
    stage.settle()


@needs_sshd
def test_one_key_alone_shows_whether_the_server_knows_it(stage: Stage, tmp_path: Path) -> None:
    acme = stage.tenant()
    stage.house.keys.generate(acme.id, "acme-deploy")
    right = stage.house.keys.generate(acme.id, "zz-right").key
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(right.public)
        known(stage, acme.id, server.known_line)
        remote(stage, acme, server.url("/tmp/none.git"))
        opened(stage)
        dialog = asked(stage, "key.test", ConnectionDialog)
        assert dialog.alone.isChecked() and not dialog.tenant.isEnabled()
        dialog.accept_button.click()
        stage.wait(lambda: dialog.report is not None)
        stage.settle()
    assert dialog.report is not None and not dialog.report.good
    dialog.reject()
    stage.settle()


def test_a_closed_dialog_stops_its_test(stage: Stage) -> None:
    """A server that never says a word holds the test until one closes the dialog."""
    import socket

    acme = stage.tenant()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dialog = asked(stage, "keys.test", ConnectionDialog)
        dialog.host.setText("127.0.0.1")
        dialog.port.setValue(silent.getsockname()[1])
        dialog.accept_button.click()
        record = stage.desk.jobs.shown[-1]
        assert record.alive
        dialog.reject()
        stage.wait(lambda: not record.alive)
    stage.settle()
    assert acme.id in stage.desk.tenants


def test_a_changed_key_leads_to_the_known_hosts(stage: Stage) -> None:
    stage.tenant()
    trouble = NotTrusted("The host key has changed.", "Ask.", steps=("keys.hosts",))
    stage.desk.banner_wanted.emit(None, trouble)
    offered = stage.window.menus.offer("keys.hosts")
    assert offered is not None
    offered[1]()
    stage.settle()
    page = stage.window.page_of("keys")
    assert isinstance(page, KeysPage)
    assert page.hosts.isVisible()
