//! How much one file may cost before it is refused.

/// Limits on one file. Whoever goes over one is reported and left out; the others are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size on disk.
    pub file_bytes: u64,
    /// Size of everything in a zip container once unpacked, counted, not believed.
    pub unpacked_bytes: u64,
    /// Cells in memory, the empty ones that pad a row included.
    pub cells: u64,
    /// Address space of the reading child.
    pub memory_bytes: u64,
    /// Time that the child has for one file.
    pub seconds_per_file: u64,
}

impl Default for Limits {
    /// The address space is what the largest allowed file needs (unpacked text, its cells and their encoding
    /// side by side) plus room for the spreadsheet library's own tables; a bounding box over a whole xls sheet
    /// is half a gigabyte and passes, one over a whole xlsx sheet is hundreds and does not.
    fn default() -> Self {
        Limits {
            file_bytes: 200 << 20,
            unpacked_bytes: 1 << 30,
            cells: 20_000_000,
            memory_bytes: 4 << 30,
            seconds_per_file: 60,
        }
    }
}

impl Limits {
    /// The limits as arguments of a reading child, in a fixed order.
    pub fn to_args(&self) -> Vec<String> {
        let numbers = [self.file_bytes, self.unpacked_bytes, self.cells, self.memory_bytes, self.seconds_per_file];
        numbers.iter().map(u64::to_string).collect()
    }

    /// Reads what [`Limits::to_args`] wrote; `None` where an argument is no number. Missing ones keep their default.
    pub fn from_args(args: &[String]) -> Option<Limits> {
        let mut limits = Limits::default();
        let fields: [&mut u64; 5] = [
            &mut limits.file_bytes,
            &mut limits.unpacked_bytes,
            &mut limits.cells,
            &mut limits.memory_bytes,
            &mut limits.seconds_per_file,
        ];
        for (field, text) in fields.into_iter().zip(args) {
            *field = text.parse().ok()?;
        }
        Some(limits)
    }
}

impl Limits {
    /// The longest record that a child may answer with, in bytes: about what the texts of the largest allowed file
    /// take, with room for the numbers of a workbook.
    pub(super) fn answer_bytes(&self) -> u64 {
        self.file_bytes.saturating_mul(2).saturating_add(64 << 20)
    }
}

/// Characters that a cell of a spreadsheet holds at most; a longer text is cut to it.
pub(super) const CELL_CHARS: usize = 32_767;

/// Entries in one zip container; a workbook with hundreds of sheets and pictures stays far below.
pub(super) const ZIP_ENTRIES: usize = 2_000;

/// What is left for the file being read of [`Limits::cells`], and of the bytes that its texts may take.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    cells: u64,
    text: u64,
}

/// The file has more cells than allowed, or more text in them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OverBudget;

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Budget { cells: limits.cells, text: limits.answer_bytes() }
    }

    pub(super) fn spend(&mut self, cells: u64) -> Result<(), OverBudget> {
        self.cells = self.cells.checked_sub(cells).ok_or(OverBudget)?;
        Ok(())
    }

    /// A text is put into a cell: one that stands in a million cells is a million texts.
    pub(super) fn spend_text(&mut self, bytes: usize) -> Result<(), OverBudget> {
        self.text = self.text.checked_sub(bytes as u64).ok_or(OverBudget)?;
        Ok(())
    }
}
