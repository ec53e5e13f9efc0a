"""The terminal page: a project's sessions in tabs."""
