"""Forms are dropped by the hundred while two watchers are killed over and over; then everything is counted.

Some are of cases of their own. The others make courses: several forms of one young person, dropped together.

    python -m tests.torture --forms 300 --kills 200     # make torture
    python -m tests.torture --burst 5000                # make burst

Ends with 1 and says what is wrong where a form was lost, done twice or half done.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.health import last_said
from pipeline.register import Register
from pipeline.register.due import soonest_first
from pipeline.rules.course import assemble
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from tests.fill_word import fill
from tests.offices import EXAMPLES, tree

ROOT = Path(__file__).parent.parent
CASES = {name: entry["case"] for name, entry in json.loads((EXAMPLES / "expected.json").read_text("utf-8")).items()}
# Every band, both generations of Excel, three of Word; twice what makes the largest packs and what goes back.
KINDS = (
    *("matrix-must.xlsx", "matrix-must.xlsx", "matrix-consider.xlsx", "matrix-none.xlsx", "matrix-three-reviews.xlsx"),
    *("matrix-unanswered-but-certain.xlsx", "matrix-unanswered-and-uncertain.xlsx", "matrix-legacy.xls"),
    *("referral-controls.docx", "referral-glyph.docx", "referral-legacy.docx"),
    *("referral-incomplete.docx", "referral-incomplete.docx", "garbage", "garbage", "again", "again"),
    *("course", "course"),
)
OURS, OURS_CASE = EXAMPLES.parent / "ours", "CF104240"
# What gets a pack, whatever else is held on its case; a contact report and a slip get none.
WITH_PACK = ("matrix", "referral", "meeting-record")
LEASE = 1.5
SETTINGS = f"settle_seconds = 0.2\nsweep_seconds = 0.2\ndamaged_after_seconds = 1.5\nlease_seconds = {LEASE}\n"
PATIENCE = 120.0  # seconds without any progress until the campaign gives up


# Forms


@dataclass(frozen=True)
class Dropped:
    """``case``: the case, where it is of a course. ``after``: contents that nobody could have dropped it before."""

    name: str
    content: bytes
    case: str = ""
    after: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make_forms(count: int, dice: random.Random, kinds: Sequence[str] = KINDS) -> list[Dropped]:
    """``count`` files: forms of cases of their own, forms that go back, garbage, and the same again by another name."""
    made: list[Dropped] = []
    while (number := len(made)) < count:
        kind = dice.choice(kinds) if number else kinds[0]
        if kind == "again":
            before = made[-1]
            made.append(Dropped(f"{number:04} again {before.name}", before.content, before.case, before.after))
        elif kind == "garbage":
            made.append(Dropped(f"{number:04} garbage.xlsx", dice.randbytes(2_000)))
        elif kind == "course":
            made += course(number, together=dice.random() < 0.5)
        else:
            made.append(Dropped(f"{number:04} {kind}", form_of_its_own(kind, number)))
    return made


def course(number: int, together: bool) -> list[Dropped]:
    """The forms of one young person: the panel raises a flag, corrects its record, and at last removes the flag.

    ``together``: record and correction are dropped at once; else slips to the letters of the first come back too.
    """
    case = f"CF{number:06}"
    record = (OURS / "meeting-record.docx").read_bytes()

    def own(data: bytes, old: str = OURS_CASE) -> bytes:
        return with_id(data, old, number)

    def completed(day: str, **others: str) -> bytes:
        answers = {"A. The meeting/Date of meeting": day, "Q. Sign-off/Date completed": day}
        return own(fill(record, answers | {OF_A_RECORD[key]: answer for key, answer in others.items()}))

    panel = completed("10/11/2026")
    panel_hash = hashlib.sha256(panel).hexdigest()
    raised = () if together else (panel_hash,)
    made = [
        Dropped("referral.docx", own((EXAMPLES / "referral-glyph.docx").read_bytes(), CASES["referral-glyph.docx"])),
        Dropped("matrix.xlsx", own((EXAMPLES / "matrix-must.xlsx").read_bytes(), CASES["matrix-must.xlsx"])),
        Dropped("panel.docx", panel),
        Dropped("correction.docx", completed("10/11/2026", completed="11/11/2026", views="Two people."), after=raised),
        Dropped("group.docx", completed("12/11/2026", kind="Core Group", accepted="", flag="Keep", group="Establish")),
        Dropped("contact.docx", own((OURS / "contact-report.docx").read_bytes())),
    ]
    if not together:
        slip = (OURS / "acknowledgement-slip.docx").read_bytes()
        for letter in (1, 2):
            reference = f"{case}-{panel_hash[:8]}-{letter:02}"
            answers = {
                "A. The letter/Letter reference": reference,
                "B. Our reply/Date of reply": "14/11/2026",
            }
            made.append(Dropped(f"slip {letter}.docx", fill(slip, answers), after=raised))
    before = tuple(form.sha256 for form in made if not form.name.startswith("slip"))
    made.append(
        Dropped(
            "removal.docx",
            completed("17/11/2026", flag="Remove", review="", reason="The risk has fallen."),
            after=before,
        )
    )
    return [replace(form, name=f"{number + n:04} {form.name}", case=case) for n, form in enumerate(made)]


OF_A_RECORD = {
    "completed": "Q. Sign-off/Date completed",
    "kind": "A. The meeting/Type of meeting",
    "accepted": "F. Decision/Referral to the panel",
    "flag": "F. Decision/High-risk flag",
    "review": "F. Decision/Review the flag by",
    "reason": "F. Decision/Reason, where the decision differs from the matrix",
    "group": "F. Decision/Core Group decision",
    "views": "J. Views/Young person's views",
}


def form_of_its_own(kind: str, number: int) -> bytes:
    """The example with an ID that no other form has; the bytes differ also where the form has no ID."""
    return with_id((EXAMPLES / kind).read_bytes(), CASES[kind] or "CF000000", number)


def with_id(data: bytes, of: str, number: int) -> bytes:
    # As people write it: small, or with spaces.
    old = re.compile(r"\s?".join(of).encode(), re.IGNORECASE)
    new = f"CF{number:06}".encode()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return old.sub(new, data)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            own_time = (1980 + number % 100, 1 + number // 100 % 12, 1 + number // 1200 % 28, 0, 0, 0)
            target.writestr(zipfile.ZipInfo(entry.filename, own_time), old.sub(new, source.read(entry)))
    return file.getvalue()


# Programs


@dataclass
class Watchers:
    """Programs at one inbox, each in a session of its own, so that what they leave running can be found."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log.txt").open("ab") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", "pipeline", "watch"],
                cwd=self.folder,
                env=environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(program)
        self.begun.append(program.pid)
        return program

    def kill(self, program: subprocess.Popen[bytes]) -> int:
        """End it as a power cut would; its exit code, should it have ended by itself before."""
        program.kill()
        self.running.remove(program)
        return program.wait()

    def stop(self) -> list[int]:
        for program in self.running:
            program.send_signal(signal.SIGTERM)
        return [program.wait(60) for program in self.running]

    def left_over(self) -> list[int]:
        """Processes that outlived their program, such as a worker."""
        return [pid for pid in self.begun if processes_of(pid)]


def processes_of(session: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def pipeline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)


def workplace(folder: Path) -> Path:
    for name in ("inbox", "outbox"):
        (folder / name).mkdir(parents=True)
    (folder / "pipeline.toml").write_text(SETTINGS)
    return folder


@contextmanager
def watchers(folder: Path) -> Iterator[Watchers]:
    made = Watchers(folder)
    try:
        yield made
    finally:
        for pid in made.begun:
            for process in processes_of(pid):
                os.kill(process, signal.SIGKILL)
        for program in made.running:
            program.wait()


def drop(form: Dropped, inbox: Path, pause: float) -> None:
    """As a copy program does: in two pieces."""
    half = len(form.content) // 2
    with (inbox / form.name).open("wb", buffering=0) as file:
        file.write(form.content[:half])
        time.sleep(pause)
        file.write(form.content[half:])


# What must be true afterwards


def recorded(folder: Path) -> set[str]:
    """Contents of which the register tells how they ended."""
    return {row[0] for row in query(folder, "SELECT DISTINCT sha256 FROM forms")}


def query(folder: Path, sql: str) -> list[tuple[str, ...]]:
    path = folder / "records" / "register.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'forms'").fetchall():
            return []  # a program has just begun to make it
        return connection.execute(sql).fetchall()


def waiting_files(folder: Path) -> list[Path]:
    """Forms in the inbox, and forms that a program holds."""
    return [p for p in [*(folder / "inbox").iterdir(), *claims(folder)] if p.is_file()]


def faults(folder: Path, undisturbed: Path, forms: Sequence[Dropped]) -> list[str]:
    """Everything that is not as the run left it that nothing disturbed."""
    found = [f"still in the inbox: {p.name}" for p in waiting_files(folder)]
    done = recorded(folder)
    found += [f"nobody knows what became of {f.name}" for f in forms if f.sha256 not in done]
    rows = "SELECT sha256, sheet, kind, case_ref, outcome FROM forms ORDER BY sha256, sheet"
    if (register := query(folder, rows)) != query(undisturbed, rows):
        found.append(f"the register tells otherwise: {sorted(set(register) ^ set(query(undisturbed, rows)))[:3]}")
    counted = "SELECT sha256, what, count(*) FROM audit WHERE what IN ('accepted', 'published') GROUP BY sha256, what"
    if sorted(query(folder, counted)) != sorted(query(undisturbed, counted)):
        found.append("the audit record tells of a form accepted or published twice, or never")
    packs = tree(folder / "outbox")
    found += [f"no valid document: {path}" for path, content in packs.items() if not whole(path, content)]
    courses = {form.case for form in forms if form.case}
    found += differences(packs, tree(undisturbed / "outbox"), courses)
    found += differences(letters(folder), letters(undisturbed), courses)
    found += course_faults(folder, forms, packs)
    found += [f"left behind: {p.relative_to(folder)}" for p in strays(folder)]
    verified = pipeline("audit", "verify", cwd=folder)
    return found + ([f"audit verify: {verified.stdout}"] if verified.returncode else [])


def letters(folder: Path) -> dict[str, bytes]:
    """Receipts of accepted forms, and forms given back with their notes.

    Whether the same form by another name has a receipt of its own depends on how far the first one was.
    """
    return {k: v for k, v in tree(folder / "inbox").items() if not k.endswith("already received.txt")}


def differences(there: dict[str, bytes], expected: dict[str, bytes], courses: Set[str]) -> list[str]:
    """What differs outside the courses: their documents draw on what was there before, in the order of arrival."""
    there, expected = ({p: c for p, c in side.items() if case_in(p) not in courses} for side in (there, expected))
    found = [f"missing: {path}" for path in sorted(set(expected) - set(there))]
    found += [f"too much: {path}" for path in sorted(set(there) - set(expected))]
    for path in sorted(set(there) & set(expected)):
        if there[path] != expected[path] and timeless(there[path]) != timeless(expected[path]):
            found.append(f"other content: {path}")
    return found


def case_in(path: str) -> str:
    return found[0] if (found := re.search(r"\bCF\d{6}\b", path)) else ""


def course_faults(folder: Path, forms: Sequence[Dropped], packs: dict[str, bytes]) -> list[str]:
    """What is wrong with the courses, in whatever order their forms were worked off."""
    courses = sorted({form.case for form in forms if form.case})
    found = [f"{f.name}: not accepted" for f in forms if f.case and outcomes_of(folder, f.sha256) != {"accepted"}]
    register = Register.open(folder / "records" / "register.sqlite")
    for case in courses:
        drafted = register.letters(case)
        for purpose in ("flag", "removal"):
            told = Counter((letter.who, letter.flag_since) for letter in drafted if letter.purpose == purpose)
            found += [f"{case}: {n} {purpose} letters to {who[-1]}" for (who, _), n in told.items() if n > 1]
            on_disk = [p for p in packs if p.startswith(f"{case}/") and f"/{purpose.title()} letter - " in p]
            found += [] if len(on_disk) == sum(told.values()) > 0 else [f"{case}: {len(on_disk)} {purpose} letters"]
        flagged, removed = ({x.who for x in drafted if x.purpose == p} for p in ("flag", "removal"))
        found += [] if flagged == removed else [f"{case}: flagged and not removed: {flagged ^ removed}"]
        slips = sum("slip" in form.name and "again" not in form.name for form in forms if form.case == case)
        answered = [letter for letter in drafted if letter.acknowledged]
        found += [] if len(answered) == slips else [f"{case}: {slips} slips, {len(answered)} letters acknowledged"]
        afresh = assemble(case, register.case(case, besides=""))
        expected = soonest_first(dict.fromkeys(time_limits(afresh, standing(afresh), drafted)))
        kept = [limit for limit in register.limits(case) if limit.kind != "returned-form"]
        found += [] if kept == list(expected) else [f"{case}: the time limits are not those of its forms"]
    register.close()
    return found + pack_faults(folder, packs)


def outcomes_of(folder: Path, sha256: str) -> set[str]:
    return {row[0] for row in query(folder, f"SELECT outcome FROM forms WHERE sha256 = '{sha256}'")}


def pack_faults(folder: Path, packs: dict[str, bytes]) -> list[str]:
    """Each accepted form has exactly its pack, and in it just what the audit record tells of."""
    kinds = ", ".join(f"'{kind}'" for kind in WITH_PACK)
    accepted = f"SELECT DISTINCT sha256, case_ref FROM forms WHERE outcome = 'accepted' AND kind IN ({kinds})"
    wanted, reserved = set(query(folder, accepted)), query(folder, "SELECT sha256, case_ref, folder FROM packs")
    found = [f"a form without a pack, or a pack without its form: {x}" for x in wanted ^ {r[:2] for r in reserved}]
    there = {path.rpartition("/")[0] for path in packs}
    found += [f"a folder of no form, or no folder: {x}" for x in there ^ {r[2] for r in reserved}]
    told: dict[str, str] = {}
    for (details,) in query(folder, "SELECT details FROM audit WHERE what = 'published'"):
        told |= json.loads(details)["documents"]
    return found + [
        f"not as the audit record tells: {path}"
        for path in sorted(told.keys() | packs.keys())
        if path not in told or path not in packs or told[path] != hashlib.sha256(packs[path]).hexdigest()
    ]


def timeless(content: bytes) -> object:
    """The content without the dates and times that tell when it arrived."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: timeless(archive.read(name)) for name in archive.namelist()}
    return re.sub(
        rb"\d{1,2} [A-Z][a-z]+ 20\d\d|\d\d/\d\d/20\d\d( \d\d:\d\d)?|20\d\d-\d\d-\d\d(T[\d:.]+)?", b"", content
    )


def whole(path: str, content: bytes) -> bool:
    if path.endswith(".ics"):
        return content.endswith(b"END:VCALENDAR\r\n")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False


def strays(folder: Path) -> list[Path]:
    """Temporary files, staging folders, and claims of programs that are no more."""
    names = (".part", ".tmp")
    found = [p for p in folder.rglob("*") if p.name.endswith(names)]
    return [*found, *(folder / "inbox" / ".pipeline" / "claims").glob("*")]


# The campaigns


def torture(folder: Path, forms: int, kills: int, seed: int, say: Callable[[str], None] = print) -> list[str]:
    """Drop ``forms`` files while two watchers are killed ``kills`` times; what is wrong afterwards."""
    dice = random.Random(seed)
    dropped = make_forms(forms, dice)
    undisturbed = undisturbed_run(folder / "undisturbed", dropped)
    work = workplace(folder / "tortured")
    begun = time.monotonic()
    left = list(dropped)
    with_form_in_hand = 0
    faulty_ends = Counter[int]()
    with watchers(work) as programs:
        for _ in range(2):
            programs.start()
        for killed in range(kills):
            while len(dropped) - len(left) < len(dropped) * (killed + 1) / kills and (form := take_ready(left, work)):
                drop(form, work / "inbox", dice.choice([0, 0, 0.03]))
            victim = dice.choice(programs.running)
            time.sleep(dice.uniform(0.1, 1.2))
            if dice.random() < 0.6:  # a program spends most of its time waiting: seek it at work
                with_form_in_hand += wait_until(lambda: any(claims(work)), 3.0)
                time.sleep(dice.uniform(0, 0.15))
            if (code := programs.kill(victim)) != -signal.SIGKILL:
                faulty_ends[code] += 1
            programs.start()
        while left and wait_until(lambda: any(ready(form, work) for form in left), PATIENCE):
            drop(take_ready(left, work), work / "inbox", 0)
        quiet = not left and settle(work, dropped, programs)
        codes = programs.stop()
        wait_until(lambda: not programs.left_over(), 10.0)
        found = faults(work, undisturbed, dropped)
        found += [f"processes were left running: {len(programs.left_over())}"] if programs.left_over() else []
    found += [f"a watcher ended by itself with {code}, {n} times" for code, n in faulty_ends.items()]
    found += [f"a watcher that was asked to stop ended with {code}" for code in codes if code]
    found += [] if quiet else ["it did not come to rest"]
    outcomes = Counter(row[0] for row in query(work, "SELECT outcome FROM forms"))
    contents, courses = len({f.sha256 for f in dropped}), len({f.case for f in dropped if f.case})
    say(
        f"seed {seed}: {len(dropped)} files dropped ({contents} contents, {courses} courses), {kills} kills of two "
        f"watchers, {with_form_in_hand} of them sought out at work, in {time.monotonic() - begun:.0f} s"
    )
    say(f"forms {dict(sorted(outcomes.items()))}, {len(tree(work / 'outbox'))} documents, "
        f"{len(query(work, 'SELECT number FROM audit'))} audit lines")  # fmt: skip
    return found


def claims(folder: Path) -> list[Path]:
    """Files that a program holds."""
    while True:
        try:
            return [*(folder / "inbox" / ".pipeline" / "claims").glob("*/*/*")]
        except FileNotFoundError:
            continue  # one was cleared away meanwhile


def ready(form: Dropped, folder: Path) -> bool:
    """Whether all that it follows has been worked off."""
    return not form.after or set(form.after) <= recorded(folder)


def take_ready(left: list[Dropped], folder: Path) -> Dropped | None:
    """The next form that can be dropped now, taken out of those that are ``left``."""
    form = next((form for form in left if ready(form, folder)), None)
    if form:
        left.remove(form)
    return form


def undisturbed_run(folder: Path, forms: Sequence[Dropped]) -> Path:
    work, left = workplace(folder), list(forms)
    while left:
        for form in [form for form in left if ready(form, work)]:
            left.remove(form)
            drop(form, work / "inbox", 0)
        completed = pipeline("run", "--json", cwd=work)
        assert completed.returncode == 0, completed.stderr
    return work


def settle(folder: Path, forms: Sequence[Dropped], programs: Watchers) -> bool:
    """Wait until nothing is left to do and the claims of the dead are cleared away; False without any progress."""
    wanted = {f.sha256 for f in forms}
    silent = {program.pid for program in programs.running}
    begun = since = time.monotonic()
    last = -1
    while time.monotonic() - since < PATIENCE:
        if said := last_said(folder / "records"):
            silent.discard(said.program)
        left = len(wanted - recorded(folder)) + len(waiting_files(folder)) + len(silent)
        if left == 0 and time.monotonic() - begun > 2 * LEASE:
            return True
        if left != last:
            last, since = left, time.monotonic()
        time.sleep(0.1)
    return False


def wait_until(what: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.002)
    return False


def burst(folder: Path, forms: int, say: Callable[[str], None] = print) -> tuple[list[str], int]:
    """Drop ``forms`` small forms at once before one watcher; what is wrong afterwards, and its peak memory in MB."""
    work = workplace(folder)
    dropped = make_forms(forms, random.Random(0), ["matrix-none.xlsx"])
    for form in dropped:
        drop(form, work / "inbox", 0)
    peaks: dict[int, int] = {}
    marks = [n for n in (100, 500, 1000, 2000, 5000, forms) if n <= forms]
    with watchers(work) as programs:
        program = programs.start()
        begun = last = time.monotonic()
        before = done = 0
        while done < forms and time.monotonic() - last < PATIENCE:
            time.sleep(0.2)
            for pid in processes_of(program.pid):
                peaks[pid] = max(peaks.get(pid, 0), peak_of(pid))
            now_done = len(recorded(work))
            if now_done > done:
                done, last = now_done, time.monotonic()
            while marks and done >= marks[0]:
                each = (time.monotonic() - begun) / (done - before) * 1000
                say(f"{done} forms: {each:.0f} ms a form since the last line, peak {peaks[program.pid]} MB")
                begun, before = time.monotonic(), done
                marks = [n for n in marks if n > done]
        alive = pipeline("status", cwd=work)
        codes = programs.stop()
    found = [f"still in the inbox: {len(waiting_files(work))}"] if waiting_files(work) else []
    found += [f"only {done} of {forms} were worked off"] if done < forms else []
    found += [f"the watcher ended with {code}" for code in codes if code]
    found += [f"status: {alive.stdout}"] if alive.returncode else []
    accepted = query(work, "SELECT count(*) FROM forms WHERE outcome = 'accepted'")[0][0]
    packs, receipts = len([*(work / "outbox").glob("CF*/*")]), len([*(work / "inbox" / "receipts").iterdir()])
    found += [] if [accepted, packs, receipts] == [forms] * 3 else [f"{accepted=} {packs=} {receipts=}"]
    others = max((mb for pid, mb in peaks.items() if pid != program.pid), default=0)
    say(f"{forms} forms: peak {peaks[program.pid]} MB in the watcher, {others} MB in the largest of its workers")
    return found, max(peaks.values())


def peak_of(pid: int) -> int:
    """Peak resident memory in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--forms", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--burst", type=int, default=0, metavar="FORMS")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work there, and leave everything to be looked at")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="torture-"))
    if arguments.burst:
        found, _ = burst(folder / "burst", arguments.burst)
    else:
        found = torture(folder, arguments.forms, arguments.kills, arguments.seed)
    for fault in found:
        print(fault)
    print("nothing is wrong" if not found else f"{len(found)} things are wrong")
    if not arguments.keep:
        shutil.rmtree(folder)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
