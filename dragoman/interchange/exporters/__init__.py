"""What goes out whole."""
