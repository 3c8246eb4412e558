//! Common shapes of a whole export: archives, XML of 2003, web grids, headings over two rows, lines in two encodings.
//! They are read; what cannot be read is named, and the run ends with 3.

use encoding_rs::GB18030;

use crate::book::cells;
use crate::case::{AMOUNTS, Case, ORDERS, RECEIPT_HEADINGS, RECEIPTS, SETTLEMENTS};
use crate::common::packed::{gzipped, tarred, zipped};

/// Every order is cleared and nothing is said.
#[track_caller]
fn is_read(case: &mut Case) {
    case.night().ends_with(&[0]);
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.order(at), ("matched".to_owned(), fen, fen), "{:#?}", case.findings());
    }
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}

/// The run ends with 3, and a finding of that code names the file and holds the text.
#[track_caller]
fn is_named(case: &mut Case, code: &str, file: &str, text: &str) {
    case.night().ends_with(&[3]);
    let told = case.of_code(code);
    let holds = |f: &crate::common::Record| f["file"].contains(file) && f.values().any(|cell| cell.contains(text));
    assert!(told.iter().any(holds), "{:#?}", case.findings());
}

#[test]
fn settlements_in_a_folder_of_a_zip_file_are_read() {
    let mut case = Case::new();
    let inner = zipped(&[("导出/结算单.csv", Case::settlements().as_bytes()), ("导出/.DS_Store", b"x")]);
    case.without(SETTLEMENTS).put("结算单_20261020.zip", inner);
    is_read(&mut case);
}

#[test]
fn two_exports_in_one_tar_file_are_read_each_by_its_own_name() {
    let mut case = Case::new();
    let [orders, receipts] = [Case::orders(), Case::receipts()];
    let tar = tarred(&[("a/orders.csv", orders.as_bytes()), ("a/receipts.csv", receipts.as_bytes())]);
    case.without(ORDERS).without(RECEIPTS).put("导出_20261020.tar.gz", gzipped(&tar));
    is_read(&mut case);
}

#[test]
fn an_entry_with_a_password_is_named_and_the_others_are_read() {
    let mut case = Case::new();
    let mut bytes =
        zipped(&[("收银流水.csv", Case::receipts().as_bytes()), ("结算单.csv", Case::settlements().as_bytes())]);
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = bytes.windows(4).position(|w| w == signature).unwrap();
        bytes[at + flags] |= 1;
    }
    case.without(RECEIPTS).without(SETTLEMENTS).put("日报_20261020.zip", bytes);
    is_named(&mut case, "file_encrypted", "日报_20261020.zip", "收银流水.csv");
    assert_eq!(case.order(1), ("unpaid".to_owned(), 123_450, 0));
}

#[test]
fn archives_that_are_not_unpacked_are_named() {
    let mut case = Case::new();
    case.without(SETTLEMENTS).put("结算单_20261020.rar", b"Rar!\x1A\x07\x01\x00rest");
    is_named(&mut case, "archive_unread", "结算单_20261020.rar", "RAR");
}

#[test]
fn orders_as_xml_of_2003_are_read() {
    let row = |cells: &Vec<String>| {
        let cells: String = cells.iter().map(|c| format!("<Cell><Data ss:Type=\"String\">{c}</Data></Cell>")).collect();
        format!("<Row>{cells}</Row>")
    };
    let rows: String = cells(&Case::orders()).iter().map(row).collect();
    let space = "urn:schemas-microsoft-com:office:spreadsheet";
    let mut case = Case::new();
    case.without(ORDERS).put(
        "维修委托书_20261020.xls",
        format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"{space}\" xmlns:ss=\"{space}\">\
             <Worksheet ss:Name=\"工单\"><Table>{rows}</Table></Worksheet></Workbook>"
        ),
    );
    is_read(&mut case);
}

#[test]
fn receipts_of_a_web_grid_are_put_under_their_headings() {
    let tagged = |cells: &[String], tag: &str| {
        let cells: String = cells.iter().map(|c| format!("<{tag}>{c}</{tag}>")).collect();
        format!("<tr>{cells}</tr>")
    };
    let table = cells(&Case::receipts());
    let body: String = table[1..].iter().map(|row| tagged(row, "td")).collect();
    let mut case = Case::new();
    let html = format!(
        "<html><div><table>{}</table></div><table><tr><td>刷新</td></tr></table><div><table>{body}</table></div></html>",
        tagged(&table[0], "th")
    );
    case.without(RECEIPTS).put("收银流水_20261020.xls", html);
    case.night().ends_with(&[0]);
    assert_eq!(case.order(3), ("matched".to_owned(), 5_670, 5_670), "{:#?}", case.findings());
}

#[test]
fn settlements_under_groups_of_headings_are_read() {
    let table = cells(&Case::settlements());
    let groups = "结算单号,委托单号,结算时间,客户信息,,服务顾问,费用,,,应收,,结算方式,审批,单据,";
    let lower = ",,,车牌号,客户名称,,工时费,材料费,优惠金额,客户应付,三包金额,,审批人,单据类型,原结算单号";
    let rows: Vec<String> = table[1..].iter().map(|row| row.join(",")).collect();
    let mut case = Case::new();
    case.put(SETTLEMENTS, format!("{groups}\n{lower}\n{}\n", rows.join("\n")));
    is_read(&mut case);
}

#[test]
fn a_heading_that_stands_in_two_groups_is_read_with_its_group() {
    let groups = "收据号,收款,,,业务单号,实收,应收";
    let lower = ",时间,方式,员,,金额,金额";
    let row = |at: usize| {
        let (order, amount) = (Case::order_no(at), AMOUNTS[at - 1]);
        format!("{},2026-10-20 11:0{at}:00,转账,钱收,{order},{amount},9999.00\n", Case::receipt_no(at))
    };
    let rows: String = (1..=3).map(row).collect();
    let mut case = Case::new();
    case.put(RECEIPTS, format!("{groups}\n{lower}\n{rows}"));
    case.night().ends_with(&[0]);
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.receipt(at), Some((fen, Case::order_no(at))), "{:#?}", case.findings());
    }
}

#[test]
fn lines_of_two_encodings_are_read_and_told() {
    let text = Case::settlements();
    let (first, last) = text.split_at(text.trim_end().rfind('\n').unwrap() + 1);
    let mut bytes = GB18030.encode(first).0.into_owned();
    bytes.extend(last.as_bytes());
    let mut case = Case::new();
    case.put(SETTLEMENTS, bytes);
    case.night().ends_with(&[0]);
    assert_eq!(case.order(3), ("matched".to_owned(), 5_670, 5_670));
    let told = case.of_code("encoding_mixed");
    assert_eq!((told.len(), told[0]["row"].as_str()), (1, "4"), "{:#?}", case.findings());
    assert!(told[0]["value"].contains("UTF-8"));
}

#[test]
fn fixed_columns_are_called_that() {
    let row = |cells: &Vec<String>| cells.iter().map(|c| format!("{c:<24}")).collect::<String>();
    let lines: Vec<String> = cells(&Case::orders()).iter().map(row).collect();
    let mut case = Case::new();
    case.without(ORDERS).put("维修委托书_20261020.txt", lines.join("\r\n"));
    is_named(&mut case, "fixed_columns", "维修委托书_20261020.txt", "委托单号");
}

#[test]
fn an_export_that_lacks_a_heading_says_which() {
    let mut case = Case::new();
    case.put(RECEIPTS, Case::receipts().replace("收款方式", "怎么付的"));
    is_named(&mut case, "export_nearly_known", RECEIPTS, "收款方式");
    let mut case = Case::new();
    case.put(SETTLEMENTS, Case::settlements().replace("结算时间", "什么时候"));
    is_named(&mut case, "export_nearly_known", SETTLEMENTS, "结算时间");
}

#[test]
fn a_list_of_another_kind_beside_the_exports_ends_no_run() {
    let mut case = Case::new();
    case.put("通讯录_20261020.csv", "姓名,电话,部门\n顾一,1380000,前台\n");
    case.night().ends_with(&[0]);
    assert_eq!(case.of_code("export_unknown").len(), 1);
    let table = cells(&format!("{RECEIPT_HEADINGS}\n"));
    assert_eq!(table[0].len(), 10);
}
