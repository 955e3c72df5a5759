"""Setting lines of text in a terminal of a given size: at both ends, in the middle, wrapped, hanging."""

import io
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from levelup_voice.session.catalogue import Catalogue

_WRAPPING = Console(file=io.StringIO(), color_system=None)


class Layout:
    """So many columns and lines, filled with the words of one language."""

    def __init__(self, words: Catalogue, width: int, height: int) -> None:
        self.words = words
        self.width = width
        self.height = height

    def _key(self, keys: str, label: str) -> Text:
        return Text.assemble((keys, "bold cyan"), " ", label)

    def _text(self, key: str, **values: object) -> str:
        return self.words.text(key, **values)

    def _rule(self) -> Text:
        return self._dim("─" * self.width)

    def _dim(self, text: str) -> Text:
        return Text(text, "dim")

    def _centred(self, line: Text) -> Text:
        return Text.assemble(" " * max(0, (self.width - line.cell_len) // 2), line)

    def _ends(self, left: Text, right: Text, width: int = 0) -> Text:
        """One at the left end of a line, one at its right end; the left one gives way."""
        width = width or self.width
        room = max(0, width - right.cell_len - (1 if right else 0))
        left.truncate(room, overflow="ellipsis", pad=True)
        return Text.assemble(left, " " if right else "", right)

    def _hanging(self, sign: str, number: str, text: Text) -> Iterator[Text]:
        indent = len(sign) + len(number)
        for row, line in enumerate(self._wrapped(text, self.width - indent)):
            yield Text.assemble((f"{sign}{number}", "bold") if row == 0 else " " * indent, line)

    def _wrapped(self, text: Text, width: int) -> Iterable[Text]:
        return text.wrap(_WRAPPING, max(1, width))

    def _fit(self, lines: Sequence[Text]) -> list[Text]:
        fitted = [line.copy() for line in lines[: self.height]]
        for line in fitted:
            line.rstrip()
            line.truncate(self.width, overflow="ellipsis")
        return [*fitted, *(Text() for _ in range(self.height - len(fitted)))]
