//! The parts store and the maker: stock at the month's end, parts bought, parts scrapped; what the maker paid for claims.

use super::cell::{Cell, Sheet};
use super::words::by;
use crate::sample::events::Shop;
use crate::sample::simulate::months::Month;
use chrono::NaiveDate;

pub const STOCK_FILE: [&str; 2] = ["配件库存", "备件结存"];
pub const STOCK_A: [&str; 8] =
    ["库存日期", "配件编号", "配件名称", "类别", "库存数量", "成本价", "最近入库日期", "最近出库日期"];
pub const STOCK_B: [&str; 8] =
    ["结存日期", "配件代码", "名称", "材料属性", "结存数量", "成本单价", "最后入库日期", "最后出库日期"];
pub const REQUESTS_FILE: [&str; 2] = ["领料需求", "维修领料申请"];
pub const REQUESTS: [[&str; 5]; 2] = [
    ["委托单号", "配件编号", "需求时间", "需求数量", "即时满足数量"],
    ["工单号", "配件代码", "申请时间", "申请数量", "当场发料数量"],
];
pub const COUNTS_FILE: [&str; 2] = ["配件盘点", "库存盘点"];
pub const COUNTS: [[&str; 5]; 2] = [
    ["盘点日期", "配件编号", "配件名称", "账面数量", "实盘数量"],
    ["盘点日期", "配件代码", "名称", "账存数量", "实存数量"],
];
pub const PURCHASES_FILE: [&str; 2] = ["配件入库", "采购到货"];
pub const PURCHASES: [[&str; 8]; 2] = [
    ["入库单号", "行号", "配件编号", "订货日期", "订货数量", "入库日期", "入库数量", "进价"],
    ["采购单号", "序号", "配件代码", "采购日期", "采购数量", "到货日期", "到货数量", "采购单价"],
];
pub const SCRAP_FILE: [&str; 2] = ["报废登记", "废品处理"];
pub const SCRAP: [[&str; 9]; 2] = [
    ["报废单号", "报废日期", "类别", "配件编号", "物品", "数量", "单位", "金额", "收购方"],
    ["处理单号", "处理日期", "类型", "配件代码", "品名", "数量", "单位", "出售金额", "收购单位"],
];
pub const PAYMENTS_FILE: [&str; 2] = ["厂家索赔付款对账单", "厂家索赔结算"];
pub const PAYMENTS_A: [&str; 6] = ["对账单号", "索赔单号", "批准金额", "付款金额", "付款日期", "备注"];
pub const PAYMENTS_B: [&str; 7] = ["结算单批次", "序号", "索赔编号", "核准金额", "支付金额", "支付日期", "备注"];

/// The days of which there is a snapshot.
pub fn stock_days(shop: &Shop) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = shop.stock.iter().map(|one| one.as_of).collect();
    days.dedup();
    days
}

/// What lies on the shelves at the end of a day.
pub fn stock(shop: &Shop, day: NaiveDate) -> Sheet {
    let mut rows = Vec::new();
    for one in shop.stock.iter().filter(|one| one.as_of == day) {
        let (number, name, category, cost, ..) = one.part;
        rows.push(vec![
            Cell::Date(day),
            Cell::text(number),
            Cell::text(name),
            Cell::text(category),
            Cell::Number(one.quantity, 2),
            Cell::Number(cost, 2),
            Cell::date(one.last_in),
            Cell::date(one.last_out),
        ]);
    }
    Sheet { headings: by(shop.style, [STOCK_A.to_vec(), STOCK_B.to_vec()]), rows, ..Sheet::default() }
}

/// What the workshop asked for on a day, and what of it was there.
pub fn requests(shop: &Shop, day: NaiveDate) -> Sheet {
    let rows = shop.requests.iter().filter(|one| one.at.date() == day).map(|one| {
        vec![
            Cell::text(&one.order_no),
            Cell::text(one.part),
            Cell::Time(one.at),
            Cell::Number(one.quantity, 2),
            Cell::Number(one.at_once, 2),
        ]
    });
    Sheet { headings: by(shop.style, REQUESTS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// What was counted on the shelves at a month's end.
pub fn counts(shop: &Shop, month: Month) -> Sheet {
    let rows = shop.shelf_counts.iter().filter(|one| one.on == month.last).map(|one| {
        vec![
            Cell::Date(one.on),
            Cell::text(one.part.0),
            Cell::text(one.part.1),
            Cell::Number(one.book, 2),
            Cell::Number(one.counted, 2),
        ]
    });
    Sheet { headings: by(shop.style, COUNTS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// What was ordered or came in a month, as it stands at its end.
pub fn purchases(shop: &Shop, month: Month) -> Sheet {
    let mut rows = Vec::new();
    for one in &shop.purchases {
        let came = one.received_on.filter(|day| *day <= month.last);
        if !month.holds(one.ordered_on) && !came.is_some_and(|day| month.holds(day)) {
            continue;
        }
        rows.push(vec![
            Cell::text(&one.number),
            Cell::Number(one.line, 0),
            Cell::text(one.part.0),
            Cell::Date(one.ordered_on),
            Cell::Number(one.quantity, 2),
            Cell::date(came),
            came.map_or(Cell::Empty, |_| Cell::Number(one.quantity, 2)),
            Cell::Number(one.part.3, 2),
        ]);
    }
    Sheet { headings: by(shop.style, PURCHASES).to_vec(), rows, ..Sheet::default() }
}

/// Parts scrapped and waste sold in a month.
pub fn scrap(shop: &Shop, month: Month) -> Sheet {
    let of_month = shop.scrap.iter().filter(|one| month.holds(one.on));
    let rows = of_month.map(|one| {
        vec![
            Cell::text(&one.number),
            Cell::Date(one.on),
            Cell::text(one.kind),
            Cell::text(one.part.map_or("", |part| part.0)),
            Cell::text(one.item),
            Cell::Number(one.quantity, 2),
            Cell::text(one.unit),
            Cell::Money(one.amount),
            Cell::text(one.buyer),
        ]
    });
    Sheet { headings: by(shop.style, SCRAP).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// The maker's statement of a month; system A's prints no line number.
pub fn payments(shop: &Shop, month: Month) -> Sheet {
    let of_month = shop.payments.iter().filter(|one| month.holds(one.paid_on));
    let mut rows = Vec::new();
    for (serial, one) in (1..).zip(of_month) {
        let mut row = vec![Cell::text(format!("DZ{}", month.first.format("%Y%m")))];
        row.extend(by(shop.style, [None, Some(Cell::Number(serial, 0))]));
        row.extend([
            Cell::text(&one.claim),
            Cell::Money(one.approved),
            Cell::Money(one.paid),
            Cell::Date(one.paid_on),
            Cell::text(one.remark),
        ]);
        rows.push(row);
    }
    let (headings, summed) = by(shop.style, [(PAYMENTS_A.to_vec(), vec![2, 3]), (PAYMENTS_B.to_vec(), vec![3, 4])]);
    Sheet { titles: vec!["索赔付款对账单".to_string()], headings, rows, summed, ..Sheet::default() }
}
