"""Accounts, roles, profiles, languages and presence.

Whoever reads is a reader; an account is needed to write. What a role may do
stands in one table, ``policies.ALLOWED``.
"""
