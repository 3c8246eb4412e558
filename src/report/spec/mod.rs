//! What figure, report and workbook specs say: raw form as typed, checked form as the program uses it.

mod codes;
mod figures;
mod reports;

pub use codes::FieldCode;
pub use figures::{Base, Figure, Formula, Ratio, Scope, Term, Unit, bases};
pub use reports::{
    Against, Block, BlockKind, Chart, ChartKind, ListColumn, ListSpec, Over, Report, SheetSpec, Span, Step, TableSpec,
    Tie, Workbook,
};

use std::collections::BTreeMap;

use crate::spec::named::Named;
use crate::spec::tables::Tables;
use crate::spec::{SpecError, SpecFiles};

/// All figures, reports and workbooks of a run.
pub struct Catalogue {
    /// By id.
    pub figures: BTreeMap<String, Figure>,
    /// In order of period and place.
    pub reports: Vec<Report>,
    pub workbooks: Vec<Workbook>,
    /// The reports that the field knows; a report names those that it answers.
    pub codes: Vec<FieldCode>,
    /// The texts that made it, for the digest of a run.
    pub text: String,
}

impl Catalogue {
    /// A spec with an error is refused before any data is read.
    pub fn load(files: &SpecFiles, tables: &Tables, named: &Named) -> Result<Catalogue, SpecError> {
        let figures = figures::load(files, tables, named)?;
        let workbooks = reports::load_workbooks(files, &figures)?;
        let codes = codes::load(files)?;
        let reports = reports::load(files, tables, named, &figures, &workbooks, &codes)?;
        let folders = ["codes", "figures/", "reports/", "settings", "workbooks"];
        let text = folders.iter().flat_map(|f| files.under(f)).map(|f| format!("{}\n{}\n", f.name, f.text)).collect();
        Ok(Catalogue { figures, reports, workbooks, codes, text })
    }
}
