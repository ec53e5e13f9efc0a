"""Where the packaged program begins."""

from aiops_desktop.__main__ import main

raise SystemExit(main())
