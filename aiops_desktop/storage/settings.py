"""The files settings are read from and written to: settings.toml, .env, and the environment."""

from __future__ import annotations

import codecs
import contextlib
import difflib
import io
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.domain.setting_layers import Layer, Problem
from aiops_desktop.domain.settings import Schema, schema
from aiops_desktop.domain.trouble import Failed

#: Names that look like settings of ours; unknown ones among them are reported.
_OURS = (
    "SEMAPHORE_",
    "DEFAULT_AI_",
    "CODEX_COM",
    "AIDER_COM",
    "ANSIBLE_PLAYBOOK",
    "TMUX_CONFIG",
    "USE_TMUX",
    "DATABASE_",
    "REPO_STORAGE",
    "UPDATE_RESTART",
    "AIOPS_UPDATE",
    "AIOPS_ADMIN",
)
#: Bytes of a settings file; what is larger is something else.
_MOST = 1 << 20
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Found:
    """What one place holds.

    Attributes:
        layer: values of the schema, and unknown ones, by path; no secrets.
        secrets: secret settings by path.
        problems: what could not be read at all.
    """

    layer: Layer
    secrets: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def read_toml(path: Path) -> Found:
    """settings.toml. Lines that are no TOML are left out and reported; the others count."""
    where = path.name
    text, problems = _text(path)
    table, bad = _tolerant(text)
    problems += [
        Problem("", f"{where}, line {line} cannot be read; it is left out.") for line in bad
    ]
    known = {item.path: item for item in schema()}
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for section, content in table.items():
        if not isinstance(content, dict):
            values[section] = content
            continue
        for name, value in content.items():
            made = f"{section}.{name}"
            lines[made] = _line_of(text, section, name)
            item = known.get(made)
            if item and item.option.secret:
                problems.append(
                    Problem(
                        made,
                        f"{made} in {where}, line {lines[made]} was not taken: a secret does not "
                        "belong in this file. Enter it in the settings.",
                    )
                )
            elif item and isinstance(value, (dict, list)):
                problems.append(
                    Problem(made, f"{made} in {where}, line {lines[made]} holds no single value.")
                )
            elif not (item and item.type is not str and value == ""):
                values[made] = value
    return Found(Layer(where, values, lines), {}, tuple(problems))


def read_env(path: Path, where: str) -> Found:
    """A .env file (python-dotenv's form, nothing is substituted). Empty values count as not set."""
    from dotenv.parser import parse_stream

    text, problems = _text(path)
    pairs: dict[str, str] = {}
    lines: dict[str, int] = {}
    for binding in parse_stream(io.StringIO(text)):
        written = binding.original.string  # blank lines before it are counted to it
        blank = written[: len(written) - len(written.lstrip())].count("\n")
        line = binding.original.line + blank
        if binding.error:
            problems.append(Problem("", f"{where}, line {line} cannot be read; it is left out."))
        elif binding.key:
            pairs[binding.key] = binding.value or ""
            lines[binding.key] = line
    return _from_names(pairs, where, lines, tuple(problems), unknown=True)


def read_environment(environ: Mapping[str, str]) -> Found:
    """The environment of this process."""
    return _from_names(environ, "environment", {}, (), unknown=False)


def stamp(path: Path) -> tuple[int, int, int]:
    """What changes when the file does: its number, size and time of change; zeros without one."""
    try:
        told = path.stat()
    except OSError:
        return (0, 0, 0)
    return (told.st_ino, told.st_size, told.st_mtime_ns)


def write_toml(path: Path, values: Mapping[str, object], gone: Sequence[str]) -> None:
    """Set values by path and remove the `gone` ones; everything else in the file stays.

    Lines that could not be read become comments, so that nothing typed by hand is lost.

    Raises:
        Failed: the file cannot be written.
    """
    try:
        with _alone(path):
            _replace(path, _changed(path, values, gone))
    except OSError as error:
        raise _not_written(path, error) from error


def _changed(path: Path, values: Mapping[str, object], gone: Sequence[str]) -> str:
    """The file's text with the values set and removed."""
    import tomlkit
    from tomlkit.items import Table

    text, _problems = _text(path)
    _table, bad = _tolerant(text)
    document = tomlkit.parse(_without(text, bad))
    for made in gone:
        section, _, name = made.partition(".")
        table = document.get(section)
        if isinstance(table, Table) and name in table:
            table.remove(name)
            if not table:
                document.remove(section)
    for made, value in values.items():
        section, _, name = made.partition(".")
        table = document.get(section)
        if not isinstance(table, Table):
            if section in document:
                document.remove(section)
            table = tomlkit.table()
            document[section] = table
        table[name] = value
    return tomlkit.dumps(document)


def _from_names(
    pairs: Mapping[str, str],
    where: str,
    lines: Mapping[str, int],
    problems: tuple[Problem, ...],
    *,
    unknown: bool,
) -> Found:
    names = {item.option.env: item for item in schema() if item.option.env}
    values: dict[str, object] = {}
    at: dict[str, int] = {}
    secrets: dict[str, str] = {}
    for name, value in pairs.items():
        item: Schema | None = names.get(name)
        if item is None:
            if unknown and name.startswith(_OURS):
                values[_with_guess(name, names)] = value
        elif not value.strip():
            continue
        else:
            if name in lines:
                at[item.path] = lines[name]
            if item.option.secret:
                secrets[item.path] = value.strip()
            else:
                values[item.path] = value
    return Found(Layer(where, values, at), secrets, problems)


def _with_guess(name: str, known: Mapping[str, object]) -> str:
    """An unknown name, and the one that was probably meant."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"{name} ({near[0]} is meant?)" if near else name


def _text(path: Path) -> tuple[str, list[Problem]]:
    """What stands in a file; lines that are no text are made comments, and reported."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            return "", [Problem("", f"{path} is no file; it is left out.")]
        if path.stat().st_size > _MOST:
            return "", [Problem("", f"{path} is too large for settings; it is left out.")]
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError:
        return "", []
    except OSError as error:
        return "", [Problem("", f"{path} cannot be read ({error.strerror}); it is left out.")]
    lines: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode().removesuffix("\r"))
        except UnicodeDecodeError:
            lines.append("# " + line.decode("ascii", "replace").replace("\ufffd", "?"))
            sentence = f"{path.name}, line {number} is not in UTF-8; it is left out."
            problems.append(Problem("", sentence))
    return "\n".join(lines), problems


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other programs from writing the same file between our reading and our writing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = path.with_name(f"{path.name}.lock")
    with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "w") as held:
        with contextlib.suppress(ImportError):  # Windows has no fcntl, and one window only
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _tolerant(text: str) -> tuple[dict[str, object], list[int]]:
    """The table, and the numbers of the lines that had to be left out."""
    bad: list[int] = []
    while True:
        try:
            return tomllib.loads(_without(text, bad)), sorted(bad)
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else 0
            if line in bad or not 0 < line <= text.count("\n") + 1:
                line = _last(text, bad)
            if not line:
                return {}, sorted(bad)
            bad.append(line)


def _last(text: str, bad: list[int]) -> int:
    """The last line with anything in it that is not left out yet; 0 when there is none."""
    lines = enumerate(text.split("\n"), 1)
    return max((n for n, line in lines if line.strip() and n not in bad), default=0)


def _without(text: str, bad: Sequence[int]) -> str:
    """The text with these lines made comments; what may not even stand in one becomes “?”."""
    lines = text.split("\n")
    for number in bad:
        lines[number - 1] = "# " + re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", "?", lines[number - 1])
    return "\n".join(lines)


def _line_of(text: str, section: str, name: str) -> int:
    """The line a key stands on; 0 when it is written in an unusual way."""
    here = ""
    for number, line in enumerate(text.split("\n"), 1):
        heading = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
        if heading:
            here = heading[1].strip("\"'")
        pattern = rf"\s*[\"']?{re.escape(name)}[\"']?\s*="
        dotted = rf"\s*{re.escape(section)}\s*\.\s*{re.escape(name)}\s*="
        if (here == section and re.match(pattern, line)) or (not here and re.match(dotted, line)):
            return number
    return 0


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _not_written(path: Path, error: OSError) -> Failed:
    return Failed(
        f"The settings could not be written to {path}: {error.strerror}.",
        "Check the data folder's space and permissions.",
    )
