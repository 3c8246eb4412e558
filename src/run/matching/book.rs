//! The workbook of a match: the answer first, then every bucket with the reason of each match.

use chrono::NaiveDate;

use super::Loaded;
use crate::finding::Finding;
use crate::model::dates::from_epoch_days;
use crate::model::fen::divide_half_away;
use crate::model::sheet::{Block, Book, BookWords, Cell, Column, Kind, Light, Note, Sheet, Table, Total};
use crate::model::{Fen, Lang, Text};
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{Bin, Bucket, Entry, NO_DATE, Outcome, RowIndex, amount_text};

/// Rows that a list shows at most; a sheet holds 1,048,576, and nobody reads half of them.
const LIST_ROWS: usize = 200_000;

/// The workbook, before it is a file.
pub fn workbook(loaded: &Loaded, outcome: &Outcome<'_>, lang: Lang, controls: &[ControlTotal]) -> Book {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let name = if lang == Lang::Zh { &loaded.rules.zh } else { &loaded.rules.en };
    let name = if name.is_empty() { &loaded.rules.id } else { name };
    let maker = Maker { loaded, outcome, lang };
    let mut sheets = vec![maker.front(name, controls)];
    sheets.push(maker.entries(say("未平：金额不符", "Amounts differ"), &[Bucket::AmountDiff, Bucket::TimingDiff]));
    sheets.push(maker.entries(say("多种可能", "Ambiguous"), &[Bucket::Ambiguous]));
    sheets.push(maker.unmatched());
    sheets.push(maker.entries(say("已匹配", "Matched"), &[Bucket::Matched]));
    sheets.extend(maker.findings());
    Book {
        name: loaded.rules.id.clone(),
        title: name.clone(),
        subtitle: format!("{} × {}", loaded.files[0].name, loaded.files[1].name),
        as_of: loaded.as_of.unwrap_or_default(),
        properties: Vec::new(),
        words: words(lang),
        sheets,
    }
}

fn words(lang: Lang) -> BookWords {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    BookWords {
        total: say("合计", "Total"),
        sign_off: say(
            "制表：　　　　　　审核：　　　　　　批准：",
            "Prepared:            Checked:            Approved:",
        ),
        page_footer: say("第 &P 页 共 &N 页", "Page &P of &N"),
        back: say("返回首页", "Back to the first sheet"),
        no_rows: say("无", "none"),
        font: "微软雅黑".to_owned(),
    }
}

struct Maker<'a> {
    loaded: &'a Loaded,
    outcome: &'a Outcome<'a>,
    lang: Lang,
}

impl Maker<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> String {
        Text::new(zh, en).get(self.lang).to_owned()
    }

    fn column(&self, zh: &'static str, en: &'static str, kind: Kind) -> Column {
        let total = if kind == Kind::Money || kind == Kind::Count { Total::Sum } else { Total::None };
        Column { title: self.say(zh, en), kind, total, choices: Vec::new() }
    }

    /// An amount in the rules' units as money; finer ones are shown to the fen.
    fn money(&self, units: i64) -> Cell {
        let scale = self.loaded.rules.scale;
        if scale <= 2 {
            return units.checked_mul(10_i64.pow(2 - scale)).map_or(Cell::NotKnown, |fen| Cell::Money(Fen(fen)));
        }
        let fen = divide_half_away(units.into(), 10_i128.pow(scale - 2));
        i64::try_from(fen).map_or(Cell::NotKnown, |fen| Cell::Money(Fen(fen)))
    }

    fn front(&self, name: &str, controls: &[ControlTotal]) -> Sheet {
        let mut columns = vec![self.column("结果", "Outcome", Kind::Text)];
        for (zh, en) in [("左方行数", "Left rows"), ("右方行数", "Right rows")] {
            columns.push(self.column(zh, en, Kind::Count));
        }
        for (zh, en) in [("左方金额", "Left amount"), ("右方金额", "Right amount"), ("差额", "Difference")] {
            columns.push(self.column(zh, en, Kind::Money));
        }
        let totals = &self.outcome.totals;
        let row = |bin: &Bin| {
            let [left, right] = [totals.bin(0, *bin), totals.bin(1, *bin)];
            vec![
                Cell::Text(bin.title().get(self.lang).to_owned()),
                Cell::Count(left.rows),
                Cell::Count(right.rows),
                self.money(left.amount),
                self.money(right.amount),
                self.money(left.amount - right.amount),
            ]
        };
        let table =
            Table { heading: None, columns, rows: Bin::ALL.iter().map(row).collect(), has_total: true, chart: None };
        let proof = controls.iter().map(|control| self.proof(control)).collect();
        Sheet {
            name: self.say("首页", "Summary"),
            title: name.to_owned(),
            notes: Vec::new(),
            blocks: vec![Block::Table(table), Block::Notes(proof)],
            sign_off: true,
        }
    }

    /// One control total: rows as they are, amounts with their decimals.
    fn proof(&self, control: &ControlTotal) -> Note {
        let scale = if control.name.contains("rows") { 0 } else { self.loaded.rules.scale };
        let [left, right] = [control.left, control.right].map(|total| amount_text(total.into(), scale));
        let holds = control.holds();
        let sign = if holds { "=" } else { "≠" };
        let word = if holds { self.say("相符", "holds") } else { self.say("不符", "fails") };
        // The engine's own totals are known by their English names.
        let mut name = control.name.clone();
        if self.lang == Lang::Zh {
            for (en, zh) in [
                ("left: rows = buckets", "左方行数：读入＝各结果之和"),
                ("left: signed = buckets", "左方金额：读入＝各结果之和"),
                ("left: absolute = buckets", "左方绝对值：读入＝各结果之和"),
                ("right: rows = buckets", "右方行数：读入＝各结果之和"),
                ("right: signed = buckets", "右方金额：读入＝各结果之和"),
                ("right: absolute = buckets", "右方绝对值：读入＝各结果之和"),
                ("stated = sum of the rows", "所写＝各行之和"),
            ] {
                name = name.replace(en, zh);
            }
        }
        Note {
            text: format!("{name}  {left} {sign} {right}  {word}"),
            light: Some(if holds { Light::Green } else { Light::Red }),
        }
    }

    fn entries(&self, name: String, buckets: &[Bucket]) -> Sheet {
        let columns = vec![
            self.column("左方", "Left", Kind::Key),
            self.column("右方", "Right", Kind::Key),
            self.column("左方金额", "Left amount", Kind::Money),
            self.column("右方金额", "Right amount", Kind::Money),
            self.column("差额", "Difference", Kind::Money),
            self.column("左方日期", "Left date", Kind::Date),
            self.column("右方日期", "Right date", Kind::Date),
            self.column("依据", "Why", Kind::Text),
        ];
        let listed: Vec<(u32, &Entry)> = buckets.iter().flat_map(|b| self.outcome.in_order(*b)).collect();
        let rows: Vec<Vec<Cell>> = listed.iter().take(LIST_ROWS).map(|(place, e)| self.entry(*place, e)).collect();
        self.sheet(name, columns, rows, listed.len())
    }

    fn sheet(&self, name: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>, all: usize) -> Sheet {
        let left_out = all - rows.len();
        let more = Text::new(
            "另有 {0} 行未列出，见 --residual 或 --json",
            "{0} more rows are not listed: see --residual or --json",
        );
        let note = Note { text: more.fill(self.lang, &[&left_out.to_string()]), light: Some(Light::Amber) };
        let table = Table { heading: None, columns, rows, has_total: true, chart: None };
        Sheet {
            title: name.clone(),
            name,
            notes: if left_out > 0 { vec![note] } else { Vec::new() },
            blocks: vec![Block::Table(table)],
            sign_off: false,
        }
    }

    fn entry(&self, place: u32, entry: &Entry) -> Vec<Cell> {
        let [left, right] = self.outcome.rows(entry);
        let sum = |side: usize, rows: &[RowIndex]| {
            let side = self.outcome.sides()[side];
            self.money(rows.iter().map(|row| side.amount(*row)).sum())
        };
        vec![
            Cell::Key(self.ids(0, left)),
            Cell::Key(self.ids(1, right)),
            sum(0, left),
            sum(1, right),
            self.money(entry.diff),
            self.date(0, left),
            self.date(1, right),
            Cell::Text(self.why(place, entry)),
        ]
    }

    fn ids(&self, side: usize, rows: &[RowIndex]) -> String {
        let ids: Vec<&str> = rows.iter().take(20).map(|row| self.outcome.sides()[side].id(*row)).collect();
        let more = if rows.len() > ids.len() { format!(" … ({})", rows.len()) } else { String::new() };
        ids.join(" ") + &more
    }

    fn date(&self, side: usize, rows: &[RowIndex]) -> Cell {
        let date = rows.first().map(|row| self.outcome.sides()[side].date(*row)).filter(|d| *d != NO_DATE);
        date.map_or(Cell::Empty, |days| Cell::Date(from_epoch_days(days)))
    }

    /// Pass, keys, how sure, what differs, what else it could be.
    fn why(&self, place: u32, entry: &Entry) -> String {
        let mut words = vec![self.outcome.why(entry, self.lang)];
        if let Some(extra) = self.outcome.extra(place) {
            let set = |[l, r]: &[Vec<RowIndex>; 2]| format!("{} = {}", self.ids(0, l), self.ids(1, r));
            let list = |sets: &[[Vec<RowIndex>; 2]]| sets.iter().take(8).map(set).collect::<Vec<_>>().join(" | ");
            if !extra.choices.is_empty() {
                words.push(format!("{}: {}", self.say("可能", "could be"), list(&extra.choices)));
            }
            if !extra.suggested.is_empty() {
                words.push(format!("{}: {}", self.say("建议", "suggested"), list(&extra.suggested)));
            }
            words.extend(extra.reason.map(|reason| reason.title().get(self.lang).to_owned()));
        }
        words.join("; ")
    }

    fn unmatched(&self) -> Sheet {
        let columns = vec![
            self.column("方", "Side", Kind::Text),
            self.column("编号", "Id", Kind::Key),
            self.column("日期", "Date", Kind::Date),
            self.column("金额", "Amount", Kind::Money),
            self.column("账龄(天)", "Age (days)", Kind::Text),
            self.column("原因", "Reason", Kind::Text),
            self.column("文件", "File", Kind::Text),
            self.column("行", "Row", Kind::Text),
        ];
        let all: usize = self.outcome.unmatched.iter().map(Vec::len).sum();
        let mut rows = Vec::new();
        for (side, list) in self.outcome.unmatched.iter().enumerate() {
            let mut list = list.clone();
            list.sort_by(|a, b| self.outcome.sides()[side].order(*a, *b));
            rows.extend(list.iter().take(LIST_ROWS / 2).map(|row| self.open_row(side, *row)));
        }
        self.sheet(self.say("无对应", "No partner"), columns, rows, all)
    }

    /// What was wrong with the files, place by place; no sheet where nothing was.
    fn findings(&self) -> Option<Sheet> {
        let columns = vec![
            self.column("程度", "Severity", Kind::Text),
            self.column("文件", "File", Kind::Text),
            self.column("工作表", "Sheet", Kind::Text),
            self.column("行", "Row", Kind::Text),
            self.column("列", "Column", Kind::Text),
            self.column("内容", "Value", Kind::Key),
            self.column("问题", "Finding", Kind::Text),
            self.column("处数", "Places", Kind::Text),
        ];
        let row = |finding: &Finding| {
            let at = if finding.row == 0 { String::new() } else { finding.row.to_string() };
            vec![
                Cell::Text(finding.severity().title().get(self.lang).to_owned()),
                Cell::Text(finding.file.clone()),
                Cell::Text(finding.sheet.clone()),
                Cell::Text(at),
                Cell::Text(finding.column.clone()),
                Cell::Key(finding.value.clone()),
                Cell::Text(finding.message(self.lang)),
                Cell::Text(finding.count.to_string()),
            ]
        };
        let all: Vec<&Finding> = self.loaded.files.iter().flat_map(|file| &file.findings).collect();
        let rows: Vec<Vec<Cell>> = all.iter().take(LIST_ROWS).map(|finding| row(finding)).collect();
        (!rows.is_empty()).then(|| self.sheet(self.say("读入问题", "Findings"), columns, rows, all.len()))
    }

    fn open_row(&self, side: usize, row: RowIndex) -> Vec<Cell> {
        let rows = self.outcome.sides()[side];
        let date: Option<NaiveDate> = Some(rows.date(row)).filter(|d| *d != NO_DATE).map(from_epoch_days);
        let carried = rows.carried(row);
        let since = date.or(carried.and_then(|c| c.first_seen));
        let age = self.loaded.as_of.zip(since).map(|(today, then)| today.signed_duration_since(then).num_days());
        let file = carried.map_or(self.loaded.files[side].name.as_str(), |c| c.origin.as_str());
        vec![
            Cell::Text(if side == 0 { self.say("左", "left") } else { self.say("右", "right") }),
            Cell::Key(rows.id(row).to_owned()),
            date.map_or(Cell::Empty, Cell::Date),
            self.money(rows.amount(row)),
            Cell::Text(age.map_or_else(String::new, |days| days.to_string())),
            Cell::Text(self.outcome.why_open(side, row, self.lang).to_owned()),
            Cell::Text(file.to_owned()),
            Cell::Text(rows.rows[row as usize].to_string()),
        ]
    }
}
