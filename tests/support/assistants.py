"""The real Codex and Aider for tests, set up so that they only ever speak to a scripted model."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypeVar

import pytest

from aiops_desktop.domain.tenants import TenantRoom


def _tools() -> Path:
    """Where `make test-tools` puts them; not in the private home a test has."""
    chosen = os.environ.get("AIOPS_TEST_TOOLS")
    if chosen:
        return Path(chosen)
    return Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache" / "aiops-desktop" / "test-tools"


CODEX = _tools() / "codex" / "node_modules" / ".bin" / "codex"
AIDER = _tools() / "aider" / "bin" / "aider"

_CODEX_CONFIG = """model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false
[model_providers.scripted]
name = "scripted"
base_url = "{url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
stream_idle_timeout_ms = 1500
[analytics]
enabled = false
[features]
plugins = false
"""
_AIDER_METADATA = {
    "openai/scripted": {
        "max_input_tokens": 128000,
        "max_output_tokens": 8192,
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
        "litellm_provider": "openai",
        "mode": "chat",
    }
}


def need_codex() -> Path:
    """The real Codex; the test is skipped without it."""
    if not CODEX.exists():
        pytest.skip("The real Codex is not installed; run “make test-tools”.")
    return CODEX


def need_aider() -> Path:
    """The real Aider; the test is skipped without it."""
    if not AIDER.exists():
        pytest.skip("The real Aider is not installed; run “make test-tools”.")
    return AIDER


def point_codex(room: TenantRoom, url: str) -> None:
    """Make the tenant's Codex use a scripted model."""
    home = room.assistants / "codex"
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(_CODEX_CONFIG.format(url=url))


def point_aider(room: TenantRoom, url: str, key: str = "k") -> None:
    """Make the tenant's Aider use a scripted model."""
    home = room.assistants / "aider"
    home.mkdir(parents=True, exist_ok=True)
    (home / "aider.conf.yml").write_text(
        f"model: openai/scripted\nopenai-api-base: {url}\nedit-format: diff\nmap-tokens: 0\n"
    )
    (home / ".env").write_text(f"OPENAI_API_KEY={key}\n")
    (home / "model-metadata.json").write_text(json.dumps(_AIDER_METADATA))


def make_repository(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A checkout with one commit on main."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (files or {"hello.txt": "helo\nworld\n"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "Begin")
    return folder


def git(folder: Path, *words: str) -> str:
    """Git's own answer."""
    done = subprocess.run(
        [shutil.which("git") or "git", "-C", str(folder), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


T = TypeVar("T")
