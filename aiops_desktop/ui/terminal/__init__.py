"""The terminal as a widget."""
