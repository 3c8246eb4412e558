//! The files of customers' vehicles: what each lacks, and when its insurance ends.

use super::fleet::Fleet;
use crate::model::{ColumnKind, Lang, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{Material, Orders, View, day, days_between, joined, number, plain, table_and, text, yes};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "vehicle_files", grain: "one row a customer's vehicle file", columns, rows };

/// What a file must have: column, name.
const REQUIRED: [(&str, Text); 5] = [
    ("plate", Text::new("车牌号", "plate")),
    ("customer", Text::new("客户名称", "customer")),
    ("phone", Text::new("联系电话", "phone")),
    ("model", Text::new("车型", "model")),
    ("sold_on", Text::new("购车日期", "sale date")),
];

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Text};
    table_and(
        tables,
        "vehicles",
        &[
            ("gaps", Text, "缺项", "Gaps"),
            ("is_complete", Bool, "齐全", "Complete"),
            ("phone_wrong", Bool, "电话有误", "Phone wrong"),
            ("has_expiry", Bool, "有保险到期日", "Insurance date known"),
            ("insurance_days", Int, "距保险到期天数", "Days to expiry"),
            ("last_visit_on", Date, "最近来店", "Last visit"),
            ("days_away", Int, "未来店天数", "Days away"),
            ("advisor", Text, "服务顾问", "Advisor"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("vehicles") else { return Vec::new() };
    let orders = Orders::of(material);
    let fleet = Fleet::of(material);
    let visits = orders.by_vehicle();
    let row = |file: &Row| {
        let gaps = gaps(&fleet, file, material.lang);
        let last = visits.get(fleet.text(Some(file), "vin")).and_then(|places| places.last().copied());
        let last_on = last.and_then(|at| orders.opened_on(at));
        let expires = fleet.date(Some(file), "insurance_expires_on");
        let mut values = plain::values(table, file);
        values.extend([
            text(match gaps.is_empty() {
                true => Text::new("齐全", "complete").get(material.lang).to_owned(),
                false => joined(gaps.iter().copied(), material.lang),
            }),
            yes(gaps.is_empty()),
            yes(is_wrong_phone(fleet.text(Some(file), "phone"))),
            yes(expires.is_some()),
            number(expires.map(|on| days_between(material.as_of, on))),
            day(last_on),
            number(last_on.map(|on| days_between(on, material.as_of))),
            last.map_or(Value::Null, |at| orders.value(at, "advisor").clone()),
        ]);
        values
    };
    (material.rows)("vehicles").iter().map(row).collect()
}

/// What a file lacks; a phone that no one can dial is lacking.
pub fn gaps<'a>(fleet: &Fleet<'a>, file: &'a Row, lang: Lang) -> Vec<&'static str> {
    let lacks = |name: &str| match name {
        "phone" => fleet.text(Some(file), name).is_empty() || is_wrong_phone(fleet.text(Some(file), name)),
        _ => fleet.value(file, name).is_null(),
    };
    REQUIRED.iter().filter(|(name, _)| lacks(name)).map(|(_, words)| words.get(lang)).collect()
}

/// A phone of too few or too many digits, or of one digit over and over; an empty one is missing, not wrong.
pub fn is_wrong_phone(phone: &str) -> bool {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let same = digits.windows(2).all(|pair| pair[0] == pair[1]);
    !phone.is_empty() && (!(7..=13).contains(&digits.len()) || same)
}

#[cfg(test)]
mod tests {
    use super::is_wrong_phone;

    #[test]
    fn phones_that_no_one_can_dial() {
        assert!(["1380571", "0571-88061234", "13805712345", "+8613805712345", ""].iter().all(|p| !is_wrong_phone(p)));
        assert!(["无", "138057", "11111111111", "138057123451380571"].iter().all(|p| is_wrong_phone(p)));
    }
}
