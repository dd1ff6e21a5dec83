"""Places, threads, comments, replies and quotes.

One thread for all languages. A thread lives at a *place* (domain and key): an
article of ours is a place like any other. Texts are stored by translation and
shown through its door.
"""
