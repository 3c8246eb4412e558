//! A bar on a terminal, nothing elsewhere.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Global;

/// Shows how many files of how many are read.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub fn new(global: &Global) -> Bar {
        let seen = io::stderr().is_terminal() && !global.quiet;
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let template = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed}");
        bar.set_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar { bar }
    }

    pub fn show(&mut self, done: usize, all: usize) {
        if self.bar.length().is_none() {
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
    }

    /// Takes the bar away before results are printed.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }
}
