"""What an operator does with engines: adding, changing, stopping them, and saying who translates what."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dragoman.foundation.clock import now
from dragoman.foundation.errors import InvalidInput
from dragoman.foundation.languages import canonical
from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Engine as RunningEngine
from dragoman.translation.engines.base import EngineError
from dragoman.translation.models import Engine, Job, Occurrence, Routing, Spending
from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.markers import contents_of
from dragoman.translation.rules.routing import KINDS, NO_PIVOT

_NAME = re.compile(r"[\w.-]{1,40}")


class EngineRefused(InvalidInput):
    """The engine cannot be added as it was described; the message says why."""

    code = "engine-refused"


def add_engine(*, kind: str, name: str, options: Mapping[str, Any]) -> Engine:
    """Start an engine, ask what it can do, and keep it; one of this name is brought up to date.

    Raises :class:`EngineRefused` with the reason; then nothing was changed.
    """
    try:
        registry.check_options(kind, options)
        running = registry.build(kind, name, options)
    except EngineError as error:
        raise EngineRefused(_("The engine “%(name)s” was not added: %(why)s.") % {"name": name, "why": error}) from None
    try:
        return _keep(running, kind, options)
    finally:
        running.close()


def _keep(running: RunningEngine, kind: str, options: Mapping[str, Any]) -> Engine:
    return register_engine(
        name=running.name,
        kind=kind,
        version=running.version,
        pairs=running.caps.pairs,
        options=options,
        sends_out=running.sends_out,
        max_items=running.caps.max_items,
        max_characters=running.caps.max_characters,
    )


def register_engine(
    *,
    name: str,
    kind: str,
    version: str,
    pairs: Sequence[Sequence[str]],
    options: Mapping[str, object],
    sends_out: bool = False,
    max_items: int = 32,
    max_characters: int = 20_000,
) -> Engine:
    """Write down an engine; one of this name is brought up to date, keeps its place and may work again."""
    described = {
        "kind": kind,
        "version": version,
        "pairs": [list(pair) for pair in pairs],
        "options": dict(options),
        "sends_out": sends_out,
        "max_items": max_items,
        "max_characters": max_characters,
    }
    if not _NAME.fullmatch(name):
        raise EngineRefused(_("An engine’s name has up to 40 letters, digits, dots, hyphens and underscores."))
    with transaction.atomic():
        last = Engine.objects.aggregate(last=Max("position"))["last"]
        engine = Engine.objects.update_or_create(
            name=name,
            defaults={**described, "needs_operator": False, "strikes": 0, "rests_until": None},
            create_defaults={**described, "position": 0 if last is None else last + 1},
        )[0]
        _let_jobs_go()
    return engine


def enable_local_engines() -> list[str]:
    """Register every engine that works on this machine; their names."""
    found = registry.find_local()
    for kind, engine in found:
        known = Engine.objects.filter(name=engine.name).first()
        # Looking at the engines must not wake one that rests or was stopped.
        pairs = [list(pair) for pair in engine.caps.pairs]
        if known is None or (known.version, known.pairs) != (engine.version, pairs):
            _keep(engine, kind, known.options if known else {})
        engine.close()
    return [engine.name for _kind, engine in found]


def _engine(name: str) -> Engine:
    found = Engine.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Engine.objects.order_by("position").values_list("name", flat=True))
        raise InvalidInput(
            _("There is no engine “%(name)s”; there are: %(known)s.") % {"name": name, "known": known or "–"}
        )
    return found


def switch_engine(name: str, *, on: bool) -> None:
    """Let an engine work or not; switched on it may try again at once."""
    engine = _engine(name)
    engine.is_enabled = on
    if on:
        engine.needs_operator, engine.strikes, engine.rests_until = False, 0, None
    with transaction.atomic():
        engine.save(update_fields=["is_enabled", "needs_operator", "strikes", "rests_until"])
        if on:
            _let_jobs_go()


def _let_jobs_go() -> None:
    """What waited for an engine need not wait any longer than for the next free worker."""
    Job.objects.filter(lease="", not_before__gt=now()).update(not_before=now())


def remove_engine(name: str) -> None:
    """Forget an engine. What it translated stays, and so does the register of what it was sent."""
    _engine(name).delete()


def set_budget(name: str, characters: int | None) -> None:
    """Characters a calendar month (UTC) at most; none for no limit, 0 for none at all."""
    if characters is not None and characters < 0:
        raise InvalidInput(_("A budget is a number of characters, 0 or more."))
    engine = _engine(name)
    engine.monthly_budget = characters
    with transaction.atomic():
        engine.save(update_fields=["monthly_budget"])
        Spending.objects.filter(engine=engine).update(is_used_up=False)
        _let_jobs_go()


def place_engine(name: str, position: int) -> None:
    """Move an engine to a place in the order of asking, counted from 1."""
    moved = _engine(name)
    with transaction.atomic():
        order = list(Engine.objects.exclude(pk=moved.pk).order_by("position", "id"))
        order.insert(max(0, position - 1), moved)
        for place, engine in enumerate(order):
            engine.position = place
        Engine.objects.bulk_update(order, ["position"])


def route_texts(
    *,
    source: str = "",
    target: str = "",
    kind: str = "",
    engines: Sequence[str] = (),
    pivot: str = "",
    is_eager: bool = True,
) -> None:
    """Say who translates texts of a pair and kind; what is left empty stands for all."""
    for name in engines:
        _engine(name)
    if kind and kind not in KINDS:
        raise InvalidInput(_("A kind of text is one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    Routing.objects.update_or_create(
        source=canonical(source) if source else "",
        target=canonical(target) if target else "",
        kind=kind,
        defaults={
            "engines": list(engines),
            "pivot": pivot if pivot in ("", NO_PIVOT) else canonical(pivot),
            "is_eager": is_eager,
        },
    )


def forget_route(*, source: str = "", target: str = "", kind: str = "") -> None:
    """Take such a word back; raises where there is none."""
    words = Routing.objects.filter(
        source=canonical(source) if source else "", target=canonical(target) if target else "", kind=kind
    )
    if not words.delete()[0]:
        raise InvalidInput(_("There is no such routing."))


def script_engine(unit_id: int, *, name: str, answers: Sequence[Mapping[str, str]], behaviours: Sequence[str]) -> None:
    """Tell a scripted engine what to answer for a unit's sentences, in reading order, and how to behave."""
    rows = Occurrence.objects.filter(unit=unit_id, last_revision=None).select_related("segment").order_by("anchor")
    engine = Engine.objects.select_for_update().get(name=name)
    told = engine.options.setdefault("answers", {})
    faults = engine.options.setdefault("faults", {})
    engine.options["pairs"] = engine.pairs
    for row, texts, behaviour in zip(rows, answers, behaviours, strict=True):
        for language, text in texts.items():
            told[f"{language}|{row.segment.text}"] = mark_like(text, contents_of(row.contents))
        if behaviour:
            faults[row.segment.text] = behaviour
    engine.save(update_fields=["options"])
