//! Words beside an amount: which way its money went, and whether there was any.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::cells::{decimal, is_blank, text_of};
use super::normal::{self, column_letters};
use super::plan::Headings;
use crate::finding::{Code, Finding};
use crate::model::{Value, WordList};
use crate::read::RawRow;
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile};

/// What the words of a row say of its money. Of several the greatest holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The amount is what it is written as: money in, or with its own minus.
    In,
    /// Money that went out may be this row or another one (已退款 on the payment itself): only a minus makes it clear.
    Unclear,
    /// Money out, whatever sign is written.
    Out,
    /// No money moved: 作废, 失败, 预授权.
    Void,
}

impl Way {
    fn of_code(code: &str) -> Option<Way> {
        Some(match code {
            "in" => Way::In,
            "unclear" => Way::Unclear,
            "out" => Way::Out,
            "void" => Way::Void,
            _ => return None,
        })
    }

    const CODES: [&'static str; 4] = ["in", "unclear", "out", "void"];

    /// A way as a spec types it.
    pub fn of_word(file: &SpecFile, word: &Spanned<String>) -> Result<Way, SpecError> {
        Way::of_code(word.get_ref()).ok_or_else(|| file.wrong_word(word, "way", &Way::CODES))
    }
}

/// The words of all exports and those of one source.
#[derive(Debug, Default)]
pub struct Lexicon {
    exact: HashMap<String, Way>,
    /// Parts of words (`*退款*`), asked in this order: what negates, what is void, what went out.
    parts: Vec<(Way, String)>,
}

impl Lexicon {
    /// The list `direction`, and over it a source's own words.
    pub fn new(tables: &Tables, own: &BTreeMap<String, Way>) -> Lexicon {
        let mut lexicon = Lexicon::default();
        let Some(list) = tables.list("direction") else { return lexicon };
        for word in &list.words {
            let Some(way) = Way::of_code(&word.code) else { continue };
            for text in std::iter::once(&word.zh).chain(&word.also) {
                match text.strip_prefix('*').and_then(|t| t.strip_suffix('*')) {
                    Some(part) => lexicon.parts.push((way, normal::word(part))),
                    None => {
                        lexicon.exact.insert(normal::word(text), way);
                    }
                }
            }
        }
        lexicon.exact.extend(own.iter().map(|(word, way)| (word.clone(), *way)));
        let order = |way: Way| [Way::In, Way::Void, Way::Unclear, Way::Out].iter().position(|w| *w == way);
        lexicon.parts.sort_by_key(|(way, _)| order(*way));
        lexicon
    }

    /// What a word (normalised) says; `None` where nobody knows it.
    pub fn way(&self, word: &str) -> Option<Way> {
        let exact = self.exact.get(word).copied();
        exact.or_else(|| self.parts.iter().find(|(_, part)| word.contains(part.as_str())).map(|(way, _)| *way))
    }
}

/// How the cells below a heading speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speech {
    /// 收付方向: every word must be known.
    Way,
    /// 状态: every word must be known; what went out of such a row may stand in a row of its own.
    State,
    /// 款项类型: only words for refunds and void ones say something.
    Hint,
    /// A state that has words of its own: only void ones say something.
    VoidOnly,
    /// 是否作废: yes says this, no says nothing.
    Yes(Way),
    /// 是否有效: no says this, yes says nothing.
    No(Way),
    /// 作废时间: whatever is filled in says this.
    Filled(Way),
}

impl Speech {
    /// Whether a word is taken to say nothing though it may: only what such columns know says something.
    fn passes_over(self, known: Option<Way>) -> bool {
        match self {
            Speech::Hint => !matches!(known, Some(Way::In | Way::Out | Way::Void)),
            Speech::VoidOnly => !matches!(known, Some(Way::In | Way::Void)),
            _ => false,
        }
    }

    fn of_code(code: &str) -> Option<Speech> {
        Some(match code {
            "way" => Speech::Way,
            "state" => Speech::State,
            "yes_void" => Speech::Yes(Way::Void),
            "yes_unclear" => Speech::Yes(Way::Unclear),
            "no_void" => Speech::No(Way::Void),
            "filled_void" => Speech::Filled(Way::Void),
            "filled_unclear" => Speech::Filled(Way::Unclear),
            _ => return None,
        })
    }
}

/// What an output says of the words beside its amounts.
#[derive(Debug)]
pub struct Direction {
    lexicon: Arc<Lexicon>,
    /// Columns of the table that are turned where money went out; the first tells whether a minus is written.
    pub amounts: Vec<usize>,
    /// Headings beside those of the list `direction_heading`.
    own: Vec<(String, Speech)>,
    /// Headings of that list, unless the source maps them itself.
    shared: Vec<(String, Speech)>,
    /// Headings of an amount that went out, in a column of its own.
    out: Vec<String>,
    /// Headings of the day on which the record was cancelled: it stands until then and is taken back from then on.
    pub cancelled_on: Vec<String>,
}

/// `[output.direction]` as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDirection {
    amounts: Vec<Spanned<String>>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    states: Vec<String>,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    voids: Vec<String>,
    #[serde(default)]
    out: Vec<String>,
    #[serde(default)]
    cancelled_on: Vec<String>,
}

/// `[direction]` of a source: what words say in it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawWays {
    /// Headings that speak of money and that nobody needs here.
    #[serde(default)]
    pub aside: Vec<String>,
    #[serde(default)]
    pub words: BTreeMap<String, Spanned<String>>,
}

impl RawDirection {
    /// Checked; `mapped` are the headings that the output's own columns read.
    pub fn checked(
        &self,
        tables: &Tables,
        lexicon: &Arc<Lexicon>,
        mapped: &[String],
        find: &dyn Fn(&Spanned<String>) -> Result<usize, SpecError>,
    ) -> Result<Direction, SpecError> {
        let names = |texts: &[String]| texts.iter().map(|t| normal::heading(t)).collect::<Vec<String>>();
        let kinds = [
            (&self.from, Speech::Way),
            (&self.states, Speech::State),
            (&self.hints, Speech::Hint),
            (&self.voids, Speech::VoidOnly),
        ];
        let own: Vec<(String, Speech)> =
            kinds.iter().flat_map(|(texts, speech)| names(texts).into_iter().map(|t| (t, *speech))).collect();
        let mut shared = shared_headings(tables);
        let cancelled_on = names(&self.cancelled_on);
        let is_own = |h: &String| mapped.contains(h) || cancelled_on.contains(h) || own.iter().any(|(o, _)| o == h);
        shared.retain(|(heading, _)| !is_own(heading));
        Ok(Direction {
            lexicon: Arc::clone(lexicon),
            amounts: self.amounts.iter().map(find).collect::<Result<_, _>>()?,
            own,
            shared,
            out: names(&self.out),
            cancelled_on,
        })
    }
}

/// The headings that speak of direction in every export.
fn shared_headings(tables: &Tables) -> Vec<(String, Speech)> {
    let words = tables.list("direction_heading").map_or(&[][..], |list: &WordList| list.words.as_slice());
    let headings = words.iter().filter_map(|w| Some((w, Speech::of_code(&w.code)?)));
    headings
        .flat_map(|(w, speech)| std::iter::once(&w.zh).chain(&w.also).map(move |t| (normal::heading(t), speech)))
        .collect()
}

/// Whether a heading (normalised) is one of those below which exports say which way money went.
pub fn speaks_of_direction(tables: &Tables, heading: &str) -> bool {
    shared_headings(tables).iter().any(|(own, _)| own == heading)
}

/// The places of a direction in one sheet.
pub struct Ways<'a> {
    pub spec: &'a Direction,
    places: Vec<(usize, Speech)>,
    pub out: Option<usize>,
    cancelled_on: Option<usize>,
}

/// Words already looked up: a sheet uses few words often.
pub type Known = HashMap<String, Option<Way>>;

/// What a row says of its money, and where.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// `None` where nothing is said.
    pub way: Option<Way>,
    /// The sheet's column and the word that said it.
    pub place: usize,
    pub word: String,
    /// A word that speaks of something taken back where it is taken to say nothing, and its column.
    pub doubt: Option<(usize, String)>,
}

/// Parts of words that speak of something taken back.
const TAKEN_BACK: [&str; 13] =
    ["退", "冲", "撤", "作废", "取消", "红字", "负数", "REFUND", "RETURN", "REVERS", "CANCEL", "VOID", "CHARGEBACK"];
/// Parts of words that only look so: what is washed, who has retired, what is not taken back.
const HARMLESS: [&str; 12] =
    ["冲洗", "冲压", "清冲", "冲击", "退休", "退役", "退伍", "未退", "不退", "免退", "未冲", "未撤"];

/// Whether a word (normalised) that no list knows speaks of something taken back.
pub fn speaks_of_return(word: &str) -> bool {
    TAKEN_BACK.iter().any(|part| word.contains(part)) && !HARMLESS.iter().any(|part| word.contains(part))
}

impl<'a> Ways<'a> {
    pub fn new(spec: &'a Direction, headings: &Headings) -> Ways<'a> {
        let mut places: Vec<(usize, Speech)> = Vec::new();
        for (heading, speech) in spec.own.iter().chain(&spec.shared) {
            if let Some(place) = headings.find(heading).filter(|p| !places.iter().any(|(q, _)| q == p)) {
                places.push((place, *speech));
            }
        }
        let find = |names: &[String]| headings.find_any(names, 1);
        Ways { spec, places, out: find(&spec.out), cancelled_on: find(&spec.cancelled_on) }
    }

    /// The sheet's columns that are read for it.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.iter().map(|(place, _)| *place).chain(self.out).chain(self.cancelled_on)
    }

    /// The cell of the day on which the record was cancelled.
    pub fn cancelled(&self, row: &RawRow) -> Option<usize> {
        self.cancelled_on.filter(|p| row.cells.get(*p).is_some_and(|c| !is_blank(c)))
    }

    /// What the row says; the finding where a word is not known.
    pub fn said(&self, row: &RawRow, known: &mut Known) -> Result<Said, (usize, String)> {
        let mut said = Said::default();
        for (place, speech) in &self.places {
            let Some(cell) = row.cells.get(*place) else { continue };
            let word = normal::word(&text_of(cell));
            // A lone dash beside plus signs is a direction, in any other column it is nothing.
            if is_blank(cell) && !(*speech == Speech::Way && word == "-") {
                continue;
            }
            let lexicon = &self.spec.lexicon;
            let known = *known.entry(word.clone()).or_insert_with(|| lexicon.way(&word));
            if said.doubt.is_none() && speech.passes_over(known) && speaks_of_return(&word) {
                said.doubt = Some((*place, text_of(cell)));
            }
            let way = match speech {
                Speech::Way => known.ok_or_else(|| (*place, text_of(cell)))?,
                Speech::State => as_state(known.ok_or_else(|| (*place, text_of(cell)))?),
                Speech::Hint => known.filter(|w| *w != Way::Unclear).unwrap_or(Way::In),
                Speech::VoidOnly => known.filter(|w| *w == Way::Void).unwrap_or(Way::In),
                Speech::Yes(way) => match flag(&word) {
                    Some(true) => *way,
                    Some(false) => Way::In,
                    None => as_state(known.ok_or_else(|| (*place, text_of(cell)))?),
                },
                Speech::No(way) => match flag(&word) {
                    Some(false) => *way,
                    Some(true) => Way::In,
                    None => as_state(known.ok_or_else(|| (*place, text_of(cell)))?),
                },
                Speech::Filled(way) => *way,
            };
            if said.way.is_none_or(|held| way > held) {
                said = Said { way: Some(way), place: *place, word: text_of(cell), doubt: said.doubt };
            }
        }
        Ok(said)
    }

    /// The amount that went out in a column of its own, in hundredths; nothing where it is blank or 0.
    pub fn amount_out(&self, row: &RawRow) -> Option<i64> {
        let cell = row.cells.get(self.out?).filter(|c| !is_blank(c))?;
        let units = decimal(cell)?.to_units(2).ok()?.0;
        (units != 0).then(|| units.saturating_abs())
    }
}

/// A state tells what became of a payment: that it was refunded is no refund by itself.
fn as_state(way: Way) -> Way {
    if way == Way::Out { Way::Unclear } else { way }
}

fn flag(word: &str) -> Option<bool> {
    match word {
        "是" | "Y" | "YES" | "TRUE" | "T" | "1" | "√" | "✓" | "有" => Some(true),
        "否" | "N" | "NO" | "FALSE" | "F" | "0" | "×" | "X" | "无" => Some(false),
        _ => None,
    }
}

/// Turns the amounts of a row as its words say; `Err` where they can be meant in two ways.
pub fn turn(values: &mut [Value], amounts: &[usize], said: &Said) -> Result<(), ()> {
    let Some(way) = said.way else { return Ok(()) };
    let first = amounts.first().and_then(|at| values[*at].int()).unwrap_or(0);
    if way == Way::Unclear && first > 0 {
        return Err(());
    }
    for at in amounts {
        match (way, &mut values[*at]) {
            (Way::Out, Value::Int(units)) => *units = -units.saturating_abs(),
            (Way::Void, value) => *value = Value::Int(0),
            _ => {}
        }
    }
    Ok(())
}

/// Said once a column and word: rows that bear no money by their own word.
#[derive(Default)]
pub struct VoidNotes(BTreeMap<(usize, String), (u64, u32)>);

impl VoidNotes {
    pub fn add(&mut self, said: &Said, row: u32) {
        self.0.entry((said.place, said.word.clone())).or_insert((0, row)).0 += 1;
    }

    pub fn finish(self, sheet: &str, headings: &[String], findings: &mut Vec<Finding>) {
        for ((place, word), (count, row)) in self.0 {
            let heading = headings.get(place).cloned().unwrap_or_default();
            let finding = Finding::new(Code::RowVoid, word).with(heading).counted(count);
            findings.push(finding.at(sheet, row, &column_letters(place)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecFiles;

    fn lexicon() -> Lexicon {
        let files = SpecFiles::new(Vec::new());
        Lexicon::new(&Tables::load(&files).unwrap(), &BTreeMap::new())
    }

    #[test]
    fn words_of_direction() {
        let lexicon = lexicon();
        for (word, way) in [
            ("消费", Way::In),
            ("部分退货", Way::Out),
            ("维修退款", Way::Out),
            ("退款失败", Way::Void),
            ("预授权", Way::Void),
            ("预授权完成", Way::In),
            ("预授权完成撤销", Way::Out),
            ("预授权撤销", Way::Void),
            ("余额查询", Way::Void),
            ("未退款", Way::In),
            ("已作废", Way::Void),
        ] {
            assert_eq!(lexicon.way(word), Some(way), "{word}");
        }
        assert_eq!(lexicon.way("天上掉下"), None);
    }

    #[test]
    fn what_can_be_meant_in_two_ways_is_not_turned() {
        let said = Said { way: Some(Way::Unclear), ..Said::default() };
        let mut values = [Value::Int(100)];
        assert!(turn(&mut values, &[0], &said).is_err());
        values[0] = Value::Int(-100);
        assert!(turn(&mut values, &[0], &said).is_ok() && values[0] == Value::Int(-100));
    }

    #[test]
    fn money_out_is_negative_whatever_sign_is_written() {
        let said = Said { way: Some(Way::Out), ..Said::default() };
        for written in [100, -100] {
            let mut values = [Value::Int(written), Value::Null];
            turn(&mut values, &[0, 1], &said).unwrap();
            assert_eq!(values, [Value::Int(-100), Value::Null]);
        }
    }
}
