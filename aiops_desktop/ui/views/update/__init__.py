"""The page of the system update."""
