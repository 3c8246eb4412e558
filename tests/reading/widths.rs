//! Rows of a text file with another number of fields than the headings: put together again where there is one way, else
//! refused at their place.

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS, RECEIPTS, SETTLEMENTS};

const STOCK: &str = "配件入库_202610.csv";

fn receipts(rows: [String; 3]) -> String {
    format!("{RECEIPT_HEADINGS}\n{}", rows.concat())
}

#[test]
fn a_thousands_comma_without_quotes_is_put_back() {
    let mut case = Case::new();
    let rows = ["1,234.50", "880.00", "56.70"].iter().zip(1..).map(|(amount, at)| Case::receipt_row(at, amount));
    case.put(RECEIPTS, receipts(rows.collect::<Vec<_>>().try_into().unwrap())).night().ends_with(&[0]);
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    let told = case.of_code("row_mended");
    assert!(told.len() == 1 && told[0]["row"] == "2" && told[0]["value"] == "1,234.50", "{told:#?}");
}

#[test]
fn where_every_row_has_a_comma_too_many_it_is_no_habit_of_the_export() {
    let mut case = Case::new();
    let rows = ["1,234.50", "2,880.00", "3,056.70"].iter().zip(1..).map(|(amount, at)| Case::receipt_row(at, amount));
    case.put(RECEIPTS, receipts(rows.collect::<Vec<_>>().try_into().unwrap())).night();
    assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(123_450));
    assert_eq!(case.receipt(3).map(|(fen, _)| fen), Some(305_670));
}

#[test]
fn a_comma_hides_in_no_row_that_leaves_out_its_empty_end() {
    let mut case = Case::new();
    let amounts = ["1,234.50", AMOUNTS[1], AMOUNTS[2]];
    let row = |at: usize| format!("{}\n", Case::receipt_row(at, amounts[at - 1]).trim_end().trim_end_matches(','));
    case.put(RECEIPTS, receipts([row(1), row(2), row(3)])).night();
    assert_eq!(case.receipt(2).map(|(fen, _)| fen), Some(88_000));
    let first = case.receipt(1).map(|(fen, _)| fen);
    assert!(first == Some(123_450) || first.is_none(), "{first:?}");
    assert!(case.told(RECEIPTS, 2));
}

#[test]
fn a_remark_with_a_comma_costs_no_money_and_delimiters_at_the_end_are_no_fault() {
    let mut case = Case::new();
    let remark = Case::receipt_row(1, AMOUNTS[0]).replace(",维修,\n", ",维修,客户来电,改日取车\n");
    let rows = [remark, Case::receipt_row(2, AMOUNTS[1]), Case::receipt_row(3, AMOUNTS[2])];
    case.put(RECEIPTS, receipts(rows)).night().ends_with(&[0]);
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    let mut case = Case::new();
    let ended: String = Case::settlements().lines().skip(1).map(|line| format!("{line},,\n")).collect();
    let headings = Case::settlements().lines().next().unwrap().to_owned();
    case.put(SETTLEMENTS, format!("{headings}\n{ended}")).night().ends_with(&[0]);
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}

#[test]
fn a_row_that_can_be_read_in_two_ways_is_refused_and_no_cell_of_it_blamed() {
    let mut case = Case::new();
    let lines = "采购单号,行号,配件编号,订货日期,订货数量,到货日期,到货数量,单价\n\
        CG1,1,P1,2026-10-18,1,200,2026-10-20,300,16.00\n\
        CG1,2,P2,2026-10-18,1,200,300,400,2026-10-20,40.00\n\
        CG1,3,P3,2026-10-18,50,2026-10-20,50,8.00\n";
    case.put(STOCK, lines).night();
    let told: Vec<_> = case.findings().into_iter().filter(|f| f["file"] == STOCK && f["row"] == "3").collect();
    assert!(told.len() == 1 && told[0]["code"] == "row_width", "{told:#?}");
}

#[test]
fn a_file_cut_off_inside_its_last_row_gives_no_half_amount() {
    for cut in [5, 12, 40] {
        let mut case = Case::new();
        let whole = Case::receipts();
        let text: String = whole.chars().take(whole.chars().count() - cut).collect();
        case.put(RECEIPTS, text).night();
        let third = case.receipt(3).map(|(fen, _)| fen);
        assert!(third.is_none() || third == Some(5670), "cut by {cut}: {third:?}");
        assert!(third.is_some() || case.told(RECEIPTS, 0), "cut by {cut}");
        assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(123_450));
    }
}
