"""Putting a unit together for a reader: template, sentences, and the translations that are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dragoman.foundation.languages import direction, same_to_a_reader
from dragoman.translation.presented import Origin, Presented, PresentedBlock, State
from dragoman.translation.rules import markdown, rendering
from dragoman.translation.rules.document import Inline
from dragoman.translation.rules.layout import Template, rebuild, template_blocks
from dragoman.translation.rules.markers import Content, Contents, has_words
from dragoman.translation.rules.segmenting import inlines

_SLOT = Content("literal", "\ufdd0")  # a noncharacter; cleaned texts cannot hold it
OUTDATED = "outdated"  # the quality of a person's translation of what the sentence said before
ARTICLE_SHARE = 0.9  # of an article's sentences must be there before its edition is shown


@dataclass(frozen=True, slots=True)
class Chosen:
    """The current translation of a sentence."""

    id: int
    text: str
    quality: str
    origin: str
    engine: str = ""
    version: str = ""
    pivot: str = ""
    by: str = ""
    at: datetime | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence at its place. ``translated``: what its markers stand for in the translation, where that differs."""

    anchor: int
    marked: str
    contents: Contents
    before: str = ""
    after: str = ""
    chosen: Chosen | None = None
    translated: Contents | None = None

    @property
    def is_there(self) -> bool:
        """Whether it can be shown in the language asked for."""
        return not has_words(self.marked) or (self.chosen is not None and self.chosen.quality != "rejected")

    def inlines(self, *, translated: bool) -> list[Inline]:
        """The sentence with its glue."""
        if translated and self.chosen is not None and self.chosen.quality != "rejected":
            return inlines(self.before + self.chosen.text + self.after, self.translated or self.contents)
        return inlines(self.before + self.marked + self.after, self.contents)

    def core(self, *, translated: bool) -> list[Inline]:
        """The sentence without its glue."""
        if translated and self.chosen and self.is_there:
            return inlines(self.chosen.text, self.translated or self.contents)
        return inlines(self.marked, self.contents)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is known of a unit when it is to be shown."""

    unit: int
    language: str
    revision: int
    template: Template
    sentences: Mapping[int, Placed]
    source: str = ""  # exactly what the writer typed, where the owner kept it
    all_or_nothing: bool = True  # comments; articles are shown from ARTICLE_SHARE on
    is_kept_back: bool = False  # the newsroom has not let this edition go out


def assemble(whole: Whole, language: str, *, original: bool, can_come: bool) -> Presented:
    """The unit in ``language``; ``original``: asked for or understood; ``can_come``: an engine has a route."""
    is_worded = any(has_words(one.marked) for one in whole.sentences.values())
    if original or not is_worded or same_to_a_reader(whole.language, language):
        return _shown(whole, language, "original", translated=False)
    state = "unreleased" if whole.is_kept_back else _state(whole, can_come=can_come)
    if state not in ("human", "machine", "rough", "outdated"):
        return _shown(whole, language, state, translated=False)
    return _shown(whole, language, state, translated=True)


def _state(whole: Whole, *, can_come: bool) -> State:
    worded = [one for one in whole.sentences.values() if has_words(one.marked)]
    missing = [one for one in worded if not one.is_there]
    rejected = [one for one in missing if one.chosen is not None]
    enough = not missing if whole.all_or_nothing else _enough(whole, len(worded), missing)
    if not enough:
        if rejected and len(rejected) == len(missing):
            return "failed"
        return "pending" if can_come else "unavailable"
    chosen = [one.chosen for one in worded if one.chosen is not None and one.is_there]
    if whole.all_or_nothing and any(one.quality == OUTDATED for one in chosen):
        return "outdated"
    if whole.all_or_nothing and any(one.quality == "rough" for one in chosen):
        return "rough"
    if all(one.origin == "human" for one in chosen):
        return "human"
    return "machine"


def _enough(whole: Whole, worded: int, missing: list[Placed]) -> bool:
    first_blocks = {
        anchor for node in template_blocks(whole.template) if node["id"] in ("headline", "lead") for anchor in node["a"]
    }
    if any(one.anchor in first_blocks for one in missing):
        return False
    return not worded or (worded - len(missing)) / worded >= ARTICLE_SHARE


def _shown(whole: Whole, language: str, state: State, *, translated: bool) -> Presented:
    shown_language = language if translated else whole.language
    document = rebuild(whole.template, lambda anchor: whole.sentences[anchor].inlines(translated=translated))
    text = whole.source if whole.source and not translated else markdown.write(document)
    blocks = _blocks(whole, language, translated=translated)
    nodes = tuple(rendering.node_html(node, lambda block: blocks[block.id].html) for node in document.nodes)
    original = _shown(whole, language, "original", translated=False) if translated else None
    placed = whole.sentences.values()
    return Presented(
        unit=whole.unit,
        html="".join(nodes),
        nodes=nodes,
        text=text,
        language=shown_language,
        direction=direction(shown_language),
        state=state,
        origin=_origin(whole) if translated else Origin("source"),
        source_language=whole.language,
        version=_version(whole),
        reason=_reason(whole) if state in ("failed", "rough") else "",
        share=_share(whole),
        outdated=sum(one.chosen is not None and one.chosen.quality == OUTDATED for one in placed) if translated else 0,
        blocks=blocks,
        original=original,
    )


def _share(whole: Whole) -> float:
    worded = [one for one in whole.sentences.values() if has_words(one.marked)]
    return sum(one.is_there for one in worded) / len(worded) if worded else 1.0


def _version(whole: Whole) -> str:
    newest = max((one.chosen.id for one in whole.sentences.values() if one.chosen), default=0)
    return f"{whole.revision}.{newest}"


def _origin(whole: Whole) -> Origin:
    chosen = [one.chosen for one in whole.sentences.values() if one.chosen and one.is_there]
    kinds = {one.origin for one in chosen}
    if not chosen:
        return Origin("source")
    newest = max(chosen, key=lambda one: one.id)
    machine = next((one for one in chosen if one.origin == "machine"), newest)
    return Origin(
        kind="mixed" if len(kinds) > 1 else newest.origin,
        engine=machine.engine,
        version=machine.version,
        pivot=next((one.pivot for one in chosen if one.pivot), ""),
        by=next((one.by for one in chosen if one.by), ""),
        at=newest.at,
    )


def _reason(whole: Whole) -> str:
    found = {name for one in whole.sentences.values() if one.chosen for name in one.chosen.findings}
    return ",".join(sorted(found))


def _blocks(whole: Whole, language: str, *, translated: bool) -> dict[str, PresentedBlock]:
    return {
        node["id"]: _block(whole, node, language, translated=translated) for node in template_blocks(whole.template)
    }


def _block(whole: Whole, node: dict[str, object], language: str, *, translated: bool) -> PresentedBlock:
    anchors = node["a"] if isinstance(node["a"], list) else []
    placed = [whole.sentences[anchor] for anchor in anchors]
    is_there = translated and all(one.is_there for one in placed)
    shown_language = language if is_there else whole.language
    all_inlines = [inline for one in placed for inline in one.inlines(translated=is_there)]
    return PresentedBlock(
        id=str(node["id"]),
        html="".join(_sentence_html(one, translated=is_there) for one in placed),
        text=rendering.inlines_text(all_inlines).strip(),
        language=shown_language,
        direction=direction(shown_language),
        state=_block_state(placed, is_there=is_there, wanted=translated),
        sentences=tuple((one.anchor, rendering.inlines_text(one.core(translated=is_there))) for one in placed),
    )


def _block_state(placed: list[Placed], *, is_there: bool, wanted: bool) -> State:
    if not wanted:
        return "original"
    if not is_there:
        return "failed" if any(one.chosen and one.chosen.quality == "rejected" for one in placed) else "pending"
    chosen = [one.chosen for one in placed if one.chosen]
    if not chosen:  # nothing but a name, an address or an emoji
        return "original"
    if any(one.quality == OUTDATED for one in chosen):
        return "outdated"
    if any(one.quality == "rough" for one in chosen):
        return "rough"
    return "human" if all(one.origin == "human" for one in chosen) else "machine"


def _sentence_html(placed: Placed, *, translated: bool) -> str:
    """Glue stays outside the sentence's element, so that its text is the occurrence's text."""
    core = rendering.inlines_html(placed.core(translated=translated))
    is_outdated = translated and placed.chosen is not None and placed.chosen.quality == OUTDATED
    sign = "sentence outdated" if is_outdated else "sentence"
    span = f'<span class="{sign}" data-occurrence="{placed.anchor}">{core}</span>'
    around = inlines(f"{placed.before}⟦0⟧{placed.after}", {**placed.contents, 0: _SLOT})
    return rendering.inlines_html(around).replace(_SLOT.text, span)
