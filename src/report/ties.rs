//! Ties: two sums of figures that must be equal, proven for the period of their report.

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use super::figures::{Amount, Figures};
use super::spec::{Report, Term, Tie};
use crate::model::Lang;
use crate::reconcile::ControlTotal;

/// What a tie came to; `None` where exports do not tell one of its figures.
pub type Proven = Option<(i64, i64)>;

/// Both sides of every tie of a report.
pub fn prove(figures: &Figures<'_>, report: &Report, as_of: NaiveDate) -> PolarsResult<Vec<Proven>> {
    let mut proven = Vec::new();
    for tie in &report.ties {
        let period = tie.over.period(as_of);
        let sum = |terms: &[Term]| -> PolarsResult<Option<i64>> {
            let mut sum = 0_i128;
            for (sign, id) in terms {
                match figures.value(id, period)? {
                    Amount::Whole(value) => sum += i128::from(*sign) * i128::from(value),
                    _ => return Ok(None),
                }
            }
            Ok(i64::try_from(sum).ok())
        };
        proven.push(sum(&tie.left)?.zip(sum(&tie.right)?));
    }
    Ok(proven)
}

/// The control total of a report's strict tie, as the manifest calls it and as people read it.
pub fn control_names(report: &Report, lang: Lang) -> Vec<(String, String)> {
    let (title, pick) = match lang {
        Lang::Zh => (&report.zh, (|tie: &Tie| tie.zh.clone()) as fn(&Tie) -> String),
        Lang::En => (&report.en, (|tie: &Tie| tie.en.clone()) as fn(&Tie) -> String),
    };
    let name = |tie: &Tie| (control_name(report, tie), format!("{title} · {}", pick(tie)));
    report.ties.iter().filter(|tie| tie.strict).map(name).collect()
}

fn control_name(report: &Report, tie: &Tie) -> String {
    format!("{}: {}", report.id, tie.en)
}

/// The ties that are control totals of the run: two ways of computing one thing.
pub fn controls(figures: &Figures<'_>, due: &[&Report], as_of: NaiveDate) -> PolarsResult<Vec<ControlTotal>> {
    let mut controls = Vec::new();
    for report in due {
        for (tie, proven) in report.ties.iter().zip(prove(figures, report, as_of)?) {
            if let (true, Some((left, right))) = (tie.strict, proven) {
                controls.push(ControlTotal { name: control_name(report, tie), left, right });
            }
        }
    }
    Ok(controls)
}
