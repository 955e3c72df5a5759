"""The facilitator's screen as lines of text with styles, for a terminal of any size from 60 by 16.

Each thing that matters is said in words or signs; colour only underlines it. Draws nothing itself; see screen.py.
"""

from collections.abc import Iterator, Sequence

from rich.text import Text

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Shown
from levelup_voice.session.view import BlockView, SummaryView, View
from levelup_voice.session.wording import worth_saying

from . import bindings, figures, ticking
from .figures import Level, clean, countdown, minutes_seconds
from .layout import Layout
from .telling import lateness, purpose, summary_line, trouble_line

NARROWEST, LOWEST = 60, 16

_ROOMY, _NAME = 100, 24
"""Columns in which there is room for the name of the microphone, and how many of them it gets."""

_CLOCK = 24
"""Columns for the large clock: "+1:02:03" needs 24."""


class Picture(Layout):
    """The lines for one view at one moment, in the words of one language."""

    def __init__(self, view: View, words: Catalogue, width: int, height: int, level: Level | None = None) -> None:
        super().__init__(words, width, height)
        self.view = view
        self.level = level

    def lines(self, typed: str = "", hint: str = "") -> list[Text]:
        """As many lines as the terminal has, none wider."""
        if self.width < NARROWEST or self.height < LOWEST:
            return self._fit([Text(self._text("screen.too_small")), *self._state(1)])
        top = self._top()
        room = self.height - len(top) - len(self._bottom(typed, hint, rows=1))
        middle = list(self._middle(room))
        if len(middle) > room:
            middle = [*middle[: room - 1], self._dim(self._text("screen.more"))]
        bottom = self._bottom(typed, hint, rows=min(3, 1 + room - len(middle)))
        space = self.height - len(top) - len(middle) - len(bottom)
        return self._fit([*top, *middle, *[Text()] * space, *bottom])

    def key_lines(self) -> list[Text]:
        """All keys that do something now, instead of the session."""
        helps = [self._key(one.keys, one.label) for one in bindings.useful_keys(self.view, self.words)]
        half = self.width // 2
        rows = -(-len(helps) // 2)
        lines = [Text(self._text("keys.title"), "bold"), Text()]
        for row in range(rows):
            left = helps[row]
            left.truncate(half - 2, overflow="ellipsis", pad=True)
            lines.append(Text.assemble(left, "  ", helps[row + rows] if row + rows < len(helps) else ""))
        letters = {
            name: self._text(f"keys.letter.{letter}")
            for name, letter in (("agree", "agree"), ("more", "more_time"), ("swap", "swap_question"))
        }
        explained = self._text("keys.explained", refuse=self._text("keys.letter.refuse"), **letters)
        for text in (explained, self._text("keys.clicker"), self._text("keys.close")):
            lines += [*([Text()] if len(lines) < self.height - 5 else []), *self._wrapped(Text(text), self.width)]
        return self._fit(lines)

    # The top: where we are in the plan, and the clock.

    def _top(self) -> list[Text]:
        view = self.view
        title = " · ".join(clean(text) for text in (view.title, view.subtitle) if text)
        clock, style, label = self._clock()
        blocks = self._blocks(max(3, min(len(view.blocks), self.height // 5)))
        lines = [self._ends(Text(title, "bold"), Text(figures.time_of_day(ticking.time_of_day(view))))]
        for row, block in enumerate(blocks):
            figure = Text(clock[row] if row < len(clock) else "", style)
            lines.append(self._ends(block, figure))
        lines.append(self._ends(self._schedule(), Text(label, style)))
        return [*lines, self._rule()]

    def _clock(self) -> tuple[Sequence[str], str, str]:
        view = self.view
        if view.situation == "closed":
            return (), "", ""
        if view.remaining is None:
            total = sum(block.allotted for block in view.blocks)
            return figures.large(minutes_seconds(total)), "", self._text("screen.in_total")
        over = view.remaining < 0
        label = self._text("screen.block_over" if over else "screen.block_left")
        return figures.large(countdown(view.remaining)), "bold red" if over else "bold", label

    def _blocks(self, rows: int) -> list[Text]:
        """A stretch of the agenda around where we are."""
        count, here = len(self.view.blocks), self.view.block_number or 0
        first = max(0, min(here - rows // 2, count - rows))
        shown = [self._block(number, self.view.blocks[number]) for number in range(first, min(count, first + rows))]
        return [*shown, *[Text()] * (rows - len(shown))]

    def _block(self, number: int, block: BlockView) -> Text:
        allotted = minutes_seconds(block.allotted)
        begun = block.is_now or block.is_over
        time = self._text("screen.spent", spent=minutes_seconds(block.spent), allotted=allotted) if begun else allotted
        sign = "▶" if block.is_now else "✓" if block.is_over else " "
        title = Text(f"{sign} {number + 1} {clean(block.title)}", "bold" if block.is_now else "dim")
        return self._ends(title, Text(time, "bold" if block.is_now else ""), self.width - _CLOCK - 2)

    def _schedule(self) -> Text:
        view = self.view
        end = figures.time_of_day(view.ends_of_day)
        if view.situation == "closed":
            return Text("  " + self._text("screen.ended_at", time=end))
        parts = [self._text("screen.ends_at", time=end)]
        if view.remaining is not None:
            late = Text(lateness(view.behind, self.words), "yellow" if view.behind >= 60 else "")
            return Text.assemble("  ", late, ", ", parts[0])
        if view.participants:
            parts.append(self._text("screen.participants", count=view.participants))
        return Text("  " + ", ".join(parts))

    # The middle: what is put to the participants.

    def _middle(self, room: int) -> Iterator[Text]:
        view = self.view
        if view.situation == "closed":
            yield from (Text(), self._centred(Text(self._text("screen.closed"), "bold")))
        elif view.block_number is None:
            letter = self._text("keys.name.right")
            yield from (Text(), self._centred(Text(self._text("screen.ready", letter=letter), "bold")))
        else:
            yield from self._heading()
            yield Text()
            if view.text:
                yield from self._statement()
            elif view.questions:
                yield from self._questions(room - 2)
            else:
                yield from self._shown(view.shown)
            if view.answer_due:
                yield Text()
                yield Text(self._text("screen.answer_due", time=minutes_seconds(view.answer_due)), "bold")

    def _heading(self) -> Iterator[Text]:
        view = self.view
        name = self.words.capitalised(clean(view.item_name))
        stage = self._text(f"screen.stage.{view.stage}")
        left = Text.assemble((name, "bold"), " · " if name else "", stage)
        yield self._ends(left, self._item_clock())

    def _item_clock(self) -> Text:
        left = self.view.item_remaining
        if left is None:
            return Text()
        if left < 0:
            return Text(self._text("screen.item_over", time=minutes_seconds(left)), "bold yellow")
        return Text(self._text("screen.item_left", time=countdown(left)))

    def _statement(self) -> Iterator[Text]:
        view = self.view
        said = list(self._wrapped(Text(clean(view.text), "bold"), min(self.width - 12, 72)))
        wide = max(line.cell_len for line in said)
        yield self._centred(Text(f"╭{'─' * (wide + 4)}╮"))
        for line in said:
            line.truncate(wide, pad=True)
            yield self._centred(Text.assemble("│  ", line, "  │"))
        yield self._centred(Text(f"╰{'─' * (wide + 4)}╯"))
        yield Text()
        if view.tally is not None:
            agree, disagree = view.tally
            key = "screen.tally_stands" if view.tally_stands else "screen.tally"
            yield self._centred(Text(self._text(key, agree=agree, disagree=disagree), "bold green"))
        elif "GiveTally" in view.commands:
            letters = {side: self._text(f"keys.letter.{side}") for side in ("agree", "disagree")}
            for line in self._wrapped(Text(self._text("screen.no_tally", **letters)), min(self.width - 8, 72)):
                yield self._centred(line)

    def _questions(self, room: int) -> Iterator[Text]:
        """Whose turn it is, and the questions: whole, else the one now answered whole, else a line of each."""
        who = list(self._wrapped(Text(self._who()), self.width))
        answered = [self.view.turn in question.groups for question in self.view.questions]
        lines: list[Text] = []
        for whole in ([True] * len(answered), answered, [False] * len(answered)):
            lines = [line for number, one in enumerate(whole) for line in self._question(number, whole=one)]
            if len(who) + 1 + len(lines) <= room:
                break
        yield from (*who, Text()) if self._who() else ()
        yield from lines

    def _question(self, number: int, *, whole: bool) -> Iterator[Text]:
        question = self.view.questions[number]
        now = self.view.turn in question.groups
        groups = ", ".join(map(str, question.groups))
        taken = self._text("screen.groups", groups=groups) if groups else ""
        taken = taken or (self._text("screen.open_question") if question.open else "")
        text = Text(clean(question.text), "bold" if now else "")
        sign, label = "▶ " if now else "  ", f"{number + 1}. "
        if whole:
            yield from self._hanging(sign, label, text.append(f"  ({taken})" if taken else "", "not bold dim"))
        else:
            yield self._ends(Text.assemble((sign + label, "bold"), text), self._dim(taken))

    def _who(self) -> str:
        view, parts = self.view, []
        if view.groups:
            sizes = ", ".join(map(str, view.groups))
            parts.append(self._text("screen.group_sizes", sizes=sizes))
        if view.item_kind == "harvest":
            if view.turn:
                parts.append(self._text("screen.turn_now", group=view.turn))
            left = ", ".join(map(str, view.groups_left))
            parts.append(self._text("screen.groups_left" if left else "screen.everyone_had_turn", groups=left))
        return " · ".join(parts)

    def _shown(self, shown: Shown) -> Iterator[Text]:
        if shown.title and clean(shown.title) != clean(self.view.item_name):
            yield from self._wrapped(Text(clean(shown.title), "bold"), self.width)
        if shown.text:
            yield from self._wrapped(Text(clean(shown.text)), self.width)
        for point in shown.points:
            yield from self._hanging("• ", "", Text(clean(point)))
        for panel in shown.panels:
            about = ", ".join(clean(text) for text in (panel.text, *panel.points) if text)
            text = Text.assemble((clean(panel.title), "bold"), ": " if about else "", about)
            yield from self._hanging("• ", "", text)
        for link in shown.links:
            yield from self._hanging("• ", "", Text(f"{clean(link.title)}: {clean(link.url)}"))
        if shown.source:
            yield self._dim(f"({clean(shown.source)})")

    # The bottom: what is going on, and the keys.

    def _bottom(self, typed: str, hint: str, rows: int) -> list[Text]:
        """With at most so many rows for what is being said."""
        view, many = self.view, self.height // 10
        urgent = [self._trouble(device, problem) for device, problem in view.troubles[-many:]]
        if view.unheard and view.situation != "closed":
            urgent += list(self._hanging("! ", "", Text(clean(view.unheard), "bold reverse")))[: max(2, many)]
        if view.cue and view.situation != "closed":
            urgent.insert(0, Text(self._text("screen.cue", text=clean(view.cue)), "bold yellow"))
        if view.recording is not None:
            urgent += [self._finding(finding) for finding in view.recording.findings]
        open_number = view.recording.number if view.recording else None
        made = [self._summary(summary) for summary in view.summaries if summary.number != open_number]
        made = made[-(many - len(urgent)) :] if many > len(urgent) else []
        return [*made, *urgent, self._rule(), *self._state(rows), *self._keys(typed, hint, rows=many)]

    def _summary(self, summary: SummaryView) -> Text:
        return Text(summary_line(summary, self.words))

    def _trouble(self, device: str, problem: str) -> Text:
        return Text(trouble_line(device, problem, self.words), "bold red")

    def _finding(self, finding: str) -> Text:
        device = self._text("screen.device.microphone")
        problem = self._text(f"screen.finding.{finding}")
        return Text(self._text("screen.trouble", device=device, problem=problem), "bold red")

    def _state(self, rows: int) -> list[Text]:
        """What is going on, in one line; what we say, in as many lines as there may be."""
        view = self.view
        if view.confirming:
            yes, no = (self._key(self._text(f"keys.letter.{name}"), label) for name, label in self._yes_and_no())
            asked = Text(self._text(f"screen.confirm_{view.confirming}"), "bold")
            return [Text.assemble("? ", asked, "  ", yes, "  ", no)]
        if view.recording is not None:
            return [self._recording_state(), *self._hearing()][:rows]
        if view.situation == "paused":
            return [Text(f"‖ {self._text('screen.paused')}", "bold yellow")]
        if view.speaking and view.speaking == view.text:
            return [Text(f"♪ {self._text('screen.reading_aloud')}")]
        if view.speaking:
            said = list(self._hanging("♪ ", "", Text(self._text("screen.speaking", text=clean(view.speaking)))))
            return said if len(said) <= rows else [*said[: rows - 1], Text.assemble(said[rows - 1], " …")]
        return [self._with_meter(Text(f"  {self._text('screen.silent')}"))]

    def _yes_and_no(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("confirm", self._text("command.Confirm")), ("decline", self._text("command.Decline"))

    def _recording_state(self) -> Text:
        recording = self.view.recording
        assert recording is not None
        what = purpose(recording.purpose, recording.group, self.words)
        what += f", {self._text('screen.take', take=recording.take)}" if recording.take > 1 else ""
        so_far = minutes_seconds(max(0.0, self.view.at - recording.started_at))
        time = self._text("screen.recording_time", time=so_far, planned=minutes_seconds(recording.planned))
        state = Text.assemble((f"● {self._text('screen.recording')}", "bold reverse red"), f" {what}  {time}")
        if recording.stopping:
            return state.append(f"  {self._text('screen.stopping')}")
        return self._with_meter(state)

    def _hearing(self) -> Iterator[Text]:
        """The latest words, as many as fit on a line."""
        line = ""
        for word in reversed(clean(self.view.hearing or "").split()):
            if len(word) + 1 + len(line) > self.width - 2:
                break
            line = f" {word}{line}"
        if line:
            yield self._dim(f" {line}")

    def _with_meter(self, state: Text) -> Text:
        """The level of the microphone, as wide as there is room."""
        if self.level is None:
            return self._ends(state, self._dim(self._text("screen.microphone_off")))
        figure = self._text("screen.level", rms=round(self.level[1]), peak=round(self.level[0]))
        used = next((one.used for one in self.view.choices if one.device == "microphone"), "")
        if used and self.width > _ROOMY:
            figure = f"{figure} · {clean(used)[:_NAME]}"
        room = min(30, self.width - state.cell_len - len(figure) - 4)
        bar = figures.level_bar(self.level, room) if room >= 6 else ""
        return self._ends(state, Text.assemble(bar, " ", figure))

    def _keys(self, typed: str, hint: str, rows: int) -> list[Text]:
        lines: list[Text] = []
        if hint:
            lines.append(Text(hint, "bold yellow"))
        elif rows > 1 and self.view.listens and self.view.phrases:
            say = worth_saying(self.words, self.view.phrases, self.view.answers, self.view.wake)
            lines.append(Text(say[: self.width], "cyan"))
        line = Text(self._text("keys.typed", number=typed) + "  ", "bold yellow") if typed else Text()
        every = self._key(self._text("keys.letter.all_keys"), self._text("keys.all_keys"))
        for one in bindings.useful_keys(self.view, self.words, typed):
            key = self._key(one.keys, one.label)
            if one.label == self._text("keys.all_keys"):
                continue
            last = len(lines) == rows - 1
            if line.cell_len + key.cell_len + (every.cell_len + 2 if last else 0) > self.width:
                if last:
                    break
                lines.append(line)
                line = Text()
            line = Text.assemble(line, key, "  ")
        if line.cell_len + every.cell_len > self.width:
            lines.append(line)
            line = Text()
        lines.append(Text.assemble(line, every))
        return [*[Text()] * (rows - len(lines)), *lines]
