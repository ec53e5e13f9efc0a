"""The Deploy page: what can be deployed, the form it makes, and the log while it runs."""
