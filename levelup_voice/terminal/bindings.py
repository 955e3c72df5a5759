"""Which key asks for what: one table, for obeying keys and for telling which keys do something now.

Letters differ by language (catalogue, `keys.letter.*`); the keys of presenter clickers are the same everywhere.
A number is typed before its letter: 17 e is "zeventien eens". Nothing here reads a keyboard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from levelup_voice.session import commands as do
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.view import ChoiceView, View

Numbers: TypeAlias = tuple[int, ...]
"""What was typed before the key: nothing, one number, or two with a comma."""

Action: TypeAlias = Literal["all_keys", "quit"]
"""What a key does to the screen alone."""

MOST_MINUTES = 60
"""More at a time is a slip of the finger."""

_LONGEST = 7
"""Characters of two numbers of three digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    name: str
    """Its letter is the catalogue's `keys.letter.<name>`; nothing for a binding without a letter."""
    label: str
    """Key of the catalogue text that says what it does."""
    kind: type[do.Command] | None = None
    """None: it concerns the screen alone."""
    make: Callable[[Numbers, View], do.Command | None] = lambda numbers, view: None
    number: Literal["none", "may", "must"] = "none"
    others: tuple[str, ...] = ()
    """Keys that mean this in every language."""


@dataclass(frozen=True, slots=True)
class Press:
    """What pressing a key comes down to."""

    typed: str = ""
    """The number being typed, from now on."""
    command: do.Command | None = None
    action: Action | None = None
    hint: str = ""
    """For the facilitator: why nothing happened."""


@dataclass(frozen=True, slots=True)
class KeyHelp:
    keys: str
    label: str


def _plain(name: str, kind: Callable[[], do.Command], *others: str, label: str = "", letter: bool = True) -> Binding:
    """A binding for a command without values."""
    assert isinstance(kind, type)
    return Binding(
        name=name if letter else "",
        label=label or f"command.{kind.__name__}",
        kind=kind,
        make=lambda numbers, view: kind(),
        others=others,
    )


def _minutes(numbers: Numbers, unsaid: int) -> int | None:
    minutes = numbers[0] if numbers else unsaid
    return minutes * 60 if 1 <= minutes <= MOST_MINUTES and len(numbers) <= 1 else None


def _add_time(sign: int) -> Callable[[Numbers, View], do.Command | None]:
    def make(numbers: Numbers, view: View) -> do.Command | None:
        seconds = _minutes(numbers, 1)
        return None if seconds is None else do.AddTime(float(sign * seconds))

    return make


def _started_earlier(numbers: Numbers, view: View) -> do.Command | None:
    seconds = _minutes(numbers, 0)
    return None if seconds is None else do.StartedEarlier(float(seconds))


def _participants(numbers: Numbers, view: View) -> do.Command | None:
    return do.SetParticipants(numbers[0]) if len(numbers) == 1 and numbers[0] > 0 else None


def _agree(numbers: Numbers, view: View) -> do.Command | None:
    return do.GiveTally(agree=numbers[0]) if len(numbers) == 1 else None


def _disagree(numbers: Numbers, view: View) -> do.Command | None:
    return do.GiveTally(disagree=numbers[0]) if len(numbers) == 1 else None


def _take_turn(numbers: Numbers, view: View) -> do.Command | None:
    return do.TakeTurn(numbers[0]) if len(numbers) == 1 and _is_group(view, numbers[0]) else None


def _swap_question(numbers: Numbers, view: View) -> do.Command | None:
    """With a group alone: to the open question, which is never handed out."""
    if not numbers or not _is_group(view, numbers[0]):
        return None
    ids = [question.id for question in view.questions]
    wanted = ids[numbers[1] - 1 : numbers[1]] if len(numbers) == 2 and numbers[1] > 0 else []
    if len(numbers) == 1:
        wanted = [question.id for question in view.questions if question.open]
    return do.SwapQuestion(numbers[0], wanted[0]) if wanted else None


def _refuse(numbers: Numbers, view: View) -> do.Command | None:
    """Without a number: the group that speaks. Nobody at all cannot be undone, so it takes a 0."""
    speaks = view.recording.group if view.recording else view.turn
    group = numbers[0] if numbers else speaks
    if numbers == (0,):
        return do.Refuse(None)
    return do.Refuse(group) if _is_group(view, group) and len(numbers) <= 1 else None


def _delete(numbers: Numbers, view: View) -> do.Command | None:
    if not numbers:
        return do.DeleteRecording()
    kept = [summary.number + 1 for summary in view.summaries if summary.state != "deleted"]
    return do.DeleteRecording(numbers[0] - 1) if len(numbers) == 1 and numbers[0] in kept else None


def _choose_microphone(numbers: Numbers, view: View) -> do.Command | None:
    """The next microphone; of two, that of the group."""
    choice = _choice(view, "microphone")
    return None if choice is None else do.ChooseMicrophone(_next_name(choice), choice.which)


def _choose_loudspeaker(numbers: Numbers, view: View) -> do.Command | None:
    choice = _choice(view, "loudspeaker")
    return None if choice is None else do.ChooseLoudspeaker(_next_name(choice))


def _choice(view: View, device: str) -> ChoiceView | None:
    return next((one for one in view.choices if one.device == device), None)


def _next_name(choice: ChoiceView) -> str:
    """After the last one comes the computer's own choice, then the first."""
    names = ("", *choice.names)
    return names[(names.index(choice.used) + 1) % len(names)] if choice.used in names else ""


def _is_group(view: View, number: int) -> bool:
    return 1 <= number <= len(view.groups)


_START = ("f5", "shift+f5")
"""What a clicker's button for starting a presentation sends. It alternates with Esc, so Esc must do no harm."""

_BLACK = (".", "b")
"""What a clicker's button for a black screen sends."""

BINDINGS: tuple[Binding, ...] = (
    _plain("confirm", do.Confirm),
    _plain("decline", do.Decline, "escape"),
    _plain("start", do.Start, *_START),
    _plain("stop", do.StopRecording),
    _plain("resume", do.Continue, *_BLACK, *_START),
    Binding(name="agree", label="keys.agree", kind=do.GiveTally, make=_agree, number="must"),
    Binding(name="disagree", label="keys.disagree", kind=do.GiveTally, make=_disagree, number="must"),
    _plain("next", do.Next, "right", "page_down", "down", "space", "enter", letter=False),
    _plain("back", do.Back, "left", "page_up", "up", "backspace", "ctrl+z", letter=False),
    Binding(
        name="take_turn", label="command.TakeTurn", kind=do.TakeTurn, make=_take_turn, number="must", others=("enter",)
    ),
    _plain("again", do.Again),
    _plain("record", do.Record),
    _plain("kernel", do.RecordKernel),
    _plain("pause", do.Pause, *_BLACK),
    _plain("repeat", do.Repeat, *_START),
    Binding(
        name="more_time", label="keys.more_time", kind=do.AddTime, make=_add_time(1), number="may", others=("+", "=")
    ),
    Binding(
        name="less_time", label="keys.less_time", kind=do.AddTime, make=_add_time(-1), number="may", others=("-", "_")
    ),
    _plain("time_left", do.TimeLeft),
    _plain("who_is_left", do.WhoIsLeft),
    _plain("hush", do.Hush, "escape"),
    _plain("skip", do.Skip),
    Binding(name="swap_question", label="keys.swap_question", kind=do.SwapQuestion, make=_swap_question, number="must"),
    Binding(name="refuse", label="keys.refuse", kind=do.Refuse, make=_refuse, number="must"),
    Binding(
        name="delete",
        label="keys.delete",
        kind=do.DeleteRecording,
        make=_delete,
        number="may",
        others=("delete",),
    ),
    Binding(
        name="participants", label="command.SetParticipants", kind=do.SetParticipants, make=_participants, number="must"
    ),
    _plain("form_groups", do.FormGroups),
    Binding(
        name="started_earlier",
        label="keys.started_earlier",
        kind=do.StartedEarlier,
        make=_started_earlier,
        number="must",
    ),
    Binding(
        name="count_pause",
        label="keys.count_pause",
        kind=do.Continue,
        make=lambda numbers, view: do.Continue(counting=True),
    ),
    Binding(name="later", label="keys.later", kind=do.MakeRoom, make=lambda numbers, view: do.MakeRoom("shift")),
    Binding(name="shorter", label="keys.shorter", kind=do.MakeRoom, make=lambda numbers, view: do.MakeRoom("shrink")),
    Binding(name="microphone", label="command.ChooseMicrophone", kind=do.ChooseMicrophone, make=_choose_microphone),
    Binding(name="loudspeaker", label="command.ChooseLoudspeaker", kind=do.ChooseLoudspeaker, make=_choose_loudspeaker),
    _plain("say_help", do.Help, "f1"),
    _plain("finish", do.Finish),
    Binding(name="all_keys", label="keys.all_keys"),
)
"""Where two could be meant, the first that makes sense now is; the list on the screen has this order too."""


def press(key: str, typed: str, view: View, words: Catalogue) -> Press:
    """What this key means now, after what was typed before it."""
    key = key.lower() if len(key) == 1 else key
    if key == "ctrl+c":
        return Press(action="quit", hint=words.text("keys.quit_again"))
    if (longer := _typing(key, typed)) is not None:
        return Press(typed=longer)
    meant = [binding for binding in BINDINGS if key in keys_of(binding, words)]
    possible = [binding for binding in meant if is_possible(binding, view)]
    if typed and not any(binding.number != "none" for binding in possible):
        if key in ("enter", "space"):
            return Press(typed=typed)  # Who types a number and Enter means the number, not to go on.
    elif typed:
        possible = [binding for binding in possible if binding.number != "none"]
    else:
        possible.sort(key=lambda binding: binding.number == "must")
    if possible:
        return _carry_out(possible[0], typed, view, words)
    if meant:
        return Press(hint=words.text("keys.not_now", label=label_of(meant[-1], words)))
    return Press(typed=typed)


def keys_of(binding: Binding, words: Catalogue) -> tuple[str, ...]:
    """Every key of a binding in this language, the one to show first."""
    if not binding.name or f"keys.letter.{binding.name}" not in words.texts:
        return binding.others
    return tuple(dict.fromkeys((words.text(f"keys.letter.{binding.name}"), *binding.others)))


def label_of(binding: Binding, words: Catalogue) -> str:
    return words.text(binding.label)


def is_possible(binding: Binding, view: View) -> bool:
    """Whether the session would obey it now; a yes or no, only when we asked something."""
    if binding.kind in (do.Confirm, do.Decline) and not view.confirming:
        return False
    return binding.kind is None or binding.kind.__name__ in view.commands


def useful_keys(view: View, words: Catalogue, typed: str = "") -> list[KeyHelp]:
    """The keys that do something now, most useful first; with a number typed, those that take it."""
    return [
        KeyHelp(_shown(binding, words, typed), label_of(binding, words))
        for binding in BINDINGS
        if is_possible(binding, view) and (not typed or binding.number != "none")
    ]


def _typing(key: str, typed: str) -> str | None:
    """What is typed after this key; None when the key is no part of a number."""
    if len(key) == 1 and key.isascii() and key.isdigit():
        return typed + key if len(typed) < _LONGEST and len(typed.rpartition(",")[2]) < 3 else typed
    if key == "," and typed and "," not in typed:
        return typed + key
    if typed and key == "backspace":
        return typed[:-1]
    return "" if typed and key == "escape" else None


def _carry_out(binding: Binding, typed: str, view: View, words: Catalogue) -> Press:
    if binding.kind is None:
        return Press(action="all_keys")
    numbers = tuple(int(number) for number in typed.split(",") if number)
    command = binding.make(numbers if binding.number != "none" else (), view)
    if command is not None:
        return Press(command=command)
    label = label_of(binding, words)
    if typed:
        return Press(hint=words.text("keys.nothing_here", label=label, number=typed))
    return Press(hint=words.text("keys.number_first", letter=keys_of(binding, words)[0], label=label))


def _shown(binding: Binding, words: Catalogue, typed: str) -> str:
    key = keys_of(binding, words)[0]
    name = f"keys.name.{key}"
    shown = words.text(name) if name in words.texts else key
    return f"{words.text('keys.name.number')}+{shown}" if binding.number == "must" and not typed else shown
