//! How many trials ended how.

use std::collections::BTreeMap;
use std::fmt;

use crate::spoil::Fault;
use crate::trial::{End, Trial};

#[derive(Default)]
pub struct Tally {
    right: usize,
    told: BTreeMap<String, usize>,
    /// By kind: what nothing else contradicts.
    alone: BTreeMap<Fault, Vec<Trial>>,
    pub silent: Vec<Trial>,
}

impl Tally {
    pub fn add(&mut self, trial: Trial) {
        match &trial.end {
            End::Right => self.right += 1,
            End::Told(code) => *self.told.entry(code.clone()).or_default() += 1,
            End::Alone => self.alone.entry(trial.fault).or_default().push(trial),
            End::Silent => self.silent.push(trial),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: usize = self.told.values().sum();
        let alone: usize = self.alone.values().map(Vec::len).sum();
        let all = self.right + told + alone + self.silent.len();
        writeln!(
            f,
            "trials: {all}, right: {}, told: {told}, alone: {alone}, silent: {}",
            self.right,
            self.silent.len()
        )?;
        writeln!(f, "told by: {:?}", self.told)?;
        for (fault, trials) in &self.alone {
            writeln!(f, "alone: {fault:?}: {}", trials.len())?;
        }
        let mut silent: Vec<&Trial> = self.silent.iter().collect();
        silent.sort_by_key(|trial| (trial.fault, trial.when, trial.seed));
        silent.iter().try_for_each(|trial| writeln!(f, "SILENT {}: {}", trial.seed, trial.story))?;
        let shown = std::env::var_os("HESUAN_ALONE").is_some();
        let alone = self.alone.values().flatten().filter(|_| shown);
        alone.into_iter().try_for_each(|trial| writeln!(f, "ALONE {}: {}", trial.seed, trial.story))
    }
}
