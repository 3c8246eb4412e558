//! The register of invoices, each with what was settled on the document that it names.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Material, View, clearing, facts, fen, plain, table_and, text};
use crate::model::records::{Facts, Invoice};
use crate::model::{ColumnKind, Fen, Text, Value};
use crate::reconcile::CheckKind;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "invoices_register", grain: "one row an invoice", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Fen, Key, Text};
    table_and(
        tables,
        "invoices",
        &[
            ("document", Key, "依据单号", "Document"),
            ("counted", Fen, "有效金额", "Counted"),
            ("settled", Fen, "结算/合同金额", "Settled"),
            ("invoiced", Fen, "该单已开票", "Invoiced on it"),
            ("difference", Fen, "差额", "Difference"),
            ("state", Text, "核对结果", "State"),
            ("state_id", Text, "结果代码", "State id"),
            ("source", Text, "来源", "Source"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("invoices") else { return Vec::new() };
    let facts = facts(material);
    let documents = documents(facts);
    let mut invoiced: HashMap<&str, Fen> = HashMap::new();
    for (invoice, document) in facts.invoices.iter().zip(&documents) {
        *invoiced.entry(document).or_default() += invoice.counted();
    }
    let settled = Settled::new(material);
    let unknown = material.reconciled.checks.iter().filter(|c| c.kind == CheckKind::InvoiceUnknown);
    let unknown: HashSet<&crate::model::Origin> = unknown.flat_map(|c| &c.origins).collect();
    // Facts keep the order of the table's rows.
    let row = |((row, invoice), document): ((&crate::model::Row, &Invoice), &String)| {
        let due = if document.is_empty() { None } else { settled.of(document) };
        let sum = invoiced.get(document.as_str()).copied().unwrap_or_default();
        let (id, words) = state(invoice, unknown.contains(&invoice.origin), due, sum);
        let known = due.filter(|_| !invoice.is_void());
        let off = known.map(|due| due.off(sum));
        let mut values = plain::values(table, row);
        values.extend([
            text(document.as_str()),
            fen(invoice.counted()),
            known.map_or(Value::Null, |due| fen(due.customer)),
            known.map_or(Value::Null, |_| fen(sum)),
            off.map_or(Value::Null, fen),
            text(words.get(material.lang)),
            text(id),
            text(clearing::places(material, std::slice::from_ref(&invoice.origin))),
        ]);
        values
    };
    (material.rows)("invoices").iter().zip(&facts.invoices).zip(&documents).map(row).collect()
}

/// What each invoice rests on: the number that it names; for a red letter that names none, that of the invoice which
/// it takes back; for a car's invoice the contract of the car.
fn documents(facts: &Facts) -> Vec<String> {
    let by_number: HashMap<&str, &Invoice> = facts.invoices.iter().map(|i| (i.invoice_no.as_str(), i)).collect();
    let sales = &facts.vehicle_sales;
    let contracts: BTreeMap<&str, &str> =
        sales.iter().filter(|s| !s.vin.is_empty()).map(|s| (s.vin.as_str(), s.contract_no.as_str())).collect();
    let own = |invoice: &Invoice| match (invoice.order_no.as_str(), contracts.get(invoice.vin.as_str())) {
        ("", Some(contract)) => (*contract).to_owned(),
        (number, _) => number.to_owned(),
    };
    let document = |invoice: &Invoice| match own(invoice) {
        none if none.is_empty() => by_number.get(invoice.voids.as_str()).map_or_else(String::new, |i| own(i)),
        number => number,
    };
    facts.invoices.iter().map(document).collect()
}

/// What may be invoiced on a document.
#[derive(Debug, Clone, Copy, Default)]
struct Due {
    customer: Fen,
    /// The insurer's part: it may be invoiced with the customer's.
    insurer: Fen,
}

impl Due {
    /// Invoiced − due; 0 where the insurer's part is invoiced as well.
    fn off(self, invoiced: Fen) -> Fen {
        if invoiced == self.customer + self.insurer { Fen::ZERO } else { invoiced - self.customer }
    }
}

/// Settled amounts by number.
struct Settled(HashMap<String, Due>);

impl Settled {
    fn new(material: &Material<'_>) -> Settled {
        let facts = facts(material);
        let mut due: HashMap<String, Due> = HashMap::new();
        for settlement in &facts.settlements {
            let one = due.entry(settlement.order_no.clone()).or_default();
            one.customer += settlement.customer_due;
            one.insurer += settlement.insurance_due;
        }
        for line in &facts.sales {
            due.entry(line.sale_no.clone()).or_default().customer += line.amount;
        }
        for sale in &facts.vehicle_sales {
            due.entry(sale.contract_no.clone()).or_default().customer += sale.price;
        }
        Settled(due)
    }

    /// Of all numbers that a document names; `None` where none of them is settled.
    fn of(&self, document: &str) -> Option<Due> {
        let numbers = crate::reconcile::read_reference(document);
        let known: Vec<&Due> = numbers.iter().filter_map(|number| self.0.get(number)).collect();
        let add =
            |sum: Due, one: &&Due| Due { customer: sum.customer + one.customer, insurer: sum.insurer + one.insurer };
        (!known.is_empty()).then(|| known.iter().fold(Due::default(), add))
    }
}

fn state(invoice: &Invoice, unknown: bool, due: Option<Due>, invoiced: Fen) -> (&'static str, Text) {
    let off = due.map(|due| due.off(invoiced).0);
    match off {
        _ if invoice.is_void() => ("void", Text::new("作废", "void")),
        _ if unknown => ("unknown", Text::new("无依据", "no document")),
        _ if invoice.is_red() => ("red", Text::new("红字", "red letter")),
        None => ("no_amount", Text::new("无结算金额", "nothing settled")),
        Some(0) => ("agrees", Text::new("相符", "agrees")),
        Some(over) if over > 0 => ("over", Text::new("多开", "more than settled")),
        Some(_) => ("under", Text::new("少开", "less than settled")),
    }
}
