"""The sessions page: all that lives in tmux, over all tenants."""
