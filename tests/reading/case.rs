//! A small shop of one day, 2026-10-20, whose exports a test spoils: three orders, settled and paid by transfer.

use std::process::Command;

use serde_json::Value;

use crate::common::{Ran, Record, Shop, hesuan};

/// The day of the shop.
pub const DAY: &str = "2026-10-20";
/// Names of its exports.
pub const ORDERS: &str = "维修委托书_20261020.csv";
pub const SETTLEMENTS: &str = "结算单_20261020.csv";
pub const RECEIPTS: &str = "收银流水_20261020.csv";

/// Due and received of each order, in yuan as the exports write it.
pub const AMOUNTS: [&str; 3] = ["1234.50", "880.00", "56.70"];

pub const RECEIPT_HEADINGS: &str = "收据号,收款时间,收银员,业务单号,付款人,收款方式,收款金额,流水号,款项类型,备注";

pub struct Case {
    pub shop: Shop,
    files: Vec<(String, Vec<u8>)>,
}

impl Case {
    /// The sound exports; a test replaces what it spoils.
    pub fn new() -> Case {
        let mut case = Case { shop: Shop::init(), files: Vec::new() };
        case.put(ORDERS, Case::orders());
        case.put(SETTLEMENTS, Case::settlements());
        case.put(RECEIPTS, Case::receipts());
        case
    }

    pub fn order_no(at: usize) -> String {
        format!("W2026102000{at}")
    }

    pub fn receipt_no(at: usize) -> String {
        format!("SK2026102000{at}")
    }

    pub fn orders() -> String {
        let row = |at: usize| {
            format!(
                "{},2026-10-20 08:0{at}:00,2026-10-20 09:0{at}:00,粤B0000{at},保养,客{at},顾一,已结算\n",
                Case::order_no(at)
            )
        };
        let rows: String = (1..=3).map(row).collect();
        format!("委托单号,进厂时间,竣工时间,车牌号,维修类型,客户名称,服务顾问,工单状态\n{rows}")
    }

    pub fn settlements() -> String {
        let row = |at: usize| {
            let (order, amount) = (Case::order_no(at), AMOUNTS[at - 1]);
            format!(
                "J2026102000{at},{order},2026-10-20 10:0{at}:00,粤B0000{at},客{at},顾一,{amount},0.00,0.00,{amount},0.00,现结,,正常,\n"
            )
        };
        let rows: String = (1..=3).map(row).collect();
        format!(
            "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,优惠金额,客户应付,三包金额,结算方式,审批人,单据类型,原结算单号\n{rows}"
        )
    }

    /// One line of the cashier's export, with its line end.
    pub fn receipt_row(at: usize, amount: &str) -> String {
        format!(
            "{},2026-10-20 11:0{at}:00,钱收,{},客{at},转账,{amount},,维修,\n",
            Case::receipt_no(at),
            Case::order_no(at)
        )
    }

    pub fn receipts() -> String {
        let rows: String = (1..=3).map(|at| Case::receipt_row(at, AMOUNTS[at - 1])).collect();
        format!("{RECEIPT_HEADINGS}\n{rows}")
    }

    /// Puts an export in place of the one of that name.
    pub fn put(&mut self, name: &str, content: impl AsRef<[u8]>) -> &mut Case {
        self.files.retain(|(own, _)| own != name);
        self.files.push((name.to_owned(), content.as_ref().to_vec()));
        self
    }

    /// Takes an export of the sound shop away.
    pub fn without(&mut self, name: &str) -> &mut Case {
        self.files.retain(|(own, _)| own != name);
        self
    }

    /// Adds lines to hesuan.toml.
    pub fn set(&mut self, toml: &str) -> &mut Case {
        let path = self.shop.root.join("hesuan.toml");
        let held = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{held}\n{toml}\n")).unwrap();
        self
    }

    /// Drops what was put and runs for the day.
    pub fn night(&mut self) -> Ran {
        self.night_of(DAY)
    }

    pub fn night_of(&mut self, day: &str) -> Ran {
        for (name, content) in std::mem::take(&mut self.files) {
            self.shop.put(&name, content);
        }
        self.shop.run(day)
    }

    pub fn findings(&self) -> Vec<Record> {
        self.shop.findings(DAY)
    }

    /// Findings with this code.
    pub fn of_code(&self, code: &str) -> Vec<Record> {
        self.findings().into_iter().filter(|f| f["code"] == code).collect()
    }

    /// Whether an error or a warning names the file and the row (0: any row).
    pub fn told(&self, file: &str, row: u32) -> bool {
        let names = |f: &Record| f["file"].contains(file) && (row == 0 || f["row"] == row.to_string());
        self.findings().iter().any(|f| f["severity"] != "info" && names(f))
    }

    /// Whether a check fired for a document (or text in its row).
    pub fn fires(&self, code: &str, about: &str) -> bool {
        let hit = |r: &Record| r["kind"] == "check" && r["code"] == code && r.values().any(|cell| cell.contains(about));
        self.shop.exceptions(DAY).iter().any(hit)
    }

    pub fn explain(&self, number: &str) -> Value {
        let mut command: Command = hesuan();
        command.arg("explain").arg(&self.shop.root).args([number, "--as-of", DAY, "--json"]);
        let ran = Ran::of(&command.output().unwrap());
        serde_json::from_str(&ran.out).unwrap_or(Value::Null)
    }

    /// Category, due and received of an order, in fen.
    pub fn order(&self, at: usize) -> (String, i64, i64) {
        let number = Case::order_no(at);
        let told = self.explain(&number);
        let stands = told["stands"].as_array().cloned().unwrap_or_default();
        let stand = stands.into_iter().find(|s| s["number"] == number.as_str()).unwrap_or(Value::Null);
        let fen = |key: &str| stand[key].as_i64().unwrap_or(i64::MIN);
        (stand["category"].as_str().unwrap_or_default().to_owned(), fen("due_fen"), fen("received_fen"))
    }

    /// What a receipt counts as, in fen, and the number that it stands on (its order, or its own where that is unknown).
    pub fn receipt(&self, at: usize) -> Option<(i64, String)> {
        self.money(&Case::receipt_no(at))
    }

    pub fn money(&self, receipt: &str) -> Option<(i64, String)> {
        let told = self.explain(receipt);
        for stand in told["stands"].as_array()? {
            for held in stand["receipts"].as_array().into_iter().flatten() {
                if held["number"] == receipt {
                    return Some((held["amount_fen"].as_i64()?, stand["number"].as_str()?.to_owned()));
                }
            }
        }
        None
    }

    pub fn manifest(&self) -> Value {
        self.shop.manifest(DAY)
    }

    /// Whether a report of the day calls itself complete.
    pub fn is_complete(&self, report: &str) -> bool {
        let reports = self.manifest()["reports"].as_array().cloned().unwrap_or_default();
        reports.iter().any(|r| r["id"] == report && r["complete"] == true)
    }
}
