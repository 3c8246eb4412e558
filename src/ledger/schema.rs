//! The tables of ledger.db. Money is INTEGER fen; an IT person can open it with any SQLite tool.

use std::fmt::Write as _;

use crate::model::{ColumnKind, TableDef};

/// Raised whenever the fixed tables below change.
pub const SCHEMA_VERSION: i64 = 3;

/// What is true of the files and of past runs; the typed tables are made from the table specs.
pub const FIXED: &str = "
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- Every file taken, in the order of taking; content that comes back under a name that had another since is taken again.
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    -- The newest reporting date that was published when it was taken: what it changes up to there is a late change.
    taken_after TEXT
) STRICT;
-- Every name under which a file came: the same content again, or an empty export of another day.
CREATE TABLE IF NOT EXISTS names (
    name TEXT NOT NULL,
    file INTEGER NOT NULL REFERENCES files (id),
    PRIMARY KEY (name, file)
) STRICT;
-- What was reported: one row for every reporting date and revision.
CREATE TABLE IF NOT EXISTS published (
    as_of TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    PRIMARY KEY (as_of, revision)
) STRICT;
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

/// What version 1 lacks beside tables.
pub const FROM_1: &str = "ALTER TABLE files ADD COLUMN taken_after TEXT;";

/// What version 2 lacks beside what [`BEFORE_3`] makes anew.
pub const FROM_2: &str = "ALTER TABLE closes ADD COLUMN done_by TEXT NOT NULL DEFAULT '';";

/// Shows a ledger of version 2 as one of this version to who only looks at it: nothing of it is changed.
pub const VERSION_2_SEEN: &str = "CREATE TEMP VIEW closes AS SELECT *, '' AS done_by FROM main.closes;";

/// Up to version 2 the content of a file was taken once, whatever came under its name since. Derived tables refer to the
/// files; they are made anew.
pub const BEFORE_3: &str = "
DELETE FROM meta WHERE name = 'specs';
DROP TABLE IF EXISTS findings;
DROP TABLE IF EXISTS controls;
DROP TABLE IF EXISTS sheets;
DROP TABLE IF EXISTS headings;
DROP TABLE IF EXISTS exports;
CREATE TEMP TABLE held_names AS SELECT name, file FROM names;
DROP TABLE names;
CREATE TABLE files_of_3 (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    taken_after TEXT
) STRICT;
INSERT INTO files_of_3 SELECT id, sha256, name, bytes, taken_after FROM files;
DROP TABLE files;
ALTER TABLE files_of_3 RENAME TO files;
CREATE TABLE names (
    name TEXT NOT NULL,
    file INTEGER NOT NULL REFERENCES files (id),
    PRIMARY KEY (name, file)
) STRICT;
INSERT INTO names SELECT name, file FROM held_names;
DROP TABLE held_names;
";

/// Shows a ledger of version 1 as one of this version to who only looks at it: nothing of it is changed.
pub const VERSION_1_SEEN: &str = "
CREATE TEMP VIEW files AS SELECT id, sha256, name, bytes, NULL AS taken_after FROM main.files;
CREATE TEMP VIEW closes AS SELECT 0 AS id, '' AS month, '' AS action, '' AS state, '' AS at, '' AS reason,
    '' AS accepted, '' AS digest, '' AS manifest_sha256, 0 AS last_file, 0 AS items, 0 AS amount_fen, '' AS done_by WHERE 0;
CREATE TEMP VIEW closed_items AS SELECT 0 AS close_id, 0 AS is_receipt, '' AS key, '' AS number, '' AS category,
    0 AS diff_fen, NULL AS changed_on WHERE 0;
";

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
    refused_unread INTEGER NOT NULL
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
