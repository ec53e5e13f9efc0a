"""Git: one door (`Repository`), two engines behind it; no caller can tell which one served."""

from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.asking import branches_of
from aiops_desktop.adapters.git.exchange import push_words
from aiops_desktop.adapters.git.glance import glance
from aiops_desktop.adapters.git.remotes import Remotes
from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.adapters.git.survey import survey
from aiops_desktop.adapters.git.writes import Merged

__all__ = [
    "Access",
    "Merged",
    "Remotes",
    "Repository",
    "branches_of",
    "glance",
    "push_words",
    "survey",
]
