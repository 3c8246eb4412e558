//! The parent's side of the fence: hands files to children, survives whatever they die of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use super::limits::Limits;
use super::queue::Queue;
use super::raw::RawFile;
use super::worker::{self, Slot, Worker};

/// Reads all files and gives each to `each`, in the order of `paths`, with its index.
///
/// `program` started with `args` must call [`super::serve`] with the same limits: it is this very binary with a hidden
/// subcommand. Up to `workers` of them run at a time. Never fails as a whole: a file whose child died is tried once
/// more, alone, and then it is a [`super::ProblemCode::ReaderFailed`], as is one that took too long; if no child can be
/// started, every file that none has seen is. That says nothing of the files' content.
pub fn read_all(
    program: &Path,
    args: &[&str],
    paths: &[PathBuf],
    limits: &Limits,
    workers: usize,
    each: &mut dyn FnMut(usize, RawFile),
) {
    let workers = workers.clamp(1, paths.len().max(1));
    let queue = Queue::new(paths.len(), workers);
    let slots: Vec<Slot> = (0..workers).map(|_| Slot::default()).collect();
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        // Also if `each` panics: the workers must not wait for deliveries that nobody will make.
        let _stop = StopOnDrop(&queue);
        let mut started = 0;
        for slot in &slots {
            let worker = Worker { program, args, paths, limits, queue: &queue, slot, results: sender.clone() };
            // Where the system gives no further thread, the first ones do the work.
            match thread::Builder::new().spawn_scoped(scope, move || worker.run()) {
                Ok(_) => started += 1,
                Err(_) => queue.has_one_less(),
            }
        }
        // Without it a reader that hangs is ended by its own limit on processor time only.
        let _ = thread::Builder::new().spawn_scoped(scope, || queue.watch(|| slots.iter().for_each(Slot::end_if_late)));
        if started == 0 {
            (0..paths.len()).for_each(|index| each(index, worker::failed("no thread")));
            return;
        }
        drop(sender);
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

struct StopOnDrop<'q>(&'q Queue);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
#[path = "fence_tests.rs"]
mod tests;
