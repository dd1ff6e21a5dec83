"""The line that an import recognises is the line that the interface prints."""

import pytest
from django.utils import translation

from dragoman.interchange.signin import LINES


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca", "ar", "ru"])
def test_the_interfaces_line_is_the_first_that_is_known(language: str) -> None:
    with translation.override(language):
        assert translation.gettext(LINES["en"]) == LINES[language]
