"""An authority that signs the keys of people, as whoever runs a fleet of servers has one."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Authority:
    """Its key pair lies in `folder`; `public` is what a server's TrustedUserCAKeys names."""

    def __init__(self, folder: Path, kind: str = "ed25519") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = folder / "ca"
        make = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "authority", "-f", str(self._key)]
        subprocess.run(make, check=True)
        self.public = folder / "ca.pub"

    def sign(
        self,
        public: str,
        *principals: str,
        valid: str = "+1h",
        serial: int = 7,
        more: tuple[str, ...] = (),
    ) -> Path:
        """The file of a certificate for a public key; `valid` as ssh-keygen -V takes it."""
        place = self._folder / f"signed-{len(list(self._folder.iterdir()))}.pub"
        place.write_text(public + "\n")
        sign = ["ssh-keygen", "-q", "-s", str(self._key), "-I", "ann@acme", "-z", str(serial)]
        if principals:
            sign += ["-n", ",".join(principals)]
        if valid:
            sign += ["-V", valid]
        subprocess.run([*sign, *more, str(place)], check=True, capture_output=True)
        return place.with_name(f"{place.stem}-cert.pub")
