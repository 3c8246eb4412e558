//! The rules of the jobs, as `hesuan match --rules` reads them.

const SIDES: &str = r#"
[left]
id = ["id"]
amount = "amount"
date = "date"
currency = "currency"
[right]
id = ["id"]
amount = "amount"
date = "date"
currency = "currency"
"#;

const ORDER: &str = r#"
[[key]]
name = "order"
left = "reference"
right = "reference"
"#;

const STORE_AND_DAY: &str = r#"
[[key]]
name = "store"
left = "store"
right = "store"
[[key]]
name = "day"
left = "date"
right = "date"
"#;

fn rules(id: &str, keys: &str, passes: &[(&str, &str)]) -> String {
    let names = format!("id = \"{id}\"\nzh = \"结算单 × 收银流水\"\nen = \"Settlements × receipts\"\n");
    let passes = passes.iter().map(|(kind, key)| format!("[[pass]]\nkind = \"{kind}\"\nkey = [{key}]\n"));
    names + SIDES + keys + &passes.collect::<String>()
}

/// One settlement, one receipt.
pub fn job_a() -> String {
    rules("job_a", ORDER, &[("one_to_one", "\"order\""), ("differences", "\"order\"")])
}

/// One settlement, several receipts.
pub fn job_b() -> String {
    rules("job_b", ORDER, &[("groups", "\"order\""), ("differences", "\"order\"")])
}

/// By store and day alone: `pools` closes what sums up as a whole, `subsets` looks for the receipts of each settlement, and
/// `subsets both ways` for the settlements of each receipt too.
pub const KEYLESS: [&str; 3] = ["pools", "subsets", "subsets both ways"];

pub fn keyless(kind: &str) -> String {
    let pass = kind.split(' ').next().unwrap_or(kind);
    let many = if kind == "subsets" { "many = \"right\"\n" } else { "" };
    rules(&format!("job_{pass}"), STORE_AND_DAY, &[(pass, "\"store\", \"day\"")]) + many
}
