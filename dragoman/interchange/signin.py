"""The line that tells readers to sign in, as publications of the captured kind print it.

The interface's own line is the first of each; the rest are recognised too.
"""

from dragoman.foundation.text import casefold_key

LINES = {
    "en": "Dear reader, to leave comments on the publication, you must sign in.",
    "es": "Estimado lector, para dejar comentarios en la publicación debe iniciar sesión.",
    "fr": "Cher lecteur, pour laisser des commentaires sur la publication, vous devez vous connecter.",
    "ca": "Benvolgut lector, per deixar comentaris a la publicació cal que iniciïs la sessió.",
    "ar": "عزيزي القارئ، لترك تعليقات على المنشور، يجب عليك تسجيل الدخول.",
    "ru": "Уважаемый читатель, чтобы оставлять комментарии к публикации, необходимо авторизоваться.",
    "de": "Lieber Leser, um Kommentare zur Veröffentlichung zu hinterlassen, müssen Sie sich anmelden.",
    "it": "Caro lettore, per lasciare commenti alla pubblicazione devi accedere.",
    "pt": "Caro leitor, para deixar comentários na publicação, você deve entrar.",
}
# What such a line speaks of, per language: a visit to sign in, and comments.
_WORDS = {
    "en": (("sign in", "log in", "authorize", "authorise"), ("comment",)),
    "es": (("sesión", "registrar", "identificar", "autoriz"), ("comentario",)),
    "fr": (("connect", "identif", "autoris"), ("commentaire",)),
    "ca": (("sessió", "identifi", "autoritz"), ("comentari",)),
    "ar": (("تسجيل الدخول",), ("تعليق",)),
    "ru": (("авторизоваться", "войти"), ("комментари", "публикаци")),
    "de": (("anmelden", "autorisier", "einloggen"), ("kommentar",)),
    "it": (("acced", "autorizz"), ("comment",)),
    "pt": (("entrar", "login", "autoriz", "sessão"), ("comentário",)),
}
_LONGEST = 160


def is_sign_in_line(line: str, language: str) -> bool:
    """Whether a line of a captured page is the one that ends its article."""
    text = casefold_key(line)
    if not text or len(text) > _LONGEST:
        return False
    if any(text == casefold_key(known) for known in LINES.values()):
        return True
    ways, things = _WORDS.get(language.split("-", maxsplit=1)[0], ((), ()))
    return any(way in text for way in ways) and any(thing in text for thing in things)
