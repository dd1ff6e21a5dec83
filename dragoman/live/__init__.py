"""The outbox, the wake-up call and the event streams.

Rooms above call ``actions.announce`` inside their transaction; ``streams``
carries what was announced to every open page. Events hold ids and versions,
never text, so one stream serves all languages.
"""
