"""Engines: what turns sentences of one language into another.

Each is a class behind :class:`base.Engine`; ``registry.build`` makes one from
its stored record. The memory is no engine: it is asked before any of them.
"""
