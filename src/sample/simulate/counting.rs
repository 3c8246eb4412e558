//! The shelves counted at every month's end. What is counted is what the books say, until faults are planted.

use super::months::months;
use crate::sample::books::Count;
use crate::sample::events::Shop;

pub fn fill(shop: &mut Shop) {
    for month in months(shop) {
        let of_day = shop.stock.iter().filter(|one| one.as_of == month.last);
        let counts =
            of_day.map(|one| Count { on: month.last, part: one.part, book: one.quantity, counted: one.quantity });
        shop.shelf_counts.extend(counts);
    }
}
