//! One reporting date: state, clearing, workbooks, folder.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::missing::{Came, Missing};
use super::put::{Manifest, bytes_of, put};
use super::reckoning::{Reckoning, reckon};
use super::{
    Books, DateOutcome, Request, RunError, Shop, changes, close, columns, inputs, missing, quantities, totals, unread,
    unusable,
};
use crate::finding::{Code, Finding, Severity};
use crate::ledger::{FileRecord, LedgerError, Moment, Published, hash_of};
use crate::model::dates::first_of_month;
use crate::model::{Fen, Row, Text};
use crate::publish::{self, Files, ReportEntry};
use crate::reconcile::{self, Category, CheckKind, Clearing, ControlTotal, Reconciled, RollForward};
use crate::report::{self, About, CloseFacts, Figures, Input, Material, Report, RunFacts, Sources, Span};

use crate::workbook;

/// Reconciles and publishes one date. Where a control total fails, nothing of it is published.
pub fn report(
    shop: &Shop,
    books: &Books<'_>,
    as_of: NaiveDate,
    request: &Request,
    purpose: Purpose<'_>,
    record: Record<'_>,
) -> Result<DateOutcome, RunError> {
    tracing::debug!(%as_of, "date begins");
    let reckoning = reckon(shop, books, as_of);
    with_figures(shop, books, &reckoning, request, purpose, |made| publish(shop, books, request, purpose, made, record))
}

/// Every control total of a date, those of ties between reports too.
pub fn controls(
    shop: &Shop,
    books: &Books<'_>,
    as_of: NaiveDate,
    request: &Request,
) -> Result<Vec<ControlTotal>, RunError> {
    let reckoning = reckon(shop, books, as_of);
    with_figures(shop, books, &reckoning, request, Purpose::Report, |figured| Ok(figured.facts.controls.clone()))
}

/// A date with its figures, before any file is made of it.
struct Figured<'f> {
    material: &'f Material<'f>,
    figures: &'f Figures<'f>,
    facts: &'f DayFacts,
    due: &'f [&'f Report],
}

/// Computes what the reports of a date rest on and hands it over.
fn with_figures<R>(
    shop: &Shop,
    books: &Books<'_>,
    reckoning: &Reckoning<'_>,
    request: &Request,
    purpose: Purpose<'_>,
    act: impl FnOnce(&Figured<'_>) -> Result<R, RunError>,
) -> Result<R, RunError> {
    let Reckoning { as_of, state, reconciled, names, .. } = reckoning;
    let rolls = reckoning.roll_forwards(shop, books);
    tracing::debug!("rolled forward");
    let mut facts = day_facts(shop, books, request, reckoning, &rolls);
    let due = due(shop, request, *as_of, &facts);
    let received = facts.inputs.iter().map(|i| i.table.clone()).collect();
    let numbers = reconcile::Numbers::new(&reconciled.facts);
    let run = run_facts(shop, &facts, &due, purpose);
    let (reach, refused) = (facts.reach.clone(), facts.refused.clone());
    let material = Material {
        as_of: *as_of,
        lang: shop.lang,
        tables: &shop.reading.tables,
        rows: &|table: &str| -> &[Row] { state.rows(table) },
        reconciled,
        numbers: &numbers,
        roll_forwards: &rolls,
        limits: shop.config.settings.limits,
        named: &shop.config.named,
        received: &received,
        reach: &reach,
        refused: &refused,
        workshop: &shop.config.workshop,
        run: &run,
        file_name: &|id| names.get(&id).cloned().unwrap_or_default(),
        made: report::Made::default(),
    };
    let figures = Figures::new(&material, &shop.catalogue);
    facts.controls.extend(report::ties::controls(&figures, &due, *as_of)?);
    act(&Figured { material: &material, figures: &figures, facts: &facts, due: &due })
}

/// Makes the files of a date and publishes them, unless a control total fails or a close is refused.
fn publish(
    shop: &Shop,
    books: &Books<'_>,
    request: &Request,
    purpose: Purpose<'_>,
    figured: &Figured<'_>,
    record: Record<'_>,
) -> Result<DateOutcome, RunError> {
    let Figured { material, figures, facts, due } = figured;
    let as_of = material.as_of;
    let mut outcome = outcome(shop, material, facts);
    if let Purpose::Close(terms) = purpose {
        outcome.obstacles = close::obstacles(shop, material.reconciled, facts, terms);
    }
    if !outcome.failed_controls.is_empty() || outcome.obstacles.iter().any(|o| o.accepted.is_none()) {
        return Ok(outcome);
    }
    tracing::debug!("controls hold");
    let (mut made, manifest) = make(shop, material, figures, facts, due)?;
    let draft = Published {
        as_of,
        digest: facts.digest.clone(),
        lacks: made.lacks.iter().cloned().collect(),
        knows: books.line,
        ended: as_of < request.today,
        missing: outcome.missing.clone(),
        own: shop.own.clone(),
        made_by: shop.made_by.clone(),
        entries: i64::try_from(books.inbox.len()).unwrap_or(i64::MAX),
        ..Published::default()
    };
    tracing::debug!("files made");
    outcome.workbooks = made.titles;
    if request.dry_run {
        let revision = books.standing(as_of).map_or(1, |standing| standing.revision);
        outcome.would_be = Some(hash_of(&bytes_of(manifest, revision)));
        return Ok(outcome);
    }
    let mut record = |published: &Published| record(published, &material.reconciled.clearing);
    put(shop, books, &mut made.files, manifest, &draft, &mut record, &mut outcome)?;
    Ok(outcome)
}

/// What a date rests on beside the clearing: its files, what they say of themselves, what is missing.
fn day_facts(
    shop: &Shop,
    books: &Books<'_>,
    request: &Request,
    reckoning: &Reckoning<'_>,
    rolls: &[(String, RollForward)],
) -> DayFacts {
    let Reckoning { moment, state, files, names, reconciled, .. } = reckoning;
    let as_of = moment.as_of;
    let mut missing = missing::missing(shop, &books.records, earliest(shop, request, as_of), as_of);
    let too_large = books.history.too_large(files);
    missing.extend(unusable::left_out(shop, files, &too_large, (earliest(shop, request, as_of), as_of)));
    let came = missing::came(shop, &books.records, state, as_of);
    missing.extend((came == Came::Nothing).then(|| missing::nothing_came(shop, as_of)));
    missing.extend(unread::lost_in_inbox(shop, books, request, as_of));
    missing.extend((as_of >= request.today).then(|| missing::not_ended(shop, as_of)));
    let more = reconciled.findings.iter().cloned().chain(missing.iter().map(|m| m.finding.clone()));
    let more = more.chain(too_large.iter().map(|row| row.finding.clone()));
    let more = more.chain(quantities::missing(shop, &|table| state.rows(table)));
    let more = more.chain(quantities::without_cost(&shop.reading.tables, state.rows("accessory_moves")));
    let more = more.chain(books.history.findings(moment, names)).chain(columns::gone(files, &books.headings));
    let more = more.chain(unread::findings(&books.records, as_of)).chain(totals::gone(files));
    let more = more.chain(books.exchanged.iter().filter(|f| f.file_id.is_some_and(|id| moment.knows(id))).cloned());
    let more = more.chain(unread::of_inbox(books, request, as_of).cloned());
    DayFacts {
        inputs: inputs::inputs(files),
        controls: all_controls(files, reconciled, rolls),
        findings: inputs::findings(files, names, more),
        digest: digest(shop, books, files, moment),
        refused: refused(&missing),
        missing,
        came,
        reach: missing::reach(files),
    }
}

/// What a date is made for.
#[derive(Clone, Copy)]
pub enum Purpose<'a> {
    Report,
    /// The last day of a month that is being closed.
    Close(&'a close::Terms),
}

/// Writes down in the ledger what is about to be published, and what it was cleared to.
pub type Record<'a> = &'a mut dyn FnMut(&Published, &Clearing) -> Result<(), LedgerError>;

/// What a date rests on beside the clearing.
pub struct DayFacts {
    inputs: Vec<Input>,
    pub controls: Vec<ControlTotal>,
    findings: Vec<Finding>,
    digest: String,
    pub missing: Vec<Missing>,
    /// Days of each table whose export gave too little to count.
    refused: BTreeMap<String, BTreeSet<NaiveDate>>,
    came: Came,
    /// How far the exports of each table reach.
    reach: BTreeMap<String, Option<NaiveDate>>,
}

impl DayFacts {
    /// Whether an export of a table has ever come.
    fn received(&self, table: &str) -> bool {
        self.inputs.iter().any(|input| input.table == table)
    }
}

fn refused(missing: &[Missing]) -> BTreeMap<String, BTreeSet<NaiveDate>> {
    let mut refused: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for missing in missing.iter().filter(|m| m.finding.code == Code::ExportRefused) {
        for table in &missing.tables {
            refused.entry(table.clone()).or_default().insert(missing.day);
        }
    }
    refused
}

fn all_controls(files: &[&FileRecord], reconciled: &Reconciled, rolls: &[(String, RollForward)]) -> Vec<ControlTotal> {
    let mut controls = inputs::controls(files);
    controls.extend(reconciled.controls.iter().cloned());
    for ((_, roll), name) in rolls.iter().zip(["day", "month"]) {
        controls.extend(roll.controls(name));
    }
    controls
}

/// The digest that a date comes to with these books, without anything being made of it.
pub fn facts_digest(shop: &Shop, books: &Books<'_>, as_of: NaiveDate) -> String {
    let moment = books.moment(as_of);
    let state = books.state(&moment, &shop.reading);
    digest(shop, books, &moment.files(&state.files()), &moment)
}

/// Digest of everything a date's reports are made from: files, settings, specs, program.
fn digest(shop: &Shop, books: &Books<'_>, files: &[&FileRecord], moment: &Moment<'_>) -> String {
    // Which content of a name came last, its bytes do not tell.
    let line = |f: &&FileRecord| {
        // Nor that a file was not read that another time can be.
        let unread = f.findings.iter().find(|f| matches!(f.code, Code::ReaderFailed | Code::FileTooLarge));
        let marks = [f.replaced.then_some("replaced"), unread.map(|f| f.code.id())];
        format!("{} {} {}", f.sha256, f.name, marks.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    let mut parts: Vec<String> = files.iter().map(line).collect();
    parts.sort();
    // Which changes came after a day was reported, no file tells by itself.
    let late = changes::of_date(&books.changes, moment);
    parts.extend(changes::digest_lines(&late, &books.records));
    hash_of(format!("{}\n{}\n{}", env!("CARGO_PKG_VERSION"), shop.digest, parts.join("\n")).as_bytes())
}

/// Daily reports are due every date, weekly ones on Sundays, monthly ones on the last day of a month; optional ones only
/// where a table that they need has come.
fn due<'a>(shop: &'a Shop, request: &Request, as_of: NaiveDate, facts: &DayFacts) -> Vec<&'a Report> {
    // A report asked for is made beside those that are due, never instead of them.
    let has_come = |r: &Report| !r.optional || r.needs.iter().any(|table| facts.received(table));
    let asked = |r: &&Report| (r.span.is_due(as_of) && has_come(r)) || request.reports.contains(&r.id);
    shop.catalogue.reports.iter().filter(asked).collect()
}

/// What the views of a run's own facts show.
fn run_facts(shop: &Shop, facts: &DayFacts, due: &[&Report], purpose: Purpose<'_>) -> RunFacts {
    let pick = |zh: &String, en: &String| if shop.lang == crate::model::Lang::Zh { zh.clone() } else { en.clone() };
    let workbook = |id: &String| {
        let found = shop.catalogue.workbooks.iter().find(|w| w.id == *id);
        found.map_or_else(|| id.clone(), |w| pick(&w.zh, &w.en))
    };
    let sheets = |r: &Report| r.sheets.iter().map(|s| pick(&s.zh, &s.en)).collect();
    // As they are printed: workbook by workbook.
    let place = |r: &&Report| shop.catalogue.workbooks.iter().position(|w| w.id == r.workbook);
    let mut printed = due.to_vec();
    printed.sort_by_key(place);
    RunFacts {
        close: match purpose {
            Purpose::Report => None,
            Purpose::Close(terms) => Some(CloseFacts { by: terms.by.clone(), accepted: terms.accepted.clone() }),
        },
        controls: facts.controls.clone(),
        missing: facts.missing.iter().map(|m| m.what.clone()).collect(),
        findings: findings_by_title(shop, &inputs::by_code(&facts.findings)),
        pack: printed.iter().map(|r| (workbook(&r.workbook), pick(&r.zh, &r.en), sheets(r))).collect(),
    }
}

/// Title, severity and number of each code of finding.
fn findings_by_title(shop: &Shop, counts: &BTreeMap<&'static str, i64>) -> Vec<(String, String, i64)> {
    let of_code = |(id, count): (&&'static str, &i64)| {
        let meaning = Code::from_id(id).map(Code::meaning)?;
        Some((meaning.title.get(shop.lang).to_owned(), meaning.severity.title().get(shop.lang).to_owned(), *count))
    };
    counts.iter().filter_map(of_code).collect()
}

/// The first day of what the reports of a date cover.
fn earliest(shop: &Shop, request: &Request, as_of: NaiveDate) -> NaiveDate {
    let made = |r: &&Report| r.span.is_due(as_of) || request.reports.contains(&r.id);
    let covered = shop.catalogue.reports.iter().filter(made).map(|r| r.span.usual().period(as_of).first);
    covered.min().unwrap_or(as_of)
}

/// What was due on a day that a report covers and is missing.
fn missing_of<'a>(report: &Report, facts: &'a DayFacts, as_of: NaiveDate) -> impl Iterator<Item = &'a Missing> {
    let first = report.span.usual().period(as_of).first;
    facts.missing.iter().filter(move |m| m.day >= first)
}

/// Whether nothing of a table came for a month whose report needs it, though it came before.
fn is_behind(report: &Report, facts: &DayFacts, table: &str, as_of: NaiveDate) -> bool {
    let newest = facts.reach.get(table).copied().flatten();
    report.span == Span::Monthly && newest.is_some_and(|newest| newest < first_of_month(as_of))
}

/// Tables that a report needs and that are missing or incomplete.
fn lacking_tables(report: &Report, facts: &DayFacts, as_of: NaiveDate) -> Vec<String> {
    let is_empty = facts.came != Came::Something && report.span == Span::Daily;
    let is_missing = |table: &&String| {
        let never = is_empty || !facts.received(table) || is_behind(report, facts, table, as_of);
        never || missing_of(report, facts, as_of).any(|m| m.tables.contains(table))
    };
    report.needs.iter().filter(is_missing).cloned().collect()
}

/// What a report lacks: due exports that did not come, and tables of which no export has come for it.
fn lacks(shop: &Shop, report: &Report, facts: &DayFacts, as_of: NaiveDate) -> Vec<String> {
    let feeds = |m: &&Missing| m.tables.iter().any(|t| report.needs.contains(t));
    let mut lacks: BTreeSet<String> = missing_of(report, facts, as_of).filter(feeds).map(|m| m.what.clone()).collect();
    // A day of which nothing came is never complete, also where the shop was closed and nobody is reminded.
    if facts.came != Came::Something && report.span == Span::Daily {
        lacks.insert(missing::nothing_came(shop, as_of).what);
    }
    for table in &report.needs {
        let said = match (facts.received(table), is_behind(report, facts, table, as_of)) {
            (false, _) => Text::new("{0}（从未收到）", "{0} (never received)"),
            (true, true) => Text::new("{0}（本月未收到）", "{0} (none received for this month)"),
            (true, false) => continue,
        };
        let name = shop.reading.tables.get(table).map_or(table.as_str(), |t| match shop.lang {
            crate::model::Lang::Zh => &t.zh,
            crate::model::Lang::En => &t.en,
        });
        lacks.insert(said.fill(shop.lang, &[name]));
    }
    lacks.into_iter().collect()
}

struct Made {
    files: Files,
    /// File name of each workbook and the titles of its reports.
    titles: Vec<(String, Vec<String>)>,
    /// Tables that its reports lack.
    lacks: BTreeSet<String>,
}

/// Workbooks, lists and the manifest (without its revision).
fn make(
    shop: &Shop,
    material: &Material<'_>,
    figures: &Figures<'_>,
    facts: &DayFacts,
    due: &[&Report],
) -> Result<(Made, Manifest), RunError> {
    let counts = inputs::by_code(&facts.findings);
    let about = about(shop, material, facts, due, &counts);
    let mut made = Made { files: Files::new(), titles: Vec::new(), lacks: BTreeSet::new() };
    let mut entries = Vec::new();
    for book in report::books(material, figures, due, &about)? {
        let name = format!("{}.xlsx", book.book.name);
        tracing::debug!(name, "book computed");
        let bytes = workbook::write(&book.book)?;
        tracing::debug!(bytes = bytes.len(), "book written");
        let sha256 = hash_of(&bytes);
        made.titles.push((name.clone(), book.reports.iter().map(|(_, title, _)| title.clone()).collect()));
        for (id, _, sheets) in book.reports {
            let complete = !about.missing.iter().any(|(report, lacks)| *report == id && !lacks.is_empty());
            let report = due.iter().find(|r| r.id == id);
            let lacks = report.map_or_else(Vec::new, |r| lacking_tables(r, facts, material.as_of));
            made.lacks.extend(lacks.iter().cloned());
            entries.push(ReportEntry { id, file: name.clone(), sheets, sha256: sha256.clone(), complete, lacks });
        }
        made.files.insert(name, bytes);
    }
    made.files.insert("exceptions.csv".to_owned(), publish::exceptions(material));
    made.files.insert("findings.csv".to_owned(), publish::findings(&facts.findings, shop.lang));
    let missing: Vec<String> = facts.missing.iter().map(|m| m.what.clone()).collect();
    let manifest = publish::manifest(
        material,
        figures,
        &publish::Facts {
            store: &shop.config.code,
            digest: &facts.digest,
            inputs: &facts.inputs,
            controls: &facts.controls,
            reports: entries,
            findings: &counts,
            missing: &missing,
        },
    )?;
    Ok((made, manifest))
}

fn about(
    shop: &Shop,
    material: &Material<'_>,
    facts: &DayFacts,
    due: &[&Report],
    counts: &BTreeMap<&'static str, i64>,
) -> About {
    About {
        store: store_name(&shop.config),
        program: format!("hesuan {}", env!("CARGO_PKG_VERSION")),
        digest: facts.digest.clone(),
        cash_open: cash_open(material),
        missing: due.iter().map(|r| (r.id.clone(), lacks(shop, r, facts, material.as_of))).collect(),
        sources: Sources {
            inputs: facts.inputs.clone(),
            controls: facts.controls.iter().map(|c| (c.name.clone(), c.left, c.right, c.holds())).collect(),
            findings: findings_by_title(shop, counts),
        },
    }
}

/// Code and name; the code alone where the name says no more.
fn store_name(config: &crate::config::Config) -> String {
    match config.name.trim() {
        name if name.is_empty() || name == config.code => config.code.clone(),
        name => format!("{} {name}", config.code),
    }
}

/// The gate of the day: cash over, short, or taken and not counted.
fn cash_open(material: &Material<'_>) -> bool {
    let of_day = |c: &crate::reconcile::Check| {
        c.date == Some(material.as_of) && matches!(c.kind, CheckKind::CashOver | CheckKind::CashShort)
    };
    let day = material.as_of.to_string();
    let not_counted = |f: &Finding| f.code == Code::CashNotCounted && f.args.contains(&day);
    material.reconciled.checks.iter().any(of_day) || material.reconciled.findings.iter().any(not_counted)
}

/// What a person is told, before anything is written.
fn outcome(shop: &Shop, material: &Material<'_>, facts: &DayFacts) -> DateOutcome {
    let clearing = &material.reconciled.clearing;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut open_items = Vec::new();
    for category in Category::ALL.into_iter().filter(|c| c.is_open()) {
        let all = clearing.of_category(category);
        if !all.is_empty() {
            let diff: Fen = all.iter().map(|(diff, _)| *diff).sum();
            open_items.push((category.title().get(shop.lang).to_owned(), count(all.len()), diff.0));
        }
    }
    let fired = |kind: CheckKind| count(material.reconciled.checks.iter().filter(|c| c.kind == kind).count());
    let checks = CheckKind::ALL.into_iter().map(|k| (k.title().get(shop.lang).to_owned(), fired(k)));
    let severe = |severity: Severity| count(facts.findings.iter().filter(|f| f.severity() == severity).count());
    DateOutcome {
        as_of: material.as_of,
        folder: shop.reports.join(material.as_of.to_string()),
        revision: 0,
        published: false,
        workbooks: Vec::new(),
        open_items,
        cleared: count(clearing.items.iter().filter(|i| !i.category.is_open()).count()),
        checks: checks.filter(|(_, n)| *n > 0).collect(),
        findings: (severe(Severity::Error), severe(Severity::Warning), severe(Severity::Info)),
        missing: facts.missing.iter().filter(|m| m.is_owed).map(|m| m.what.clone()).collect(),
        failed_controls: facts.controls.iter().filter(|c| !c.holds()).cloned().collect(),
        changed: Vec::new(),
        obstacles: Vec::new(),
        is_closed: false,
        owed: None,
        is_kept: false,
        would_be: None,
    }
}
