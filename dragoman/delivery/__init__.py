"""What is the same for everybody is rendered once and answered before Django.

A page's owner declares what it shows as surrogate keys (the ``Surrogate-Key``
header); what happens to one of them takes the page away. Pages are kept in the
memory of each web process.
"""
