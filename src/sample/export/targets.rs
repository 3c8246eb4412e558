//! The targets of every month: for the whole shop, for every advisor and for every salesperson.

use super::cell::{Cell, Sheet};
use crate::model::fen::Fen;
use crate::sample::books::MoveKind;
use crate::sample::events::{Settlement, Shop};
use crate::sample::pools::{ADVISORS, SALESPEOPLE};
use crate::sample::simulate::months::{Month, months};

pub const FILE: &str = "targets.xlsx";
pub const HEADINGS: [&str; 4] = ["月份", "指标", "范围", "目标值"];
const WHOLE: &str = "全店";

/// Rates and days that every month asks for, in ten-thousandths.
const RATES: [(&str, i64); 22] = [
    ("discount_rate", 300),
    ("parts_margin", 4_600),
    ("counter_margin", 4_500),
    ("labour_efficiency", 10_200),
    ("labour_utilisation", 6_000),
    ("overall_labour_efficiency", 6_000),
    ("bay_utilisation", 4_000),
    ("fixed_first_visit", 9_700),
    ("appointment_rate", 3_500),
    ("appointment_show_rate", 8_500),
    ("on_time_delivery", 9_000),
    ("reach_rate", 8_500),
    ("callback_rate_3_days", 9_000),
    ("satisfaction", 9_500),
    ("satisfied_share", 9_500),
    ("complaint_closed_in_time", 9_000),
    ("churn_rate", 2_500),
    ("first_service_return", 8_000),
    ("claim_first_pass", 9_000),
    ("fill_rate_at_once", 9_500),
    ("dead_stock_share", 300),
    ("count_accuracy", 9_800),
];

/// A little more than what the shop does in the month: some targets are met, some are not.
pub fn sheet(shop: &Shop) -> Sheet {
    let mut page = Page { month: String::new(), rows: Vec::new() };
    for month in months(shop) {
        page.month = month.first.format("%Y-%m").to_string();
        service(&mut page, shop, month);
        sales(&mut page, shop, month);
        for (metric, value) in RATES {
            page.add(metric, WHOLE, Cell::Number(value, 4));
        }
    }
    Sheet { headings: HEADINGS.to_vec(), rows: page.rows, ..Sheet::default() }
}

/// The rows while they are written.
struct Page {
    month: String,
    rows: Vec<Vec<Cell>>,
}

impl Page {
    fn add(&mut self, metric: &str, scope: &str, value: Cell) {
        self.rows.push(vec![Cell::text(&self.month), Cell::text(metric), Cell::text(scope), value]);
    }
}

/// Workshop and parts, whole and by advisor.
fn service(page: &mut Page, shop: &Shop, month: Month) {
    let settled: Vec<&Settlement> = shop.settlements.iter().filter(|one| month.holds(one.at.date())).collect();
    let opened = shop.orders.iter().filter(|order| month.holds(order.opened_at.date())).count();
    let labour: Fen = settled.iter().flat_map(|one| one.components.labour).sum();
    let parts: Fen = settled.iter().flat_map(|one| one.components.parts).sum();
    let counter = shop.sales.iter().filter(|sale| month.holds(sale.at.date())).flat_map(|sale| &sale.lines);
    let share = |amount: Fen| Fen(amount.0 / 5);
    page.add("service_revenue", WHOLE, round_up(labour + parts));
    page.add("labour_revenue", WHOLE, round_up(labour));
    page.add("parts_revenue", WHOLE, round_up(parts));
    page.add("revenue_per_order", WHOLE, Cell::Money(Fen(60_000)));
    page.add("arrivals", WHOLE, tens(opened));
    page.add("settled_orders", WHOLE, tens(settled.len()));
    page.add("calls_made", WHOLE, tens(settled.len() * 9 / 10));
    page.add("counter_sales", WHOLE, round_up(counter.map(|line| line.amount).sum()));
    for advisor in ADVISORS {
        page.add("service_revenue", advisor, round_up(share(labour + parts)));
        page.add("labour_revenue", advisor, round_up(share(labour)));
        page.add("parts_revenue", advisor, round_up(share(parts)));
        page.add("settled_orders", advisor, tens(settled.len() / 5));
        page.add("arrivals", advisor, tens(opened / 5));
        page.add("appointment_rate", advisor, Cell::Number(3_500, 4));
        page.add("satisfaction", advisor, Cell::Number(9_500, 4));
    }
}

/// Cars and accessories, whole and by salesperson.
fn sales(page: &mut Page, shop: &Shop, month: Month) {
    let ordered = || shop.contracts.iter().filter(|one| month.holds(one.ordered_on));
    let delivered = || shop.contracts.iter().filter(|one| one.delivered_on.is_some_and(|day| month.holds(day)));
    let moves = shop.moves.iter().filter(|one| one.kind == MoveKind::Sale && month.holds(one.on));
    page.add("vehicles_ordered", WHOLE, fives(ordered().count()));
    page.add("vehicles_delivered", WHOLE, fives(delivered().count()));
    page.add("vehicle_sales_revenue", WHOLE, round_up(delivered().map(|one| one.price).sum()));
    page.add("accessory_sales", WHOLE, round_up(moves.map(|one| one.amount).sum()));
    for (seller, more) in SALESPEOPLE.into_iter().zip([0, 2, 1, 0]) {
        let count = |count: usize| Cell::Number(i64::try_from(count).unwrap_or(0).max(1) + more, 0);
        page.add("vehicles_ordered", seller, count(ordered().filter(|one| one.salesperson == seller).count()));
        page.add("vehicles_delivered", seller, count(delivered().filter(|one| one.salesperson == seller).count()));
    }
}

/// The next full ten.
fn tens(count: usize) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(0) / 10 * 10 + 10, 0)
}

/// The next full five.
fn fives(count: usize) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(0).div_euclid(5) * 5 + 5, 0)
}

/// The next full thousand yuan.
fn round_up(amount: Fen) -> Cell {
    Cell::Money(Fen(amount.0 / 100_000 * 100_000 + 100_000))
}
