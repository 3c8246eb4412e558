//! What customer care exports: the calls of a week, the complaints of a month.

use super::cell::{Cell, Sheet};
use super::words::{by, yes};
use crate::sample::events::{Callback, Complaint, Shop};
use crate::sample::simulate::months::Month;
use chrono::{Datelike, Duration, NaiveDate, Weekday};

pub const CALLBACKS_FILE: [&str; 2] = ["回访记录", "客户回访"];
pub const CALLBACKS: [[&str; 13]; 2] = [
    [
        "委托单号",
        "回访日期",
        "车牌号",
        "客户名称",
        "是否接通",
        "接待评分",
        "维修质量评分",
        "配件价格评分",
        "等待时间评分",
        "结算评分",
        "清洁评分",
        "总体评分",
        "客户意见",
    ],
    [
        "工单号",
        "回访时间",
        "牌照号",
        "客户",
        "接通",
        "接待",
        "维修质量",
        "价格",
        "等待",
        "结算",
        "清洁",
        "总体",
        "意见",
    ],
];
pub const COMPLAINTS_FILE: [&str; 2] = ["投诉记录", "投诉台账"];
pub const COMPLAINTS: [[&str; 10]; 2] = [
    [
        "投诉单号",
        "委托单号",
        "投诉日期",
        "责任部门",
        "投诉内容",
        "责任人",
        "要求完成日期",
        "关闭日期",
        "处理结果",
        "二次回访满意",
    ],
    ["投诉编号", "工单号", "接单时间", "责任部门", "摘要", "责任员工", "承诺时间", "结案日期", "处理状态", "回访满意"],
];

/// The weeks of the shop's days; the last one may be cut short.
pub fn weeks(shop: &Shop) -> Vec<Month> {
    let days: Vec<NaiveDate> = shop.days().collect();
    let groups = days.chunk_by(|day, _| day.weekday() != Weekday::Sun);
    groups.map(|days| Month { first: days[0], last: days[days.len() - 1] }).collect()
}

pub fn callbacks(shop: &Shop, week: Month) -> Sheet {
    let made = shop.callbacks.iter().filter(|call| week.holds(call.on));
    Sheet {
        titles: vec!["客户回访记录表".to_string(), format!("导出时间:{} 18:30", week.last)],
        headings: by(shop.style, CALLBACKS).to_vec(),
        rows: made.map(|call| callback_row(shop, call)).collect(),
        ..Sheet::default()
    }
}

fn callback_row(shop: &Shop, call: &Callback) -> Vec<Cell> {
    let order = &shop.orders[call.order];
    let vehicle = &shop.vehicles[order.vehicle];
    let mut row = vec![
        Cell::text(&order.number),
        Cell::Date(call.on),
        Cell::text(&vehicle.plate),
        Cell::text(&vehicle.customer),
        Cell::text(yes(call.scores.is_some())),
    ];
    row.extend((0..7).map(|at| call.scores.map_or(Cell::Empty, |scores| Cell::Number(scores[at], 0))));
    row.push(Cell::text(&call.comment));
    row
}

/// The complaints opened in the month and those still open from before.
pub fn complaints(shop: &Shop, month: Month) -> Sheet {
    let concerns = |one: &&Complaint| {
        one.opened_on <= month.last
            && (one.opened_on >= month.first || one.closed_on.is_none_or(|day| day >= month.first))
    };
    let rows = shop.complaints.iter().filter(concerns).map(|one| {
        let closed_on = one.closed_on.filter(|day| *day <= month.last);
        // The second call comes two days after a case is closed.
        let called = closed_on.filter(|day| *day + Duration::days(2) <= month.last);
        vec![
            Cell::text(&one.number),
            Cell::text(&shop.orders[one.order].number),
            Cell::Date(one.opened_on),
            Cell::text(one.department),
            Cell::text(&one.content),
            Cell::text(one.owner),
            Cell::Date(one.due_on),
            Cell::date(closed_on),
            Cell::text(if closed_on.is_some() { "已解决" } else { "" }),
            Cell::text(if called.is_some() { yes(one.satisfied) } else { "" }),
        ]
    });
    Sheet { headings: by(shop.style, COMPLAINTS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}
