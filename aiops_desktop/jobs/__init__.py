"""How work runs elsewhere and talks back."""
