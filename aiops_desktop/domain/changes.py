"""What a finished verb touched; views compare it with what they show and reload or stay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto


class Touched(Flag):
    """The kinds of things a verb can change."""

    NOTHING = 0
    TENANTS = auto()
    PROJECTS = auto()
    WORKDIR = auto()
    REFS = auto()
    RUNS = auto()
    KEYS = auto()
    DEPLOYMENTS = auto()
    ISSUES = auto()
    SESSIONS = auto()
    SETTINGS = auto()
    HISTORY = auto()
    INTEGRATIONS = auto()
    OPERATORS = auto()
    BACKUPS = auto()
    EVERYTHING = (
        TENANTS
        | PROJECTS
        | WORKDIR
        | REFS
        | RUNS
        | KEYS
        | DEPLOYMENTS
        | ISSUES
        | SESSIONS
        | SETTINGS
        | HISTORY
        | BACKUPS
        | INTEGRATIONS
        | OPERATORS
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """The `changes` of every mutating verb's result.

    `project` is None when more than one project (or none) is concerned.
    """

    touched: Touched = Touched.NOTHING
    project: int | None = None

    def matter_to(self, interest: Touched, project: int | None = None) -> bool:
        """Whether a view with this interest (in this project; None: in all) should reload."""
        return bool(self.touched & interest) and (
            project is None or self.project is None or self.project == project
        )


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a verb that has nothing to return but what it changed."""

    changes: Changes
    summary: str = ""
