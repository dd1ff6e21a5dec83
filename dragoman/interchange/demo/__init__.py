"""The demo publication: articles, readers and conversations of our own invention."""

NAME = "The Arvela Courier"
EDITIONS = ("en", "es", "fr", "ar", "ca", "pt", "it")
