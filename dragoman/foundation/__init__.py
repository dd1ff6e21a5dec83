"""Ids, clock, language tags, text, errors, processes. No models; imports no other room."""
