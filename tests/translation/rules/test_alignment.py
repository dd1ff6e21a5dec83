"""A batch whose answers moved on by one place is noticed, a good one never suspected."""

import pytest

from dragoman.translation.rules.alignment import looks_shifted

SOURCES = [
    "The police closed the road to the village of Altenried on Monday.",
    "Two children found 40 old letters in a house near the river.",
    "Why did nobody in the city know about the new museum?",
    "The doctor Marta Quevedo wrote a book about the history of the hospital.",
    "In 1998 the company sold its last ship.",
    "Water is more expensive than bread on this island!",
    "Scientists measured the light of the moon for three years.",
    "The government says that the law will be changed next year.",
]
SPANISH = [
    "La policía cerró el lunes la carretera al pueblo de Altenried.",
    "Dos niños encontraron 40 cartas viejas en una casa cerca del río.",
    "¿Por qué nadie en la ciudad sabía del nuevo museo?",
    "La doctora Marta Quevedo escribió un libro sobre la historia del hospital.",
    "En 1998 la empresa vendió su último barco.",
    "¡El agua es más cara que el pan en esta isla!",
    "Los científicos midieron la luz de la luna durante tres años.",
    "El gobierno dice que la ley se cambiará el próximo año.",
]
RUSSIAN = [
    "Полиция закрыла в понедельник дорогу в деревню Альтенрид.",
    "Двое детей нашли 40 старых писем в доме у реки.",
    "Почему никто в городе не знал о новом музее?",
    "Доктор Марта Кеведо написала книгу об истории больницы.",
    "В 1998 году компания продала свой последний корабль.",
    "Вода на этом острове дороже хлеба!",
    "Учёные измеряли свет луны в течение трёх лет.",
    "Правительство говорит, что закон будет изменён в следующем году.",
]
CHINESE = [
    "警方周一关闭了通往阿尔滕里德村的道路。",
    "两个孩子在河边的一所房子里发现了40封旧信。",
    "为什么城里没有人知道新博物馆？",
    "玛尔塔·克韦多医生写了一本关于医院历史的书。",
    "1998年，该公司卖掉了最后一艘船。",
    "这个岛上的水比面包还贵！",
    "科学家们测量月光已有三年。",
    "政府表示明年将修改法律。",
]
ANSWERS = {"es": SPANISH, "ru": RUSSIAN, "zh": CHINESE}


@pytest.mark.parametrize("language", ANSWERS)
def test_a_good_batch_is_not_suspected(language: str) -> None:
    assert not looks_shifted(list(zip(SOURCES, ANSWERS[language], strict=True)), "en", language)


@pytest.mark.parametrize("language", ANSWERS)
@pytest.mark.parametrize("step", [1, -1])
def test_a_batch_that_slipped_is_noticed(language: str, step: int) -> None:
    answers = ANSWERS[language][step:] + ANSWERS[language][:step]
    assert looks_shifted(list(zip(SOURCES, answers, strict=True)), "en", language)


def test_of_two_answers_nobody_can_tell() -> None:
    assert not looks_shifted(list(zip(SOURCES[:2], SPANISH[1:3], strict=True)), "en", "es")


def test_a_batch_of_one_sentence_over_and_over_is_not_suspected() -> None:
    assert not looks_shifted([(SOURCES[0], SPANISH[0])] * 12, "en", "es")
    assert not looks_shifted([("⟦1⟧", "⟦1⟧")] * 12, "en", "es")
