"""Archives of the data folder: packed, checked, laid ready and put in the data's place.

An archive is a plain tar file (POSIX.1-2001), so that it can be read without this program:
`about.json` first, the files, `manifest.json` with their checksums last. Only plain files, folders
and links that stay inside are in it.
"""

from __future__ import annotations

from aiops_desktop.adapters.backup.names import PIECE
from aiops_desktop.adapters.backup.pack import Packer
from aiops_desktop.adapters.backup.places import Found, Places
from aiops_desktop.adapters.backup.swap import FOLDER, Swap, Swapped
from aiops_desktop.adapters.backup.unpack import about_of, check, unpack

__all__ = [
    "FOLDER",
    "PIECE",
    "Found",
    "Packer",
    "Places",
    "Swap",
    "Swapped",
    "about_of",
    "check",
    "unpack",
]
