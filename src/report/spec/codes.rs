//! The codes of the field's catalogue: what each report is called there, whoever makes it.

use serde::Deserialize;

use crate::spec::{Spanned, SpecError, SpecFiles};

/// One report that the field knows.
#[derive(Debug, Clone)]
pub struct FieldCode {
    /// `A1`
    pub id: String,
    pub zh: String,
    pub en: String,
    /// For what people write: what answers it.
    pub note_zh: String,
    pub note_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCodes {
    code: Vec<RawCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCode {
    id: Spanned<String>,
    zh: String,
    en: String,
    #[serde(default)]
    note_zh: String,
    #[serde(default)]
    note_en: String,
}

/// All codes, in the order of their file.
pub fn load(files: &SpecFiles) -> Result<Vec<FieldCode>, SpecError> {
    let mut codes: Vec<FieldCode> = Vec::new();
    for file in files.under("codes") {
        for raw in file.read::<RawCodes>()?.code {
            if codes.iter().any(|c| c.id == *raw.id.get_ref()) {
                return Err(file.error_at(&raw.id, "this code exists already"));
            }
            let (id, zh, en) = (raw.id.into_inner(), raw.zh, raw.en);
            codes.push(FieldCode { id, zh, en, note_zh: raw.note_zh, note_en: raw.note_en });
        }
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use crate::ledger::ReadingSpecs;
    use crate::report::spec::Catalogue;
    use crate::spec::named::Named;
    use crate::spec::{SpecError, SpecFile, SpecFiles};

    fn catalogue(name: &str, text: &str) -> Result<Catalogue, SpecError> {
        let file = SpecFile { name: format!("report_specs/{name}"), text: text.to_owned(), of_shop: true };
        let files = SpecFiles::new(vec![file]);
        let reading = ReadingSpecs::load(&files)?;
        Catalogue::load(&files, &reading.tables, &Named::load(&files)?)
    }

    #[test]
    fn a_code_stands_once_and_a_report_names_codes_that_exist() {
        let twice = catalogue("codes_own.toml", "[[code]]\nid = \"A1\"\nzh = \"结算\"\nen = \"Settlements\"\n");
        assert!(twice.is_err_and(|error| error.line == 2 && error.message.contains("exists already")));
        let report = "id = \"own\"\ncodes = [\"A1\", \"Z9\"]\nzh = \"自\"\nen = \"Own\"\nperiod = \"daily\"\n\
                      workbook = \"sales\"\nsheet = []\n";
        let unknown = catalogue("reports/daily/own.toml", report);
        assert!(unknown.is_err_and(|error| error.line == 2 && error.message.contains("`Z9`")));
        assert!(catalogue("reports/daily/own.toml", &report.replace("Z9", "H4")).is_ok());
    }
}
