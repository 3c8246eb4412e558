//! Labour lines, exported on the day an order is completed, and part lines, on the day they are issued.

use super::cell::{Cell, Sheet};
use super::words::{self, by};
use crate::sample::events::Shop;
use chrono::NaiveDate;

pub const LABOUR_FILE: [&str; 2] = ["工时明细", "维修工时"];
pub const LABOUR: [[&str; 12]; 2] = [
    [
        "委托单号",
        "行号",
        "工时代码",
        "项目名称",
        "维修技师",
        "班组",
        "帐套",
        "标准工时",
        "实际工时",
        "工时单价金额",
        "优惠",
        "工时费",
    ],
    [
        "工单号",
        "序号",
        "工时代码",
        "工时名称",
        "技师",
        "维修班组",
        "收费区分",
        "标准工时",
        "实际工时",
        "应收工时费",
        "优惠金额",
        "实收工时费",
    ],
];
pub const PARTS_FILE: [&str; 2] = ["用料明细", "维修发料"];
pub const PARTS: [[&str; 13]; 2] = [
    [
        "委托单号",
        "行号",
        "配件编号",
        "配件名称",
        "类别",
        "帐套",
        "数量",
        "成本价",
        "销售价",
        "优惠",
        "金额",
        "领料技师",
        "出库时间",
    ],
    [
        "工单号",
        "序号",
        "配件代码",
        "名称",
        "材料属性",
        "收费区分",
        "数量",
        "成本单价",
        "单价",
        "折扣金额",
        "收费金额",
        "领料人",
        "发料时间",
    ],
];

/// The labour lines of the orders completed on a day.
pub fn labour(shop: &Shop, day: NaiveDate) -> Sheet {
    let completed =
        shop.orders.iter().filter(|order| order.completed_at.is_some_and(|at| shop.export_day(at.date()) == day));
    let mut rows = Vec::new();
    for order in completed {
        for (serial, line) in (1..).zip(&order.labour) {
            rows.push(vec![
                Cell::text(&order.number),
                Cell::Number(serial, 0),
                Cell::text(line.code),
                Cell::text(line.name),
                Cell::text(line.technician),
                Cell::text(line.team),
                Cell::text(words::account(shop.style, line.payer)),
                Cell::Number(line.standard_hours, 2),
                Cell::Number(line.actual_hours, 2),
                Cell::Money(line.list),
                Cell::Money(line.discount),
                Cell::Money(line.amount),
            ]);
        }
    }
    Sheet { headings: by(shop.style, LABOUR).to_vec(), rows, ..Sheet::default() }
}

/// The part lines issued on a day.
pub fn parts(shop: &Shop, day: NaiveDate) -> Sheet {
    let mut rows = Vec::new();
    for order in &shop.orders {
        for (serial, line) in (1..).zip(&order.parts).filter(|(_, line)| shop.export_day(line.issued_at.date()) == day)
        {
            rows.push(vec![
                Cell::text(&order.number),
                Cell::Number(serial, 0),
                Cell::text(line.number),
                Cell::text(line.name),
                Cell::text(line.category),
                Cell::text(words::account(shop.style, line.payer)),
                Cell::Number(line.quantity, 2),
                Cell::Money(line.cost),
                Cell::Money(line.price),
                Cell::Money(line.discount),
                Cell::Money(line.amount),
                Cell::text(line.technician),
                Cell::Time(line.issued_at),
            ]);
        }
    }
    Sheet { headings: by(shop.style, PARTS).to_vec(), rows, ..Sheet::default() }
}
