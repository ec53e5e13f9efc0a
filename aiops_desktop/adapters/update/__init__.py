"""The program's own checkout and environment, moved to another version and back.

`journal` and what a rollback needs use the standard library alone: they must work when an update
was cut off while the packages were being replaced.
"""
