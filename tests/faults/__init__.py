"""Faults on purpose: real processes under load are killed, frozen, cut off; nothing that was acknowledged is lost.

``python -m tests.faults PROFILE|all [--quick] [--folder DIR]``. See docs/develop/faults.md.
"""
