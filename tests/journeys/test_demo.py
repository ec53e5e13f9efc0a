"""The demo really happens: what its report claims is found from outside."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.assistants import git, need_codex
from tests.support.model import Script, ScriptedModel

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[2]
KEYS = ["ok", "remote", "commit", "playbook_output", "session", "assistant", "steps"]
STEPS = [
    "first start",
    "demo data",
    "clone",
    "terminal",
    "assist run",
    "review",
    "commit",
    "merge",
    "push",
    "deploy",
    "history",
]
LABEL = "Demo assistant, built in: it only makes a prepared change."


def demo(
    out: Path, *, code: str = "", **environ: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run the demo as a person would; its process and its report."""
    start = ["-c", code] if code else ["-m", "aiops_desktop", "demo"]
    done = subprocess.run(
        [sys.executable, *start, "--out", str(out)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environ,
        capture_output=True,
        text=True,
        timeout=360,
        check=False,
    )
    report = out / "report.json"
    return done, json.loads(report.read_text()) if report.exists() else {}


def sessions() -> str:
    """All sessions of the private tmux servers, one `socket session` a line."""
    found = []
    for socket in Path(os.environ["TMUX_TMPDIR"]).glob("tmux-*/*"):
        words = ["tmux", "-S", str(socket), "list-sessions", "-F", "#{session_name}"]
        told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
        found += [f"{socket.name} {name}" for name in told.split()]
    return "\n".join(found)


@pytest.fixture
def ansible() -> None:
    from aiops_desktop.adapters import process

    own = ROOT / ".tools" / "ansible" / "bin" / "ansible-playbook"
    if not (process.which("ansible-playbook", process.environment()) or own.exists()):
        pytest.skip("There is no ansible-playbook.")


def check(out: Path, report: dict[str, Any]) -> None:
    """What the report claims is there."""
    assert list(report) == KEYS
    assert [step["name"] for step in report["steps"]] == STEPS
    assert all(list(step) == ["name", "ok", "seconds", "evidence"] for step in report["steps"])
    remote = Path(report["remote"])
    assert git(remote, "rev-parse", "--is-bare-repository") == "true"
    assert git(remote, "rev-parse", "refs/heads/main") == report["commit"]
    assert len(report["commit"]) == 40
    site = git(remote, "show", f"{report['commit']}:site.yml")
    assert site.startswith("# Roll the web shop out to its hosts\n"), "the hunk was discarded"
    assert "Say that the play has ended" in site, "the other hunk was kept"
    output = Path(report["playbook_output"])
    assert "release: 2.14.0" in output.read_text()
    pictures = sorted(out.glob("*.png"))
    assert [p.name[:2] for p in pictures] == [f"{n:02d}" for n in range(1, len(STEPS) + 1)]
    for picture in pictures:
        assert struct.unpack(">II", picture.read_bytes()[16:24]) == (1440, 900)
    assert sessions().split() == [sessions().split()[0], report["session"]], "one session goes on"


def test_the_demo_with_what_ships(tmp_path: Path, ansible: None, private_home: Path) -> None:
    out = tmp_path / "demo"
    done, report = demo(out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["ok"] is True
    assert report["assistant"] == LABEL
    check(out, report)
    assert f"attach -t {report['session']}" in done.stdout
    assert "kill-server" in done.stdout
    assert sorted(p.name for p in private_home.iterdir()) == [".gitconfig"], "the home is untouched"


@pytest.mark.assistants
def test_the_demo_with_codex_and_a_scripted_model(tmp_path: Path, ansible: None) -> None:
    heading = "# Roll the web shop out to its hosts\n"
    told = '        msg: "{{ shop_name }} {{ release }} is out on {{ inventory_hostname }}."\n'
    more = (
        "\n    - name: Say that the play has ended\n"
        "      ansible.builtin.debug:\n        msg: The play has ended.\n"
    )
    script = Script(
        {
            "when the play has ended": [
                {"say": "I look at the playbook.", "shell": "cat site.yml"},
                {"edit": {"path": "site.yml", "old": heading, "new": "# Roll out, by Codex\n"}},
                {"edit": {"path": "site.yml", "old": told, "new": told + more}},
                {"say": "Done."},
            ]
        }
    )
    out = tmp_path / "demo"
    with ScriptedModel(script) as model:
        done, report = demo(
            out, AIOPS_DEMO_CODEX_URL=model.base_url, AIOPS_DEMO_CODEX=str(need_codex())
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["assistant"].startswith("Codex ")
    check(out, report)


BROKEN = """
import sys
from aiops_desktop import app
from aiops_desktop.domain.trouble import Failed
from aiops_desktop.ui import demo
def build(layout, environ):
    house = app.build(layout, environ)
    def no(*_args, **_more):
        raise Failed("The disk is full.", "Free some space.")
    house.repositories.clone = no
    return house
sys.exit(demo.main(sys.argv[1:], build=build))
"""


def test_a_step_that_does_not_happen_fails_the_demo(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    done, report = demo(out, code=BROKEN, AIOPS_DEMO_LIMIT="15")
    assert done.returncode == 1
    assert report["ok"] is False
    steps = {step["name"]: step for step in report["steps"]}
    assert steps["demo data"]["ok"] is True
    assert steps["clone"]["ok"] is False
    assert "The disk is full." in steps["clone"]["evidence"]
    assert steps["push"]["evidence"] == "not reached"
    assert report["commit"] == ""
    assert (out / "03-clone.png").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done, report = demo(tmp_path)
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    assert report == {}
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
