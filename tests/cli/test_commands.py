"""The shell's commands on a real data folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.app import layout_from_environment, with_checkouts
from aiops_desktop.domain.identities import identity
from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.seeding import SEED
from tests.support.cli import Cli


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    monkeypatch.setattr(sys, "stdin", None)  # nobody can be asked
    return Cli(capsys)


def test_a_tenant_and_a_project_from_beginning_to_end(cli: Cli, layout: Layout) -> None:
    assert cli("tenant", "add", "Acme Ünal", "--author-email", "ann@acme.example") == 0
    assert cli("project", "add", "acme-unal", "git@git.acme.example:a/site.git") == 0
    (project,) = cli.json("project", "list", "--tenant", "ACME ünal")
    assert project["checkout"] == str(layout.checkouts / "acme-unal" / "site")
    assert cli("project", "edit", "acme-unal/site", "--name", "Web", "--branch", "stable") == 0
    assert cli.json("project", "show", "Web")["default_branch"] == "stable"
    assert cli("project", "star", "web") == 0
    assert cli.json("project", "show", "web")["favourite"] is True
    assert cli("tenant", "edit", "acme-unal", "--name", "Acme", "--guarded") == 0
    shown = cli.json("tenant", "show", "acme")
    assert shown["tenant"]["guarded"] is True
    assert shown["room"]["shell_session"] == "acme-unal-shell"
    assert cli("project", "delete", "acme/web", "--yes") == 0
    assert cli("tenant", "delete", "acme", "--yes") == 0
    assert cli.json("tenant", "list") == []
    told = [(e["verb"], e["outcome"]) for e in cli.json("history")]
    assert told[0] == ("delete tenant", "done")
    assert len(told) == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["tenant", "add", ""], 3),
        (["tenant", "add", "../x"], 3),
        (["tenant", "add", "ACME"], 3),
        (["tenant", "show", "nobody"], 5),
        (["tenant", "delete", "acme"], 3),
        (["project", "add", "acme", "nonsense"], 3),
        (["project", "add", "nobody", "git@h.example:a/b"], 5),
        (["project", "show", "acme/nothing"], 5),
        (["project", "show", "nothing"], 5),
        (["run", "show", "x"], 3),
        (["create-admin", "--email", "nobody"], 3),
        (["setting", "set", "git.connect_timeout", "x"], 3),
        (["seed-identities", "--source-dir", "/not/there"], 5),
        (["nonsense"], 2),
        (["tenant"], 2),
        (["tenant", "add"], 2),
        (["--help"], 0),
    ],
)
def test_every_end_has_its_exit_code_and_its_sentence(
    cli: Cli, words: list[str], code: int
) -> None:
    assert cli("tenant", "add", "Acme") == 0
    assert cli(*words) == code
    if code:
        assert cli.out == ""
        assert cli.err.strip()


def test_a_name_that_several_tenants_use_needs_its_tenant(cli: Cli) -> None:
    for tenant in ("One", "Two"):
        assert cli("tenant", "add", tenant) == 0
        assert cli("project", "add", tenant, "git@h.example:a/site") == 0
    assert cli("project", "show", "site") == 3
    assert cli("project", "show", "two/site") == 0


def test_deleting_names_what_goes_before_it_refuses_to_guess(cli: Cli) -> None:
    assert cli("seed-data") == 0
    assert cli("tenant", "delete", "dcx") == 3
    assert "flamelet-dcx" in cli.err
    assert "--yes" in cli.err
    assert len(cli.json("tenant", "list")) == 3


def test_seeding_twice_changes_nothing(cli: Cli) -> None:
    assert cli("seed-data", "--owner-email", "Boss@Acme.Example") == 0
    first = cli.json("project", "list")
    assert {p["name"]: p["remote_url"] for p in first} == {
        f"flamelet-{slug}": address for slug, address in SEED.items()
    }
    assert {p["default_branch"] for p in first} == {"main"}
    assert cli.json("seed-data", "--owner-email", "BOSS@acme.example")["made"] == []
    assert cli.json("project", "list") == first


def test_a_mixed_case_admin_is_found_again(cli: Cli) -> None:
    made = cli.json("create-admin", "--email", "Ann.LEE@Acme.Example", "--name", "Ann")
    assert made["email"] == "ann.lee@acme.example"
    assert cli("create-admin", "--email", "ann.lee@acme.EXAMPLE") == 3


@pytest.mark.parametrize(
    ("file", "tenant", "key"),
    [
        ("id_rsa-dcx-prod-syseng", "dcx", "syseng-dcx-prod"),
        ("id_ed25519-iwf-syseng", "iwf", "syseng-iwf"),
        ("id_rsa-kbe", "kbe", "syseng-kbe"),
        ("id-floads-gl-eu-syseng", "floads", "syseng-floads-gl-eu"),
        ("foo-syseng", "", ""),
        ("kbe_key", "", ""),
    ],
)
def test_identities_are_read_from_file_names(file: str, tenant: str, key: str) -> None:
    found = identity(Path("/keys") / file)
    assert (found.tenant, found.key) == (tenant, key)
    assert bool(found.note) is (not tenant)


def test_a_dry_run_of_identities_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    for name in ("id_rsa-dcx-syseng", "id_rsa-dcx-syseng.pub", "lonely", ".hidden"):
        (tmp_path / name).write_text("x")
    found = cli.json("seed-identities", "--dry-run", "--source-dir", str(tmp_path))
    told = {Path(one["file"]).name: (one["tenant"], one["key"], one["note"]) for one in found}
    assert told["id_rsa-dcx-syseng"][:2] == ("dcx", "syseng-dcx")
    assert set(told) == {"id_rsa-dcx-syseng", "lonely", ".hidden"}
    assert all(note.startswith("skipped: ") for _, _, note in told.values())
    assert cli.json("tenant", "list") == []


def test_identities_are_brought_in_once_and_stay_apart(cli: Cli, tmp_path: Path) -> None:
    for name in ("id_ed25519-dcx-prod-syseng", "id_ed25519-iwf-syseng", "foo-syseng"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True
        )
    (tmp_path / "id-bad-syseng").write_text("no key")
    (tmp_path / "id-bad-syseng.pub").write_text("no key")
    found = {
        Path(one["file"]).name: one["note"]
        for one in cli.json("seed-identities", "--source-dir", str(tmp_path))
    }
    assert found["id_ed25519-dcx-prod-syseng"] == "added"
    assert found["id_ed25519-iwf-syseng"] == "added"
    assert found["foo-syseng"].startswith("skipped")
    assert found["id-bad-syseng"].startswith("skipped")
    again = cli.json("seed-identities", "--source-dir", str(tmp_path))
    assert not [one for one in again if one["note"] == "added"]
    (key,) = cli.json("key", "list", "dcx")
    assert key["name"] == "syseng-dcx-prod"
    assert "PRIVATE" not in cli.out
    assert Path(key["path"]).stat().st_mode & 0o777 == 0o600
    assert [one["name"] for one in cli.json("key", "list", "iwf")] == ["syseng-iwf"]


def test_keys_are_made_renamed_and_deleted(cli: Cli, layout: Layout) -> None:
    assert cli("tenant", "add", "Acme") == 0
    assert cli("key", "generate", "acme", "deploy") == 0
    assert cli.out.startswith("ssh-ed25519 ")
    public = cli.out
    assert cli("key", "public", "acme", "DEPLOY") == 0
    assert cli.out == public
    assert cli("key", "generate", "acme", "Deploy") == 3
    assert cli("key", "rename", "acme", "deploy", "main") == 0
    assert cli("project", "add", "acme", "git@h.example:a/site", "--key", "main") == 0
    assert cli("project", "add", "acme", "git@h.example:a/b", "--key", "other") == 5
    assert cli("key", "delete", "acme", "main") == 3, "nobody was asked"
    assert "acme/site" in cli.err.lower() or "site" in cli.err
    assert cli("key", "delete", "acme", "main", "--yes") == 0
    assert cli.json("key", "list", "acme") == []
    assert cli.json("project", "show", "site")["key_id"] is None
    assert list((layout.tenant("acme") / "keys").iterdir()) == []


def test_settings_are_listed_with_their_origin_and_without_secrets(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMAPHORE_API_TOKEN", "token-0123456789")
    monkeypatch.setenv("SEMAPHORE_HTTP_TIMEOUT", "soon")
    assert cli("setting", "set", "semaphore.base_url", "https://s.example") == 0
    told = cli.json("setting", "list")
    rows = {row["path"]: row for row in told["settings"]}
    assert rows["semaphore.base_url"]["origin"] == "settings.toml"
    assert rows["semaphore.api_token"] == {
        "path": "semaphore.api_token",
        "value": "(set)",
        "origin": "environment",
        "env": "SEMAPHORE_API_TOKEN",
    }
    assert "token-0123456789" not in cli.out + cli.err
    assert "soon" in told["problems"][0]["sentence"]


def test_a_secret_setting_comes_from_standard_input(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("token-0123456789\n"))
    assert cli("setting", "set", "semaphore.api_token") == 0
    rows = {row["path"]: row for row in cli.json("setting", "list")["settings"]}
    assert rows["semaphore.api_token"]["origin"] == "secret store"
    monkeypatch.setattr(sys, "stdin", None)
    assert cli("setting", "set", "semaphore.api_token") == 3


def test_the_doctor_looks_and_says_where_secrets_lie(cli: Cli) -> None:
    steps = {step["title"]: step for step in cli.json("doctor")}
    assert steps["git"]["ok"] is True
    assert "data key" in steps["Secrets"]["detail"]


def test_the_history_can_be_exported(cli: Cli) -> None:
    assert cli("tenant", "add", "=cmd") == 0
    assert cli("history", "--export", "csv") == 0
    assert ",'=cmd," in cli.out


def test_json_counts_wherever_it_stands(cli: Cli) -> None:
    assert main(["--json", "tenant", "list"]) == 0
    assert cli("tenant", "--json", "list") == 0
    assert json.loads(cli.out.splitlines()[-1]) == []


def test_a_newer_database_is_a_refusal_not_a_traceback(cli: Cli, layout: Layout) -> None:
    import sqlite3

    assert cli("db-init") == 0
    with sqlite3.connect(layout.database) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    assert cli("tenant", "list") == 3
    assert "newer version" in cli.err


def test_relative_places_do_not_depend_on_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REPO_STORAGE_PATH", "repos")
    seen = set()
    for folder in (tmp_path, Path("/")):
        monkeypatch.chdir(folder)
        layout = with_checkouts(layout_from_environment())
        seen.add((layout.data, layout.checkouts))
    assert seen == {(tmp_path / "data", tmp_path / "data" / "repos")}
    assert not layout.is_default


def test_the_usual_data_folder_is_the_systems(
    private_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIOPS_DATA_DIR", raising=False)
    layout = layout_from_environment()
    assert layout.is_default
    assert layout.data.is_relative_to(private_home)


def test_everything_works_without_qt_and_without_a_display(layout: Layout) -> None:
    code = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "qtawesome"}:
            raise ImportError(name)
sys.meta_path.insert(0, NoQt())
from aiops_desktop.__main__ import main
assert main(["seed-data"]) == 0
assert main(["doctor"]) == 0
assert main(["status"]) == 1
assert main([]) == 5, "the window says that it cannot open"
"""
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    env["AIOPS_DATA_DIR"] = str(layout.data)
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Added dcx/flamelet-dcx." in done.stdout


def test_a_value_that_cannot_be_used_is_said_and_everything_still_works(
    cli: Cli, layout: Layout
) -> None:
    layout.env.write_text("\nSEMAPHORE_HTTP_TIMEOUT=soon\nDATABASE_URL=mysql://h/x\n")
    assert cli("tenant", "add", "Acme") == 0
    assert "SEMAPHORE_HTTP_TIMEOUT in .env, line 2 was not taken" in cli.err
    assert "DATABASE_URL in .env, line 3 was not taken" in cli.err
    assert "Acme" in cli.out
    assert len(cli.json("setting", "list")["problems"]) == 2


def test_a_setting_can_be_looked_at_set_and_unset(cli: Cli, layout: Layout) -> None:
    assert cli("setting", "set", "DEFAULT_AI_SHELL", "/bin/sh") == 0
    shown = cli.json("setting", "show", "assistants.default_shell")
    assert (shown["value"], shown["origin"]) == ("/bin/sh", "settings.toml")
    assert [place["where"] for place in shown["places"]] == [
        "environment",
        ".env",
        "settings.toml",
        "default",
    ]
    assert cli("setting", "show", "DEFAULT_AI_SHELL") == 0
    assert "hidden" in cli.out
    assert cli("setting", "set", "assistants.codex_command", "no-such-program") == 0
    assert "is not found on this computer" in cli.err
    assert cli("setting", "set", "storage.repo_storage_path", "elsewhere") == 0
    assert "after a restart" in cli.err
    for path in ("assistants.default_shell", "CODEX_COMMAND", "storage.repo_storage_path"):
        assert cli("setting", "unset", path) == 0
    assert layout.settings.read_text().strip() == ""
    assert cli("setting", "show", "no.such") == 5


def test_the_doctor_repairs_what_it_can(cli: Cli, layout: Layout) -> None:
    layout.data.chmod(0o755)
    assert cli("doctor") == 1
    assert "doctor --fix" in cli.err
    assert cli("doctor", "--fix") == 0
    assert layout.data.stat().st_mode & 0o777 == 0o700


def test_the_doctor_works_when_the_data_folder_cannot_be_opened(cli: Cli, layout: Layout) -> None:
    layout.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert cli("doctor") == 1
    assert "NO  Database" in cli.out
    assert "git version" in cli.out
