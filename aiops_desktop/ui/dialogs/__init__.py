"""Dialogs: decisions that block."""
