//! Orders against the files of their vehicles: no file, gaps, what does not agree.

use super::files::gaps;
use super::fleet::Fleet;
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{Material, Orders, View, column, day, joined, text, words_of, yes};
use crate::spec::tables::Tables;

pub const VIEW: View =
    View { id: "order_files", grain: "one row an order of a customer's car, not void", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Key, Text};
    vec![
        column("order_no", Key, "委托单号", "Order no."),
        column("opened_on", Date, "进厂日期", "Opened on"),
        column("vehicle", Text, "车辆", "Vehicle"),
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("is_new", Bool, "新客户", "New customer"),
        column("has_file", Bool, "已建档", "Has a file"),
        column("gaps", Text, "缺项", "Gaps"),
        column("differs", Text, "与委托书不符", "Differs from the order"),
        column("needs_work", Bool, "需补录", "To be completed"),
        column("has_expiry", Bool, "有保险到期日", "Insurance date known"),
        column("finding", Text, "问题", "Finding"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let lang = material.lang;
    let orders = Orders::of(material);
    let fleet = Fleet::of(material);
    let visits = orders.by_vehicle();
    let row = |at: usize| {
        let order = orders.record(at);
        let file = fleet.find(&order.vin, &order.plate);
        let lacking = file.map_or_else(Vec::new, |file| gaps(&fleet, file, lang));
        let differing = [
            ("plate", Text::new("车牌号", "plate"), order.plate.as_str()),
            ("customer", Text::new("客户名称", "customer"), order.customer.as_str()),
            ("phone", Text::new("联系电话", "phone"), orders.text(at, "phone")),
        ];
        let differs = |(name, _, own): &&(&str, Text, &str)| {
            let held = fleet.text(file, name);
            !held.is_empty() && !own.is_empty() && held != *own
        };
        let differing = joined(differing.iter().filter(differs).map(|(_, words, _)| words.get(lang)), lang);
        let lacking = joined(lacking.iter().copied(), lang);
        let finding = match (file.is_some(), lacking.is_empty(), differing.is_empty()) {
            (false, ..) => Text::new("未建档", "no file"),
            (true, false, _) => Text::new("档案不全", "file with gaps"),
            (true, true, false) => Text::new("与档案不符", "differs from the file"),
            (true, true, true) => Text::new("齐全", "complete"),
        };
        let first = visits.get(orders.vehicle(at)).and_then(|places| places.first()) == Some(&at);
        let mut values = vec![text(order.order_no.as_str()), day(orders.opened_on(at)), text(orders.vehicle(at))];
        values.extend(
            ["vin", "plate", "customer", "phone", "model", "job_type", "advisor"]
                .map(|name| orders.value(at, name).clone()),
        );
        values.extend([
            yes(first),
            yes(file.is_some()),
            text(lacking.as_str()),
            text(differing.as_str()),
            yes(file.is_none() || !lacking.is_empty()),
            file.map_or(Value::Null, |file| yes(!fleet.value(file, "insurance_expires_on").is_null())),
            text(finding.get(lang)),
        ]);
        values
    };
    orders.places().filter(|at| orders.is_customers(*at)).map(row).collect()
}
