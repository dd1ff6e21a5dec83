"""Views by page: load through a guarded query, call one action, answer."""
