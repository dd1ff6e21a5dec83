"""An engine's own process: ``python -m dragoman.translation.engines.child``.

It speaks lines of JSON with the worker that started it (see ``hosting``): first
it is told what to be, then it is asked. A model that crashes, hangs or leaks
takes nothing down but itself, and objects that are bound to their thread stay
in one. When the worker is gone, its end of the pipe closes and this process ends.
"""

import dataclasses
import json
import os
import queue
import sys
import threading
from typing import Any

from dragoman.translation.engines.base import (
    Batch,
    Engine,
    EngineError,
    Item,
    Misconfigured,
    Quota,
    RateLimited,
)
from dragoman.translation.engines.registry import make


def main() -> None:
    """Serve until the parent's end closes."""
    # Libraries print: what they print must not stand between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(inbox,), daemon=True).start()
    try:
        engine = _begin(json.loads(inbox.get()))
    except EngineError as error:
        _answer(answers, _failure(error))
        return
    _answer(
        answers,
        {"version": engine.version, "sends_out": engine.sends_out, "caps": dataclasses.asdict(engine.caps)},
    )
    while True:
        question = json.loads(inbox.get())
        _answer(answers, {"nonce": question["nonce"], **_ask(engine, question)})


def _listen(inbox: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        inbox.put(line)
    # Nobody is left to answer to; the main thread may be deep inside a model.
    os._exit(0)


def _begin(told: dict[str, Any]) -> Engine:
    try:
        return make(told["kind"], told["name"], told["options"])
    except EngineError:
        raise
    except Exception as error:
        # Whatever a library says of a folder that is no model: the operator must hear it, not a traceback.
        raise Misconfigured(f"{type(error).__name__}: {error}") from error


def _ask(engine: Engine, question: dict[str, Any]) -> dict[str, Any]:
    items = tuple(Item(one["id"], one["text"]) for one in question["items"])
    hints = tuple((word, translated) for word, translated in question["hints"])
    batch = Batch(question["source"], question["target"], items, question["style"], hints)
    try:
        results = engine.translate(batch, seconds=question["seconds"])
    except EngineError as error:
        return _failure(error)
    return {"results": [dataclasses.asdict(result) for result in results]}


def _failure(error: EngineError) -> dict[str, Any]:
    seconds = error.seconds if isinstance(error, RateLimited | Quota) else None
    return {"error": type(error).__name__, "says": str(error), "seconds": seconds}


def _answer(answers: Any, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
