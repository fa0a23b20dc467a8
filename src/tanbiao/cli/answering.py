"""What commands of the platform have in common: the database under them, and refusals said in words or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from tanbiao.cli.platform import platform, say_aside
from tanbiao.words import TanbiaoError, Text


class NotFound(TanbiaoError):
    """What was named is not there: exit 2."""


def answer(args: argparse.Namespace, work: Callable[[], int], **refusal: str) -> int:
    """Run on the database; what is refused is 1, what is not there 2, said in a sentence (`refusal`: and in JSON).

    A fault of our own is said in a sentence too; TANBIAO_TRACEBACK=1 shows where it arose.
    """
    with platform(tell=say_aside):
        try:
            return work()
        except Exception as error:
            text, code = said_of(error)
            return refuse(text, getattr(args, "json", False), code, **refusal)


def said_of(error: Exception) -> tuple[Text, int]:
    """An error of the platform in words, and the code to end with; raised again where its origin is wanted."""
    from tanbiao.platform.kernel.actions import Invalid, Refused
    from tanbiao.platform.kernel.bilingual import text_of

    if isinstance(error, TanbiaoError):
        return error.text, 2 if isinstance(error, NotFound) else 1
    if isinstance(error, Refused | Invalid):
        why = text_of(error)
        return Text(f"不能执行：{why.zh}", f"Refused: {why.en}"), 1
    if isinstance(error, BrokenPipeError) or os.environ.get("TANBIAO_TRACEBACK"):
        raise error  # that the reader of our output has left is no fault
    what = f"{type(error).__name__}: {error}"[:400]
    said = Text(
        f"碳标自身出错，请报告：{what}。设 TANBIAO_TRACEBACK=1 可看到出处。",
        f"A fault of Tanbiao itself, please report it: {what}. TANBIAO_TRACEBACK=1 shows where it arose.",
    )
    return said, 1


def refuse(text: Text, as_json: bool, code: int, **more: str) -> int:
    if as_json:
        print_json({**more, "errors": [{"place": "", "zh": text.zh, "en": text.en}]})
    else:
        print(f"{text.zh}\n{text.en}", file=sys.stderr)
    return code


def print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
