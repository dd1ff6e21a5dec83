"""Models made of NumPy arrays, in the formats and the shapes of real ones, for measurements and tests.

No weights can be had here without a download. Those that are written here are
not random, though: all layers compute what they would, but the residual goes
past them, and the last attention looks at its own place in the source. So a
model answers with the words of the question, as long as the question, and ends.
``words`` makes it say other words instead.
"""

import itertools
import string
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import ctranslate2
import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]
Family: TypeAlias = Literal["plain", "nllb", "m2m100", "madlad", "opus"]

_SPECIAL = ("<unk>", "</s>", "<pad>")
_SIGNS = np.array([-1, 1], np.float32)
_UNKNOWN, _CONTROL, _NORMAL = 2, 3, 1  # kinds of SentencePiece
_WORDS = """the of and to in is that it was for on are with as his they be at one have this from or had by hot but some
what there we can out other were all your when up use word how said an each she which their time will way about many
then them would write like so these her long make thing see him two has look more day could go come did my sound no most
number who over know water than call first people may down side been now find library square opens at eight house is big
el la de que y en un ser se no haber por con su para como estar tener le lo todo pero más hacer casa grande libro
""".split()


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is."""

    layers: tuple[int, int]
    width: int
    heads: int
    inner: int
    vocabulary: int
    positions: int = 512


TINY = Shape((2, 2), 64, 2, 128, 400)
OPUS_BASE = Shape((6, 6), 512, 8, 2048, 58_101)
NLLB_600M = Shape((12, 12), 1024, 16, 4096, 256_206, 1024)
FIREFOX_LITTLE = Shape((1, 1), 256, 8, 128, 400)
FIREFOX_TINY = Shape((6, 2), 256, 8, 1536, 32_000)
FIREFOX_BASE = Shape((6, 2), 512, 8, 2048, 32_000)


def vocabulary(size: int, *, extra: Sequence[str] = (), signs: str = string.printable[:94]) -> list[str]:
    """Words, signs, then parts of words, three letters of English or Spanish on average to a piece."""
    spread = (f"{one}{piece}" for piece in _parts() for one in ("▁", ""))
    pieces = dict.fromkeys([*_SPECIAL, *extra, "▁", *signs, *(f"▁{word}" for word in _WORDS)])
    for piece in spread:
        if len(pieces) >= size:
            break
        pieces.setdefault(piece)
    return list(pieces)


def _parts() -> Iterable[str]:
    letters = "etaoinshrdlcumwfgypbvkjxqz"
    yield from ("".join(one) for one in itertools.product(letters, repeat=2))
    yield from ("".join(one) for one in itertools.product(letters, repeat=3))
    yield from ("".join(one) for one in itertools.product(letters, repeat=4))


def sentencepiece_model(pieces: Sequence[str]) -> bytes:
    """A SentencePiece model of just these pieces: the fewest that cover a text."""
    written = b"".join(_field(1, _piece(piece)) for piece in pieces)
    # Normalisation: a space before the text, spaces escaped and put together, no signs replaced.
    return written + _field(3, _field(1, b"identity") + b"\x18\x01\x20\x01\x28\x01")


def _piece(piece: str) -> bytes:
    kind = (
        _UNKNOWN if piece == "<unk>" else _CONTROL if piece in _SPECIAL or piece[:1] + piece[-1:] == "<>" else _NORMAL
    )
    return _field(1, piece.encode()) + b"\x15" + struct.pack("<f", -1.0) + bytes([0x18, kind])


def _field(number: int, content: bytes) -> bytes:
    length, written = len(content), b""
    while length > 127:
        written += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + written + bytes([length]) + content


def build_ctranslate2(
    folder: Path,
    shape: Shape = TINY,
    *,
    family: Family = "plain",
    tokens: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
    signs: str = string.printable[:94],
) -> Path:
    """Write a model folder; ``tokens`` are those of its languages, ``signs`` what it can spell."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["<s>", *_SPECIAL[1:], "<unk>", *tokens] if family in ("nllb", "m2m100") else list(tokens)
    pieces = vocabulary(shape.vocabulary, extra=names, signs=signs)
    spec = ctranslate2.specs.transformer_spec.TransformerSpec.from_config(shape.layers, shape.heads)
    _fill(spec, shape, pieces, {f"▁{one}": f"▁{other}" for one, other in (words or {}).items()})
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.decoder_start_token = "</s>"
    spec.config.add_source_eos = family == "opus"  # as the converter from Marian says
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    learnt = sentencepiece_model([piece for piece in pieces if piece not in tokens])
    if family in ("plain", "opus"):
        (folder / "source.spm").write_bytes(learnt)
        (folder / "target.spm").write_bytes(learnt)
    else:
        (folder / "sentencepiece.bpe.model").write_bytes(learnt)
    return folder


def _fill(spec: Any, shape: Shape, pieces: Sequence[str], words: Mapping[str, str]) -> None:
    random = np.random.default_rng(1)
    half, dim = shape.width // 2, shape.width // shape.heads
    meaning = np.zeros((len(pieces), shape.width), np.float32)
    meaning[:, :half] = random.choice(_SIGNS, (len(pieces), half))
    places = np.zeros((shape.positions, shape.width), np.float32)
    places[:, half:] = random.choice(_SIGNS, (shape.positions, half))
    said = meaning.copy()
    at = {piece: number for number, piece in enumerate(pieces)}
    for one, other in words.items():
        said[at[other]], said[at[one]] = meaning[at[one]], 0
    for side in (spec.encoder, spec.decoder):
        _norm(side.layer_norm, shape.width)
        side.position_encodings.encodings = places
        for layer in side.layer:
            _layer(layer, shape, random)
    spec.encoder.embeddings[0].weight = meaning / np.sqrt(np.float32(shape.width))
    spec.decoder.embeddings.weight = meaning / np.sqrt(np.float32(shape.width))
    spec.decoder.projection.weight = said * 2 / np.sqrt(np.float32(half))
    _look_at_own_place(spec.decoder.layer[-1].attention, shape, half, dim)


def _layer(layer: Any, shape: Shape, random: np.random.Generator) -> None:
    width = shape.width
    sizes = [(layer.self_attention.linear, [3 * width, width])]
    _norm(layer.self_attention.layer_norm, width)
    if hasattr(layer, "attention"):
        _norm(layer.attention.layer_norm, width)
        sizes.append((layer.attention.linear, [width, 2 * width, width]))
    for linears, rows in sizes:
        for linear, count in zip(linears, rows, strict=True):
            _weights(linear, count, width, random)
        linears[-1].weight[:] = 0
    _norm(layer.ffn.layer_norm, width)
    _weights(layer.ffn.linear_0, shape.inner, width, random)
    _weights(layer.ffn.linear_1, width, shape.inner, random)
    layer.ffn.linear_1.weight[:] = 0


def _weights(linear: Any, rows: int, columns: int, random: np.random.Generator) -> None:
    linear.weight = random.standard_normal((rows, columns), np.float32) * np.float32(0.02)
    linear.bias = np.zeros(rows, np.float32)


def _norm(norm: Any, width: int) -> None:
    norm.gamma, norm.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def _look_at_own_place(attention: Any, shape: Shape, half: int, dim: int) -> None:
    """Queries and keys are places, values are meanings: each head carries its share of them."""
    share = half // shape.heads
    for linear in attention.linear:
        linear.weight[:] = 0
    queries, both, out = (linear.weight for linear in attention.linear)
    for head in range(shape.heads):
        for one in range(dim):
            queries[head * dim + one, half + one % half] = both[head * dim + one, half + one % half] = 6
        for one in range(share):
            both[shape.width + head * dim + one, head * share + one] = 1
            out[head * share + one, head * dim + one] = 20


def build_firefox(folder: Path, shape: Shape = FIREFOX_LITTLE, *, pair: str = "enes") -> Path:
    """Write a folder such as Firefox has for a pair: model, vocabulary and shortlist."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = vocabulary(shape.vocabulary)
    (folder / f"model.{pair}.intgemm.alphas.bin").write_bytes(_marian(_firefox_tensors(shape, pieces)))
    (folder / f"vocab.{pair}.spm").write_bytes(sentencepiece_model(pieces))
    (folder / f"lex.50.50.{pair}.s2t.bin").write_bytes(_shortlist(len(pieces)))
    return folder


_Tensor: TypeAlias = tuple[int, tuple[int, ...], bytes]
_FLOATS, _BYTES, _INTGEMM = 0x404, 0x101, 0x4101
_SEEN = 127 / 6  # what comes out of a norm lies within ±6


def _firefox_tensors(shape: Shape, pieces: Sequence[str]) -> dict[str, _Tensor]:
    random = np.random.default_rng(1)
    width, dim = shape.width, shape.width // shape.heads
    places = [*range(dim // 2), *range(width // 2, width // 2 + dim // 2)]  # the quickest waves
    rest = [one for one in range(width) if one not in (*places, width // 2 - 1)]
    meaning = np.zeros((len(pieces), width), np.float32)
    balanced = np.resize(2 * _SIGNS, len(rest))
    meaning[:, rest] = random.permuted(np.tile(balanced, (len(pieces), 1)), axis=1)
    tensors: dict[str, _Tensor] = {
        "Wemb": _quantized(meaning / np.sqrt(np.float32(width)), transposed=False),
        "none_QuantMultA": _floats(np.full((1, 1), _SEEN)),
        "decoder_ff_logit_out_b": _floats(np.zeros((1, len(pieces)))),
    }
    for number in range(1, shape.layers[0] + 1):
        tensors |= _attention(f"encoder_l{number}_self", width, random)
        tensors |= _forward(f"encoder_l{number}_ffn", shape, random)
    for number in range(1, shape.layers[1] + 1):
        name = f"decoder_l{number}"
        tensors |= _affine(f"{name}_rnn_W", np.zeros((width, width)))
        tensors |= _affine(f"{name}_rnn_Wf", _some((width, width), random), f"{name}_rnn_bf")
        tensors |= _scales(f"{name}_rnn_ffn", width)
        tensors |= _attention(f"{name}_context", width, random)
        tensors |= _forward(f"{name}_ffn", shape, random)
    tensors |= _own_place(f"decoder_l{shape.layers[1]}_context", shape, places, rest)
    settings = (
        f"dim-emb: {width}\nenc-depth: {shape.layers[0]}\ndec-depth: {shape.layers[1]}\n"
        f"transformer-heads: {shape.heads}\ntransformer-dim-ffn: {shape.inner}\n"
    )
    tensors["special:model.yml"] = (_BYTES, (len(settings) + 1,), settings.encode() + b"\0")
    return tensors


def _own_place(name: str, shape: Shape, places: Sequence[int], rest: Sequence[int]) -> dict[str, _Tensor]:
    width, dim, share = shape.width, shape.width // shape.heads, -(-len(rest) // shape.heads)
    look, carry, out = (np.zeros((width, width), np.float32) for _ in range(3))
    for head in range(shape.heads):
        for one, place in enumerate(places):
            look[place, head * dim + one] = 14
            # The slowest wave stays at nought: what a norm made of it is what it took from all.
            look[width // 2 - 1, head * dim + one] = -14
        for one, part in enumerate(rest[head * share : (head + 1) * share]):
            carry[part, head * dim + one] = 1
            out[head * dim + one, part] = 10
    return {
        **_affine(f"{name}_Wq", look, f"{name}_bq"),
        **_affine(f"{name}_Wk", look, f"{name}_bk"),
        **_affine(f"{name}_Wv", carry, f"{name}_bv"),
        **_affine(f"{name}_Wo", out, f"{name}_bo"),
    }


def _attention(name: str, width: int, random: np.random.Generator) -> dict[str, _Tensor]:
    found = _scales(f"{name}_Wo", width)
    for one in "qkv":
        found |= _affine(f"{name}_W{one}", _some((width, width), random), f"{name}_b{one}")
    return found | _affine(f"{name}_Wo", np.zeros((width, width)), f"{name}_bo")


def _forward(name: str, shape: Shape, random: np.random.Generator) -> dict[str, _Tensor]:
    return {
        **_affine(f"{name}_W1", _some((shape.width, shape.inner), random), f"{name}_b1"),
        **_affine(f"{name}_W2", np.zeros((shape.inner, shape.width)), f"{name}_b2"),
        **_scales(f"{name}_ffn", shape.width),
    }


def _some(size: tuple[int, int], random: np.random.Generator) -> Array:
    return random.standard_normal(size, np.float32) * np.float32(0.02)


def _scales(name: str, width: int) -> dict[str, _Tensor]:
    return {
        f"{name}_ln_scale": _floats(np.ones((1, width))),
        f"{name}_ln_bias": _floats(np.zeros((1, width))),
    }


def _affine(name: str, weight: NDArray[Any], bias: str = "") -> dict[str, _Tensor]:
    found = {name: _quantized(weight, transposed=True), f"{name}_QuantMultA": _floats(np.full((1, 1), _SEEN))}
    if bias:
        found[bias] = _floats(np.zeros((1, weight.shape[1])))
    return found


def _quantized(weight: NDArray[Any], *, transposed: bool) -> _Tensor:
    scale = 127 / max(float(np.abs(weight).max()), 1e-6)
    whole = np.round(weight * scale).astype(np.int8)
    laid = whole.T if transposed else whole
    return _INTGEMM, weight.shape, np.ascontiguousarray(laid).tobytes() + struct.pack("<f", scale)


def _floats(values: NDArray[Any]) -> _Tensor:
    return _FLOATS, values.shape, values.astype("<f4").tobytes()


def _marian(tensors: Mapping[str, _Tensor]) -> bytes:
    """Marian's binary format: headers, names, shapes, a gap, then the data in blocks of 256 bytes."""
    blocks = [data + bytes(-len(data) % 256) for _kind, _shape, data in tensors.values()]
    head = struct.pack("<QQ", 1, len(tensors))
    for (name, (kind, shape, _data)), block in zip(tensors.items(), blocks, strict=True):
        head += struct.pack("<QQQQ", len(name) + 1, kind, len(shape), len(block))
    head += b"".join(name.encode() + b"\0" for name in tensors)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _kind, shape, _data in tensors.values())
    gap = -(len(head) + 8) % 256
    return head + struct.pack("<Q", gap) + bytes(gap) + b"".join(blocks)


def _shortlist(count: int) -> bytes:
    """Every piece may become itself, or one of the first hundred."""
    offsets = np.arange(count + 1, dtype="<u8")
    head = struct.pack("<6Q", 0xF11A48D5013417F5, 0, min(100, count), 50, count + 1, count)
    return head + offsets.tobytes() + np.arange(count, dtype="<u4").tobytes()
