"""The settings: schema, defaults, help texts and pages of the dialog in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_type_hints


@dataclass(frozen=True, slots=True)
class Option:
    """What is known of one setting beside its type and default."""

    title: str
    help: str = ""
    env: str = ""
    """The environment variable of the seed, "" when it has none."""
    secret: bool = False
    """Kept in the secret store, never in settings.toml."""
    restart: bool = False
    """Takes effect after a restart."""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    """Values to choose from; another one can be typed."""
    kind: str = ""
    """A closer check and a fitting field: "url", "folder", "file", "command", "email", "database",
    or "assistant"."""
    unit: str = ""


def option(default: Any, title: str, **known: Any) -> Any:  # noqa: ANN401 - dataclasses.field's own type
    """A dataclass field that carries its Option."""
    return field(default=default, metadata={"option": Option(title, **known)})


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the window looks."""

    theme: str = option(
        "system",
        "Theme",
        choices=("system", "light", "dark"),
        help="“system” follows the desktop's light or dark scheme.",
    )


@dataclass(frozen=True, slots=True)
class Storage:
    """Where data lies."""

    database_url: str = option(
        "",
        "Database",
        env="DATABASE_URL",
        restart=True,
        kind="database",
        help="Empty: an SQLite file in the data folder; another one is sqlite:///name.db.",
    )
    repo_storage_path: str = option(
        "",
        "Checkouts",
        env="REPO_STORAGE_PATH",
        restart=True,
        kind="folder",
        help="Root of new checkouts. Empty: in the data folder. Relative paths start there, too.",
    )


@dataclass(frozen=True, slots=True)
class Assistants:
    """AI command line programs."""

    codex_command: str = option(
        "codex",
        "Codex command",
        env="CODEX_COMMAND",
        kind="command",
        help="A program name or path, with arguments if need be.",
    )
    aider_command: str = option("aider", "Aider command", env="AIDER_COMMAND", kind="command")
    default_tool: str = option(
        "codex",
        "Default assistant",
        env="DEFAULT_AI_TOOL",
        kind="assistant",
        proposals=("codex", "aider", "demo", "shell"),
        help="What a new terminal starts and a new run proposes.",
    )
    default_shell: str = option(
        "/bin/bash",
        "Default shell",
        env="DEFAULT_AI_SHELL",
        kind="command",
        help="What a terminal starts when the assistant cannot be found.",
    )
    demo: bool = option(
        False,
        "Demo assistant",
        help="Offer the built-in demo assistant, which only edits a file.",
    )


@dataclass(frozen=True, slots=True)
class Terminal:
    """Terminals and their sessions."""

    use_tmux: bool = option(
        True,
        "Keep terminals in tmux",
        env="USE_TMUX_FOR_AI_SESSIONS",
        help="Without tmux a terminal ends with this program.",
    )
    tmux_config_path: str = option(
        "",
        "tmux configuration",
        env="TMUX_CONFIG_PATH",
        kind="file",
        help="Empty: the one that ships with the program. Relative paths start at the data folder.",
    )
    clipboard_tenants: str = option(
        "",
        "Clipboard from programs",
        help="Short names of tenants whose programs may write the clipboard (OSC 52), such as "
        "“acme, bolt”. None of them can read it.",
    )
    font_size: int = option(
        13,
        "Font size",
        minimum=6,
        maximum=48,
        unit="px",
        help="Of terminals opened from now on; Ctrl+Shift+Plus and Minus change one.",
    )
    history: int = option(
        10_000,
        "Scrollback",
        minimum=0,
        maximum=1_000_000,
        unit="lines",
        help="Kept without tmux. With tmux its configuration says how many are kept.",
    )


@dataclass(frozen=True, slots=True)
class Git:
    """Clone, fetch and push."""

    connect_timeout: int = option(15, "Connect timeout", minimum=1, maximum=600, unit="s")
    idle_timeout: int = option(
        60,
        "Idle timeout",
        minimum=5,
        maximum=3600,
        unit="s",
        help="A transfer that brings nothing for so long is given up.",
    )


@dataclass(frozen=True, slots=True)
class Ansible:
    """Local playbooks."""

    playbook_dir: str = option(
        "",
        "Playbook folder",
        env="ANSIBLE_PLAYBOOK_DIR",
        help="Looked at in each checkout, beside its root and “playbooks”.",
    )


@dataclass(frozen=True, slots=True)
class Semaphore:
    """The Semaphore UI server that deploys; without an address, playbooks run on this computer."""

    base_url: str = option(
        "",
        "Address",
        env="SEMAPHORE_BASE_URL",
        kind="url",
        help="Such as https://semaphore.example.com, with its path if it has one.",
    )
    api_token: str = option(
        "",
        "API token",
        env="SEMAPHORE_API_TOKEN",
        secret=True,
        help="Made in Semaphore under User → API Tokens.",
    )
    default_project_id: int = option(
        0,
        "Default project",
        env="SEMAPHORE_DEFAULT_PROJECT_ID",
        minimum=0,
        help="Number of the project in Semaphore; 0: none.",
    )
    verify_tls: bool = option(
        True,
        "Verify TLS",
        env="SEMAPHORE_VERIFY_TLS",
        help="Off only for testing: anyone in between can then read the token.",
    )
    http_timeout: float = option(
        15.0,
        "HTTP timeout",
        env="SEMAPHORE_HTTP_TIMEOUT",
        minimum=1,
        maximum=600,
        unit="s",
    )
    task_timeout: float = option(
        600.0,
        "Task timeout",
        env="SEMAPHORE_TASK_TIMEOUT",
        minimum=1,
        maximum=86_400,
        unit="s",
        help="Counts from the task's start. The task itself is not stopped.",
    )
    poll_interval: float = option(
        2.0,
        "Poll interval",
        env="SEMAPHORE_POLL_INTERVAL",
        minimum=0.2,
        maximum=300,
        unit="s",
    )


@dataclass(frozen=True, slots=True)
class Issues:
    """Issues of linked projects."""

    sync_minutes: int = option(
        5,
        "Sync every",
        minimum=0,
        maximum=1_440,
        unit="min",
        help="Each link by itself, while the window is open, a fifth sooner or later; 0: only when "
        "you ask for it.",
    )


@dataclass(frozen=True, slots=True)
class Update:
    """System update."""

    restart_command: str = option(
        "",
        "Restart command",
        env="UPDATE_RESTART_COMMAND",
        kind="command",
        help="Such as “systemctl --user restart aiops”. Empty: the window starts anew by itself.",
    )
    remote: str = option("origin", "Remote", env="AIOPS_UPDATE_REMOTE")
    branch: str = option("main", "Branch", env="AIOPS_UPDATE_BRANCH")
    follow: str = option(
        "branch",
        "Follow",
        choices=("branch", "releases"),
        help="The branch's newest commit, or its newest tagged release.",
    )
    releases_url: str = option(
        "",
        "Releases",
        env="AIOPS_UPDATE_URL",
        kind="url",
        help="Where an installed package looks for a newer one: a forge's list of releases (JSON).",
    )


@dataclass(frozen=True, slots=True)
class People:
    """Who works here."""

    admin_email: str = option("", "Admin e-mail", env="AIOPS_ADMIN_EMAIL", kind="email")
    keep_history: int = option(
        365,
        "Keep the history for",
        help="Older events are removed at a start of the window; 0 keeps all.",
        minimum=0,
        maximum=36_500,
        unit="days",
    )


@dataclass(frozen=True, slots=True)
class Security:
    """When keys and secrets are locked by themselves."""

    lock_keys_on_sleep: bool = option(
        True,
        "Lock keys when the computer sleeps",
        help="The agents of all tenants forget their keys, and this program the passphrases of "
        "the session.",
    )
    lock_store_on_sleep: bool = option(
        False,
        "Lock the secret store when the computer sleeps",
        help="It must be unlocked again afterwards; work that needs a secret waits for that.",
    )
    lock_minutes: int = option(
        15,
        "Lock the window after",
        help="Without a key press or a move of the mouse, when the operator at the desk has a "
        "passphrase; 0 never does.",
        minimum=0,
        maximum=1_440,
        unit="min",
    )


@dataclass(frozen=True, slots=True)
class Backup:
    """Backups that are made by themselves while the window is open, and what is thrown away."""

    every: str = option(
        "never",
        "Back up",
        choices=("never", "day", "week"),
        help="Every so often. The backups hold private keys: give them a passphrase.",
    )
    hour: int = option(3, "At", minimum=0, maximum=23, unit="o'clock")
    keep: int = option(
        14,
        "Keep",
        minimum=1,
        maximum=1_000,
        unit="backups",
        help="So many of the newest; of those before, the last of each month.",
    )
    folder: str = option(
        "",
        "Backups folder",
        kind="folder",
        help="Empty: in the data folder. Another disk is safer.",
    )
    checkouts: bool = option(
        False, "With checkouts", help="They can be cloned again, but for what was not pushed."
    )
    passphrase: str = option(
        "",
        "Passphrase",
        secret=True,
        help="Encrypts new backups. Keep it elsewhere, too: without it they cannot be opened.",
    )
    snapshots: bool = option(
        True,
        "Snapshots",
        help="Keep what database and settings were an hour ago, yesterday, last week.",
    )
    trash_days: int = option(
        30,
        "Empty the trash after",
        minimum=0,
        maximum=3_650,
        unit="days",
        help="What is deleted can be brought back for so long; 0 keeps it until you empty it.",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. A setting's path is `section.name`, as in settings.toml."""

    appearance: Appearance = field(default_factory=Appearance)
    storage: Storage = field(default_factory=Storage)
    assistants: Assistants = field(default_factory=Assistants)
    terminal: Terminal = field(default_factory=Terminal)
    git: Git = field(default_factory=Git)
    ansible: Ansible = field(default_factory=Ansible)
    semaphore: Semaphore = field(default_factory=Semaphore)
    issues: Issues = field(default_factory=Issues)
    update: Update = field(default_factory=Update)
    people: People = field(default_factory=People)
    security: Security = field(default_factory=Security)
    backup: Backup = field(default_factory=Backup)


@dataclass(frozen=True, slots=True)
class Schema:
    """One setting of the schema. `type` is str, int, float or bool."""

    path: str
    section: str
    name: str
    type: type
    default: object
    option: Option


def schema() -> Iterator[Schema]:
    """Every setting, in the order of the dialog."""
    for section in dataclasses.fields(Settings):
        made = section.default_factory() if callable(section.default_factory) else None
        hints = get_type_hints(type(made))
        for item in dataclasses.fields(type(made)):  # type: ignore[arg-type] # made is a section
            yield Schema(
                f"{section.name}.{item.name}",
                section.name,
                item.name,
                hints[item.name],
                item.default,
                item.metadata["option"],
            )


def section_help(section: str) -> str:
    """The sentence under a section's heading."""
    hints = get_type_hints(Settings)
    return (hints[section].__doc__ or "").strip()
