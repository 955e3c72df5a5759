"""Which device a name means, and which names there are to choose from."""

from levelup_voice.audio.devices import Device, chosen_from, names_of


def device(name: str, host_api: str = "ALSA", inputs: int = 1, outputs: int = 0, *, default: bool = False) -> Device:
    return Device(name, host_api, inputs, outputs, default)


def test_a_device_is_found_by_its_name_wherever_it_is_plugged_in() -> None:
    there = [device("HDMI (hw:0,3)", inputs=0, outputs=2), device("USB Audio (hw:2,0)"), device("USB")]
    assert chosen_from(there, "USB", "input") is there[2]
    assert chosen_from(there, "USB Audio (hw:1,0)", "input") is there[1]
    assert chosen_from(there, "audio", "input") is there[1]
    assert chosen_from(there, "HDMI", "input") is None
    assert chosen_from(there, "HDMI", "output") is there[0]


def test_no_name_means_the_choice_of_the_computer() -> None:
    there = [device("USB"), device("ingebouwd", default=True)]
    assert chosen_from(there, "", "input") is there[1]
    assert chosen_from(there[:1], "", "input") is None


def test_each_device_is_offered_once_by_a_name_that_stays() -> None:
    """Windows shows every one of them several times, some with half their name."""
    there = [
        device("Microfoon (Realtek High Definit", "MME"),
        device("Microfoon (Realtek High Definition Audio)", "Windows WASAPI"),
        device("Headset", "Windows WASAPI"),
        device("Luidspreker", "Windows WASAPI", inputs=0, outputs=2),
    ]
    assert names_of(there, "input") == ("Microfoon (Realtek High Definition Audio)", "Headset")
    assert names_of(there, "output") == ("Luidspreker",)
    assert names_of([device("USB (hw:1,0)"), device("USB (hw:2,0)")], "input") == ("USB",)
    assert names_of([], "input") == ()
