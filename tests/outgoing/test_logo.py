"""The logo of the settings stands at the top of letters and documents, undistorted; a wrong one is named at start."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from docx import Document
from lxml import etree
from PIL import Image

from pipeline.cli import main
from pipeline.errors import SettingsError
from pipeline.outgoing.logo import LOGO_CM, logo_of
from pipeline.outgoing.templates import Templates
from pipeline.settings import Sender
from pipeline.template_check import documents_by_template
from tests.offices import EXAMPLES, TEMPLATES

SHOWN = ("Assessment summary", "Action plan", "Core-group report", "What to put right")
LETTERS = ("Notification letter", "Invitation letter", "Flag letter", "Removal letter")


def sender(path: Path, size: tuple[int, int] = (300, 120), kind: str = "PNG") -> Sender:
    Image.new("RGB", size, (27, 58, 87)).save(path, kind)
    return Sender(council="Exampleton Council", logo=str(path))


def pictures(docx: bytes) -> dict[str, str]:
    """Alt text of each picture in the header and the text, by its name."""
    with zipfile.ZipFile(io.BytesIO(docx)) as file:
        parts = [etree.fromstring(file.read(name)) for name in ("word/header1.xml", "word/document.xml")]
    return {said.get("name", ""): said.get("descr", "") for part in parts for said in part.iter("{*}docPr")}


@pytest.mark.parametrize("template", [*SHOWN, *LETTERS])
def test_it_stands_in_letters_and_documents_where_the_settings_name_one(tmp_path: Path, template: str) -> None:
    logo = logo_of(sender(tmp_path / "logo.png"))
    document = documents_by_template(TEMPLATES)[template][0]

    filled = Templates(TEMPLATES, logo).render(template, document.context, document.pictures)

    assert pictures(filled)["logo"] == "Exampleton Council"
    with zipfile.ZipFile(io.BytesIO(filled)) as file:
        assert logo["logo"] in [file.read(name) for name in file.namelist() if name.startswith("word/media/")]


@pytest.mark.parametrize("template", [*SHOWN, *LETTERS])
def test_without_one_nothing_shows(template: str) -> None:
    document = documents_by_template(TEMPLATES)[template][-1]  # of the emptiest case, with settings left blank

    filled = Templates(TEMPLATES, logo_of(Sender())).render(template, document.context, document.pictures)

    assert "logo" not in pictures(filled)
    header = [p.text for p in Document(io.BytesIO(filled)).sections[0].header.paragraphs]
    assert header[0].startswith("OFFICIAL-SENSITIVE")
    assert "" not in header


@pytest.mark.parametrize("size", [(300, 120), (100, 100), (1000, 100), (3, 1)])
def test_it_is_never_distorted(tmp_path: Path, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(logo_of(sender(tmp_path / "logo.png", size))["logo"])) as shown:
        inked = shown.getchannel("A").getbbox()
        assert inked is not None
        assert (inked[2] - inked[0], inked[3] - inked[1]) == size
        assert inked[0] == 0  # at the left, above the address
        assert shown.width / shown.height == pytest.approx(LOGO_CM[0] / LOGO_CM[1], rel=0.2 if size == (3, 1) else 0.02)


def write_nothing(path: Path) -> None:
    assert not path.exists()


def write_gif(path: Path) -> None:
    sender(path, kind="GIF")


def write_words(path: Path) -> None:
    path.write_text("our logo")


def write_half(path: Path) -> None:
    sender(path, size=(2000, 2000))
    path.write_bytes(path.read_bytes()[:-50])


def write_large(path: Path) -> None:
    sender(path)
    path.write_bytes(path.read_bytes() + bytes(1_000_000))


def write_wide(path: Path) -> None:
    sender(path, size=(4001, 1))


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (write_nothing, "cannot be read: No such file or directory."),
        (Path.mkdir, "cannot be read: Is a directory."),
        (write_gif, "is no PNG picture. Save the logo as PNG."),
        (write_words, "is no PNG picture. Save the logo as PNG."),
        (write_half, "is no PNG picture. Save the logo as PNG."),
        (write_large, "is larger than 1 MB. Save it smaller: it is in every letter."),
        (write_wide, "is wider or higher than 4000 dots. Save it smaller."),
    ],
)
def test_a_wrong_one_is_named(tmp_path: Path, write, told: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "logo.png"
    write(path)

    with pytest.raises(SettingsError) as e:
        logo_of(Sender(logo=str(path)))

    assert str(e.value) == f"pipeline.toml: sender.logo: {path} {told}"


def test_it_is_taken_from_the_folder_of_the_settings_and_a_wrong_one_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path)])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline.toml").write_text('[sender]\ncouncil = "Exampleton Council"\nlogo = "crest.png"\n')
    (tmp_path / "inbox" / "form.xlsx").write_bytes((EXAMPLES / "matrix-must.xlsx").read_bytes())
    assert main(["run"]) == 2
    assert "pipeline.toml: sender.logo: crest.png cannot be read" in capsys.readouterr().err

    sender(tmp_path / "crest.png")
    assert main(["run"]) == 0
    letters = list((tmp_path / "outbox").rglob("Notification letter - Carer.docx"))
    assert [pictures(letter.read_bytes())["logo"] for letter in letters] == ["Exampleton Council"]


def test_settings_without_one_are_as_before() -> None:
    assert msgspec.convert({}, Sender).logo == ""
    assert logo_of(Sender()) == {}
