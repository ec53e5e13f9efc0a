"""What one can do: one plain class per noun."""
