import pytest

from levelup_voice.audio.voices import Voice, VoiceError, choose_voice

ESPEAK = (
    Voice("gmw/af", "Afrikaans", ("af",)),
    Voice("gmw/en-us", "English (America)", ("en-us",)),
    Voice("gmw/en", "English (Great Britain)", ("en-gb",)),
    Voice("mb/mb-nl2", "dutch-mbrola-2", ("nl",)),
    Voice("gmw/nl", "Dutch", ("nl",)),
    Voice("sit/nlx", "Nahali", ("nlx",)),
)
TOKENS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens"
WINDOWS = (
    Voice(TOKENS + r"\TTS_MS_EN-US_ZIRA_11.0", "Microsoft Zira Desktop - English (United States)", ("en-US",)),
    Voice(TOKENS + r"\TTS_MS_NL-NL_FRANK_11.0", "Microsoft Frank - Dutch (Netherlands)", ("nl-NL",)),
)
MAC = (
    Voice("com.apple.voice.compact.nl-BE.Ellen", "Ellen", ("nl_BE",)),
    Voice("com.apple.voice.compact.nl-NL.Xander", "Xander", ("nl_NL",)),
    Voice("com.apple.speech.synthesis.voice.Zarvox", "Zarvox", ("en_US",)),
    Voice("com.apple.voice.compact.en-GB.Daniel", "Daniel", ("en_GB",)),
)


@pytest.mark.parametrize(
    ("voices", "language", "chosen"),
    [
        (ESPEAK, "nl", "gmw/nl"),
        (ESPEAK, "en", "gmw/en"),
        (WINDOWS, "nl", TOKENS + r"\TTS_MS_NL-NL_FRANK_11.0"),
        (MAC, "nl", "com.apple.voice.compact.nl-NL.Xander"),
        (MAC, "en", "com.apple.voice.compact.en-GB.Daniel"),
    ],
)
def test_the_voice_of_a_language_is_found_on_every_platform(
    voices: tuple[Voice, ...], language: str, chosen: str
) -> None:
    assert choose_voice(voices, language).id == chosen


@pytest.mark.parametrize("told", ["413", "0413", "0x413", "413;13", "nl-NL", "nl_NL", "NL"])
def test_dutch_is_recognised_however_an_engine_tells_it(told: str) -> None:
    assert choose_voice([Voice("other", "Paul", ("409",)), Voice("dutch", "Someone", (told,))], "nl").id == "dutch"


def test_flemish_serves_when_there_is_nothing_else() -> None:
    assert choose_voice([Voice("x", "Bart", ("813",)), Voice("y", "Zira", ("409",))], "nl").name == "Bart"
    assert choose_voice([Voice("x", "Bart", ("813",)), Voice("y", "Frank", ("413",))], "nl").name == "Frank"


@pytest.mark.parametrize("languages", [(), ("",), ("Unknown Locale: 1043",)])
def test_a_voice_that_does_not_tell_its_language_is_known_by_its_name_or_id(languages: tuple[str, ...]) -> None:
    assert choose_voice([Voice("1", "Microsoft Frank", languages)], "nl").id == "1"
    assert choose_voice([Voice("TTS_MS_NL-NL_X_11.0", "Somebody", languages)], "nl").name == "Somebody"
    assert choose_voice([Voice("tokens/413", "Somebody", languages)], "nl").name == "Somebody"


def test_a_voice_that_tells_its_language_is_believed_before_a_name() -> None:
    voices = [Voice("1", "Frank", ()), Voice("2", "Somebody", ("nl",)), Voice("3", "Claire", ("fr-FR",))]
    assert choose_voice(voices, "nl").id == "2"
    with pytest.raises(VoiceError):
        choose_voice(voices[2:], "nl")


def test_no_voice_is_never_answered_with_another_language() -> None:
    with pytest.raises(VoiceError) as raised:
        choose_voice([Voice("gmw/en", "English", ("en-gb",)), Voice("sit/nlx", "Nahali", ("nlx",))], "nl")
    assert (raised.value.language, raised.value.wanted, len(raised.value.offered)) == ("nl", "", 2)


def test_a_voice_may_be_asked_for_by_id_name_or_part_of_its_name() -> None:
    assert choose_voice(ESPEAK, "nl", "gmw/af").name == "Afrikaans"
    assert choose_voice(MAC, "nl", "ellen").name == "Ellen"
    assert choose_voice(WINDOWS, "nl", "Frank").id.endswith("FRANK_11.0")
    with pytest.raises(VoiceError, match="Fra"):
        choose_voice(WINDOWS, "nl", "Fra")
