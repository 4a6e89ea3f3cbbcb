"""One of our own Word forms and the answers to write into it come in; the form as LibreOffice completes it goes out.

LibreOffice itself opens the form, chooses, ticks, types, adds rows and saves: a macro does what somebody does by hand.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from tests.fill_word import said_rows, tables_of

LINE = "\x1f"  # what stands for a line break in the list of deeds, which has a line for each deed
MACRO = """
Sub Main(folder As String)
  On Error GoTo Fault
  stream = createUnoService("com.sun.star.io.TextInputStream")
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  stream.setInputStream(files.openFileRead(folder & "/deeds.txt"))
  stream.setEncoding("UTF-8")
  Do While Not stream.isEOF()
    deed = Split(stream.readLine(), Chr(9))
    Select Case deed(0)
      Case "open": doc = StarDesktop.loadComponentFromURL(folder & "/" & deed(1), "_blank", 0, HowToLoad())
      Case "save": SaveAs(doc, folder & "/" & deed(1))
      Case "rows": table = doc.TextTables.getByIndex(deed(1)): table.Rows.insertByIndex(table.Rows.Count, deed(2))
      Case "write": WriteInto(doc.TextTables.getByIndex(deed(1)).getCellByName(deed(2)), Split(deed(3), Chr(31)))
      Case "tick": TickBox(doc.TextTables.getByIndex(deed(1)).getCellByName(deed(2)), deed(3))
    End Select
  Loop
  StarDesktop.terminate()
  Exit Sub
Fault:
  ' A message box would wait for somebody for ever.
  Open ConvertFromURL(folder & "/fault.txt") For Output As #1
  Print #1, Error$ & " at: " & Join(deed, " ")
  Close #1
  StarDesktop.terminate()
End Sub

Function HowToLoad()
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden": how(0).Value = True
  HowToLoad = how()
End Function

Sub SaveAs(doc, url)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName": how(0).Value = "MS Word 2007 XML"
  doc.storeToURL(url, how())
  doc.close(True)
End Sub

Function ControlsOf(cell)
  Dim found(1)
  n = 0
  paragraphs = cell.createEnumeration()
  Do While paragraphs.hasMoreElements()
    portions = paragraphs.nextElement().createEnumeration()
    Do While portions.hasMoreElements()
      portion = portions.nextElement()
      If portion.TextPortionType = "ContentControl" Then
        found(n) = portion.ContentControl
        n = n + 1
      End If
    Loop
  Loop
  ControlsOf = found()
End Function

Sub WriteInto(cell, said)
  found = ControlsOf(cell)
  control = found(0)
  If IsEmpty(control) Then
    ' Enter after the first line, Shift and Enter after the others.
    cell.setString(said(0))
    For n = 1 To UBound(said)
      cursor = cell.createTextCursor()
      cursor.gotoEnd(False)
      If n = 1 Then
        cell.insertControlCharacter(cursor, com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK, False)
      Else
        cell.insertControlCharacter(cursor, com.sun.star.text.ControlCharacter.LINE_BREAK, False)
      End If
      cell.insertString(cursor, said(n), False)
    Next
  Else
    control.ShowingPlaceHolder = False
    parts = Split(said(0), "/")
    If control.Date And UBound(parts) = 2 Then
      control.CurrentDate = parts(2) & "-" & parts(1) & "-" & parts(0) & "T00:00:00Z"
    End If
    Replace(control, said(0))
  End If
End Sub

Sub TickBox(cell, which)
  found = ControlsOf(cell)
  control = found(which)
  control.Checked = True
  Replace(control, control.CheckedState)
End Sub

Sub Replace(control, said)
  ' What LibreOffice 7.4 is told to write into a control it writes before what stands there.
  control.createEnumeration().nextElement().setString("")
  control.setString(said)
End Sub
"""
_NO_DTD = "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"


def fill_in_libreoffice(
    folder: Path,
    forms: Sequence[tuple[bytes, Mapping[str, str | bool], Mapping[str, Sequence[Mapping[str, str]]]]],
) -> list[bytes]:
    """Complete each form with its answers and rows, keyed as for fill_word.fill; ``folder`` is for this alone."""
    deeds: list[str] = []
    for n, (docx, answers, rows) in enumerate(forms):
        (folder / f"{n}.docx").write_bytes(docx)
        deeds += [f"open\t{n}.docx", *_deeds(docx, answers, rows), f"save\t{n} completed.docx"]
    (folder / "deeds.txt").write_text("\n".join(deeds), "utf-8")
    profile = folder / "profile"
    soffice = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    # The first start makes the profile, and would make it over a macro that lies there already.
    subprocess.run([*soffice, "--terminate_after_init"], check=True, capture_output=True)
    _install(profile / "user" / "basic")
    macro = f'macro:///Standard.Module1.Main("{folder.as_uri()}")'
    subprocess.run([*soffice, macro], check=True, capture_output=True)
    fault = folder / "fault.txt"
    assert not fault.exists(), fault.read_text()
    return [(folder / f"{n} completed.docx").read_bytes() for n in range(len(forms))]


def _deeds(
    docx: bytes, answers: Mapping[str, str | bool], rows: Mapping[str, Sequence[Mapping[str, str]]]
) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(docx)) as z:
        tables = tables_of(etree.fromstring(z.read("word/document.xml"))[0])
    places: dict[str, str] = {}  # "<section>/<label>" → table and cell of its answer
    for t, (section, table) in enumerate(tables):
        printed = said_rows(table)
        for r, row in enumerate(printed):
            for c, label in enumerate(row):
                at = (r, c + 1) if len(row) > 1 else (r + 1, c)
                places.setdefault(f"{section}/{label}", f"{t}\t{_name(*at)}")
        for n, record in enumerate(given := rows.get(section, ())):
            if n == 0 and len(given) > len(printed) - 1:
                yield f"rows\t{t}\t{len(given) - len(printed) + 1}"
            for column, text in record.items():
                yield f"write\t{t}\t{_name(n + 1, printed[0].index(column))}\t{text.replace(chr(10), LINE)}"
    for name, answer in answers.items():
        if isinstance(answer, bool):
            yield f"tick\t{places[name]}\t{0 if answer else 1}"
        else:
            yield f"write\t{places[name]}\t{answer.replace(chr(10), LINE)}"


def _name(row: int, column: int) -> str:
    return f"{'ABCDEFGH'[column]}{row + 1}"


def _install(basic: Path) -> None:
    script = "http://openoffice.org/2000/script"
    library = "http://openoffice.org/2000/library"
    (basic / "Standard").mkdir(parents=True, exist_ok=True)
    (basic / "Standard" / "Module1.xba").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC "{_NO_DTD}" "module.dtd">'
        f'<script:module xmlns:script="{script}" script:name="Module1" script:language="StarBasic">'
        f"{escape(MACRO)}</script:module>",
        "utf-8",
    )
    (basic / "Standard" / "script.xlb").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:library PUBLIC "{_NO_DTD}" "library.dtd">'
        f'<library:library xmlns:library="{library}" library:name="Standard" library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Module1"/></library:library>',
        "utf-8",
    )
