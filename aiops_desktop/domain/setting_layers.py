"""Where a setting's value comes from: places laid over each other, the strongest last."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiops_desktop.domain.setting_values import parse, text
from aiops_desktop.domain.settings import Schema, Settings, schema


@dataclass(frozen=True, slots=True)
class Layer:
    """One place where values come from. `values` maps paths to text or to TOML values.

    `where` names the place for a person ("settings.toml", ".env", "environment"); `lines` the line
    of each path in a file.
    """

    where: str
    values: Mapping[str, object]
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that was not taken: the sentence says where it stands and what stays in use."""

    path: str
    sentence: str


class Standing(StrEnum):
    """What became of the value a place gives."""

    USED = "in use"
    HIDDEN = "hidden"
    WRONG = "not taken"
    ABSENT = "not set"


@dataclass(frozen=True, slots=True)
class Given:
    """What one place says of a setting. `value` is "" where nothing stands, and for secrets.

    `line` is 0 where there is none; `note` says of a value that is not taken why.
    """

    where: str
    value: str
    standing: Standing
    line: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings in force, where each value comes from, and what was wrong.

    Attributes:
        places: every place that was looked at for a setting, by path, the strongest first.
        waiting: paths whose new value counts only after the program was started again.
    """

    settings: Settings
    origins: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()
    places: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()


def value_of(settings: Settings, path: str) -> object:
    """The value of the setting with this path."""
    section, _, name = path.partition(".")
    found: object = getattr(getattr(settings, section), name)
    return found


def merge(layers: Sequence[Layer]) -> Effective:
    """Lay the layers over the defaults, the strongest last. Bad values are reported, not taken."""
    known = {item.path: item for item in schema()}
    values: dict[str, object] = {path: item.default for path, item in known.items()}
    origins = dict.fromkeys(known, "default")
    places = {
        path: [Given("default", text(item.default), Standing.USED)] for path, item in known.items()
    }
    problems: list[Problem] = []
    unknown: list[str] = []
    for layer in layers:
        for path, raw in layer.values.items():
            item = known.get(path)
            if item is None:
                unknown.append(f"{path} in {layer.where}")
                continue
            line = layer.lines.get(path, 0)
            try:
                value = parse(item, raw)
            except ValueError as error:
                problems.append(Problem(path, _sentence(item, layer, str(error), values[path])))
                wrong = Given(layer.where, str(raw), Standing.WRONG, line, str(error))
                places[path].append(wrong)
                continue
            values[path], origins[path] = value, layer.where
            hide(places[path])
            places[path].append(Given(layer.where, text(value), Standing.USED, line))
        for path, chain in places.items():
            if path not in layer.values:
                chain.append(Given(layer.where, "", Standing.ABSENT))
    sections = {
        section.name: type(getattr(Settings(), section.name))(
            **{i.name: values[i.path] for i in known.values() if i.section == section.name}
        )
        for section in dataclasses.fields(Settings)
    }
    strongest_first = {path: tuple(reversed(chain)) for path, chain in places.items()}
    return Effective(
        Settings(**sections), origins, tuple(problems), tuple(unknown), strongest_first
    )


def hide(chain: list[Given]) -> None:
    """Something stronger is found: what was in use so far is not."""
    for at, given in enumerate(chain):
        if given.standing is Standing.USED:
            chain[at] = replace(given, standing=Standing.HIDDEN)


def _sentence(item: Schema, layer: Layer, error: str, stays: object) -> str:
    line = layer.lines.get(item.path)
    place = f"{layer.where}, line {line}" if line else layer.where
    typed = item.option.env if item.option.env and layer.where != "settings.toml" else item.path
    if item.option.secret:
        kept = "The value before it"
    else:
        kept = f"“{text(stays)}”" if text(stays) else "The default"
    return f"{typed} in {place} was not taken: {error} {kept} stays in use."
