"""aiops desktop: one window for many customers."""
