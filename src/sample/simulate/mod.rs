//! A shop's days from the first order to the last receipt: what happens, before anybody exports anything.

mod accessories;
mod accounts;
pub mod acquirer;
pub mod car_money;
mod cash;
mod claims;
mod contracts;
mod counter;
mod counting;
pub mod fleet;
mod history;
pub mod insurers;
mod invoices;
mod maker;
pub mod months;
mod numbers;
mod orders;
mod other_income;
pub mod pay;
mod people;
mod registers;
mod requests;
pub mod settle;
mod showroom;
mod stock;
pub mod work;

use super::dice::Dice;
use super::events::{Defects, Gaps, Shop, Style};
use super::{Options, plant};
use chrono::{Duration, NaiveDate};

/// Lets a shop work for the days of the options and plants the faults. Pure: the same arguments give the same shop.
pub fn simulate(options: &Options, shop_index: u32) -> Shop {
    // A large odd number keeps the streams of neighbouring shops and seeds apart.
    let mut dice = Dice::new(options.seed.wrapping_add(u64::from(shop_index).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let mut shop = empty_shop(options, shop_index);
    fleet::fill(&mut shop, &mut dice, options);
    history::fill(&mut shop, &mut dice);
    for day in shop.days() {
        orders::open_day(&mut shop, &mut dice, day, options.orders_per_day);
        counter::sell(&mut shop, &mut dice, day, options.orders_per_day);
    }
    accounts::collect(&mut shop, &mut dice);
    accounts::combine(&mut shop, &mut dice);
    settle::issue_unused_vouchers(&mut shop, &mut dice);
    plant::plant(&mut shop, &mut dice);
    people::fill(&mut shop, &mut dice);
    claims::fill(&mut shop, &mut dice);
    cash::count(&mut shop);
    plant::after_counting(&mut shop, &mut dice);
    contracts::fill(&mut shop, &mut dice);
    // A stream of its own: what cars cost changes nothing of the workshop's days.
    let mut till = Dice::new(options.seed.wrapping_mul(31).wrapping_add(u64::from(shop_index)));
    car_money::fill(&mut shop, &mut till);
    insurers::fill(&mut shop, &mut till);
    plant::before_statements(&mut shop, &mut dice);
    acquirer::fill(&mut shop);
    invoices::fill(&mut shop, &mut dice);
    maker::fill(&mut shop);
    stock::fill(&mut shop, &mut dice);
    accessories::fill(&mut shop, &mut dice);
    plant::after_statements(&mut shop, &mut dice);
    showroom::fill(&mut shop, &mut dice);
    requests::fill(&mut shop, &mut dice);
    counting::fill(&mut shop);
    plant::of_books(&mut shop, &mut dice);
    registers::fill(&mut shop, &mut dice);
    other_income::fill(&mut shop, &mut till);
    numbers::assign(&mut shop);
    invoices::number(&mut shop);
    shop
}

fn empty_shop(options: &Options, shop_index: u32) -> Shop {
    let days = i64::from(options.days.max(1));
    Shop {
        code: format!("S{:02}", shop_index + 1),
        name: match shop_index {
            0 => "示例汽车销售服务有限公司".to_string(),
            _ => format!("示例汽车销售服务有限公司第{}店", shop_index + 1),
        },
        style: if shop_index.is_multiple_of(2) { Style::A } else { Style::B },
        start: options.end.checked_sub_signed(Duration::days(days - 1)).unwrap_or(NaiveDate::MIN),
        end: options.end,
        vehicles: Vec::new(),
        regulars: 0,
        orders: Vec::new(),
        settlements: Vec::new(),
        receipts: Vec::new(),
        sales: Vec::new(),
        counts: Vec::new(),
        vouchers: Vec::new(),
        appointments: Vec::new(),
        callbacks: Vec::new(),
        complaints: Vec::new(),
        attendance: Vec::new(),
        claims: Vec::new(),
        portal: Vec::new(),
        acquirer: Vec::new(),
        contracts: Vec::new(),
        invoices: Vec::new(),
        payments: Vec::new(),
        purchases: Vec::new(),
        stock: Vec::new(),
        scrap: Vec::new(),
        cars: Vec::new(),
        visits: Vec::new(),
        moves: Vec::new(),
        requests: Vec::new(),
        shelf_counts: Vec::new(),
        tools: Vec::new(),
        training: Vec::new(),
        inspections: Vec::new(),
        keys: Vec::new(),
        journals: Vec::new(),
        planted: Vec::new(),
        defects: Defects::default(),
        gaps: Gaps::default(),
    }
}
