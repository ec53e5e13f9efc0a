"""A project of our own at a real Semaphore server, for as long as the contract is run against it.

The server must run on this computer, because its tasks take their playbooks from a folder here; the
token's account must be allowed to make projects (docs/real-servers.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

#: Every override that a template can allow.
GATES = {
    "allow_debug": True,
    "allow_override_inventory": True,
    "allow_override_limit": True,
    "allow_override_tags": True,
    "allow_override_skip_tags": True,
}
SURVEY = [
    {"name": "version", "title": "Version", "required": True, "type": ""},
    {"name": "word", "title": "Word", "type": "secret"},
]
_FILES = {
    "good.yml": """
- name: Deploy the shop
  hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "version={{ version | default('none') }} word={{ word | default('') | length }}"
""",
    "bad.yml": """
- name: Break
  hosts: web1
  gather_facts: false
  tasks:
    - ansible.builtin.fail: {msg: no space left}
""",
    # One short step after the other: servers end only ansible-playbook itself, and what it had
    # begun on the hosts goes on.
    "endless.yml": """
- name: Take a while
  hosts: web1
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: begun}
    - ansible.builtin.wait_for: {timeout: 5}
    - ansible.builtin.wait_for: {timeout: 60}
""",
    "infrastructure/main.tf": 'output "when" { value = timestamp() }\n',
}


class RealSemaphore:
    """Use it with `with`: makes the project with its templates, and deletes it with its tasks.

    Attributes:
        project: its number at the server.
        templates: the numbers of the templates by name.
    """

    def __init__(self, url: str, token: str, folder: Path) -> None:
        self.url, self.token = url, token
        self.project = 0
        self.templates: dict[str, str] = {}
        self._folder = folder

    def __enter__(self) -> RealSemaphore:
        self._write()
        self.project = self._post("/projects", {"name": "aiops contract"})["id"]
        key = self._made("keys", {"name": "none of its own", "type": "none"})
        repository = self._made(
            "repositories",
            {
                "name": "playbooks",
                "git_url": str(self._folder),  # 2.10 mixes up clones of several projects
                "git_branch": "",
                "ssh_key_id": key,
            },
        )
        hosts = "\n".join(f"{name} ansible_connection=local" for name in ("web1", "web2"))
        staging = self._made(
            "inventory",
            {"name": "staging", "type": "static", "inventory": hosts, "ssh_key_id": key},
        )
        workspace = self._made(
            "inventory",
            {
                "name": "workspace",
                "type": "terraform-workspace",
                "inventory": "default",
                "ssh_key_id": key,
                "repository_id": repository,
            },
        )
        group = self._made("environment", {"name": "group", "json": "{}", "env": "{}"})
        common = {"repository_id": repository, "inventory_id": staging, "environment_id": group}
        open_ = {"task_params": GATES, "allow_override_args_in_task": True}
        self._template("good", "good.yml", **common, **open_, survey_vars=SURVEY)
        self._template("locked", "good.yml", **common)
        self._template("bare", "good.yml", **{**common, "environment_id": None})
        self._template("bad", "bad.yml", **common)
        self._template("endless", "endless.yml", **common)
        self._template(
            "confirm", "infrastructure", **{**common, "inventory_id": workspace}, app="tofu"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("DELETE", f"/project/{self.project}")

    def _write(self) -> None:
        for name, text in _FILES.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def _template(self, name: str, playbook: str, **more: Any) -> None:
        body = {"name": name, "playbook": playbook, "type": "", "app": "ansible", **more}
        self.templates[name] = str(self._made("templates", body))

    def _made(self, kind: str, body: dict[str, Any]) -> int:
        """Make one and find its number; 2.10 does not answer with it."""
        path = f"/project/{self.project}/{kind}"
        self._post(path, {**body, "project_id": self.project})
        rows = self._ask("GET", path).json()
        return next(int(row["id"]) for row in rows if row["name"] == body["name"])

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._ask("POST", path, body)
        return answer.json() if answer.content else None

    def _ask(self, method: str, path: str, body: object = None) -> requests.Response:
        answer = requests.request(
            method,
            f"{self.url.rstrip('/')}/api{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"},
            timeout=30,
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        return answer
