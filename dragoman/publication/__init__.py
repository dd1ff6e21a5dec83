"""Articles, sections and bylines: Wagtail pages and blocks.

A page is written once, in one language; what other languages show is a view of
its unit (see translation). The one adapter to Wagtail's life cycle is
``wagtail_hooks``.
"""
