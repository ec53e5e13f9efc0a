"""The Overview page: where a project stands, and what comes next."""
