"""The tables of the register, as they are made."""

from __future__ import annotations

# Days are kept as 2026-11-21, moments as 2026-11-21 09:00:00.000000, lists as JSON.
# Every table by its name, with what it is made of.
TABLES = {
    "schema": """
        version INTEGER NOT NULL,
        PRIMARY KEY (version)
    """,
    # One row for a content, whatever its name: the constraint that makes "once" true.
    # `told`: set once the sender was told and the file has left the inbox; until then the same may be done again.
    "arrivals": """
        sha256 VARCHAR(64) NOT NULL,
        received_at DATETIME NOT NULL,
        told BOOLEAN NOT NULL,
        PRIMARY KEY (sha256)
    """,
    # One row for a form in it; `sheet` is "" for a Word form. `believed` is what was accepted, as JSON.
    "forms": """
        id INTEGER NOT NULL,
        sha256 VARCHAR(64) NOT NULL,
        sheet VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        case_ref VARCHAR,
        outcome VARCHAR NOT NULL,
        believed TEXT,
        PRIMARY KEY (id),
        UNIQUE (sha256, sheet),
        FOREIGN KEY(sha256) REFERENCES arrivals (sha256)
    """,
    # A pack's folder is reserved before it is written, so that a second try takes the same name.
    "packs": """
        sha256 VARCHAR(64) NOT NULL,
        case_ref VARCHAR NOT NULL,
        folder VARCHAR NOT NULL,
        PRIMARY KEY (sha256, case_ref),
        FOREIGN KEY(sha256) REFERENCES arrivals (sha256),
        UNIQUE (folder)
    """,
    "returns": """
        sha256 VARCHAR(64) NOT NULL,
        name VARCHAR NOT NULL,
        folder VARCHAR NOT NULL,
        PRIMARY KEY (sha256, name),
        FOREIGN KEY(sha256) REFERENCES arrivals (sha256),
        UNIQUE (folder)
    """,
    # Every letter drafted, in the order of `id`. `key`: its reference as slips are matched, whatever their capitals.
    "letters": """
        id INTEGER NOT NULL,
        "key" VARCHAR NOT NULL,
        sha256 VARCHAR(64) NOT NULL,
        case_ref VARCHAR NOT NULL,
        reference VARCHAR NOT NULL,
        purpose VARCHAR NOT NULL,
        recipient VARCHAR NOT NULL,
        who JSON NOT NULL,
        name VARCHAR NOT NULL,
        address JSON NOT NULL,
        drafted DATE NOT NULL,
        reply_by DATE NOT NULL,
        flag_since DATE,
        acknowledged DATE,
        PRIMARY KEY (id),
        UNIQUE ("key"),
        FOREIGN KEY(sha256) REFERENCES arrivals (sha256)
    """,
    # The time limits that run, computed anew whenever something of their case is recorded.
    "limits": """
        id INTEGER NOT NULL,
        case_ref VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        what VARCHAR NOT NULL,
        "by" DATE NOT NULL,
        clause VARCHAR NOT NULL,
        about VARCHAR NOT NULL,
        PRIMARY KEY (id)
    """,
    # The forms that went back and are not answered; `case_ref` is "" where the form did not say whose it is. `name` is
    # then a short hash of the file's plain name, by which its answer is known; never the name, which may be a young
    # person's.
    "awaited": """
        sha256 VARCHAR(64) NOT NULL,
        sheet VARCHAR NOT NULL,
        case_ref VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        name VARCHAR(16) NOT NULL,
        "by" DATE NOT NULL,
        PRIMARY KEY (sha256, sheet),
        FOREIGN KEY(sha256) REFERENCES arrivals (sha256)
    """,
    # The mark of every folder ever worked with: a folder that has lost it is a share that is gone.
    "folders": """
        path VARCHAR NOT NULL,
        mark VARCHAR NOT NULL,
        PRIMARY KEY (path)
    """,
    "audit": """
        number INTEGER NOT NULL,
        at TEXT NOT NULL,
        version TEXT NOT NULL,
        what TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        "case" TEXT NOT NULL,
        details TEXT NOT NULL,
        previous VARCHAR(64) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        PRIMARY KEY (number)
    """,
}
_INDEXES = (
    # With the content, so that all cases are listed without their forms, which are long.
    "CREATE INDEX IF NOT EXISTS ix_forms_case_content ON forms (case_ref, sha256)",
    "CREATE INDEX IF NOT EXISTS ix_packs_case_ref ON packs (case_ref)",
    # Windows and macOS take "Form.xlsx" and "form.xlsx" for the same.
    "CREATE UNIQUE INDEX IF NOT EXISTS packs_folder ON packs (lower(folder))",
    "CREATE UNIQUE INDEX IF NOT EXISTS returns_folder ON returns (lower(folder))",
    "CREATE INDEX IF NOT EXISTS ix_letters_sha256 ON letters (sha256)",
    "CREATE INDEX IF NOT EXISTS ix_letters_case_ref ON letters (case_ref)",
    "CREATE INDEX IF NOT EXISTS ix_limits_case_ref ON limits (case_ref)",
    "CREATE INDEX IF NOT EXISTS ix_awaited_name ON awaited (name)",
    "CREATE INDEX IF NOT EXISTS ix_awaited_case_ref ON awaited (case_ref)",
    'CREATE INDEX IF NOT EXISTS ix_audit_case ON audit ("case")',
)
# The record is added to and never changed. Whoever takes these away still has the digests against them.
_TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_no_{change.lower()} BEFORE {change} ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit record is only added to'); END"
    for change in ("UPDATE", "DELETE")
)
# What makes every table, index and trigger that is not there yet.
STATEMENTS = (
    *(f"CREATE TABLE IF NOT EXISTS {name} ({columns})" for name, columns in TABLES.items()),
    *_INDEXES,
    *_TRIGGERS,
)
