//! Small cases of our own in the form of those of other systems: one for each word of params that only few of them use.

use serde_json::{Value, json};

/// Name, params, left and right rows (`id,date,amount,currency,reference,name` unless headings stand first), expected.
pub struct Own {
    pub name: &'static str,
    pub params: Value,
    pub rows: [&'static str; 2],
    pub expected: Value,
}

const HEADINGS: &str = "id,date,amount,currency,reference,name\n";

impl Own {
    /// A side's file.
    pub fn file(&self, side: usize) -> String {
        let rows = self.rows[side];
        if rows.starts_with("id,") { rows.to_owned() } else { format!("{HEADINGS}{rows}") }
    }

    pub fn truth(&self) -> Value {
        let mut expected = json!({"amount_diff": [], "timing_diff": [], "ambiguous": [], "skipped": [],
            "unmatched_left": [], "unmatched_right": [], "duplicates": [], "error": null, "totals": {}});
        for (name, value) in self.expected.as_object().into_iter().flatten() {
            expected[name] = value.clone();
        }
        json!({"system": "own", "case": self.name, "level": "exact", "params": self.params, "expected": expected})
    }
}

fn pair(left: &str, right: &str, class: &str) -> Value {
    json!({"left": [left], "right": [right], "class": class})
}

pub fn all() -> Vec<Own> {
    vec![
        Own {
            name: "an asymmetric window by its ends, from the right side",
            params: json!({"mode": "1:1", "key": [], "date_low": -2, "date_high": 0, "date_anchor": "right"}),
            rows: [
                "L1,2026-10-03,10.00,,,\nL2,2026-10-06,20.00,,,\n",
                "R1,2026-10-05,10.00,,,\nR2,2026-10-05,20.00,,,\n",
            ],
            expected: json!({"matched": [pair("L1", "R1", "exact")], "unmatched_left": ["L2"], "unmatched_right": ["R2"]}),
        },
        Own {
            name: "hours from time to time",
            params: json!({"mode": "1:1", "key": [], "date_window_hours": 2}),
            rows: [
                "L1,2026-10-03 23:00:00,10.00,,,\nL2,2026-10-03 10:00:00,20.00,,,\n",
                "R1,2026-10-04 00:59:00,10.00,,,\nR2,2026-10-03 12:01:00,20.00,,,\n",
            ],
            expected: json!({"matched": [pair("L1", "R1", "exact")], "unmatched_left": ["L2"], "unmatched_right": ["R2"]}),
        },
        Own {
            name: "seconds that are whole days where no row has a time",
            params: json!({"mode": "1:1", "key": [], "time_window_seconds": 86_400}),
            rows: ["L1,2026-10-03,10.00,,,\n", "R1,2026-10-04,10.00,,,\n"],
            expected: json!({"matched": [pair("L1", "R1", "exact")]}),
        },
        Own {
            name: "rules one after the other, each with its own key and tolerance",
            params: json!({"rules": [
                {"mode": "1:1", "key": ["reference"], "amount_tolerance": "0"},
                {"mode": "1:1", "key": ["name"], "amount_tolerance": "0.50", "date_window_days": 1},
            ]}),
            rows: [
                "L1,2026-10-03,10.00,,A,x\nL2,2026-10-03,20.00,,B,y\nL3,2026-10-03,30.00,,C,z\n",
                "R1,2026-10-09,10.00,,A,q\nR2,2026-10-04,19.60,,D,y\nR3,2026-10-09,30.00,,E,z\n",
            ],
            expected: json!({"matched": [pair("L1", "R1", "exact"), pair("L2", "R2", "tolerance")],
                "unmatched_left": ["L3"], "unmatched_right": ["R3"]}),
        },
        Own {
            name: "a tie that is left",
            params: json!({"mode": "1:1", "key": ["reference"], "tie": "leave open"}),
            rows: ["L1,2026-10-03,10.00,,A,\n", "R1,2026-10-03,10.00,,A,\nR2,2026-10-03,10.00,,A,\n"],
            expected: json!({"matched": [], "ambiguous": [{"left": ["L1"], "right": ["R1", "R2"]}]}),
        },
        Own {
            name: "a subset of one sign only",
            params: json!({"mode": "1:N subset", "key": [], "same_sign": true}),
            rows: ["L1,2026-10-03,100.00,,,\n", "R1,2026-10-03,160.00,,,\nR2,2026-10-03,-60.00,,,\n"],
            expected: json!({"matched": [], "unmatched_left": ["L1"], "unmatched_right": ["R1", "R2"]}),
        },
        Own {
            name: "a percentage with a cap, one way only",
            params: json!({"mode": "1:1", "key": ["reference"], "amount_tolerance_pct": "1 of left, left larger only",
                "amount_tolerance_cap": "5.00"}),
            rows: [
                "L1,,1000.00,,A,\nL2,,1000.00,,B,\nL3,,100.00,,C,\n",
                "R1,,995.00,,A,\nR2,,994.99,,B,\nR3,,100.01,,C,\n",
            ],
            expected: json!({"matched": [pair("L1", "R1", "tolerance")], "amount_diff": [
                {"left": ["L2"], "right": ["R2"], "diff": "5.01"}, {"left": ["L3"], "right": ["R3"], "diff": "-0.01"}]}),
        },
        Own {
            name: "sources of one side in their order",
            params: json!({"mode": "1:1", "key": [], "source_priority": ["stripe", "paypal"]}),
            rows: ["L1,,10.00,,,\n", "id,amount,source\nR1,10.00,paypal\nR2,10.00,stripe\n"],
            expected: json!({"matched": [pair("L1", "R2", "exact")], "unmatched_right": ["R1"]}),
        },
        Own {
            name: "a minimum score of names is enough",
            params: json!({"mode": "1:1", "key": ["name token similarity"], "min_name_score": "0.5"}),
            rows: ["L1,,10.00,,,acme trading\nL2,,20.00,,,one two three\n", "R1,,10.00,,,acme\nR2,,20.00,,,one\n"],
            expected: json!({"matched": [pair("L1", "R1", "fuzzy")], "unmatched_left": ["L2"], "unmatched_right": ["R2"]}),
        },
        Own {
            name: "a row that came twice is there once",
            params: json!({"mode": "1:1", "key": [], "dedupe": {"by": ["reference", "amount"], "keep": "first"}}),
            rows: ["L1,2026-10-03,10.00,,A,\n", "R1,2026-10-03,10.00,,A,\nR2,2026-10-04,10.00,,A,\n"],
            expected: json!({"matched": [pair("L1", "R1", "exact")], "duplicates": ["R2"]}),
        },
        Own {
            name: "a decimal comma",
            params: json!({"mode": "1:1", "key": ["reference"], "decimal": ",", "thousands": "."}),
            rows: ["L1,2026-10-03,\"1.234,56\",,A,\n", "R1,2026-10-03,\"1234,56\",,A,\n"],
            expected: json!({"matched": [pair("L1", "R1", "exact")]}),
        },
        Own {
            name: "a home currency for rows that name none",
            params: json!({"mode": "1:1", "key": ["reference"], "currency": "must match", "default_currency": "CNY"}),
            rows: ["L1,,10.00,CNY,A,\nL2,,20.00,USD,B,\n", "R1,,10.00,,A,\nR2,,20.00,,B,\n"],
            expected: json!({"matched": [pair("L1", "R1", "exact")], "unmatched_left": ["L2"], "unmatched_right": ["R2"]}),
        },
    ]
}
