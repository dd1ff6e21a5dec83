"""The interface is whole in every language that it claims."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import dragoman

LOCALE = Path(dragoman.__file__).parent / "locale"


@pytest.mark.parametrize("language", ["es", "fr", "ca", "ar", "ru"])
def test_every_sentence_is_translated(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    missing = [
        message.id
        for message in catalogue
        if message.id
        and (message.fuzzy or not all(message.string if isinstance(message.string, tuple) else [message.string]))
    ]
    assert missing == []
    assert len(catalogue) > 100


def test_all_catalogues_hold_the_same_sentences() -> None:
    known = []
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            known.append({str(message.id) for message in read_po(file)})
    assert all(one == known[0] for one in known)
