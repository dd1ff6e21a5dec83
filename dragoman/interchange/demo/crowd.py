"""Generated comments for the long thread of the demo, marked as such."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from dragoman.conversation.importing import Imported

_OPENINGS = {
    "en": [
        "I went there last night with my daughter.",
        "The night shift at the bakery finally has somewhere to read.",
        "My neighbour says the lamps are too bright.",
        "Nobody asked the bus drivers, I suppose.",
        "We used to study on the stairs of the station.",
        "The reading room smells of old paper and soup.",
        "I would rather have a swimming pool.",
        "The door is heavy and the bell is loud.",
    ],
    "es": [
        "Fui ayer por la noche con mi hermano.",
        "El turno de noche por fin tiene un sitio tranquilo.",
        "Mi vecina dice que las luces molestan.",
        "Nadie preguntó a los conductores del tranvía.",
        "Antes estudiábamos en la escalera de la estación.",
        "La sala huele a papel viejo y a sopa.",
        "Yo prefería una piscina.",
        "La puerta pesa mucho y el timbre suena fuerte.",
    ],
}
_MIDDLES = {
    "en": [
        "There were {n} people in the room.",
        "I counted {n} empty chairs.",
        "It cost the town {n} crowns a month.",
        "The queue was {n} metres long.",
        "After {n} minutes everybody was silent.",
    ],
    "es": [
        "Había {n} personas en la sala.",
        "Conté {n} sillas vacías.",
        "Le cuesta al pueblo {n} coronas al mes.",
        "La cola medía {n} metros.",
        "Después de {n} minutos todos callaban.",
    ],
}
_ENDINGS = {
    "en": [
        "I will come back on Thursday.",
        "Please keep it open in winter.",
        "Could somebody repair the clock?",
        "That is all I wanted to say.",
        "Ask the librarian if you do not believe me.",
    ],
    "es": [
        "Volveré el jueves.",
        "Por favor, que abra también en invierno.",
        "¿Alguien puede arreglar el reloj?",
        "Eso es todo lo que quería decir.",
        "Pregunten a la bibliotecaria si no me creen.",
    ],
}


def crowd_comments(authors: Sequence[int], *, first_number: int, count: int, start: datetime) -> list[Imported]:
    """``count`` comments in English and Spanish; the same ones every time."""
    random = Random(2026)  # noqa: S311 — sentences, not secrets
    made = []
    for index in range(count):
        language = "en" if random.random() < 0.6 else "es"
        middle = random.choice(_MIDDLES[language]).format(n=random.randrange(2, 30))
        sentences = [random.choice(_OPENINGS[language]), middle, random.choice(_ENDINGS[language])]
        number = first_number + index
        is_reply = index > 0 and random.random() < 0.3
        made.append(
            Imported(
                author=random.choice(authors),
                text=" ".join(sentences[: random.randrange(2, 4)]),
                language=language,
                posted_at=start + timedelta(minutes=3 * index),
                number=number,
                reply_to=random.randrange(max(1, number - 40), number) if is_reply else None,
                is_generated=True,
            )
        )
    return made
