"""The doctor: finds what the program finds, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiops_desktop.adapters.ansible import Ansible
from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout


def test_the_doctor_finds_the_ansible_playbook_that_deployments_use(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    own = tmp_path / "own" / "ansible-playbook"
    house = build(layout, {})
    assert house.doctor is not None
    monkeypatch.setattr(house.doctor, "_playbooks", Ansible(own).program)
    (step,) = (s for s in house.doctor.look() if s.title == "ansible-playbook")
    assert step.ok is None
    assert "pipx install ansible-core" in step.detail

    own.parent.mkdir()
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    (step,) = (s for s in house.doctor.look() if s.title == "ansible-playbook")
    assert (step.ok, step.detail) == (True, str(own))

    first = bare / "ansible-playbook"
    os.link(own, first)
    (step,) = (s for s in house.doctor.look() if s.title == "ansible-playbook")
    assert step.detail == str(first)
