//! Sales of cars, their stock and the showroom's visits: a small shop whose numbers are worked out by hand.

mod common;

use common::Shop;
use common::books::Book;
use common::exports::{Kind, rows};
use serde_json::Value;

const END: &str = "2026-10-31";
const BEFORE: &str = "2026-10-24";

/// HT1 delivered in the month, HT2 delivered today, HT3 cancelled, HT4 ordered today without a cost, HT5 of September and
/// delivered after the reporting date.
const CONTRACTS: &str = "\
合同号,订单日期,客户名称,车型,车架号,销售顾问,指导价,销售价,成本,定金,精品收入,保险收入,金融收入,交车日期,退订日期,状态
HT1,2026-10-05,甲,云岭,VIN00001,严冬,120000.00,110000.00,105000.00,5000.00,3000.00,1000.00,2000.00,2026-10-20,,已交车
HT2,2026-10-10,乙,云岭,VIN00002,高远,120000.00,112000.00,106000.00,5000.00,,,,2026-10-31,,已交车
HT3,2026-10-12,丙,海棠,VIN00003,严冬,90000.00,85000.00,82000.00,5000.00,,,,,2026-10-25,已退订
HT4,2026-10-31,丁,海棠,VIN00004,高远,90000.00,86000.00,,5000.00,,,,,,已订
HT5,2026-09-28,戊,海棠,VIN00005,严冬,90000.00,88000.00,82000.00,3000.00,500.00,,,2026-11-02,,已交车
";

/// On the 30th: the car of HT2, one of each edge of a band, and one that nobody delivers.
const STOCK_30: &str = "\
快照日期,车架号,车型,到店日期,成本,位置
2026-10-30,VIN00002,云岭,2026-08-01,106000.00,展厅
2026-10-30,VIN00003,海棠,2026-10-01,82000.00,库一
2026-10-30,VIN00005,海棠,2026-08-02,82000.00,库一
2026-10-30,VIN00009,远川,2026-05-01,150000.00,库二
";

/// On the 31st HT2's car is gone, VIN00009 too without a word, and VIN00004 has arrived; HT1's car still stands there.
const STOCK_31: &str = "\
快照日期,车架号,车型,到店日期,成本,位置
2026-10-31,VIN00001,云岭,2026-09-30,105000.00,库一
2026-10-31,VIN00003,海棠,2026-10-01,82000.00,库一
2026-10-31,VIN00004,海棠,2026-10-31,81000.00,展厅
2026-10-31,VIN00005,海棠,2026-08-02,82000.00,库一
2026-10-31,VIN00006,远川,2026-08-01,150000.00,库二
2026-10-31,VIN00007,远川,2026-05-04,150000.00,库二
2026-10-31,VIN00008,远川,2026-05-03,150000.00,库二
";

const VISITS: &str = "\
客流编号,来店时间,客户名称,来店方式,销售顾问,是否录入系统,结果,战败原因
L1,2026-10-05 10:15,甲,首次来店,严冬,是,成交,
L2,2026-10-31 23:59,丁,再次来店,高远,是,成交,
L3,2026-10-31 10:05,己,首次来店,高远,否,战败,价格
L4,2026-10-31 10:55,庚,来电,严冬,否,跟进,
L5,2026-11-01 00:00,辛,首次来店,严冬,是,跟进,
";

fn shop() -> Shop {
    let shop = Shop::init();
    shop.put("汽车销售台账_20261031.csv", Kind::CsvUtf8.file(&rows(CONTRACTS)));
    shop.put("商品车库存_20261030.csv", Kind::CsvUtf8.file(&rows(STOCK_30)));
    shop.put("商品车库存_20261031.xlsx", Kind::Xlsx.file(&rows(STOCK_31)));
    shop.put("展厅客流_20261101.csv", Kind::CsvUtf8.file(&rows(VISITS)));
    shop
}

/// Figures of a period of a published date.
struct Figures(Value);

impl Figures {
    fn of(shop: &Shop, date: &str, period: &str) -> Figures {
        Figures(shop.manifest(date)["figures"][period].clone())
    }

    #[track_caller]
    fn whole(&self, id: &str) -> i64 {
        let value = &self.0[id];
        value["value"].as_i64().or(value["value_fen"].as_i64()).unwrap_or_else(|| panic!("{id}: {value}"))
    }

    #[track_caller]
    fn ratio(&self, id: &str) -> (i64, i64) {
        let value = &self.0[id];
        let number = |key: &str| value[key].as_i64().unwrap_or_else(|| panic!("{id}: {value}"));
        (number("numerator"), number("denominator"))
    }
}

#[test]
fn contracts_of_a_month() {
    let shop = shop();
    shop.publish(END);
    let month = Figures::of(&shop, END, "2026-10");
    assert_eq!((month.whole("vehicles_ordered"), month.whole("vehicles_cancelled")), (4, 1));
    assert_eq!((month.whole("vehicles_ordered_net"), month.whole("vehicles_delivered")), (3, 2));
    assert_eq!((month.whole("vehicle_sales_revenue"), month.whole("vehicle_cost")), (22_200_000, 21_100_000));
    assert_eq!(
        (month.whole("vehicle_margin_amount"), month.ratio("vehicle_margin")),
        (1_100_000, (1_100_000, 22_200_000))
    );
    assert_eq!((month.whole("vehicle_other_income"), month.whole("vehicle_total_margin")), (600_000, 1_700_000));
    assert_eq!(month.ratio("total_margin_per_car"), (1_700_000, 2));
    assert_eq!((month.ratio("discount_per_car"), month.ratio("days_to_delivery")), ((1_800_000, 2), (36, 2)));
    // HT4, and HT5 whose delivery lies after the date.
    assert_eq!((month.whole("vehicles_on_order"), month.whole("deposits_on_order")), (2, 800_000));
    let day = Figures::of(&shop, END, END);
    let counts = ["vehicles_ordered", "vehicles_cancelled", "vehicles_delivered"].map(|id| day.whole(id));
    assert_eq!(counts, [1, 0, 1]);
    assert_eq!(day.whole("vehicle_total_margin"), 600_000);
}

/// A week earlier nothing was cancelled yet, HT2 not delivered, HT4 not written.
#[test]
fn what_comes_later_has_not_happened() {
    let shop = shop();
    shop.publish(BEFORE);
    let month = Figures::of(&shop, BEFORE, "2026-10");
    let counts = ["vehicles_ordered", "vehicles_cancelled", "vehicles_delivered", "vehicles_on_order"];
    assert_eq!(counts.map(|id| month.whole(id)), [3, 0, 1, 3]);
}

#[test]
fn stock_by_age_and_by_vin() {
    let shop = shop();
    shop.publish(END);
    let day = Figures::of(&shop, END, END);
    assert_eq!((day.whole("vehicle_stock_count"), day.whole("vehicle_stock_value")), (7, 80_000_000));
    // Ages 31, 30, 0, 90, 91, 180, 181: 90 is the last of its band, 180 the last of the next.
    assert_eq!(day.ratio("vehicle_stock_days"), (603, 7));
    assert_eq!(day.ratio("vehicle_aged_share"), (3, 7));
    // Four before; VIN00001, 4, 6, 7, 8 arrived, VIN00002 and 9 left.
    let movement = ["vehicle_stock_opening", "vehicles_arrived", "vehicles_left"].map(|id| day.whole(id));
    assert_eq!(movement, [4, 5, 2]);
    // VIN00009 left without a delivery, VIN00001 was delivered and is still there.
    assert_eq!(day.whole("vehicle_stock_differences"), 2);
    assert_eq!(day.whole("vehicle_stock_ordered"), 2); // HT4, HT5
    let book = Book::open(&shop.folder(END).join("销售日报.xlsx"));
    let bands = book.list("商品车库存", "按库龄");
    let counts: Vec<(&str, &str)> =
        bands.iter().map(|row| (row["库龄段"].as_str(), row["库存台数"].as_str())).collect();
    assert_eq!(counts, [("1) 0–30", "2"), ("2) 31–60", "1"), ("3) 61–90", "1"), ("4) 91–180", "2"), ("5) >180", "1")]);
    let moves = book.list("商品车库存", "当日出入库与待查");
    let odd: Vec<(&str, &str)> = moves
        .iter()
        .map(|row| (row["说明"].as_str(), row["车架号"].as_str()))
        .filter(|(say, _)| *say != "入库")
        .collect();
    assert_eq!(odd, [("交车出库", "VIN00002"), ("出库无交车记录", "VIN00009"), ("已交车仍在库", "VIN00001")]);
}

#[test]
fn visits_of_a_day() {
    let shop = shop();
    shop.publish(END);
    let day = Figures::of(&shop, END, END);
    let counts = ["visits", "first_visits", "visit_calls", "visits_entered", "visits_won", "visits_lost"];
    assert_eq!(counts.map(|id| day.whole(id)), [3, 1, 1, 1, 1, 1]);
    let month = Figures::of(&shop, END, "2026-10");
    assert_eq!((month.ratio("closing_rate"), month.ratio("visits_entered_share")), ((4, 4), (2, 4)));
    let book = Book::open(&shop.folder(END).join("销售日报.xlsx"));
    let hours = book.list("展厅客流", "当日按时段");
    let visits: Vec<(&str, &str)> = hours.iter().map(|row| (row["时段"].as_str(), row["客流"].as_str())).collect();
    assert_eq!(visits, [("10:00", "2"), ("23:00", "1")]);
    let lost = book.list("战败客户", "本月战败");
    assert_eq!(lost.iter().map(|row| row["战败原因"].as_str()).collect::<Vec<_>>(), ["价格"]);
}

#[test]
fn salespeople_add_up_to_the_shop() {
    let shop = shop();
    shop.publish(END);
    let book = Book::open(&shop.folder(END).join("销售月报.xlsx"));
    let people = book.list("按车型与顾问", "按销售顾问（对目标）");
    let sum = |column: &str| people.iter().map(|row| row[column].parse::<i64>().unwrap_or(0)).sum::<i64>();
    assert_eq!((sum("新订单"), sum("交车"), sum("综合毛利")), (4, 2, 17_000));
    assert!(shop.folder(END).join("销售月报.xlsx").exists());
    let count = book.list("商品车盘点表", "盘点");
    assert_eq!(count.len(), 7);
    assert!(count[0].contains_key("差异说明"));
}

#[test]
fn the_week_ends_on_sunday() {
    let shop = shop();
    shop.publish("2026-11-01");
    let book = Book::open(&shop.folder("2026-11-01").join("销售周报.xlsx"));
    let days = book.list("销售周报", "逐日");
    let visits: Vec<&str> = days.iter().map(|row| row["客流"].as_str()).collect();
    assert_eq!(visits, ["0", "0", "0", "0", "0", "3", "1"]);
}
