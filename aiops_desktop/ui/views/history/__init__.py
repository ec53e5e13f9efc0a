"""The History page: who did what, when, with which outcome."""
