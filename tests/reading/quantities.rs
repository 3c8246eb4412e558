//! An amount without a quantity is money all the same, and the missing quantity is told.

use crate::case::{Case, DAY};

const MOVES: &str = "精品进销存_20261020.csv";
const SALES: &str = "配件销售单_20261020.csv";
const SCRAP: &str = "报废登记_20261020.csv";

fn figure(case: &Case, id: &str) -> i64 {
    case.manifest()["figures"][DAY][id]["value_fen"].as_i64().unwrap_or(i64::MIN)
}

fn moves(rows: &str) -> Case {
    let mut case = Case::new();
    case.put(
        MOVES,
        format!("出入库单号,发生日期,用品编号,用品名称,出入库类型,发生数量,成本价,销售单价,收费金额\n{rows}"),
    );
    case.night().ends_with(&[0, 3]);
    case
}

#[test]
fn accessories_sold_without_a_quantity_are_sales() {
    let case = moves(
        "C1,2026-10-20,Y7,坐垫,销售出库,,150.00,399.00,399.00\n\
         C2,2026-10-20,Y8,香水,销售出库,2,20.00,58.00,116.00\n",
    );
    assert_eq!(figure(&case, "accessory_sales"), 51_500);
    assert_eq!(case.of_code("quantity_missing").len(), 1, "{:#?}", case.findings());
    assert!(case.told(MOVES, 2));
}

#[test]
fn a_return_without_a_quantity_is_taken_off() {
    let case = moves(
        "C1,2026-10-20,Y7,坐垫,销售,1,150.00,399.00,399.00\n\
         C2,2026-10-20,Y7,坐垫,销售退货,,150.00,399.00,399.00\n\
         C3,2026-10-20,Y7,坐垫,销售,,150.00,399.00,-100.00\n",
    );
    assert_eq!(figure(&case, "accessory_sales"), -10_000);
    assert!(case.told(MOVES, 3));
}

#[test]
fn parts_sold_and_scrap_without_a_quantity_are_told() {
    let mut case = Case::new();
    case.put(
        SALES,
        "销售单号,销售时间,客户,配件编号,配件名称,数量,单价,销售金额\n\
         X1,2026-10-20 15:00:00,散客,P1,机滤,,36.00,72.00\n\
         X2,2026-10-20 15:10:00,散客,P2,空滤,1,45.00,45.00\n",
    );
    case.put(
        SCRAP,
        "处理单号,处理日期,类别,品名,重量,出售单价,处理收入,收购方\n\
         F1,2026-10-20,废油,废机油,,2.00,300.00,回收站\n",
    );
    case.night().ends_with(&[0, 3]);
    assert!(case.told(SALES, 2) && !case.told(SALES, 3), "{:#?}", case.findings());
    assert!(case.told(SCRAP, 2), "{:#?}", case.findings());
    assert_eq!(case.manifest()["totals"]["parts_sales_fen"].as_i64().unwrap_or(11_700), 11_700);
}
