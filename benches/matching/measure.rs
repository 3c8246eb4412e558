//! Programs side by side: each one's processor time, wall time and peak memory, as the kernel counted them for that
//! process, in alternation; medians with the range.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

/// One run of one program.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// User and system time in seconds.
    pub processor: f64,
    pub wall: f64,
    /// Largest resident set in MiB; not below what this process itself has had (it keeps under 10 MiB).
    pub peak: f64,
}

/// Runs a program to its end, its output into a file.
pub fn run(command: &mut Command, output: &Path) -> Usage {
    let output = File::create(output).unwrap();
    let started = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(output).stderr(Stdio::inherit()).spawn().unwrap();
    let ended = child.wait4().unwrap();
    let wall = started.elapsed().as_secs_f64();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    let usage = ended.rusage;
    // Kilobytes on Linux, made bytes: up to 2^53 they are exact.
    let peak = usage.maxrss as f64 / f64::from(1 << 20);
    Usage { processor: (usage.utime + usage.stime).as_secs_f64(), wall, peak }
}

/// What competes: a name and how it is run once.
pub struct Contestant {
    pub name: String,
    pub once: Box<dyn Fn() -> Usage>,
}

/// All contestants in turn, `rounds` times; a round before warms the page cache.
pub fn alternate(contestants: &[Contestant], rounds: usize) -> Vec<Vec<Usage>> {
    let mut usages = vec![Vec::new(); contestants.len()];
    for round in 0..=rounds {
        for (contestant, usages) in contestants.iter().zip(&mut usages) {
            let usage = (contestant.once)();
            if round > 0 {
                usages.push(usage);
            }
        }
    }
    usages
}

/// Three cells: processor, wall, peak; median and range of each.
pub fn cells(usages: &[Usage]) -> String {
    let cell = |value: fn(&Usage) -> f64, decimals: usize| {
        let values = sorted(usages, value);
        let (first, last) = (values[0], values[values.len() - 1]);
        format!("{:.decimals$} [{first:.decimals$}–{last:.decimals$}]", values[values.len() / 2])
    };
    format!("{} | {} | {}", cell(|u| u.processor, 2), cell(|u| u.wall, 2), cell(|u| u.peak, 0))
}

pub fn median(usages: &[Usage], value: fn(&Usage) -> f64) -> f64 {
    sorted(usages, value)[usages.len() / 2]
}

fn sorted(usages: &[Usage], value: fn(&Usage) -> f64) -> Vec<f64> {
    let mut values: Vec<f64> = usages.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values
}
