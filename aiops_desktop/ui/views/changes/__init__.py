"""The Changes page: look at what changed, stage it, commit it."""
