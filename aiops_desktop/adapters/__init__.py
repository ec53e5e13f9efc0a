"""How we speak to tools and servers."""
