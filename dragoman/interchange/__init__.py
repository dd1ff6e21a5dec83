"""Importers, the demo publication, and articles as text: what comes in and goes out whole."""
