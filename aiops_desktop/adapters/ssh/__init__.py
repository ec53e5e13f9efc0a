"""SSH: key files, host keys, and who answers at the other end."""
