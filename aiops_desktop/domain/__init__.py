"""What there is: frozen nouns and the rules about them. Standard library only."""
