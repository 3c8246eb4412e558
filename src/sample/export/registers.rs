//! The registers, once a month, as they stand at its end. They have no source spec: their headings are those of the
//! tables, in system B the other spellings of them.

use super::cell::{Cell, Sheet};
use super::words::{by, yes};
use crate::sample::events::Shop;
use crate::sample::registers::{Inspection, KeyEntry, ToolEntry, ToolUse, Training};
use crate::sample::simulate::months::Month;
use chrono::{Duration, NaiveDate};

pub const TOOLS_FILE: [&str; 2] = ["工具台账", "工具设备登记"];
pub const TOOLS: [[&str; 9]; 2] = [
    ["登记号", "工具编号", "工具名称", "登记类型", "登记日期", "经办人", "应完成日期", "完成日期", "完好"],
    ["借用单号", "设备编号", "设备名称", "业务类型", "借用日期", "借用人", "应还日期", "归还日期", "是否完好"],
];
pub const TRAINING_FILE: [&str; 2] = ["培训记录", "培训计划"];
pub const TRAINING: [[&str; 13]; 2] = [
    [
        "课程编号",
        "课程名称",
        "姓名",
        "部门",
        "认证级别",
        "计划日期",
        "学时",
        "培训日期",
        "出勤",
        "成绩",
        "是否通过",
        "证书编号",
        "有效期至",
    ],
    [
        "培训编号",
        "培训项目",
        "员工姓名",
        "部门",
        "岗位资格",
        "计划培训日期",
        "学时",
        "实际培训日期",
        "是否出勤",
        "考核成绩",
        "是否达成",
        "证书号",
        "证书有效期",
    ],
];
pub const INSPECTIONS_FILE: [&str; 2] = ["质检记录", "检验记录"];
pub const INSPECTIONS: [[&str; 11]; 2] = [
    [
        "检验单号",
        "委托单号",
        "检验时间",
        "检验人",
        "主修技师",
        "检验级别",
        "检验项目",
        "检验次数",
        "是否合格",
        "不合格项",
        "处理措施",
    ],
    ["质检单号", "工单号", "质检时间", "质检员", "维修技师", "检验类型", "项目", "次数", "合格", "问题描述", "处理"],
];
pub const KEYS_FILE: [&str; 2] = ["钥匙领用登记", "钥匙登记"];
pub const KEYS: [[&str; 10]; 2] = [
    ["领取单号", "物品名称", "车架号", "钥匙编号", "数量", "领取人", "用途", "领取时间", "应还日期", "归还时间"],
    ["领用单号", "领用物品", "VIN", "钥匙号", "数量", "领用人", "事由", "领用时间", "应还日期", "归还日期"],
];
pub const JOURNAL_FILE: [&str; 2] = ["现金日记账", "银行现金日记账"];
pub const JOURNAL: [[&str; 8]; 2] = [
    ["账户", "流水号", "日期", "摘要", "对方单位", "借方金额", "贷方金额", "余额"],
    ["账户名称", "记账序号", "记账日期", "摘要", "往来单位", "收入金额", "支出金额", "结余"],
];

/// File and sheet of every register of a month.
pub fn all(shop: &Shop, month: Month) -> [([&'static str; 2], Sheet); 5] {
    [
        (TOOLS_FILE, tools(shop, month)),
        (TRAINING_FILE, training(shop, month)),
        (INSPECTIONS_FILE, inspections(shop, month)),
        (KEYS_FILE, keys(shop, month)),
        (JOURNAL_FILE, journal(shop, month)),
    ]
}

fn sheet(headings: &[&'static str], rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { headings: headings.to_vec(), rows, ..Sheet::default() }
}

/// What was entered until the month's end, without what was done before the month.
fn tools(shop: &Shop, month: Month) -> Sheet {
    let row = |one: &ToolEntry| {
        let done_on = one.done_on.filter(|day| *day <= month.last);
        let kind = match one.kind {
            ToolUse::Loan => "借用",
            ToolUse::Upkeep => "保养",
            ToolUse::Calibration => "校准",
        };
        vec![
            Cell::text(&one.number),
            Cell::text(one.tool.0),
            Cell::text(one.tool.1),
            Cell::text(kind),
            Cell::Date(one.on),
            Cell::text(one.person),
            Cell::Date(one.due_on),
            Cell::date(done_on),
            Cell::text(done_on.map_or("", |_| yes(one.in_order))),
        ]
    };
    let concerns = |one: &&ToolEntry| one.on <= month.last && one.done_on.is_none_or(|day| day >= month.first);
    sheet(by(shop.style, [&TOOLS[0], &TOOLS[1]]), shop.tools.iter().filter(concerns).map(row).collect())
}

/// The courses of a month, held or not, those planned for the next one, and what was there before the first day.
fn training(shop: &Shop, month: Month) -> Sheet {
    let row = |one: &Training| {
        let held_on = one.held_on.filter(|day| *day <= month.last);
        let passed = one.score.is_some_and(|score| score >= 60);
        let known = |text: &str| Cell::text(held_on.map_or("", |_| text));
        vec![
            Cell::text(&one.number),
            Cell::text(one.course),
            Cell::text(one.person),
            Cell::text(one.department),
            Cell::text(one.level),
            Cell::Date(one.planned_on),
            Cell::Number(one.hours, 2),
            Cell::date(held_on),
            known(yes(one.score.is_some())),
            held_on.and(one.score).map_or(Cell::Empty, |score| Cell::Number(score, 0)),
            known(yes(passed)),
            known(if passed && !one.level.is_empty() { &one.certificate } else { "" }),
            Cell::date(held_on.filter(|_| passed && !one.level.is_empty()).map(|day| day + Duration::days(365))),
        ]
    };
    let next = month.last + Duration::days(31);
    let old = |one: &Training| one.planned_on < shop.start && one.held_on.is_some();
    let concerns = |one: &&Training| (one.planned_on >= month.first || old(one)) && one.planned_on <= next;
    sheet(by(shop.style, [&TRAINING[0], &TRAINING[1]]), shop.training.iter().filter(concerns).map(row).collect())
}

fn inspections(shop: &Shop, month: Month) -> Sheet {
    let row = |one: &Inspection| {
        vec![
            Cell::text(&one.number),
            Cell::text(&one.order_no),
            Cell::Time(one.at),
            Cell::text(one.inspector),
            Cell::text(one.technician),
            Cell::text(one.stage),
            Cell::text(one.item),
            Cell::Number(one.round, 0),
            Cell::text(yes(one.fault.is_none())),
            Cell::text(one.fault.map_or("", |fault| fault.0)),
            Cell::text(one.fault.map_or("", |fault| fault.1)),
        ]
    };
    let of_month = shop.inspections.iter().filter(|one| month.holds(one.at.date()));
    sheet(by(shop.style, [&INSPECTIONS[0], &INSPECTIONS[1]]), of_month.map(row).collect())
}

/// The keys taken in a month and those that were not back when it began.
fn keys(shop: &Shop, month: Month) -> Sheet {
    let until = |day: NaiveDate| day <= month.last;
    let row = |one: &KeyEntry| {
        vec![
            Cell::text(&one.number),
            Cell::text("车钥匙"),
            Cell::text(&one.vin),
            Cell::text(&one.key),
            Cell::Number(1, 0),
            Cell::text(one.person),
            Cell::text(one.purpose),
            Cell::Time(one.taken_at),
            Cell::Date(one.taken_at.date() + Duration::days(1)),
            Cell::time(one.returned_at.filter(|at| until(at.date()))),
        ]
    };
    let out = |one: &KeyEntry| one.returned_at.is_none_or(|at| at.date() >= month.first);
    let concerns = |one: &&KeyEntry| until(one.taken_at.date()) && out(one);
    sheet(by(shop.style, [&KEYS[0], &KEYS[1]]), shop.keys.iter().filter(concerns).map(row).collect())
}

fn journal(shop: &Shop, month: Month) -> Sheet {
    let rows = shop.journals.iter().filter(|one| month.holds(one.on)).map(|one| {
        let serial = i64::try_from(one.serial).unwrap_or(0);
        vec![
            Cell::text(one.account),
            Cell::Number(serial, 0),
            Cell::Date(one.on),
            Cell::text(one.summary),
            Cell::text(one.party),
            Cell::Money(one.paid_in),
            Cell::Money(one.paid_out),
            Cell::Money(one.balance),
        ]
    });
    sheet(by(shop.style, [&JOURNAL[0], &JOURNAL[1]]), rows.collect())
}
