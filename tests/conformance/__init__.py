"""Scores the emulator with esctest2, a public suite of control sequences.

The suite is under the GPL and is never part of this repository; it is run as a program of its own.
"""
