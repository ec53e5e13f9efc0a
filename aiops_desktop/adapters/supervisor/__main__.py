"""`python -m aiops_desktop.adapters.supervisor FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from aiops_desktop.adapters.supervisor.serve import serve

if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1])))
