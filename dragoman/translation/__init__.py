"""Units, segments, memory, protection, checks, engines and the queue.

Other rooms hand text in with ``actions.store_texts`` and take it out through
the one door, ``queries.present``. They never see a segment.
"""
