//! The statements of the acquirers, one of each a day: cards as a workbook, WeChat and Alipay as their bills really come.

use super::cell::{Cell, Sheet};
use super::words::by;
use super::{Content, File, workbook};
use crate::model::fen::Fen;
use crate::sample::events::{AcquirerLine, Shop, Style, Tender};
use chrono::{Duration, NaiveDate};
use encoding_rs::GB18030;

pub const CARD_FILE: [&str; 2] = ["POS对账单", "银联商务对账单"];
pub const CARD_A: [&str; 10] =
    ["终端号", "交易日期", "交易时间", "参考号", "卡号", "交易类型", "交易金额", "手续费", "入账金额", "清算日期"];
pub const CARD_B: [&str; 8] =
    ["商户订单号", "交易时间", "卡号", "交易类型", "交易金额", "商户手续费", "结算金额", "结算日期"];
pub const WECHAT: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,\
交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,\
退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
pub const ALIPAY: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,\
终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,\
券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const WECHAT_TOTALS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

/// The three statements of a day.
pub fn files(shop: &Shop, day: NaiveDate) -> Vec<File> {
    let lines = |tender: Tender| -> Vec<&AcquirerLine> {
        shop.acquirer.iter().filter(|line| line.at.date() == day && line.tender == tender).collect()
    };
    let digits = day.format("%Y%m%d");
    let card = format!("{}_{digits}.xlsx", by(shop.style, CARD_FILE));
    let alipay = format!("{}_{digits}_业务明细.csv", alipay_account(shop));
    vec![
        workbook(card, &cards(shop.style, &lines(Tender::Card))),
        File {
            name: format!("{}All{day}_{day}.csv", merchant(shop)),
            content: Content::Bytes(wechat(shop, &lines(Tender::Wechat))),
        },
        File { name: alipay, content: Content::Bytes(alipay_bill(shop, day, &lines(Tender::Alipay))) },
    ]
}

/// The merchant's number with WeChat, and its account with Alipay: invented, one a shop.
fn merchant(shop: &Shop) -> String {
    format!("19000{:0>5}", shop.code.trim_start_matches('S'))
}

fn alipay_account(shop: &Shop) -> String {
    format!("20889{:0>11}0156", shop.code.trim_start_matches('S'))
}

fn cards(style: Style, lines: &[&AcquirerLine]) -> Sheet {
    let rows = lines.iter().map(|line| card_row(style, line)).collect();
    let (headings, summed) = match style {
        Style::A => (CARD_A.to_vec(), vec![6, 7, 8]),
        Style::B => (CARD_B.to_vec(), vec![4, 5, 6]),
    };
    Sheet { headings, rows, summed, ..Sheet::default() }
}

fn card_row(style: Style, line: &AcquirerLine) -> Vec<Cell> {
    let reference = Cell::text(&line.reference);
    let card = Cell::text(format!("622202******{}", &line.reference[8..]));
    let kind = Cell::text(if line.gross < Fen::ZERO { "退货" } else { "消费" });
    let money = [line.gross, line.fee, line.gross - line.fee].map(Cell::Money);
    let settled_on = line.settled_on;
    let mut row = match style {
        Style::A => vec![
            Cell::text("01880001"),
            Cell::text(line.at.format("%Y%m%d").to_string()),
            Cell::text(line.at.format("%H%M%S").to_string()),
            reference,
            card,
            kind,
        ],
        Style::B => vec![reference, Cell::Time(line.at), card, kind],
    };
    row.extend(money);
    row.push(by(style, [Cell::text(settled_on.format("%Y%m%d").to_string()), Cell::Date(settled_on)]));
    row
}

/// Every value behind a backtick, fees to five places, refunds without a minus, the sums in a table of their own.
fn wechat(shop: &Shop, lines: &[&AcquirerLine]) -> Vec<u8> {
    let sum = |part: fn(&AcquirerLine) -> Fen| -> Fen { lines.iter().map(|line| part(line)).sum() };
    let owed = sum(|line| line.gross.max(Fen::ZERO)).to_string();
    let back = sum(|line| (-line.gross).max(Fen::ZERO)).to_string();
    let fees = five_places(sum(|line| line.fee));
    let mut text = format!("\u{feff}{WECHAT}\r\n");
    for line in lines {
        text.push_str(&wechat_line(&merchant(shop), line));
    }
    text.push_str(WECHAT_TOTALS);
    text.push_str("\r\n");
    text.push_str(&ticked(&[&lines.len().to_string(), &owed, &back, "0.00", &fees, &owed, &back]));
    text.into_bytes()
}

fn wechat_line(merchant: &str, line: &AcquirerLine) -> String {
    let own = line.reference.as_str();
    let paid = line.refunds.as_deref().unwrap_or(own);
    let refund = line.gross < Fen::ZERO;
    let at = line.at.format("%Y-%m-%d %H:%M:%S").to_string();
    let (gross, back) = (line.gross.max(Fen::ZERO).to_string(), (-line.gross).max(Fen::ZERO).to_string());
    let (order, user, fee) = (format!("420000{paid}"), format!("oUx7{paid}"), five_places(line.fee));
    let refund_order = format!("503000{own}");
    // Status, WeChat's and the shop's number of the refund, how and whether it was given back.
    let [status, of_wechat, of_shop, way, done] = match refund {
        true => ["REFUND", &refund_order, own, "ORIGINAL", "SUCCESS"],
        false => ["SUCCESS", "0", "0", "", ""],
    };
    let head = [&at, "wx8d4f0a2b6c9e1357", merchant, "0", "", &order, paid, &user, "MICROPAY", status, "OTHERS", "CNY"];
    let body = [&gross, "0.00", of_wechat, of_shop, &back, "0.00", way, done, "汽车服务", "", &fee, "0.60%"];
    ticked(&[&head[..], &body, &[&gross, &back, ""]].concat())
}

fn ticked(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("`{value}")).collect();
    values.join(",") + "\r\n"
}

fn five_places(amount: Fen) -> String {
    format!("{amount}000")
}

/// GB18030 with lines of comment above and below, a tab behind every number, the fee with a minus.
fn alipay_bill(shop: &Shop, day: NaiveDate, lines: &[&AcquirerLine]) -> Vec<u8> {
    let at_midnight = |day: NaiveDate| day.format("%Y年%m月%d日 00:00:00").to_string();
    let next = day + Duration::days(1);
    let rule = "-".repeat(41);
    let mut text = format!(
        "#支付宝业务明细查询\r\n#账号：[{}]\r\n#起始日期：[{}]   终止日期：[{}]\r\n#{rule}业务明细列表{rule}\r\n{ALIPAY}\r\n",
        alipay_account(shop),
        at_midnight(day),
        at_midnight(next)
    );
    let (mut paid, mut back) = ((0, Fen::ZERO), (0, Fen::ZERO));
    for line in lines {
        let refund = line.gross < Fen::ZERO;
        let sum = if refund { &mut back } else { &mut paid };
        *sum = (sum.0 + 1, sum.1 + line.gross);
        text.push_str(&alipay_line(line, refund));
    }
    text.push_str(&format!(
        "#{rule}业务明细列表结束{rule}\r\n#交易合计：{}笔，商家实收共{}元，商家优惠共0.00元\r\n\
         #退款合计：{}笔，商家实收退款共{}元，商家优惠退款共0.00元\r\n#导出时间：[{} 07:30:00]\r\n",
        paid.0,
        paid.1,
        back.0,
        back.1,
        next.format("%Y年%m月%d日")
    ));
    GB18030.encode(&text).0.into_owned()
}

fn alipay_line(line: &AcquirerLine, refund: bool) -> String {
    let own = line.reference.as_str();
    let paid = line.refunds.as_deref().unwrap_or(own);
    let (kind, batch) = if refund { ("退款", own) } else { ("交易", "") };
    let (gross, fee) = (line.gross.to_string(), (-line.fee).to_string());
    let day = line.at.format("%Y%m%d");
    let at = line.at.format("%Y-%m-%d %H:%M:%S");
    format!(
        "{day}2200{paid}\t,{paid}\t,{kind}\t,汽车服务,{at},{at},\t,\t,\t,\t,*(199****0000)\t,{gross},{gross},\
         0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,{batch}\t,{fee},0.00,\r\n"
    )
}
