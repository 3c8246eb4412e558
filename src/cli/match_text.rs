//! What `match` says to people: a short summary, and what was wrong with the files.

use std::fmt::Write as _;

use super::output::{count, left, right};
use crate::finding::Finding;
use crate::model::{Lang, Text};
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::rules::{LEFT, RIGHT};
use crate::reconcile::matcher::{Bin, Bucket, Outcome, RowIndex, Skip, amount_text};
use crate::run::matching::Loaded;

/// Whether anything is not matched in full.
pub fn has_open(outcome: &Outcome<'_>) -> bool {
    let open = [Bin::AmountDiff, Bin::TimingDiff, Bin::Ambiguous, Bin::Unmatched, Bin::Duplicate];
    let rows = |bin: &Bin| outcome.totals.bin(LEFT, *bin).rows + outcome.totals.bin(RIGHT, *bin).rows;
    let is_refused = |(_, skip): &(RowIndex, Skip)| skip.is_refused();
    open.iter().any(|bin| rows(bin) > 0)
        || outcome.skipped.iter().flatten().any(is_refused)
        || outcome.entries().any(|(place, entry)| {
            entry.bucket == Bucket::Matched && (entry.ambiguous || !outcome.residuals(place, entry).is_empty())
        })
}

/// Whether a file was cut off, or nothing of it could be taken: what was matched is not the whole.
pub fn is_incomplete(loaded: &Loaded, outcome: &Outcome<'_>) -> bool {
    loaded.files.iter().any(|file| file.is_unread)
        || outcome.skipped.iter().zip(&loaded.sides).any(|(skipped, side)| {
            let is_cut = skipped.iter().any(|(_, skip)| *skip == Skip::CutOff);
            let lost = skipped.iter().filter(|(_, skip)| skip.is_refused()).count().max(side.damaged.len());
            is_cut || lost > 0 && lost == side.len()
        })
}

/// The buckets of both sides in rows and amounts, the proof, what a person must look at.
pub fn text(loaded: &Loaded, outcome: &Outcome<'_>, controls: &[ControlTotal], lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang);
    let rules = &loaded.rules;
    let name = if lang == Lang::Zh { &rules.zh } else { &rules.en };
    let mut out = String::new();
    let line = |out: &mut String, cells: [String; 5]| {
        let [title, rest @ ..] = cells;
        let _ = write!(out, "  {}", left(&title, 22)); // a string always takes it
        for cell in rest {
            let _ = write!(out, "{}", right(&cell, 18));
        }
        out.push('\n');
    };
    let _ = writeln!(
        out,
        "{}: {} × {}",
        if name.is_empty() { &rules.id } else { name },
        loaded.files[0].name,
        loaded.files[1].name
    );
    line(
        &mut out,
        [
            String::new(),
            say("左方行数", "left rows").to_owned(),
            say("左方金额", "left amount").to_owned(),
            say("右方行数", "right rows").to_owned(),
            say("右方金额", "right amount").to_owned(),
        ],
    );
    let amount = |units: i64| amount_text(units.into(), rules.scale);
    for bin in Bin::ALL {
        let [l, r] = [outcome.totals.bin(LEFT, bin), outcome.totals.bin(RIGHT, bin)];
        if l.rows + r.rows > 0 {
            let title = bin.title().get(lang).to_owned();
            line(&mut out, [title, count(l.rows), amount(l.amount), count(r.rows), amount(r.amount)]);
        }
    }
    let [l, r] = outcome.totals.read;
    let read = say("读入", "read").to_owned();
    line(&mut out, [read, count(l.rows), amount(l.amount), count(r.rows), amount(r.amount)]);
    if let Some(error) = &outcome.error {
        let _ = writeln!(out, "{}", error.text(rules.scale));
    }
    findings(loaded, lang, &mut out);
    for (decision, standing) in rules.decisions.iter().zip(&outcome.standings).filter(|(_, s)| s.id() != "applied") {
        let ids = decision.rows.concat().join(" ");
        let said = say("决定不再适用", "a decision does not fit");
        let _ = writeln!(out, "{said}: {} {ids}: {}", decision.kind.id(), standing.title().get(lang));
    }
    for control in controls.iter().filter(|c| !c.holds()) {
        let said = say("核对合计不符", "a control total fails");
        let _ = writeln!(out, "{said}: {}: {} ≠ {}", control.name, control.left, control.right);
    }
    out
}

/// Findings that are shown one by one.
const SHOWN: usize = 20;

/// What was wrong with the files, place by place.
fn findings(loaded: &Loaded, lang: Lang, out: &mut String) {
    let all: Vec<&Finding> = loaded.files.iter().flat_map(|file| &file.findings).collect();
    let place = Text::new("{0} 第 {1} 行 {2} 列", "{0} row {1} column {2}");
    let line = Text::new("{0} 第 {1} 行", "{0} row {1}");
    for finding in all.iter().take(SHOWN) {
        let row = finding.row.to_string();
        let file = [finding.file.as_str(), &finding.sheet].into_iter().filter(|name| !name.is_empty());
        let file = file.collect::<Vec<_>>().join(" ");
        let place = match (finding.row, finding.column.is_empty()) {
            (0, _) => file,
            (_, true) => line.fill(lang, &[&file, &row]),
            (_, false) => place.fill(lang, &[&file, &row, &finding.column]),
        };
        let count = if finding.count > 1 { format!(" (× {})", finding.count) } else { String::new() };
        let severity = finding.severity().title().get(lang);
        let _ = writeln!(out, "{severity}: {place}: {}{count}", finding.message(lang)); // a string always takes it
    }
    if all.len() > SHOWN {
        let more = Text::new("另有 {0} 项问题，见 --json", "{0} more findings: see --json");
        let _ = writeln!(out, "{}", more.fill(lang, &[&(all.len() - SHOWN).to_string()]));
    }
}
