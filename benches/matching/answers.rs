//! What a program answered: counts from a peer's line or from `hesuan match --json`, and the matches of jobs C and D
//! held against the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use crate::keyed::Counts;
use crate::keyless::Truth;

/// `matched=990000 amount_diff=6000 left_only=4000 right_only=204000`
pub fn counts_of_peer(output: &Path) -> Counts {
    let text = fs::read_to_string(output).unwrap();
    let numbers: BTreeMap<&str, u64> = text
        .split_whitespace()
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, number)| (name, number.parse().unwrap()))
        .collect();
    Counts {
        matched: numbers["matched"],
        amount_diff: numbers["amount_diff"],
        left_only: numbers["left_only"],
        right_only: numbers["right_only"],
    }
}

/// The length of a list whose entries are not kept: a million matches would make this process large.
#[derive(Default)]
struct Length(u64);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
        struct Counting;
        impl<'de> Visitor<'de> for Counting {
            type Value = Length;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Length, A::Error> {
                let mut length = Length::default();
                while entries.next_element::<IgnoredAny>()?.is_some() {
                    length.0 += 1;
                }
                Ok(length)
            }
        }
        deserializer.deserialize_seq(Counting)
    }
}

#[derive(Deserialize)]
struct Lengths {
    matched: Length,
    amount_diff: Length,
    unmatched_left: Length,
    unmatched_right: Length,
}

pub fn counts_of_hesuan(json: &Path) -> Counts {
    let lengths: Lengths = serde_json::from_reader(BufReader::new(File::open(json).unwrap())).unwrap();
    Counts {
        matched: lengths.matched.0,
        amount_diff: lengths.amount_diff.0,
        left_only: lengths.unmatched_left.0,
        right_only: lengths.unmatched_right.0,
    }
}

#[derive(Deserialize)]
struct Answer {
    matched: Vec<Match>,
    #[serde(default)]
    ambiguous: Vec<Ambiguity>,
}

#[derive(Deserialize)]
struct Match {
    left: Vec<String>,
    right: Vec<String>,
    #[serde(default)]
    ambiguous: bool,
}

#[derive(Deserialize)]
struct Ambiguity {
    left: Vec<String>,
    /// Sets that would do, of one settlement or of several that are in each other's way.
    #[serde(default)]
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    left: Vec<String>,
    right: Vec<String>,
}

/// Settlements by how they were answered; together they are all settlements.
#[derive(Debug, Default, Clone, Copy)]
pub struct Verdict {
    pub right: usize,
    pub wrong: usize,
    pub ambiguous: usize,
    /// Ambiguous ones whose true receipts are among the choices that are shown.
    pub truth_offered: usize,
    /// Closed together with other settlements, against just the receipts of all of them.
    pub pooled: usize,
    /// Closed together, but not against their receipts.
    pub pooled_wrong: usize,
    pub open: usize,
}

pub fn verdict(json: &Path, truth: &Truth) -> Verdict {
    let answer: Answer = serde_json::from_reader(BufReader::new(File::open(json).unwrap())).unwrap();
    let mut verdict = Verdict::default();
    let mut answered = BTreeSet::new();
    let mut answer_once = |lefts: &[String]| {
        for left in lefts {
            assert!(truth.contains_key(left), "{left}: no settlement of this job");
            assert!(answered.insert(left.clone()), "{left} is answered twice");
        }
    };
    for found in &answer.matched {
        answer_once(&found.left);
        let expected: BTreeSet<&String> = found.left.iter().flat_map(|left| &truth[left]).collect();
        let is_right = expected == found.right.iter().collect::<BTreeSet<_>>();
        let settlements = found.left.len();
        match (found.ambiguous, settlements, is_right) {
            (true, _, _) => {
                verdict.ambiguous += settlements;
                verdict.truth_offered += if is_right { settlements } else { 0 };
            }
            (false, 1, true) => verdict.right += 1,
            (false, 1, false) => verdict.wrong += 1,
            (false, _, true) => verdict.pooled += settlements,
            (false, _, false) => verdict.pooled_wrong += settlements,
        }
    }
    for found in &answer.ambiguous {
        answer_once(&found.left);
        verdict.ambiguous += found.left.len();
        let is_offered = |left: &&String| {
            let expected: BTreeSet<&String> = truth[*left].iter().collect();
            let is_true =
                |c: &Choice| c.left == [(*left).clone()] && c.right.iter().collect::<BTreeSet<_>>() == expected;
            found.choices.iter().any(is_true)
        };
        verdict.truth_offered += found.left.iter().filter(is_offered).count();
    }
    verdict.open = truth.len() - answered.len();
    verdict
}
