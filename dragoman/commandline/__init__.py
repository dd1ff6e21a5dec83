"""The ``dragoman`` command: each subcommand parses, calls one action or query, and prints."""
