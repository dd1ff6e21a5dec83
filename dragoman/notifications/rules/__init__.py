"""Kinds of notifications and what bounces say. Pure."""
