"""What we remember, in SQLite; domain objects come out, no row does."""
