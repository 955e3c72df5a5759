"""Inputs as trees, changed without losing their form: of bytes turned at random few get past the first brackets."""

import copy
import io
import json
import lzma
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from levelup_voice.files.document import Tree

Slot: TypeAlias = tuple[Any, Any]
"""A list or mapping, and the index or name of one part of it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of input is taken apart and put together again."""

    read: Callable[[bytes], Tree]
    """Raises ValueError, LookupError or TypeError when it has lost its form."""
    write: Callable[[Tree], bytes]


def _json(tree: Tree) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode(errors="surrogatepass")


def _lines(data: bytes) -> Tree:
    return [json.loads(line) for line in data.splitlines()]


JSON = Shape(json.loads, _json)
"""YAML too: it takes JSON for its own."""

LINES = Shape(_lines, lambda tree: b"".join(_json(line) + b"\n" for line in _parts(tree)))
"""A journal."""


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def _unzipped(data: bytes) -> Tree:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_member(archive, one) for one in archive.infolist() if one.file_size <= 10_000]
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError) as error:
        raise ValueError(str(error)) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Tree:
    return {
        "name": member.orig_filename,
        "method": member.compress_type,
        "attributes": member.external_attr,
        "content": archive.read(member).decode("latin-1"),
    }


def _zipped(tree: Tree) -> bytes:
    """Whatever the values have become; lies about sizes are left to those who turn bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Two of one name are what we want to try.
        for part in _parts(tree):
            told = part if isinstance(part, dict) else {}
            method, attributes = told.get("method"), told.get("attributes")
            member = zipfile.ZipInfo("x")
            member.filename = str(told.get("name", ""))[:10_000]
            member.compress_type = method if isinstance(method, int) and method in _METHODS else zipfile.ZIP_DEFLATED
            member.external_attr = attributes & 0xFFFFFFFF if isinstance(attributes, int) else 0
            archive.writestr(member, str(told.get("content", "")).encode("latin-1", "replace"))
    return whole.getvalue()


ZIP = Shape(_unzipped, _zipped)

PIECES: tuple[bytes, ...] = (
    b"\x00",
    b"\xff\xfe",
    b"\x1b]0;x\x07",
    b"\xe2\x80\xae",
    b"\xc2\xb2",
    b"\n",
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"../../etc/passwd",
    b"null",
    b"NaN",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"9" * 5000,
    b"[" * 3000,
    b'{"a":' * 2000,
    b"&a [*a, *a, *a]",
    b"*a",
    b"!<%1b[2J> ",
    b"!!python/object/apply:os.system ['false']",
    b"{{7*7}}",
    b"{x.__class__}",
    b"{x:>999999999}",
    b"[a] [b] [c] [d] " * 10,
    b"%0d%0aX: y",
    b"%00",
    b"%e2%82%ac",
    b"//example.org/",
    b"x" * 20000,
)
"""What has broken readers before."""


def _deep(levels: int) -> Tree:
    tree: Tree = []
    for level in range(levels):
        tree = [tree] if level % 2 else {"a": tree}
    return tree


ODD: tuple[Tree, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    61,
    255,
    10**10,
    -(10**20),
    10**400,
    0.5,
    -0.0,
    1e9,
    1e300,
    float("inf"),
    float("-inf"),
    float("nan"),
    "",
    " ",
    [],
    {},
    [[]],
    "0",
    "nan",
    "inf",
    "1e999",
    "\x00",
    "\x1b]0;x\x07",
    "\ud800",
    "\u202eexe",
    "e\u0301",
    "\u1680",
    "²",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\x",
    "a/../b",
    "%0d%0a",
    "<script>",
    "a\nb\r\nc",
    "12 h",
    "99999 h",
    "{agree}",
    "{minutes.__class__}",
    "{minutes:>999999999}",
    "{count!r:>99999999}",
    "[a] [b] [c] [d] [e] [f] [g] [h] [i] [j] [k] [l] [m] [n] [o] [p] [q] [r] [s] [t] [u] [v] [w] [x] [y]",
    "(a;b;c;d;e;f;g;h;i;j;k)",
    "(" * 400,
    "word " * 3000,
    "9" * 5000,
    _deep(30),
    _deep(400),
)


MOST_PARTS = 5_000
"""Of a tree that is to grow."""


def mutated(data: bytes, shape: Shape, donors: Sequence[Tree], chance: random.Random) -> bytes | None:
    """The same, changed in a few places, with parts of a donor in it here and there; of what has lost its form, often a
    donor instead. None: nothing can be made of it."""
    try:
        donor = chance.choice(donors)
        tree = form(data, shape)
        if tree is None and chance.random() < 0.5:
            return None
        return shape.write(changed(donor if tree is None else tree, donor, chance))
    except (ValueError, LookupError, TypeError, ArithmeticError, RuntimeError, struct.error):
        return None


def form(data: bytes, shape: Shape) -> Tree:
    """As a tree; None when it has no form."""
    try:
        return shape.read(data)
    except (ValueError, LookupError, TypeError, RuntimeError):
        return None


def spliced(data: bytes, chance: random.Random) -> bytes:
    """With a nasty piece put in, or in the place of something."""
    at, piece = chance.randrange(len(data) + 1), chance.choice(PIECES)
    return data[:at] + piece + data[at + chance.choice((0, 0, 1, len(piece))) :]


def changed(tree: Tree, donor: Tree, chance: random.Random) -> Tree:
    """The tree with one to five changes."""
    root = [copy.deepcopy(tree)]
    spare = [_part(slot) for slot in _slots([donor])]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        slots = list(_slots(root))
        if len(slots) > MOST_PARTS:
            break
        _change(chance.choice(slots), slots, spare, chance)
    return root[0]


def _change(slot: Slot, slots: Sequence[Slot], spare: Sequence[Tree], chance: random.Random) -> None:
    holder, key = slot
    match chance.randrange(8):
        case 0:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        case 1:
            holder[key] = copy.deepcopy(chance.choice(spare))
        case 2:
            holder[key] = copy.deepcopy(_part(chance.choice(slots)))
        case 3 if len(holder) > 1:
            del holder[key]
        case 4 if isinstance(holder, list):
            most = MOST_PARTS // sum(1 for _ in _slots([holder[key]]))
            holder[key:key] = [copy.deepcopy(holder[key]) for _ in range(min(most, chance.choice((1, 1, 2, 40, 300))))]
        case 4:
            holder[_name(chance.choice(slots), chance)] = copy.deepcopy(holder[key])
        case 5 if isinstance(holder, dict):
            holder[_name(chance.choice(slots), chance)] = holder.pop(key)
        case 5:
            chance.shuffle(holder)
        case _:
            holder[key] = _nudged(holder[key], chance)


def _nudged(part: Tree, chance: random.Random) -> Tree:
    """Something close by."""
    match part:
        case bool():
            return not part
        case int() | float():
            return chance.choice((part + 1, part - 1, -part, part * 1000, part // 2, float(part), str(part)))
        case str() if part:
            at = chance.randrange(len(part))
            piece = chance.choice(PIECES).decode(errors="replace") if chance.random() < 0.3 else chance.choice(part)
            return chance.choice((part[:at] + piece + part[at:], part[:at] + part[at + 1 :], part[at:], part * 2))
        case list() | dict() if part:
            return [part]
        case _:
            return copy.deepcopy(chance.choice(ODD))


def _slots(root: Tree) -> Iterator[Slot]:
    """Every part of the tree, and where it hangs."""
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        keys: Sequence[Any] = list(holder) if isinstance(holder, dict) else range(len(_parts(holder)))
        for key in keys:
            yield holder, key
            part = _part((holder, key))
            if isinstance(part, dict | list):
                waiting.append(part)


def _part(slot: Slot) -> Tree:
    holder, key = slot
    part: Tree = holder[key]
    return part


def _parts(tree: Tree) -> list[Tree]:
    if not isinstance(tree, list):
        raise TypeError("no list")
    return tree


def _name(slot: Slot, chance: random.Random) -> str:
    """A name that stands somewhere in the tree, or an odd one."""
    _, key = slot
    odd = [one for one in ODD if isinstance(one, str)]
    return key if isinstance(key, str) and chance.random() < 0.7 else chance.choice(odd)
