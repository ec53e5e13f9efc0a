"""Writes the next revision of the database from the models.

    .venv/bin/python -m scripts.migration 0003 "what it brings"

Read what it wrote: new columns of old tables need a `server_default`. Then add the number to
REVISION and KNOWN in aiops_desktop/storage/open.py. A revision that was handed out never changes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.database import Database

FOLDER = Path(__file__).parent.parent / "aiops_desktop" / "storage" / "migrations"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number")
    parser.add_argument("title")
    options = parser.parse_args()
    versions = FOLDER / "versions"
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        database = Database(f"sqlite:///{data / 'new.db'}", Layout(data))
        with database.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, options.title, autogenerate=True, rev_id=options.number)
        database.close()
    for argv in (["format", "-q"], ["check", "-q", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *argv, versions], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
