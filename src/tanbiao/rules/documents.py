"""Rule documents: reading one (with the place of every mistake), and the ones that come with Tanbiao."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tanbiao.rules.schema import Rule
from tanbiao.words import Problem, Problems, TanbiaoError, Text

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class UnknownRule(TanbiaoError):
    """No rule of this id comes with Tanbiao."""


def available_rules() -> tuple[Rule, ...]:
    """The rules that come with Tanbiao, in the order of their ids."""
    return tuple(load_rule(name) for name in _names())


@cache
def load_rule(rule_id: str) -> Rule:
    """The rule of this id, e.g. "steel-eaf". Raises UnknownRule naming the ids there are."""
    if rule_id not in _names():
        known = ", ".join(_names())
        raise UnknownRule(Text(f"没有规则“{rule_id}”，可用：{known}。", f'No rule "{rule_id}"; there are: {known}.'))
    document = files("tanbiao.rules") / "documents" / f"{rule_id}.yaml"
    return read_rule(document.read_bytes(), document.name)


@cache
def _names() -> tuple[str, ...]:
    documents = (files("tanbiao.rules") / "documents").iterdir()
    return tuple(sorted(d.name.removesuffix(".yaml") for d in documents if d.name.endswith(".yaml")))


def read_rule(document: bytes, name: str = "rule.yaml") -> Rule:
    """A rule from the bytes of its YAML document (UTF-8, at most 1 MB, plain YAML: no anchors, no tags).

    Raises Problems with all mistakes of the document, each with its place: "steel-eaf.yaml:57 clauses.3.items".
    """
    if len(document) > MAX_BYTES:
        raise _problem(name, Text("规则文件超过 1 MB。", "The rule document is larger than 1 MB."))
    try:
        text = document.decode("utf-8-sig")
        _refuse_unplain(text, name)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise _problem(
            name, Text(f"不是 UTF-8 文本（第 {error.start} 字节）。", f"Not UTF-8 text (byte {error.start}).")
        )
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        place = f"{name}:{line}" if (line := _line_of(getattr(error, "problem_mark", None))) else name
        said = " ".join(str(error).split())
        raise _problem(place, Text(f"不是正确的 YAML：{said}", f"Not correct YAML: {said}"))
    if tree is None or not isinstance(data, dict):
        raise _problem(
            name, Text("规则文件应是一组“字段: 内容”。", 'A rule document is a mapping of "field: content".')
        )
    repeated = [
        Problem(
            f"{name}:{_line_of(key.start_mark)}", Text(f"字段“{key.value}”重复。", f'Field "{key.value}" repeated.')
        )
        for key in _repeated_keys(tree)
    ]
    if repeated:
        raise Problems(repeated)
    try:
        return Rule.model_validate(data)
    except ValidationError as error:
        raise Problems(_schema_problem(detail, tree, name) for detail in error.errors())


def _refuse_unplain(text: str, name: str) -> None:
    """Refuse what a rule never needs and an attacker might: aliases that multiply, tags, very deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        anchored = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if anchored or depth > MAX_DEPTH:
            place = f"{name}:{_line_of(event.start_mark)}"
            raise _problem(
                place,
                Text(
                    f"规则文件不能使用锚点、别名、标签，嵌套不能超过 {MAX_DEPTH} 层。",
                    f"A rule document has no anchors, aliases or tags, and nests at most {MAX_DEPTH} deep.",
                ),
            )


def _repeated_keys(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _problem(place: str, text: Text) -> Problems:
    return Problems([Problem(place, text)])


def _line_of(mark: Any) -> int:
    """The line of a YAML mark, counted from 1; 0 where there is no mark."""
    return int(mark.line) + 1 if mark else 0


def _schema_problem(detail: ErrorDetails, tree: yaml.Node, name: str) -> Problem:
    path, line = _find(tree, detail["loc"])
    return Problem(f"{name}:{line} {path}".rstrip(), _said(detail))


def _find(tree: yaml.Node, loc: Sequence[str | int]) -> tuple[str, int]:
    """The path of a schema error within the document, and the line nearest to it.

    Steps that are not in the document are the name of a missing field (kept in the path), or the kind of a clause
    that the schema adds to its path (left out).
    """
    node, line, path = tree, _line_of(tree.start_mark), []
    for number, step in enumerate(loc):
        child = _child(node, step)
        if child is None and number < len(loc) - 1:
            continue
        path.append(str(step))
        if child is not None:
            node, line = child, _line_of(child.start_mark)
    return ".".join(path), line


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        items: list[yaml.Node] = node.value
        return items[step]
    return None


_SAID = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段，请删除或改正拼写",
    "unexpected_keyword_argument": "没有这个字段，请删除或改正拼写",
    "string_type": "应为文字，数字请加引号",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "写法不合规定",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "数值太小",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "finite_number": "应为有限的数",
    "enum": "不在允许的取值之内",
    "literal_error": "不在允许的取值之内",
    "too_short": "至少要有一项",
    "tuple_type": "应为列表",
    "model_type": "应为一组“字段: 内容”",
    "dataclass_type": "应写成 {zh: …, en: …}",
    "union_tag_invalid": "没有这种条款（kind）",
    "union_tag_not_found": "条款缺少 kind",
}


def _said(detail: ErrorDetails) -> Text:
    if detail["type"] == "tanbiao":
        return Text(detail["ctx"]["zh"], detail["ctx"]["en"])
    zh = _SAID.get(detail["type"], "内容不合规定")
    return Text(f"{zh}（{detail['msg']}）。", f"{detail['msg']}.")
