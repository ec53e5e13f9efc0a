"""What counts as a playbook and as an inventory in a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.ansible import find, find_one
from aiops_desktop.domain.trouble import Missing


def write(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


PLAY = "- name: Deploy the shop\n  hosts: web\n  tasks: []\n"


def test_playbooks_are_found_in_their_usual_places(tmp_path: Path) -> None:
    for name in ("site.yml", "playbooks/a.yaml", "ansible/b.yml", "ops/c.yml", "other/d.yml"):
        write(tmp_path, name, PLAY)
    write(tmp_path, "all.yml", "- import_playbook: site.yml\n")
    found = find(tmp_path, "ops")
    assert [one.id for one in found] == [
        "all.yml",
        "site.yml",
        "ansible/b.yml",
        "ops/c.yml",
        "playbooks/a.yaml",
    ]
    assert (found[1].name, found[1].group, found[1].description) == (
        "site.yml",
        "",
        "Deploy the shop",
    )
    assert found[4].group == "playbooks"


def test_what_is_no_playbook_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "tasks.yml", "- name: a task\n  debug: {msg: hosts}\n")
    write(tmp_path, "map.yml", "hosts: web\n")
    write(tmp_path, "broken.yml", "- hosts: [\n")
    write(tmp_path, "bytes.yml", b"\xff\xfe\x00- hosts")
    write(tmp_path, "empty.yml", "")
    write(tmp_path, "date.yml", "- hosts: 2026-99-99\n  - x")
    write(tmp_path, "huge.yml", PLAY + "#" * (1 << 20))
    write(tmp_path, "deep.yml", "[" * 20_000)
    write(tmp_path, "folder.yml/inside", PLAY)
    assert find(tmp_path) == []


def test_a_vaulted_value_does_not_hide_a_playbook(tmp_path: Path) -> None:
    play = "- hosts: web\n  vars:\n    p: !vault |\n      $ANSIBLE_VAULT;1.1\n    u: !unsafe x\n"
    write(tmp_path, "site.yml", play)
    assert [one.id for one in find(tmp_path)] == ["site.yml"]


def test_nothing_outside_of_the_checkout_is_offered(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    write(tmp_path, "secret/site.yml", PLAY)
    write(checkout, "ok.yml", PLAY)
    (checkout / "link.yml").symlink_to(tmp_path / "secret/site.yml")
    (checkout / "playbooks").symlink_to(tmp_path / "secret")
    assert [one.id for one in find(checkout, "../secret")] == ["ok.yml"]
    assert find(checkout / "gone") == []


def test_a_playbook_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="not in this checkout"):
        find_one(tmp_path, "../../etc/passwd")


def test_prompts_become_a_survey(tmp_path: Path) -> None:
    write(
        tmp_path,
        "site.yml",
        "- hosts: localhost\n  vars_prompt:\n"
        "    - {name: version, prompt: 'Version:', private: false, default: 2}\n"
        "    - {name: word}\n    - broken\n",
    )
    version, word = find(tmp_path)[0].survey
    assert (version.title, version.type, version.default, version.required) == (
        "Version",
        "",
        "2",
        False,
    )
    assert (word.title, word.type, word.required) == ("word", "secret", True)


def test_inventories_are_found(tmp_path: Path) -> None:
    write(tmp_path, "site.yml", PLAY)
    write(tmp_path, "inventories/staging/hosts", "web1\n")
    write(tmp_path, "inventories/production.ini", "web1\n")
    write(tmp_path, "inventories/group_vars/all.yml", "a: b\n")
    write(tmp_path, "inventories/README.md", "x")
    write(tmp_path, "hosts", "web1\n")
    found = find(tmp_path)[0]
    assert [path for path, _name in found.inventories] == [
        "hosts",
        "inventories/production.ini",
        "inventories/staging",
    ]
    assert found.asks_inventory


def test_the_only_inventory_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "site.yml", PLAY)
    write(tmp_path, "inventory/hosts.ini", "web1\n")
    found = find(tmp_path)[0]
    assert found.fixed["inventory"] == "inventory"
    assert not found.asks_inventory


def test_a_configured_inventory_is_left_to_ansible(tmp_path: Path) -> None:
    write(tmp_path, "site.yml", PLAY)
    write(tmp_path, "ansible.cfg", "[defaults]\ninventory = ./my%hosts\n")
    write(tmp_path, "inventories/a", "x\n")
    write(tmp_path, "inventories/b", "x\n")
    found = find(tmp_path)[0]
    assert found.fixed["inventory"] == "./my%hosts"
    assert not found.asks_inventory


def test_a_playbook_for_this_computer_needs_no_inventory(tmp_path: Path) -> None:
    write(tmp_path, "site.yml", "- hosts: localhost\n  tasks: []\n")
    write(tmp_path, "inventories/a", "x\n")
    write(tmp_path, "inventories/b", "x\n")
    found = find(tmp_path)[0]
    assert not found.asks_inventory
    assert "inventory" not in found.fixed
