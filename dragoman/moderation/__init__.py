"""Order in the conversation: what readers report, what staff decide, and the log of both.

Subjects are told by kind and id; whose they are acts on them and asks here for
the record. What is decided is decided once, in :mod:`dragoman.moderation.actions`.
"""
