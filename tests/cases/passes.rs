//! The mode of a case, or of one of its rules, as passes.

use std::fmt::Write as _;

use serde_json::Value;

use super::keys::Key;
use super::params::{Params, not_understood};
use super::words::{text, ties};

/// What the words of a mode ask for, in one spelling.
pub struct Mode(String);

/// Words of which a mode has one at least.
const MODES: [&str; 33] = [
    "1:1",
    "1:n",
    "n:1",
    "n:m",
    "subset",
    "split",
    "partial",
    "alloc",
    "fifo",
    "greedy",
    "covered",
    "oldest",
    "revers",
    "netting",
    "one side",
    "clearing",
    "offset",
    "pool",
    "balance",
    "incremental",
    "group",
    "exact",
    "key",
    "name",
    "token",
    "whole",
    "toleran",
    "date",
    "fuzzy",
    "residual",
    "carry",
    "reference",
    "sum",
];

const NAMES: &[&str] = &["mode", "type", "kind", "match_type", "rule_type"];

impl Mode {
    pub fn of(params: &Params) -> Result<Mode, String> {
        let mut mode = match params.first(NAMES) {
            Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(" then "),
            other => text(other),
        };
        mode = mode.to_lowercase().replace(['_', '-'], " ");
        for (long, short) in [
            ("one to one", "1:1"),
            ("one to many", "1:n"),
            ("many to one", "n:1"),
            ("many to many", "n:m"),
            ("1 to 1", "1:1"),
            ("1 to many", "1:n"),
            ("many to 1", "n:1"),
            ("1 to n", "1:n"),
            ("n to 1", "n:1"),
            ("n to m", "n:m"),
            ("m:n", "n:m"),
            ("n:n", "n:m"),
            ("1:many", "1:n"),
            ("many:1", "n:1"),
            ("many:many", "n:m"),
            ("1:m", "1:n"),
        ] {
            mode = mode.replace(long, short);
        }
        if !mode.is_empty() && !MODES.iter().any(|word| mode.contains(word)) {
            return Err(not_understood(NAMES[0], &mode.into()));
        }
        Ok(Mode(mode))
    }

    pub fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.0.contains(word))
    }
}

/// One rule of a case.
pub struct Tier {
    pub mode: Mode,
    pub keys: Vec<Key>,
    pub tolerance: Option<String>,
    pub window: Option<String>,
    /// Further lines of one-to-one passes, of group passes and of subset searches.
    ties: &'static str,
    limits: String,
    similar: String,
    reversals: bool,
    whole: bool,
    strict: bool,
    pool: bool,
    all_currencies: bool,
    one_fault: bool,
}

impl Tier {
    pub fn new(
        params: &Params,
        mode: Mode,
        keys: Vec<Key>,
        tolerance: Option<String>,
        window: Option<String>,
        one_fault: bool,
    ) -> Result<Tier, String> {
        let said = ties(params)?;
        let leave = mode.says(&["no ambiguous"]) || said == Some("leave");
        let flag = |names: &[&str]| Ok::<_, String>(params.flag(names)? == Some(true));
        Ok(Tier {
            ties: if leave { "ties = \"leave\"" } else { "ties = \"flag\"" },
            limits: limits(params, &mode)?,
            similar: similar(params, &mode)?,
            reversals: flag(&["reversals", "net_reversals", "pair_reversals"])?
                || mode.says(&["revers", "netting", "within one side", "one sided", "clearing", "offset"]),
            whole: flag(&["whole_group_first"])? || mode.says(&["whole"]),
            strict: mode.says(&["strict", "no partial", "all or nothing"])
                || params.flag(&["allow_partial", "partial"])? == Some(false),
            pool: flag(&["balanced_pool_first", "balanced_pool"])? || mode.says(&["pool"]),
            all_currencies: flag(&["all_currencies", "all_or_nothing"])?
                || mode.says(&["per currency, all or nothing"]),
            mode,
            keys,
            tolerance,
            window,
            one_fault,
        })
    }
}

/// Writes the passes of all rules. Where there are several, each says its keys, tolerance and window.
pub fn write(params: &Params, tiers: &[Tier], is_one: bool, out: &mut String) -> Result<(), String> {
    let order = params.words(&["allocation_order", "allocate_order"]);
    if !order.is_empty() && !["fifo", "oldest", "date", "earliest"].iter().any(|word| order.contains(word)) {
        return Err(not_understood("allocation_order", &order.into()));
    }
    writeln!(out, "[[pass]]\nkind = \"decisions\"").unwrap();
    for tier in tiers {
        tier.write(is_one, out);
    }
    if !is_one && let Some(keyed) = tiers.iter().find(|tier| tier.has_keys() && !tier.mode.says(&["split", "subset"])) {
        keyed.pass("differences", &keyed.of_differences(), false, out);
    }
    Ok(())
}

impl Tier {
    fn has_keys(&self) -> bool {
        self.keys.iter().any(|key| key.name != "date" && !key.is_worded)
    }

    fn pass(&self, kind: &str, more: &str, is_one: bool, out: &mut String) {
        writeln!(out, "[[pass]]\nkind = {kind:?}\n{more}").unwrap();
        if is_one {
            return;
        }
        if !more.contains("key = ") {
            let is_worded = kind == "similar";
            let names: Vec<&str> =
                self.keys.iter().filter(|k| is_worded || !k.is_worded).map(|k| k.name.as_str()).collect();
            writeln!(out, "key = {names:?}").unwrap();
        }
        if let Some(tolerance) = self.tolerance.as_ref().filter(|_| !more.contains("exact = true")) {
            writeln!(out, "{tolerance}").unwrap();
        }
        writeln!(out, "{}", self.window.as_deref().unwrap_or("window = { any = true }")).unwrap();
    }

    fn of_differences(&self) -> String {
        let all = if self.all_currencies { "all_currencies = true" } else { "" };
        let pairs = if self.is_group() { "" } else { "pairs = true" };
        format!("{all}\n{pairs}\none_fault = {}", self.one_fault)
    }

    fn is_subset(&self) -> bool {
        self.mode.says(&["split", "subset"])
    }

    fn is_group(&self) -> bool {
        let mode = &self.mode;
        self.whole
            || mode.says(&["group", "clearing"])
            || (mode.says(&["1:n", "n:1", "n:m"]) && !self.is_subset())
            || mode.says(&["by key"]) && self.is_subset()
    }

    fn write(&self, is_one: bool, out: &mut String) {
        let mode = &self.mode;
        let mut pass = |kind: &str, more: &str| self.pass(kind, more, is_one, out);
        if mode.says(&["allocation given"]) {
            return;
        }
        if self.reversals {
            pass("reversals", "whole = true");
        }
        if mode.says(&["partial", "alloc", "fifo", "greedy", "covered", "oldest first"]) {
            pass("one_to_one", "exact = true");
            pass("allocate", if self.strict { "whole = true" } else { "" });
            return;
        }
        let (subset, group) = (self.is_subset(), self.is_group());
        let single = mode.says(&["1:1", "balance", "incremental", "split", "exact", "keyed"])
            || mode.0.is_empty()
            || !(subset || group || mode.says(&["pool", "revers", "netting"]));
        let all = if self.all_currencies { "all_currencies = true" } else { "" };
        let many = match (mode.says(&["1:n"]), mode.says(&["n:1"]), mode.says(&["n:m"]) || subset || self.whole) {
            (true, false, false) => "many = \"right\"",
            (false, true, false) => "many = \"left\"",
            _ => "",
        };
        // A key of the case by its words takes the place of equal keys; one that the mode adds comes after them.
        let worded = self.keys.iter().find(|key| key.is_worded);
        if worded.is_some_and(|key| !key.name.starts_with("name words")) || (worded.is_some() && self.keys.len() == 1) {
            pass("similar", &self.similar);
            return;
        }
        if single && group {
            pass("one_to_one", &format!("{}\nexact = true", self.ties));
            pass("groups", &format!("{all}\n{many}\nexact = true"));
        }
        if single {
            pass("one_to_one", self.ties);
        }
        if group {
            pass("groups", &format!("{all}\n{many}"));
        }
        if self.pool {
            pass("pools", "");
        }
        if subset {
            pass("subsets", &self.limits);
        } else if is_one && self.has_keys() && !mode.says(&["incremental"]) {
            pass("differences", &self.of_differences());
        }
        if let Some(key) = worded {
            pass("similar", &format!("key = [{:?}]\n{}", key.name, self.similar));
        }
    }
}

/// How much alike two texts must be: more than a threshold, or as much as a minimum says at least.
fn similar(params: &Params, mode: &Mode) -> Result<String, String> {
    let said = format!("{} {}", params.get("key"), mode.0).to_lowercase();
    let exceeded = params.first(&["name_match_threshold", "threshold", "name_threshold", "similarity_threshold"]);
    let least = params.first(&[
        "min_similarity",
        "min_score",
        "min_name_score",
        "name_min_score",
        "name_score_min",
        "min_name_similarity",
        "name_min_similarity",
        "minimum_score",
        "min_token_score",
    ]);
    let (given, is_least) = if least.is_null() { (exceeded, false) } else { (least, true) };
    let share: f64 = match text(given).trim_end_matches('%').trim() {
        "" => 0.5,
        number => number.parse().map_err(|_| not_understood("min_score", given))?,
    };
    let percent = if share <= 1.0 { share * 100.0 } else { share };
    // A pass asks for more than its share; shares are counted in ten-thousandths of a per cent.
    let percent = if is_least { (percent - 0.0001).max(0.0) } else { percent };
    let contains = ["contain", "partial text"].iter().any(|w| said.contains(w));
    Ok(format!("similar = \"{percent:.4}%\"\ncontains = {contains}"))
}

/// Bounds and directions of a subset search.
fn limits(params: &Params, mode: &Mode) -> Result<String, String> {
    let mut more = String::new();
    let size = params.number(&["max_subset_size", "max_size", "max_subset", "max_rows_per_match", "max_elements"])?;
    let rows = params.number(&["max_group_size", "max_candidates", "max_pool", "max_pool_size", "candidate_limit"])?;
    let shown = params.number(&["max_alternatives"])?.map_or(8, |n| n + 1);
    let work = params.number(&["max_iterations", "max_work", "work", "max_steps"])?;
    let bounds = [("max_size", size), ("max_rows", rows), ("alternatives", Some(shown)), ("work", work)];
    for (name, number) in bounds.iter().filter_map(|(name, number)| Some((name, (*number)?))) {
        writeln!(more, "{name} = {number}").unwrap();
    }
    // Steps are counted here and no time is: a bound that no small case can reach asks for nothing.
    if let Some(milliseconds) = params.number(&["timeout_ms", "time_limit_ms"])?
        && milliseconds < 100
    {
        return Err(not_understood("timeout_ms", &milliseconds.into()));
    }
    let sign = params.words(&["sign", "sign_rule"]);
    if params.flag(&["same_sign", "require_same_sign"])? == Some(true) || sign.contains("same") {
        more.push_str("same_sign = true\n");
    }
    if mode.says(&["keyed then", "without key", "without a key", "keyless", "no key"]) {
        more.push_str("key = []\n");
    }
    if mode.says(&["n:m"]) && !mode.says(&["by key"]) {
        more.push_str("many = \"sets\"\n");
    } else if mode.says(&["1:n"]) && !mode.says(&["n:1"]) {
        more.push_str("many = \"right\"\n");
    }
    Ok(more)
}
