//! The parent's side of the fence: hands files to children, survives whatever they die of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use super::limits::Limits;
use super::raw::RawFile;
use super::worker::{Slot, Worker};

/// Results that may wait for an earlier one, so that one slow file does not fill the memory with all others.
const WINDOW: usize = 64;

/// Reads all files and gives each to `each`, in the order of `paths`, with its index.
///
/// `program` started with `args` must call [`super::serve`] with the same limits: it is this very binary with a hidden
/// subcommand. Up to `workers` of them run at a time. Never fails as a whole: a file whose child died or took too long
/// is a [`super::ProblemCode::ReaderFailed`], and if no child can be started, every file is.
pub fn read_all(
    program: &Path,
    args: &[&str],
    paths: &[PathBuf],
    limits: &Limits,
    workers: usize,
    each: &mut dyn FnMut(usize, RawFile),
) {
    let queue = Queue::new(paths.len());
    let slots: Vec<Slot> = (0..workers.clamp(1, paths.len().max(1))).map(|_| Slot::default()).collect();
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        // Also if `each` panics: the workers must not wait for deliveries that nobody will make.
        let _stop = StopOnDrop(&queue);
        for slot in &slots {
            let worker = Worker { program, args, paths, limits, queue: &queue, slot, results: sender.clone() };
            scope.spawn(move || worker.run());
        }
        drop(sender);
        scope.spawn(|| watch(&queue, &slots));
        let mut early = BTreeMap::new();
        let mut next = 0;
        while next < paths.len() {
            let Some(file) = early.remove(&next) else {
                // Workers answer for every file they take; a closed channel would be a bug of theirs.
                let Ok((index, file)) = results.recv() else { break };
                early.insert(index, file);
                continue;
            };
            each(next, file);
            next += 1;
            queue.delivered(next);
        }
    });
}

/// Which file is next.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    files: usize,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    delivered: usize,
    stopped: bool,
}

impl Queue {
    fn new(files: usize) -> Self {
        Queue { state: Mutex::default(), changed: Condvar::new(), files }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is three numbers, whole at any moment: a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next file to read. With `wait`, waits until results have gone out; without, there may be none for now.
    pub(super) fn take(&self, wait: bool) -> Option<usize> {
        let mut state = self.lock();
        while !state.stopped && state.taken < self.files {
            if state.taken < state.delivered + WINDOW {
                state.taken += 1;
                return Some(state.taken - 1);
            }
            if !wait {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    fn delivered(&self, files: usize) {
        self.lock().delivered = files;
        self.changed.notify_all();
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }
}

struct StopOnDrop<'q>(&'q Queue);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Ends the children that are out of time, until all is read.
fn watch(queue: &Queue, slots: &[Slot]) {
    const TICK: std::time::Duration = std::time::Duration::from_millis(100);
    let mut state = queue.lock();
    while !state.stopped {
        // Deliveries wake it too; looking at a few slots more often costs nothing.
        state = queue.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        drop(state);
        slots.iter().for_each(Slot::end_if_late);
        state = queue.lock();
    }
}

#[cfg(test)]
#[path = "fence_tests.rs"]
mod tests;
