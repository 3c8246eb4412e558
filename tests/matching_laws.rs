//! Laws of the matcher, whatever the rules and the rows: no order decides, no side is preferred, no row is lost, and what
//! is called certain is so.
//!
//! Problems are small on purpose: few amounts, few keys and few days make ties, duplicates and sets that sum alike, which
//! is where matchers guess.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Days, NaiveDate, NaiveTime};
use hesuan::model::Calendar;
use hesuan::reconcile::matcher::rules::{LEFT, Pass, PassKind, RIGHT};
use hesuan::reconcile::matcher::{
    Assembler, Bin, Bucket, Class, Entry, Fields, Outcome, RowIndex, Rules, Side, Standing, Symbols, match_sides,
};
use hesuan::spec::SpecFile;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

// ---------------------------------------------------------------------------------------------------------------------
// Rows

#[derive(Debug, Clone)]
struct Row {
    id: String,
    key: String,
    pool: String,
    /// In fen.
    amount: i64,
    day: Option<u64>,
    /// Its hour, where it says one.
    hour: Option<u32>,
    currency: String,
    note: String,
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 28).unwrap() + Days::new(number) // a Monday, and a week later the free days
}

fn side_of(rules: &Rules, symbols: &mut Symbols, rows: &[Row]) -> Side {
    let mut assembler = Assembler::new(rules, symbols);
    for (at, row) in (2..).zip(rows) {
        assembler.push(&Fields {
            id: &row.id,
            amount: Some(row.amount),
            date: row.day.map(day),
            time: row.hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0)),
            currency: &row.currency,
            row: at,
            kept: true,
            rank: rules.sides[LEFT].prefer.as_ref().map_or(0, |prefer| prefer.rank(&row.note)),
            once: if rules.sides[LEFT].once.is_some() { &row.key } else { "" },
            ..Fields::default()
        });
        for (key, rule) in rules.keys.iter().enumerate() {
            assembler.key(key, if rule.name == "key" { &row.key } else { &row.pool });
        }
        (0..rules.compares.len()).for_each(|at| assembler.compared(at, &row.note));
    }
    assembler.finish()
}

fn rules_of(text: &str) -> Rules {
    let file = SpecFile { name: "law.toml".to_owned(), text: text.to_owned(), of_shop: true };
    Rules::load(&file).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Matches rows and hands the answer to a look.
fn matched<T>(text: &str, rows: [&[Row]; 2], look: impl FnOnce(&Outcome<'_>) -> T) -> T {
    let rules = rules_of(text);
    let mut symbols = Symbols::default();
    let sides = rows.map(|rows| side_of(&rules, &mut symbols, rows));
    let mut calendar = Calendar::default();
    calendar.holidays.extend((3..10).map(day));
    look(&match_sides([&sides[0], &sides[1]], &rules, &calendar, None))
}

const PRICES: [i64; 8] = [10_000, 10_000, 20_000, 30_000, 50_000, 50_000, 49_999, 12_345];

fn amount() -> impl Strategy<Value = i64> {
    let price = (0..PRICES.len()).prop_map(|at| PRICES[at]);
    (price, 0..10).prop_map(|(price, sign)| match sign {
        0..=7 => price,
        8 => -price,
        _ => 0,
    })
}

fn row() -> impl Strategy<Value = Row> {
    let moment = (prop::option::weighted(0.9, 0..9_u64), prop::option::weighted(0.8, 0..24_u32));
    (0..5_usize, 0..3_usize, amount(), moment, 0..8_usize, 0..3_usize).prop_map(
        |(key, pool, amount, (day, hour), currency, note)| Row {
            id: String::new(),
            key: ["", "A", "B", "C", "D"][key].to_owned(),
            pool: ["", "S01", "S02"][pool].to_owned(),
            amount,
            day,
            hour,
            currency: if currency == 0 { "USD" } else { "CNY" }.to_owned(),
            note: ["", "x", "y"][note].to_owned(),
        },
    )
}

/// Rows with ids in an order that is not that of their dates.
fn rows(prefix: &'static str) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(), 0..9).prop_map(move |mut rows| {
        rows.iter_mut().enumerate().for_each(|(at, row)| row.id = format!("{prefix}{}", at * 7 % 10));
        rows
    })
}

// ---------------------------------------------------------------------------------------------------------------------
// Rules

#[derive(Debug, Clone)]
struct Tolerance {
    /// Where the right amount is the larger one, and where it is the smaller one.
    amount: Option<[&'static str; 2]>,
    percent: Option<([&'static str; 2], usize)>,
    larger: bool,
}

#[derive(Debug, Clone)]
struct Window {
    before: u32,
    after: u32,
    anchor: usize,
    unit: usize,
}

/// Units of windows.
const UNITS: [&str; 3] = ["days", "working_days", "hours"];
/// What becomes of ties.
const TIES: [&str; 3] = ["copies", "leave", "flag"];

#[derive(Debug, Clone)]
struct PassShape {
    kind: usize,
    /// Bits: key, pool.
    keys: usize,
    tolerance: Option<Tolerance>,
    window: Option<Window>,
    ties: usize,
    many: usize,
    max_rows: Option<usize>,
    max_size: Option<usize>,
    all_currencies: bool,
}

#[derive(Debug, Clone)]
struct Decided {
    kind: usize,
    left: Vec<usize>,
    right: Vec<usize>,
    amount: i64,
}

#[derive(Debug, Clone)]
struct Shape {
    /// None: the default cascade.
    passes: Vec<PassShape>,
    tolerance: Option<Tolerance>,
    window: Option<Window>,
    pooled: bool,
    residual: bool,
    duplicates: usize,
    zeros: bool,
    /// Rows are preferred by their notes; rows of one key are one row.
    prefers: bool,
    once: bool,
    decisions: Vec<Decided>,
}

const KINDS: [&str; 7] = ["reversals", "one_to_one", "groups", "pools", "subsets", "allocate", "differences"];
const DECISIONS: [&str; 4] = ["match", "never", "allocate", "set_aside"];

fn tolerance() -> impl Strategy<Value = Option<Tolerance>> {
    let amounts = [["0.01", "0.01"], ["100.00", "100.00"], ["0", "100.00"], ["0.01", "0"]];
    let amount = prop::option::of((0..amounts.len()).prop_map(move |at| amounts[at]));
    let shares = [["3%", "3%"], ["55%", "55%"], ["0%", "3%"], ["55%", "3%"]];
    let percent = prop::option::of((0..shares.len(), 0..4_usize).prop_map(move |(at, of)| (shares[at], of)));
    let some =
        (amount, percent, any::<bool>()).prop_map(|(amount, percent, larger)| Tolerance { amount, percent, larger });
    prop::option::weighted(0.4, some)
}

fn window() -> impl Strategy<Value = Option<Window>> {
    let some = (0..4_u32, 0..4_u32, 0..2_usize, 0..UNITS.len()).prop_map(|(before, after, anchor, unit)| {
        let hours = if unit == 2 { 11 } else { 1 };
        Window { before: before * hours, after: after * hours, anchor, unit }
    });
    prop::option::weighted(0.5, some)
}

fn pass() -> impl Strategy<Value = PassShape> {
    let bounds = (prop::option::weighted(0.2, 1..6_usize), prop::option::weighted(0.3, 1..5_usize));
    (0..KINDS.len(), 0..4_usize, tolerance(), window(), 0..TIES.len(), 0..3_usize, bounds, any::<bool>()).prop_map(
        |(kind, keys, tolerance, window, ties, many, (max_rows, max_size), all_currencies)| PassShape {
            kind,
            keys,
            tolerance,
            window,
            ties,
            many,
            max_rows,
            max_size,
            all_currencies,
        },
    )
}

fn decided() -> impl Strategy<Value = Decided> {
    let ids = || prop::collection::vec(0..10_usize, 0..3);
    (0..DECISIONS.len(), ids(), ids(), 0..4_i64).prop_map(|(kind, left, right, amount)| Decided {
        kind,
        left,
        right,
        amount: amount * 10_000,
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let passes = prop_oneof![1 => Just(Vec::new()), 2 => prop::collection::vec(pass(), 1..4)];
    let decisions = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(decided(), 1..4)];
    let own = (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.2));
    (passes, tolerance(), window(), any::<bool>(), any::<bool>(), 0..8_usize, own, decisions).prop_map(
        |(passes, tolerance, window, pooled, residual, duplicates, (zeros, prefers, once), decisions)| Shape {
            passes,
            tolerance,
            window,
            pooled,
            residual,
            duplicates,
            zeros,
            prefers,
            once,
            decisions,
        },
    )
}

impl Tolerance {
    fn toml(&self, mirrored: bool) -> String {
        let mut parts = Vec::new();
        let places = if mirrored { [1, 0] } else { [0, 1] };
        parts.extend(self.amount.map(|limits| {
            let [amount, below] = places.map(|at| limits[at]);
            format!("amount = {amount:?}, below = {below:?}")
        }));
        parts.extend(self.percent.map(|(shares, of)| {
            let of = if mirrored { [1, 0, 2, 3][of] } else { of };
            let [percent, below] = places.map(|at| shares[at]);
            let of = ["left", "right", "larger", "smaller"][of];
            format!("percent = {percent:?}, percent_below = {below:?}, of = {of:?}")
        }));
        parts.push(format!("larger = {}", self.larger));
        format!("tolerance = {{ {} }}\n", parts.join(", "))
    }
}

impl Window {
    fn toml(&self, mirrored: bool) -> String {
        let anchor = ["left", "right"][self.anchor ^ usize::from(mirrored)];
        let unit = UNITS[self.unit];
        let (before, after) = (self.before, self.after);
        format!("window = {{ before = {before}, after = {after}, anchor = {anchor:?}, unit = {unit:?} }}\n")
    }
}

impl PassShape {
    fn toml(&self, mirrored: bool) -> String {
        let mut text = format!("[[pass]]\nkind = {:?}\nkey = {:?}\n", KINDS[self.kind], keys(self.keys));
        text += &self.tolerance.as_ref().map_or_else(String::new, |t| t.toml(mirrored));
        text += &self.window.as_ref().map_or_else(String::new, |w| w.toml(mirrored));
        let many = if mirrored { [1, 0, 2][self.many] } else { self.many };
        writeln!(text, "ties = {:?}", TIES[self.ties]).unwrap();
        writeln!(text, "many = {:?}\nall_currencies = {}", ["left", "right", "both"][many], self.all_currencies)
            .unwrap();
        for (name, bound) in [("max_rows", self.max_rows), ("max_size", self.max_size)] {
            text += &bound.map_or_else(String::new, |n| format!("{name} = {n}\n"));
        }
        text
    }
}

fn keys(bits: usize) -> Vec<&'static str> {
    let all = [(1, "key"), (2, "pool")];
    all.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| name).collect()
}

/// What all rules of these tests begin with.
fn head() -> String {
    "id = 'law'\n".to_owned()
}

const SIDES: &str = "[left]\nid = ['id']\namount = 'a'\ndate = 'd'\ncurrency = 'c'\n\
                     [right]\nid = ['id']\namount = 'a'\ndate = 'd'\ncurrency = 'c'\n\
                     [[key]]\nname = 'key'\nleft = 'k'\nright = 'k'\n\
                     [[key]]\nname = 'pool'\nleft = 'p'\nright = 'p'\n\
                     [[compare]]\nname = 'note'\nleft = 'n'\nright = 'n'\n";

impl Shape {
    fn toml(&self, mirrored: bool) -> String {
        let mut text = head();
        text += &self.tolerance.as_ref().map_or_else(String::new, |t| t.toml(mirrored));
        text += &self.window.as_ref().map_or_else(String::new, |w| w.toml(mirrored));
        let duplicates = ["error", "set_aside"].get(self.duplicates).unwrap_or(&"pair");
        writeln!(text, "duplicates = {duplicates:?}\nzeros_are_settled = {}", self.zeros).unwrap();
        writeln!(text, "leftover = {:?}", if self.residual { "residual" } else { "difference" }).unwrap();
        if self.pooled {
            text += "pool = ['pool']\n";
        }
        let mut own = String::new();
        if self.prefers {
            own += "prefer = { column = 'n', order = ['x', 'y'] }\n";
        }
        if self.once {
            own += "once = { by = ['k'], keep = 'last' }\n";
        }
        text += &SIDES.replace("currency = 'c'\n", &format!("currency = 'c'\n{own}"));
        self.passes.iter().for_each(|pass| text += &pass.toml(mirrored));
        for decided in &self.decisions {
            let ids = |prefix: &str, list: &[usize]| list.iter().map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
            let (mut left, mut right) = (ids("L", &decided.left), ids("R", &decided.right));
            let kind = DECISIONS[decided.kind];
            // Without a left row or an amount an allocation means the right one's: that has no mirror.
            if kind == "allocate" && (left.is_empty() || right.is_empty()) {
                continue;
            }
            if mirrored {
                std::mem::swap(&mut left, &mut right);
            }
            let sign = if mirrored && kind == "match" { -1 } else { 1 };
            let amount = sign * decided.amount / 100;
            writeln!(text, "[[decision]]\nkind = {kind:?}\nleft = {left:?}\nright = {right:?}\namount = '{amount}'")
                .unwrap();
        }
        text
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What became of the rows, as lines that can be compared.

fn ids(outcome: &Outcome<'_>, side: usize, rows: &[RowIndex]) -> Vec<String> {
    rows.iter().map(|row| outcome.sides()[side].id(*row).to_owned()).collect()
}

/// Every entry and every loose row in one line each. Mirrored: left and right change places.
fn told(outcome: &Outcome<'_>, mirrored: bool) -> BTreeSet<String> {
    let (first, second) = if mirrored { (RIGHT, LEFT) } else { (LEFT, RIGHT) };
    let sign = if mirrored { -1 } else { 1 };
    let set = |rows: [&[RowIndex]; 2]| {
        format!("{:?}={:?}", ids(outcome, first, rows[first]), ids(outcome, second, rows[second]))
    };
    let sets = |list: &[[Vec<RowIndex>; 2]]| list.iter().map(|s| set([&s[0], &s[1]])).collect::<BTreeSet<_>>();
    let mut lines = BTreeSet::new();
    for (place, entry) in outcome.entries() {
        let mut line = format!("{:?} pass {} {}", entry.bucket, entry.pass, set(outcome.rows(entry)));
        write!(line, " diff {} ambiguous {} tie {}", sign * entry.diff, entry.ambiguous, entry.tie).unwrap();
        write!(line, " {}", class(outcome, place, entry, mirrored)).unwrap();
        if let Some(extra) = outcome.extra(place) {
            // A tie of one to one shows its first choices only.
            if extra.choices.len() < 8 {
                write!(line, " choices {:?}", sets(&extra.choices)).unwrap();
            }
            write!(line, " suggested {:?} {:?}", sets(&extra.suggested), extra.reason).unwrap();
            let pay = |(l, r, amount): &(RowIndex, RowIndex, i64)| format!("{}{amount}", set([&[*l], &[*r]]));
            write!(line, " pay {:?}", extra.allocations.iter().map(pay).collect::<BTreeSet<_>>()).unwrap();
            for side in [first, second] {
                let rest: Vec<String> = extra.residuals[side]
                    .iter()
                    .map(|(row, rest)| format!("{:?}{rest}", ids(outcome, side, &[*row])))
                    .collect();
                write!(line, " rest {rest:?}").unwrap();
            }
            write!(line, " by currency {:?}", extra.by_currency.iter().map(|(_, d)| sign * d).collect::<BTreeSet<_>>())
                .unwrap();
        }
        assert!(lines.insert(line.clone()), "twice: {line}");
    }
    for (name, side) in [("first", first), ("second", second)] {
        for row in &outcome.unmatched[side] {
            lines.insert(format!("{name} open {:?} {:?}", ids(outcome, side, &[*row]), outcome.reason(side, *row)));
        }
        for (row, skip) in &outcome.skipped[side] {
            lines.insert(format!("{name} skipped {:?} {skip:?}", ids(outcome, side, &[*row])));
        }
        lines.extend(
            outcome.duplicates[side].iter().map(|row| format!("{name} twice {:?}", ids(outcome, side, &[*row]))),
        );
    }
    for (at, standing) in outcome.standings.iter().enumerate() {
        let standing = match standing {
            Standing::AmountDiffers { diff } => Standing::AmountDiffers { diff: sign * diff },
            // Of two rows of one size and two signs either is what is open.
            Standing::TooMuch { open } => Standing::TooMuch { open: open.abs() },
            other => *other,
        };
        lines.insert(format!("decision {at} {standing:?}"));
    }
    lines.insert(format!("refused {}", outcome.error.is_some()));
    lines
}

fn class(outcome: &Outcome<'_>, place: u32, entry: &Entry, mirrored: bool) -> &'static str {
    let is_left = |side: usize| outcome.extra(place).is_some_and(|extra| !extra.residuals[side].is_empty());
    match entry.class {
        Class::Partial if mirrored && !is_left(RIGHT) => Class::Overpaid.id(),
        Class::Overpaid if mirrored => Class::Partial.id(),
        class => class.id(),
    }
}

/// Lines of the one that the other has not.
fn only_in<'a>(one: &'a BTreeSet<String>, other: &'a BTreeSet<String>) -> Vec<&'a String> {
    one.difference(other).collect()
}

fn same(one: &BTreeSet<String>, other: &BTreeSet<String>, rules: &str) -> Result<(), TestCaseError> {
    let (gone, new) = (only_in(one, other), only_in(other, one));
    prop_assert!(one == other, "- {gone:#?}\n+ {new:#?}\n{rules}");
    Ok(())
}

// ---------------------------------------------------------------------------------------------------------------------
// The laws.

/// The same problems in every run, so that a failure is a change's and not chance's; `CASES=20000` tries others too.
fn laws() -> ProptestConfig {
    let more = std::env::var("CASES").ok().and_then(|n| n.parse().ok());
    let rng_seed = if more.is_some() { RngSeed::Random } else { RngSeed::Fixed(20_261_122) };
    ProptestConfig { cases: more.unwrap_or(1_000), rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// Everything that a matched entry promises.
fn entry_keeps_its_word(outcome: &Outcome<'_>, place: u32, entry: &Entry) -> Result<(), TestCaseError> {
    let pass: &Pass = outcome.pass(entry);
    let sides = outcome.sides();
    let rows = outcome.rows(entry);
    let sum = |side: usize| rows[side].iter().map(|row| sides[side].amount(*row)).sum::<i64>();
    prop_assert_eq!(entry.diff, sum(LEFT) - sum(RIGHT));
    let of = |what: &dyn Fn(usize, usize) -> u32| {
        (0..2)
            .flat_map(|s| rows[s].iter().map(move |r| (s, *r as usize)))
            .map(|(s, r)| what(s, r))
            .collect::<BTreeSet<_>>()
    };
    if pass.kind == PassKind::Decisions {
        prop_assert_eq!(of(&|side, row| sides[side].currencies[row]).len(), 1, "currencies mixed");
        return Ok(());
    }
    for key in &pass.keys {
        let symbols = of(&|side, row| sides[side].keys[*key][row]);
        prop_assert!(symbols.len() == 1 && !symbols.contains(&0), "keys differ or are blank");
    }
    if !pass.all_currencies {
        prop_assert_eq!(of(&|side, row| sides[side].currencies[row]).len(), 1, "currencies mixed");
    }
    let allocations = outcome.extra(place).map_or(&[][..], |extra| extra.allocations.as_slice());
    match (entry.bucket, pass.kind) {
        // A rest within the tolerance is no residual: the class says so.
        (Bucket::Matched, PassKind::Allocate) if entry.class == Class::Tolerance => {
            prop_assert!(pass.tolerance.covers(sum(LEFT), sum(RIGHT)) && outcome.residuals(place, entry).is_empty());
        }
        (Bucket::Matched, PassKind::Allocate) => {
            for side in [LEFT, RIGHT] {
                let rest = outcome.residuals(place, entry).iter().filter(|r| r.0 == side).map(|r| r.2).sum::<i64>();
                prop_assert_eq!(sum(side), allocations.iter().map(|a| a.2).sum::<i64>() + rest);
            }
        }
        (Bucket::Matched, PassKind::Reversals) => prop_assert!(sum(LEFT) == 0 && sum(RIGHT) == 0),
        (Bucket::Matched, _) => {
            let mut by_currency: BTreeMap<u32, [i64; 2]> = BTreeMap::new();
            for (side, row) in (0..2).flat_map(|s| rows[s].iter().map(move |r| (s, *r))) {
                by_currency.entry(sides[side].currencies[row as usize]).or_default()[side] += sides[side].amount(row);
            }
            for [left, right] in by_currency.into_values() {
                prop_assert!(pass.tolerance.covers(left, right), "{left} {right} {:?}", pass.tolerance);
            }
            let mut calendar = Calendar::default();
            calendar.holidays.extend((3..10).map(day));
            let stands = |l: &RowIndex, r: &RowIndex| {
                pass.window.is_none_or(|w| w.holds(sides[LEFT].moment(*l), sides[RIGHT].moment(*r), &calendar))
            };
            prop_assert!(rows[LEFT].iter().all(|l| rows[RIGHT].iter().all(|r| stands(l, r))), "outside the window");
        }
        (Bucket::TimingDiff | Bucket::AmountDiff, kind) => prop_assert_eq!(kind, PassKind::Differences),
        (Bucket::Ambiguous, _) => prop_assert!(!entry.ambiguous && rows.iter().all(|rows| !rows.is_empty())),
    }
    Ok(())
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn no_order_of_rows_decides(
        shape in shape(),
        ((left, left_again), (right, right_again)) in (rows("L"), rows("R")).prop_flat_map(|(l, r)| {
            let with = |rows: Vec<Row>| (Just(rows.clone()), Just(rows).prop_shuffle());
            (with(l), with(r))
        }),
    ) {
        let rules = shape.toml(false);
        let look = |outcome: &Outcome<'_>| {
            let lists = [Bucket::Matched, Bucket::AmountDiff, Bucket::TimingDiff, Bucket::Ambiguous];
            let entries = lists.iter().flat_map(|b| outcome.in_order(*b));
            let order: Vec<_> = entries.map(|(_, e)| [0, 1].map(|side| ids(outcome, side, outcome.rows(e)[side]))).collect();
            (told(outcome, false), order)
        };
        let (one, order) = matched(&rules, [&left, &right], look);
        let (other, other_order) = matched(&rules, [&left_again, &right_again], look);
        same(&one, &other, &rules)?;
        prop_assert_eq!(order, other_order);
        let (again, _) = matched(&rules, [&left, &right], look);
        same(&one, &again, &rules)?;
    }

    #[test]
    fn swapping_the_sides_mirrors_the_answer(shape in shape(), left in rows("L"), right in rows("R")) {
        let one = matched(&shape.toml(false), [&left, &right], |outcome| told(outcome, false));
        let other = matched(&shape.toml(true), [&right, &left], |outcome| told(outcome, true));
        same(&one, &other, &shape.toml(false))?;
    }

    #[test]
    fn a_pair_that_cancels_out_changes_nothing_but_itself(
        shape in shape(), left in rows("L"), right in rows("R"), is_left in any::<bool>(), amount in 0..PRICES.len(),
    ) {
        // Rules that look for reversals first; a policy for keys that stand twice would see the pair as that.
        let first = "[[pass]]\nkind = 'reversals'\nkey = ['key']\n".to_owned();
        let mut shape = Shape { duplicates: 9, once: false, ..shape };
        shape.decisions.clear();
        let rules = shape.toml(false).replacen("[[pass]]", &(first + "[[pass]]"), 1);
        let pair = |sign: i64| Row {
            id: format!("X{sign}"),
            key: "X".into(),
            pool: "S01".into(),
            amount: sign * PRICES[amount],
            day: Some(3),
            hour: Some(10),
            currency: "CNY".into(),
            note: String::new(),
        };
        let (mut more_left, mut more_right) = (left.clone(), right.clone());
        if is_left { &mut more_left } else { &mut more_right }.extend([pair(1), pair(-1)]);
        let one = matched(&rules, [&left, &right], |outcome| told(outcome, false));
        let other = matched(&rules, [&more_left, &more_right], |outcome| told(outcome, false));
        prop_assert!(only_in(&one, &other).is_empty(), "{:#?}\n{:#?}\n{rules}", only_in(&one, &other), only_in(&other, &one));
        let new = only_in(&other, &one);
        prop_assert!(new.len() == 1 && new[0].contains("reversal") && new[0].contains("X1"), "{new:?}\n{rules}");
    }

    #[test]
    fn every_row_is_in_one_bucket_and_every_entry_keeps_its_word(shape in shape(), left in rows("L"), right in rows("R")) {
        let rules = shape.toml(false);
        matched(&rules, [&left, &right], |outcome| {
            let mut seen: BTreeMap<(usize, RowIndex), usize> = BTreeMap::new();
            let mut see = |side: usize, row: RowIndex| *seen.entry((side, row)).or_insert(0) += 1;
            for (place, entry) in outcome.entries() {
                entry_keeps_its_word(outcome, place, entry)?;
                (0..2).for_each(|side| outcome.rows(entry)[side].iter().for_each(|row| see(side, *row)));
            }
            for side in 0..2 {
                outcome.unmatched[side].iter().for_each(|row| see(side, *row));
                outcome.duplicates[side].iter().for_each(|row| see(side, *row));
                outcome.skipped[side].iter().for_each(|(row, _)| see(side, *row));
            }
            let is_refused = outcome.controls().is_empty();
            prop_assert!(seen.values().all(|n| *n == 1), "{rules}");
            prop_assert!(is_refused || seen.len() == left.len() + right.len(), "{rules}");
            prop_assert!(outcome.controls().iter().all(|c| c.holds()));
            let of = |side: usize| Bin::ALL.iter().map(|bin| outcome.totals.bin(side, *bin).amount).sum::<i64>();
            prop_assert!(is_refused || of(LEFT) == left.iter().map(|r| r.amount).sum::<i64>());
            kept_apart(outcome)
        })?;
    }
}

/// Rows that the accountant keeps apart stand in no entry together.
fn kept_apart(outcome: &Outcome<'_>) -> Result<(), TestCaseError> {
    let decisions = outcome.rules().decisions.iter().zip(&outcome.standings);
    for (decision, _) in decisions.filter(|(d, s)| d.kind.id() == "never" && **s == Standing::Applied) {
        for (_, entry) in outcome.entries().filter(|(_, e)| e.bucket != Bucket::Ambiguous) {
            let holds = |side: usize| {
                ids(outcome, side, outcome.rows(entry)[side]).iter().any(|id| decision.rows[side].contains(id))
            };
            let is_decided = outcome.pass(entry).kind == PassKind::Decisions;
            prop_assert!(is_decided || !holds(LEFT) || !holds(RIGHT), "{:?}", decision.rows);
        }
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------------------------------
// Hidden answers: a till's day where every settlement was paid in full, at round prices.

/// Left ids and right ids that belong together.
type Hidden = BTreeMap<Vec<String>, Vec<String>>;

/// Pools of a store and a day; `both`: some receipts pay several settlements.
fn paid_in_full(both: bool) -> impl Strategy<Value = ([Vec<Row>; 2], Hidden)> {
    let payment = prop::collection::vec(1..9_i64, 1..4);
    let groups = prop::collection::vec((0..2_usize, payment, any::<bool>()), 1..8);
    groups.prop_map(move |groups| {
        let mut sides = [Vec::new(), Vec::new()];
        let mut hidden = Hidden::new();
        for (store, parts, turned) in groups {
            let whole = usize::from(both && turned);
            let mut add = |side: usize, fen: i64| {
                let id = format!("{}{}", ["L", "R"][side], sides[side].len());
                sides[side].push(Row {
                    id: id.clone(),
                    key: String::new(),
                    pool: ["S01", "S02"][store].to_owned(),
                    amount: fen,
                    day: Some(1),
                    hour: None,
                    currency: String::new(),
                    note: String::new(),
                });
                id
            };
            let one = vec![add(whole, parts.iter().sum::<i64>() * 5_000)];
            let parts: Vec<String> = parts.iter().map(|part| add(1 - whole, part * 5_000)).collect();
            let (left, right) = if whole == 0 { (one, parts) } else { (parts, one) };
            hidden.insert(left, right);
        }
        (sides, hidden)
    })
}

fn certain_is_true(many: &str, sides: &[Vec<Row>; 2], hidden: &Hidden) -> Result<(), TestCaseError> {
    // What a bound hides from the search must not make anything look certain.
    for bound in ["", "max_rows = 2\n", "max_rows = 5\n", "work = 16\n", "work = 90\n"] {
        certain_within(bound, many, sides, hidden)?;
    }
    Ok(())
}

fn certain_within(bound: &str, many: &str, sides: &[Vec<Row>; 2], hidden: &Hidden) -> Result<(), TestCaseError> {
    let rules = format!("{}{SIDES}[[pass]]\nkind = 'subsets'\nkey = ['pool']\nmany = '{many}'\n{bound}", head());
    matched(&rules, [&sides[0], &sides[1]], |outcome| {
        for (_, entry) in outcome.entries().filter(|(_, e)| e.bucket == Bucket::Matched && !e.ambiguous) {
            let sorted = |side: usize| {
                let mut ids = ids(outcome, side, outcome.rows(entry)[side]);
                ids.sort();
                ids
            };
            let (left, right) = (sorted(LEFT), sorted(RIGHT));
            // Which of the two sides of equals is the whole cannot be seen: one with one is one with one.
            let truth = hidden.iter().find(|(l, _)| left.iter().any(|id| l.contains(id)));
            let (mut l, mut r) = truth.map(|(l, r)| (l.clone(), r.clone())).unwrap_or_default();
            l.sort();
            r.sort();
            prop_assert!(
                (&l, &r) == (&left, &right),
                "{bound}{many}: {left:?} = {right:?} is called certain, it was {l:?} = {r:?}"
            );
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_is_certain_is_true_where_settlements_are_paid_in_parts((sides, hidden) in paid_in_full(false)) {
        certain_is_true("right", &sides, &hidden)?;
        certain_is_true("both", &sides, &hidden)?;
    }

    #[test]
    fn what_is_certain_is_true_where_either_side_may_be_the_whole((sides, hidden) in paid_in_full(true)) {
        certain_is_true("both", &sides, &hidden)?;
    }

    /// A store's day that is paid in full is closed as a whole, with a proof and without a guess.
    #[test]
    fn a_pool_that_balances_is_closed_as_a_whole((sides, hidden) in paid_in_full(true)) {
        let rules = format!("{}{SIDES}[[pass]]\nkind = 'pools'\nkey = ['pool']\n", head());
        matched(&rules, [&sides[0], &sides[1]], |outcome| {
            prop_assert!(outcome.unmatched.iter().all(Vec::is_empty));
            // What is suggested inside is true, too.
            for (place, _) in outcome.entries() {
                for [left, right] in outcome.extra(place).map_or(&[][..], |e| e.suggested.as_slice()) {
                    let (left, right) = (ids(outcome, LEFT, left), ids(outcome, RIGHT, right));
                    let is_true = |(l, r): (&Vec<String>, &Vec<String>)| {
                        left.iter().all(|id| l.contains(id)) && right.iter().all(|id| r.contains(id))
                    };
                    prop_assert!(hidden.iter().any(is_true), "{left:?} = {right:?}");
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn round_prices_leave_some_ambiguous_and_some_certain() {
    let row = |id: &str, amount: i64| Row {
        id: id.into(),
        key: String::new(),
        pool: "S01".into(),
        amount,
        day: Some(1),
        hour: None,
        currency: String::new(),
        note: String::new(),
    };
    let left = [row("L0", 30_000), row("L1", 30_000), row("L2", 70_001)];
    let right = [row("R0", 10_000), row("R1", 20_000), row("R2", 30_000), row("R3", 70_001)];
    let rules = format!("{}{SIDES}[[pass]]\nkind = 'subsets'\nkey = ['pool']\n", head());
    matched(&rules, [&left, &right], |outcome| {
        let of = |bucket: Bucket| outcome.entries().filter(|(_, e)| e.bucket == bucket).count();
        assert_eq!((of(Bucket::Matched), of(Bucket::Ambiguous)), (1, 1));
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Days one after the other: what stays open is the opening of the next.

/// What stays open, as rows of the next run.
fn carried(outcome: &Outcome<'_>, sides: [&[Row]; 2]) -> [Vec<Row>; 2] {
    let mut open = [Vec::new(), Vec::new()];
    for (place, entry) in outcome.entries() {
        for (side, row, amount) in outcome.residuals(place, entry) {
            open[side].push(Row { amount, ..sides[side][row as usize].clone() });
        }
    }
    for side in 0..2 {
        open[side].extend(outcome.unmatched[side].iter().map(|row| sides[side][*row as usize].clone()));
    }
    open
}

/// Runs the days one after the other; for each the lines of what was matched, and at last what is open.
fn day_by_day(
    rules: &str,
    sides: &[Vec<Row>; 2],
    days: u64,
) -> Result<(BTreeSet<String>, [Vec<Row>; 2]), TestCaseError> {
    let mut open: [Vec<Row>; 2] = [Vec::new(), Vec::new()];
    let mut done = BTreeSet::new();
    for today in 0..days {
        for side in 0..2 {
            open[side].extend(sides[side].iter().filter(|row| row.day == Some(today)).cloned());
        }
        let rows = [open[0].as_slice(), open[1].as_slice()];
        let before: i64 = rows[0].iter().map(|r| r.amount).sum::<i64>() - rows[1].iter().map(|r| r.amount).sum::<i64>();
        open = matched(rules, rows, |outcome| {
            done.extend(told(outcome, false).into_iter().filter(|line| line.starts_with("Matched")));
            carried(outcome, rows)
        });
        let after: i64 = open[0].iter().map(|r| r.amount).sum::<i64>() - open[1].iter().map(|r| r.amount).sum::<i64>();
        prop_assert_eq!(before, after, "a run without tolerance moves no difference");
    }
    Ok((done, open))
}

/// At most one row a key and side, on any of three days: with more, the first day may match rows for which a better
/// partner comes later, which no engine can know.
fn one_row_a_key(side: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(prop::option::of((0..3_u64, 0..3_usize)), 8).prop_map(move |keys| {
        let some = keys.into_iter().enumerate().filter_map(|(key, row)| row.map(|(day, amount)| (key, day, amount)));
        some.map(|(key, day, amount)| Row {
            id: format!("{}{key}", ["L", "R"][side]),
            key: format!("K{key}"),
            pool: "S01".into(),
            amount: PRICES[amount],
            day: Some(day),
            hour: None,
            currency: String::new(),
            note: String::new(),
        })
        .collect()
    })
}

fn many_rows_a_key(side: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..3_usize, 0..4_u64, 1..6_i64), 0..10).prop_map(move |rows| {
        rows.into_iter()
            .enumerate()
            .map(|(at, (key, day, amount))| Row {
                id: format!("{}{at}", ["L", "R"][side]),
                key: format!("K{key}"),
                pool: "S01".into(),
                amount: amount * 10_000,
                day: Some(day),
                hour: None,
                currency: String::new(),
                note: String::new(),
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn day_by_day_gives_what_all_days_at_once_give(left in one_row_a_key(0), right in one_row_a_key(1)) {
        let passes = ["one_to_one", "groups", "differences"].map(|kind| format!("[[pass]]\nkind = '{kind}'\nkey = ['key']\n"));
        let rules = format!("{}{SIDES}{}", head(), passes.concat());
        let sides = [left, right];
        let (done, open) = day_by_day(&rules, &sides, 3)?;
        let rows = [sides[0].as_slice(), sides[1].as_slice()];
        let (at_once, open_at_once) = matched(&rules, rows, |outcome| (told(outcome, false), carried(outcome, rows)));
        let at_once = at_once.into_iter().filter(|line| line.starts_with("Matched")).collect();
        same(&done, &at_once, &rules)?;
        for side in 0..2 {
            let ids = |rows: &[Row]| rows.iter().map(|row| row.id.clone()).collect::<BTreeSet<_>>();
            prop_assert_eq!(ids(&open[side]), ids(&open_at_once[side]));
        }
    }

    /// Payments in parts, oldest first: of each key only one side stays open, with what is left of all its rows.
    #[test]
    fn what_is_left_of_a_key_is_the_same_by_days_and_at_once(left in many_rows_a_key(0), right in many_rows_a_key(1)) {
        let rules = format!("{}{SIDES}[[pass]]\nkind = 'allocate'\nkey = ['key']\n", head());
        let sides = [left, right];
        let (_, open) = day_by_day(&rules, &sides, 4)?;
        let of = |rows: &[Row], key: &str| rows.iter().filter(|r| r.key == key).map(|r| r.amount).sum::<i64>();
        for key in ["K0", "K1", "K2"] {
            let (due, paid) = (of(&sides[0], key), of(&sides[1], key));
            prop_assert_eq!(of(&open[0], key), (due - paid).max(0));
            prop_assert_eq!(of(&open[1], key), (paid - due).max(0));
        }
    }
}
