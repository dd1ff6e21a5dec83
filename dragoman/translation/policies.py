"""What may leave the house."""

from django.conf import settings


def may_leave(kind: str, *, in_house: bool = False) -> bool:
    """Whether a text of this owner kind may be sent to an engine that is not ours; held texts and drafts never may."""
    return not in_house and kind not in settings.DRAGOMAN.kept_in_house
