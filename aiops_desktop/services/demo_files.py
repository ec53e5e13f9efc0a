"""What is in the demo's repositories: commits in order, each a subject and its files."""

from __future__ import annotations

Commits = tuple[tuple[str, dict[str, str]], ...]

_CONFIG = """[defaults]
inventory = inventory/hosts
retry_files_enabled = False
nocows = True
"""
_IGNORE = """# What playbooks write on this computer
out/
"""
_HOSTS = """# Every host of the demo is this computer: nothing leaves it.
[{group}]
localhost

[{group}:vars]
ansible_connection=local
ansible_python_interpreter={{{{ ansible_playbook_python }}}}
"""

_SHOP_SITE = """# Roll the web shop out to its hosts
- name: Roll out the web shop
  hosts: web
  gather_facts: false

  vars:
    output_dir: "{{ playbook_dir }}/out"

  pre_tasks:
    - name: See that a release is named
      ansible.builtin.assert:
        that: release is match('[0-9]+[.][0-9]+[.][0-9]+$')
        fail_msg: "“{{ release }}” is no release; name one such as 2.14.0."

  roles:
    - role: release
    - role: maintenance

  post_tasks:
    - name: Say what is out now
      ansible.builtin.debug:
        msg: "{{ shop_name }} {{ release }} is out on {{ inventory_hostname }}."
"""
_SHOP_README = """# web-shop

Rolls the web shop out to its hosts. This is the demo's project: every host is this computer,
and the playbook only writes below `out/` in the checkout.

| file | what it is for |
|---|---|
| `site.yml` | rolls out a release |
| `check.yml` | says what is out, changes nothing |
| `group_vars/web.yml` | which release, which batches |

## Roll out

    ansible-playbook site.yml -e release=2.14.0
"""
_SHOP_RELEASE = """- name: Make the folder of the release
  ansible.builtin.file:
    path: "{{ output_dir }}"
    state: directory
    mode: "0755"

- name: Write which release is out
  ansible.builtin.template:
    src: release.txt.j2
    dest: "{{ output_dir }}/release.txt"
    mode: "0644"

- name: Write the batches
  ansible.builtin.copy:
    content: "{{ batches | join('\\n') }}\\n"
    dest: "{{ output_dir }}/batches.txt"
    mode: "0644"
"""
_SHOP_TEMPLATE = """{{ shop_name }}
release: {{ release }}
host: {{ inventory_hostname }}
"""
_SHOP_MAINTENANCE = """- name: Write the maintenance page
  ansible.builtin.copy:
    content: "<h1>{{ shop_name }} is back in a minute.</h1>\\n"
    dest: "{{ output_dir }}/maintenance.html"
    mode: "0644"
"""
_SHOP_VARS = """shop_name: Web shop
release: 2.13.4
batches:
  - web1 web2
  - web3 web4
"""
_SHOP_CHECK = """# Say what is out; change nothing
- name: Check the web shop
  hosts: web
  gather_facts: false
  tasks:
    - name: Look for the release
      ansible.builtin.stat:
        path: "{{ playbook_dir }}/out/release.txt"
      register: found

    - name: Say whether one is out
      ansible.builtin.debug:
        msg: "{{ 'A release is out.' if found.stat.exists else 'Nothing is out yet.' }}"
"""

_SMALL_SITE = """# {what}
- name: {what}
  hosts: {group}
  gather_facts: false
  tasks:
    - name: Make the folder
      ansible.builtin.file:
        path: "{{{{ playbook_dir }}}}/out"
        state: directory
        mode: "0755"

    - name: Write {file}
      ansible.builtin.copy:
        content: "{content}\\n"
        dest: "{{{{ playbook_dir }}}}/out/{file}"
        mode: "0644"
"""


def _small(name: str, what: str, group: str, file: str, content: str) -> Commits:
    readme = f"# {name}\n\n{what}. A demo project: every host is this computer.\n"
    return (
        ("Begin", {"README.md": readme, ".gitignore": _IGNORE, "ansible.cfg": _CONFIG}),
        (
            f"{what}",
            {
                "site.yml": _SMALL_SITE.format(what=what, group=group, file=file, content=content),
                "inventory/hosts": _HOSTS.format(group=group),
            },
        ),
    )


REPOSITORIES: dict[str, Commits] = {
    "web-shop": (
        ("Begin", {"README.md": "# web-shop\n", ".gitignore": _IGNORE, "ansible.cfg": _CONFIG}),
        (
            "Roll out the web shop",
            {
                "README.md": _SHOP_README,
                "site.yml": _SHOP_SITE,
                "inventory/hosts": _HOSTS.format(group="web"),
                "group_vars/web.yml": _SHOP_VARS,
                "roles/release/tasks/main.yml": _SHOP_RELEASE,
                "roles/release/templates/release.txt.j2": _SHOP_TEMPLATE,
                "roles/maintenance/tasks/main.yml": _SHOP_MAINTENANCE,
            },
        ),
        ("Say what is out without changing it", {"check.yml": _SHOP_CHECK}),
        (
            "Roll out 2.14.0",
            {"group_vars/web.yml": _SHOP_VARS.replace("2.13.4", "2.14.0")},
        ),
    ),
    "infra": _small("infra", "Keep the base of every host", "all_hosts", "base.txt", "ntp, sshd"),
    "handbook": (
        ("Begin", {"README.md": "# handbook\n\nHow this team works. Nothing to deploy here.\n"}),
        (
            "Write down how a release goes out",
            {"docs/release.md": "# Release\n\n1. Review.\n2. Merge.\n3. Deploy.\n4. Look.\n"},
        ),
    ),
    "billing": _small("billing", "Roll out billing", "billing", "billing.txt", "billing 4.2.1"),
    "edge-proxies": _small(
        "edge-proxies", "Write the proxies' table", "edge", "table.txt", "/ -> web-shop"
    ),
}
