"""What may be asked of our pages, and what they answer: a document in OpenAPI for each application.

To add an address: describe it in the document of its application. To add an application: a document of its own, and a
line in serving.py that serves it. What the door answers is added to every address here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent

Document = dict[str, Any]


def document(name: str, port: int = 0, known: Mapping[str, Document] | None = None) -> Document:
    """The document of an application that is served at this port, complete in itself.

    `known`: what is there to be asked for, by the parameter that names it, as a part of its schema.
    """
    told, everywhere = _read(name), _read("everywhere")["components"]
    items = {path: _item(item, told["components"]["responses"], everywhere) for path, item in told["paths"].items()}
    schemes = {
        who: {**scheme, "name": scheme["name"].replace("PORT", str(port))}
        for who, scheme in everywhere["securitySchemes"].items()
    }
    components = {**told["components"], "securitySchemes": schemes}
    for parameter, there in (known or {}).items():
        components["parameters"][parameter]["schema"] |= there
    return {**told, "paths": items, "components": components, "security": [{who: []} for who in schemes]}


def _item(item: Document, named: Document, everywhere: Document) -> Document:
    """An address, with what the door answers beside what it answers itself."""
    if "$ref" in item:
        item = everywhere["pathItems"][_last(item["$ref"])]
    return {
        name: {**part, "responses": _answers(part["responses"], named, everywhere["responses"])}
        if name in ("get", "post")
        else part
        for name, part in item.items()
    }


def _answers(own: Document, named: Document, everywhere: Document) -> Document:
    told = {status: named[_last(answer["$ref"])] if "$ref" in answer else answer for status, answer in own.items()}
    for status, answer in everywhere.items():
        mine = told.get(status, {})
        told[status] = {**answer, **mine, "content": {**answer["content"], **mine.get("content", {})}}
    return told


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _read(name: str) -> Document:
    told: Document = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return told
