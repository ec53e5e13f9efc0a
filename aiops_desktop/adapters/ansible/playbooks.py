"""Finds the playbooks and inventories of a checkout, whatever else lies in it."""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from aiops_desktop.domain.deployments import Source, SurveyField, Template
from aiops_desktop.domain.trouble import Missing

#: Bytes above which a YAML file is taken for data, not for a playbook.
FILE_MAX = 1 << 20
#: Files looked at in one folder.
FOLDER_MAX = 500
_FOLDERS = (".", "playbooks", "ansible", "ansible/playbooks")
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_NOT_INVENTORY = {"group_vars", "host_vars", "vars", "files", "templates"}
_ALLOWED = frozenset(
    {
        "limit",
        "inventory",
        "tags",
        "skip_tags",
        "arguments",
        "debug",
        "dry_run",
        "diff",
        "environment",
        "message",
    }
)
_AS_IT_IS = "A playbook on this computer runs from the checkout as it is."


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # either one
    """Reads Ansible's YAML: what only Ansible understands (!vault, !unsafe) becomes nothing."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def find(checkout: Path, playbook_dir: str = "") -> list[Template]:
    """The playbooks of a checkout, those in its root first.

    A playbook is a YAML list with `hosts` (or an imported playbook) in it. Files that are huge,
    broken, or lie outside of the checkout are passed over.

    Args:
        checkout: the work tree.
        playbook_dir: a further folder to look in, relative to the checkout.
    """
    inventories = tuple((path, path) for path in _inventories(checkout, playbook_dir))
    configured = _configured_inventory(checkout)
    made: dict[str, Template] = {}
    for path in _candidates(checkout, playbook_dir):
        plays = _plays(path)
        if not plays:
            continue
        name = path.relative_to(checkout).as_posix()
        if name not in made:
            made[name] = _template(name, plays, inventories, configured)
    return sorted(made.values(), key=lambda one: (one.id.count("/"), one.id.casefold()))


def find_one(checkout: Path, template_id: str, playbook_dir: str = "") -> Template:
    """The playbook with this path.

    Raises:
        Missing: there is none (any more).
    """
    for one in find(checkout, playbook_dir):
        if one.id == template_id:
            return one
    raise Missing(
        f"The playbook “{template_id[:80]}” is not in this checkout.", "Refresh the list."
    )


def unreadable(checkout: Path, playbook_dir: str = "") -> list[tuple[str, str]]:
    """Files that may be playbooks but are no YAML: (path in the checkout, what is wrong)."""
    made: dict[str, str] = {}
    for path in _candidates(checkout, playbook_dir):
        try:
            if path.stat().st_size <= FILE_MAX:
                yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader's child
        except yaml.MarkedYAMLError as error:
            line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
            why = error.problem or "it is no YAML"
            made[path.relative_to(checkout).as_posix()] = f"{why}{line}"
        except (yaml.YAMLError, ValueError, RecursionError, TypeError):
            made[path.relative_to(checkout).as_posix()] = "it is no YAML"
        except OSError as error:
            made[path.relative_to(checkout).as_posix()] = error.strerror or "it cannot be read"
    return sorted(made.items())


def _candidates(checkout: Path, playbook_dir: str) -> Iterator[Path]:
    root = checkout.resolve()
    for folder in dict.fromkeys((*_FOLDERS, playbook_dir.strip())):
        place = checkout / folder if folder else checkout
        try:
            if not place.resolve().is_relative_to(root):
                continue
            found = sorted(place.iterdir())[:FOLDER_MAX]
        except OSError:
            continue
        for path in found:
            if path.suffix not in {".yml", ".yaml"} or path.name.startswith("."):
                continue
            try:
                if path.is_file() and path.resolve().is_relative_to(root):
                    yield checkout / path.relative_to(checkout)
            except (OSError, ValueError):
                continue


def _plays(path: Path) -> list[Mapping[str, object]]:
    """The plays of a file; empty when it is no playbook."""
    try:
        if path.stat().st_size > FILE_MAX:
            return []
        found = yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader's child
    except (OSError, ValueError, yaml.YAMLError, RecursionError, TypeError):
        return []
    if not isinstance(found, list):
        return []
    plays: list[Mapping[str, object]] = [item for item in found if isinstance(item, dict)]
    imports = {"import_playbook", "ansible.builtin.import_playbook"}
    if not any("hosts" in play or imports & play.keys() for play in plays):
        return []
    return plays


def _template(
    name: str,
    plays: list[Mapping[str, object]],
    inventories: tuple[tuple[str, str], ...],
    configured: str,
) -> Template:
    told = [text for play in plays if isinstance(text := play.get("name"), str)]
    only_local = all(_is_local(play.get("hosts")) for play in plays)
    fixed = {"playbook": name}
    if configured:
        fixed["inventory"] = configured
    elif not only_local and len(inventories) == 1:
        fixed["inventory"] = inventories[0][0]
    locked = dict.fromkeys(("branch", "commit"), _AS_IT_IS)
    locked["playbook"] = "Choose another one in the list."
    return Template(
        name,
        name.rsplit("/", 1)[-1],
        Source.LOCAL,
        name,
        ", ".join(told)[:200],
        group=name.rsplit("/", 1)[0] if "/" in name else "",
        allowed=_ALLOWED,
        fixed=fixed,
        survey=tuple(_questions(plays)),
        inventories=inventories,
        locked=locked,
        asks_inventory=not only_local and not fixed.get("inventory") and len(inventories) > 1,
    )


def _is_local(hosts: object) -> bool:
    names = hosts if isinstance(hosts, list) else [hosts]
    return all(isinstance(name, str) and name.strip() in _LOCAL for name in names)


def _questions(plays: list[Mapping[str, object]]) -> Iterator[SurveyField]:
    """What `vars_prompt` asks; nobody could answer it in a terminal here."""
    seen: set[str] = set()
    for play in plays:
        prompts = play.get("vars_prompt")
        for item in prompts if isinstance(prompts, list) else []:
            if not isinstance(item, dict) or not isinstance(name := item.get("name"), str):
                continue
            if name in seen:
                continue
            seen.add(name)
            default = item.get("default")
            hidden = item.get("private", True) is not False
            prompt = item.get("prompt")
            yield SurveyField(
                name,
                prompt.strip().rstrip(":") if isinstance(prompt, str) and prompt.strip() else name,
                required=default is None,
                type="secret" if hidden else "",
                default="" if default is None or hidden else str(default),
            )


def _inventories(checkout: Path, playbook_dir: str) -> list[str]:
    found: list[str] = []
    for folder in dict.fromkeys((".", "ansible", playbook_dir.strip() or ".")):
        base = checkout / folder
        for name in ("hosts", "hosts.ini", "hosts.yml", "inventory.ini", "inventory.yml"):
            if (base / name).is_file():
                found.append(_within(base / name, checkout))
        found += _inventory_folder(base / "inventory", checkout, whole=True)
        found += _inventory_folder(base / "inventories", checkout, whole=False)
        if (base / "inventory").is_file():
            found.append(_within(base / "inventory", checkout))
    return [name for name in dict.fromkeys(found) if name]


def _inventory_folder(folder: Path, checkout: Path, *, whole: bool) -> list[str]:
    """Inventories in a folder: its files and sub-folders, or all of it when files lie in it."""
    try:
        inside = sorted(folder.iterdir())[:FOLDER_MAX] if folder.is_dir() else []
    except OSError:
        return []
    inside = [
        path
        for path in inside
        if not path.name.startswith((".", "README"))
        and path.name not in _NOT_INVENTORY
        and (path.is_dir() or path.suffix in {"", ".ini", ".yml", ".yaml", ".cfg", ".toml"})
    ]
    if whole and len([path for path in inside if path.is_file()]) == 1 and len(inside) == 1:
        return [_within(folder, checkout)]
    return [_within(path, checkout) for path in inside]


def _configured_inventory(checkout: Path) -> str:
    """What the checkout's ansible.cfg names; Ansible then takes it by itself."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(checkout / "ansible.cfg", encoding="utf-8")
        return parser.get("defaults", "inventory", fallback="").strip()
    except (configparser.Error, OSError, UnicodeDecodeError):
        return ""


def _within(path: Path, checkout: Path) -> str:
    try:
        if path.resolve().is_relative_to(checkout.resolve()):
            return path.relative_to(checkout).as_posix()
    except (OSError, ValueError):
        pass
    return ""
