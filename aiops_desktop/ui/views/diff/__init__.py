"""Diffs on screen: painted hunks, their actions, and lists of changed files."""
