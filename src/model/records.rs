//! The typed records of the clearing: what settlements, receipts, orders and their lines say, as of a date.
//!
//! They are made from rows of the canonical tables by the names of their columns, which the table specs fix.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::fen::Fen;
use super::table::{Origin, Row, TableDef, Value};

/// Reads the columns of one table by name.
pub struct Columns<'a> {
    table: &'a TableDef,
}

impl<'a> Columns<'a> {
    pub fn new(table: &'a TableDef) -> Columns<'a> {
        Columns { table }
    }

    /// Position of a column.
    ///
    /// # Panics
    /// Where a canonical table lacks the column: the built-in table spec and this file contradict each other.
    fn at(&self, name: &str) -> usize {
        let found = self.table.column(name);
        found.unwrap_or_else(|| panic!("canonical table {} has no column {name}", self.table.id))
    }
}

fn text(row: &Row, at: usize) -> String {
    match &row.values[at] {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// Defines a record, its columns and how it is made from a row. What is derived no row of the table says.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ident),* $(,)? }
     $(derived { $($(#[$flag_doc:meta])* $flag:ident),* })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            pub origin: Origin,
            $($(#[$field_doc])* pub $field: record!(@type $kind),)*
            $($($(#[$flag_doc])* pub $flag: bool,)*)?
        }

        impl $name {
            /// All records of a table.
            pub fn all(table: &TableDef, rows: &[Row]) -> Vec<$name> {
                let columns = Columns::new(table);
                $(let $field = columns.at(stringify!($field));)*
                rows.iter()
                    .map(|row| $name {
                        $($field: record!(@read $kind, row, $field),)*
                        $($($flag: false,)*)?
                        origin: row.origin.clone(),
                    })
                    .collect()
            }
        }
    };
    (@type text) => { String };
    (@type fen) => { Fen };
    (@type maybe_fen) => { Option<Fen> };
    (@type int) => { Option<i64> };
    (@type date) => { Option<NaiveDate> };
    (@type time) => { Option<NaiveDateTime> };
    (@read text, $row:ident, $at:ident) => { text($row, $at) };
    (@read fen, $row:ident, $at:ident) => { $row.values[$at].fen() };
    (@read maybe_fen, $row:ident, $at:ident) => { $row.values[$at].int().map(Fen) };
    (@read int, $row:ident, $at:ident) => { $row.values[$at].int() };
    (@read date, $row:ident, $at:ident) => { $row.values[$at].date() };
    (@read time, $row:ident, $at:ident) => { $row.values[$at].time() };
}

record!(
    /// A repair order (委托书).
    Order {
        /// The system's internal key, else the order number.
        order_id: text,
        order_no: text,
        opened_at: time,
        completed_at: time,
        plate: text,
        vin: text,
        customer: text,
        advisor: text,
        job_type: text,
        /// `open`, `completed`, `settled`, `void`; empty where the export has no status.
        status: text,
    }
);

record!(
    /// One labour line (工时明细). `order_id` is as the line's export writes it: key or number.
    LaborLine {
        order_id: text,
        line_no: text,
        pay_type: text,
        amount: maybe_fen,
    }
);

record!(
    /// One part line (用料明细). Its amount is the export's, else quantity × price − discount; `None` = not known.
    PartLine {
        order_id: text,
        line_no: text,
        part_no: text,
        pay_type: text,
        /// Millionths.
        qty: int,
        /// Millionths of a yuan.
        unit_cost: int,
        /// Millionths of a yuan.
        unit_price: int,
        discount: fen,
        amount: maybe_fen,
        issued_at: time,
    }
);

record!(
    /// A settlement (结算单). Dues are what each payer owes; a reversal's are negative.
    Settlement {
        settlement_no: text,
        version: int,
        order_id: text,
        order_no: text,
        settled_at: time,
        plate: text,
        customer: text,
        advisor: text,
        labor_amount: fen,
        parts_amount: fen,
        sublet_amount: fen,
        discount_amount: fen,
        waived_amount: fen,
        voucher_amount: fen,
        rounding_amount: fen,
        customer_due: fen,
        warranty_due: fen,
        insurance_due: fen,
        internal_due: fen,
        /// Who pays `insurance_due`, and under which number of its own; empty where the export names neither.
        insurer: text,
        case_no: text,
        terms: text,
        approver: text,
        kind: text,
        /// The settlement that this reversal takes back.
        reverses: text,
        amounts_from: text,
    }
);

record!(
    /// A receipt (收款). Positive = money received by the shop, negative = refund.
    Receipt {
        receipt_no: text,
        received_at: time,
        cashier: text,
        /// As typed: one or several order numbers.
        order_ref: text,
        /// The internal key, where the export carries it.
        order_id: text,
        settlement_no: text,
        vin: text,
        plate: text,
        payer: text,
        tender: text,
        amount: fen,
        reference: text,
        /// A code of the word list `purpose`; empty where the export has none, or a word that nobody knows.
        purpose: text,
    }
    derived {
        /// Brought in with an opening item (期初未销): no cashier of this ledger took it, no export of receipts has it.
        is_opening
    }
);

record!(
    /// An open item that a shop brings with it when it starts (期初未销), as of the end of `balance_on`.
    Opening {
        balance_on: date,
        order_no: text,
        receipt_no: text,
        plate: text,
        customer: text,
        advisor: text,
        settlement_no: text,
        settled_on: date,
        terms: text,
        /// What the order's settlements came to, whatever of it is paid.
        due: fen,
        received_on: date,
        tender: text,
        payer: text,
        purpose: text,
        /// What was received on it, or on no order.
        received: fen,
    }
);

record!(
    /// What a cashier counted and handed over.
    CashCount {
        date: date,
        cashier: text,
        tender: text,
        counted_amount: fen,
        handed_to: text,
    }
);

record!(
    /// One line of a counter sale (配件销售单).
    SaleLine {
        sale_no: text,
        line_no: text,
        sold_at: time,
        customer: text,
        part_no: text,
        /// Millionths; negative = taken back.
        qty: int,
        amount: fen,
    }
);

record!(
    /// A voucher of the register (代金券).
    Voucher {
        voucher_no: text,
        face_amount: fen,
        issued_on: date,
        expires_on: date,
        order_no: text,
        used_at: time,
    }
);

record!(
    /// One line of an acquirer's statement (POS, 微信, 支付宝 对账单). A refund's amounts are negative.
    AcquirerLine {
        reference: text,
        transacted_at: time,
        /// When the acquirer paid it out; empty = not yet.
        settled_on: date,
        /// The statement's own word.
        channel: text,
        gross: fen,
        fee: maybe_fen,
        net: maybe_fen,
    }
);

record!(
    /// A warranty claim, of the shop's register (索赔单) or of the maker's upload system.
    Claim {
        claim_no: text,
        dealer: text,
        /// The name of a second-level dealer, as the export writes it.
        dealer_name: text,
        order_no: text,
        vin: text,
        total_amount: fen,
        filed_on: date,
        status: text,
        decided_on: date,
        /// What the maker agreed to pay; `None` = not decided, or not in the export.
        approved_amount: maybe_fen,
        paid_on: date,
        paid_amount: maybe_fen,
        old_part_no: text,
        old_part_returned_on: date,
    }
);

record!(
    /// One line of the maker's statement of claim payments; a take-back is negative.
    MakerPayment {
        statement_no: text,
        line_no: text,
        claim_no: text,
        paid_on: date,
        approved_amount: maybe_fen,
        paid_amount: fen,
    }
);

record!(
    /// An invoice (发票). A red letter's amounts are negative.
    Invoice {
        invoice_no: text,
        kind: text,
        issued_on: date,
        buyer: text,
        /// An order's, a sale's or a contract's number, or several.
        order_no: text,
        vin: text,
        gross_amount: fen,
        /// The invoice that this red letter takes back.
        voids: text,
        /// `normal`, `void`, `red`; empty where the export has none.
        status: text,
    }
);

record!(
    /// One part of a stock snapshot (库存快照), at the end of its day.
    StockLine {
        as_of: date,
        part_no: text,
        part_name: text,
        /// Millionths.
        qty: int,
        /// Millionths of a yuan.
        unit_cost: int,
    }
);

record!(
    /// One line of a parts order, with what came of it (配件入库).
    PartReceived {
        part_no: text,
        received_on: date,
        /// Millionths.
        received_qty: int,
    }
);

record!(
    /// Parts and waste thrown away or sold (报废, 废旧). `item` names a part where it is one.
    Scrap {
        scrap_no: text,
        date: date,
        item: text,
        /// Millionths.
        qty: int,
        /// What it was sold for.
        amount: fen,
    }
);

mod cars;
mod debts;
mod own;
pub use cars::{AccessoryMove, CANCELLED_WORDS, VehicleSale};
pub use debts::{Approver, InsurerPayment};
pub use own::{CarCount, Decision, Lacking, Voided};

impl Settlement {
    pub fn is_reversal(&self) -> bool {
        self.kind == "reversal"
    }

    pub fn settled_on(&self) -> Option<NaiveDate> {
        self.settled_at.map(|t| t.date())
    }

    /// Labour + parts + sublet, before discount.
    pub fn gross(&self) -> Fen {
        self.labor_amount + self.parts_amount + self.sublet_amount
    }

    /// What finds its order: the internal key where the export carries one, else the order number.
    pub fn order_key(&self) -> &str {
        if self.order_id.is_empty() { &self.order_no } else { &self.order_id }
    }

    /// The settlement's number with its version, as one key.
    pub fn key(&self) -> (&str, i64) {
        (&self.settlement_no, self.version.unwrap_or(1))
    }
}

impl Opening {
    /// The day from which what is due is owed: the settlement, or at the latest the balance. `None` where nothing is due.
    pub fn owed_since(&self) -> Option<NaiveDate> {
        self.settled_on.or(self.balance_on).filter(|_| !self.due.is_zero())
    }
}

impl Claim {
    /// What the maker agreed to pay as of the date; `None` while it has not decided, or refused.
    pub fn approved(&self) -> Option<Fen> {
        self.approved_amount.filter(|amount| self.decided_on.is_some() && amount.0 > 0)
    }
}

impl Invoice {
    /// Void invoices count 0.
    pub fn is_void(&self) -> bool {
        self.status == "void"
    }

    /// 红字: takes another one back.
    pub fn is_red(&self) -> bool {
        !self.is_void() && (self.status == "red" || self.gross_amount.0 < 0)
    }

    /// What it counts in a sum.
    pub fn counted(&self) -> Fen {
        if self.is_void() { Fen::ZERO } else { self.gross_amount }
    }
}

impl Order {
    /// Void orders are not live.
    pub fn is_live(&self) -> bool {
        self.status != "void"
    }
}

impl PartLine {
    /// The line's amount in fen; `None` where neither amount nor price is known.
    pub fn known_amount(&self) -> Option<Fen> {
        self.amount.or_else(|| Some(Fen::from_quantity_price(self.qty?, self.unit_price?)? - self.discount))
    }
}

/// Everything that the clearing and the checks look at, as of one date.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// In the order in which they were made.
    pub decisions: Vec<Decision>,
    /// Rows that newer exports lack and that count all the same; told only where a decision may be about one.
    pub lacking: Vec<Lacking>,
    /// Rows that decisions have taken out: they are in none of the lists below.
    pub voided: Vec<Voided>,
    pub car_counts: Vec<CarCount>,
    pub orders: Vec<Order>,
    pub labor_lines: Vec<LaborLine>,
    pub part_lines: Vec<PartLine>,
    pub settlements: Vec<Settlement>,
    pub receipts: Vec<Receipt>,
    /// What the shop brought with it when it started.
    pub openings: Vec<Opening>,
    pub cash_counts: Vec<CashCount>,
    pub sales: Vec<SaleLine>,
    pub vouchers: Vec<Voucher>,
    /// Newest voucher register: a voucher used later cannot be in it yet.
    pub vouchers_known_to: Option<NaiveDate>,
    pub acquirer_lines: Vec<AcquirerLine>,
    /// The shop's own register of claims.
    pub claims: Vec<Claim>,
    /// The maker's upload system.
    pub portal_claims: Vec<Claim>,
    pub maker_payments: Vec<MakerPayment>,
    pub invoices: Vec<Invoice>,
    pub vehicle_sales: Vec<VehicleSale>,
    pub accessory_moves: Vec<AccessoryMove>,
    pub insurer_payments: Vec<InsurerPayment>,
    /// Empty where no list of approvers has ever come.
    pub approvers: Vec<Approver>,
    pub stock: Vec<StockLine>,
    pub parts_received: Vec<PartReceived>,
    pub scrap: Vec<Scrap>,
    /// Dates of the exports, by the ledger's number of the file; an undated one is left out.
    pub exported: BTreeMap<i64, NaiveDate>,
}
