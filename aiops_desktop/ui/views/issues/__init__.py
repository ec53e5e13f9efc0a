"""The issues of a project, and those of all tenants."""
