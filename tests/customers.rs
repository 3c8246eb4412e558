//! Customer care: a small made-up shop whose tasks, churn, first services, problems and files are counted by hand, and
//! the departments of a store that others wrote.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::books::Book;
use common::{Shop, beside};
use serde_json::{Value, json};

const END: &str = "2026-10-31";

/// Orders: number, opened, VIN and plate end, mileage, job type, status.
const ORDERS: &str = "\
W01,2026-04-30,01,30000,一般维修
W02,2026-05-01,02,30000,一般维修
W03,2024-11-01,03,30000,一般维修
W04,2024-10-31,04,30000,一般维修
W05,2026-03-01,05,30000,一般维修
W06,2026-10-10,05,36000,一般维修
W07,2026-04-11,06,30000,一般维修
W08,2026-10-10,06,36000,一般维修
W09,2026-01-10,07,30000,一般维修
W10,2026-10-01,07,36000,三包
W11,2025-12-01,08,10,PDI
W12,2026-02-01,09,30000,一般维修
W13,2026-09-01,09,36000,一般维修
W14,2026-10-20,10,30000,一般维修
W15,2026-10-20,10,30000,一般维修
W21,2026-10-28,21,,一般维修
W22,2026-10-29,22,,一般维修
W23,2026-10-27,23,,一般维修
W24,2026-10-28,24,,一般维修
W25,2026-10-28,25,,一般维修
W26,2026-10-24,26,,一般维修
W27,2026-10-23,27,,一般维修
W28,2026-10-28,28,,内部
W31,2026-06-01,31,10000,一般维修
W32,2026-08-28,31,16150,保养
W33,2026-09-15,32,20000,保养
W41,2026-10-12,43,7700,首保
W42,2026-10-30,44,4800,首保
W43,2026-10-31,49,,首保
W51,2026-10-31,51,100,一般维修
W52,2026-10-31,52,100,一般维修
W53,2026-10-31,53,100,一般维修
";

/// Settlements: number, order, day, due from the customer, kind, reverses.
const SETTLEMENTS: &str = "\
J01,W01,2026-04-30,100.00,正常,
J02,W02,2026-05-01,100.00,正常,
J03,W03,2024-11-01,100.00,正常,
J04,W04,2024-10-31,100.00,正常,
J05,W05,2026-03-01,100.00,正常,
J06,W06,2026-10-10,100.00,正常,
J07,W07,2026-04-11,100.00,正常,
J08,W08,2026-10-10,100.00,正常,
J09,W09,2026-01-10,100.00,正常,
J10,W10,2026-10-01,0.00,正常,
J11,W11,2025-12-01,100.00,正常,
J12,W12,2026-02-01,100.00,正常,
J13,W13,2026-09-01,100.00,正常,
J13R,W13,2026-09-01,-100.00,负结算,J13
J14,W14,2026-10-20,100.00,正常,
J15,W15,2026-10-20,50.00,正常,
J21,W21,2026-10-28,10.00,正常,
J22,W22,2026-10-29,10.00,正常,
J23,W23,2026-10-27,10.00,正常,
J24,W24,2026-10-28,10.00,正常,
J25,W25,2026-10-28,10.00,正常,
J26,W26,2026-10-24,10.00,正常,
J27,W27,2026-10-23,10.00,正常,
J28,W28,2026-10-28,0.00,正常,
J32,W32,2026-08-28,10.00,正常,
J33,W33,2026-09-15,10.00,正常,
J41,W41,2026-10-12,0.00,正常,
J42,W42,2026-10-30,0.00,正常,
J43,W43,2026-10-31,0.00,正常,
";

const CALLS: &str = "\
W24,2026-10-30,是,5,5,5,5,5,5,5,
W25,2026-10-30,否,,,,,,,,
W26,2026-10-26,是,3,4,5,5,5,5,4,
W27,2026-10-25,是,4,,4,4,4,4,3,收费高
W14,2026-10-27,是,5,5,5,5,5,5,5,漆面有瑕疵
W15,2026-10-27,否,,,,,,,,
W15,2026-10-28,是,5,5,5,5,5,5,5,
";

const COMPLAINTS: &str = "\
T1,W14,2026-10-28,维修质量,漆面有瑕疵,王强,2026-10-30,2026-10-29,重新抛光,
T2,W27,2026-10-01,配件价格,收费高,李敏,2026-10-05,2026-10-06,解释,是
T3,W26,2026-10-27,接待,等候无人,赵丽,2026-10-30,,,
T4,W27,2026-10-30,配件价格,又收费高,李敏,2026-10-31,,,
";

/// Contracts: number, VIN, ordered, delivered, status.
const CONTRACTS: &str = "\
C1,61,2026-05-01,2026-05-18,已交车
C2,62,2026-05-01,2026-05-17,已交车
C3,43,2026-04-01,2026-04-20,已交车
C4,44,2026-04-01,2026-04-14,已交车
C5,65,2026-04-01,2026-04-30,已交车
C6,66,2026-10-01,2026-10-28,已交车
C7,67,2026-10-01,2026-10-24,已交车
C8,68,2026-10-01,2026-10-28,已退车
C9,49,2026-05-20,2026-06-01,已交车
C10,70,2026-10-20,,订单
";

/// Files: VIN, plate's end, customer, phone, model, sold, next service, member, insurance to.
const FILES: &str = "\
21,21,客21,13800000021,轿车,2025-01-01,,是,2026-10-05
32,32,客32,13800000032,轿车,2025-01-01,2026-11-14,否,2026-11-20
51,51,客51,,轿车,2025-01-01,,否,
53,53,客53,13800000099,轿车,2025-01-01,,否,2027-01-01
";

fn vin(end: &str) -> String {
    format!("LSVTEST00000000{end}")
}

/// Lines of comma-separated cells, each made into a row.
fn rows(text: &str, row: impl Fn(&[&str]) -> String) -> String {
    text.lines().map(|line| row(&line.split(',').collect::<Vec<_>>()) + "\n").collect()
}

fn shop() -> Shop {
    let shop = Shop::init();
    let order = |c: &[&str]| {
        let (no, day, end, km, job) = (c[0], c[1], c[2], c[3], c[4]);
        format!("{no},{day} 09:00:00,浙A000{end},{},轿车,{km},客{end},138000000{end},王强,{job},在修", vin(end))
    };
    let orders = "委托单号,进厂时间,车牌号,车架号,车型,行驶里程,客户名称,联系电话,服务顾问,维修类型,工单状态\n";
    shop.put("维修委托书_20261031.csv", orders.to_owned() + &rows(ORDERS, order));
    let plate = |order: &str| {
        let line = ORDERS.lines().find(|l| l.starts_with(&format!("{order},"))).unwrap();
        format!("浙A000{}", line.split(',').nth(2).unwrap())
    };
    let settlement =
        |c: &[&str]| format!("{},{},{} 17:00:00,{},客,王强,{},{},{}", c[0], c[1], c[2], plate(c[1]), c[3], c[4], c[5]);
    let settlements = "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,客户应付,单据类型,原结算单号\n";
    shop.put("结算单_20261031.csv", settlements.to_owned() + &rows(SETTLEMENTS, settlement));
    let calls = "委托单号,回访日期,是否接通,接待评分,维修质量评分,配件价格评分,等待时间评分,结算评分,清洁评分,总体评分,客户意见\n";
    shop.put("回访记录_20261031.csv", calls.to_owned() + CALLS);
    let cases = "投诉单号,委托单号,投诉日期,责任部门,投诉内容,责任人,要求完成日期,关闭日期,处理结果,二次回访满意\n";
    shop.put("投诉记录_20261031.csv", cases.to_owned() + COMPLAINTS);
    let contract =
        |c: &[&str]| format!("{},{},轿车,客{},孙刚,{},{},120000.00,{}", c[0], vin(c[1]), c[1], c[2], c[3], c[4]);
    let contracts = "合同号,车架号,车型,客户名称,销售顾问,订单日期,交车日期,销售价,状态\n";
    shop.put("汽车销售台账_20261031.csv", contracts.to_owned() + &rows(CONTRACTS, contract));
    let file = |c: &[&str]| format!("{},浙A000{},{}", vin(c[0]), c[1], c[2..].join(","));
    let files = "车架号,车牌号,客户名称,联系电话,车型,购车日期,下次保养日期,会员,保险到期日\n";
    shop.put("客户车辆档案_20261031.csv", files.to_owned() + &rows(FILES, file));
    let tracks = "车牌号,跟踪日期,跟踪结果,流失原因\n浙A00003,2026-10-15,考虑中,价格\n浙A00001,2026-04-01,来店,质量\n";
    shop.put("流失客户跟踪_20261031.csv", tracks);
    shop
}

/// A figure of the manifest: its number, or numerator and denominator.
fn figure(manifest: &Value, period: &str, id: &str) -> Value {
    let value = &manifest["figures"][period][id];
    match value.get("numerator") {
        Some(numerator) => json!([numerator, value["denominator"]]),
        None => value["value"].clone(),
    }
}

fn book(shop: &Shop, date: &str, name: &str) -> Book {
    Book::open(&shop.folder(date).join(name))
}

/// Some columns of a list, one text a row.
fn list(book: &Book, sheet: &str, title: &str, columns: &[&str]) -> Vec<String> {
    let rows = book.list(sheet, title);
    rows.iter().map(|row| columns.iter().map(|c| row[*c].as_str()).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn tasks_of_the_day_the_day_before_and_the_day_after() {
    let shop = shop();
    shop.publish(END);
    let manifest = shop.manifest(END);
    let book = book(&shop, END, "回访与招揽.xlsx");
    let by_task: BTreeMap<String, String> = book
        .list("回访与招揽任务", "按任务")
        .iter()
        .map(|row| {
            (row["任务"].clone(), ["逾期任务", "今日到期任务", "次日到期任务"].map(|c| row[c].as_str()).join(" "))
        })
        .collect();
    let expected = [
        ("维修后3日回访", "1 1 1"),   // late W23; today W21; next day W22
        ("7日跟踪", "1 1 0"),         // late W27; today W26
        ("未接通再拨", "0 1 0"),      // W25, called the day before
        ("投诉二次回访", "0 1 0"),    // T1, closed two days ago
        ("首保邀请", "1 1 0"),        // late C2; today C1
        ("定期保养提醒", "0 1 0"),    // 31: 6150 km in 88 days, 5000 km in 71: 11-07
        ("定期保养邀请信", "0 1 0"),  // 32: file says 11-14
        ("首保感谢信", "1 1 0"),      // W42 yesterday, W43 today
        ("新车交车3日回访", "1 1 0"), // late C7; today C6
        ("新车交车7日跟踪", "0 1 0"), // C7
    ];
    assert_eq!(by_task, expected.map(|(kind, numbers)| (kind.to_owned(), numbers.to_owned())).into());
    assert_eq!(figure(&manifest, END, "tasks_due"), json!(10));
    // The member stands apart, with the whole phone.
    let members = list(&book, "回访与招揽任务", "会员：今日与次日到期", &["任务", "车牌号", "联系电话"]);
    assert_eq!(members, ["维修后3日回访 浙A00021 13800000021"]);
    let late = list(&book, "回访与招揽任务", "逾期未办", &["逾期天数", "单号", "任务"]);
    assert_eq!(
        late.iter().map(|l| l.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<BTreeSet<_>>(),
        ["1 W23", "1 W27", "1 C2", "1 W42", "4 C7"].map(str::to_owned).into()
    );
}

#[test]
fn churn_at_the_edges_of_its_windows() {
    let shop = shop();
    shop.publish(END);
    let manifest = shop.manifest(END);
    let of_month = |id: &str| figure(&manifest, "2026-10", id);
    // 01-10 but 04 (25 months ago) and 08 (a car not sold yet): 8; with a visit in the last six months besides:
    // 21-27 and 31, 32.
    assert_eq!(of_month("churn_base"), json!(17));
    // 01 six months ago to the day, 03, 07 (a warranty job is no customer-pay visit), 09 (the later one was reversed).
    assert_eq!(of_month("churn_rate"), json!([4, 17]));
    assert_eq!(of_month("churn_12"), json!([1, 17]), "03");
    assert_eq!(of_month("customers_won_back"), json!(1), "05 was away for seven months, 06 for a day less than six");
    let book = book(&shop, END, "客户月报.xlsx");
    let reasons = list(&book, "客户流失率", "按流失原因", &["流失原因", "流失客户"]);
    assert_eq!(reasons.into_iter().collect::<BTreeSet<_>>(), ["价格 1", "未跟踪 3"].map(str::to_owned).into());
    let sheet = book.text("流失回访跟踪").concat().join(" ");
    let named =
        |plate: &str| sheet.contains(plate) || book.text("流失回访跟踪").iter().any(|r| r.iter().any(|c| c == plate));
    assert!(["浙A00001", "浙A00003", "浙A00007", "浙A00009"].iter().all(|p| named(p)), "{sheet}");
    assert!(["浙A00002", "浙A00004", "浙A00005", "浙A00008"].iter().all(|p| !named(p)), "{sheet}");
}

#[test]
fn first_services_overdue_by_days_and_by_mileage() {
    let shop = shop();
    for date in ["2026-10-12", "2026-10-30", END] {
        shop.publish(date);
    }
    let of_day = |date: &str| {
        let columns = ["首保单号", "购车后天数", "里程", "是否超期", "超期情况"];
        list(&book(&shop, date, "回访与招揽.xlsx"), "首保登记表", "当日首保", &columns)
    };
    assert_eq!(of_day("2026-10-12"), ["W41 175 7700 是 超200公里"]);
    assert_eq!(of_day("2026-10-30"), ["W42 199 4800 是 超期19天"]);
    assert_eq!(of_day(END), ["W43 152   里程不详"]);
    let manifest = shop.manifest(END);
    assert_eq!(figure(&manifest, "2026-10", "first_service_return"), json!([2, 3]), "C3, C4 of C3, C4, C5");
    assert_eq!(figure(&manifest, "2026-10", "first_services_overdue"), json!(2));
}

#[test]
fn departments_problems_and_cases() {
    let shop = shop();
    shop.publish(END);
    shop.publish("2026-11-01");
    let manifest = shop.manifest(END);
    let of_month = |id: &str| figure(&manifest, "2026-10", id);
    assert_eq!(of_month("satisfaction"), json!([22, 25]));
    assert_eq!(of_month("satisfaction_reception"), json!([22, 25]));
    assert_eq!(of_month("satisfaction_repair"), json!([19, 20]), "a score that was not given is no score");
    assert_eq!(of_month("satisfied_share"), json!([4, 5]));
    assert_eq!(of_month("problem_calls"), json!(3), "a low department, a low whole, a case");
    assert_eq!(of_month("complaints_opened"), json!(4));
    assert_eq!(of_month("complaint_closed_in_time"), json!([1, 4]));
    assert_eq!(of_month("complaints_overdue"), json!(1), "T3; T4 is due today");
    assert_eq!(of_month("complaints_repeated"), json!(1), "T4 after T2");
    assert_eq!(of_month("complaint_days"), json!([6, 2]), "one day and five");
    assert_eq!(of_month("complaint_content_rate"), json!([1, 1]));
    assert_eq!(figure(&manifest, END, "second_calls_due"), json!(1));
    // Monday to Sunday: only the customers with a problem.
    let week = book(&shop, "2026-11-01", "满意度周报.xlsx");
    let sheet = week.text("有问题的客户");
    let cells = |order: &str| sheet.iter().find(|row| row.iter().any(|c| c == order)).cloned().unwrap_or_default();
    assert!(["W24", "W25", "W15", "W27"].iter().all(|order| cells(order).is_empty()), "{sheet:#?}");
    let (reception, case) = (cells("W26").join(" "), cells("W14").join(" "));
    assert!(reception.contains("接待") && reception.contains("处理中"), "{reception}");
    assert!(case.contains("T1") && case.contains("重新抛光") && case.contains("王强"), "{case}");
}

#[test]
fn files_that_are_missing_have_gaps_or_differ() {
    let shop = shop();
    shop.publish(END);
    let book = book(&shop, END, "回访与招揽.xlsx");
    let missing = list(&book, "新客户建档检查", "未建档或有缺项", &["委托单号", "已建档", "缺项"]);
    assert_eq!(
        missing.into_iter().collect::<BTreeSet<_>>(),
        ["W43 否 ", "W51 是 联系电话", "W52 否 "].map(str::to_owned).into()
    );
    let differs = list(&book, "新客户建档检查", "与档案不符", &["委托单号", "与委托书不符"]);
    assert_eq!(differs, ["W53 联系电话"]);
    let manifest = shop.manifest(END);
    assert_eq!(figure(&manifest, END, "file_completeness"), json!([3, 4]));
    assert_eq!(figure(&manifest, "2026-10", "renewals_due"), json!(1));
    assert_eq!(figure(&manifest, END, "club_members"), json!(1));
}

/// A shop may count satisfaction as a share and look at other windows.
#[test]
fn settings_choose_the_variant() {
    let shop = shop();
    let config = shop.root.join("hesuan.toml");
    let text = fs::read_to_string(&config).unwrap();
    let own = "\n[settings]\nsatisfaction_by = \"share\"\nchurn_window = \"9 months\"\nfirst_service_days = 200\n";
    fs::write(&config, text + own).unwrap();
    shop.publish(END);
    let manifest = shop.manifest(END);
    assert_eq!(figure(&manifest, "2026-10", "satisfaction"), json!([4, 5]));
    assert_eq!(figure(&manifest, "2026-10", "satisfaction_repair"), json!([4, 4]));
    assert_eq!(figure(&manifest, "2026-10", "churn_rate"), json!([2, 17]), "03 and 07");
    assert_eq!(figure(&manifest, "2026-10", "first_services_overdue"), json!(1), "7700 km; 199 days are within 200");
}

#[test]
fn departments_of_store_a_come_out() {
    let Some(folder) = beside("conformance/store-a") else { return };
    let truth: Value = serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let shop = Shop::init();
    shop.put_all(&folder.join("inbox"));
    for (month, date) in [("2026-09", "2026-09-30"), ("2026-10", END)] {
        shop.publish(date);
        let manifest = shop.manifest(date);
        let departments = [
            ("接待", "reception"),
            ("维修质量", "repair"),
            ("配件价格", "price"),
            ("等待时间", "waiting"),
            ("结算", "checkout"),
            ("清洁", "cleanliness"),
        ];
        let (mut scores, mut calls) = (0, 0);
        for (name, id) in departments {
            let of_truth = &truth["months"][month]["csi_by_department"][name];
            let (score, number) = (of_truth[0].as_i64().unwrap(), of_truth[1].as_i64().unwrap());
            assert_eq!(
                figure(&manifest, month, &format!("satisfaction_{id}")),
                json!([score, number * 5]),
                "{month} {name}"
            );
            (scores, calls) = (scores + score, calls + number);
        }
        assert_eq!(figure(&manifest, month, "satisfaction_by_department"), json!([scores, calls * 5]), "{month}");
    }
}
