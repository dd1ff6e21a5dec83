"""What is looked at before a comment is shown. Pure: a candidate goes in, findings come out.

Each rule is a file; their order, with the reason for each one's place, stands in ``order``.
"""
