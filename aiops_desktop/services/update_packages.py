"""How an installed package gets newer: what it is, and the commands that install a release."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from aiops_desktop.domain.updates import Kind, Release


def installed() -> str:
    """The number of the installed program, "" when nobody knows it."""
    try:
        return version("aiops-desktop")
    except PackageNotFoundError:
        return ""


def how(kind: Kind, found: Release) -> tuple[str, ...]:
    """How a release is installed over this copy, a step a line."""
    ending = {Kind.DEB: ".deb", Kind.TARBALL: ".tar.gz", Kind.WHEEL: ".whl"}.get(kind, "")
    usual = {
        Kind.DEB: f"aiops-desktop_{found.number}_amd64.deb",
        Kind.TARBALL: f"aiops-desktop-{found.number}-linux-x86_64.tar.gz",
        Kind.WHEEL: f"aiops_desktop-{found.number}-py3-none-any.whl",
    }
    file = next(
        (name for name, _url in found.files if ending and name.endswith(ending)),
        usual.get(kind, ""),
    )
    then = {
        Kind.DEB: (f"sudo apt install ./{file}",),
        Kind.TARBALL: (f"tar -xzf {file}", f"./{file.removesuffix('.tar.gz')}/install.sh"),
        Kind.WHEEL: (f"python3 -m pip install --upgrade ./{file}",),
    }
    return then.get(kind, ())
