"""Whatever happens to texts and translations, no word of a person is lost, and none is shown as more than it is."""

from collections.abc import Sequence
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dragoman.readers.actions import create_reader
from dragoman.readers.policies import Actor
from dragoman.readers.queries import actor_of
from dragoman.translation import actions, correcting, glossary
from dragoman.translation.correcting import Place, Seen
from dragoman.translation.glossary import Row
from dragoman.translation.improving import request_again
from dragoman.translation.models import Current, GlossaryTerm, Occurrence, Suggestion, Translation
from dragoman.translation.operating import register_engine
from dragoman.translation.outside import Returned, take_back, text_to_send
from dragoman.translation.queries import present
from dragoman.translation.rules import markdown
from dragoman.translation.rules.glossary import Form, Term
from dragoman.translation.sentences import SentenceAtWork, text_at_work
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import work_until_empty

_WORDINGS = [
    f"The old {thing} by the river is {state} at night." for thing in ("door", "lamp") for state in ("open", "shut")
]
_UNITS = 2
_TERM, _FIXED = "lamp", "lámpara"

_Act: TypeAlias = tuple[str, int, Sequence[int], bool]
_acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["edit", "correct", "correct", "accept", "work", "withdraw", "term", "engine", "outside", "block"]
        ),
        st.integers(0, _UNITS - 1),
        st.lists(st.integers(0, len(_WORDINGS) - 1), min_size=1, max_size=3, unique=True),
        st.booleans(),
    ),
    max_size=14,
)


class _Told:
    """What people have said, as anybody would expect it to hold."""

    def __init__(self) -> None:
        self.here: dict[tuple[int, str], str] = {}
        self.everywhere: dict[str, str] = {}
        self.said = 0

    def new(self) -> str:
        self.said += 1
        return f"Lo que alguien dijo por vez número {self.said}."

    def say(self, unit: int, source: str, text: str, *, everywhere: bool) -> None:
        if everywhere:
            self.everywhere[source] = text
            self.here.pop((unit, source), None)
        else:
            self.here[(unit, source)] = text

    def holds(self, unit: int, source: str) -> str | None:
        return self.here.get((unit, source), self.everywhere.get(source))


class TestCorrectionsHold(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_acts)
    def test_no_sequence_of_acts_loses_a_word(self, acts: list[_Act]) -> None:
        thea = actor_of(create_reader(nickname="Thea", roles=["translator"]))
        ada = actor_of(create_reader(nickname="Ada"))
        pairs = [["en", "es"]]
        answers = {
            f"es|{asked}": f"Respuesta {at} de la máquina{', ⟦1⟧' if '⟦' in asked else ''}, que es buena."
            for at, one in enumerate(_WORDINGS)
            for asked in (one, one.replace("lamp", "⟦1⟧"))
        }
        register_engine(
            name="scripted", kind="scripted", version="1", pairs=pairs, options={"pairs": pairs, "answers": answers}
        )
        units = [self._store(number) for number in range(1, _UNITS + 1)]
        told = _Told()
        for name, which, wordings, flag in acts:
            unit = units[which]
            if name in {"correct", "accept"}:
                self._say(told, thea, ada if name == "accept" else None, unit, wordings[0], everywhere=flag)
            elif name == "block":
                self._say_paragraph(told, thea, unit)
            elif name == "outside":
                self._send_out_and_take_back(told, unit, wordings[0])
            elif name == "term":
                self._toggle(thea)
            else:
                self._machines(name, unit, wordings)
            for one in units:
                self._check(told, one)
        assert Translation.objects.filter(origin="human").count() == told.said

    @staticmethod
    def _store(number: int) -> int:
        text = actions.NewText("article", number, "en", markdown.parse(_text([0, 2])), topic=f"article:{number}")
        return actions.store_texts([text])[0]

    @staticmethod
    def _say(told: _Told, thea: Actor, ada: Actor | None, unit: int, which: int, *, everywhere: bool) -> None:
        sentences = text_at_work(unit, "es").sentences
        one = sentences[which % len(sentences)]
        place, seen = Place(unit, one.anchor, "es"), _seen(one)
        text = told.new()
        if ada is None:
            correcting.correct(actor=thea, place=place, seen=seen, text=text, everywhere=everywhere)
        else:
            correcting.suggest(actor=ada, place=place, seen=seen, text=text)
            waiting = Suggestion.objects.get(state="open")
            correcting.accept(actor=thea, suggestion_id=waiting.pk)
        told.say(unit, one.original, text, everywhere=everywhere and ada is None)

    @staticmethod
    def _say_paragraph(told: _Told, thea: Actor, unit: int) -> None:
        sentences = text_at_work(unit, "es").sentences
        texts = [told.new() for _one in sentences]
        seen = {one.anchor: _seen(one) for one in sentences}
        correcting.correct_block(actor=thea, unit=unit, language="es", text=" ".join(texts), seen=seen)
        for one, text in zip(sentences, texts, strict=True):
            told.say(unit, one.original, text, everywhere=False)

    def _machines(self, act: str, unit: int, wordings: Sequence[int]) -> None:
        """What writers, engines and editors do; none of it is a translator's word."""
        if act == "edit":
            actions.revise_text(unit, language="en", document=markdown.parse(_text(wordings)))
        elif act == "withdraw":
            actions.withhold_text(unit)
            actions.release_text(unit)
        elif act == "engine":
            request_again(quality=["ok"])
            work_until_empty()
        else:
            request_translations([unit], priority=3)
            work_until_empty()
            self._check_terms(unit)

    @staticmethod
    def _toggle(thea: Actor) -> None:
        """A term is made or taken away: sentences without it keep the very translation that they had."""
        rows = Current.objects.filter(language="es").exclude(segment__text__contains=_TERM)
        before = set(rows.values_list("segment", "unit", "translation"))
        there = GlossaryTerm.objects.first()
        if there is None:
            term = Term(0, "en", "es", "fixed", (Form(_TERM, _FIXED),))
            glossary.save_term(actor=thea, row=Row(term))
        else:
            changed = glossary.term(there.pk).changed
            glossary.delete_term(actor=thea, term_id=there.pk, changed=changed)
        work_until_empty()
        assert before <= set(rows.values_list("segment", "unit", "translation"))

    @staticmethod
    def _check_terms(unit: int) -> None:
        has_term = GlossaryTerm.objects.exists()
        for one in text_at_work(unit, "es").sentences:
            if one.shown is not None and one.shown.state == "machine":
                assert (_FIXED in one.shown.text) == (has_term and _TERM in one.original)

    @staticmethod
    def _send_out_and_take_back(told: _Told, unit: int, which: int) -> None:
        sent = text_to_send(unit, "es")[1]
        one = sent[which % len(sent)]
        text = told.new()
        take_back(unit, "es", [Returned(one.anchor, one.wording, one.translation, text)], by="Agency")
        told.say(unit, one.text, text, everywhere=False)

    @staticmethod
    def _check(told: _Told, unit: int) -> None:
        shown = present([unit], "es", whole_only=False)[unit]
        words = dict(sentence for block in shown.blocks.values() for sentence in block.sentences)
        for one in text_at_work(unit, "es").sentences:
            expected = told.holds(unit, one.original)
            rows = Occurrence.objects.filter(unit=unit, anchor=one.anchor, last_revision__isnull=False)
            earlier = [
                text
                for row in rows.order_by("-last_revision").select_related("segment")
                if (text := told.holds(unit, row.segment.text)) is not None
            ]
            if expected is not None:
                assert one.shown is not None
                assert (one.shown.text, one.shown.state) == (expected, "human")
            elif earlier:
                assert one.shown is not None
                assert (one.shown.text, one.shown.state) == (earlier[0], "outdated")
            else:
                assert one.shown is None or one.shown.state in ("machine", "rough")
            if shown.is_translated and one.shown is not None:
                assert words[one.anchor] == one.shown.text


def _text(wordings: Sequence[int]) -> str:
    return " ".join(_WORDINGS[one] for one in wordings)


def _seen(one: SentenceAtWork) -> Seen:
    return Seen(one.wording, one.shown.id if one.shown else 0)
