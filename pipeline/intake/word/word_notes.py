"""What the reader of a Word form may see beside clear answers: what each is, and how to put it right."""

from __future__ import annotations

# code → (what, remedy)
NOTES = {
    "struck-out": (
        "Something is struck out here; what is struck out was not read.",
        "Nothing is needed if that is what you mean. Else take the line out and drop the form again.",
    ),
    "struck-label": (
        "Part of the form's own words is struck out here, which cannot be read as an answer.",
        "Write the answer in the space for it and drop the form again.",
    ),
    "struck-tick": (
        "This box is ticked, but its words are struck out; it was read as not ticked.",
        "Tick the box or leave it empty, take the line out, and drop the form again.",
    ),
    "contradiction": (
        "The tick box looks other than Word has it stored; it was read as ticked.",
        "Nothing is needed if that is right. Else click the box until it is empty and drop the form again.",
    ),
    "unclear-tick": (
        "What stands in this box is neither clearly a tick nor clearly none; it was read as not ticked.",
        "Tick the box or leave it empty, and drop the form again.",
    ),
    "unclear-answer": (
        "It is not clear whether the answer is Yes or No; it was read as not answered.",
        "Tick one of the two boxes and drop the form again.",
    ),
    "picture": (
        "There is a picture or a drawing here, which cannot be read.",
        "Write in words what it says and drop the form again.",
    ),
    "joined": (
        "LibreOffice has run the lines of this answer together; where each began is not certain.",
        "Nothing is needed if it reads well. Else put the line breaks back and drop the form again.",
    ),
    "clock": (
        "Word puts this date in by itself and changes it whenever the form is opened; what it showed last was read.",
        "If that is not the date you mean, delete it, type the date and drop the form again.",
    ),
    "prompt": (
        "The words here are marked as a prompt that nobody has replaced, so they were read as blank.",
        "If they are your answer, click into them, type the answer and drop the form again.",
    ),
    "outside": (
        "Something is written outside the spaces for answers; it is kept as a remark.",
        "If it answers a question of the form, write it in the space for that answer and drop the form again.",
    ),
    "answered-twice": (
        "This question stands on the form more than once, with different answers; both were kept.",
        "Leave one of them and drop the form again.",
    ),
}
