//! What happened in a shop, as typed events. Every export and the list of planted faults is written from these.

use super::books::{Contract, Count, Move, Request, StockCar, Visit};
use super::pools::Part;
use super::registers::{Inspection, Journal, KeyEntry, ToolEntry, Training};
use crate::model::fen::Fen;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeSet;

/// Which dealer system the shop's exports come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    A,
    B,
}

/// Who pays: the position of a payer's share in every `[Fen; 4]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    Customer,
    Warranty,
    Insurance,
    Internal,
}

pub const PAYERS: [Payer; 4] = [Payer::Customer, Payer::Warranty, Payer::Insurance, Payer::Internal];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    FirstService,
    Maintenance,
    Repair,
    Body,
    Warranty,
    Comeback,
    Internal,
    Pdi,
    Accessory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tender {
    Cash,
    Card,
    Wechat,
    Alipay,
    Transfer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    Immediate,
    OnAccount,
}

/// How a car comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Again and again.
    Regular,
    /// Sold half a year ago: its first service falls due.
    Young,
    /// Not any more.
    Gone,
}

/// What the customer files have of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    Full,
    NoPhone,
    NoModel,
    /// An old phone number.
    OldPhone,
    Missing,
}

#[derive(Debug, Clone)]
pub struct Vehicle {
    pub plate: String,
    pub vin: String,
    pub model: &'static str,
    pub customer: String,
    pub phone: String,
    /// The company that has an account here, as a position in the list of companies.
    pub company: Option<usize>,
    pub mileage: i64,
    pub habit: Habit,
    pub sold_on: NaiveDate,
    /// Its last service before the first simulated day.
    pub serviced_on: Option<NaiveDate>,
    /// What it had run then.
    pub first_mileage: i64,
    pub member: bool,
    pub insured_until: NaiveDate,
    pub file: FileState,
    /// The last day on which it is in the shop.
    pub busy_until: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct LabourLine {
    pub code: &'static str,
    pub name: &'static str,
    pub technician: &'static str,
    pub team: &'static str,
    pub payer: Payer,
    /// Hundredths of an hour.
    pub standard_hours: i64,
    pub actual_hours: i64,
    pub list: Fen,
    pub discount: Fen,
    pub amount: Fen,
}

#[derive(Debug, Clone)]
pub struct PartLine {
    pub number: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub payer: Payer,
    /// Hundredths of a piece or litre.
    pub quantity: i64,
    pub cost: Fen,
    pub price: Fen,
    pub discount: Fen,
    pub amount: Fen,
    pub technician: &'static str,
    pub issued_at: NaiveDateTime,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub number: String,
    pub opened_at: NaiveDateTime,
    pub promised_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
    pub void_on: Option<NaiveDate>,
    pub vehicle: usize,
    pub mileage: i64,
    pub advisor: &'static str,
    pub team: &'static str,
    pub job: Job,
    pub appointment: Option<String>,
    pub comeback_of: Option<String>,
    pub labour: Vec<LabourLine>,
    pub parts: Vec<PartLine>,
    /// False where a fault keeps the order out of every order export.
    pub exported: bool,
    /// Something special happens to it, so no other fault may be planted here.
    pub special: bool,
}

/// The components of a settlement; what only the customer can have is not split by payer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Components {
    pub labour: [Fen; 4],
    pub parts: [Fen; 4],
    pub sublet: [Fen; 4],
    pub discount: Fen,
    pub waived: Fen,
    pub voucher: Fen,
    pub rounding: Fen,
}

impl Components {
    /// Labour, parts and sublet of one payer.
    pub fn gross(&self, payer: Payer) -> Fen {
        let at = payer as usize;
        self.labour[at] + self.parts[at] + self.sublet[at]
    }

    /// Labour, parts and sublet of all payers.
    pub fn gross_of_all(&self) -> Fen {
        PAYERS.iter().map(|payer| self.gross(*payer)).sum()
    }

    /// What each payer owes by these components.
    pub fn due(&self) -> [Fen; 4] {
        let mut due = PAYERS.map(|payer| self.gross(payer));
        due[0] = due[0] - self.discount - self.waived - self.voucher - self.rounding;
        due
    }

    /// The same with every sign turned.
    pub fn negated(&self) -> Components {
        Components {
            labour: self.labour.map(|fen| -fen),
            parts: self.parts.map(|fen| -fen),
            sublet: self.sublet.map(|fen| -fen),
            discount: -self.discount,
            waived: -self.waived,
            voucher: -self.voucher,
            rounding: -self.rounding,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Settlement {
    pub number: String,
    pub order: usize,
    pub at: NaiveDateTime,
    pub components: Components,
    /// What each payer owes, as the system printed it.
    pub due: [Fen; 4],
    pub terms: Terms,
    pub approver: &'static str,
    /// The settlement that this one takes back.
    pub reverses: Option<usize>,
}

/// What a receipt pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Order(usize),
    Sale(usize),
    Contract(usize),
}

#[derive(Debug, Clone)]
pub struct Receipt {
    pub number: String,
    pub at: NaiveDateTime,
    pub cashier: &'static str,
    /// The order reference as typed.
    pub order_ref: String,
    pub subjects: Vec<Subject>,
    pub settlement: Option<usize>,
    pub plate: String,
    pub payer: String,
    pub tender: Tender,
    pub amount: Fen,
    pub reference: String,
    pub purpose: &'static str,
    pub remark: &'static str,
    /// Taken away by a fault before numbers are given: the money was never received.
    pub dropped: bool,
}

#[derive(Debug, Clone)]
pub struct Sale {
    pub number: String,
    pub at: NaiveDateTime,
    pub customer: &'static str,
    pub lines: Vec<PartLine>,
}

#[derive(Debug, Clone)]
pub struct CashCount {
    pub day: NaiveDate,
    pub cashier: &'static str,
    pub counted: Fen,
}

#[derive(Debug, Clone)]
pub struct Voucher {
    pub number: String,
    pub face: Fen,
    pub issued_on: NaiveDate,
    pub expires_on: NaiveDate,
    pub plate: String,
    pub used: Option<(usize, NaiveDateTime)>,
}

#[derive(Debug, Clone)]
pub struct Appointment {
    pub number: String,
    pub planned_at: NaiveDateTime,
    pub plate: String,
    pub customer: String,
    pub order_no: Option<String>,
    pub proactive: bool,
}

#[derive(Debug, Clone)]
pub struct Callback {
    pub order: usize,
    pub on: NaiveDate,
    /// Reception, repair, price, waiting, checkout, cleanliness, overall; none where nobody answered.
    pub scores: Option<[i64; 7]>,
    pub comment: String,
}

#[derive(Debug, Clone)]
pub struct Complaint {
    pub number: String,
    pub order: usize,
    pub opened_on: NaiveDate,
    pub department: &'static str,
    pub content: String,
    pub owner: &'static str,
    pub due_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub satisfied: bool,
}

#[derive(Debug, Clone)]
pub struct Attendance {
    pub day: NaiveDate,
    pub technician: &'static str,
    pub team: &'static str,
    /// Hundredths of an hour.
    pub hours: i64,
}

#[derive(Debug, Clone)]
pub struct Claim {
    pub number: String,
    pub own_shop: bool,
    pub order_no: String,
    pub vin: String,
    pub labour: Fen,
    pub parts: Fen,
    pub filed_on: NaiveDate,
    pub resubmissions: i64,
    pub decided_on: Option<NaiveDate>,
    pub refused: bool,
    pub paid_on: Option<NaiveDate>,
    pub old_part: String,
    pub old_part_returned_on: Option<NaiveDate>,
}

/// A payment as the acquirer's statement has it.
#[derive(Debug, Clone)]
pub struct AcquirerLine {
    /// The number that the cashier's receipt carries too.
    pub reference: String,
    /// For a refund: the number of the payment that it gives back.
    pub refunds: Option<String>,
    pub at: NaiveDateTime,
    pub settled_on: NaiveDate,
    pub tender: Tender,
    pub gross: Fen,
    pub fee: Fen,
    pub receipt: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvoiceKind {
    Special,
    Ordinary,
    Vehicle,
}

#[derive(Debug, Clone)]
pub struct Invoice {
    /// Given at the end, in order of issue.
    pub number: String,
    pub kind: InvoiceKind,
    pub issued_on: NaiveDate,
    pub buyer: String,
    pub order_no: String,
    /// The contract of the car, for a motor-vehicle invoice.
    pub contract: Option<usize>,
    pub gross: Fen,
    /// The invoice that this red one takes back.
    pub voids: Option<usize>,
}

/// A line of the maker's statement.
#[derive(Debug, Clone)]
pub struct ClaimPayment {
    pub claim: String,
    pub paid_on: NaiveDate,
    pub approved: Fen,
    pub paid: Fen,
    pub remark: &'static str,
}

/// A line of a purchase order.
#[derive(Debug, Clone)]
pub struct Purchase {
    pub number: String,
    pub line: i64,
    pub part: Part,
    /// Hundredths of a piece or litre.
    pub quantity: i64,
    pub ordered_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
}

/// What the books say of one part at the end of a day.
#[derive(Debug, Clone)]
pub struct Stock {
    pub as_of: NaiveDate,
    pub part: Part,
    /// Hundredths of a piece or litre.
    pub quantity: i64,
    pub last_in: Option<NaiveDate>,
    pub last_out: Option<NaiveDate>,
}

/// A part written off, or waste sold.
#[derive(Debug, Clone)]
pub struct Scrap {
    pub number: String,
    pub on: NaiveDate,
    pub kind: &'static str,
    /// The part, where it is one.
    pub part: Option<Part>,
    pub item: &'static str,
    /// Hundredths of a unit.
    pub quantity: i64,
    pub unit: &'static str,
    pub amount: Fen,
    pub buyer: &'static str,
}

/// One fault put in on purpose, or one item that stands open at the end.
#[derive(Debug, Clone)]
pub struct Planted {
    pub kind: &'static str,
    pub order_no: String,
    /// Position of the receipt while planting; its number is known only at the end.
    pub receipt: Option<usize>,
    pub amount: Fen,
    pub date: NaiveDate,
    pub note: String,
}

/// What is wrong with the files of one day, not with what happened on it.
#[derive(Debug, Clone, Default)]
pub struct Defects {
    pub day: Option<NaiveDate>,
    /// An order whose job type is a word that nobody knows.
    pub unknown_job: Option<usize>,
    /// An order whose completion date is not in the calendar.
    pub impossible_date: Option<usize>,
    /// Receipts whose order number is typed in full-width characters with blanks behind it.
    pub wide: BTreeSet<usize>,
}

/// Days on which one number of a sequence is left out.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    pub settlement: Option<NaiveDate>,
    pub receipt: Option<NaiveDate>,
}

/// One shop and all that happened in it.
#[derive(Debug, Clone)]
pub struct Shop {
    pub code: String,
    pub name: String,
    pub style: Style,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub vehicles: Vec<Vehicle>,
    /// The first so many vehicles come again and again.
    pub regulars: usize,
    pub orders: Vec<Order>,
    pub settlements: Vec<Settlement>,
    pub receipts: Vec<Receipt>,
    pub sales: Vec<Sale>,
    pub counts: Vec<CashCount>,
    pub vouchers: Vec<Voucher>,
    pub appointments: Vec<Appointment>,
    pub callbacks: Vec<Callback>,
    pub complaints: Vec<Complaint>,
    pub attendance: Vec<Attendance>,
    pub claims: Vec<Claim>,
    pub portal: Vec<Claim>,
    pub acquirer: Vec<AcquirerLine>,
    pub contracts: Vec<Contract>,
    pub invoices: Vec<Invoice>,
    pub payments: Vec<ClaimPayment>,
    pub purchases: Vec<Purchase>,
    pub stock: Vec<Stock>,
    pub scrap: Vec<Scrap>,
    pub cars: Vec<StockCar>,
    pub visits: Vec<Visit>,
    pub moves: Vec<Move>,
    pub requests: Vec<Request>,
    pub shelf_counts: Vec<Count>,
    pub tools: Vec<ToolEntry>,
    pub training: Vec<Training>,
    pub inspections: Vec<Inspection>,
    pub keys: Vec<KeyEntry>,
    pub journals: Vec<Journal>,
    pub planted: Vec<Planted>,
    pub defects: Defects,
    pub gaps: Gaps,
}

impl Shop {
    /// The day in whose export something of a day stands: what is older than the first day came in one export before it.
    pub fn export_day(&self, day: NaiveDate) -> NaiveDate {
        self.start.pred_opt().map_or(day, |before| day.max(before))
    }

    /// Every day from the first to the last.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let end = self.end;
        self.start.iter_days().take_while(move |day| *day <= end)
    }
}
