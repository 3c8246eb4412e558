//! Registers read themselves: what a table spec says of its exports is enough, and what it says wrongly is refused.

mod common;

use std::fs;

use common::Shop;
use common::exports::{Kind, rows};
use hesuan::clean::{self, Export};
use hesuan::ledger::ReadingSpecs;
use hesuan::model::{ColumnKind, Value};
use hesuan::read::{Limits, read_file};
use hesuan::spec::{SpecError, SpecFile, SpecFiles};

const LOANERS: &str = r#"[[table]]
id = "loaners"
zh = "代步车"
en = "Loan cars"
key = ["loan_no"]
date = "lent_on"
names = ["代步车"]
columns = [
  { name = "loan_no", kind = "key", zh = "登记号", en = "Loan no.", required = true, from = ["借车单号"] },
  { name = "plate", kind = "text", zh = "代步车车牌", en = "Loan car", required = true },
  { name = "lent_on", kind = "date", zh = "借出日期", en = "Lent on", required = true },
  { name = "month", kind = "date", zh = "月份", en = "Month", unit = "month" },
  { name = "hours", kind = "hours", zh = "时长", en = "Minutes out", unit = "minutes" },
  { name = "fuel_fee", kind = "fen", zh = "油费", en = "Fuel fee" },
]
"#;

fn of_shop(name: &str, text: &str) -> SpecFile {
    SpecFile { name: format!("report_specs/tables/{name}.toml"), text: text.to_owned(), of_shop: true }
}

fn specs(files: Vec<SpecFile>) -> Result<ReadingSpecs, SpecError> {
    ReadingSpecs::load(&SpecFiles::new(files))
}

fn read(specs: &ReadingSpecs, name: &str, bytes: &[u8]) -> Export {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    clean::clean(&specs.sources, &specs.tables, name, read_file(&path, &Limits::default()))
}

/// The sources that claimed the sheets of an export.
fn sources<'a>(specs: &'a ReadingSpecs, export: &Export) -> Vec<&'a str> {
    export.sheets.iter().map(|s| specs.sources[s.source].id.as_str()).collect()
}

fn codes(export: &Export) -> Vec<&'static str> {
    export.findings.iter().map(|f| f.code.id()).collect()
}

fn shown(export: &Export) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
    };
    let row = |values: &Vec<Value>| values.iter().map(text).collect::<Vec<_>>().join(" | ");
    let tables = export.sheets.iter().flat_map(|s| &s.tables);
    tables.flat_map(|t| t.rows.iter().map(|r| row(&r.values))).collect()
}

#[test]
fn a_register_is_read_by_its_own_headings_whatever_the_language_and_file() {
    let specs = specs(vec![of_shop("loaners", LOANERS)]).unwrap();
    let chinese = "登记号,代步车车牌,借出日期,月份,时长,油费\n\
                   DB001,粤B11111,2026-10-30,2026年10月,90,12.50\n\
                   DB002,粤B22222,2026/10/31,2026-10,,\n";
    let expected = [
        "DB001 | 粤B11111 | 2026-10-30 | 2026-10-01 | 150 | 1250",
        "DB002 | 粤B22222 | 2026-10-31 | 2026-10-01 | - | -",
    ];
    for kind in Kind::ALL {
        let name = format!("车辆登记_20261031.{}", kind.ending());
        let export = read(&specs, &name, &kind.file(&rows(chinese)));
        assert_eq!(sources(&specs, &export), ["loaners"], "{kind:?} {:#?}", export.findings);
        assert_eq!(shown(&export), expected, "{kind:?} {:#?}", export.findings);
    }
    // In English, and with the further spelling of one heading.
    let english = "Loan no.,Loan car,Lent on,Month,Minutes out,Fuel fee\nDB001,A1,2026-10-30,202610,30,1\n";
    let export = read(&specs, "cars_20261031.csv", english.as_bytes());
    assert_eq!(shown(&export), ["DB001 | A1 | 2026-10-30 | 2026-10-01 | 50 | 100"]);
    let other = "借车单号,代步车车牌,借出日期\nDB003,粤B33333,2026-10-31\n";
    assert_eq!(shown(&read(&specs, "x_20261031.csv", other.as_bytes())).len(), 1);
    // Without one of the required headings it is no such register.
    let lacking = "登记号,代步车车牌,月份\nDB003,粤B33333,2026-10\n";
    assert_eq!(codes(&read(&specs, "代步车_20261031.csv", lacking.as_bytes())), ["export_nearly_known"]);
}

#[test]
fn two_registers_of_the_same_headings_are_told_apart_by_name_or_not_at_all() {
    let twin = LOANERS.replace("\"loaners\"", "\"test_cars\"").replace("names = [\"代步车\"]", "names = [\"试驾车\"]");
    let specs = specs(vec![of_shop("loaners", LOANERS), of_shop("test_cars", &twin)]).unwrap();
    let text = "登记号,代步车车牌,借出日期\nDB001,粤B11111,2026-10-30\n";
    assert_eq!(sources(&specs, &read(&specs, "代步车_20261031.csv", text.as_bytes())), ["loaners"]);
    assert_eq!(sources(&specs, &read(&specs, "试驾车_20261031.csv", text.as_bytes())), ["test_cars"]);
    let neither = read(&specs, "登记_20261031.csv", text.as_bytes());
    assert_eq!(codes(&neither), ["export_ambiguous"]);
    assert!(neither.sheets.is_empty());
}

#[test]
fn a_register_that_cannot_be_used_is_refused_with_its_line() {
    let refused = |from: &str, to: &str| {
        assert!(LOANERS.contains(from), "{from}");
        let error = specs(vec![of_shop("loaners", &LOANERS.replace(from, to))]).err().unwrap();
        assert!(error.name.ends_with("tables/loaners.toml"), "{error}");
        (error.line, error.message)
    };
    let (line, message) = refused("[\"代步车\"]", "[\"代步车(\"]");
    assert!(line == 7 && message.contains("pattern"), "{line} {message}");
    let (line, message) = refused("unit = \"month\"", "unit = \"moth\"");
    assert!(line == 12 && message.contains("`moth`"), "{line} {message}");
    let (line, message) =
        refused("names = [\"代步车\"]", "names = [\"代步车\"]\nheadings = [\"loan_no\", \"plate\", \"lent\"]");
    assert!(line == 8 && message.contains("`lent`"), "{line} {message}");
    let (line, message) = refused("en = \"Loan car\", required = true", "en = \"Loan car\"");
    assert!(line == 2 && message.contains("3 headings"), "{line} {message}");
    let (line, message) = refused("names = [\"代步车\"]", "headings = [\"loan_no\", \"plate\", \"lent_on\"]");
    assert!(line == 7 && message.contains("`names`"), "{line} {message}");
    let (_, message) = refused("names = ", "name = ");
    assert!(message.contains("names"), "{message}");
}

/// Every register that comes with the program is known by its Chinese and by its English headings, and by no other
/// source, whatever its file is called.
#[test]
fn no_built_in_register_is_taken_for_another_source() {
    let specs = specs(Vec::new()).unwrap();
    assert!(specs.tables.registers.len() >= 22);
    for register in &specs.tables.registers {
        let table = &specs.tables.tables[register.table];
        for lang in [0, 1] {
            let all: Vec<&str> = register.from.iter().map(|spellings| spellings[lang].as_str()).collect();
            let needed: Vec<&str> = register.headings.iter().map(|at| all[*at]).collect();
            for headings in [all, needed] {
                let text = format!("{}\n{}\n", headings.join(","), vec!["x"; headings.len()].join(","));
                let export = read(&specs, "export_20261031.csv", text.as_bytes());
                assert_eq!(sources(&specs, &export), [table.id.as_str()], "{headings:?} {:?}", codes(&export));
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// A shop that keeps five of them.

const END: &str = "2026-10-31";

const TOOLS: &str = "\
登记号,工具编号,工具名称,登记类型,登记日期,经办人,应完成日期,完成日期,完好
G001,T01,扭力扳手,借用,2026-09-20,张三,2026-09-25,,
G002,T02,诊断仪,借用,2026-10-10,李四,2026-10-12,2026-10-12,是
G003,T03,举升机,保养,2026-10-01,王五,2026-10-15,2026-10-15,是
G004,T04,千斤顶,保养,2026-10-01,王五,2026-10-20,2026-10-22,否
G005,T05,气压表,校准,2026-10-01,王五,2026-10-31,,
G006,T06,拉马,借用,2026-10-31,张三,2026-11-02,2026-11-03,是
G007,T07,千分尺,借用,2026-10-30,张三,2026-10-31,,
";

const TRAINING: &str = "\
课程编号,培训课程,姓名,部门,计划日期,学时,培训日期,出勤,考核结果
K1,机电初级,张三,车间,2026-10-08,8,2026-10-08,是,通过
K1,机电初级,李四,车间,2026-10-08,8,2026-10-08,是,未通过
K1,机电初级,王五,前台,2026-10-08,8,2026-10-08,否,
K2,服务礼仪,王五,前台,2026-10-31,4,2026-11-01,是,通过
K3,新车型,张三,车间,2026-11-12,4,,,
";

const INSPECTIONS: &str = "\
检验单号,委托单号,检验时间,检验人,主修技师,检验次数,是否合格,不合格项
Z1,W1,2026-10-05 10:00,陈检,张三,1,合格,
Z2,W2,2026-10-06 10:00,陈检,李四,1,不合格,异响
Z3,W2,2026-10-06 15:00,陈检,李四,2,合格,
Z4,W3,2026-10-31 23:59,陈检,张三,,合格,
Z5,W4,2026-11-01 00:00,陈检,张三,1,不合格,渗油
";

const KEYS: &str = "\
领取单号,物品名称,领取人,领取时间,应还日期,归还时间
Y1,展车钥匙,高远,2026-10-01 09:00,2026-10-01,2026-10-01 18:00
Y2,展车钥匙,严冬,2026-10-30 09:00,2026-10-30,
Y3,车书包,严冬,2026-10-31 09:00,2026-11-05,2026-11-02 10:00
";

const JOURNAL: &str = "\
账户,流水号,日期,摘要,借方金额,贷方金额,余额
现金,1,2026-09-30,上月,100.00,,1100.00
现金,2,2026-10-01,收款,500.00,,1600.00
现金,10,2026-10-01,存银行,,1000.00,600.00
现金,11,2026-10-31,收款,50.00,,660.00
银行,1,2026-10-01,存入,1000.00,,9000.00
";

fn shop() -> Shop {
    let shop = Shop::init();
    shop.put("工具登记_20261031.xlsx", Kind::Xlsx.file(&rows(TOOLS)));
    shop.put("培训登记_20261031.csv", Kind::CsvUtf8.file(&rows(TRAINING)));
    shop.put("质检记录_20261031.csv", Kind::CsvGb18030.file(&rows(INSPECTIONS)));
    shop.put("钥匙领取_20261031.xls", Kind::HtmlXls.file(&rows(KEYS)));
    shop.put("日记账_20261031.csv", Kind::CsvUtf8.file(&rows(JOURNAL)));
    shop
}

const FIVE: [&str; 5] = ["tools", "training", "inspections", "keys", "cash_journal"];

#[test]
fn the_registers_of_a_month_add_up() {
    let shop = shop();
    shop.publish(END);
    let manifest = shop.manifest(END);
    let whole = |id: &str| {
        let value = &manifest["figures"]["2026-10"][id];
        value["value"].as_i64().or(value["value_fen"].as_i64()).unwrap_or_else(|| panic!("{id}: {value}"))
    };
    let rate = |id: &str| {
        let value = &manifest["figures"]["2026-10"][id];
        (value["numerator"].as_i64().unwrap(), value["denominator"].as_i64().unwrap())
    };
    // G001, G006 (back on 3 November) and G007 are out; G001 is overdue, G007 is due on this very day.
    assert_eq!((whole("tools_on_loan"), whole("tools_overdue")), (3, 1));
    assert_eq!((rate("tool_care_rate"), rate("tools_in_order_rate")), ((1, 3), (2, 3)));
    // K2 was held after the reporting date.
    assert_eq!((whole("training_required"), whole("training_held"), whole("training_passed")), (4, 3, 1));
    assert_eq!((rate("training_attendance"), rate("training_attainment")), ((2, 3), (1, 4)));
    // Z4 of the last minute counts, without a round it is a first one; Z5 is of the next day.
    assert_eq!((rate("inspection_first_pass"), whole("inspections_failed")), ((2, 3), 1));
    assert_eq!((whole("keys_out"), whole("keys_overdue"), whole("keys_taken"), whole("keys_returned")), (2, 1, 3, 1));
    // 1000.00 was there before the first line of the cash, 8000.00 before that of the bank.
    assert_eq!((whole("journal_opening"), whole("journal_closing")), (910_000, 965_000));
    assert_eq!((whole("journal_in"), whole("journal_out"), whole("journal_breaks")), (155_000, 100_000, 1));
}

#[test]
fn a_register_that_a_shop_does_not_keep_has_no_sheet() {
    let shop = shop();
    shop.publish(END);
    let made = |shop: &Shop| {
        let manifest = shop.manifest(END);
        let reports = manifest["reports"].as_array().unwrap().clone();
        let entry = |r: &serde_json::Value| (r["id"].as_str().unwrap().to_owned(), r["complete"].as_bool().unwrap());
        reports.iter().map(entry).collect::<Vec<_>>()
    };
    let first = made(&shop);
    for id in FIVE {
        assert!(first.contains(&(id.to_owned(), true)), "{id}: {first:?}");
    }
    for id in ["recalls", "used_cars", "payables", "filing"] {
        assert!(!first.iter().any(|(made, _)| made == id), "{id}: {first:?}");
    }
    // Asked for by name it is made all the same, and says what it lacks.
    shop.run_with(&["--as-of", END, "--report", "recalls"]).ends_with(&[0, 3]);
    assert!(made(&shop).contains(&("recalls".to_owned(), false)));
}

/// A cell that a column takes, as an export would write it.
fn cell(specs: &ReadingSpecs, kind: ColumnKind, is_month: bool) -> String {
    match kind {
        ColumnKind::Text => "甲".to_owned(),
        ColumnKind::Key => "A1".to_owned(),
        ColumnKind::Fen | ColumnKind::Micro | ColumnKind::Hours => "12.00".to_owned(),
        ColumnKind::Int => "3".to_owned(),
        ColumnKind::Date if is_month => "2026-10".to_owned(),
        ColumnKind::Date => "2026-10-15".to_owned(),
        ColumnKind::Time => "2026-10-15 10:30".to_owned(),
        ColumnKind::Bool => "是".to_owned(),
        ColumnKind::Word(list) => specs.tables.lists[list].words[0].zh.clone(),
    }
}

/// One row of every built-in register: each makes its report, and nothing is rejected.
#[test]
fn every_built_in_register_makes_its_report() {
    let specs = specs(Vec::new()).unwrap();
    let shop = Shop::init();
    for register in &specs.tables.registers {
        let table = &specs.tables.tables[register.table];
        let headings: Vec<&str> = table.columns.iter().map(|c| c.zh.as_str()).collect();
        let is_month = |at: usize| register.units[at].as_ref().is_some_and(|unit| unit.get_ref() == "month");
        let cells = table.columns.iter().enumerate().map(|(at, c)| cell(&specs, c.kind, is_month(at)));
        let text = format!("{}\n{}\n", headings.join(","), cells.collect::<Vec<_>>().join(","));
        shop.put(&format!("{}_20261031.csv", table.zh.replace('/', "")), text);
    }
    shop.publish(END);
    let manifest = shop.manifest(END);
    let (inputs, reports) = (manifest["inputs"].as_array().unwrap(), manifest["reports"].as_array().unwrap());
    for register in &specs.tables.registers {
        let id = specs.tables.tables[register.table].id.as_str();
        let input = inputs.iter().find(|i| i["table"] == id).unwrap_or_else(|| panic!("{id} was not read"));
        assert_eq!((&input["rows_taken"], &input["rows_rejected"]), (&1.into(), &0.into()), "{input}");
        let report = reports.iter().find(|r| r["id"] == id).unwrap_or_else(|| panic!("{id} has no report"));
        assert_eq!(report["complete"], true, "{report}");
    }
}
