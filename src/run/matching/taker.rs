//! Takes rows of a table one after the other: titles, the headings, data, totals. What cannot be understood is refused at its
//! row, and never read by a guess.

use std::borrow::Cow;
use std::cell::RefCell;

use super::plain::HEADING_ROWS;
use super::row::{PlainRow, TOO_LARGE, Written};
use super::told::Told;
use super::{LoadedFile, MatchingError};
use crate::clean::units::{self, Heading, MoneyColumn, Scale};
use crate::clean::{Lexicon, Unread, is_below, normal, total_word};
use crate::finding::Code;
use crate::model::Blanks;
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{
    Assembler, DecimalMark, Fields, Places, RowIndex, Rules, Side, Skip, Symbols, amount_text,
};
use crate::spec::tables::Tables;

/// The places of the rules' columns in a row of headings, or the names that are not there.
pub fn places(rules: &Rules, side: usize, headings: &[String]) -> Result<Places, Vec<String>> {
    Places::find(rules, side, |name| {
        let folded = normal::heading(name);
        let same = headings.iter().position(|heading| heading == name);
        same.or_else(|| headings.iter().position(|heading| normal::heading(heading) == folded))
    })
}

/// Places of headings that stand where the rules mean one column: which of them is meant is not known, the first is taken.
fn repeated(rules: &Rules, side: usize, headings: &[String]) -> Vec<usize> {
    let found: RefCell<Vec<usize>> = RefCell::default();
    // Every name that the rules give is asked for.
    let _ = Places::find(rules, side, |name| {
        let folded = normal::heading(name);
        let is_exact = headings.iter().any(|heading| heading == name);
        let is = |heading: &String| if is_exact { heading == name } else { normal::heading(heading) == folded };
        let mut places = (0..headings.len()).filter(|at| is(&headings[*at]));
        let first = places.next();
        found.borrow_mut().extend(places);
        first
    });
    let mut found = found.into_inner();
    found.sort_unstable();
    found.dedup();
    found
}

/// A row as headings.
pub fn headings_of(row: &impl PlainRow) -> Vec<String> {
    (0..row.width()).map(|at| row.text(at).into_owned()).collect()
}

/// The headings that were found.
struct Table {
    places: Places,
    headings: Vec<String>,
    /// Fields of the heading line, and those up to the last one with a text; nothing where rows are no lines of text.
    fields: Option<[usize; 2]>,
    written: Written,
    /// The column that says in which money a row is, where the rules do not ask for it.
    money: Option<MoneyColumn>,
}

/// The amount of a row; or why it is none, where that stands, and a word about it.
type Amount = Result<i64, (Code, usize, String)>;

pub struct Taker<'a> {
    rules: &'a Rules,
    side: usize,
    tables: &'a Tables,
    lexicon: &'a Lexicon,
    /// Columns that the rules do not name and whose headings speak of money.
    unread: Option<Unread<'a>>,
    assembler: Assembler<'a>,
    table: Option<Table>,
    looked_at: usize,
    /// Texts above the headings.
    titles: Vec<String>,
    /// The row that came nearest to being the headings, and what it lacks.
    nearest: Option<(Vec<String>, Vec<String>)>,
    expected_bytes: u64,
    sum: i64,
    controls: Vec<ControlTotal>,
    id: String,
    told: Told,
    /// The row inside which the reader says that the text ends.
    pub cut_at: Option<u32>,
    short: ShortRows,
    /// A line below the table says that its amounts are something else than they were read as.
    is_other_money: bool,
    decimals: Decimals,
    /// Rows of which the amount is not known: a total that differs may differ by theirs.
    unknown: u64,
}

/// Rows with fewer fields than the headings.
#[derive(Default)]
struct ShortRows {
    /// Row of the side, line, fields.
    rows: Vec<(RowIndex, u32, usize)>,
    /// A row of full width that ends with nothing, or a short one that does: nobody has cut off what was empty.
    refuted: bool,
}

/// Decimals of the amounts so far.
#[derive(Default)]
struct Decimals {
    rows: u64,
    all: usize,
    differ: bool,
}

impl Decimals {
    fn of(text: &str, mark: DecimalMark) -> usize {
        let point = if mark == DecimalMark::Comma { ',' } else { '.' };
        text.rfind(point).map_or(0, |at| text.len() - at - 1)
    }

    fn see(&mut self, decimals: usize) {
        self.differ |= self.rows > 0 && decimals != self.all;
        (self.all, self.rows) = (decimals, self.rows + 1);
    }

    /// Whether all rows have so many decimals, but this one.
    fn sets_apart(&self, decimals: usize) -> bool {
        self.rows > 1 && !self.differ && self.all > 0 && decimals != self.all
    }
}

impl<'a> Taker<'a> {
    pub fn new(
        rules: &'a Rules,
        side: usize,
        (tables, lexicon): (&'a Tables, &'a Lexicon),
        symbols: &'a mut Symbols,
        expected_bytes: u64,
        told: Told,
    ) -> Taker<'a> {
        Taker {
            rules,
            side,
            tables,
            lexicon,
            unread: None,
            assembler: Assembler::new(rules, symbols),
            table: None,
            looked_at: 0,
            titles: Vec::new(),
            nearest: None,
            expected_bytes,
            sum: 0,
            controls: Vec::new(),
            id: String::new(),
            told,
            cut_at: None,
            short: ShortRows::default(),
            is_other_money: false,
            decimals: Decimals::default(),
            unknown: 0,
        }
    }

    /// Returns whether more rows are wanted.
    pub fn take(&mut self, number: u32, row: &impl PlainRow) -> bool {
        if let Some(table) = self.table.take() {
            self.data(&table, number, row);
            self.table = Some(table);
            return true;
        }
        self.looked_at += 1;
        let headings = headings_of(row);
        match places(self.rules, self.side, &headings) {
            Ok(places) => {
                let named = headings.iter().rposition(|heading| !heading.is_empty()).map_or(0, |last| last + 1);
                let fields = row.fields().map(|fields| [fields, named]);
                let (written, money) = self.money(&places, &headings, number);
                for at in repeated(self.rules, self.side, &headings) {
                    self.told.say(Code::HeadingRepeated, &headings[at], number, Some(at), &[]);
                }
                self.unread = Some(self.unread(&places, &headings));
                self.table = Some(Table { places, headings, fields, written, money });
            }
            Err(missing) => {
                self.titles.extend(headings.iter().filter(|text| !text.is_empty()).cloned());
                if self.nearest.as_ref().is_none_or(|(_, lacking)| missing.len() < lacking.len()) {
                    self.nearest = Some((headings, missing));
                }
            }
        }
        self.looked_at < HEADING_ROWS
    }

    /// The columns that the rules do not name and whose headings speak of refunds, directions, states, currencies or tax.
    fn unread(&self, places: &Places, headings: &[String]) -> Unread<'a> {
        let named = places.all();
        let names: Vec<String> = headings.iter().map(|heading| normal::heading(heading)).collect();
        let others = names.iter().enumerate().filter(|(at, name)| !name.is_empty() && !named.contains(at));
        Unread::new(others, self.lexicon, self.tables).speaking()
    }

    /// How the amounts below the headings are written, and which column says in which money a row is. A heading that the rules
    /// name with its tax or currency is meant as it is.
    fn money(&mut self, places: &Places, headings: &[String], number: u32) -> (Written, Option<MoneyColumn>) {
        let own = &self.rules.sides[self.side];
        let text = headings.get(places.amount).map_or("", String::as_str);
        let (heading, is_meant) = (Heading::read(text), text == own.amount);
        // Rules that ask for currencies keep them apart themselves.
        let knows_currencies = own.currency.is_some() || !own.currency_default.is_empty();
        let is_known = |scale: &Scale| match scale {
            Scale::Refused(word) => knows_currencies && matches!(units::of_money(word), Some(Scale::Refused(_))),
            Scale::Times(..) => false,
        };
        let reading = units::of_amounts(&heading);
        let of_heading = reading.scale.filter(|scale| !(is_meant && matches!(scale, Scale::Refused(_))));
        let scale = of_heading.or_else(|| units::of_titles(&self.titles)).filter(|scale| !is_known(scale));
        for word in reading.unknown.iter().filter(|_| !is_meant) {
            self.told.say(Code::UnitUnknown, text, number, Some(places.amount), &[word]);
        }
        let names: Vec<String> = headings.iter().map(|heading| normal::heading(heading)).collect();
        let money = if knows_currencies { None } else { MoneyColumn::find(&names) };
        let unit = scale.unwrap_or(Scale::PLAIN);
        (Written { decimals: self.rules.scale, mark: own.decimal, unit }, money)
    }

    /// The amount of a row, in the money that the row itself names where it does.
    fn amount(table: &Table, row: &impl PlainRow) -> Amount {
        let place = table.places.amount;
        let of = |written: &Written, at: usize| {
            row.amount(place, written).map_err(|code| match (code, &written.unit) {
                (Code::UnitRefused, Scale::Refused(word)) => (code, at, word.clone()),
                (Code::NumberTooLarge, _) => (code, place, TOO_LARGE.to_string()),
                _ => (code, place, String::new()),
            })
        };
        match table.money.and_then(|money| Some((money.at, money.of_row(&row.text(money.at))?))) {
            Some((at, unit)) => of(&Written { unit, ..table.written.clone() }, at),
            None => of(&table.written, place),
        }
    }

    fn data(&mut self, table: &Table, number: u32, row: &impl PlainRow) {
        let places = &table.places;
        if self.assembler.is_empty() && self.expected_bytes > 0 {
            // The first row tells how many there will be: room is made once.
            let rows = (self.expected_bytes / row.bytes().max(1)) as usize;
            self.assembler.reserve(rows + rows / 16);
        }
        let own = &self.rules.sides[self.side];
        let read = Taker::amount(table, row);
        let amount = read.as_ref().ok().copied();
        match self.kind(table, row, amount) {
            RowKind::NoRecord => {
                self.footer(table, number, row);
                return;
            }
            RowKind::Total(control) => {
                self.controls.extend(control);
                return;
            }
            RowKind::Record => {}
        }
        if let Some(unread) = &mut self.unread {
            unread.texts(number, |at| row.text(at));
        }
        let refused = self.fault(table, number, row, amount.is_some());
        let refused = refused.or_else(|| self.no_amount(table, number, row, read));
        let amount = amount.filter(|_| refused.is_none());
        self.unknown += u64::from(amount.is_none());
        self.name(places, number, row);
        self.sum = self.sum.saturating_add(amount.unwrap_or(0)); // a side that runs over is refused at its end
        let date = places.date.and_then(|at| row.date(at));
        let text = |at: usize| row.text(at);
        let blanks = &self.tables.blanks;
        let once = places.once(|at| said(blanks, row, at));
        let currency = own.currency_of(places.currency.map(|at| said(blanks, row, at)).unwrap_or_default());
        self.assembler.push(&Fields {
            id: &self.id,
            amount: amount.map(|units| own.signed(units)),
            date: date.map(|(day, _)| day),
            time: date.and_then(|(_, time)| time),
            currency: &currency,
            row: number,
            kept: places.keeps(own, text),
            rank: places.rank(own, text),
            once: &once,
            refused,
        });
        // What stands in a row whose fields are not where the headings are is nobody's key.
        let is_in_place = !matches!(refused, Some(Skip::Width | Skip::CutOff));
        if date.is_none() && is_in_place {
            self.tell_date(table, number, row);
        }
        for (key, at) in places.keys.iter().enumerate() {
            if is_in_place && row.is_damaged(*at) {
                self.tell(Code::KeyDamaged, table, number, row, *at);
                self.assembler.damaged(key);
            } else {
                let text = if is_in_place { said(blanks, row, *at) } else { Cow::Borrowed("") };
                self.assembler.key(key, &text);
            }
        }
        for (compare, at) in places.compared.iter().enumerate() {
            self.assembler.compared(compare, &said(blanks, row, *at));
        }
    }

    /// A line below the table may name the unit of all its amounts; one that is not the unit in which they were read refuses
    /// them.
    fn footer(&mut self, table: &Table, number: u32, row: &impl PlainRow) {
        let own = &self.rules.sides[self.side];
        let line: Vec<String> = headings_of(row).into_iter().filter(|text| !text.is_empty()).collect();
        let named =
            units::of_titles(&[line.join(" ")]).filter(|unit| *unit != Scale::PLAIN && *unit != table.written.unit);
        let is_currency = matches!(named, Some(Scale::Refused(_)));
        let knows_currencies = own.currency.is_some() || !own.currency_default.is_empty();
        if named.is_some() && !(is_currency && knows_currencies) {
            let heading = table.headings.get(table.places.amount).map_or("", String::as_str);
            self.told.say(Code::UnitRefused, &line.join(" "), number, None, &[heading, &line.join(" ")]);
            self.is_other_money = true;
        }
    }

    /// Why a row is refused for its amount, told at its cell.
    fn no_amount(&mut self, table: &Table, number: u32, row: &impl PlainRow, read: Amount) -> Option<Skip> {
        let (code, at, word) = read.err()?;
        let heading = table.headings.get(at).map_or("", String::as_str);
        self.told.say(code, &row.text(at), number, Some(at), &[heading, &word]);
        Some(if code == Code::UnitRefused { Skip::Unit } else { Skip::NotANumber })
    }

    /// What names a row for people: its columns, else its number.
    fn name(&mut self, places: &Places, number: u32, row: &impl PlainRow) {
        self.id.clear();
        for (part, at) in places.id.iter().enumerate() {
            if part > 0 {
                self.id.push('-');
            }
            self.id.push_str(&row.text(*at));
        }
        if places.id.is_empty() {
            self.id = number.to_string();
        }
    }

    /// Why the fields of a line are not those of the headings, where they are not.
    fn fault(&mut self, table: &Table, number: u32, row: &impl PlainRow, has_amount: bool) -> Option<Skip> {
        if self.cut_at == Some(number) {
            return Some(Skip::CutOff); // the reader tells it
        }
        let ([wide, named], fields) = (table.fields?, row.fields()?);
        let is_short_of_its_amount = fields < named && !has_amount && row.is_ended();
        if is_short_of_its_amount || (wide..fields).any(|at| !row.text(at).is_empty()) {
            self.tell_line(Code::RowWidth, table, number, row);
            return Some(Skip::Width);
        }
        let amount_is_last = table.places.amount + 1 == fields;
        let decimals = Decimals::of(&row.text(table.places.amount), self.rules.sides[self.side].decimal);
        let is_cut = fields < named || amount_is_last && self.decimals.sets_apart(decimals);
        self.decimals.see(decimals);
        if is_cut && !row.is_ended() {
            self.tell_line(Code::TextCutOff, table, number, row);
            return Some(Skip::CutOff);
        }
        let ends_with_nothing = row.text(fields.max(1) - 1).is_empty();
        self.short.refuted |= ends_with_nothing;
        if fields < named {
            let place = RowIndex::try_from(self.assembler.len()).unwrap_or(RowIndex::MAX); // as the side counts them
            self.short.rows.push((place, number, fields));
        }
        None
    }

    /// What a row is that bears no key: a blank line, a total, a heading that stands again, a line below the table.
    fn kind(&self, table: &Table, row: &impl PlainRow, amount: Option<i64>) -> RowKind {
        let places = &table.places;
        let says_nothing = |at: usize| said(&self.tables.blanks, row, at).is_empty();
        if says_nothing(places.amount) && places.date.is_none_or(says_nothing) && is_footer(row) {
            return RowKind::NoRecord;
        }
        let is_total = |at: usize| total_word(&row.text(at)).is_some();
        if !places.keys.iter().all(|at| says_nothing(*at) || is_total(*at)) {
            let heading = |at: usize| table.headings.get(at).map_or("", String::as_str);
            let repeats = |at: &usize| row.text(*at) == heading(*at) && !heading(*at).is_empty();
            let is_heading = amount.is_none() && repeats(&places.amount) && places.keys.iter().all(repeats);
            return if is_heading { RowKind::NoRecord } else { RowKind::Record };
        }
        let is_dated = places.date.is_some_and(|at| row.date(at).is_some());
        let total = (0..row.width()).find(|at| is_total(*at));
        match total {
            // A day's total stands where a number stands otherwise.
            Some(at) if is_dated && !places.keys.contains(&at) && !places.id.contains(&at) => RowKind::Record,
            Some(at) if !is_dated && total_word(&row.text(at)) == Some(true) => {
                let name = format!("{}: stated = sum of the rows", row.text(at));
                RowKind::Total(amount.map(|total| ControlTotal::new(name, total, self.sum)))
            }
            Some(_) => RowKind::Total(None),
            None if is_dated || amount.is_some() => RowKind::Record,
            None if (0..row.width()).all(says_nothing) => RowKind::NoRecord,
            None => RowKind::Record,
        }
    }

    fn tell(&mut self, code: Code, table: &Table, number: u32, row: &impl PlainRow, at: usize) {
        let heading = table.headings.get(at).map_or("", String::as_str);
        self.told.say(code, &row.text(at), number, Some(at), &[heading]);
    }

    /// A line of which the fields are not those of the headings.
    fn tell_line(&mut self, code: Code, table: &Table, number: u32, row: &impl PlainRow) {
        let fields = row.fields().unwrap_or_default();
        let last = row.text(fields.max(1) - 1).into_owned();
        let wanted = table.fields.map_or(0, |[_, named]| named);
        self.told.say(code, &last, number, None, &[&fields.to_string(), &wanted.to_string()]);
    }

    fn tell_date(&mut self, table: &Table, number: u32, row: &impl PlainRow) {
        let Some(at) = table.places.date.filter(|at| !said(&self.tables.blanks, row, *at).is_empty()) else { return };
        self.tell(Code::NotADate, table, number, row, at);
    }

    pub fn finish(mut self, file: String) -> Result<(Side, LoadedFile), MatchingError> {
        let Some(table) = self.table.take() else {
            let (seen, missing) = self.nearest.unwrap_or_default();
            return Err(match seen.is_empty() {
                true => MatchingError::Refused { file, why: "it is empty".to_owned() },
                false => MatchingError::ColumnMissing { file, missing: missing.join(", "), seen: seen.join(", ") },
            });
        };
        let mut rows = self.assembler.finish();
        // A program that leaves out what is empty at the end of a line does so more than once, and never writes it.
        let short = &self.short;
        if short.refuted || short.rows.len() == 1 {
            for (row, number, fields) in &short.rows {
                let wanted = table.fields.map_or(0, |[_, named]| named);
                self.told.say(
                    Code::RowWidth,
                    rows.id(*row),
                    *number,
                    None,
                    &[&fields.to_string(), &wanted.to_string()],
                );
            }
            self.unknown += short.rows.len() as u64;
            rows.refuse(&short.rows.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), Skip::Width);
        }
        if self.is_other_money {
            let all: Vec<RowIndex> = (0..).take(rows.len()).collect();
            self.unknown += all.len() as u64;
            rows.refuse(&all, Skip::Unit);
        }
        // A total that differs while the amount of some row is not known may differ by that.
        let (controls, open): (Vec<_>, Vec<_>) =
            self.controls.into_iter().partition(|control| control.holds() || self.unknown == 0);
        for control in open {
            let [stated, sum] = [control.left, control.right].map(|sum| amount_text(sum.into(), self.rules.scale));
            let heading = table.headings.get(table.places.amount).map_or("", String::as_str);
            self.told.say(Code::ControlTotalDiffers, &stated, 0, Some(table.places.amount), &[heading, &sum]);
        }
        let sheet = self.told.sheet().to_owned();
        let mut findings = self.told.into_findings();
        if let Some(unread) = self.unread {
            unread.finish(&sheet, &table.headings, &mut findings);
        }
        findings.iter_mut().for_each(|finding| finding.file.clone_from(&file));
        Ok((rows, LoadedFile { name: file, findings, controls, is_unread: false }))
    }
}

/// What a cell says; nothing where its word means nothing.
fn said<'r>(blanks: &Blanks, row: &'r impl PlainRow, at: usize) -> Cow<'r, str> {
    let text = row.text(at);
    if blanks.is_nothing(&text) { Cow::Borrowed("") } else { text }
}

/// What a row is.
enum RowKind {
    Record,
    /// A blank line, headings that stand again, a line of signatures.
    NoRecord,
    /// With what it states against what the rows sum to, where it states something for all of them.
    Total(Option<ControlTotal>),
}

/// What stands below the table: who made it, when it was printed, which page it is.
fn is_footer(row: &impl PlainRow) -> bool {
    let texts: Vec<Cow<'_, str>> = (0..row.width()).map(|at| row.text(at)).filter(|text| !text.is_empty()).collect();
    is_below(&texts.iter().map(AsRef::as_ref).collect::<Vec<&str>>())
}
