//! What is done to a car: labour and part lines, and when it is ready.

use crate::model::fen::{Fen, divide_half_away};
use crate::sample::dice::Dice;
use crate::sample::events::{Job, LabourLine, PartLine, Payer};
use crate::sample::pools::{
    ACCESSORIES, ACCIDENT_OPS, ACCIDENT_PARTS, BODY_OPS, BODY_PARTS, OTHER_OPS, Operation, Part, REPAIR_OPS,
    REPAIR_PARTS, SERVICE_OPS, SERVICE_PARTS, TEAMS, WARRANTY_OPS, WARRANTY_PARTS,
};
use chrono::{Duration, NaiveDateTime, Timelike};

/// Fen an hour of mechanical and of body work.
const HOURLY: i64 = 12_800;
const HOURLY_BODY: i64 = 15_600;

/// The share of an amount in percent, rounded to the fen.
pub fn percent(amount: Fen, percent: i64) -> Fen {
    // An i64 share of an i64 amount with percent below 100 always fits.
    Fen(i64::try_from(divide_half_away(i128::from(amount.0) * i128::from(percent), 100)).unwrap_or(0))
}

/// quantity (hundredths) × price, rounded once.
pub fn product(quantity: i64, price: Fen) -> Fen {
    // Quantities and prices of the pools are far below what could overflow.
    Fen::from_quantity_price(quantity * 10_000, price.0 * 10_000).unwrap_or(Fen::ZERO)
}

/// The labour and part lines of a job.
pub fn lines(dice: &mut Dice, job: Job, opened_at: NaiveDateTime, team: usize) -> (Vec<LabourLine>, Vec<PartLine>) {
    let mut bench = Bench { dice, opened_at, team, labour: Vec::new(), parts: Vec::new() };
    match job {
        Job::Maintenance | Job::FirstService => {
            let payer = if job == Job::FirstService { Payer::Warranty } else { Payer::Customer };
            bench.operation(SERVICE_OPS[0], payer);
            bench.part(SERVICE_PARTS[0], payer);
            bench.part(SERVICE_PARTS[1], payer);
            if job == Job::Maintenance {
                bench.some_operations(&SERVICE_OPS[1..], 0, 2, payer);
                bench.some_parts(&SERVICE_PARTS[2..], 0, 3, payer);
            }
        }
        Job::Repair => {
            bench.some_operations(&REPAIR_OPS, 1, 2, Payer::Customer);
            bench.some_parts(&REPAIR_PARTS, 0, 3, Payer::Customer);
            if bench.dice.chance(6) {
                bench.operation(WARRANTY_OPS[1], Payer::Warranty);
                bench.part(WARRANTY_PARTS[1], Payer::Warranty);
            }
        }
        Job::Body => bench.body(),
        Job::Warranty => {
            bench.some_operations(&WARRANTY_OPS, 1, 2, Payer::Warranty);
            bench.some_parts(&WARRANTY_PARTS, 0, 1, Payer::Warranty);
        }
        Job::Comeback => bench.operation(OTHER_OPS[0], Payer::Internal),
        Job::Pdi => bench.operation(OTHER_OPS[1], Payer::Internal),
        Job::Internal => bench.operation(OTHER_OPS[2], Payer::Internal),
        Job::Accessory => {
            bench.operation(OTHER_OPS[3], Payer::Customer);
            bench.some_parts(&ACCESSORIES, 1, 2, Payer::Customer);
        }
    }
    (bench.labour, bench.parts)
}

/// The lines of one order while they are written.
struct Bench<'a> {
    dice: &'a mut Dice,
    opened_at: NaiveDateTime,
    team: usize,
    labour: Vec<LabourLine>,
    parts: Vec<PartLine>,
}

impl Bench<'_> {
    /// An accident: mostly the insurer's, sometimes with something that the customer pays.
    fn body(&mut self) {
        let payer = if self.dice.chance(78) { Payer::Insurance } else { Payer::Customer };
        self.some_operations(&BODY_OPS, 1, 2, payer);
        self.some_parts(&BODY_PARTS, 0, 2, payer);
        if self.dice.chance(8) {
            ACCIDENT_OPS.iter().for_each(|operation| self.operation(*operation, payer));
            self.some_parts(&ACCIDENT_PARTS, 3, 4, payer);
        }
        if self.dice.chance(30) {
            self.part(SERVICE_PARTS[7], Payer::Customer);
        }
        if payer == Payer::Insurance && self.dice.chance(30) {
            self.operation(BODY_OPS[3], Payer::Customer);
            self.part(BODY_PARTS[3], Payer::Customer);
        }
    }

    fn some_operations(&mut self, pool: &[Operation], low: i64, high: i64, payer: Payer) {
        let mut pool = pool.to_vec();
        self.dice.shuffle(&mut pool);
        let count = self.count(low, high);
        for operation in pool.into_iter().take(count) {
            self.operation(operation, payer);
        }
    }

    fn some_parts(&mut self, pool: &[Part], low: i64, high: i64, payer: Payer) {
        let mut pool = pool.to_vec();
        self.dice.shuffle(&mut pool);
        let count = self.count(low, high);
        for part in pool.into_iter().take(count) {
            self.part(part, payer);
        }
    }

    fn count(&mut self, low: i64, high: i64) -> usize {
        usize::try_from(self.dice.between(low, high)).unwrap_or(0)
    }

    fn operation(&mut self, (code, name, hours): Operation, payer: Payer) {
        let (team, technicians) = TEAMS[self.team];
        let list = product(hours, Fen(if self.team == 2 { HOURLY_BODY } else { HOURLY }));
        let cut = payer == Payer::Customer && self.dice.chance(5);
        let discount = if cut { percent(list, 10) } else { Fen::ZERO };
        self.labour.push(LabourLine {
            code,
            name,
            technician: self.dice.pick(&technicians),
            team,
            payer,
            standard_hours: hours,
            actual_hours: hours * self.dice.between(78, 126) / 100,
            list,
            discount,
            amount: list - discount,
        });
    }

    fn part(&mut self, (number, name, category, cost, price, quantity): Part, payer: Payer) {
        let gross = product(quantity, Fen(price));
        let cut = payer == Payer::Customer && category == "养护品" && self.dice.chance(15);
        let discount = if cut { percent(gross, 5) } else { Fen::ZERO };
        self.parts.push(PartLine {
            number,
            name,
            category,
            payer,
            quantity,
            cost: Fen(cost),
            price: Fen(price),
            discount,
            amount: gross - discount,
            technician: self.dice.pick(&TEAMS[self.team].1),
            issued_at: self.opened_at + Duration::seconds(self.dice.between(600, 3_000)),
        });
    }
}

/// When the car will be ready. Work that does not end by 18:30 ends on the next morning.
pub fn completion(dice: &mut Dice, job: Job, opened_at: NaiveDateTime) -> NaiveDateTime {
    let (days, low, high) = match job {
        Job::Body => (dice.between(1, 9), 0, 0),
        Job::Repair => (dice.weighted(&[(0, 80), (1, 10), (3, 6), (6, 4)]), 90, 330),
        Job::Warranty => (dice.weighted(&[(0, 85), (2, 10), (5, 5)]), 90, 300),
        _ => (0, 60, 200),
    };
    if days > 0 {
        return dice.moment(opened_at.date() + Duration::days(days), 9 * 60, 18 * 60);
    }
    let ready = opened_at + Duration::seconds(dice.between(low * 60, high * 60));
    if ready.date() == opened_at.date() && ready.num_seconds_from_midnight() <= 18 * 3600 + 1800 {
        return ready;
    }
    dice.moment(opened_at.date() + Duration::days(1), 8 * 60 + 40, 11 * 60)
}
