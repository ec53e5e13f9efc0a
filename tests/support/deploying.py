"""A data folder in which deployments can be made, for tests of the service and the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from aiops_desktop.adapters.ansible import Ansible
from aiops_desktop.domain.deployments import Deployment, DeploymentUpdate
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.settings import Ansible as AnsibleSettings
from aiops_desktop.domain.settings import Semaphore, Settings
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.services.deployments import Deployments
from aiops_desktop.services.settings import SettingsService
from aiops_desktop.storage.deployments import DeploymentStore
from tests.support.fake_semaphore import FakeSemaphore
from tests.support.ground import Ground, ground
from tests.support.waiting import until

COMMIT = "4d5e6f12aa00bb11cc22dd33ee44ff5566778899"
TOOLS = Path(__file__).parents[2] / ".tools/ansible/bin/ansible-playbook"

SITE = """
- name: Write the version
  hosts: localhost
  gather_facts: false
  vars:
    target: "{{ playbook_dir }}/written.txt"
    version: none
  vars_prompt:
    - {name: version, prompt: Version, private: false, default: "1"}
    - {name: word, prompt: Word, default: ""}
  tasks:
    - name: Write it
      ansible.builtin.copy:
        dest: "{{ target }}"
        content: "{{ version }}\\n"
    - name: Say it
      ansible.builtin.debug:
        msg: "the word is {{ word }}"
"""
SLOW = """
- name: Take a while
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Begin
      ansible.builtin.copy: {dest: "{{ playbook_dir }}/begun.txt", content: "yes"}
    - name: Wait for the sign
      ansible.builtin.wait_for:
        path: "{{ playbook_dir }}/go.txt"
        timeout: 60
        sleep: 1
    - name: End
      ansible.builtin.copy: {dest: "{{ playbook_dir }}/ended.txt", content: "yes"}
"""


@dataclass
class FixedSettings:
    """Settings a test chose."""

    settings: Settings
    token: str = ""

    def current(self) -> Settings:
        return self.settings

    def secret(self, path: str) -> str:
        return self.token if path == "semaphore.api_token" else ""


@dataclass
class Site:
    """What `site` made."""

    ground: Ground
    tenant: Tenant
    project: Project
    settings: FixedSettings
    store: DeploymentStore
    deployments: Deployments

    def again(self) -> Deployments:
        """The service as after a restart of the program."""
        return service(self.ground, self.store, self.settings)


def service(made: Ground, store: DeploymentStore, settings: FixedSettings) -> Deployments:
    return Deployments(
        store,
        made.projects,
        made.tenants,
        cast(SettingsService, settings),
        made.secrets,
        made.history,
        Ansible(TOOLS),
        head=lambda _project: COMMIT,
        operator=lambda: "Ann",
    )


def site(
    layout: Layout,
    *,
    fake: FakeSemaphore | None = None,
    playbooks: Mapping[str, str] | None = None,
    **semaphore: object,
) -> Site:
    """A tenant with a cloned project; `semaphore` are further settings of that section."""
    made = ground(layout)
    tenant = made.tenant("Acme")
    project = made.project(tenant, "web-shop")
    project.checkout.mkdir(parents=True)
    for name, text in (playbooks or {}).items():
        path = project.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    made.project_store.set_state(project.id, CheckoutState.READY)
    mine = Semaphore(poll_interval=0.02, http_timeout=5.0)
    if fake is not None:
        mine = replace(mine, base_url=fake.url, default_project_id=7)
    mine = replace(mine, **semaphore)  # type: ignore[arg-type]  # fields of the section
    settings = FixedSettings(
        replace(Settings(), semaphore=mine, ansible=AnsibleSettings()), fake.token if fake else ""
    )
    store = DeploymentStore(made.database)
    project = made.projects.get(project.id)
    return Site(made, tenant, project, settings, store, service(made, store, settings))


def until_over(deployments: Deployments, deployment_id: int) -> DeploymentUpdate:
    """Ask until it is over and settled; the last answer with the whole log."""
    found: list[Deployment] = []

    def over() -> bool:
        found[:] = [deployments.update(deployment_id).deployment]
        return found[0].state.over

    until(over)
    deployments.update(deployment_id)
    return deployments.update(deployment_id)
