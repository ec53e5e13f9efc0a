"""The pages, one folder per noun."""
