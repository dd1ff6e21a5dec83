"""Finding articles and comments, in the words of their writers and of every edition.

The index holds words alone; what is shown of a find comes through translation's
door, so that what was taken away is not found, whatever the index still says.
"""
