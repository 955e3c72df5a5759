"""What the documents promise is there: files behind links, commands behind instructions."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARD = ROOT / "models" / "README.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), CARD])

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake ([a-z]+)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]+`")


def code_of(document: Path) -> str:
    text = document.read_text(encoding="utf-8")
    return "\n".join([*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))])


def anchors_of(document: Path) -> set[str]:
    """As the common renderers make them: lower case, punctuation gone, a hyphen for each space."""
    headings = re.findall(r"^#+ +(.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{document.name} links to {target}"
        assert not anchor or anchor in anchors_of(file), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_make_command_in_a_document_exists(document: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(MAKE.findall(code_of(document))) <= set(targets)


def test_the_readme_names_the_two_commands() -> None:
    assert {"run", "test"} <= set(MAKE.findall(code_of(ROOT / "README.md")))


def test_continuous_integration_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]


def test_the_card_of_the_model_has_the_figures_that_were_measured() -> None:
    measured = {name: one["value"] for name, one in json.loads((ROOT / "bench" / "results.json").read_text()).items()}
    rows = {}
    for line in CARD.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[tuple(cells[:2])] = [float(number) for cell in cells[2:] for number in re.findall(r"^[0-9.]+", cell)]
    for condition, name in (("clean", "clean"), ("babble, 10 dB", "10db")):
        wer, accuracy, *_ = rows["held-out", condition]
        assert wer == round(measured[f"dictation_wer_{name}_pct"], 1)
        assert accuracy == round(measured[f"command_accuracy_{name}_pct"], 1)
    text = CARD.read_text(encoding="utf-8")
    for said in (
        f"{measured['model_mb']:.1f} MB (",
        f"{measured['model_load_s']:.2f} s;",
        f"real-time factor {measured['model_rtf']:.2f} ",
        f"{measured['model_resident_mb']:.0f} MB resident",
        f"{measured['unknown_words_rejected_pct']:.0f} % of",
        f"at most {measured['false_commands_per_hour']:.2f} an hour",
    ):
        assert said in text, said


def test_every_library_has_its_licence_told() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    told = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").lower()
    names = {re.match(r"[\w-]+", one).group().lower() for one in wanted}  # type: ignore[union-attr]
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", told)] == []
