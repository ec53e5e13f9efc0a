"""Counts per host from Ansible's own words."""

from __future__ import annotations

from aiops_desktop.adapters.ansible import Recap
from aiops_desktop.domain.deployments import HostRecap, LogLine


def fed(text: str) -> Recap:
    recap = Recap()
    recap.feed(LogLine(line) for line in text.splitlines())
    return recap


def test_counts_grow_while_it_runs() -> None:
    recap = fed(
        """
PLAY [Deploy] ****
TASK [Gathering Facts] ****
\x1b[0;32mok: [web1]\x1b[0m
\x1b[0;32mok: [web2]\x1b[0m
TASK [nginx : Render] ****
\x1b[0;33mchanged: [web1 -> db1]\x1b[0m
skipping: [web2]
fatal: [web3]: UNREACHABLE! => {}
TASK [app : Restart] ****
fatal: [web1]: FAILED! => {"msg": "no"}
"""
    )
    assert recap.hosts == (
        HostRecap("web1", ok=2, changed=1, failed=1),
        HostRecap("web2", ok=1, skipped=1),
        HostRecap("web3", unreachable=1),
    )
    assert (recap.tasks, recap.now, recap.started) == (3, "app : Restart", True)


def test_items_of_a_loop_count_once_and_ignored_failures_count_as_ok() -> None:
    recap = fed(
        """
TASK [Loop] ****
ok: [web1] => (item=a)
changed: [web1] => (item=b)
changed: [web1] => (item=c)
skipping: [web2] => (item=a)
skipping: [web2]
TASK [Try] ****
fatal: [web1]: FAILED! => {}
...ignoring
"""
    )
    assert recap.hosts == (HostRecap("web1", ok=2, changed=1), HostRecap("web2", skipped=1))


def test_ansibles_own_counts_win() -> None:
    recap = fed(
        """
TASK [A] ****
ok: [web1]
PLAY RECAP ****
\x1b[0;33mweb1\x1b[0m   : \x1b[0;32mok=5   \x1b[0m \x1b[0;33mchanged=2   \x1b[0m unreachable=0 \
failed=0    skipped=3    rescued=0    ignored=0
"""
    )
    assert recap.hosts == (HostRecap("web1", ok=5, changed=2, skipped=3),)


def test_nonsense_is_passed_over() -> None:
    recap = fed("ok: [\nfatal: []\nPLAY RECAP\nweb : ok=\nTASK [")
    assert recap.hosts == ()
