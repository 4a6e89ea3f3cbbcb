"""The tables of the register."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

meta = sa.MetaData()

schema = sa.Table("schema", meta, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))

# One row for a content, whatever its name: the constraint that makes "once" true.
arrivals = sa.Table(
    "arrivals",
    meta,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("received_at", sa.DateTime, nullable=False),
    # Set once the sender was told and the file has left the inbox: until then the same may be done again.
    sa.Column("told", sa.Boolean, nullable=False, default=False),
)

# One row for a form in it; `sheet` is "" for a Word form. `believed` is what was accepted, as JSON.
forms = sa.Table(
    "forms",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), nullable=False),
    sa.Column("sheet", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("case_ref", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("believed", sa.Text),
    sa.UniqueConstraint("sha256", "sheet"),
    # With the content, so that all cases are listed without their forms, which are long.
    sa.Index("ix_forms_case_content", "case_ref", "sha256"),
)

# A pack's folder is reserved before it is written, so that a second try takes the same name.
packs = sa.Table(
    "packs",
    meta,
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), primary_key=True),
    sa.Column("case_ref", sa.String, primary_key=True, index=True),
    sa.Column("folder", sa.String, nullable=False, unique=True),
)

returns = sa.Table(
    "returns",
    meta,
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("folder", sa.String, nullable=False, unique=True),
)

# Windows and macOS take "Form.xlsx" and "form.xlsx" for the same.
for _table in (packs, returns):
    sa.Index(f"{_table.name}_folder", sa.func.lower(_table.c.folder), unique=True)

# Every letter drafted, in the order of `id`. `key`: its reference as slips are matched, whatever their capitals.
letters = sa.Table(
    "letters",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), nullable=False, index=True),
    sa.Column("case_ref", sa.String, nullable=False, index=True),
    sa.Column("reference", sa.String, nullable=False),
    sa.Column("purpose", sa.String, nullable=False),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("who", sa.JSON, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("address", sa.JSON, nullable=False),
    sa.Column("drafted", sa.Date, nullable=False),
    sa.Column("reply_by", sa.Date, nullable=False),
    sa.Column("flag_since", sa.Date),
    sa.Column("acknowledged", sa.Date),
)

# The time limits that run, computed anew whenever something of their case is recorded.
limits = sa.Table(
    "limits",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_ref", sa.String, nullable=False, index=True),
    *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "what")),
    sa.Column("by", sa.Date, nullable=False),
    *(sa.Column(name, sa.String, nullable=False) for name in ("clause", "about")),
)

# The forms that went back and are not answered; `case_ref` is "" where the form did not say whose it is. `name` is then
# a short hash of the file's plain name, by which its answer is known; never the name, which may be a young person's.
awaited = sa.Table(
    "awaited",
    meta,
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), primary_key=True),
    sa.Column("sheet", sa.String, primary_key=True),
    sa.Column("case_ref", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("name", sa.String(16), nullable=False, index=True),
    sa.Column("by", sa.Date, nullable=False),
)

# The mark of every folder ever worked with: a folder that has lost it is a share that is gone.
folders = sa.Table(
    "folders",
    meta,
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("mark", sa.String, nullable=False),
)

audit = sa.Table(
    "audit",
    meta,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "version", "what", "sha256", "case", "details")),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
sa.Index("ix_audit_case", audit.c.case)

# The record is added to and never changed. Whoever takes these away still has the digests against them.
for _change in ("UPDATE", "DELETE"):
    sa.event.listen(
        audit,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_no_{_change.lower()} BEFORE {_change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit record is only added to'); END"
        ).execute_if(dialect="sqlite"),
    )


def tables() -> Mapping[str, sa.Table]:
    """Every table, by its name."""
    return meta.tables
