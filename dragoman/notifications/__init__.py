"""Who is told what, in which language: on the site, by mail, by web push.

What happens stands in the outbox; a worker makes notifications of it. They hold
ids: what they say is asked of conversation's queries each time, so that what was
taken away is told to nobody.
"""
