//! What the sales department exports every day: cars in stock, visits, accessory movements.

use super::cell::{Cell, Sheet};
use super::words::{self, by};
use crate::sample::events::Shop;
use chrono::NaiveDate;

pub const CARS_FILE: [&str; 2] = ["商品车库存", "整车库存"];
pub const CARS: [[&str; 6]; 2] = [
    ["库存日期", "车架号", "车型", "入库日期", "成本", "存放位置"],
    ["统计日期", "底盘号", "车系", "到店日期", "车辆成本", "库位"],
];
pub const VISITS_FILE: [&str; 2] = ["展厅客流", "展厅接待"];
pub const VISITS: [[&str; 8]; 2] = [
    ["客流编号", "来店时间", "客户名称", "来店方式", "销售顾问", "是否录入系统", "结果", "战败原因"],
    ["接待编号", "接待时间", "客户", "客流类型", "接待顾问", "DMS录入", "接待结果", "未成交原因"],
];
pub const MOVES_FILE: [&str; 2] = ["精品进销存", "精品流水"];
pub const MOVES: [[&str; 9]; 2] = [
    ["单号", "日期", "精品编号", "精品名称", "类别", "数量", "成本价", "单价", "金额"],
    ["精品单号", "业务日期", "精品代码", "名称", "业务类型", "数量", "成本单价", "售价", "金额"],
];

/// The cars that stand in the shop in the evening of a day, the one that came first first.
pub fn cars(shop: &Shop, day: NaiveDate) -> Sheet {
    let standing = shop.cars.iter().filter(|car| car.stands_on(day));
    let rows = standing.map(|car| {
        vec![
            Cell::Date(day),
            Cell::text(&car.vin),
            Cell::text(car.model),
            Cell::Date(car.arrived_on),
            Cell::Money(car.cost),
            Cell::text(car.place),
        ]
    });
    let titles = by(shop.style, [Vec::new(), vec![format!("整车库存日报 {day}")]]);
    let summed = by(shop.style, [Vec::new(), vec![4]]);
    Sheet { titles, headings: by(shop.style, CARS).to_vec(), rows: rows.collect(), summed, ..Sheet::default() }
}

/// Who came or called on a day.
pub fn visits(shop: &Shop, day: NaiveDate) -> Sheet {
    let rows = shop.visits.iter().filter(|visit| visit.at.date() == day).map(|visit| {
        vec![
            Cell::text(&visit.number),
            Cell::Time(visit.at),
            Cell::text(&visit.customer),
            Cell::text(words::visit(shop.style, visit.kind)),
            Cell::text(visit.salesperson),
            Cell::text(words::yes(visit.entered)),
            Cell::text(words::outcome(shop.style, visit.outcome)),
            Cell::text(visit.reason),
        ]
    });
    Sheet { headings: by(shop.style, VISITS).to_vec(), rows: rows.collect(), ..Sheet::default() }
}

/// What came into the accessory shop and what went out of it on a day.
pub fn moves(shop: &Shop, day: NaiveDate) -> Sheet {
    let rows = shop.moves.iter().filter(|one| one.on == day).map(|one| {
        vec![
            Cell::text(&one.number),
            Cell::Date(one.on),
            Cell::text(one.item.0),
            Cell::text(one.item.1),
            Cell::text(words::move_kind(shop.style, one.kind)),
            Cell::Number(one.quantity, 2),
            Cell::Number(one.item.3, 2),
            one.price.map_or(Cell::Empty, Cell::Money),
            Cell::Money(one.amount),
        ]
    });
    Sheet { headings: by(shop.style, MOVES).to_vec(), rows: rows.collect(), ..Sheet::default() }
}
