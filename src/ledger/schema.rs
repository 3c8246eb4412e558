//! The tables of ledger.db. Money is INTEGER fen; an IT person can open it with any SQLite tool.

use std::fmt::Write as _;

use crate::model::{ColumnKind, TableDef};

/// Raised whenever the fixed tables below change.
pub const SCHEMA_VERSION: i64 = 4;

/// What is true of the files and of past runs, all of it made from the lines of the log; the typed tables are made from
/// the table specs. `n` is always the number of a line.
pub const FIXED: &str = "
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- The log, line by line, as journal.log has it.
CREATE TABLE IF NOT EXISTS journal (n INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
-- Every arrival of a file with content that its name did not have before.
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    -- The newest reporting date that was published when it was taken: what it changes up to there is a late change.
    taken_after TEXT,
    n INTEGER NOT NULL,
    -- When it could be read at last, where it could not at first, or when it lost a name.
    read_n INTEGER,
    -- 'withdrawn' by a person, or 'removed' from the inbox while nothing of it could be used; it counts no more.
    gone TEXT,
    gone_n INTEGER,
    -- The day that it was of.
    gone_date TEXT
) STRICT;
-- Every further name under which a file came: the same content again, or an empty export of another day.
CREATE TABLE IF NOT EXISTS names (
    name TEXT NOT NULL,
    file INTEGER NOT NULL REFERENCES files (id),
    n INTEGER NOT NULL,
    PRIMARY KEY (name, file)
) STRICT;
-- What was reported: one row for every reporting date and revision.
CREATE TABLE IF NOT EXISTS published (
    as_of TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    -- JSON: the hash of each file by its name; the tables that its reports lacked.
    files TEXT NOT NULL,
    lacks TEXT NOT NULL,
    -- The newest line that it knows of.
    knows INTEGER NOT NULL,
    -- 0 where the day had not ended: it counts as not reported.
    ended INTEGER NOT NULL,
    -- JSON: what it was published incomplete for, in words.
    missing TEXT NOT NULL,
    -- Digests of the shop's own settings and specs, and of the program with its built-in specs.
    own TEXT NOT NULL,
    made_by TEXT NOT NULL,
    -- Entries of the inbox that could not be taken when it was made.
    entries INTEGER NOT NULL,
    n INTEGER NOT NULL,
    -- The line that took it back.
    taken_back INTEGER,
    -- 1 where the kept revision is gone for good, on the record.
    lost INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (as_of, revision)
) STRICT;
-- Dates that were asked for and have no report yet.
CREATE TABLE IF NOT EXISTS asked (as_of TEXT PRIMARY KEY) STRICT;
-- Every close and reopening of a month, in order; the newest of a month that is `done` holds.
CREATE TABLE IF NOT EXISTS closes (
    id INTEGER PRIMARY KEY,
    month TEXT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    accepted TEXT NOT NULL,
    digest TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    last_file INTEGER NOT NULL,
    items INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    -- Who did it; empty where a version of before did not ask.
    done_by TEXT NOT NULL DEFAULT ''
) STRICT;
-- The open items with which a month was closed: the next month opens with exactly these.
CREATE TABLE IF NOT EXISTS closed_items (
    close_id INTEGER NOT NULL REFERENCES closes (id),
    is_receipt INTEGER NOT NULL,
    key TEXT NOT NULL,
    number TEXT NOT NULL,
    category TEXT NOT NULL,
    diff_fen INTEGER NOT NULL,
    changed_on TEXT
) STRICT;
";

/// The fixed tables beside `meta`, those that refer to others first.
pub const FIXED_TABLES: [&str; 7] = ["closed_items", "closes", "asked", "published", "names", "files", "journal"];

/// Derived from the archive by the specs: dropped and made again when a spec changes.
pub const DERIVED: &str = "
CREATE TABLE exports (
    file INTEGER PRIMARY KEY REFERENCES files (id),
    format TEXT NOT NULL,
    encoding TEXT NOT NULL,
    export_date TEXT,
    made_at TEXT
) STRICT;
CREATE TABLE sheets (
    file INTEGER NOT NULL REFERENCES files (id),
    sheet TEXT NOT NULL,
    source TEXT NOT NULL,
    table_id TEXT NOT NULL,
    heading_row INTEGER NOT NULL,
    -- Rows of the sheet that have a cell = rows that are no record of the table + rows read.
    rows_sheet INTEGER NOT NULL,
    rows_no_record INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_taken INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    -- What the rejected rows say in the table's amount, as far as it can be read, and how many say it unreadably.
    refused_fen INTEGER NOT NULL,
    refused_unread INTEGER NOT NULL,
    -- Of a table of events: the digest of the rows taken, so that an export that only repeats another is seen.
    rows_digest TEXT NOT NULL
) STRICT;
CREATE TABLE controls (
    file INTEGER NOT NULL REFERENCES files (id),
    sheet TEXT NOT NULL,
    row INTEGER NOT NULL,
    heading TEXT NOT NULL,
    column_letters TEXT NOT NULL,
    sum_fen INTEGER NOT NULL,
    total_fen INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    is_grand INTEGER NOT NULL,
    -- Amounts among the rows summed that cannot be read.
    unread INTEGER NOT NULL
) STRICT;
CREATE TABLE findings (
    file INTEGER NOT NULL REFERENCES files (id),
    code TEXT NOT NULL,
    sheet TEXT NOT NULL,
    row INTEGER NOT NULL,
    column_letters TEXT NOT NULL,
    value TEXT NOT NULL,
    args TEXT NOT NULL,
    count INTEGER NOT NULL
) STRICT;
-- The columns of a sheet that a source reads, and the heading that fills each.
CREATE TABLE headings (
    file INTEGER NOT NULL REFERENCES files (id),
    sheet TEXT NOT NULL,
    source TEXT NOT NULL,
    heading TEXT NOT NULL,
    column_name TEXT NOT NULL
) STRICT;
";

pub const DERIVED_TABLES: [&str; 5] = ["findings", "controls", "sheets", "headings", "exports"];

/// Every table that is derived, those of rows first, as far as they are there.
pub fn derived_tables(db: &rusqlite::Connection) -> rusqlite::Result<Vec<String>> {
    let rows = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'rows\\_%' ESCAPE '\\'";
    let mut names: Vec<String> = db.prepare(rows)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut is_there = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    for name in DERIVED_TABLES {
        if is_there.exists([name])? {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Name of the SQL table that holds a table's rows.
pub fn rows_table(table: &TableDef) -> String {
    format!("rows_{}", table.id)
}

/// The SQL that makes a table's rows: origin, key, then its own columns.
pub fn create_rows(table: &TableDef) -> String {
    let mut sql = format!(
        "CREATE TABLE \"{}\" (file INTEGER NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL, \
         twin INTEGER NOT NULL, key TEXT NOT NULL, void INTEGER NOT NULL",
        rows_table(table)
    );
    for column in &table.columns {
        let kind = match column.kind {
            ColumnKind::Text | ColumnKind::Key | ColumnKind::Word(_) | ColumnKind::Date | ColumnKind::Time => "TEXT",
            ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int | ColumnKind::Bool => "INTEGER",
        };
        let _ = write!(sql, ", \"{}\" {kind}", sql_name(&column.name, column.kind)); // a string always takes it
    }
    sql + ") STRICT"
}

/// The unit stands in the column's name, so that nobody takes fen for yuan.
pub fn sql_name(name: &str, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Fen => format!("{name}_fen"),
        ColumnKind::Hours => format!("{name}_x100"),
        ColumnKind::Micro => format!("{name}_micro"),
        _ => format!("c_{name}"),
    }
}
