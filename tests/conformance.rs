//! Cases that the project did not write, where they lie beside the repository: two months of one invented store, and
//! a real workshop's exports. Every number must come out.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use common::{Record, Shop, beside, files_of, number, same_tree};

// ---------------------------------------------------------------------------------------------------------------------
// store-a

const TENDERS: [(&str, &str); 5] =
    [("cash", "现金"), ("card", "POS"), ("wechat", "微信"), ("alipay", "支付宝"), ("transfer", "转账")];

/// What the truth calls a figure of the month that is one number, and its id in the manifest.
const MONTHLY: [(&str, &str); 23] = [
    ("settlements", "settlement_sheets"),
    ("labor", "labour_revenue"),
    ("parts", "parts_revenue"),
    ("sublet", "sublet_revenue"),
    ("discount", "discounts"),
    ("waived", "waivers"),
    ("voucher", "vouchers_used"),
    ("rounding", "rounding_given"),
    ("customer_due", "customer_due"),
    ("warranty_due", "warranty_due"),
    ("insurance_due", "insurance_due"),
    ("internal_due", "internal_due"),
    ("orders_opened", "arrivals"),
    ("appointment_orders", "arrivals_appointed"),
    ("appointments", "appointments_planned"),
    ("appointments_arrived", "appointments_arrived"),
    ("callbacks", "calls_made"),
    ("callbacks_reached", "calls_reached"),
    ("counter_sales", "counter_sales"),
    ("counter_cost", "counter_sales_cost"),
    ("complaints_opened", "complaints_opened"),
    ("claims", "claims_filed"),
    ("claims_total", "claim_amount"),
];

const JOB_TYPES: [(&str, &str); 8] = [
    ("首保", "first_service"),
    ("保养", "maintenance"),
    ("一般维修", "repair"),
    ("事故", "body"),
    ("三包", "warranty"),
    ("返修", "comeback"),
    ("PDI", "pdi"),
    ("精品安装", "accessory"),
];

struct StoreA {
    inbox: PathBuf,
    truth: Value,
}

impl StoreA {
    fn find() -> Option<StoreA> {
        let folder = beside("conformance/store-a")?;
        let truth = serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
        Some(StoreA { inbox: folder.join("inbox"), truth })
    }

    fn shop(&self) -> Shop {
        let shop = Shop::init();
        shop.put_all(&self.inbox);
        shop
    }

    fn dates(&self) -> Vec<&str> {
        self.truth["as_of"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// What is published for a date against what is true of it.
    fn compare(&self, shop: &Shop, date: &str) {
        let (truth, manifest, exceptions) = (&self.truth["as_of"][date], shop.manifest(date), shop.exceptions(date));
        let mut counts = manifest["clearing"]["counts"].as_object().unwrap().clone();
        counts.retain(|category, count| category != "unknown_order" && *count != 0);
        assert_eq!(Value::Object(counts), truth["counts"], "{date}: orders in each category");
        assert_eq!(open_orders(&exceptions), truth["open"], "{date}: open orders");
        assert_eq!(unknown_receipts(&exceptions), sorted(&truth["unknown_receipts"]), "{date}: unknown receipts");
        for part in ["totals", "day_totals"] {
            assert_eq!(totals(&manifest[part]), truth[part], "{date}: {part}");
        }
        for (check, fired) in truth["checks"].as_object().unwrap() {
            assert_eq!(fired_checks(&exceptions, check), sorted(fired), "{date}: {check}");
            assert_eq!(manifest["checks"][check], json!(fired.as_array().unwrap().len()), "{date}: {check}");
        }
        self.compare_figures(&manifest, date);
        self.compare_months(&manifest, date);
        self.compare_claims(&exceptions, date);
    }

    /// Claims that the upload system lacks or has with another amount: what was planted up to the date, none besides.
    fn compare_claims(&self, exceptions: &[Record], date: &str) {
        for (fault, check) in [("claim_missing_in_portal", "claim_missing"), ("claim_amount_differs", "claim_differs")]
        {
            let up_to = |f: &&Value| f["kind"] == fault && f["when"].as_str().unwrap()[..10] <= *date;
            let of = |f: &Value| json!([f["order_no"], f["amount"]]).to_string();
            let planted: BTreeSet<String> =
                self.truth["faults"].as_array().unwrap().iter().filter(up_to).map(of).collect();
            let fired = exceptions.iter().filter(|row| row["code"] == check);
            let found = fired.map(|row| json!([row["order_no"], number(row, "amount_fen")]).to_string()).collect();
            assert_eq!(planted, found, "{date}: {check}");
        }
        let others = ["claim_extra", "claim_unbilled"];
        assert!(!exceptions.iter().any(|row| others.contains(&row["code"].as_str())), "{date}: nothing else");
    }

    /// The month's figures, where the date is the last of it.
    fn compare_figures(&self, manifest: &Value, date: &str) {
        let month = &date[..7];
        if !matches!(date, "2026-09-30" | "2026-10-31") {
            return;
        }
        let figures = self.truth["months"][month]["figures"].as_object().unwrap();
        assert_eq!(figures.len(), 33);
        let own = |figure: &String| plain(&manifest["figures"][month][figure]);
        let ours: BTreeMap<&String, Value> = figures.keys().map(|figure| (figure, own(figure))).collect();
        let theirs: BTreeMap<&String, Value> = figures.iter().map(|(figure, value)| (figure, value.clone())).collect();
        assert_eq!(ours, theirs, "{month}: figures");
    }

    /// All else that is true of the month: its sums, and figures by adviser, job type, department and dealer.
    fn compare_months(&self, manifest: &Value, date: &str) {
        let month = &date[..7];
        if !matches!(date, "2026-09-30" | "2026-10-31") {
            return;
        }
        let (truth, figures) = (&self.truth["months"][month], &manifest["figures"][month]);
        for (name, id) in MONTHLY {
            assert_eq!(truth[name], plain(&figures[id]), "{month}: {name}");
        }
        let hours = truth["attendance_hours"].as_i64().unwrap() * 100;
        assert_eq!(json!(hours), plain(&figures["attended_hours"]), "{month}: attendance_hours");
        assert_eq!(of_full_score(&truth["overall"]), plain(&figures["satisfaction"]), "{month}: overall");
        let by = |dimension: &str, ids: &[&str]| -> BTreeMap<String, Value> {
            let values = manifest["figures_by"][month][dimension].as_object().unwrap().iter();
            let of = |own: &Value| ids.iter().map(|id| plain(&own[*id])).collect::<Value>();
            values.map(|(value, own)| (value.clone(), of(own))).filter(|(_, own)| own != &json!([null])).collect()
        };
        let advisors = renamed(&truth["by_advisor"], &[]).into_iter();
        let advisors = advisors.map(|(name, own)| (name, json!([own["settlements"], own["labor"], own["parts"]])));
        let ids = ["settled_orders", "labour_revenue", "parts_revenue"];
        assert_eq!(advisors.collect::<BTreeMap<_, _>>(), by("advisor", &ids), "{month}: by_advisor");
        let dealers = renamed(&truth["claims_by_dealer"], &[("本店", "own"), ("二级网点", "second_level")]);
        assert_eq!(dealers, by("dealer", &["claims_filed", "claim_amount"]), "{month}: claims_by_dealer");
        let jobs = renamed(&truth["orders_by_job"], &JOB_TYPES).into_iter().map(|(job, count)| (job, json!([count])));
        assert_eq!(jobs.collect::<BTreeMap<_, _>>(), by("job_type", &["arrivals"]), "{month}: orders_by_job");
        let scores = renamed(&truth["csi_by_department"], &[]).into_iter();
        let scores = scores.map(|(department, own)| (department, json!([of_full_score(&own)])));
        let ours = by("department", &["satisfaction_by_department"]);
        assert_eq!(scores.collect::<BTreeMap<_, _>>(), ours, "{month}: csi_by_department");
    }
}

/// A figure of the manifest as the truth writes it: a number, or numerator and denominator.
fn plain(figure: &Value) -> Value {
    match figure.get("numerator") {
        Some(numerator) => json!([numerator, figure["denominator"]]),
        None => figure.get("value").or_else(|| figure.get("value_fen")).cloned().unwrap_or_default(),
    }
}

/// The scores of calls as the truth writes them: their sum and how many, where ours is of the full score of 5.
fn of_full_score(scores: &Value) -> Value {
    json!([scores[0], scores[1].as_i64().unwrap() * 5])
}

/// One part of the truth by the manifest's words for its keys.
fn renamed(truth: &Value, words: &[(&str, &str)]) -> BTreeMap<String, Value> {
    let own = |word: &String| words.iter().find(|(zh, _)| zh == word).map_or(word.clone(), |(_, id)| (*id).to_owned());
    truth.as_object().unwrap().iter().map(|(word, value)| (own(word), value.clone())).collect()
}

fn open_orders(exceptions: &[Record]) -> Value {
    let open = exceptions.iter().filter(|row| row["kind"] == "clearing" && row["code"] != "unknown_order");
    let of = |row: &Record, column| number(row, column);
    let order = |row: &Record| {
        json!({ "category": row["code"], "due": of(row, "due_fen"), "received": of(row, "received_fen"),
            "diff": of(row, "diff_fen") })
    };
    open.map(|row| (row["order_no"].clone(), order(row))).collect::<serde_json::Map<_, _>>().into()
}

fn unknown_receipts(exceptions: &[Record]) -> BTreeSet<String> {
    let unknown = exceptions.iter().filter(|row| row["code"] == "unknown_order");
    let receipt = |row: &Record| json!({ "receipt_no": row["receipt_no"], "order_ref": row["order_no"], "amount": number(row, "amount_fen") });
    unknown.map(|row| receipt(row).to_string()).collect()
}

/// Who a check fired on and with what amount: the order, or the cashier where it is about cash.
fn fired_checks(exceptions: &[Record], check: &str) -> BTreeSet<String> {
    let fired: Vec<&Record> = exceptions.iter().filter(|row| row["kind"] == "check" && row["code"] == check).collect();
    let whom = |row: &Record| if check.starts_with("cash") { row["detail"].clone() } else { row["order_no"].clone() };
    let of = |row: &Record| json!([whom(row), number(row, "amount_fen")]).to_string();
    fired.into_iter().map(of).collect()
}

fn sorted(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(Value::to_string).collect()
}

fn totals(own: &Value) -> Value {
    let tender = |(id, fen): (&String, &Value)| {
        let name = TENDERS.iter().find(|(own, _)| own == id).map_or(id.as_str(), |(_, zh)| zh);
        (name.to_owned(), fen.clone())
    };
    let tenders: serde_json::Map<_, _> = own["by_tender_fen"].as_object().unwrap().iter().map(tender).collect();
    json!({ "settlements": own["settlements"], "customer_due": own["customer_due_fen"], "receipts": own["receipts"],
        "received": own["received_fen"], "by_tender": tenders })
}

#[test]
fn every_number_of_store_a_comes_out_in_any_order_of_dates() {
    let Some(store) = StoreA::find() else { return };
    let dates = store.dates();
    let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]];
    let mut first = None;
    for order in orders {
        let shop = store.shop();
        for at in order {
            shop.publish(dates[at]);
        }
        dates.iter().for_each(|date| store.compare(&shop, date));
        let published = shop.published();
        same_tree(first.get_or_insert(published.clone()), &published);
    }
}

#[test]
fn night_by_night_ends_with_the_bytes_of_all_at_once() {
    let Some(store) = StoreA::find() else { return };
    let (all, nightly) = (store.shop(), Shop::init());
    all.publish("2026-10-31");
    let mut nights: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (name, path) in files_of(&store.inbox) {
        nights.entry(night_of(&name)).or_default().push(path);
    }
    assert_eq!(nights.last_key_value().unwrap().0, "2026-10-31");
    for (night, files) in &nights {
        for path in files {
            nightly.put(&common::file_name(path), fs::read(path).unwrap());
        }
        // September comes in one go: October's nights are enough and take half the time.
        if night.as_str() >= "2026-09-30" {
            nightly.publish(night);
        }
    }
    let of_the_last = |shop: &Shop| common::tree(&shop.folder("2026-10-31"));
    same_tree(&of_the_last(&all), &of_the_last(&nightly));
    store.compare(&nightly, "2026-10-31");
}

/// `结算单_20261031.xlsx` came in the night of 2026-10-31, `索赔单_202609.xlsx` in that of 2026-09-30.
fn night_of(name: &str) -> String {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let day = match &digits[4..] {
        "09" => "0930",
        "10" => "1031",
        day => day,
    };
    format!("{}-{}-{}", &digits[..4], &day[..2], &day[2..])
}

// ---------------------------------------------------------------------------------------------------------------------
// workshop

const WORKSHOP_DAY: &str = "2015-03-20";

/// The workshop's tables as CSV files, or as the sheets of its one workbook.
fn workshop(ending: &str) -> Option<Shop> {
    let folder = beside("real/workshop")?;
    let shop = Shop::init();
    for (name, path) in files_of(&folder).into_iter().filter(|(name, _)| name.ends_with(ending)) {
        shop.put(&name, fs::read(path).unwrap());
    }
    shop.publish(WORKSHOP_DAY);
    Some(shop)
}

fn workshop_numbers_come_out(shop: &Shop) {
    let (manifest, exceptions) = (shop.manifest(WORKSHOP_DAY), shop.exceptions(WORKSHOP_DAY));
    let (counts, diffs) = (&manifest["clearing"]["counts"], &manifest["clearing"]["diff_fen"]);
    assert_eq!(counts["matched"], 370);
    assert_eq!((&counts["underpaid"], &diffs["underpaid"]), (&json!(32), &json!(-937_500)));
    assert_eq!((&counts["overpaid"], &diffs["overpaid"]), (&json!(5), &json!(42_000)));
    assert_eq!(counts["unpaid"], 8); // delivered without payment
    let totals = &manifest["totals"];
    assert_eq!(totals["received_fen"], 11_975_100);
    assert_eq!(totals["live_orders"], 474);
    let lines = json!({ "labor_fen": 13_451_100, "parts_fen": 1_040_500, "live_orders_without_lines": 22 });
    assert_eq!(totals["order_lines"], lines);
    assert_eq!(manifest["checks"]["duplicate_order_no"], 3);
    let doubled: BTreeSet<&str> = exceptions
        .iter()
        .filter(|row| row["code"] == "duplicate_order_no")
        .map(|row| row["order_no"].as_str())
        .collect();
    assert_eq!(doubled, BTreeSet::from(["JDD20150302004", "JDD20150302007", "JDD20150316025"]));
    assert!(manifest["control_totals"].as_array().unwrap().iter().all(|total| total["holds"] == true));
}

#[test]
fn the_workshops_numbers_come_out_of_its_csv_files() {
    let Some(shop) = workshop(".csv") else { return };
    workshop_numbers_come_out(&shop);
}

#[test]
fn the_workshops_numbers_come_out_of_its_workbook() {
    let Some(shop) = workshop(".xlsx") else { return };
    workshop_numbers_come_out(&shop);
}

#[test]
fn every_oddity_of_the_workshop_is_said() {
    let Some(shop) = workshop(".csv") else { return };
    let findings = shop.findings(WORKSHOP_DAY);
    let said = |code: &str, file: &str, part: &str| {
        let is = |row: &&Record| row["code"] == code && row["file"] == file && row["message"].contains(part);
        let count = findings.iter().filter(is).count();
        assert!(count > 0, "no {code} in {file} about {part}");
        count
    };
    said("mixed_formats", "维修工单.csv", "2 种写法");
    said("words_vary", "维修工单.csv", "现金支付");
    assert_eq!(said("value_unexpected", "维修工单.csv", "00059*94"), 1);
    said("value_unexpected", "维修工单.csv", "出厂时间");
    said("value_unexpected", "维修项目明细.csv", "员工20班组");
    said("line_without_order", "维修项目明细.csv", "");
    said("part_price_missing", "领料明细.csv", "");
    said("part_price_zero", "领料明细.csv", "");
    said("order_without_lines", "维修工单.csv", "22");
    for row in &findings {
        assert!(!row["message"].is_empty() && !row["remedy"].is_empty(), "{row:?}");
    }
}

/// Names and bytes of the files that come in one night.
type Night = Vec<(String, Vec<u8>)>;

/// Successive dumps of the workshop, one a night: each as the one before, with lines deleted and added, orders changed,
/// deleted and new. Made from the one dump that is there; the program is told nothing but the files.
fn workshop_nights() -> Option<Vec<Night>> {
    let folder = beside("real/workshop")?;
    let read = |name: &str| {
        let bytes = fs::read(folder.join(name)).unwrap();
        encoding_rs::GB18030.decode(&bytes).0.lines().map(str::to_owned).collect::<Vec<String>>()
    };
    let (orders, labour, parts) = (read("维修工单.csv"), read("维修项目明细.csv"), read("领料明细.csv"));
    let dump = |night: usize| {
        // The first rows are the oldest night's alone, the last ones come with the nights.
        let lines = |all: &[String], gone: usize, late: usize| {
            let kept = all[1..].iter().enumerate().filter(|(at, _)| at % 97 >= gone * night);
            let kept: Vec<&str> = kept.map(|(_, line)| line.as_str()).collect();
            let shown = kept.len() - late * (2 - night);
            format!("{}\n{}\n", all[0], kept[..shown].join("\n")).into_bytes()
        };
        let named = [
            ("维修工单.csv", lines(&orders, 0, 9)),
            ("维修项目明细.csv", lines(&labour, 3, 11)),
            ("领料明细.csv", lines(&parts, 2, 5)),
        ];
        named.map(|(name, bytes)| (name.to_owned(), bytes)).to_vec()
    };
    Some((0..3).map(dump).collect())
}

#[test]
fn successive_dumps_of_the_workshop_give_the_figures_of_each_alone() {
    let Some(nights) = workshop_nights() else { return };
    let days = ["2015-03-20", "2015-03-24", "2015-03-27"];
    for dated in [false, true] {
        let put = |shop: &Shop, night: usize| {
            for (name, bytes) in &nights[night] {
                let name = if dated {
                    name.replace(".csv", &format!("_{}.csv", days[night].replace('-', "")))
                } else {
                    name.clone()
                };
                shop.put(&name, bytes.clone());
            }
        };
        let nightly = Shop::init();
        for (night, day) in days.iter().enumerate() {
            put(&nightly, night);
            nightly.publish(day);
            let alone = Shop::init();
            put(&alone, night);
            alone.publish(day);
            // Not the roll-forward: what a dump alone opens with is what it shows itself of the day before.
            // Nor the number of checks: that lines are gone is one.
            let without_checks = |mut manifest: serde_json::Value| {
                let figures = manifest["figures"].as_object_mut().into_iter().flat_map(|months| months.values_mut());
                figures.filter_map(|month| month.as_object_mut()).for_each(|month| drop(month.remove("checks_fired")));
                manifest
            };
            let (nights, one) = (without_checks(nightly.manifest(day)), without_checks(alone.manifest(day)));
            for part in ["/clearing/counts", "/clearing/diff_fen", "/totals", "/figures"] {
                assert_eq!(nights.pointer(part), one.pointer(part), "{day}, dated {dated}: {part}");
            }
            let gone = nightly.findings(day).iter().filter(|f| f["code"] == "rows_gone").count();
            assert_eq!(gone, 2 * night, "{day}: what is gone from labour and materials is said");
        }
    }
}
