"""The pages of backups and of the trash."""
