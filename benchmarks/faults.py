"""What goes wrong with engines, done on purpose: kinds of faults and seeded cases of them.

A case is a source with markers, an answer that was right, and the answer after
the fault. The right answers are recorded engine output or human references; the
markers are put into both at a place that the seed chooses, since recorded
output has none. This module knows nothing of the checks that shall find the
faults, and was written before them.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

_SPACELESS = ("zh", "ja", "th")


@dataclass(frozen=True, slots=True)
class Example:
    """A line of a recorded pair. ``third``: the same sentence in some other language; ``neighbour``: another answer."""

    source: str
    target: str
    from_language: str
    to_language: str
    third: str = ""
    third_language: str = ""
    neighbour: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """``good`` passed before the fault made it ``bad``. Texts are marked text."""

    kind: str
    source: str
    good: str
    bad: str
    from_language: str
    to_language: str


Fault = Callable[[random.Random, Example], "tuple[str, str, str] | None"]  # source, good, bad


def make_cases(kind: str, examples: Sequence[Example], count: int, seed: int) -> list[Case]:
    """``count`` cases of a kind, the same for the same seed; fewer only where no line can bear the fault."""
    dice = random.Random(f"{seed} {kind} {examples[0].from_language}-{examples[0].to_language}")
    found: list[Case] = []
    for attempt in range(count * 40):
        if len(found) == count:
            break
        example = examples[dice.randrange(len(examples))]
        made = KINDS[kind](dice, replace(example, neighbour=_other(dice, examples, example, attempt)))
        if made is not None and made[1] != made[2]:
            found.append(Case(kind, *made, example.from_language, example.to_language))
    return found


def _other(dice: random.Random, examples: Sequence[Example], example: Example, attempt: int) -> str:
    choice = examples[(dice.randrange(len(examples)) + attempt) % len(examples)]
    return choice.target if choice.source != example.source else ""


# --- markers, links, names ---------------------------------------------------------------------


def _gaps(text: str, language: str) -> list[int]:
    """Places between words; in scripts without spaces any place between two letters."""
    if language.split("-", maxsplit=1)[0] in _SPACELESS:
        return [at for at in range(1, len(text)) if text[at - 1].isalpha() and text[at].isalpha()]
    return [match.start() for match in re.finditer(r" (?=\w)", text)]


def _insert(dice: random.Random, text: str, language: str, marker: str) -> str | None:
    gaps = _gaps(text, language)
    if not gaps:
        return None
    at = dice.choice(gaps)
    joint = "" if language.split("-", maxsplit=1)[0] in _SPACELESS else " "
    return text[:at] + joint + marker + text[at:]


def _with_atom(dice: random.Random, example: Example) -> tuple[str, str] | None:
    source = _insert(dice, example.source, example.from_language, "⟦1⟧")
    target = _insert(dice, example.target, example.to_language, "⟦1⟧")
    return (source, target) if source and target else None


def _around_a_word(dice: random.Random, text: str) -> str | None:
    words = list(re.finditer(r"[^\W\d_]{2,}", text))
    if not words:
        return None
    word = dice.choice(words)
    return f"{text[: word.start()]}⟦+1⟧{word[0]}⟦-1⟧{text[word.end() :]}"


def _with_link(dice: random.Random, example: Example) -> tuple[str, str] | None:
    source, target = _around_a_word(dice, example.source), _around_a_word(dice, example.target)
    return (source, target) if source and target else None


def _on_atom(damage: Callable[[random.Random, str, Example], str]) -> Fault:
    def fault(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
        pair = _with_atom(dice, example)
        return (*pair, damage(dice, pair[1], example)) if pair else None

    return fault


def _on_link(damage: Callable[[random.Random, str, Example], str]) -> Fault:
    def fault(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
        pair = _with_link(dice, example)
        return (*pair, damage(dice, pair[1], example)) if pair else None

    return fault


def _leak(dice: random.Random, text: str, example: Example) -> str:
    spelled = ["XX1", "__1__", "__ 1 __", "[1]", "⟦ 1 ⟧", "⟦1", "1⟧", '<x id="1"/>', "&lt;x id=1&gt;", "{1}", "47111"]
    return text.replace("⟦1⟧", dice.choice(spelled))


def _double(dice: random.Random, text: str, example: Example) -> str:
    return _insert(dice, text, example.to_language, "⟦1⟧") or text + " ⟦1⟧"


def _translate_name(dice: random.Random, text: str, example: Example) -> str:
    words = re.findall(r"[^\W\d_]{3,}", example.neighbour) or ["Thin"]
    return text.replace("⟦1⟧", dice.choice(words).capitalize())


def _lose_one_end(dice: random.Random, text: str, example: Example) -> str:
    return text.replace(dice.choice(["⟦+1⟧", "⟦-1⟧"]), "")


def _lose_link(dice: random.Random, text: str, example: Example) -> str:
    return text.replace("⟦+1⟧", "").replace("⟦-1⟧", "")


def _turn_link(dice: random.Random, text: str, example: Example) -> str:
    return text.replace("⟦+1⟧", "\0").replace("⟦-1⟧", "⟦+1⟧").replace("\0", "⟦-1⟧")


def _invent_address(dice: random.Random, example: Example) -> tuple[str, str, str]:
    made = dice.choice(
        [
            "https://example.org/a",
            "www.example.com",
            "@redaktion",
            "#NewsToday",
            "info@example.org",
            "http://a.example/?b=1",
        ]
    )
    return example.source, example.target, f"{example.target} {made}"


# --- numbers -----------------------------------------------------------------------------------


def _change_number(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
    shared = set(re.findall(r"(?<![\d.,])\d{2,}(?![\d.,]*\d)", example.source)) & set(
        re.findall(r"(?<![\d.,])\d{2,}(?![\d.,]*\d)", example.target)
    )
    if not shared:
        return None
    number = dice.choice(sorted(shared))
    place = dice.randrange(len(number))
    digit = dice.choice([one for one in "123456789" if one != number[place]])
    changed = number[:place] + digit + number[place + 1 :]
    bad = re.sub(rf"(?<![\d.,]){number}(?![\d.,]*\d)", changed, example.target, count=1)
    return example.source, example.target, bad


# --- words -------------------------------------------------------------------------------------


def _words(text: str, language: str) -> list[str]:
    return list(text) if language.split("-", maxsplit=1)[0] in _SPACELESS else text.split()


def _join(words: Sequence[str], language: str) -> str:
    return ("" if language.split("-", maxsplit=1)[0] in _SPACELESS else " ").join(words)


def _truncate(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
    words = _words(example.target, example.to_language)
    if len(words) < 6:
        return None
    kept = max(1, round(len(words) * dice.uniform(0.15, 0.6)))
    return example.source, example.target, _join(words[:kept], example.to_language)


def _repeat(dice: random.Random, example: Example) -> tuple[str, str, str]:
    words = _words(example.target, example.to_language)
    size = dice.randint(1, min(4, len(words)))
    at = dice.randrange(len(words) - size + 1)
    loop = words[at : at + size] * dice.randint(5, 20)
    return example.source, example.target, _join([*words[:at], *loop, *words[at + size :]], example.to_language)


def _stutter_to_the_end(dice: random.Random, example: Example) -> tuple[str, str, str]:
    """The loop that a model falls into: the beginning is right, then the same words until it is stopped."""
    words = _words(example.target, example.to_language)
    kept = words[: max(2, len(words) // 3)]
    loop = kept[-dice.randint(1, min(3, len(kept))) :]
    return example.source, example.target, _join(kept + loop * dice.randint(8, 30), example.to_language)


def _other_language(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
    return (example.source, example.target, example.third) if example.third else None


def _untranslated(dice: random.Random, example: Example) -> tuple[str, str, str]:
    return example.source, example.target, example.source


def _half_translated(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
    target, source = _words(example.target, example.to_language), _words(example.source, example.from_language)
    if len(target) < 12 or len(source) < 12:
        return None
    begun = _join(target[: len(target) // 2], example.to_language)
    return example.source, example.target, f"{begun} {_join(source[len(source) // 2 :], example.from_language)}"


def _swapped_line(dice: random.Random, example: Example) -> tuple[str, str, str] | None:
    return (example.source, example.target, example.neighbour) if example.neighbour else None


def _empty(dice: random.Random, example: Example) -> tuple[str, str, str]:
    return example.source, example.target, dice.choice(["", " ", "\n\t", "\u00a0", ".", "…", "— —"])


# --- signs -------------------------------------------------------------------------------------


def _escape(dice: random.Random, example: Example) -> tuple[str, str, str]:
    entity = dice.choice(["&quot;", "&#39;", "&amp;", "&amp;quot;", "&amp;#39;", "&lt;", "&nbsp;"])
    at = dice.choice([*_gaps(example.target, example.to_language), len(example.target)])
    return example.source, example.target, example.target[:at] + entity + example.target[at:]


def _strange_sign(dice: random.Random, example: Example) -> tuple[str, str, str]:
    sign = dice.choice(
        ["\u200b", "\u202e", "\u2066", "\ufffd", "\x07", "\x1b[1m", "\ufeff", "\u2060", "\x00", "<unk>", "⁇"]
    )
    at = dice.randrange(len(example.target) + 1)
    return example.source, example.target, example.target[:at] + sign + example.target[at:]


def _wrong_encoding(dice: random.Random, example: Example) -> tuple[str, str, str]:
    """UTF-8 read as Windows' western encoding, once."""
    return example.source, example.target, example.target.encode().decode("cp1252", "replace")


def _add_tag(dice: random.Random, example: Example) -> tuple[str, str, str]:
    tag = dice.choice(
        ["<b>{}</b>", "<p>{}</p>", "{}<br>", "{}<br/>", "<script>{}</script>", '<span class="t">{}</span>', "{}</div>"]
    )
    return example.source, example.target, tag.format(example.target)


# --- chat --------------------------------------------------------------------------------------

_PREFACES = {
    "en": ["Here is the translation: {}", "Sure! Here's the translation:\n\n{}", "Translation: {}", "Certainly! {}"],
    "es": ["Aquí está la traducción: {}", "Traducción: {}", "¡Claro! Aquí tienes la traducción:\n{}"],
    "fr": ["Voici la traduction : {}", "Traduction : {}", "Bien sûr ! Voici la traduction :\n{}"],
    "de": ["Hier ist die Übersetzung: {}", "Übersetzung: {}", "Gerne! Hier ist die Übersetzung:\n{}"],
    "it": ["Ecco la traduzione: {}", "Traduzione: {}", "Certo! Ecco la traduzione:\n{}"],
    "pt": ["Aqui está a tradução: {}", "Tradução: {}", "Claro! Aqui está a tradução:\n{}"],
    "ru": ["Вот перевод: {}", "Перевод: {}", "Конечно! Вот перевод:\n{}"],
    "uk": ["Ось переклад: {}", "Переклад: {}", "Звичайно! Ось переклад:\n{}"],
    "tr": ["İşte çeviri: {}", "Çeviri: {}", "Tabii! İşte çevirisi:\n{}"],
    "ar": ["إليك الترجمة: {}", "الترجمة: {}", "بالتأكيد! إليك الترجمة:\n{}"],
    "he": ["הנה התרגום: {}", "תרגום: {}", "בטח! הנה התרגום:\n{}"],
    "zh": ["以下是翻译：{}", "翻译：{}", "当然！以下是翻译：\n{}"],
    "ja": ["翻訳は次のとおりです：{}", "翻訳：{}", "もちろんです。以下が翻訳です：\n{}"],
}
_NOTES = [
    "{} (Note: the name was kept as in the original.)",
    "{}\n\nNote: This is a literal translation.",
    "{}\n\nLet me know if you need anything else!",
    "{}\n\nI hope this helps!",
]
_REFUSALS = [
    "I'm sorry, but I can't help with that.",
    "I cannot assist with this request.",
    "As an AI language model, I am unable to translate this text.",
    "I can't translate content of this kind.",
    "Sorry, I am not able to provide a translation.",
    "Lo siento, pero no puedo ayudar con eso.",
    "Je suis désolé, mais je ne peux pas vous aider.",
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
]


def _preface(dice: random.Random, example: Example) -> tuple[str, str, str]:
    spoken = _PREFACES["en"] + _PREFACES.get(example.to_language.split("-")[0], [])
    return example.source, example.target, dice.choice(spoken).format(example.target)


def _note(dice: random.Random, example: Example) -> tuple[str, str, str]:
    return example.source, example.target, dice.choice(_NOTES).format(example.target)


def _refusal(dice: random.Random, example: Example) -> tuple[str, str, str]:
    return example.source, example.target, dice.choice(_REFUSALS)


def _wrap(dice: random.Random, example: Example) -> tuple[str, str, str]:
    text = example.target
    wrapped = [
        f"```\n{text}\n```",
        f"```json\n{json.dumps({'translation': text}, ensure_ascii=False)}\n```",
        json.dumps({"translation": text}, ensure_ascii=False),
        json.dumps([text], ensure_ascii=False),
        f"<translation>{text}</translation>",
    ]
    return example.source, example.target, dice.choice(wrapped)


KINDS: dict[str, Fault] = {
    "marker dropped": _on_atom(lambda dice, text, example: text.replace("⟦1⟧", "")),
    "marker doubled": _on_atom(_double),
    "marker renumbered": _on_atom(lambda dice, text, example: text.replace("⟦1⟧", f"⟦{dice.randint(2, 12)}⟧")),
    "marker leaked": _on_atom(_leak),
    "name translated": _on_atom(_translate_name),
    "link lost": _on_link(_lose_link),
    "link end lost": _on_link(_lose_one_end),
    "link turned round": _on_link(_turn_link),
    "address invented": _invent_address,
    "number changed": _change_number,
    "line swapped": _swapped_line,
    "truncated": _truncate,
    "repetition": _repeat,
    "loop to the end": _stutter_to_the_end,
    "other language": _other_language,
    "untranslated": _untranslated,
    "half translated": _half_translated,
    "empty": _empty,
    "entities": _escape,
    "strange sign": _strange_sign,
    "wrong encoding": _wrong_encoding,
    "tag added": _add_tag,
    "preface": _preface,
    "note added": _note,
    "refusal": _refusal,
    "wrapped": _wrap,
}
STRUCTURAL = frozenset(
    {
        "marker dropped",
        "marker doubled",
        "marker renumbered",
        "marker leaked",
        "name translated",
        "link lost",
        "link end lost",
        "link turned round",
        "lines shifted",
    }
)


def shifted_batches(examples: Sequence[Example], count: int, seed: int) -> list[tuple[list[Example], list[str]]]:
    """Batches whose answers moved on by one place: the lines, and the answers as they came."""
    dice = random.Random(f"{seed} lines shifted {examples[0].from_language}-{examples[0].to_language}")
    made: list[tuple[list[Example], list[str]]] = []
    for _number in range(count):
        size = dice.randint(8, 32)
        start = dice.randrange(max(1, len(examples) - size))
        lines = list(examples[start : start + size])
        step = dice.choice([1, -1])
        answers = [lines[(at + step) % len(lines)].target for at in range(len(lines))]
        made.append((lines, answers))
    return made
