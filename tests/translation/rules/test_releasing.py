"""Which words of an edition go out."""

import pytest

from dragoman.translation.rules.releasing import Default, Mode, Shows, mode_for, shows


@pytest.mark.parametrize(
    ("mode", "released", "withdrawn", "shown"),
    [
        ("machine", False, False, "all"),
        ("machine", True, True, "nothing"),
        ("review", False, False, "nothing"),
        ("review", True, False, "all"),
        ("human", False, False, "nothing"),
        ("human", True, False, "people"),
        ("human", True, True, "nothing"),
        ("off", True, False, "nothing"),
    ],
)
def test_an_edition_shows_what_its_mode_its_release_and_its_withdrawal_let_it(
    mode: Mode, released: bool, withdrawn: bool, shown: Shows
) -> None:
    assert shows(mode, is_released=released, is_withdrawn=withdrawn) == shown


def test_the_nearest_default_counts() -> None:
    defaults = [
        Default(0, "", "", "review"),
        Default(0, "", "es", "human"),
        Default(0, "en", "es", "machine"),
        Default(7, "", "", "off"),
    ]
    assert mode_for(defaults, 1, "en", "ca") == "review"
    assert mode_for(defaults, 1, "fr", "es") == "human"
    assert mode_for(defaults, 1, "en", "es") == "machine"
    assert mode_for(defaults, 7, "en", "es") == "off"
    assert mode_for([], 7, "en", "es") == "machine"
