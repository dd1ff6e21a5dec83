"""Dragoman: a publication server. One article, one conversation, every language.

The rooms and the directions in which they may import each other stand in
``CONTRIBUTING.md`` and, executable, in ``.importlinter``.
"""

__version__ = "0.1.0"
