"""What shows that an answer speaks of what its source speaks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.content import WEIGHTS, features, gist, kinship, knows, strangeness
from tests.translation.rules.strategies import BRIEFLY

SOURCE = "The police of Hamburg closed the bridge over the river in 1998."
GOOD = {
    "es": "La policía de Hamburgo cerró el puente sobre el río en 1998.",
    "ru": "Полиция Гамбурга закрыла мост через реку в 1998 году.",
    "he": "משטרת המבורג סגרה את הגשר מעל הנהר בשנת 1998.",
    "zh": "汉堡警方于1998年关闭了河上的桥梁。",
}
OTHER = {
    "es": "La reina abrió ayer un museo de pintura con 40 cuadros de su familia.",
    "ru": "Королева открыла вчера музей живописи с 40 картинами своей семьи.",
    "he": "המלכה פתחה אתמול מוזיאון לציור עם 40 תמונות של משפחתה.",
    "zh": "女王昨天开设了一座绘画博物馆，展出她家族的40幅画作。",
}


@pytest.mark.parametrize("language", GOOD)
def test_the_right_answer_is_nearer_than_another_one(language: str) -> None:
    source = gist(SOURCE, "en")
    right, wrong = (kinship(source, gist(texts[language], language)) for texts in (GOOD, OTHER))
    assert right > 2
    assert wrong < 0


@pytest.mark.parametrize("language", GOOD)
def test_only_the_wrong_answer_is_strange(language: str) -> None:
    assert strangeness(SOURCE, GOOD[language], "en", language) == 0
    assert strangeness(SOURCE, OTHER[language], "en", language) > 0


def test_a_name_is_known_by_its_consonants_in_another_script() -> None:
    hits, misses = features(gist("He met Stanford.", "en"), gist("Он встретил Стэнфорда.", "ru"))[3:5]
    assert (hits, misses) == (2, 0), "each side's name is found on the other"
    assert features(gist("He met Stanford.", "en"), gist("他见到了斯坦福。", "zh"))[3:5] == (1, 0)


def test_short_texts_and_languages_without_a_list_are_not_judged() -> None:
    assert knows("zh-Hans")
    assert not knows("nl")
    assert strangeness("The police came.", "La reina.", "en", "es") == 0
    assert strangeness(SOURCE, OTHER["es"], "nl", "es") == 0


@BRIEFLY
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "ar", "zh", "ja", "und"]))
def test_every_text_has_a_gist(one: str, other: str, language: str) -> None:
    found = features(gist(one, "en"), gist(other, language))
    assert len(found) == len(WEIGHTS)
    assert min(found) >= 0
