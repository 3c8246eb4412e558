//! The settlements of a day: system A writes one row each, system B one row per payer.

use super::cell::{Cell, Sheet};
use super::words;
use crate::model::fen::Fen;
use crate::sample::events::{PAYERS, Payer, Settlement, Shop, Style};
use crate::sample::simulate::insurers;
use chrono::NaiveDate;

pub const FILE: [&str; 2] = ["结算单", "维修结算"];
pub const HEADINGS_A: [&str; 23] = [
    "结算单号",
    "委托单号",
    "结算时间",
    "车牌号",
    "客户名称",
    "服务顾问",
    "工时费",
    "材料费",
    "外加工费",
    "优惠金额",
    "免单金额",
    "代金券",
    "抹零",
    "客户应付",
    "三包金额",
    "保险金额",
    "内部金额",
    "结算方式",
    "审批人",
    "单据类型",
    "原结算单号",
    "保险公司",
    "报案号",
];
pub const HEADINGS_B: [&str; 22] = [
    "结算单号",
    "业务单号",
    "结算日期",
    "牌照号",
    "收费对象",
    "付费类别",
    "服务顾问",
    "工时费",
    "材料费",
    "外加工费",
    "优惠金额",
    "减免金额",
    "代金券",
    "去零",
    "应收金额",
    "结算方式",
    "审核人",
    "结算类型",
    "原结算单号",
    "客户名称",
    "承保公司",
    "理赔案号",
];
/// The advisor's column of system A, by which its printed pages are grouped.
const ADVISOR: usize = 5;

pub fn sheet(shop: &Shop, day: NaiveDate) -> Sheet {
    let mut of_day: Vec<&Settlement> =
        shop.settlements.iter().filter(|one| shop.export_day(one.at.date()) == day).collect();
    of_day.sort_by(|one, other| one.number.cmp(&other.number));
    match shop.style {
        Style::A => Sheet {
            titles: vec![format!("{} 结算单日报表 {day}", shop.code), format!("导出时间:{day} 21:30")],
            headings: HEADINGS_A.to_vec(),
            rows: of_day.iter().map(|one| row_a(shop, one)).collect(),
            summed: (6..17).collect(),
            group: ADVISOR,
            ..Sheet::default()
        },
        Style::B => Sheet {
            titles: vec![
                "维修结算查询".to_string(),
                format!("导出日期:{} 21:30:00", day.format("%Y/%m/%d")),
                "导出人:核算员".to_string(),
            ],
            blank_after_titles: true,
            headings: HEADINGS_B.to_vec(),
            rows: of_day.iter().flat_map(|one| rows_b(shop, one)).collect(),
            summed: (7..15).collect(),
            ..Sheet::default()
        },
    }
}

fn row_a(shop: &Shop, one: &Settlement) -> Vec<Cell> {
    let order = &shop.orders[one.order];
    let vehicle = &shop.vehicles[order.vehicle];
    let components = &one.components;
    let sum = |shares: [Fen; 4]| Cell::Money(shares.into_iter().sum());
    let mut row = vec![
        Cell::text(&one.number),
        Cell::text(&order.number),
        Cell::Time(one.at),
        Cell::text(&vehicle.plate),
        Cell::text(&vehicle.customer),
        Cell::text(order.advisor),
        sum(components.labour),
        sum(components.parts),
        sum(components.sublet),
        Cell::Money(components.discount),
        Cell::Money(components.waived),
        Cell::Money(components.voucher),
        Cell::Money(components.rounding),
    ];
    row.extend(one.due.map(Cell::Money));
    row.push(Cell::text(words::terms(one.terms)));
    row.push(Cell::text(one.approver));
    row.push(Cell::text(if one.reverses.is_some() { "负结算" } else { "正常" }));
    row.push(Cell::text(reversed_number(shop, one)));
    row.extend(case(shop, one));
    row
}

/// The insurer and its number of the case, where it owes anything.
fn case(shop: &Shop, one: &Settlement) -> [Cell; 2] {
    if one.due[Payer::Insurance as usize].is_zero() {
        return [Cell::Empty, Cell::Empty];
    }
    let number = &shop.orders[one.order].number;
    [Cell::text(insurers::of(number)), Cell::text(insurers::case_no(number))]
}

/// One row for every payer who has a share; a settlement without any money is the customer's.
fn rows_b(shop: &Shop, one: &Settlement) -> Vec<Vec<Cell>> {
    let has_share = |payer: &Payer| !one.components.gross(*payer).is_zero() || !one.due[*payer as usize].is_zero();
    let mut payers: Vec<Payer> = PAYERS.into_iter().filter(has_share).collect();
    if payers.is_empty() {
        payers.push(Payer::Customer);
    }
    payers.into_iter().map(|payer| row_b(shop, one, payer)).collect()
}

fn row_b(shop: &Shop, one: &Settlement, payer: Payer) -> Vec<Cell> {
    let order = &shop.orders[one.order];
    let vehicle = &shop.vehicles[order.vehicle];
    let (components, at) = (&one.components, payer as usize);
    let name = match payer {
        Payer::Customer => vehicle.customer.as_str(),
        Payer::Warranty => "示例汽车制造厂",
        Payer::Insurance => insurers::of(&order.number),
        Payer::Internal => shop.name.as_str(),
    };
    let customers = |fen: Fen| Cell::Money(if payer == Payer::Customer { fen } else { Fen::ZERO });
    let [insurer, case_no] = case(shop, one);
    vec![
        Cell::text(&one.number),
        Cell::text(&order.number),
        Cell::Time(one.at),
        Cell::text(&vehicle.plate),
        Cell::text(name),
        Cell::text(words::payer_class(payer)),
        Cell::text(order.advisor),
        Cell::Money(components.labour[at]),
        Cell::Money(components.parts[at]),
        Cell::Money(components.sublet[at]),
        customers(components.discount),
        customers(components.waived),
        customers(components.voucher),
        customers(components.rounding),
        Cell::Money(one.due[at]),
        Cell::text(words::terms(one.terms)),
        Cell::text(one.approver),
        Cell::text(if one.reverses.is_some() { "负结算" } else { "正常" }),
        Cell::text(reversed_number(shop, one)),
        Cell::text(&vehicle.customer),
        insurer,
        case_no,
    ]
}

fn reversed_number<'a>(shop: &'a Shop, one: &Settlement) -> &'a str {
    one.reverses.map_or("", |at| shop.settlements[at].number.as_str())
}
