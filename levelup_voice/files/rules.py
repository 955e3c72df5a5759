"""What must hold in a plan beyond the types of its fields.

The rules look at the tree, not at a `SessionPlan`, so that they can speak while other things in the file are still
wrong; what is missing or of another type they pass by. Whether the items fit their block is no rule: it depends on the
people present.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from levelup_voice.session.plan import MOST_PEOPLE

from .authored import Report
from .document import Place, Tree, shortened, written
from .outline import fields_of, kind_of

MOST_BLOCKS = 30
MOST_ITEMS = 100
MOST_QUESTIONS = 30
"""Far beyond any session; they bound what a file can ask of us."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 40
"""Ids become parts of file names."""

_LONGEST_LINK = 500
"""Characters. Of a longer one no telephone reads the code from the back of a room."""

_POSITIVE = {
    "block": ("duration",),
    "card": ("seconds",),
    "question": ("seconds",),
    "statement": ("seconds",),
    "discussion": ("talk", "summary"),
    "harvest": ("turn",),
    "closing": ("seconds",),
}

Fields = dict[str, Tree]


def check(tree: Tree, languages: Sequence[str], report: Report) -> None:
    """Report everything that breaks a rule."""
    if isinstance(tree, dict):
        _Checking(tree, report).plan(languages)


class _Checking:
    def __init__(self, tree: Fields, report: Report) -> None:
        self.tree = tree
        self.report = report
        self.ids: dict[str, Place] = {}
        self.discussions: dict[str, Fields] = {}

    def plan(self, languages: Sequence[str]) -> None:
        language = self.tree.get("language")
        if isinstance(language, str) and language and language not in languages:
            self.report(("language",), "one of: " + ", ".join(languages), shortened(language))
        self._between((), self.tree, "participants", 0, MOST_PEOPLE)
        self._id((), self.tree, unique=False)
        self._links(("links",), self.tree.get("links"))
        self._count((), self.tree, "blocks", MOST_BLOCKS)
        for place, block in _parts((), self.tree, "blocks"):
            self._block(place, block)
        self._closing_comes_last()

    def _block(self, place: Place, block: Fields) -> None:
        self._id(place, block)
        self._positive(place, block, "block")
        self._count(place, block, "items", MOST_ITEMS)
        duration, minimum = block.get("duration"), block.get("minimum")
        if _above(minimum, duration):
            self.report((*place, "minimum"), "no more than the block's duration", _seconds(minimum))
        self._cues(place, block, duration)
        for item_place, item in _parts(place, block, "items"):
            self._item(item_place, item)

    def _item(self, place: Place, item: Fields) -> None:
        self._id(place, item)
        kind = item.get("kind")
        if kind_of(item) is None or not isinstance(kind, str):
            return
        self._positive(place, item, kind)
        shown = item.get("shown")
        if isinstance(shown, dict):
            self._links((*place, "shown", "links"), shown.get("links"))
        match kind:
            case "card" if item.get("asks_consent") is True and not item.get("spoken"):
                self.report((*place, "spoken"), "the words that ask for consent", "nothing")
            case "question" if _above(_value(item, "summary"), item.get("seconds")):
                self.report((*place, "summary"), "no more than the question's seconds", _seconds(item.get("summary")))
            case "statement":
                self._statement(place, item)
            case "discussion":
                self._discussion(place, item)
            case "harvest":
                self._harvest(place, item)

    def _statement(self, place: Place, item: Fields) -> None:
        steps = [_value(item, name) for name in ("think", "walk")]
        if all(isinstance(step, float) for step in steps):
            together = sum(step for step in steps if isinstance(step, float))
            if _above(together, _value(item, "seconds")):
                self.report((*place, "seconds"), "room for think and walk", _seconds(_value(item, "seconds")))

    def _discussion(self, place: Place, item: Fields) -> None:
        self._between(place, item, "group_size", 2, 12)
        self._count(place, item, "questions", MOST_QUESTIONS)
        self._cues(place, item, item.get("talk"))
        questions = list(_parts(place, item, "questions"))
        for question_place, question in questions:
            self._id(question_place, question)
        handed_out = [question for _, question in questions if question.get("open") is not True]
        if questions and not handed_out:
            self.report((*place, "questions"), "at least one question that is not open", "open ones only")
        self._between(place, item, "questions_per_group", 1, max(1, len(handed_out)))
        if isinstance(item_id := item.get("id"), str):
            self.discussions[item_id] = item

    def _harvest(self, place: Place, item: Fields) -> None:
        of = item.get("discussion")
        if not isinstance(of, str) or not of:
            return
        if of not in self.discussions:
            self.report((*place, "discussion"), "the id of a discussion that comes earlier", shortened(of))
        elif _above(_value(self.discussions[of], "summary"), _value(item, "turn")):
            turn = _seconds(_value(item, "turn"))
            self.report((*place, "turn"), "at least the summary of the discussion", turn)

    def _id(self, place: Place, owner: Fields, *, unique: bool = True) -> None:
        name, place = owner.get("id"), (*place, "id")
        if not isinstance(name, str) or not name:
            return
        if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
            expected = f"small letters, digits and hyphens between them, at most {_LONGEST_ID}"
            self.report(place, expected, shortened(name))
        elif unique:
            if name in self.ids:
                self.report(place, f"an id of its own ({written(self.ids[name])} is the same)", name)
            self.ids.setdefault(name, place)

    def _cues(self, place: Place, owner: Fields, duration: Tree) -> None:
        moments = set()
        for cue_place, cue in _parts(place, owner, "cues"):
            moment = cue.get("remaining")
            if not isinstance(moment, float):
                continue
            if isinstance(duration, float) and moment >= duration:
                self.report((*cue_place, "remaining"), f"less than {_seconds(duration)}", _seconds(moment))
            if moment in moments:
                self.report((*cue_place, "remaining"), "a moment of its own", _seconds(moment))
            moments.add(moment)

    def _positive(self, place: Place, owner: Fields, kind: str) -> None:
        for name in _POSITIVE[kind]:
            if owner.get(name) == 0.0:
                self.report((*place, name), "more than 0 s", "0 s")

    def _between(self, place: Place, owner: Fields, name: str, least: int, most: int) -> None:
        count = owner.get(name)
        if isinstance(count, int) and not isinstance(count, bool) and not least <= count <= most:
            self.report((*place, name), f"{least} to {most}", str(count))

    def _count(self, place: Place, owner: Fields, name: str, most: int) -> None:
        parts = owner.get(name)
        if isinstance(parts, list) and not 1 <= len(parts) <= most:
            self.report((*place, name), f"1 to {most} {name}", str(len(parts)))

    def _links(self, place: Place, links: Tree) -> None:
        for number, link in enumerate(links if isinstance(links, list) else []):
            url = link.get("url") if isinstance(link, dict) else None
            if isinstance(url, str) and url and not _is_web_address(url):
                self.report((*place, number, "url"), "an address that starts with https:// or http://", shortened(url))
            elif isinstance(url, str) and len(url) > _LONGEST_LINK:
                self.report((*place, number, "url"), f"at most {_LONGEST_LINK} characters", f"{len(url)} characters")

    def _closing_comes_last(self) -> None:
        items = [item for block, each in _parts((), self.tree, "blocks") for item in _parts(block, each, "items")]
        for place, item in items[:-1]:
            if item.get("kind") == "closing":
                self.report((*place, "kind"), "closing only as the very last item", "closing")


def _parts(place: Place, owner: Fields, name: str) -> Iterator[tuple[Place, Fields]]:
    """The mappings in a list; what is none is for others to report."""
    parts = owner.get(name)
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        if isinstance(part, dict):
            yield (*place, name, number), part


def _value(item: Fields, name: str) -> object:
    """What an item has for this field, written or by default."""
    kind = kind_of(item)
    return item[name] if name in item else fields_of(kind)[name].default if kind is not None else None


def _above(one: object, other: object) -> bool:
    return isinstance(one, float) and isinstance(other, float) and one > other


def _seconds(value: object) -> str:
    return f"{value:g} s" if isinstance(value, float) else "nothing"


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"'`\\{}|^]", url)
    except ValueError:
        return False
