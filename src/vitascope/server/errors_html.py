"""The page that every error item's `documentation` points at: all codes, and nothing to load from elsewhere."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from vitascope.contract.errors_page import Section, sections

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #8881; padding: .75rem; overflow-x: auto; font-size: .85rem; border-radius: .3rem; }
h2 { margin-top: 2.5rem; font-family: ui-monospace, monospace; font-size: 1.1rem; }
section:target h2 { background: #fc06; }
:root { color-scheme: light dark; }
"""


@cache
def errors_html() -> str:
    """The page, made once from what docs/errors.md is made from."""
    body = "\n".join(map(_section, sections()))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Vitascope: errors</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n'
        f"<h1>Errors</h1>\n{body}\n</html>\n"
    )


def _section(section: Section) -> str:
    code, status = html.escape(section.code), f" HTTP status {section.status}." if section.status else ""
    examples = "\n".join(map(_example, section.examples))
    when = html.escape(section.when).replace("`", "")
    return f'<section id="{code}">\n<h2>{code}</h2>\n<p>{when}{status}</p>\n{examples}</section>'


def _example(example: Mapping[str, Any]) -> str:
    return f"<pre>{html.escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>\n"
