"""Revisions of the database, applied by Alembic on start."""
