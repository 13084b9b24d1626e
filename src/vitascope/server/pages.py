"""Pages for people: the server's own, and the one that every error item points at. Nothing is loaded from elsewhere."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from vitascope.contract.errors.page import CodeSection, sections

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #8881; padding: .75rem; overflow-x: auto; font-size: .85rem; border-radius: .3rem; }
h2 { margin-top: 2.5rem; font-family: ui-monospace, monospace; font-size: 1.1rem; }
section:target h2 { background: #fc06; }
:root { color-scheme: light dark; }
"""


def home_html(version: str, prefix: str = "") -> str:
    """What a person sees who opens the server in a browser; all links stay below the prefix of its paths."""
    base = html.escape(prefix)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Vitascope</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n<h1>Vitascope {version}</h1>\n'
        "<p>A video-generation server. Programs send it arrays of tasks with POST, or over a WebSocket, to "
        f"<code>{base}/v1</code>.</p>\n"
        f'<ul>\n<li><a href="{base}/openapi.json">All tasks and their parameters (OpenAPI)</a></li>\n'
        f'<li><a href="{base}/docs/errors">What the error codes mean</a></li>\n'
        f'<li><a href="{base}/readyz">Whether tasks are accepted and worked on</a></li>\n</ul>\n</html>\n'
    )


@cache
def errors_html() -> str:
    """The page, made once from what docs/errors.md is made from."""
    body = "\n".join(map(_section, sections()))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Vitascope: errors</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n'
        f"<h1>Errors</h1>\n{body}\n</html>\n"
    )


def _section(section: CodeSection) -> str:
    code, error = html.escape(section.code), section.error
    examples = "\n".join(map(_example, section.examples))
    when = html.escape(error.when).replace("`", "")
    return f'<section id="{code}">\n<h2>{code}</h2>\n<p>{when} HTTP status {error.status}.</p>\n{examples}</section>'


def _example(example: Mapping[str, Any]) -> str:
    return f"<pre>{html.escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>\n"
