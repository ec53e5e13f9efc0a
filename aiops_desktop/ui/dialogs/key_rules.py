"""What a tenant allows beside its own keys, and how its agent and hosts are kept."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import KeyRules
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.fitting import spin
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr


class KeyRulesDialog(Dialog):
    """Three switches and the minutes, for one tenant."""

    def __init__(self, desk: Desk, parent: QWidget | None, tenant_id: int | None = None) -> None:
        super().__init__(
            desk,
            parent,
            tr("Key rules"),
            tr("The project's key comes first, then the tenant's keys, oldest first."),
            verb=tr("Save rules"),
        )
        kit = self.kit
        self.tenant = TenantChoice(desk, tenant_id)
        self.config, config = kit.switch(
            tr("Let ~/.ssh/config count"), tr("For aliases, jump hosts and hardware keys.")
        )
        self.agent, agent = kit.switch(
            tr("Then ask my own ssh-agent"), tr("Its keys are seen by this tenant's servers.")
        )
        self.hashed, hashed = kit.switch(
            tr("Hide the names of known hosts"), tr("New hosts are written as a hash.")
        )
        self.minutes = spin(0, 7 * 24 * 60)
        self.minutes.setSuffix(tr(" minutes"))
        self.minutes.setSpecialValueText(tr("until it is locked"))
        self.fields = {
            "tenant_id": Field(kit, tr("Tenant"), self.tenant),
            "agent_minutes": Field(kit, tr("The tenant's agent keeps a key"), self.minutes),
        }
        self.body.addLayout(self.fields["tenant_id"].layout)
        for row in (config, agent, hashed):
            self.body.addLayout(row)
        self.body.addLayout(self.fields["agent_minutes"].layout)
        self.tenant.currentIndexChanged.connect(lambda _number: self._read())
        self._read()
        self.tenant.setFocus()

    def submit(self) -> None:
        """Save them."""
        care, there = self.desk.house.keys.care, self.tenant.tenant_id
        rules = KeyRules(
            own_agent=self.agent.isChecked(),
            own_config=self.config.isChecked(),
            hash_hosts=self.hashed.isChecked(),
            agent_minutes=self.minutes.value(),
        )
        self.work(tr("Save key rules"), lambda _job: care.set_rules(there, rules))

    def _read(self) -> None:
        care, there = self.desk.house.keys.care, self.tenant.tenant_id
        self.accept_button.setEnabled(False)

        def read(_job: Job) -> tuple[int, KeyRules]:
            return there, care.rules(there)

        self.read(read, self._show)

    def _show(self, found: tuple[int, KeyRules]) -> None:
        tenant_id, rules = found
        if tenant_id != self.tenant.tenant_id:
            return  # another was chosen meanwhile, and is being read
        self.agent.setChecked(rules.own_agent)
        self.config.setChecked(rules.own_config)
        self.hashed.setChecked(rules.hash_hosts)
        self.minutes.setValue(rules.agent_minutes)
        self.accept_button.setEnabled(True)
