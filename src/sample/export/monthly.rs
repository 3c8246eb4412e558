//! The registers that are exported once a month, as they stand at its end.

use super::cell::{Cell, Sheet};
use super::words::{by, yes};
use crate::model::fen::Fen;
use crate::sample::events::{Claim, Shop};
use crate::sample::simulate::months::Month;
use chrono::NaiveDate;

pub const VOUCHERS_FILE: [&str; 2] = ["代金券", "代金券台账"];
pub const VOUCHERS_A: [&str; 7] = ["券号", "面额", "发放日期", "车牌号", "使用委托单号", "使用时间", "到期日"];
pub const VOUCHERS_B: [&str; 7] = ["代金券号", "面值", "发券日期", "牌照号", "使用工单号", "核销时间", "有效期至"];
pub const APPOINTMENTS_FILE: [&str; 2] = ["预约记录", "预约台账"];
pub const APPOINTMENTS: [[&str; 7]; 2] = [
    ["预约单号", "预约时间", "车牌号", "客户名称", "是否到店", "委托单号", "主动预约"],
    ["预约号", "预约到店时间", "牌照号", "客户", "到店", "工单号", "主动"],
];
pub const ATTENDANCE_FILE: [&str; 2] = ["考勤工时", "技师出勤"];
pub const ATTENDANCE: [[&str; 4]; 2] =
    [["日期", "技师", "班组", "出勤工时"], ["出勤日期", "技师姓名", "维修班组", "出勤时数"]];
pub const CLAIMS_FILE: [&str; 2] = ["索赔单", "保修索赔"];
pub const PORTAL_FILE: [&str; 2] = ["三包系统", "厂家索赔系统"];
pub const CLAIMS: [[&str; 16]; 2] = [
    [
        "索赔单号",
        "申报单位",
        "委托单号",
        "车架号",
        "工时费",
        "材料费",
        "索赔金额",
        "申报日期",
        "退回次数",
        "状态",
        "审批日期",
        "批准金额",
        "付款日期",
        "付款金额",
        "旧件编号",
        "旧件返回日期",
    ],
    [
        "索赔编号",
        "网点",
        "工单号",
        "底盘号",
        "索赔工时费",
        "索赔材料费",
        "索赔合计",
        "提报日期",
        "驳回次数",
        "索赔状态",
        "审核日期",
        "审核金额",
        "回款日期",
        "回款金额",
        "旧件号",
        "旧件返厂日期",
    ],
];

/// Every voucher issued or used until the month's end.
pub fn vouchers(shop: &Shop, month: Month) -> Sheet {
    let mut rows = Vec::new();
    for voucher in shop.vouchers.iter().filter(|voucher| voucher.issued_on <= month.last) {
        let used = voucher.used.filter(|(_, at)| at.date() <= month.last);
        let order = used.map_or("", |(order, _)| shop.orders[order].number.as_str());
        rows.push(vec![
            Cell::text(&voucher.number),
            Cell::Money(voucher.face),
            Cell::Date(voucher.issued_on),
            Cell::text(&voucher.plate),
            Cell::text(order),
            Cell::time(used.map(|(_, at)| at)),
            Cell::Date(voucher.expires_on),
        ]);
    }
    let headings = by(shop.style, [VOUCHERS_A.to_vec(), VOUCHERS_B.to_vec()]);
    Sheet { headings, rows, ..Sheet::default() }
}

pub fn appointments(shop: &Shop, month: Month) -> Sheet {
    let planned = shop.appointments.iter().filter(|one| month.holds(one.planned_at.date()));
    let rows = planned.map(|one| {
        vec![
            Cell::text(&one.number),
            Cell::Time(one.planned_at),
            Cell::text(&one.plate),
            Cell::text(&one.customer),
            Cell::text(yes(one.order_no.is_some())),
            Cell::text(one.order_no.as_deref().unwrap_or_default()),
            Cell::text(yes(one.proactive)),
        ]
    });
    Sheet { headings: by(shop.style, APPOINTMENTS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

pub fn attendance(shop: &Shop, month: Month) -> Sheet {
    let of_month = shop.attendance.iter().filter(|one| month.holds(one.day));
    let rows = of_month.map(|one| {
        vec![Cell::Date(one.day), Cell::text(one.technician), Cell::text(one.team), Cell::Number(one.hours, 2)]
    });
    Sheet { headings: by(shop.style, ATTENDANCE).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// Every claim filed until the month's end, as it stands then.
pub fn claims(shop: &Shop, claims: &[Claim], month: Month, title: &str) -> Sheet {
    let filed = claims.iter().filter(|claim| claim.filed_on <= month.last);
    Sheet {
        titles: vec![title.to_string(), format!("导出时间:{} 22:00", month.last)],
        headings: by(shop.style, CLAIMS).to_vec(),
        rows: filed.map(|claim| claim_row(claim, month.last)).collect(),
        ..Sheet::default()
    }
}

fn claim_row(claim: &Claim, until: NaiveDate) -> Vec<Cell> {
    let happened = |day: Option<NaiveDate>| day.filter(|day| *day <= until);
    let (decided, paid) = (happened(claim.decided_on), happened(claim.paid_on));
    let total = claim.labour + claim.parts;
    let money = |yes: bool| Cell::Money(if yes { total } else { Fen::ZERO });
    let status = match (decided, paid) {
        (None, _) if claim.resubmissions > 0 => "已退回",
        (None, _) => "已提交",
        _ if claim.refused => "已拒绝",
        (_, None) => "已批准",
        (_, Some(_)) => "已付款",
    };
    vec![
        Cell::text(&claim.number),
        Cell::text(if claim.own_shop { "本店" } else { "二级网点" }),
        Cell::text(&claim.order_no),
        Cell::text(&claim.vin),
        Cell::Money(claim.labour),
        Cell::Money(claim.parts),
        Cell::Money(total),
        Cell::Date(claim.filed_on),
        Cell::Number(claim.resubmissions, 0),
        Cell::text(status),
        Cell::date(decided),
        money(decided.is_some() && !claim.refused),
        Cell::date(paid),
        money(paid.is_some()),
        Cell::text(&claim.old_part),
        Cell::date(happened(claim.old_part_returned_on)),
    ]
}
