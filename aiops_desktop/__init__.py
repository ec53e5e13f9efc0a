"""aiops desktop: one window for many customers."""

#: The number in pyproject.toml, for those who cannot wait for the package's metadata to be read.
__version__ = "0.1.0"
