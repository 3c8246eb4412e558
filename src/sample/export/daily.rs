//! The files of one day, each in the shape that its system gives it on that day.

use super::cell::{DateShape, Sheet};
use super::delimited::Dialect;
use super::words::by;
use super::{File, Form, cashier, invoices, lines, orders, settlements, showroom, store, varies, workbook};
use crate::sample::events::{Shop, Style};
use chrono::{Duration, NaiveDate};

/// All daily exports of a day; `index` counts the days from 0.
pub fn files(shop: &Shop, index: i64, day: NaiveDate, of_day: &[usize]) -> Vec<File> {
    let one = Day { shop, index, day };
    vec![
        one.orders(of_day),
        one.labour(),
        workbook(one.name(lines::PARTS_FILE, "xlsx"), &lines::parts(shop, day)),
        one.settlements(),
        one.receipts(),
        one.counts(),
        one.sales(),
        one.cars(),
        one.visits(),
        one.moves(),
        one.requests(),
        one.contracts(),
    ]
}

/// What there was on the evening before the first day: cars, accessories, and the orders of before.
pub fn opening(shop: &Shop, of_before: &[usize]) -> Vec<File> {
    let one = Day { shop, index: 0, day: shop.start - Duration::days(1) };
    vec![
        one.cars(),
        one.moves(),
        one.orders(of_before),
        one.labour(),
        workbook(one.name(lines::PARTS_FILE, "xlsx"), &lines::parts(shop, one.day)),
        one.settlements(),
        one.receipts(),
    ]
}

struct Day<'a> {
    shop: &'a Shop,
    index: i64,
    day: NaiveDate,
}

impl Day<'_> {
    fn name(&self, names: [&str; 2], extension: &str) -> String {
        format!("{}_{}.{extension}", by(self.shop.style, names), self.day.format("%Y%m%d"))
    }

    fn varies(&self) -> bool {
        varies(self.shop, self.index)
    }

    /// Text exports print moments in a different way by turns.
    fn shape(&self) -> DateShape {
        [DateShape::Seconds, DateShape::Minutes, DateShape::Slash][usize::try_from(self.index % 3).unwrap_or(0)]
    }

    fn text(&self, names: [&str; 2], sheet: &Sheet, dialect: Dialect) -> File {
        File::of(self.name(names, "csv"), sheet.bare(), Form::Text(dialect, self.shape()))
    }

    fn orders(&self, of_day: &[usize]) -> File {
        let shape = if self.shop.style == Style::A { self.shape() } else { DateShape::Minutes };
        let sheet = orders::sheet(self.shop, self.day, of_day, shape);
        if self.shop.style == Style::B {
            return workbook(self.name(orders::FILE, "xlsx"), &sheet);
        }
        let spans = self.varies() && self.index % 4 == 0;
        let form = Form::Html { shape, group: spans.then_some(sheet.group) };
        File::of(self.name(orders::FILE, "xls"), if spans { sheet.grouped(shape) } else { sheet.bare() }, form)
    }

    fn labour(&self) -> File {
        let sheet = lines::labour(self.shop, self.day);
        match self.shop.style {
            Style::B => self.text(lines::LABOUR_FILE, &sheet, Dialect::Gb18030),
            Style::A if self.varies() && self.index % 2 == 0 => {
                self.text(lines::LABOUR_FILE, &sheet, Dialect::Utf8Marked)
            }
            Style::A => workbook(self.name(lines::LABOUR_FILE, "xlsx"), &sheet),
        }
    }

    fn settlements(&self) -> File {
        let sheet = settlements::sheet(self.shop, self.day);
        let (extension, form, grid) = match (self.shop.style, self.varies(), self.index % 3) {
            (Style::B, ..) => ("xls", Form::Xls, sheet.plain()),
            (Style::A, true, 0) => ("ods", Form::Ods, sheet.plain()),
            (Style::A, true, 1) => ("xlsx", Form::Xlsx, sheet.paged()),
            (Style::A, ..) => ("xlsx", Form::Xlsx, sheet.plain()),
        };
        File::of(self.name(settlements::FILE, extension), grid, form)
    }

    fn receipts(&self) -> File {
        let sheet = cashier::receipts(self.shop, self.day);
        if self.shop.style == Style::B {
            return workbook(self.name(cashier::RECEIPTS_FILE, "xlsx"), &sheet);
        }
        let tabs = self.varies() && self.index % 3 == 2;
        let dialect = if tabs { Dialect::Utf16Tabs } else { Dialect::Gb18030 };
        self.text(cashier::RECEIPTS_FILE, &sheet, dialect)
    }

    fn counts(&self) -> File {
        let dialect = by(self.shop.style, [Dialect::Utf8, Dialect::Utf8Marked]);
        self.text(cashier::COUNTS_FILE, &cashier::counts(self.shop, self.day), dialect)
    }

    fn cars(&self) -> File {
        let sheet = showroom::cars(self.shop, self.day);
        match self.shop.style {
            Style::A => self.text(showroom::CARS_FILE, &sheet, Dialect::Gb18030),
            Style::B => workbook(self.name(showroom::CARS_FILE, "xlsx"), &sheet),
        }
    }

    fn visits(&self) -> File {
        let dialect = by(self.shop.style, [Dialect::Utf8Marked, Dialect::Gb18030]);
        self.text(showroom::VISITS_FILE, &showroom::visits(self.shop, self.day), dialect)
    }

    fn moves(&self) -> File {
        let dialect = by(self.shop.style, [Dialect::Utf8, Dialect::Utf8Marked]);
        self.text(showroom::MOVES_FILE, &showroom::moves(self.shop, self.day), dialect)
    }

    fn contracts(&self) -> File {
        let dialect = by(self.shop.style, [Dialect::Gb18030, Dialect::Utf8Marked]);
        self.text(invoices::CONTRACTS_FILE, &invoices::contracts_as_of(self.shop, self.day), dialect)
    }

    fn requests(&self) -> File {
        let dialect = by(self.shop.style, [Dialect::Utf8Marked, Dialect::Utf16Tabs]);
        self.text(store::REQUESTS_FILE, &store::requests(self.shop, self.day), dialect)
    }

    fn sales(&self) -> File {
        let sheet = cashier::sales(self.shop, self.day);
        if self.shop.style == Style::B {
            return workbook(self.name(cashier::SALES_FILE, "xlsx"), &sheet);
        }
        File::of(self.name(cashier::SALES_FILE, "xls"), sheet.plain(), Form::Xls)
    }
}
