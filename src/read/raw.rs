//! Raw tables: the cells of an export as they stand in it, before anybody says what they mean.

use chrono::{NaiveDate, NaiveDateTime};

/// One export, read.
#[derive(Debug, Clone, PartialEq)]
pub struct RawFile {
    pub format: Format,
    /// Text encoding of csv, tab text and HTML (`UTF-8`, `GB18030`, `UTF-16LE`, ...); empty for spreadsheets.
    pub encoding: String,
    pub sheets: Vec<RawSheet>,
    /// What was wrong on the way; a file with problems may still have sheets.
    pub problems: Vec<ReadProblem>,
}

/// The format of a file, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Ods,
    Csv,
    /// Tab-separated text.
    Tsv,
    Html,
    /// XML Spreadsheet 2003.
    Xml2003,
    /// A zip or tar file with exports in it.
    Archive,
    /// Nothing that this program reads, or nothing at all.
    Unknown,
}

/// One sheet, one HTML table, or the whole of a text file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawSheet {
    /// The tab's name; `表1`, `表2`, … for HTML tables; empty for text files. In an archive the entry's path before it.
    pub name: String,
    pub hidden: bool,
    /// A spreadsheet that counts its days from 1904: so do its number cells that stand for dates.
    pub is_1904: bool,
    /// Rows that have at least one cell that is not empty, in order of `number`.
    pub rows: Vec<RawRow>,
    /// Merged regions of the sheet, 0-based column, 1-based row, both ends included.
    pub merges: Vec<Merge>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// 1-based row as the spreadsheet shows it; the line number of a text file's record; the row of an HTML table.
    pub number: u32,
    /// From column A on; trailing empty cells are left out.
    pub cells: Vec<Cell>,
    /// Fields as written in a text file, trailing empty ones included; 0 where a row has places of its own (a spreadsheet).
    pub width: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    pub first_row: u32,
    pub last_row: u32,
    pub first_column: u32,
    pub last_column: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    /// Text as it stands, not trimmed.
    Text(String),
    /// A number cell of a spreadsheet: binary floating point, because that is what the file holds. Always finite.
    Number(f64),
    Date(NaiveDate),
    /// To the second, rounded from the cell's milliseconds.
    DateTime(NaiveDateTime),
    Bool(bool),
    /// `#N/A`, `#REF!`, ...
    Error(String),
    /// A formula whose value the file does not hold: never 0.
    NoValue,
}

/// Something wrong with a file, a sheet or a cell that only the reader can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadProblem {
    pub code: ProblemCode,
    /// Sheet name, empty where the whole file is meant.
    pub sheet: String,
    /// 1-based row, 0 where none is meant.
    pub row: u32,
    /// Column letter(s) as the spreadsheet shows them, empty where none is meant.
    pub column: String,
    /// The offending value or what the library said; short, never a whole file.
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemCode {
    /// 0 bytes, or white space only.
    FileEmpty,
    /// Cut off or damaged: the container or the text does not end as it must.
    FileDamaged,
    /// Protected by a password.
    FileEncrypted,
    /// Content of no known format (an executable, a picture, a PDF, xlsb ...).
    FileUnknown,
    /// Over a limit: bytes, unpacked bytes, entries, cells.
    FileTooLarge,
    /// The file was not read: the fenced reader died, ran out of memory or out of time on it, could not be started, or the
    /// system refused the file. This says nothing of its content; another time it may be read.
    ReaderFailed,
    /// A sheet that cannot be read although others can.
    SheetUnreadable,
    /// A hidden sheet: it is read all the same, and said.
    SheetHidden,
    /// Bytes that do not decode; the row is kept with U+FFFD in that cell.
    TextNotDecodable,
    /// A formula cell without a stored value.
    FormulaWithoutValue,
    /// A quoted field that never closes, or bytes NUL in text.
    TextMalformed,
    /// A cell far away from all others was left out.
    CellFarAway,
    /// The text ends inside its last row.
    TextCutOff,
    /// Lines in another encoding than the rest; they are read all the same.
    EncodingMixed,
    /// Text in fixed places without delimiters.
    FixedColumns,
    /// An archive of a kind that is not unpacked.
    ArchiveUnread,
    /// A text longer than a spreadsheet's cell can hold: its beginning is read.
    CellCut,
}
