"""What may go wrong when text is handed in or asked for."""

from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import Conflict, InvalidInput, NotFound


class NoRoute(NotFound):
    """No enabled engine goes from the one language to the other."""

    code = "no-route"
    message = _("No engine translates between these languages. See “dragoman translate engines”.")


class UnknownPassage(InvalidInput):
    """A quote names a unit, block or occurrence that does not exist."""

    code = "unknown-passage"
    message = _("The quoted passage does not exist (any more). Quote it again from the page.")


class NoSuchSentence(NotFound):
    """The text, or this sentence of it, is not there (any more)."""

    code = "no-such-sentence"
    message = _("This sentence is not there any more. Open the text again to see what it says now.")


class SentenceChanged(Conflict):
    """The sentence was edited since the person saw it."""

    code = "sentence-changed"
    message = _("The original was changed meanwhile. Your words are kept here; please compare them with it.")


class TranslatedMeanwhile(Conflict):
    """Somebody else translated the sentence since the person saw it."""

    code = "translated-meanwhile"
    message = _("Somebody else saved a translation meanwhile. Yours is kept here; save it again to replace theirs.")


class EmptyTranslation(InvalidInput):
    """No words."""

    code = "empty-translation"
    message = _("Please write a translation first.")


class LongTranslation(InvalidInput):
    """Too many words."""

    code = "long-translation"
    message = _("This translation is too long for one sentence.")


class NotEverywhere(InvalidInput):
    """A correction to a comment stays in it."""

    code = "not-everywhere"
    message = _("A correction to a comment holds for this comment; a moderator can let it hold everywhere.")


class TooManySuggestions(Conflict):
    """A reader's suggestions wait already."""

    code = "too-many-suggestions"
    message = _("Many of your suggestions wait for a translator already. Thank you; please come back later.")


class AlreadyDecided(Conflict):
    """Somebody else has decided about a suggestion."""

    code = "already-decided"
    message = _("Somebody has decided about this suggestion already.")


class NoSuchTerm(NotFound):
    """The glossary's row is not there (any more)."""

    code = "no-such-term"
    message = _("This term is not in the glossary any more.")


class TermChanged(Conflict):
    """Somebody else changed the row since the person saw it."""

    code = "term-changed"
    message = _("Somebody else changed this term meanwhile. Yours is kept here; please compare, and save it again.")


class GlossaryContradicts(Conflict):
    """Two rows of the glossary are about one word; the message names both."""

    code = "glossary-contradicts"


class NoSuchEdition(NotFound):
    """The text has no such edition: it is written in that language, or the publication has none in it."""

    code = "no-such-edition"
    message = _("This text has no such edition.")


class EditionOff(Conflict):
    """An edition that is switched off cannot go out."""

    code = "edition-off"
    message = _("This edition is switched off. Choose another way first.")


class EditionChanged(Conflict):
    """Something of an edition has changed since the person read it."""

    code = "edition-changed"
    message = _("This edition has changed since you opened it. Read it once more, then sign it off.")


class NotAllByPeople(Conflict):
    """An edition for people's words alone has sentences without any; the message names language and number."""

    code = "not-all-by-people"


class NotWhole(Conflict):
    """Nobody can answer for an edition with sentences missing."""

    code = "not-whole"
    message = _("Some sentences of this edition are not translated yet. It cannot be signed off before they are.")
