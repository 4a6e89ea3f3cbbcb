"""Writes the golden referral forms into tests/forms/referrals: ``python -m tests.forms.make_referrals``.

Each starts from one of the filled examples (or the blank) and changes what its name says. What must be read from each
stands in the .json beside it, written by hand: ``as`` names the form that all other values must equal.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from pipeline.rules.form import QUERY_AUTHOR
from tests.referral_forms import (
    BLANK,
    FORMS,
    NAMES,
    PROMPT,
    ReferralDocument,
    cells,
    control,
    copied,
    fill,
    legacy_text,
    legacy_tick,
    packed,
    paragraphs,
    replace,
    run,
    said,
    text_box,
    tick_control,
    w,
    wrap,
    xml,
)  # fmt: skip

OUT = FORMS / "referrals"
CONTROLS, GLYPH, LEGACY = (FORMS / "examples" / f"referral-{kind}.docx" for kind in ("controls", "glyph", "legacy"))

STRIKE = "<w:strike/>"


def controls_round_cells() -> bytes:
    form = ReferralDocument(CONTROLS)
    for sdt in list(form.root.iter(w("sdt"))):
        cell = sdt.getparent().getparent()
        if said(cell) != said(sdt):
            continue  # a yes/no question: two boxes in one paragraph
        properties = sdt.find(w("sdtPr"))
        replace(sdt, "")
        paragraph = cell.find(w("p"))
        paragraph.extend(list(sdt.find(w("sdtContent"))))
        wrap(cell, "")
        around = cell.getparent().getparent()
        around.replace(around.find(w("sdtPr")), properties)
    return form.save()


def controls_round_rows() -> bytes:
    form = ReferralDocument(CONTROLS)
    for section in ("D. Family and significant carers", "G. Agencies involved"):
        for row in list(form.table(section).iterchildren(w("tr")))[1:]:
            wrap(row, "<w15:repeatingSectionItem/>")
        for item in list(form.table(section).iterchildren(w("sdt")))[1:]:
            item.getprevious().find(w("sdtContent")).extend(item.find(w("sdtContent")))
            form.table(section).remove(item)
        wrap(form.table(section).find(w("sdt")), "<w15:repeatingSection/>")
    return form.save()


def dates_and_drop_downs() -> bytes:
    form = ReferralDocument(CONTROLS)
    picker = '<w:date w:fullDate="{}T00:00:00Z"><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="en-GB"/></w:date>'
    fill(form.answer("Date of birth"), paragraphs(control(run("14 February 2010"), picker.format("2010-02-14"))))
    fill(form.answer("Date of referral"), paragraphs(control(run("11/3/2026"), picker.format("2026-11-03"))))
    stale = '<w:showingPlcHdr/><w:date w:fullDate="2020-01-01T00:00:00Z"/>'
    fill(form.answer("Date agreed"), paragraphs(control(run("Click or tap to enter a date."), stale)))
    choices = '<w:dropDownList><w:listItem w:value="Choose an item."/><w:listItem w:value="Female"/></w:dropDownList>'
    fill(form.answer("Gender"), paragraphs(control(run("Female"), choices)))
    fill(form.answer("Ethnicity"), paragraphs(control(run("Choose an item."), "<w:showingPlcHdr/>" + choices)))
    fill(form.answer("Religion"), paragraphs(control(run("Choose an item."), choices)))
    fill(form.answer("Interpreter needed"), paragraphs(control(run("Yes: Polish"), "<w:comboBox/>")))
    legacy = legacy_tick("").replace("<w:checkBox><w:sizeAuto/></w:checkBox>", "<w:ddList>{}</w:ddList>")
    legacy = legacy.replace("FORMCHECKBOX", "FORMDROPDOWN")
    entries = '<w:result w:val="1"/><w:listEntry w:val="English"/><w:listEntry w:val="Polish"/>'
    fill(form.answer("First language"), paragraphs(legacy.format(entries)))
    return form.save()


def legacy_states() -> bytes:
    """Every way in which a legacy box says that it is ticked, and blanks that are spaces."""
    form = ReferralDocument(LEGACY)
    states = {
        "Neglect: Child Protection Plan for more than 18 months without progress": '<w:default w:val="1"/>',
        "Care order not made against local authority advice": '<w:default w:val="1"/><w:checked w:val="0"/>',
        "High-risk adolescent living in the community": "<w:default/><w:checked/>",
        "Out of county placement": '<w:default w:val="0"/><w:checked w:val="1"/>',
        "Multiple complex needs at risk of poor outcomes": '<w:checked w:val="false"/>',
        "All reasonable attempts to engage have failed": '<w:checked w:val="true"/>',
        "Risk of significant harm to self": "",
    }
    for label, state in states.items():
        fill(form.tick_cell(label), paragraphs(legacy_tick(state)))
    fill(form.answer("Religion"), paragraphs(legacy_text(run("\u2002\u2002\u2002\u2002\u2002"))))
    fill(form.answer("GP"), paragraphs(legacy_text(run("Dr ") + run("Example\u2002"))))
    return form.save()


def ticks_typed() -> bytes:
    form = ReferralDocument(GLYPH)
    wingdings = '<w:r><w:sym w:font="Wingdings" w:char="{}"/></w:r>'
    typed = {
        "Neglect: Child Protection Plan for more than 18 months without progress": run("x"),
        "Care order not made against local authority advice": run("X"),
        "High-risk adolescent living in the community": run("✓"),
        "Out of county placement": run("✔"),
        "Multiple complex needs at risk of poor outcomes": run("☑"),
        "All reasonable attempts to engage have failed": run("Yes"),
        "Risk of significant harm to self": run("☐ x"),
        "Risk of significant harm to others": run("No"),
        "Oxford Health (Children and Young People)": wingdings.format("F0FC"),
        "Substance Misuse Services": wingdings.format("F0FB"),
        "Domestic Abuse Services": wingdings.format("F0FE"),
        "Learning / physical Disability Services": wingdings.format("F0FD"),
        "Education Psychology Service": wingdings.format("F0A8"),
        "RU Safe? (Barnardo's)": run("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
        "Community Paediatrician": run("√"),
        "Youth Offending Service": run("?"),
        "Police, Public Protection": run("y"),
        "Legal representative": run("✔\ufe0f"),
        "Designated doctor for safeguarding": run("x – from January"),
        "Transport or cost": run("☐"),
        "Too many agencies involved": run("-"),
        "Fear of judgement or prosecution (drugs or alcohol)": run("☒", STRIKE),
    }
    for label, content in typed.items():
        fill(form.tick_cell(label), paragraphs(content))
    label = form.label("Peer pressure / gang culture")
    fill(label, paragraphs(run("x Peer pressure / gang culture")))
    return form.save()


def ticks_typed_over_controls() -> bytes:
    form = ReferralDocument(CONTROLS)
    boxes = {
        "Neglect: Child Protection Plan for more than 18 months without progress": tick_control(False, "x"),
        "Care order not made against local authority advice": tick_control(False) + run(" ✓"),
        "High-risk adolescent living in the community": tick_control(True, "☐"),
        "Out of county placement": tick_control(False, "☒"),
        "Multiple complex needs at risk of poor outcomes": tick_control(False, ""),
        "All reasonable attempts to engage have failed": tick_control(True, ""),
        "Risk of significant harm to others": tick_control(False, "?"),
    }
    for label, content in boxes.items():
        fill(form.tick_cell(label), paragraphs(content))
    return form.save()


def runs_and_breaks() -> bytes:
    form = ReferralDocument(GLYPH)
    hyphen = '<w:r><w:t>Smith</w:t><w:noBreakHyphen/><w:t xml:space="preserve">Jones </w:t></w:r>'
    fill(form.answer("Surname"), paragraphs(f'{hyphen}<w:proofErr w:type="spellStart"/>{run("Test")}{run("case")}'))
    fill(form.answer("Home address"), paragraphs(run("1 Example Street\nExampleton\tZZ1") + run(" 1ZZ")))
    fill(form.answer("GP"), paragraphs("<w:r><w:t>Dr Example</w:t><w:cr/><w:t>Example Surgery</w:t></w:r>"))
    form.write("Risks to others", "One.\n\nTwo & three < four.\n")
    fill(form.answer("School / college / EET"), paragraphs("", run("  Example\xa0School "), ""))
    label = form.label("Best way to contact the young person")
    fill(
        label,
        paragraphs(
            run("Best way ") + '<w:bookmarkStart w:id="9" w:name="b"/>' + run("to contact"), run("the young person:")
        ),
    )
    return form.save()


def hyperlinks() -> bytes:
    form = ReferralDocument(CONTROLS)
    link = f'<w:hyperlink r:id="rId1">{run("sam.referrer", "<w:u/>")}{run("@example.org")}</w:hyperlink>'
    fill(form.answer("Secure email"), paragraphs(link))
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> HYPERLINK "mailto:somebody.else@example.org" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("a.practitioner@example.org")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    fill(form.answer("Email"), paragraphs(field))
    simple = f'<w:fldSimple w:instr=" DOCPROPERTY Manager ">{run("Chris Director")}</w:fldSimple>'
    fill(form.answer("Named senior manager"), paragraphs(simple))
    return form.save()


def tracked_changes() -> bytes:
    form = ReferralDocument(CONTROLS)
    who = 'w:id="1" w:author="Pat" w:date="2026-11-04T09:00:00Z"'
    old, new = f"<w:del {who}><w:r><w:delText>{{}}</w:delText></w:r></w:del>", f"<w:ins {who}>{{}}</w:ins>"
    fill(form.answer("Surname"), paragraphs(run("Test") + old.format("kase") + new.format(run("case"))))
    fill(form.answer("Known as / alias"), paragraphs(old.format("JT")))
    moved = f"<w:moveFrom {who}>{run('Red')}</w:moveFrom>{run('Blue ')}<w:moveTo {who}>{run('Red')}</w:moveTo>"
    fill(form.answer("Team"), paragraphs(moved))
    mark = f"<w:pPr><w:rPr><w:del {who}/></w:rPr></w:pPr>"
    fill(form.answer("Gaps in provision"), f"<w:p>{mark}{run('No evening')}</w:p><w:p>{run(' outreach.')}</w:p>")
    agencies = list(form.table("G. Agencies involved").iterchildren(w("tr")))
    agencies[2].insert(0, xml(f"<w:trPr><w:del {who}/></w:trPr>")[0])
    agencies[3].insert(0, xml(f"<w:trPr><w:ins {who}/></w:trPr>")[0])
    fill(next(cells(agencies[3])), paragraphs(new.format(run("Housing"))))
    return form.save()


def struck_out() -> bytes:
    form = ReferralDocument(GLYPH)
    kind = "Type of referral (New / Re-referral / Review)"
    fill(form.answer(kind), paragraphs(run("New / ", STRIKE) + run("Re-referral") + run(" / Review", STRIKE)))
    fill(form.answer("Gender"), paragraphs(run("Male", "<w:dstrike/>") + run(" Female")))
    fill(form.answer("Ethnicity"), paragraphs(run("White British", '<w:strike w:val="0"/>')))
    fill(form.answer("Known as / alias"), paragraphs(run("JT", STRIKE)))
    asked = form.question("Is the young person aware")
    replace(asked, paragraphs(run("Is the young person aware of this referral?   Yes / ") + run("No", STRIKE)))
    asked = form.question("Are the parents / carers aware")
    text = run("Are the parents / carers aware of this referral?   ") + run("Yes ☐", STRIKE) + run("  No ☐")
    replace(asked, paragraphs(text))
    fill(form.label("Risk of significant harm to self"), paragraphs(run("Risk of significant harm to self", STRIKE)))
    return form.save()


def text_boxes() -> bytes:
    form = ReferralDocument(CONTROLS)
    fill(form.answer("Risks to others"), paragraphs(text_box(run("In a box."), run("Second line."))))
    fill(form.answer("Gaps in provision"), paragraphs(run("In the cell.") + text_box(run("In a box."))))
    older = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraphs(run('Old box.'))}</w:txbxContent>"
    older += "</v:textbox></v:shape></w:pict></w:r>"
    fill(form.answer("GP"), paragraphs(older))
    form.heading("K. Safety").addprevious(xml(paragraphs(text_box(run("Floating words."))))[0])
    picture = "<w:r><w:drawing><wp:inline/></w:drawing></w:r>"
    fill(form.answer("Name", "L. Sign-off"), paragraphs(picture))
    return form.save()


def added_rows() -> bytes:
    form = ReferralDocument(GLYPH)
    rows = list(form.table("G. Agencies involved").iterchildren(w("tr")))
    for number in range(3, 12):
        row = copied(list(form.table("G. Agencies involved").iterchildren(w("tr")))[-1])
        for cell, text in zip(cells(row), (f"Agency {number}", "", "", "", "Weekly\nvisits", "", "Y"), strict=True):
            fill(cell, paragraphs(*map(run, text.split("\n"))))
    assert len(rows) == 5
    # Torn in two, as Ctrl+Shift+Enter does: the second half has no headings.
    table = form.table("D. Family and significant carers")
    row = copied(list(table.iterchildren(w("tr")))[1])
    for cell, text in zip(cells(row), ("Lee Testcase", "Brother", "", "", "", "No"), strict=True):
        fill(cell, paragraphs(run(text)))
    second = xml("<w:tbl/>")[0]
    second.append(row)
    table.addnext(second)
    table.addnext(xml("<w:p/>")[0])
    return form.save()


def long_answers() -> bytes:
    form = ReferralDocument(GLYPH)
    lines = [f"{n}. {'What happened that week. ' * 40}".strip() for n in range(1, 301)]
    page = '<w:r><w:br w:type="page"/></w:r><w:r><w:lastRenderedPageBreak/></w:r>'
    fill(form.answer("Key events / chronology"), paragraphs(*(run(line) for line in lines)))
    fill(form.answer("Risks to the young person"), paragraphs(run("Before.") + page + run("After.")))
    table = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>"
    pasted = table.format(*(paragraphs(run(t)) for t in ("May", "moved", "June", "missing")))
    fill(form.answer("Risks to others"), paragraphs(run("Table:")) + pasted + paragraphs(""))
    return form.save()


def remarks() -> bytes:
    form = ReferralDocument(GLYPH)
    for kind, text in (("footnote", "Told by the school."), ("endnote", "See the chronology.")):
        form.add_part(
            f"{kind}s", f"{kind}s",
            f'<w:{kind}s {NAMES}><w:{kind} w:id="0" w:type="separator"><w:p/></w:{kind}>'
            f'<w:{kind} w:id="2">{paragraphs(run(text))}</w:{kind}></w:{kind}s>',
        )  # fmt: skip
    comments = (
        ("Pat", "Is this right?\nYes."), ("Pat", "Since May."),
        (QUERY_AUTHOR, f"{QUERY_AUTHOR}: Write the number."), (QUERY_AUTHOR, f"{QUERY_AUTHOR}: Which?\nThe new one."),
    )  # fmt: skip
    inside = "".join(
        f'<w:comment w:id="{i}" w:author="{author}">{paragraphs(*map(run, text.split(chr(10))))}</w:comment>'
        for i, (author, text) in enumerate(comments)
    )
    form.add_part("comments", "comments", f"<w:comments {NAMES}>{inside}</w:comments>")
    reference = '<w:r><w:{} w:id="{}"/></w:r>'
    answer = run("Male") + reference.format("footnoteReference", 2) + run(" (self-described)")
    fill(form.answer("Gender"), paragraphs(answer))
    fill(form.answer("Risks to others"), paragraphs(run("None known.") + reference.format("endnoteReference", 2)))
    ranged = '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/>' + reference.format("commentReference", 0)
    fill(form.answer("Religion"), paragraphs(ranged.format(run("None"))))
    label = form.label("Risk of significant harm to self")
    label.find(w("p")).extend(xml(reference.format("commentReference", 1)))
    # The copy of a form that went back carries this program's own comments; people complete it and drop it again.
    form.answer("Surname").find(w("p")).extend(xml(reference.format("commentReference", 2)))
    form.answer("GP").find(w("p")).extend(xml(reference.format("commentReference", 3)))
    return form.save()


def hidden_text() -> bytes:
    form = ReferralDocument(GLYPH)
    fill(form.answer("Surname"), paragraphs(run("Not this", "<w:vanish/>") + run("Testcase")))
    fill(form.answer("GP"), paragraphs(run("Not this", "<w:vanish/>")))
    fill(form.answer("Team"), paragraphs(run("Red", '<w:vanish w:val="0"/>')))
    styles = form.parts["word/styles.xml"].decode()
    hide = '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    form.parts["word/styles.xml"] = styles.replace("</w:styles>", f"{hide}</w:styles>").encode()
    fill(form.answer("Religion"), paragraphs(run("Not this", '<w:rStyle w:val="Secret"/>') + run("None")))
    return form.save()


def any_script() -> bytes:
    form = ReferralDocument(CONTROLS)

    def plain(text: str) -> str:
        return control(run(text))

    form.write("Surname", "Żółć-O’Connor", how=plain)
    form.write("Forename(s)", "محمد علی", how=lambda text: run(text, "<w:rtl/>"))
    form.write("Known as / alias", "José 👩‍👩‍👧 ❤️", how=plain)
    form.write("First language", "اردو / ਪੰਜਾਬੀ / 中文", how=plain)
    form.write("Young person's views", "😀 “I’m fine” — נכון", how=plain)
    return form.save()


def macros() -> bytes:
    form = ReferralDocument(CONTROLS)
    types = form.parts["[Content_Types].xml"].decode()
    usual = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert usual in types
    form.parts["[Content_Types].xml"] = types.replace(
        usual, "application/vnd.ms-word.document.macroEnabled.main+xml"
    ).encode()
    form.parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 never run"
    return form.save()


def prompts_as_text() -> bytes:
    form = ReferralDocument(GLYPH)
    for label, text in {
        "Known as / alias": PROMPT, "Gender": "Choose an item.", "Date agreed": "Click or tap to enter a date.",
        "GP": f"Dr Example {PROMPT}", "Team": f"{PROMPT}Red team", "Ethnicity": "Asked to choose an item.",
    }.items():  # fmt: skip
        form.write(label, text)
    fill(form.answer("Religion"), paragraphs(control(run(PROMPT), '<w:showingPlcHdr w:val="0"/>')))
    fill(form.answer("Legal status"), paragraphs(control(run("Care order"), "<w:showingPlcHdr/>")))
    return form.save()


def not_known() -> bytes:
    form = ReferralDocument(GLYPH)
    for label, text in {
        "Known as / alias": "none", "Gender": "N/A", "Ethnicity": "n/k", "GP": "not known", "NHS number": "TBC",
    }.items():  # fmt: skip
        form.write(label, text)
    form.write("Social care ID", "N/A")
    form.write("Allocated worker", "not known")
    return form.save()


def other_specified() -> bytes:
    form = ReferralDocument(GLYPH)
    label = form.label("Other (please specify)")
    fill(form.tick_cell("Other (please specify)"), paragraphs(run("☒")))
    fill(label, paragraphs(run("Other (please specify): criminal exploitation"), run("since May")))
    label = form.label("Other professional (name and contact)")
    label.addnext(xml(f"<w:tc>{paragraphs(run('Dr A. Other, 01632 960009'))}</w:tc>")[0])
    return form.save()


def other_typed_over() -> bytes:
    form = ReferralDocument(GLYPH)
    fill(form.tick_cell("Other (please specify)"), paragraphs(run("x")))
    fill(form.label("Other (please specify)"), paragraphs(run("Other: fire setting")))
    fill(form.tick_cell("Other professional (name and contact)"), paragraphs(run("☒")))
    fill(form.label("Out of county placement"), paragraphs(run("Out of county placement – since May")))
    for label, text in {"Risk of significant harm to self": "No", "Risk of significant harm to others": "✓"}.items():
        form.label(label).addnext(xml(f"<w:tc>{paragraphs(run(text))}</w:tc>")[0])
    return form.save()


def labels_retyped() -> bytes:
    """Curly quotes, colons, capitals, dashes, rows in another order, two headings gone, the letters gone from one."""
    form = ReferralDocument(GLYPH)
    fill(form.label("Social care ID"), paragraphs(run("SOCIAL CARE\xa0ID :")))
    fill(form.label("Surname"), paragraphs(run("Surname*"), ""))
    fill(form.label("IRO / CP chair"), paragraphs(run("IRO/CP Chair:")))
    fill(form.label("Young person's views"), paragraphs(run("Young person’s views:")))
    fill(
        form.label("High-risk adolescent living in the community"),
        paragraphs(run("High–risk adolescent living in the community.")),
    )
    form.body.remove(form.heading("C. Case responsibility"))
    form.body.remove(form.heading("L. Sign-off"))
    replace(form.heading("B. Young person"), paragraphs(run("Section B – YOUNG PERSON")))
    replace(
        form.heading("I. What is getting in the way of engagement?"),
        paragraphs(run("What is getting in the way of engagement")),
    )
    table = form.label("Gender").getparent().getparent()
    rows = list(table.iterchildren(w("tr")))
    table.extend(reversed(rows))
    return form.save()


def sections_reordered() -> bytes:
    form = ReferralDocument(LEGACY)
    start, stop = form.heading("E. Criteria met (tick all that apply)"), form.heading("G. Agencies involved")
    moved = []
    el = start
    while el is not stop:
        moved.append(el)
        el = el.getnext()
    end = form.heading("For office use")
    for el in moved:
        end.addprevious(el)
    fill(form.answer("Allocated worker"), paragraphs(run("Team manager")))
    return form.save()


def section_missing() -> bytes:
    form = ReferralDocument(GLYPH)
    heading = form.heading("I. What is getting in the way of engagement?")
    form.body.remove(heading.getnext())
    form.body.remove(heading)
    return form.save()


def answers_in_label_cells() -> bytes:
    form = ReferralDocument(GLYPH)
    fill(form.label("Surname"), paragraphs(run("Surname: Testcase")))
    fill(form.answer("Surname: Testcase"), paragraphs(""))
    fill(form.label("Risks to others"), paragraphs(run("Risks to others"), run("None known.")))
    below = form.label("Risks to othersNone known.").getparent().getnext()
    below.getparent().remove(below)
    row = form.label("Gaps in provision").getparent().getnext()
    extra = copied(row)
    fill(next(cells(row)), paragraphs(run("No evening outreach")))
    fill(next(cells(extra)), paragraphs(run("in the north.")))
    form.heading("G. Agencies involved").addprevious(xml(paragraphs(run("Typed between the tables.")))[0])
    form.heading("A. Referral details").addprevious(xml(paragraphs(run("URGENT")))[0])
    return form.save()


def strict() -> bytes:
    form = ReferralDocument(GLYPH)
    form.save()
    for name, content in form.parts.items():
        for usual, strictly in (
            (
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
                b"http://purl.oclc.org/ooxml/wordprocessingml/",
            ),
            (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
        ):
            if name.endswith((".xml", ".rels")):
                content = content.replace(usual, strictly)
        form.parts[name] = content
    return packed(form.parts)


def another_main_part() -> bytes:
    """SharePoint calls the main part document2.xml."""
    form = ReferralDocument(GLYPH)
    form.save()
    for name in ("word/document.xml", "word/_rels/document.xml.rels"):
        form.parts[name.replace("document.xml", "document2.xml")] = form.parts.pop(name)
    for name in ("[Content_Types].xml", "_rels/.rels"):
        form.parts[name] = form.parts[name].replace(b"word/document.xml", b"word/document2.xml")
    return packed(form.parts)


FORMS_MADE = (
    controls_round_cells, controls_round_rows, dates_and_drop_downs, legacy_states, ticks_typed,
    ticks_typed_over_controls, runs_and_breaks, hyperlinks, tracked_changes, struck_out, text_boxes, added_rows,
    long_answers, remarks, hidden_text, any_script, macros, prompts_as_text, not_known, other_specified,
    other_typed_over, labels_retyped, sections_reordered, section_missing, answers_in_label_cells, strict,
    another_main_part,
)  # fmt: skip

# Saved again by LibreOffice Writer: all three generations, the blank, and the forms whose features it rewrites.
RESAVED = {
    "blank": BLANK, "controls": CONTROLS, "glyph": GLYPH, "legacy": LEGACY,
    **{name: OUT / f"{name}.docx" for name in (
        "controls-round-cells", "dates-and-drop-downs", "legacy-states", "ticks-typed", "tracked-changes", "struck-out",
        "text-boxes", "remarks", "any-script",
    )},
}  # fmt: skip


# As documents of Word 97 to 2003: all three generations.
OLD = {"controls": CONTROLS, "glyph": GLYPH, "legacy": LEGACY}


def saved_by_libreoffice(source: Path, kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
             "--outdir", folder, str(source)],
            check=True, capture_output=True,
        )  # fmt: skip
        return next(Path(folder).glob(f"{source.stem}.*")).read_bytes()


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for make in FORMS_MADE:
        name = make.__name__.replace("_", "-")
        (OUT / f"{name}.docx").write_bytes(make())
    for name, source in RESAVED.items():
        (OUT / f"libreoffice-{name}.docx").write_bytes(saved_by_libreoffice(source, "docx"))
    for name, source in OLD.items():
        (OUT / f"word-97-{name}.doc").write_bytes(saved_by_libreoffice(source, "doc:MS Word 97"))


if __name__ == "__main__":
    main()
