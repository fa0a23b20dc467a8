"""`tanbiao rule`: the certification rules that come with Tanbiao, and a check of one's own document."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    rule = subparsers.add_parser("rule", help="认证规则 / certification rules")
    verbs = rule.add_subparsers(metavar="list | show | check | schema", required=True)
    verbs.add_parser("list", help="列出规则 / the rules there are").set_defaults(run=run_list)
    show = verbs.add_parser("show", help="规则的要点和条款 / what a rule asks for")
    show.add_argument("id")
    show.set_defaults(run=run_show)
    check = verbs.add_parser("check", help="检查规则文件 / check a rule document")
    check.add_argument("file", type=Path)
    check.set_defaults(run=run_check)
    verbs.add_parser("schema", help="规则文件的 JSON Schema / the schema of rule documents").set_defaults(
        run=run_schema
    )


def run_list(args: argparse.Namespace) -> int:
    from tanbiao.rules import available_rules

    for rule in available_rules():
        print(f"{rule.id}  {rule.version}  {rule.title}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    from tanbiao.rules import load_rule

    rule = load_rule(args.id)
    print(f"{rule.title}\n{rule.id} {rule.version} · sha256 {rule.digest}")
    if rule.notice:
        print(f"{rule.notice}")
    print(f"\n声明单位 Declared unit: {rule.declared_unit.amount:f} {rule.declared_unit.unit}")
    print("\n必填数据 Required data")
    for item in rule.required_items:
        print(f"  {item.code:18} {item.name} [{item.unit}]{'' if item.required else '  (选填 optional)'}")
    print("\n条款 Clauses")
    for clause in rule.clauses:
        print(f"  {clause.id:10} {clause.title}\n             {clause.text.zh}\n             {clause.text.en}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    from tanbiao.rules import read_rule
    from tanbiao.words import TanbiaoError

    try:
        rule = read_rule(args.file.read_bytes(), args.file.name)
    except OSError as error:
        print(f"{args.file}: 读不出文件 / cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except TanbiaoError as error:
        print(f"{error.text.zh}\n{error.text.en}", file=sys.stderr)
        return 1
    print(f"{rule.id} {rule.version}: 有效 / valid · {len(rule.clauses)} 条款 clauses · sha256 {rule.digest}")
    return 0


def run_schema(args: argparse.Namespace) -> int:
    from tanbiao.rules import Rule

    print(json.dumps(Rule.model_json_schema(), ensure_ascii=False, indent=2))
    return 0
