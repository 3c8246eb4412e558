//! The registers that a shop keeps beside its system: tools, training, inspections, keys, and the treasurer's journals.

use super::months::months;
use crate::model::fen::Fen;
use crate::sample::dice::{Dice, at_second};
use crate::sample::events::{Job, Order, Shop, Tender};
use crate::sample::pools::{ADVISORS, SALESPEOPLE, TEAMS};
use crate::sample::registers::{Inspection, Journal, KeyEntry, ToolEntry, ToolUse, Training};
use chrono::{Datelike, Duration, NaiveDate, Weekday};

const TOOLS: [(&str, &str); 8] = [
    ("GJ-01", "故障诊断仪"),
    ("GJ-02", "四轮定位仪"),
    ("GJ-03", "扭力扳手"),
    ("GJ-04", "制冷剂回收机"),
    ("GJ-05", "示波器"),
    ("GJ-06", "举升机"),
    ("GJ-07", "轮胎动平衡机"),
    ("GJ-08", "绝缘电阻表"),
];
/// Number, name, certificate, department: technicians, advisors or salespeople go.
const COURSES: [(&str, &str, &str, usize); 4] = [
    ("01", "新车型产品知识", "产品专员", 2),
    ("02", "高压电安全作业", "低压电工证", 0),
    ("03", "三包政策与索赔流程", "", 1),
    ("04", "变速箱故障诊断", "机电中级", 0),
];
const INSPECTORS: [&str; 2] = ["方正", "严明"];
const FAULTS: [(&str, &str); 4] =
    [("异响未消除", "返工调整"), ("漆面流挂", "重新抛光"), ("油液不足", "补加油液"), ("螺栓扭矩不足", "重新紧固")];
const PURPOSES: [&str; 4] = ["试乘试驾", "PDI检查", "移车", "精品加装"];

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    for day in shop.days() {
        tools(shop, dice, day);
        keys(shop, dice, day);
    }
    training(shop, dice);
    inspections(shop, dice);
    cash(shop);
    bank(shop);
}

fn technicians() -> Vec<&'static str> {
    TEAMS.iter().flat_map(|(_, technicians)| *technicians).collect()
}

/// Loans now and then, upkeep on the 5th, calibration on the 15th; some are done late, some not at all.
fn tools(shop: &mut Shop, dice: &mut Dice, day: NaiveDate) {
    let mut of_day: Vec<(ToolUse, usize, i64)> = Vec::new();
    for _ in 0..dice.weighted(&[(0, 55), (1, 35), (2, 10)]) {
        of_day.push((ToolUse::Loan, dice.index(TOOLS.len()), dice.between(1, 3)));
    }
    match day.day() {
        5 => of_day.extend([1, 3, 5, 6].map(|tool| (ToolUse::Upkeep, tool, 5))),
        15 => of_day.extend([2, 7].map(|tool| (ToolUse::Calibration, tool, 10))),
        _ => {}
    }
    for (serial, (kind, tool, days)) in (1..).zip(of_day) {
        let due_on = day + Duration::days(days);
        let late = dice.weighted(&[(0, 80), (1, 8), (4, 7), (400, 5)]);
        let done_on = Some(due_on + Duration::days(late)).filter(|done| *done <= shop.end);
        shop.tools.push(ToolEntry {
            number: format!("GD{}{serial:02}", day.format("%Y%m%d")),
            tool: TOOLS[tool],
            kind,
            on: day,
            person: dice.pick(&technicians()),
            due_on,
            done_on,
            in_order: !dice.chance(4),
        });
    }
}

/// A key or two a day for cars in stock; most come back within hours.
fn keys(shop: &mut Shop, dice: &mut Dice, day: NaiveDate) {
    let standing: Vec<String> = shop.cars.iter().filter(|car| car.stands_on(day)).map(|car| car.vin.clone()).collect();
    if standing.is_empty() {
        return;
    }
    for serial in 1..=dice.between(1, 3) {
        let taken_at = at_second(day, (9 + serial * 2) * 3600 + dice.between(0, 3_000));
        let hours = dice.weighted(&[(1, 58), (2, 28), (20, 9), (9_999, 5)]);
        let returned_at = Some(taken_at + Duration::hours(hours)).filter(|at| at.date() <= shop.end);
        let vin = standing[dice.index(standing.len())].clone();
        shop.keys.push(KeyEntry {
            number: format!("YS{}{serial:02}", day.format("%Y%m%d")),
            key: format!("K{}", &vin[vin.len() - 4..]),
            vin,
            person: dice.pick(&SALESPEOPLE),
            purpose: dice.pick(&PURPOSES),
            taken_at,
            returned_at,
        });
    }
}

/// Every month one course of each kind, those of the month after the last, which are planned already, and old ones.
fn training(shop: &mut Shop, dice: &mut Dice) {
    let months = months(shop);
    let after = shop.end + Duration::days(1);
    // Those of a year ago gave certificates that run out now.
    let year_ago = shop.end.checked_sub_signed(Duration::days(385)).unwrap_or(shop.start);
    for first in months.iter().map(|month| month.first).chain([year_ago, after]) {
        for (number, course, level, who) in COURSES {
            if first == year_ago && level.is_empty() {
                continue;
            }
            let planned_on = first + Duration::days(dice.between(4, 24));
            let people: Vec<&'static str> = match who {
                0 => technicians(),
                1 => ADVISORS.to_vec(),
                _ => SALESPEOPLE.to_vec(),
            };
            let held_on = Some(planned_on).filter(|day| *day <= shop.end);
            for (at, person) in people.into_iter().enumerate().filter(|(at, _)| who > 0 || at % 3 == 0) {
                let attended = !dice.chance(8);
                let score = dice.between(62, 99) - if dice.chance(8) { 20 } else { 0 };
                shop.training.push(Training {
                    number: format!("PX{}-{number}", first.format("%Y%m")),
                    course,
                    level,
                    person,
                    department: ["售后", "前台", "销售"][who],
                    planned_on,
                    held_on,
                    hours: 400,
                    score: attended.then_some(score),
                    certificate: format!("ZS{}{number}{at:02}", first.format("%Y%m")),
                });
            }
        }
    }
}

/// Every repair, body job and comeback is inspected when it is done; what fails is inspected again.
fn inspections(shop: &mut Shop, dice: &mut Dice) {
    let inspected = |order: &&Order| matches!(order.job, Job::Repair | Job::Body | Job::Comeback);
    let mut found: Vec<Inspection> = Vec::new();
    for order in shop.orders.iter().filter(inspected) {
        let (Some(done), Some(line)) = (order.completed_at, order.labour.first()) else { continue };
        let failed = dice.chance(6).then(|| dice.pick(&FAULTS));
        let inspector = dice.pick(&INSPECTORS);
        let one = Inspection {
            number: String::new(),
            order_no: order.number.clone(),
            at: done - Duration::minutes(if failed.is_some() { 40 } else { 5 }),
            inspector,
            technician: line.technician,
            stage: if order.job == Job::Body { "专检" } else { "终检" },
            item: line.name,
            round: 1,
            fault: failed,
        };
        if failed.is_some() {
            let (at, round) = (done - Duration::minutes(4), 2);
            found.push(Inspection { at, round, fault: None, ..one.clone() });
        }
        found.push(one);
    }
    found.sort_by(|one, other| (one.at, &one.order_no).cmp(&(other.at, &other.order_no)));
    for (serial, one) in (1..).zip(&mut found) {
        one.number = format!("ZJ{serial:06}");
    }
    shop.inspections = found;
}

/// The cash of the day comes from the cashiers in the evening and goes to the bank the next morning.
fn cash(shop: &mut Shop) {
    let mut book = Book::new("库存现金", shop.start, Fen(500_000));
    let mut to_bank = Fen::ZERO;
    for day in shop.days() {
        if to_bank > Fen::ZERO {
            book.give(day, "现金存入银行", "开户银行", to_bank);
        }
        if day.weekday() == Weekday::Wed {
            book.give(day, "报销办公费", "行政部", Fen(18_600));
        }
        let of_day = shop.receipts.iter().filter(|one| !one.dropped && one.at.date() == day);
        to_bank = of_day.filter(|one| one.tender == Tender::Cash).map(|one| one.amount).sum();
        if to_bank > Fen::ZERO {
            book.take(day, "收银交款", "收银", to_bank);
        }
    }
    shop.journals.extend(book.lines);
}

/// What the acquirers pay out, transfers, cash brought in; parts paid for when they come, wages on the 10th.
fn bank(shop: &mut Shop) {
    let mut book = Book::new("银行存款", shop.start, Fen(86_000_000));
    for day in shop.days() {
        let settled = shop.acquirer.iter().filter(|line| line.settled_on == day);
        book.take(day, "收单到账", "银联商务", settled.map(|line| line.gross - line.fee).sum());
        let of_day = shop.receipts.iter().filter(|one| !one.dropped && one.at.date() == day);
        let transfers = of_day.filter(|one| one.tender == Tender::Transfer).map(|one| one.amount).sum();
        book.take(day, "客户转账", "客户", transfers);
        let brought = shop.journals.iter().filter(|line| line.on == day && line.summary == "现金存入银行");
        book.take(day, "现金存入银行", "库存现金", brought.map(|line| line.paid_out).sum());
        let bought = shop.purchases.iter().filter(|one| one.received_on == Some(day));
        let cost = bought.map(|one| super::work::product(one.quantity, Fen(one.part.3))).sum();
        book.give(day, "付配件款", "厂家配件中心", cost);
        if day.day() == 10 {
            book.give(day, "发放工资", "员工", Fen(18_650_000));
        }
    }
    shop.journals.extend(book.lines);
}

/// A journal while it is written.
struct Book {
    account: &'static str,
    balance: Fen,
    lines: Vec<Journal>,
}

impl Book {
    /// Begins with what was there.
    fn new(account: &'static str, on: NaiveDate, balance: Fen) -> Book {
        let mut book = Book { account, balance, lines: Vec::new() };
        book.write(on, "期初余额", "", Fen::ZERO, Fen::ZERO);
        book
    }

    fn take(&mut self, on: NaiveDate, summary: &'static str, party: &'static str, amount: Fen) {
        self.write_some(on, summary, party, amount, Fen::ZERO);
    }

    fn give(&mut self, on: NaiveDate, summary: &'static str, party: &'static str, amount: Fen) {
        self.write_some(on, summary, party, Fen::ZERO, amount);
    }

    fn write_some(&mut self, on: NaiveDate, summary: &'static str, party: &'static str, paid_in: Fen, paid_out: Fen) {
        if !(paid_in + paid_out).is_zero() {
            self.write(on, summary, party, paid_in, paid_out);
        }
    }

    fn write(&mut self, on: NaiveDate, summary: &'static str, party: &'static str, paid_in: Fen, paid_out: Fen) {
        self.balance += paid_in - paid_out;
        let (account, balance) = (self.account, self.balance);
        let serial = self.lines.len() + 1;
        self.lines.push(Journal { account, serial, on, summary, party, paid_in, paid_out, balance });
    }
}
