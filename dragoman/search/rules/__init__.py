"""Which words a text is found by. Pure."""
