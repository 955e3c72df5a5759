"""What people said, for the notes: whose words they are, which take counts, what to know of a recording."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import prose
from . import wording_of_notes as write
from .catalogue import Catalogue
from .document import Answers, Audio, Check, Summary, Turn
from .plan import Discussion, GroupQuestion, Harvest, Item, Question, Seconds, Statement
from .prose import Sentence, Spoken
from .recordings import counts
from .sentences import Sentences
from .state import Recording, Session

RUN_UP: Seconds = 0.5
"""Listening begins this much before a word: one hears it better with what leads up to it."""

SHORTEST_LOSS: Seconds = 0.2
"""Less audio than this cannot have held a word."""


class Writer:
    """Writes the recordings of one session, for the facilitator or (`shared`) for others."""

    def __init__(self, session: Session, words: Catalogue, shared: bool, sentences: Sentences) -> None:
        self.session = session
        self.words = words
        self.shared = shared
        self._sentences = sentences
        self._read: dict[int, tuple[Sentence, ...]] = {}

    def answers(self, discussion: Discussion, harvest: Harvest | None) -> Iterator[Answers]:
        """Each question of a discussion, with what the groups said about it in the harvest."""
        item = discussion if harvest is None else harvest
        for question in discussion.questions:
            turns = tuple(self._turns(item, question))
            asked_of = self._asked_of(discussion, question)
            # A question of one's own that nobody took is no question.
            if turns or asked_of or not question.open:
                yield Answers(question=self._question(question), asked_of=asked_of, turns=turns)

    def plenary(self, item: Item) -> tuple[Turn, ...]:
        """What was recorded in plenary about an item."""
        recordings = self._of(item.id, group=0)
        arguments = [recording for recording in recordings if recording.request.purpose == "argument"]
        answers = [recording for recording in recordings if recording.request.purpose != "argument"]
        turns = [self._turn(answers, self.words.text("notes.answer"))]
        # Arguments are different people, not takes of one.
        turns += [self._turn([argument], self.words.text("notes.argument")) for argument in arguments]
        return tuple(turn for turn in turns if _has_something(turn))

    def checks(self) -> tuple[Check, ...]:
        """What a person should still listen to, in the order of recording."""
        counting = [recording for recording in self.session.recordings if self._counts(recording)]
        trial = any(one.transcript is not None and one.transcript.trial and not one.correction for one in counting)
        all_of_it = Check(
            label=self.words.text("notes.check_trial"), reason=self.words.text("notes.check_trial_reason")
        )
        checks = [check for recording in counting for check in self._checks(recording)]
        return tuple([all_of_it, *checks] if trial else checks)

    def legend(self) -> tuple[str, ...]:
        """How to read the marks, of those that were made."""
        heard = [
            word
            for recording in self.session.recordings
            for sentence in self._said(recording)
            for word in sentence.words
        ]
        doubtful, gap = any(word.doubtful for word in heard), any(word.gap for word in heard)
        return tuple(
            self.words.text(key)
            for key, made in (("notes.legend_doubtful", doubtful), ("notes.legend_gap", gap))
            if made
        )

    def _of(self, item: str, group: int | None = None, question: str = "") -> list[Recording]:
        return [
            recording
            for recording in self.session.recordings
            if recording.request.item == item
            and recording.request.question == question
            and (group is None or recording.request.group == group)
        ]

    def _turns(self, item: Discussion | Harvest, question: GroupQuestion) -> Iterator[Turn]:
        taken = self.session.turns_taken.get(item.id, ())
        recordings = self._of(item.id, question=question.id)
        groups = {one.request.group for one in recordings} | {group for group, asked in taken if asked == question.id}
        for group in sorted(groups):
            own = [recording for recording in recordings if recording.request.group == group]
            label = write.groups(self.words, [group]) or self.words.text("notes.answer")
            turn = self._turn(own, label)
            if _has_something(turn):
                yield turn
            elif group in self.session.refused and not self.shared:
                refused = Summary(label=label, instead=self.words.text("notes.refused"))
                yield Turn(label=label, summaries=(refused,))

    def _turn(self, recordings: Sequence[Recording], label: str) -> Turn:
        kernels = [recording for recording in recordings if recording.request.purpose == "kernel"]
        others = [recording for recording in recordings if recording.request.purpose != "kernel"]
        earlier = [one for one in recordings if not self._counts(one)]
        return Turn(
            label=label,
            kernels=self._summaries([one for one in kernels if self._counts(one)]),
            summaries=self._summaries([one for one in others if self._counts(one)]),
            earlier=() if self.shared else self._summaries(earlier, earlier=True),
        )

    def _summaries(self, recordings: Sequence[Recording], earlier: bool = False) -> tuple[Summary, ...]:
        return tuple(
            self._summary(recording, earlier)
            for recording in recordings
            if not (self.shared and (recording.deleted or recording.problem is not None))
        )

    def _counts(self, recording: Recording) -> bool:
        return counts(self.session, recording)

    def _summary(self, recording: Recording, earlier: bool) -> Summary:
        said = self._said(recording)
        corrected = recording.correction is not None and not recording.deleted
        return Summary(
            label=self._label(recording),
            said=() if corrected else said,
            correction=recording.correction or "" if corrected else "",
            instead="" if corrected or said else self._instead(recording),
            audio=None if self.shared else self._audio(recording, self._begin(recording)),
            marks=tuple(self._marks(recording, earlier)),
            heard=self._heard(recording) if corrected and not self.shared else "",
            is_kernel=recording.request.purpose == "kernel",
        )

    def _label(self, recording: Recording) -> str:
        request = recording.request
        if request.purpose == "kernel":
            return self.words.text("notes.kernel")
        if request.group:
            return write.groups(self.words, [request.group])
        return self.words.text("notes.argument" if request.purpose == "argument" else "notes.answer")

    def _said(self, recording: Recording) -> tuple[Sentence, ...]:
        """The words that are worth reading; none when there are none."""
        if recording.number not in self._read:
            self._read[recording.number] = tuple(self._readable(recording))
        return self._read[recording.number]

    def _readable(self, recording: Recording) -> Sequence[Sentence]:
        said = self._sentences.of(recording)
        if recording.transcript is None or not prose.is_understood(recording.transcript):
            return ()
        return _without_doubt(said, self._sentences.spelling.gap) if self.shared else said

    def _heard(self, recording: Recording) -> str:
        transcript = recording.transcript
        if transcript is None or not transcript.words:
            return ""
        text = " ".join(sentence.text for sentence in self._sentences.of(recording))
        return self.words.text("notes.heard", text=text)

    def _instead(self, recording: Recording) -> str:
        """Why there are no words."""
        if recording.deleted:
            key = "notes.deleted"
        elif recording.problem is not None:
            key = "notes.recording_failed"
        elif recording.saved is None:
            key = "notes.recording_now"
        elif recording.transcript is None:
            key = "notes.waiting" if recording.awaits_transcript else "notes.not_transcribed"
            key = "notes.not_transcribed_shared" if self.shared else key
        elif self.shared:
            key = "notes.not_understood_shared"
        else:
            key = "notes.not_understood" if recording.transcript.words else "notes.no_speech"
        return self.words.text(key)

    def _audio(self, recording: Recording, start: Seconds) -> Audio | None:
        if recording.deleted or recording.saved is None or recording.audio_forgotten:
            return None
        length = write.length(self.words, recording.seconds)
        return _audio(recording, self.words.text("notes.listen", length=length), start)

    def _begin(self, recording: Recording) -> Seconds:
        words = recording.transcript.words if recording.transcript else ()
        return max(0.0, words[0].start - RUN_UP) if words else 0.0

    def _marks(self, recording: Recording, earlier: bool) -> Iterator[str]:
        words, saved = self.words, recording.saved
        if recording.deleted:
            return
        if recording.correction is not None:
            if not self.shared:
                yield words.text("notes.mark_corrected")
        elif recording.transcript is not None and recording.transcript.trial:
            yield words.text("notes.mark_trial")
        if self.shared:
            return
        if earlier:
            yield words.text("notes.mark_earlier", take=recording.request.take)
        elif recording.request.take > 1 and recording.request.purpose != "argument":
            yield words.text("notes.mark_take", take=recording.request.take)
        if saved is not None and saved.interrupted:
            yield words.text("notes.mark_interrupted")
        if saved is not None and saved.problem:
            yield words.text("notes.mark_cut_short")
        if recording.audio_forgotten:
            yield words.text("notes.audio_forgotten")
        if lost := _lost(recording):
            seconds = write.minutes(words, max(1.0, lost))
            yield words.text("notes.mark_lost", seconds=seconds)
        yield from (words.text(f"notes.mark_{finding}") for finding in dict.fromkeys(recording.findings))

    def _checks(self, recording: Recording) -> Iterator[Check]:
        if recording.deleted or recording.saved is None or recording.correction is not None:
            return
        if recording.audio_forgotten:
            return  # There is nothing left to listen to.
        said = self._said(recording)
        if not said:
            whole = self._audio(recording, 0.0)
            yield self._check(recording, self._instead(recording), [whole] if whole else [])
        elif places := [word for sentence in said for word in sentence.words if word.doubtful or word.gap]:
            yield self._check(
                recording, self.words.text("notes.check_words"), [self._place(recording, word) for word in places]
            )
        if said and (recording.saved.interrupted or recording.saved.problem or _lost(recording)):
            lost = [self._lost_at(recording, position) for position, _ in recording.saved.gaps]
            yield self._check(recording, self.words.text("notes.check_lost"), lost)

    def _check(self, recording: Recording, reason: str, places: Sequence[Audio]) -> Check:
        question = self._about(recording)
        label = self._label(recording)
        if question:
            label = self.words.text("notes.check_place", label=label, question=question)
        return Check(label=label, reason=reason, places=tuple(places))

    def _place(self, recording: Recording, word: Spoken) -> Audio:
        return _audio(recording, write.listen_word(self.words, word), max(0.0, word.start - RUN_UP))

    def _lost_at(self, recording: Recording, position: Seconds) -> Audio:
        label = self.words.text("notes.listen", length=write.length(self.words, position))
        return _audio(recording, label, max(0.0, position - RUN_UP))

    def _about(self, recording: Recording) -> str:
        """What it answers, in a word or a few."""
        request = recording.request
        item = self.session.plan.item(request.item)
        if isinstance(item, Harvest):
            item = self.session.plan.item(item.discussion)
        if isinstance(item, Discussion):
            ids = [question.id for question in item.questions]
            about = [
                self._short(question, ids.index(question.id) + 1)
                for question in item.questions
                if question.id == request.question
            ]
            group = [write.groups(self.words, [request.group])] if request.purpose == "kernel" and request.group else []
            return ", ".join(group + about)
        if isinstance(item, Statement):
            return item.text
        return item.shown.text or item.shown.title if isinstance(item, Question) else item.shown.title

    def _question(self, question: GroupQuestion) -> str:
        if question.open and not any(character.isalnum() for character in question.text):
            return self.words.text("notes.own_question")
        return question.text

    def _short(self, question: GroupQuestion, number: int) -> str:
        if question.open:
            return self.words.text("notes.own_question_short")
        return self.words.text("notes.question", number=number)

    def _asked_of(self, discussion: Discussion, question: GroupQuestion) -> str:
        return write.groups(
            self.words,
            (
                group
                for (name, group), questions in self.session.assigned.items()
                if name == discussion.id and question.id in questions
            ),
        )


def _audio(recording: Recording, label: str, start: Seconds) -> Audio:
    """From this moment until a spoken closing phrase, or the end."""
    end = None if recording.closing_at is None else recording.seconds
    return Audio(file=recording.request.file, label=label, start=start, end=end)


def _has_something(turn: Turn) -> bool:
    return bool(turn.kernels or turn.summaries or turn.earlier)


def _lost(recording: Recording) -> Seconds:
    gaps = recording.saved.gaps if recording.saved else ()
    lost = sum(length for _, length in gaps)
    return lost if lost >= SHORTEST_LOSS else 0.0


def _without_doubt(said: Sequence[Sentence], gap: str) -> tuple[Sentence, ...]:
    """With a gap for what was not heard well: a wrong word must not travel further."""
    sure = (replace(sentence, words=_sure(sentence.words, gap)) for sentence in said)
    return tuple(sentence for sentence in sure if not all(word.gap for word in sentence.words))


def _sure(spoken: Sequence[Spoken], gap: str) -> tuple[Spoken, ...]:
    kept: list[Spoken] = []
    for word in spoken:
        if not (word.doubtful or word.gap):
            kept.append(word)
        elif kept and kept[-1].gap:
            kept[-1] = replace(kept[-1], words=(*kept[-1].words, *word.words))
        else:
            kept.append(Spoken(gap, False, word.words, gap=True))
    return tuple(kept)
