"""Mask, an engine that reorders, unmask: every protected span comes back."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import protection
from benchmarks.protection import STYLES, Made, survive, texts
from dragoman.translation.rules.marker_styles import Style
from tests.translation.rules.strategies import BRIEFLY


@BRIEFLY
@given(texts(), st.sampled_from(STYLES), st.integers(0, 1000))
def test_every_span_comes_back_from_an_engine_that_reorders(made: Made, style: Style, seed: int) -> None:
    assert survive(made, style, random.Random(seed))


@pytest.mark.parametrize("style", STYLES)
def test_a_span_that_an_engine_lost_would_be_seen(monkeypatch: pytest.MonkeyPatch, style: Style) -> None:
    monkeypatch.setattr(protection, "_engine", lambda written, dice: "the lamps are green")
    assert not survive(Made("the lamps of @maria are green", ("@maria",)), style, random.Random(1))
