"""Playbooks of a checkout, run on this computer with ansible-playbook under a supervisor."""

from __future__ import annotations

from aiops_desktop.adapters.ansible.playbooks import find, find_one, unreadable
from aiops_desktop.adapters.ansible.recap import Recap
from aiops_desktop.adapters.ansible.run import Ansible, Standing

__all__ = ["Ansible", "Recap", "Standing", "find", "find_one", "unreadable"]
