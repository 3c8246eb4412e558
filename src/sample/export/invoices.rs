//! Invoices once a month, contracts once a month and day by day: the tax platform's lists and the sales department's register.

use super::cell::{Cell, Sheet};
use super::words::by;
use crate::model::fen::{Fen, divide_half_away};
use crate::sample::books::Contract;
use crate::sample::events::{Invoice, InvoiceKind, Shop, Style};
use crate::sample::simulate::months::Month;
use chrono::NaiveDate;

pub const VAT_FILE: [&str; 2] = ["数电发票", "发票查询导出结果"];
pub const VAT_A: [&str; 11] = [
    "数电票号码",
    "发票票种",
    "开票日期",
    "购买方名称",
    "购方税号",
    "金额",
    "税额",
    "价税合计",
    "发票状态",
    "被红冲蓝字数电票号码",
    "委托单号",
];
pub const VAT_B: [&str; 13] = [
    "序号",
    "发票代码",
    "发票号码",
    "数电票号码",
    "购方识别号",
    "购买方名称",
    "开票日期",
    "金额",
    "税额",
    "价税合计",
    "发票票种",
    "发票状态",
    "备注",
];
pub const CAR_FILE: [&str; 2] = ["机动车发票", "机动车销售统一发票"];
pub const CAR: [[&str; 11]; 2] = [
    [
        "发票代码",
        "发票号码",
        "开票日期",
        "购买方名称",
        "车辆类型",
        "厂牌型号",
        "车辆识别代号/车架号码",
        "价税合计",
        "不含税价",
        "税额",
        "发票状态",
    ],
    [
        "发票代码",
        "发票号码",
        "开票日期",
        "购方名称",
        "车辆类型",
        "厂牌型号",
        "车架号",
        "价税合计",
        "不含税金额",
        "税额",
        "发票状态",
    ],
];
pub const CONTRACTS_FILE: [&str; 2] = ["汽车销售台账", "整车销售合同"];
pub const CONTRACTS: [[&str; 25]; 2] = [
    [
        "合同号",
        "订单日期",
        "客户名称",
        "车型",
        "车架号",
        "销售顾问",
        "指导价",
        "销售价",
        "成本",
        "定金",
        "精品收入",
        "保险收入",
        "金融收入",
        "精品金额",
        "保险费",
        "购置税",
        "上牌费",
        "服务费",
        "置换抵扣金额",
        "合同总额",
        "贷款金额",
        "贷款机构",
        "交车日期",
        "发票号码",
        "状态",
    ],
    [
        "合同编号",
        "签订日期",
        "客户",
        "车型",
        "底盘号",
        "销售顾问",
        "指导价",
        "成交价",
        "车辆成本",
        "订金",
        "装潢收入",
        "保险手续费",
        "按揭手续费",
        "装潢费",
        "代收保险费",
        "车辆购置税",
        "牌照费",
        "其他费用",
        "旧车抵价",
        "应收总额",
        "按揭金额",
        "按揭银行",
        "实际交车日期",
        "发票号",
        "合同状态",
    ],
];
/// The code that paper invoices of cars carry beside their number.
const PAPER_CODE: &str = "133002600111";

/// Amount without tax and tax at 13 %, from the amount with it.
fn split(gross: Fen) -> [Fen; 2] {
    // A share of an i64 amount always fits.
    let net = Fen(i64::try_from(divide_half_away(i128::from(gross.0) * 100, 113)).unwrap_or(0));
    [net, gross - net]
}

fn of_month(shop: &Shop, month: Month, cars: bool) -> Vec<(usize, &Invoice)> {
    let fits = |one: &Invoice| month.holds(one.issued_on) && (one.kind == InvoiceKind::Vehicle) == cars;
    let mut found: Vec<(usize, &Invoice)> = shop.invoices.iter().enumerate().filter(|(_, one)| fits(one)).collect();
    found.sort_by(|one, other| one.1.number.cmp(&other.1.number));
    found
}

/// VAT invoices of a month, as they stand at its end.
pub fn vat(shop: &Shop, month: Month) -> Sheet {
    let of_month = of_month(shop, month, false);
    let rows = (1..).zip(of_month).map(|(serial, (at, invoice))| vat_row(shop, month, serial, at, invoice)).collect();
    let headings = by(shop.style, [VAT_A.to_vec(), VAT_B.to_vec()]);
    Sheet { headings, rows, ..Sheet::default() }
}

fn vat_row(shop: &Shop, month: Month, serial: i64, at: usize, invoice: &Invoice) -> Vec<Cell> {
    let [net, tax] = split(invoice.gross).map(Cell::Money);
    let gross = Cell::Money(invoice.gross);
    let taken_back = shop.invoices.iter().any(|other| other.voids == Some(at) && other.issued_on <= month.last);
    let status = Cell::text(if taken_back { "已红冲-全额" } else { "正常" });
    let voided = invoice.voids.map_or("", |of| shop.invoices[of].number.as_str());
    let special = invoice.kind == InvoiceKind::Special;
    let kind = Cell::text(if special { "数电票（增值税专用发票）" } else { "数电票（普通发票）" });
    let tax_number = Cell::text(if special { "91330000MA00000001" } else { "" });
    let (number, buyer) = (Cell::text(&invoice.number), Cell::text(&invoice.buyer));
    match shop.style {
        Style::A => {
            let (day, order) = (Cell::Date(invoice.issued_on), Cell::text(&invoice.order_no));
            vec![number, kind, day, buyer, tax_number, net, tax, gross, status, Cell::text(voided), order]
        }
        Style::B => {
            let remark = match invoice.voids {
                Some(_) => format!("被红冲蓝字数电票号码：{voided} 维修费{}", invoice.order_no),
                None => format!("维修费{}", invoice.order_no),
            };
            let at = Cell::Time(invoice.issued_on.and_time(chrono::NaiveTime::MIN) + chrono::Duration::hours(15));
            let (serial, none) = (Cell::Number(serial, 0), Cell::Empty);
            let remark = Cell::text(remark);
            vec![serial, none.clone(), none, number, tax_number, buyer, at, net, tax, gross, kind, status, remark]
        }
    }
}

/// Invoices of cars of a month.
pub fn cars(shop: &Shop, month: Month) -> Sheet {
    let row = |(_, invoice): (usize, &Invoice)| {
        let car = invoice.contract.map(|at| &shop.contracts[at]);
        let [net, tax] = split(invoice.gross);
        vec![
            Cell::text(PAPER_CODE),
            Cell::text(&invoice.number),
            Cell::Date(invoice.issued_on),
            Cell::text(&invoice.buyer),
            Cell::text("小型轿车"),
            Cell::text(car.map_or("", |one| one.model)),
            Cell::text(car.map_or("", |one| one.vin.as_str())),
            Cell::Money(invoice.gross),
            Cell::Money(net),
            Cell::Money(tax),
            Cell::text("正常"),
        ]
    };
    let rows = of_month(shop, month, true).into_iter().map(row).collect();
    Sheet { headings: by(shop.style, CAR).to_vec(), rows, ..Sheet::default() }
}

/// Every contract made until the month's end, as it stands then.
pub fn contracts(shop: &Shop, month: Month) -> Sheet {
    contracts_as_of(shop, month.last)
}

/// Every contract made up to a day, as it stands in its evening.
pub fn contracts_as_of(shop: &Shop, day: NaiveDate) -> Sheet {
    let made = shop.contracts.iter().filter(|one| one.ordered_on <= day);
    let rows = made.map(|one| contract_row(shop, day, one)).collect();
    Sheet { headings: by(shop.style, CONTRACTS).to_vec(), rows, ..Sheet::default() }
}

fn contract_row(shop: &Shop, as_of: NaiveDate, one: &Contract) -> Vec<Cell> {
    let delivered = one.delivered_on.filter(|day| *day <= as_of);
    let invoice = one.invoice.filter(|_| delivered.is_some()).map_or("", |at| shop.invoices[at].number.as_str());
    let cancelled = one.cancelled_on.is_some_and(|day| day <= as_of);
    let status = match (delivered, cancelled) {
        (_, true) => by(shop.style, ["退订", "已退订"]),
        (Some(_), _) => "已交车",
        (None, _) => by(shop.style, ["已订", "已签订"]),
    };
    let [insurance, tax, licence, fee] = one.with_it.map(Cell::Money);
    vec![
        Cell::text(&one.number),
        Cell::Date(one.ordered_on),
        Cell::text(&one.customer),
        Cell::text(one.model),
        Cell::text(&one.vin),
        Cell::text(one.salesperson),
        Cell::Money(one.list_price),
        Cell::Money(one.price),
        Cell::Money(one.cost),
        Cell::Money(one.deposit),
        Cell::Money(one.accessories()),
        Cell::Money(one.insurance),
        Cell::Money(one.finance),
        Cell::Money(one.accessories()),
        insurance,
        tax,
        licence,
        fee,
        Cell::Money(one.trade_in),
        by(shop.style, [Cell::Money(one.total()), Cell::Empty]),
        Cell::Money(one.loan),
        Cell::text(one.lender),
        Cell::date(delivered),
        Cell::text(invoice),
        Cell::text(status),
    ]
}
