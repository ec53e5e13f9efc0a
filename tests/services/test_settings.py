"""Settings as files: four layers, saved one by one, never in the way of a start."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import binary, sampled_from

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.setting_layers import Standing, merge
from aiops_desktop.domain.settings import Settings, schema
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.settings import SettingsService, Sources
from aiops_desktop.storage import settings as files
from tests.support.ground import ground

TOKEN = "semaphore-token-0123"


def _service(
    layout: Layout, environ: dict[str, str] | None = None, source: Path | None = None
) -> SettingsService:
    base = ground(layout)
    return SettingsService(Sources(layout, environ or {}, source), base.secrets, base.history)


def test_nothing_anywhere_means_the_defaults(layout: Layout) -> None:
    effective = _service(layout).effective()
    assert effective.settings == Settings()
    assert set(effective.origins.values()) == {"default"}
    assert not effective.problems


def test_the_layers_lie_in_their_order(layout: Layout, tmp_path: Path) -> None:
    source = tmp_path / "checkout"
    source.mkdir()
    names = ["DEFAULT_AI_TOOL", "DEFAULT_AI_SHELL", "CODEX_COMMAND", "AIDER_COMMAND"]
    layout.settings.write_text(
        '[assistants]\ndefault_tool = "t"\ndefault_shell = "t"\ncodex_command = "t"\n'
        'aider_command = "t"\n'
    )
    (source / ".env").write_text("".join(f"{name}=source\n" for name in names[1:]))
    layout.env.write_text("".join(f'export {name}="data"  # note\n' for name in names[2:]))
    effective = _service(layout, {names[3]: "environ"}, source).effective()
    told = effective.settings.assistants
    assert (told.default_tool, told.default_shell) == ("t", "source")
    assert (told.codex_command, told.aider_command) == ("data", "environ")
    assert effective.origins["assistants.default_tool"] == "settings.toml"
    assert effective.origins["assistants.default_shell"] == "checkout/.env"
    assert effective.origins["assistants.codex_command"] == ".env"
    assert effective.origins["assistants.aider_command"] == "environment"


def test_an_empty_value_counts_as_not_set(layout: Layout) -> None:
    layout.env.write_text("SEMAPHORE_VERIFY_TLS=\nSEMAPHORE_HTTP_TIMEOUT=\nCODEX_COMMAND=\n")
    layout.settings.write_text('[semaphore]\ntask_timeout = ""\n')
    effective = _service(layout, {"DEFAULT_AI_TOOL": ""}).effective()
    assert effective.settings == Settings(), "above all, TLS is still verified"


def test_bad_values_and_lines_are_named_with_their_place(layout: Layout) -> None:
    layout.settings.write_text(
        "[git]\nconnect_timeout = 9\nidle_timeout = soon\n\n[semaphore]\nhttp_timeout = 9999\n"
        "poll_interval = [1]\n[oops\n"
    )
    layout.env.write_text("\nSEMAPHORE_TASK_TIMEOUT=never\n'broken\nSEMAPHORE_BASEURL=x\n")
    effective = _service(layout).effective()
    assert effective.settings.git.connect_timeout == 9, "the good line beside them counts"
    assert effective.settings.semaphore == Settings().semaphore
    sentences = "\n".join(problem.sentence for problem in effective.problems)
    for place in (
        "settings.toml, line 3",
        "settings.toml, line 6",
        "settings.toml, line 7",
        "settings.toml, line 8",
        ".env, line 2",
        ".env, line 3",
    ):
        assert place in sentences
    assert effective.unknown == ("SEMAPHORE_BASEURL (SEMAPHORE_BASE_URL is meant?) in .env",)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"\x00\x01",
        b"]]]]\n[[[[",
        b"a = 'x",
        b'"""',
        b"[git]\n" * 3,
        b"git = 1",
        b"{",
    ],
)
def test_no_file_can_stop_the_start(layout: Layout, content: bytes) -> None:
    layout.settings.write_bytes(content)
    layout.env.write_bytes(content)
    effective = _service(layout).effective()
    assert effective.settings == Settings()
    assert effective.problems or effective.unknown


def test_a_line_that_is_no_text_does_not_take_the_others_along(layout: Layout) -> None:
    layout.env.write_bytes(b"\xef\xbb\xbfDEFAULT_AI_TOOL=aider\r\nCODEX_COMMAND=\xff\r\n")
    layout.settings.write_bytes(b"[git]\nidle_timeout = 99\n# caf\xe9\n")
    service = _service(layout)
    effective = service.effective()
    assert effective.settings.assistants.default_tool == "aider"
    assert effective.settings.git.idle_timeout == 99
    told = [problem.sentence for problem in effective.problems]
    assert any(".env, line 2 is not in UTF-8" in sentence for sentence in told)
    assert any("settings.toml, line 3 is not in UTF-8" in sentence for sentence in told)
    service.save({"git.connect_timeout": 20})
    assert "# caf?" in layout.settings.read_text()


def test_what_is_no_file_is_said_and_not_waited_for(layout: Layout) -> None:
    os.mkfifo(layout.env)
    layout.settings.mkdir()
    told = [problem.sentence for problem in _service(layout).effective().problems]
    assert sorted(told) == [
        f"{layout.env} is no file; it is left out.",
        f"{layout.settings} is no file; it is left out.",
    ]


def test_two_programs_that_save_at_once_lose_nothing_of_each_other(layout: Layout) -> None:
    base = ground(layout)

    def save(path: str) -> None:
        service = SettingsService(Sources(layout, {}), base.secrets, base.history)
        for value in range(40, 60):
            service.save({path: value})

    paths = ("git.idle_timeout", "semaphore.http_timeout")
    threads = [Thread(target=save, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = layout.settings.read_text()
    assert "idle_timeout = 59" in text
    assert "http_timeout = 59" in text


def test_saving_writes_what_differs_and_keeps_the_rest(layout: Layout) -> None:
    layout.settings.write_text(
        '# mine\n[git]\nconnect_timeout = 9 # nine\nspeed = "fast"\n\n'
        "[future]\nx = 1\nbroken line\n"
    )
    service = _service(layout)
    service.save({"git.connect_timeout": "15", "semaphore.poll_interval": 3})
    text = layout.settings.read_text()
    assert "# mine" in text
    assert 'speed = "fast"' in text
    assert "[future]\nx = 1\n# broken line\n" in text
    assert "connect_timeout" not in text, "15 is the default"
    assert service.current().semaphore.poll_interval == 3
    assert stat.S_IMODE(layout.settings.stat().st_mode) == 0o600
    service.save({"semaphore.poll_interval": 2})
    assert "semaphore" not in layout.settings.read_text()
    assert set(service.effective().unknown) == {
        "git.speed in settings.toml",
        "future.x in settings.toml",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [("git.connect_timeout", 0), ("semaphore.base_url", "x"), ("no.such", 1), ("git", 1)],
)
def test_a_bad_value_is_refused_and_nothing_is_written(
    layout: Layout, path: str, value: object
) -> None:
    service = _service(layout)
    with pytest.raises(Refused) as caught:
        service.save({"git.idle_timeout": 99, path: value})
    assert caught.value.field == path
    assert not layout.settings.exists()
    assert service.current() == Settings()


def test_a_saved_value_that_does_not_count_is_said(layout: Layout) -> None:
    done = _service(layout, {"CODEX_COMMAND": "other"}).save({"assistants.codex_command": "mine"})
    assert "environment" in done.summary


def test_secrets_go_to_the_store_and_come_back_in_their_order(layout: Layout) -> None:
    path = "semaphore.api_token"
    _service(layout).save({path: TOKEN})
    assert not layout.settings.exists()
    service = _service(layout)
    assert service.secret(path) == TOKEN
    assert service.effective().origins[path] == "secret store"
    assert TOKEN not in repr(service.effective())
    layout.env.write_text("SEMAPHORE_API_TOKEN=from-the-file\n")
    service = _service(layout)
    assert service.secret(path) == "from-the-file"
    assert service.effective().origins[path] == ".env"
    service = _service(layout, {"SEMAPHORE_API_TOKEN": "from-the-environment"})
    assert service.secret(path) == "from-the-environment"
    assert "from-the-environment" not in repr(service.effective())
    service.save({path: ""})
    layout.env.unlink()
    assert _service(layout).secret(path) == ""


def test_a_secret_in_the_settings_file_is_not_taken(layout: Layout) -> None:
    layout.settings.write_text(f'[semaphore]\napi_token = "{TOKEN}"\n')
    service = _service(layout)
    (problem,) = service.effective().problems
    assert "line 2" in problem.sentence
    assert TOKEN not in repr(service.effective())
    assert service.secret("semaphore.api_token") == ""


def test_secrets_of_the_environment_are_scrubbed_too(layout: Layout) -> None:
    base = ground(layout)
    service = SettingsService(
        Sources(layout, {"SEMAPHORE_API_TOKEN": TOKEN}), base.secrets, base.history
    )
    service.current()
    assert base.secrets.scrub(f"Bearer {TOKEN}") == "Bearer ••••••"


def test_the_history_knows_what_was_changed_but_no_secret(layout: Layout) -> None:
    base = ground(layout)
    service = SettingsService(Sources(layout, {}), base.secrets, base.history)
    service.save({"git.idle_timeout": 99, "semaphore.api_token": TOKEN})
    (event,) = base.history.all()
    assert event.subject == "git.idle_timeout, semaphore.api_token"
    assert event.facts == {"git.idle_timeout": "99"}
    assert TOKEN not in repr(event)


def test_the_example_works_unchanged_and_names_every_variable(layout: Layout) -> None:
    example = Path(__file__).parents[2] / ".env.example"
    layout.env.write_text(example.read_text())
    effective = _service(layout).effective()
    assert effective.settings == Settings()
    assert not effective.problems
    assert not effective.unknown
    named = {line.partition("=")[0] for line in example.read_text().splitlines() if "=" in line}
    assert named == {item.option.env for item in schema() if item.option.env}


def test_every_place_of_a_value_is_told_the_strongest_first(layout: Layout) -> None:
    layout.settings.write_text('[assistants]\ndefault_shell = "/usr/bin/fish"\n')
    layout.env.write_text("# mine\nDEFAULT_AI_SHELL=/bin/zsh\nSEMAPHORE_HTTP_TIMEOUT=soon\n")
    effective = _service(layout, {"CODEX_COMMAND": "codex --profile work"}).effective()
    told = [
        (given.where, given.value, given.standing, given.line)
        for given in effective.places["assistants.default_shell"]
    ]
    assert told == [
        ("environment", "", Standing.ABSENT, 0),
        (".env", "/bin/zsh", Standing.USED, 2),
        ("settings.toml", "/usr/bin/fish", Standing.HIDDEN, 2),
        ("default", "/bin/bash", Standing.HIDDEN, 0),
    ]
    wrong = effective.places["semaphore.http_timeout"][1]
    assert (wrong.value, wrong.standing, wrong.line) == ("soon", Standing.WRONG, 3)
    assert "not a number" in wrong.note
    assert effective.places["assistants.codex_command"][0].standing is Standing.USED
    for item in schema():
        used = [g for g in effective.places[item.path] if g.standing is Standing.USED]
        if not item.option.secret:
            assert [g.where for g in used] == [effective.origins[item.path]]


def test_the_places_of_a_secret_say_where_it_is_and_not_what(layout: Layout) -> None:
    path = "semaphore.api_token"
    service = _service(layout)
    assert {given.standing for given in service.effective().places[path]} == {Standing.ABSENT}
    service.save({path: TOKEN})
    layout.env.write_text("SEMAPHORE_API_TOKEN=from-the-file\n")
    chain = service.effective().places[path]
    assert [(given.where, given.standing) for given in chain] == [
        ("environment", Standing.ABSENT),
        (".env", Standing.USED),
        ("secret store", Standing.HIDDEN),
    ]
    assert chain[1].line == 1
    assert "from-the-file" not in repr(chain)
    assert TOKEN not in repr(chain)


def test_a_file_that_was_changed_counts_at_once(layout: Layout) -> None:
    service = _service(layout)
    assert service.current().git.idle_timeout == 60
    layout.settings.write_text("[git]\nidle_timeout = 77\n")
    assert service.current().git.idle_timeout == 77
    layout.env.write_text("DEFAULT_AI_TOOL=aider\n")
    assert service.current().assistants.default_tool == "aider"
    layout.env.unlink()
    assert service.current().assistants.default_tool == "codex"


def test_what_counts_after_a_restart_waits_and_says_so(layout: Layout) -> None:
    service = _service(layout)
    assert not service.effective().waiting
    service.save({"storage.repo_storage_path": "elsewhere", "git.idle_timeout": 99})
    assert service.effective().waiting == {"storage.repo_storage_path"}
    service.save({"storage.repo_storage_path": ""})
    assert not service.effective().waiting


def test_what_is_not_on_this_computer_is_advice_and_no_refusal(
    layout: Layout, tmp_path: Path
) -> None:
    service = _service(layout)
    config = tmp_path / "tmux.conf"
    config.write_text("")
    assert not service.advice(
        {
            "assistants.codex_command": "sh -c 'exit 0'",
            "assistants.default_tool": "aider",
            "terminal.tmux_config_path": str(config),
            "storage.repo_storage_path": str(tmp_path),
            "git.idle_timeout": 9,
        }
    )
    said = service.advice(
        {
            "assistants.codex_command": "no-such-program --fast",
            "assistants.default_tool": "no-such-tool",
            "terminal.tmux_config_path": "gone.conf",
            "storage.repo_storage_path": str(config),
        }
    )
    assert "“no-such-program” is not found" in said["assistants.codex_command"]
    assert "no-such-tool" in said["assistants.default_tool"]
    assert str(layout.data / "gone.conf") in said["terminal.tmux_config_path"]
    assert "is a file" in said["storage.repo_storage_path"]
    service.save({"assistants.codex_command": "no-such-program --fast"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(binary(max_size=400), sampled_from(sorted(i.option.env for i in schema() if i.option.env)))
def test_no_env_file_can_stop_the_start(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / ".env"
        path.write_bytes(name.encode() + b"=" + content)
        found = files.read_env(path, ".env")
        effective = merge([found.layer])
        for problem in effective.problems:
            assert ".env, line" in problem.sentence
