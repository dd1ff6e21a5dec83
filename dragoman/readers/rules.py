"""What a nickname may look like. Pure."""

import unicodedata

from django.utils.translation import gettext as _

from dragoman.foundation.text import one_line
from dragoman.readers.errors import BadNickname

LONGEST = 40


def checked_nickname(typed: str) -> str:
    """The nickname as it will be stored; raises :class:`BadNickname`."""
    name = one_line(typed)
    if not name:
        raise BadNickname(_("Please choose a nickname."))
    if len(name) > LONGEST:
        raise BadNickname(_("A nickname has at most %(number)s characters.") % {"number": LONGEST})
    if not any(unicodedata.category(sign)[0] in "LN" for sign in name):
        raise BadNickname(_("A nickname needs at least one letter or digit."))
    if any(unicodedata.category(sign) in ("Cf", "Co", "Cn", "Cs", "Cc") for sign in name if sign not in "\u200c\u200d"):
        raise BadNickname(_("A nickname cannot hold invisible characters."))
    if any(sign in "<>\"'&/\\@#%?;" for sign in name):
        raise BadNickname(
            _("A nickname cannot hold any of these signs: %(signs)s") % {"signs": "< > \" ' & / \\ @ # % ? ;"}
        )
    marks = [unicodedata.combining(sign) != 0 for sign in unicodedata.normalize("NFD", name)]
    if any(all(marks[at : at + 4]) for at in range(len(marks) - 3)):
        raise BadNickname(_("A nickname cannot pile up accents."))
    return name
