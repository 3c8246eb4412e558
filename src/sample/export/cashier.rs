//! What the cashiers export: the receipts of a day, what they counted, and the counter sales.

use super::cell::{Cell, Sheet};
use super::words::{self, by};
use crate::sample::events::{PartLine, Receipt, Sale, Shop, Style};
use chrono::NaiveDate;

pub const RECEIPTS_FILE: [&str; 2] = ["收银流水", "收款记录"];
pub const RECEIPTS: [[&str; 12]; 2] = [
    [
        "收据号",
        "收款时间",
        "收银员",
        "业务单号",
        "结算单号",
        "车牌号",
        "付款人",
        "收款方式",
        "收款金额",
        "流水号",
        "款项类型",
        "备注",
    ],
    [
        "收款编号",
        "收款日期",
        "收款人",
        "业务单号",
        "结算单号",
        "牌照号",
        "交款人",
        "付款方式",
        "金额",
        "交易流水号",
        "收款类型",
        "备注",
    ],
];
pub const COUNTS_FILE: [&str; 2] = ["收银交接", "现金盘点"];
pub const COUNTS: [[&str; 5]; 2] =
    [["日期", "收银员", "收款方式", "实点金额", "接收人"], ["盘点日期", "收款人", "付款方式", "盘点金额", "交接人"]];
pub const SALES_FILE: [&str; 2] = ["配件销售单", "配件零售"];
pub const SALES_A: [&str; 10] =
    ["销售单号", "销售时间", "客户", "配件编号", "配件名称", "类别", "数量", "成本价", "单价", "金额"];
pub const SALES_B: [&str; 11] = [
    "配件销售单号",
    "序号",
    "销售日期",
    "客户名称",
    "配件代码",
    "名称",
    "材料属性",
    "数量",
    "成本单价",
    "单价",
    "销售金额",
];

/// The receipts of a day, in order of time.
pub fn receipts(shop: &Shop, day: NaiveDate) -> Sheet {
    let is_of_day = |(_, receipt): &(usize, &Receipt)| shop.export_day(receipt.at.date()) == day && !receipt.dropped;
    let mut of_day: Vec<(usize, &Receipt)> = shop.receipts.iter().enumerate().filter(is_of_day).collect();
    of_day.sort_by(|one, other| one.1.number.cmp(&other.1.number));
    let rows = of_day.into_iter().map(|(at, receipt)| receipt_row(shop, at, receipt)).collect();
    let summed = by(shop.style, [Vec::new(), vec![8]]);
    Sheet { headings: by(shop.style, RECEIPTS).to_vec(), rows, summed, ..Sheet::default() }
}

fn receipt_row(shop: &Shop, at: usize, receipt: &Receipt) -> Vec<Cell> {
    let order_ref = match shop.defects.wide.contains(&at) {
        true => full_width(&receipt.order_ref) + "  ",
        false => receipt.order_ref.clone(),
    };
    vec![
        Cell::text(&receipt.number),
        Cell::Time(receipt.at),
        Cell::text(receipt.cashier),
        Cell::text(order_ref),
        Cell::text(receipt.settlement.map_or("", |settlement| shop.settlements[settlement].number.as_str())),
        Cell::text(&receipt.plate),
        Cell::text(&receipt.payer),
        Cell::text(words::tender(shop.style, receipt.tender)),
        Cell::Money(receipt.amount),
        Cell::text(&receipt.reference),
        Cell::text(receipt.purpose),
        Cell::text(receipt.remark),
    ]
}

/// Letters and digits as a Chinese input method types them.
fn full_width(text: &str) -> String {
    let wide = |letter: char| char::from_u32(u32::from(letter) + 0xFEE0).filter(|_| letter.is_ascii_graphic());
    text.chars().map(|letter| wide(letter).unwrap_or(letter)).collect()
}

/// The counted cash of a day.
pub fn counts(shop: &Shop, day: NaiveDate) -> Sheet {
    let of_day = shop.counts.iter().filter(|count| count.day == day);
    let rows = of_day.map(|count| {
        vec![
            Cell::Date(count.day),
            Cell::text(count.cashier),
            Cell::text("现金"),
            Cell::Money(count.counted),
            Cell::text("出纳"),
        ]
    });
    Sheet { headings: by(shop.style, COUNTS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// The counter sales of a day.
pub fn sales(shop: &Shop, day: NaiveDate) -> Sheet {
    let mut rows = Vec::new();
    for sale in shop.sales.iter().filter(|sale| sale.at.date() == day) {
        for (serial, line) in (1..).zip(&sale.lines) {
            rows.push(sale_row(shop.style, sale, serial, line));
        }
    }
    let headings = match shop.style {
        Style::A => SALES_A.to_vec(),
        Style::B => SALES_B.to_vec(),
    };
    let summed = vec![headings.len() - 1];
    Sheet { headings, rows, summed, ..Sheet::default() }
}

fn sale_row(style: Style, sale: &Sale, serial: i64, line: &PartLine) -> Vec<Cell> {
    let mut row = vec![Cell::text(&sale.number)];
    if style == Style::B {
        row.push(Cell::Number(serial, 0));
    }
    row.extend([
        Cell::Time(sale.at),
        Cell::text(sale.customer),
        Cell::text(line.number),
        Cell::text(line.name),
        Cell::text(line.category),
        Cell::Number(line.quantity, 2),
        Cell::Money(line.cost),
        Cell::Money(line.price),
        Cell::Money(line.amount),
    ]);
    row
}
