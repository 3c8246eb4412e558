//! Two files for `hesuan match`: whatever is wrong with one, no row is matched by a guess, and what is refused is named.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Ran, hesuan};

/// Premiums that a broker booked against the insurer's list, by policy.
const RULES: &str = "id = 'premiums'\nwindow = { days = 3 }\n\
    [left]\nid = ['保单号']\namount = '保费'\ndate = '出单日期'\n\
    [right]\nid = ['序号']\namount = '实收保费'\ndate = '到账日期'\n\
    [[key]]\nname = 'policy'\nleft = '保单号'\nright = '保单'\nnormal = ['key']\n\
    [[pass]]\nkind = 'one_to_one'\n[[pass]]\nkind = 'differences'\n";

const LEFT: &str = "保单号,出单日期,投保人,保费,业务员,备注\n\
    PDZA001,2026-10-12,赵一,4205.80,顾二,续保\n\
    PDZA002,2026-10-13,钱三,950.00,顾二,\n\
    PDZA003,2026-10-14,孙四,1337.25,李五,\n";

const RIGHT: &str = "序号,保单,到账日期,实收保费\n1,PDZA001,2026-10-12,4205.80\n2,PDZA002,2026-10-14,950.00\n3,PDZA003,2026-10-15,1337.25\n";

struct Match {
    ran: Ran,
    json: Value,
}

fn matched(left: &str, right: &str) -> Match {
    matched_by(RULES, left.as_bytes(), right.as_bytes())
}

fn matched_by(rules: &str, left: &[u8], right: &[u8]) -> Match {
    let desk = TempDir::new().unwrap();
    for (name, bytes) in [("left.csv", left), ("right.csv", right), ("rules.toml", rules.as_bytes())] {
        fs::write(desk.path().join(name), bytes).unwrap();
    }
    let mut command = hesuan();
    command.current_dir(desk.path()).args(["match", "left.csv", "right.csv", "--rules", "rules.toml", "--json"]);
    let ran = Ran::of(&command.output().unwrap());
    let json = serde_json::from_str(&ran.out).unwrap_or(Value::Null);
    Match { ran, json }
}

impl Match {
    #[track_caller]
    fn ends_with(self, code: i32) -> Match {
        assert_eq!(self.ran.code, Some(code), "{:#}\n{}", self.json, self.ran.err);
        self
    }

    /// Left ids of a bucket.
    fn ids(&self, bucket: &str) -> Vec<String> {
        let text = |id: &Value| id.as_str().unwrap_or_default().to_owned();
        let of = |entry: &Value| match entry["left"].as_array() {
            Some(ids) => ids.iter().map(text).collect(),
            None => vec![text(entry)],
        };
        self.json[bucket].as_array().into_iter().flatten().flat_map(of).collect()
    }

    /// Whether a row is skipped for a reason and told with its line.
    fn refuses(&self, id: &str, reason: &str, line: u64, code: &str) -> bool {
        let skipped = self.json["skipped"].as_array().into_iter().flatten();
        let holds = |list: &Value| list.as_array().is_some_and(|ids| ids.iter().any(|own| own == id));
        let is_skipped = skipped.filter(|s| s["reason"].as_str().is_some_and(|own| own.contains(reason)));
        let named = is_skipped.filter(|s| holds(&s["left"]) || holds(&s["right"])).count() == 1;
        named && self.finds(line, code)
    }

    fn finds(&self, line: u64, code: &str) -> bool {
        let findings = self.json["findings"].as_array().into_iter().flatten();
        findings.filter(|f| f["row"] == line && f["code"] == code).count() > 0
    }

    fn reason(&self, id: &str) -> String {
        let reasons = self.json["open_reasons"].as_array().into_iter().flatten();
        let own =
            reasons.filter(|r| r["id"] == id && r["side"] == "left").map(|r| r["reason"].as_str().unwrap_or_default());
        own.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn two_sound_tables_say_nothing() {
    let sound = matched(LEFT, RIGHT).ends_with(0);
    assert_eq!(sound.ids("matched"), ["PDZA001", "PDZA002", "PDZA003"]);
    assert_eq!(sound.json["findings"], Value::Array(Vec::new()));
}

// ---------------------------------------------------------------------------------------------------------------------
// A: width

#[test]
fn a_line_with_a_field_too_many_is_refused() {
    let wide = matched(&LEFT.replace("4205.80", "4,205.80"), RIGHT).ends_with(0);
    assert_eq!(wide.ids("matched"), ["PDZA002", "PDZA003"]);
    assert!(wide.refuses("PDZA001", "number of fields", 2, "row_width"), "{:#}", wide.json);
    // The same in a file that is not streamed.
    let gbk = encoding_rs::GB18030.encode(&LEFT.replace("4205.80", "4,205.80")).0.into_owned();
    let wide = matched_by(RULES, &gbk, RIGHT.as_bytes()).ends_with(0);
    assert!(wide.refuses("PDZA001", "number of fields", 2, "row_width"), "{:#}", wide.json);
}

#[test]
fn a_line_with_a_field_too_few_is_refused() {
    let short =
        matched(&LEFT.replace("PDZA002,2026-10-13,钱三,950.00,", "PDZA002,2026-10-13,950.00,"), RIGHT).ends_with(0);
    assert_eq!(short.ids("matched"), ["PDZA001", "PDZA003"]);
    assert!(short.refuses("PDZA002", "number of fields", 3, "row_width"), "{:#}", short.json);
}

#[test]
fn a_file_that_ends_inside_a_row_says_so() {
    for cut in ["PDZA003,2026-10-14,孙四,1337.2", "PDZA003,2026-10-1", "PDZA003,2026-10-14,孙四,1337.25,李"] {
        let left = format!("{}{cut}", &LEFT[..LEFT.find("PDZA003").unwrap()]);
        let cut = matched(&left, RIGHT).ends_with(3);
        assert_eq!(cut.ids("matched"), ["PDZA001", "PDZA002"]);
        assert!(cut.refuses("PDZA003", "ends inside", 4, "text_cut_off"), "{:#}", cut.json);
    }
    // The amount stands last: two decimals everywhere but in the line without an end.
    let cut = matched(LEFT, RIGHT.trim_end_matches("7.25\n")).ends_with(3);
    assert!(cut.refuses("3", "ends inside", 4, "text_cut_off"), "{:#}", cut.json);
    let whole = matched(LEFT.trim_end_matches('\n'), RIGHT.trim_end_matches('\n')).ends_with(0);
    assert_eq!(whole.ids("matched").len(), 3);
}

#[test]
fn a_file_that_is_not_streamed_and_ends_inside_a_row_matches_no_half_row() {
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    for cut in
        ["PDZA003,2026-10-14,孙四,1337.2", "PDZA003,2026-10-14,孙四,1337.25,李", "PDZA003,2026-10-14,孙四,1337.25,\"李"]
    {
        let left = format!("{}{cut}", &LEFT[..LEFT.find("PDZA003").unwrap()]);
        let cut = matched_by(RULES, &gbk(&left), RIGHT.as_bytes()).ends_with(3);
        assert_eq!(cut.ids("matched"), ["PDZA001", "PDZA002"], "{left}");
        assert!(cut.refuses("PDZA003", "ends inside", 4, "text_cut_off"), "{:#}", cut.json);
    }
}

#[test]
fn delimiters_at_the_end_of_lines_are_no_fault() {
    let more = matched(&LEFT.replace('\n', ",\n"), RIGHT).ends_with(0);
    assert_eq!((more.ids("matched").len(), more.json["findings"].as_array().map(Vec::len)), (3, Some(0)));
    // A program that never writes what is empty at the end.
    let fewer = matched(&LEFT.replace(",\n", "\n"), RIGHT).ends_with(0);
    assert_eq!((fewer.ids("matched").len(), fewer.json["findings"].as_array().map(Vec::len)), (3, Some(0)));
}

// ---------------------------------------------------------------------------------------------------------------------
// D: words for nothing

#[test]
fn words_for_nothing_join_nothing() {
    for word in ["/", "NULL", "无", "N/A", "--", "暂无"] {
        let (left, right) = (LEFT.replace("PDZA002", word), RIGHT.replace("PDZA002", word));
        let none = matched(&left, &right).ends_with(0);
        assert_eq!(none.ids("matched"), ["PDZA001", "PDZA003"], "{word}");
        assert_eq!(none.reason(word), "blank_key", "{word}");
    }
}

#[test]
fn a_word_for_nothing_is_no_amount_and_no_date() {
    let none = matched(&LEFT.replace("950.00", "/"), RIGHT).ends_with(0);
    assert!(none.refuses("PDZA002", "not a number", 3, "not_an_amount"), "{:#}", none.json);
    let undated = matched(&LEFT.replace("2026-10-13", "0000-00-00"), RIGHT).ends_with(0);
    assert_eq!((undated.ids("matched").len(), undated.reason("PDZA002")), (2, "no_date".to_owned()));
    assert!(undated.ids("timing_diff").is_empty());
}

#[test]
fn a_word_for_nothing_is_no_currency() {
    let rules =
        RULES.replacen("date = '出单日期'\n", "date = '出单日期'\ncurrency = '投保人'\ncurrency_default = 'CNY'\n", 1);
    let rules = rules.replacen("date = '到账日期'\n", "date = '到账日期'\ncurrency_default = 'CNY'\n", 1);
    let left = LEFT.replace("赵一", "/").replace("钱三", "CNY").replace("孙四", "USD");
    let some = matched_by(&rules, left.as_bytes(), RIGHT.as_bytes()).ends_with(0);
    assert_eq!(some.ids("matched"), ["PDZA001", "PDZA002"]);
}

// ---------------------------------------------------------------------------------------------------------------------
// E: numbers that a spreadsheet damaged

#[test]
fn damaged_numbers_identify_nothing() {
    for word in ["4.4031E+17", "8.8e+15", "1E+15"] {
        let (left, right) = (LEFT.replace("PDZA003", word), RIGHT.replace("PDZA003", word));
        let damaged = matched(&left, &right).ends_with(0);
        assert_eq!(damaged.ids("matched"), ["PDZA001", "PDZA002"], "{word}");
        assert_eq!(damaged.reason(word), "damaged_key");
        assert!(damaged.finds(4, "key_damaged"), "{:#}", damaged.json);
    }
    // A file of nothing else is as good as unread.
    let all =
        |text: &str| ["PDZA001", "PDZA002", "PDZA003"].iter().fold(text.to_owned(), |t, key| t.replace(key, "4.4E+17"));
    assert!(matched(&all(LEFT), &all(RIGHT)).ends_with(3).ids("matched").is_empty());
}

// ---------------------------------------------------------------------------------------------------------------------
// I: rows that are no records

#[test]
fn totals_in_any_column_are_no_records() {
    let insert = |line: &str| LEFT.replace("PDZA003", &format!("{line}\nPDZA003"));
    for line in ["小计,,,5155.80,,", ",,顾二 小计,5155.80,,", "合计,,,5155.80,,", ",,合计,5155.80,,"] {
        let total = matched(&insert(line), RIGHT).ends_with(0);
        assert_eq!(total.ids("matched").len(), 3, "{line}");
        assert_eq!(total.json["totals"]["total_left"], 3, "{line}: {:#}", total.json);
    }
    let wrong = matched(&format!("{LEFT}合计,,,6493.00,,\n"), RIGHT).ends_with(4);
    assert_eq!(wrong.ids("matched").len(), 3);
}

#[test]
fn a_total_over_a_row_that_is_refused_fails_nothing_and_is_told() {
    let left = format!("{}合计,,,6493.05,,\n", LEFT.replace("950.00", "95O.00"));
    let open = matched(&left, RIGHT).ends_with(0);
    assert!(open.refuses("PDZA002", "not a number", 3, "not_an_amount"), "{:#}", open.json);
    assert!(open.finds(0, "control_total_differs"), "{:#}", open.json);
}

#[test]
fn headings_that_stand_again_blank_lines_and_signatures_are_no_records() {
    let headings = LEFT.lines().next().unwrap();
    let left = format!("{LEFT},,,,,\n{headings}\nPDZA009,2026-10-20,周六,80.00,李五,\n制表人：李五,,审核：,,,\n");
    let pages = matched(&left, RIGHT).ends_with(0);
    assert_eq!(pages.json["totals"]["total_left"], 4, "{:#}", pages.json);
    assert_eq!(pages.json["findings"], Value::Array(Vec::new()));
}

// ---------------------------------------------------------------------------------------------------------------------
// L: dates that cannot be read

#[test]
fn a_row_whose_date_cannot_be_read_is_named_and_passes_no_window() {
    for date in ["13号", "2026-13-01", "昨天"] {
        let odd = matched(&LEFT.replace("2026-10-13", date), RIGHT).ends_with(0);
        assert_eq!(odd.ids("matched"), ["PDZA001", "PDZA003"], "{date}");
        assert!(odd.ids("timing_diff").is_empty() && odd.ids("amount_diff").is_empty(), "{date}");
        assert_eq!(odd.reason("PDZA002"), "no_date");
        assert!(odd.finds(3, "not_a_date"), "{:#}", odd.json);
    }
}

#[test]
fn a_window_without_a_date_on_one_side_is_refused_with_the_rules() {
    let rules = RULES.replacen("date = '到账日期'\n", "", 1);
    let none = matched_by(&rules, LEFT.as_bytes(), RIGHT.as_bytes()).ends_with(2);
    assert!(none.ran.err.contains("`date` on both sides"), "{}", none.ran.err);
}

// ---------------------------------------------------------------------------------------------------------------------
// C: units

#[test]
fn a_unit_beside_the_heading_is_read_or_refused() {
    let fen = [("保费", "保费(分)"), ("4205.80", "420580"), ("950.00", "95000"), ("1337.25", "133725")];
    let put =
        |text: &str, words: &[(&str, &str)]| words.iter().fold(text.to_owned(), |t, (from, to)| t.replace(from, to));
    assert_eq!(matched(&put(LEFT, &fen), RIGHT).ends_with(0).ids("matched").len(), 3);
    let wan = [("实收保费", "实收保费（万元）"), ("4205.80", "0.42058"), ("950.00", "0.095"), ("1337.25", "0.133725")];
    assert_eq!(matched(LEFT, &put(RIGHT, &wan)).ends_with(0).ids("matched").len(), 3);
    for word in ["美元", "不含税", "HKD"] {
        let other = matched(&LEFT.replace("保费", &format!("保费({word})")), RIGHT).ends_with(3);
        assert!(other.ids("matched").is_empty() && other.ids("amount_diff").is_empty(), "{word}");
        assert!(other.refuses("PDZA001", "unit or currency", 2, "unit_refused"), "{word}: {:#}", other.json);
    }
}

#[test]
fn a_title_or_a_column_of_its_own_says_the_unit_too() {
    let titled = matched(LEFT, &format!("单位：美元,,,\n{RIGHT}")).ends_with(3);
    assert!(titled.ids("matched").is_empty(), "{:#}", titled.json);
    let below = matched(LEFT, &format!("{RIGHT}单位：万元,,,\n")).ends_with(3);
    assert!(below.ids("matched").is_empty() && below.finds(5, "unit_refused"), "{:#}", below.json);
    let left = LEFT.replace("业务员", "币种").replace("顾二", "人民币").replace("李五", "USD");
    let mixed = matched(&left, RIGHT).ends_with(0);
    assert_eq!(mixed.ids("matched"), ["PDZA001", "PDZA002"]);
    assert!(mixed.refuses("PDZA003", "unit or currency", 4, "unit_refused"), "{:#}", mixed.json);
}

#[test]
fn a_heading_that_the_rules_name_in_full_is_meant() {
    let rules = RULES.replacen("amount = '保费'", "amount = '保费(不含税)'", 1);
    let left = LEFT.replace("保费", "保费(不含税)");
    assert_eq!(matched_by(&rules, left.as_bytes(), RIGHT.as_bytes()).ends_with(0).ids("matched").len(), 3);
}

// ---------------------------------------------------------------------------------------------------------------------
// N: absurd amounts

#[test]
fn a_card_number_in_the_column_of_amounts_is_refused_and_the_others_stand() {
    let rows: String = (0..40).map(|n| format!("PDZB{n},2026-10-12,x,62220202001122{n:02},y,\n")).collect();
    let cards = matched(&format!("{LEFT}{rows}"), RIGHT).ends_with(0);
    assert_eq!(cards.ids("matched").len(), 3);
    assert!(cards.refuses("PDZB7", "not a number", 12, "number_too_large"), "{:#}", cards.json);
}

// ---------------------------------------------------------------------------------------------------------------------
// C: columns that nobody reads; G: what stands below

#[test]
fn a_column_that_speaks_of_refunds_and_that_the_rules_do_not_name_is_told() {
    for (heading, words) in [("收付标志", ["收", "付"]), ("退款金额", ["0.00", "950.00"]), ("是否作废", ["否", "是"])]
    {
        let with = |line: (usize, &str)| match line {
            (0, line) => format!("{line},{heading}\n"),
            (at, line) => format!("{line},{}\n", words[usize::from(at == 2)]),
        };
        let right: String = RIGHT.lines().enumerate().map(with).collect();
        let told = matched(LEFT, &right);
        assert!(told.finds(3, "column_unread"), "{heading}: {:#}", told.json);
        let sound = right.replace(words[1], words[0]);
        assert!(!matched(LEFT, &sound).finds(3, "column_unread"), "{heading}");
    }
}

#[test]
fn what_stands_below_a_table_is_no_row() {
    for below in ["制表人：张三,,审核：李四,,,", "第 1 页 共 1 页,,,,,", "以上共 3 笔,,,,,", "----------,,,,,"]
    {
        let told = matched(&format!("{LEFT}{below}\n"), RIGHT).ends_with(0);
        assert_eq!(told.ids("matched"), ["PDZA001", "PDZA002", "PDZA003"], "{below}");
        assert_eq!(told.json["findings"], Value::Array(Vec::new()), "{below}");
    }
    // A record whose number looks like a label is one all the same.
    let record = matched(&format!("{LEFT}会计：PDZA004,2026-10-14,周五,10.00,顾二,\n"), RIGHT).ends_with(0);
    assert_eq!(record.ids("unmatched_left"), ["会计：PDZA004"], "{:#}", record.json);
}
