"""Assist runs: the list, one run's timeline, the form for a new one, and the review."""
