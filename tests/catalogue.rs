//! The catalogue as a whole: every report of the sample shop, its totals, its ties, its worked examples.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use common::Shop;
use common::books::Book;
use hesuan::ledger::ReadingSpecs;
use hesuan::report::spec::{BlockKind, Figure, Formula, Over, Unit};
use hesuan::report::{Catalogue, Report, Span};
use hesuan::spec::SpecFiles;
use hesuan::spec::named::Named;
use serde_json::Value;

const END: &str = "2026-10-31";
const SUNDAY: &str = "2026-10-25";

fn built_in() -> Catalogue {
    let files = SpecFiles::new(Vec::new());
    let reading = ReadingSpecs::load(&files).unwrap();
    Catalogue::load(&files, &reading.tables, &Named::load(&files).unwrap()).unwrap()
}

/// The key of a period's figures in the manifest, where it has them.
fn key(over: Over, date: &str) -> Option<String> {
    match over {
        Over::Day => Some(date.to_owned()),
        Over::Month => Some(date[..7].to_owned()),
        Over::Week => Some("2026-W43".to_owned()).filter(|_| date == SUNDAY),
        Over::Year => None,
    }
}

/// A figure of the manifest as a workbook shows it; `None` where it is not known.
fn shown(figure: &Figure, value: &Value) -> Option<f64> {
    let number = |name: &str| value[name].as_i64().map(|n| n as f64);
    match &figure.formula {
        Formula::Ratio(_) => {
            let quotient = number("numerator")? / number("denominator").filter(|d| *d != 0.0)?;
            Some(match figure.unit {
                Unit::FenPerCount | Unit::HoursPerCount => quotient / 100.0,
                _ => quotient,
            })
        }
        _ if figure.unit == Unit::Fen => Some(number("value_fen")? / 100.0),
        _ if figure.unit == Unit::Hours => Some(number("value")? / 100.0),
        _ if figure.unit == Unit::Quantity => Some(number("value")? / 1_000_000.0),
        _ => number("value"),
    }
}

/// Every total of every table is the figure of the whole, counted by itself: so the total of a rate is the rate of the
/// totals, and what is counted once is counted once.
#[test]
fn totals_of_tables_are_the_figures_of_the_whole() {
    let shop = Shop::sample(&[]);
    let catalogue = built_in();
    let (mut compared, mut rates) = (0, 0);
    for date in [SUNDAY, END] {
        shop.publish(date);
        let manifest = shop.manifest(date);
        for report in catalogue.reports.iter().filter(|r| is_published(&manifest, r)) {
            let book = catalogue.workbooks.iter().find(|w| w.id == report.workbook).unwrap();
            let book = Book::open(&shop.folder(date).join(format!("{}.xlsx", book.zh)));
            for (sheet, block) in report.sheets.iter().flat_map(|s| s.blocks.iter().map(move |b| (s, b))) {
                let BlockKind::Table(table) = &block.kind else { continue };
                let Some(key) = key(block.over, date).filter(|_| table.by.is_none() && table.across.is_none()) else {
                    continue;
                };
                let Some(total) = total_row(&book, &sheet.zh, &block.zh) else { continue };
                for figure in table.figures.iter().map(|id| &catalogue.figures[id]).filter(|f| !f.internal) {
                    let at = format!("{date} {} {} {} {}", report.id, sheet.zh, block.zh, figure.id);
                    let stands = total[&figure.zh].parse::<f64>().ok();
                    let wanted = shown(figure, &manifest["figures"][&key][&figure.id]);
                    match (stands, wanted) {
                        (Some(stands), Some(wanted)) => {
                            let off = (stands - wanted).abs();
                            assert!(off <= 1e-9 * wanted.abs().max(1.0), "{at}: {stands}, the figure is {wanted}");
                        }
                        (None, None) => assert_eq!(total[&figure.zh], "–", "{at}"),
                        (stands, wanted) => panic!("{at}: {stands:?}, the figure is {wanted:?}"),
                    }
                    compared += 1;
                    rates += usize::from(matches!(figure.formula, Formula::Ratio(_)));
                }
            }
        }
    }
    assert!(compared > 300 && rates > 80, "only {compared} totals, {rates} rates were compared");
}

fn is_published(manifest: &Value, report: &Report) -> bool {
    manifest["reports"].as_array().unwrap().iter().any(|r| r["id"] == report.id.as_str())
}

/// The total row of the table under a heading, by column heading; `None` where the table is empty.
fn total_row(book: &Book, sheet: &str, heading: &str) -> Option<BTreeMap<String, String>> {
    let rows = book.text(sheet);
    let first = |row: &[String]| row.first().cloned().unwrap_or_default();
    let headings = match heading.is_empty() {
        true => rows.iter().position(|row| row.len() > 1)?,
        false => rows.iter().position(|row| first(row) == heading)? + 1,
    };
    let end = rows[headings..].iter().position(|row| row.is_empty() || first(row) == "无")?;
    let body = &rows[headings..headings + end];
    let total = body.iter().rev().find(|row| first(row) == "合计")?;
    let cell = |at: usize| total.get(at).cloned().unwrap_or_default();
    Some(body[0].iter().enumerate().map(|(at, title)| (title.clone(), cell(at))).collect())
}

#[test]
fn every_report_of_the_catalogue_is_published_over_the_sample_shop() {
    let shop = Shop::sample(&[]);
    let mut published = Vec::new();
    for date in [SUNDAY, END] {
        shop.publish(date);
        let manifest = shop.manifest(date);
        for report in manifest["reports"].as_array().unwrap() {
            assert_eq!(report["complete"], true, "{date} {report}");
            published.push(report["id"].as_str().unwrap().to_owned());
        }
    }
    for report in built_in().reports.iter().filter(|r| !r.optional) {
        assert!(published.contains(&report.id), "{} is never due", report.id);
    }
}

/// The catalogue of the domain, by id: none is left out.
#[test]
fn the_catalogue_is_whole() {
    let catalogue = built_in();
    let ids = |span: Span| -> Vec<&str> {
        catalogue.reports.iter().filter(|r| r.span == span).map(|r| r.id.as_str()).collect()
    };
    let daily = "settlement_daily parts_sales_daily vehicle_sales_daily cashier_daily cash_reconciliation \
                 handover_list discount_audit order_clearing service_daily accessory_daily stock_alerts \
                 followup_tasks satisfaction_daily first_service_register new_customer_check visits_daily";
    let weekly = "satisfaction_weekly service_weekly sales_weekly aged_orders_weekly";
    let monthly = "workshop_total warranty_labor materials labor advisor_performance parts_sales_monthly \
                   scrap_and_oil care_commission voucher_statement unsettled_orders receivables deposits \
                   invoice_register claims_statement claims_reconciliation old_parts claim_returns service_monthly \
                   workshop_efficiency parts_stock parts_targets accessory_monthly satisfaction_monthly \
                   complaint_resolution customer_churn crm_monthly vehicle_sales_monthly kpi_scorecard close_statement \
                   tools training inspections keys cash_journal";
    for (span, wanted) in [(Span::Daily, daily), (Span::Weekly, weekly), (Span::Monthly, monthly)] {
        let found = ids(span);
        for id in wanted.split_whitespace() {
            assert!(found.contains(&id), "no {span:?} report {id}");
        }
    }
    let figures = "labour_revenue parts_revenue sublet_revenue service_revenue arrivals settled_orders settled_vehicles \
                   revenue_per_order parts_margin discount_rate labour_efficiency labour_utilisation \
                   overall_labour_efficiency bay_utilisation effective_labour_rate hours_per_order fixed_first_visit \
                   appointment_rate appointment_show_rate on_time_delivery calls_made calls_reached reach_rate \
                   callback_rate_3_days satisfaction satisfaction_by_department satisfied_share complaints_opened \
                   complaint_closed_in_time churn_rate first_service_return claims_filed claim_amount claim_first_pass \
                   claim_recovery old_part_return counter_sales counter_margin stock_days stock_turnover \
                   fill_rate_at_once order_fill_rate dead_stock_share slow_stock_share scrap_rate count_accuracy";
    for id in figures.split_whitespace() {
        let figure = catalogue.figures.get(id).unwrap_or_else(|| panic!("no figure {id}"));
        assert!(!figure.define_zh.is_empty() && !figure.define_en.is_empty(), "{id} is not defined");
    }
    let due: Vec<&str> = catalogue.reports.iter().filter(|r| r.due_day == Some(3)).map(|r| r.id.as_str()).collect();
    assert_eq!(due, ["satisfaction_monthly", "complaint_resolution", "customer_churn"]);
}

/// The TOML blocks of CONTRIBUTING.md that begin with the path of a spec file, put into a shop.
fn put_examples(shop: &Shop) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    for block in text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let first = block.lines().next().unwrap_or_default();
        if let Some(name) = first.strip_prefix("# ").filter(|name| name.starts_with("report_specs/")) {
            let path = shop.root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, block).unwrap();
        }
    }
}

#[test]
fn the_worked_examples_of_contributing_do_what_it_says() {
    let shop = Shop::sample(&[]);
    put_examples(&shop);
    let register = "登记号,委托单号,代步车车牌,客户,借出时间,应还日期,归还时间,油费\n\
                    DB001,W20261030001,粤B11111,王一,2026-10-30 09:00,2026-11-02,,0\n\
                    DB002,W20261029003,粤B22222,李二,2026-10-29 15:20,2026-10-31,2026-10-31 10:05,35.50\n\
                    DB003,,粤B33333,赵三,2026-10-31 11:00,2026-11-01,,12\n";
    shop.put("代步车登记_20261031.csv", register);
    shop.publish(END);
    let folder = shop.folder(END);
    let loans = Book::open(&folder.join("售后日报.xlsx")).text("代步车");
    let numbers: Vec<&str> = loans.iter().filter_map(|row| row.first()).map(String::as_str).collect();
    let at = numbers.iter().position(|n| *n == "登记号").unwrap();
    assert_eq!(numbers[at + 1..at + 4], ["DB003", "DB001", "合计"]);
    assert_eq!(loans[at + 3].last().unwrap(), "12");
    let revenue = Book::open(&folder.join("售后月报.xlsx"));
    let rows = revenue.text("车型产值");
    let headings = rows.iter().find(|row| row.first().is_some_and(|c| c == "车型")).unwrap();
    assert_eq!(headings[headings.len() - 2..], ["产值 2026-09", "产值 2026-10"]);
    let total = rows.iter().find(|row| row.first().is_some_and(|c| c == "合计")).unwrap();
    let month = shop.manifest(END)["figures"]["2026-10"]["service_revenue"]["value_fen"].as_i64().unwrap();
    let stands = total[headings.len() - 1].parse::<f64>().unwrap();
    assert!((stands - month as f64 / 100.0).abs() < 0.005, "{stands} is not {month} fen");
}

/// A file that was missing at the month's end completes the report by itself when it has come.
#[test]
fn a_late_export_completes_its_reports() {
    let shop = Shop::sample(&[]);
    let calls = |shop: &Shop| -> Vec<std::path::PathBuf> {
        let inbox = fs::read_dir(shop.root.join("inbox")).unwrap().map(|entry| entry.unwrap().path());
        inbox.filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("回访记录_")).collect()
    };
    let aside = tempfile::tempdir().unwrap();
    for path in calls(&shop) {
        fs::rename(&path, aside.path().join(path.file_name().unwrap())).unwrap();
    }
    shop.publish(END);
    let is_complete = |shop: &Shop| {
        let manifest = shop.manifest(END);
        let reports = manifest["reports"].as_array().unwrap().clone();
        reports.iter().find(|r| r["id"] == "satisfaction_monthly").unwrap()["complete"] == true
    };
    assert!(!is_complete(&shop), "no calls have come");
    for entry in fs::read_dir(aside.path()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, shop.root.join("inbox").join(path.file_name().unwrap())).unwrap();
    }
    // The night of the third: only 2 November is asked for.
    let mut run = Command::cargo_bin("hesuan").unwrap();
    run.args(["run", "-q", "--as-of", "2026-11-02"]).arg(&shop.root);
    let code = run.output().unwrap().status.code();
    assert_eq!(code, Some(3), "the exports of 2 November have not come");
    assert!(is_complete(&shop), "the month's end was made again");
    assert_eq!(shop.manifest(END)["revision"], 2);
}

/// What no export tells is not known: it is never shown as 0.
#[test]
fn what_no_export_tells_is_not_known() {
    let shop = Shop::init();
    shop.put(
        "结算单_20261031.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,客户应付\n\
         J1,W1,2026-10-31 10:00:00,浙A10001,甲,王强,100.00,100.00\n",
    );
    shop.publish(END);
    let figures = shop.manifest(END)["figures"]["2026-10"].clone();
    assert_eq!(figures["labour_revenue"]["value_fen"], 10_000);
    assert_eq!(figures["settled_orders"]["value"], 1);
    for (id, name) in [("arrivals", "value"), ("complaints_opened", "value"), ("counter_sales", "value_fen")] {
        assert!(figures[id].as_object().unwrap().contains_key(name), "{id}");
        assert_eq!(figures[id][name], Value::Null, "{id}: its export has never come");
    }
    assert_eq!(figures["parts_margin"]["denominator"], Value::Null);
    assert_eq!(figures["revenue_per_order"]["denominator"], 1);
}

/// Reports of the month that say 不完整, once one export is taken away from the sample shop.
fn incomplete_without(name: &str) -> (Shop, i32, BTreeSet<String>) {
    let shop = Shop::sample(&[]);
    let path = shop.inbox().join(name);
    assert!(path.exists(), "{name}");
    fs::remove_file(path).unwrap();
    let code = shop.run(END).code.unwrap();
    let reports = shop.manifest(END)["reports"].as_array().unwrap().clone();
    let incomplete = reports.iter().filter(|r| r["complete"] == false).map(|r| r["id"].as_str().unwrap().to_owned());
    let incomplete = incomplete.collect();
    (shop, code, incomplete)
}

#[test]
fn a_month_without_an_export_of_a_table_is_not_known() {
    let (shop, code, incomplete) = incomplete_without("考勤工时_202610.xlsx");
    assert_eq!((code, incomplete), (0, BTreeSet::from(["workshop_efficiency".to_owned()])));
    let figures = shop.manifest(END)["figures"]["2026-10"].clone();
    assert_eq!(figures["attended"]["value"], Value::Null);
    assert_eq!(figures["labour_utilisation"]["numerator"], Value::Null);
    assert!(figures["labour_efficiency"]["numerator"].is_i64());
    let (shop, code, incomplete) = incomplete_without("配件库存_20261031.xlsx");
    assert_eq!((code, incomplete), (0, BTreeSet::from(["parts_stock".to_owned()])));
    let figures = shop.manifest(END)["figures"]["2026-10"].clone();
    assert_eq!(figures["dead_stock_share"]["numerator"], Value::Null, "September's snapshot tells nothing of October");
}

#[test]
fn a_hole_within_the_month_makes_its_reports_incomplete() {
    let (shop, code, incomplete) = incomplete_without("结算单_20261020.xlsx");
    assert_eq!(code, 3, "an export that was due");
    assert_eq!(shop.manifest(END)["missing"], serde_json::json!(["结算单 2026-10-20"]));
    assert!(incomplete.contains("workshop_total") && incomplete.contains("service_monthly"));
    assert!(!incomplete.contains("settlement_daily") && !incomplete.contains("parts_stock"), "{incomplete:?}");
}

#[test]
fn settings_choose_the_variant_and_the_definition_says_so() {
    let shop = Shop::sample(&[]);
    let config = fs::read_to_string(shop.root.join("hesuan.toml")).unwrap();
    let own = "\n[settings]\nvisit_measure = \"vehicles\"\nlarge_ticket = 2000\n";
    fs::write(shop.root.join("hesuan.toml"), config + own).unwrap();
    shop.publish(END);
    let figures = shop.manifest(END)["figures"]["2026-10"].clone();
    assert_eq!(figures["revenue_per_order"]["denominator"], figures["settled_vehicles"]["value"]);
    let definitions = Book::open(&shop.folder(END).join("售后月报.xlsx")).text("口径");
    let of = |name: &str| definitions.iter().find(|row| row.contains(&name.to_owned())).unwrap().join(" ");
    assert!(of("revenue_per_order").contains("结算台数"));
    assert!(of("large_tickets").contains("2000元以上"));
}

#[test]
fn report_list_and_show_print_the_catalogue() {
    let print = |args: &[&str]| {
        let out = Command::cargo_bin("hesuan").unwrap().arg("report").args(args).output().unwrap();
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let list = print(&["list"]);
    assert!(built_in().reports.iter().all(|r| list.contains(&r.id)), "{list}");
    let shown = print(&["show", "customer_churn", "--lang", "en"]);
    for part in ["churn_rate", "F9", "day 3", "settlements", "6 months"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let json: Value = serde_json::from_str(&print(&["show", "service_monthly", "--json"])).unwrap();
    assert_eq!(json["ties"][0]["strict"], true);
    let unknown = Command::cargo_bin("hesuan").unwrap().args(["report", "show", "nothing"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

/// A tie of two ways of computing one thing is a control total: where it fails nothing is published.
#[test]
fn a_strict_tie_that_fails_withholds_the_date() {
    let shop = Shop::sample(&[]);
    let path = shop.root.join("report_specs/reports/daily/wrong.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let spec = "id = \"wrong\"\nzh = \"错\"\nen = \"wrong\"\nperiod = \"daily\"\nworkbook = \"service\"\n\
                [[sheet]]\nzh = \"错\"\nen = \"wrong\"\n[[sheet.block]]\nkind = \"scorecard\"\nfigures = [\"arrivals\"]\n\
                [[tie]]\nzh = \"不等\"\nen = \"labour = parts\"\nleft = [\"labour_revenue\"]\n\
                right = [\"parts_revenue\"]\nstrict = STRICT\n";
    fs::write(&path, spec.replace("STRICT", "false")).unwrap();
    shop.publish(END);
    let shown = Book::open(&shop.folder(END).join("售后日报.xlsx")).text("错");
    assert!(shown.iter().any(|row| row.join(" ").contains("不符")), "{shown:#?}");
    fs::write(&path, spec.replace("STRICT", "true")).unwrap();
    let mut run = Command::cargo_bin("hesuan").unwrap();
    let out = run.args(["run", "-q", "--as-of", "2026-10-30"]).arg(&shop.root).output().unwrap();
    assert_eq!(out.status.code(), Some(4));
    assert!(!shop.folder("2026-10-30").exists());
}
