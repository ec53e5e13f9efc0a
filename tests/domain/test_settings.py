"""Settings in layers, and what happens to values that are no good."""

from __future__ import annotations

import pytest

from aiops_desktop.domain.setting_layers import Layer, merge
from aiops_desktop.domain.setting_values import parse
from aiops_desktop.domain.settings import Settings, schema

SCHEMA = {item.path: item for item in schema()}


def test_every_setting_has_a_unique_path_and_its_default_is_valid() -> None:
    paths = [item.path for item in schema()]
    assert len(paths) == len(set(paths))
    for item in schema():
        assert parse(item, item.default) == item.default, item.path


def test_the_seven_semaphore_variables_are_there() -> None:
    names = {item.option.env for item in schema() if item.section == "semaphore"}
    assert names == {
        "SEMAPHORE_BASE_URL",
        "SEMAPHORE_API_TOKEN",
        "SEMAPHORE_DEFAULT_PROJECT_ID",
        "SEMAPHORE_VERIFY_TLS",
        "SEMAPHORE_HTTP_TIMEOUT",
        "SEMAPHORE_TASK_TIMEOUT",
        "SEMAPHORE_POLL_INTERVAL",
    }


def test_the_stronger_layer_wins_and_says_where_it_is_from() -> None:
    weak = Layer("settings.toml", {"git.connect_timeout": 5, "git.idle_timeout": 90})
    strong = Layer("environment", {"git.connect_timeout": "7"})
    made = merge([weak, strong])
    assert made.settings.git.connect_timeout == 7
    assert made.settings.git.idle_timeout == 90
    assert made.origins["git.connect_timeout"] == "environment"
    assert made.origins["git.idle_timeout"] == "settings.toml"
    assert made.origins["terminal.history"] == "default"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("semaphore.http_timeout", "soon"),
        ("semaphore.http_timeout", "nan"),
        ("semaphore.http_timeout", "inf"),
        ("semaphore.http_timeout", "-1"),
        ("semaphore.default_project_id", "1.5"),
        ("semaphore.verify_tls", "maybe"),
        ("semaphore.base_url", "semaphore.example.com"),
        ("semaphore.base_url", "ftp://semaphore.example.com"),
        ("people.admin_email", "nobody"),
        ("appearance.theme", "pink"),
        ("assistants.codex_command", "codex\nrm"),
    ],
)
def test_a_bad_value_is_reported_and_the_one_below_stays(path: str, value: str) -> None:
    made = merge([Layer(".env", {path: value}, {path: 4})])
    assert made.settings == Settings()
    (problem,) = made.problems
    assert problem.path == path
    assert ".env, line 4" in problem.sentence
    assert problem.sentence.endswith("stays in use.")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1", True), ("TRUE", True), ("on", True), ("yes", True), ("0", False), ("off", False)],
)
def test_booleans_in_all_their_spellings(text: str, meant: bool) -> None:
    assert parse(SCHEMA["semaphore.verify_tls"], text) is meant


def test_unknown_keys_are_named() -> None:
    assert merge([Layer("settings.toml", {"git.speed": 1})]).unknown == (
        "git.speed in settings.toml",
    )
