"""Words between staff and writers: notes in statements of reasons and appeals, each read in one's own language.

They are texts of their own that readers never see; only engines of the house translate them.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from django.conf import settings

from dragoman.foundation.languages import same_to_a_reader
from dragoman.readers.queries import languages_of
from dragoman.translation import actions as translation
from dragoman.translation.detection import detect_language
from dragoman.translation.rules import markdown
from dragoman.translation.rules.scheduling import COMMENT
from dragoman.translation.wishes import request_translations

Said: TypeAlias = Literal["decision", "appeal", "sanction"]


def keep_words(
    words: str, *, of: Said, owner: int, language: Sequence[str], reader: int = 0, also: Sequence[str] = ()
) -> int:
    """Store the words of a decision, an appeal or a sanction and ask for their translation; the text's id.

    ``language``: what their writer reads, for short words that no detector knows; ``reader`` is to read them, in
    languages of his or hers and ``also`` in others; without one they are for staff, whoever that will be.
    """
    document = markdown.parse(words)
    written = detect_language(document, settings.DRAGOMAN.known_languages)
    tag = written or next(iter(language), settings.DRAGOMAN.default_language)
    text = translation.NewText(of, owner, tag, document, is_released=False)
    unit = translation.store_texts([text])[0]
    read = [*languages_of(reader), *also] if reader else settings.DRAGOMAN.languages
    targets = [one for one in settings.DRAGOMAN.languages if any(same_to_a_reader(one, other) for other in read)]
    wanted = [one for one in targets if not same_to_a_reader(one, tag)]
    if wanted:
        request_translations([unit], priority=COMMENT, languages=wanted)
    return unit
