//! A year of a shop with twelve closes: each month opens with exactly what the one before was closed with, nothing of a
//! closed month is ever written again, and the ledger grows with the exports, no faster.

mod common;

use std::collections::BTreeMap;
use std::fs;

use chrono::{Datelike, Days, NaiveDate};
use common::{Ran, Shop, Tree, file_name, hesuan, tree};
use serde_json::Value;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The exports of a shop by the day on which they arrive: that of their name, a month's with its last day.
fn arrivals(all: &Shop) -> BTreeMap<NaiveDate, Vec<std::path::PathBuf>> {
    let dates = regex::Regex::new(r"20\d{6}|20\d{4}").unwrap();
    let mut arrivals: BTreeMap<NaiveDate, Vec<std::path::PathBuf>> = BTreeMap::new();
    for path in fs::read_dir(all.inbox()).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file_name(&path);
        let dated = dates.find_iter(&name).last().map_or("20000101", |m| m.as_str());
        let first = format!("{}-{}-{}", &dated[..4], &dated[4..6], dated.get(6..8).unwrap_or("01"));
        let day = date(&first);
        let day = if dated.len() == 6 { last_of_month(day) } else { day };
        arrivals.entry(day).or_default().push(path);
    }
    arrivals
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    day.iter_days().take_while(|d| d.month() == day.month()).last().unwrap()
}

struct Year {
    shop: Shop,
    arrivals: BTreeMap<NaiveDate, Vec<std::path::PathBuf>>,
}

impl Year {
    /// One night: what has arrived up to the date, and the run of it.
    fn night(&mut self, day: NaiveDate) -> Value {
        let later = self.arrivals.split_off(&(day + Days::new(1)));
        for path in std::mem::replace(&mut self.arrivals, later).into_values().flatten() {
            let put = self.shop.inbox().join(file_name(&path));
            fs::copy(&path, &put).unwrap();
            common::settle(&put);
        }
        self.shop.publish(&day.to_string());
        self.shop.manifest(&day.to_string())
    }

    /// Closes a month; what stands in its way is accepted.
    fn close(&self, month: &str) -> Value {
        let close = |options: &[&str]| {
            Ran::of(&hesuan().arg("close").arg(&self.shop.root).arg(month).args(options).output().unwrap())
        };
        let said: Value = serde_json::from_str(&close(&["--json", "--dry-run"]).out).unwrap();
        let codes: Vec<&str> =
            said["obstacles"].as_array().unwrap().iter().map(|o| o["code"].as_str().unwrap()).collect();
        let mut options: Vec<&str> = codes.iter().flat_map(|code| ["--accept", code]).collect();
        if !codes.is_empty() {
            options.extend(["--reason", "已核对"]);
        }
        options.push("--json");
        let closed: Value = serde_json::from_str(&close(&options).ends_with(&[0]).out).unwrap();
        assert_eq!(closed["state"], "closed", "{month}");
        closed["close"].clone()
    }

    fn ledger_bytes(&self) -> u64 {
        let ledger = self.shop.root.join("ledger");
        ["ledger.db", "ledger.db-wal"]
            .iter()
            .filter_map(|name| fs::metadata(ledger.join(name)).ok())
            .map(|m| m.len())
            .sum()
    }

    /// Everything published of a month.
    fn reports_of(&self, month: &str) -> Tree {
        tree(&self.shop.reports()).into_iter().filter(|(name, _)| name.starts_with(month)).collect()
    }
}

#[test]
fn twelve_closes_carry_every_item_forward() {
    let all = Shop::sample(&["--seed", "5", "--days", "400", "--end", "2026-10-31", "--orders-per-day", "1"]);
    let shop = Shop::init();
    fs::copy(all.root.join("hesuan.toml"), shop.root.join("hesuan.toml")).unwrap();
    let mut year = Year { shop, arrivals: arrivals(&all) };
    let mut sizes = Vec::new();
    let mut frozen: BTreeMap<String, Tree> = BTreeMap::new();
    let mut closing: Option<(i64, i64)> = None;
    for number in 0..12 {
        let first = date("2025-11-01").checked_add_months(chrono::Months::new(number)).unwrap();
        let last = last_of_month(first);
        let begin = year.night(first);
        let opening = &begin["clearing"]["roll_forward"][1]["opening"];
        if let Some((items, fen)) = closing {
            assert_eq!((&opening["items"], &opening["diff_fen"]), (&items.into(), &fen.into()), "{first}");
        }
        for day in [first + Days::new(1), last - Days::new(1), last] {
            year.night(day);
        }
        let month = first.format("%Y-%m").to_string();
        let close = year.close(&month);
        let ended = &year.shop.manifest(&last.to_string())["clearing"]["roll_forward"][1]["closing"];
        assert_eq!((&close["items"], &close["diff_fen"]), (&ended["items"], &ended["diff_fen"]), "{month}");
        closing = Some((close["items"].as_i64().unwrap(), close["diff_fen"].as_i64().unwrap()));
        sizes.push(year.ledger_bytes());
        frozen.insert(month.clone(), year.reports_of(&month));
    }
    for (month, reports) in &frozen {
        assert!(year.reports_of(month) == *reports, "{month} was written again");
    }
    let verify = Ran::of(&hesuan().arg("verify").arg(&year.shop.root).output().unwrap()).ends_with(&[0]);
    assert!(verify.out.contains("已关账月份 12 个"), "{}", verify.out);
    // The second half of the year brings as many exports as the first, and no more than two thirds as much again of
    // ledger: each day's export of car contracts is the whole register, which grows.
    let (first, second) = (sizes[5] - sizes[0], sizes[11] - sizes[6]);
    assert!(second * 3 <= first * 5, "grew by {first} and then by {second} bytes: {sizes:?}");
}
