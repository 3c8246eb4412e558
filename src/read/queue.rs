//! Which file is read next, by whom, and which is tried once more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Results that may wait for an earlier one, so that one slow file does not fill the memory with all others.
const WINDOW: usize = 64;
/// Bytes of answers that may wait for an earlier one: many small files may unpack to much each.
const ROOM: u64 = 256 << 20;

/// The files of one [`super::read_all`], shared by its workers.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    files: usize,
}

/// A file that a worker has taken and must answer for, or give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) index: usize,
    /// Readers that died of it, or with it: after the first, nothing else is read beside it.
    pub(super) deaths: u32,
}

#[derive(Debug, Default)]
struct State {
    /// Files taken for the first time.
    taken: usize,
    delivered: usize,
    /// Taken, and given back before any child saw them.
    back: BTreeSet<usize>,
    /// To be read once more, when nothing else is being read, and how many readers have died of each.
    again: BTreeMap<usize, u32>,
    /// Files in the hands of workers.
    held: usize,
    /// Whether the file in hand is one that is read alone.
    alone: bool,
    /// Bytes of the answers that have been read and not delivered, by file.
    answers: BTreeMap<usize, u64>,
    /// Workers that have not left.
    workers: usize,
    stopped: bool,
}

impl Queue {
    pub(super) fn new(files: usize, workers: usize) -> Self {
        Queue { state: Mutex::new(State { workers, ..State::default() }), changed: Condvar::new(), files }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole at any moment: a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next file to read. With `wait`, waits until there is one or none will come, and a worker that gets none has
    /// left; without, there may be none for now.
    pub(super) fn take(&self, wait: bool) -> Option<Turn> {
        let mut state = self.lock();
        loop {
            if !state.stopped
                && let Some(turn) = self.next(&mut state, wait)
            {
                state.held += 1;
                state.alone = turn.deaths > 0;
                return Some(turn);
            }
            // Whoever holds a file asks again before it leaves: it reads what is given back or tried once more.
            let is_done = state.taken == self.files && state.back.is_empty() && state.again.is_empty();
            if !wait {
                return None;
            }
            if state.stopped || is_done {
                state.workers -= 1;
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// `first` where the worker holds nothing yet.
    fn next(&self, state: &mut State, first: bool) -> Option<Turn> {
        if state.alone {
            return None;
        }
        if let Some(index) = state.back.pop_first() {
            return Some(Turn { index, deaths: 0 });
        }
        if state.taken < self.files && state.taken < state.delivered + WINDOW {
            state.taken += 1;
            return Some(Turn { index: state.taken - 1, deaths: 0 });
        }
        if first && state.held == 0 {
            return state.again.pop_first().map(|(index, deaths)| Turn { index, deaths });
        }
        None
    }

    /// Waits until there is room for an answer of so many bytes to the first file of `own`: at once where the next one to
    /// be delivered is nobody else's to answer for (it is among `own`, or waits to be taken).
    pub(super) fn make_room(&self, own: &[usize], bytes: u64) {
        let Some(index) = own.first() else { return };
        let mut state = self.lock();
        loop {
            let waits = state.answers.values().fold(0, |sum: u64, bytes| sum.saturating_add(*bytes));
            let is_full = waits > 0 && waits.saturating_add(bytes) > ROOM;
            let is_first = own.contains(&state.delivered);
            let is_untaken = !state.back.is_empty() || !state.again.is_empty() || state.workers <= 1;
            if state.stopped || !is_full || is_first || is_untaken {
                state.answers.insert(*index, bytes);
                return;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A file in hand has been answered for.
    pub(super) fn answered(&self) {
        self.put(|_| ());
    }

    /// The reader of a file in hand has died: it is read once more, alone.
    pub(super) fn again(&self, turn: Turn) {
        self.put(|state| {
            state.answers.remove(&turn.index);
            state.again.insert(turn.index, turn.deaths + 1);
        });
    }

    fn put(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        state.held -= 1;
        state.alone = false;
        change(&mut state);
        self.changed.notify_all();
    }

    /// A worker that can start no child gives its files back and leaves, if another one is left; else nothing happens.
    pub(super) fn leaves(&self, files: &[Turn]) -> bool {
        let mut state = self.lock();
        if state.workers <= 1 {
            return false;
        }
        state.workers -= 1;
        state.held -= files.len();
        state.alone = false;
        for turn in files {
            if turn.deaths > 0 {
                state.again.insert(turn.index, turn.deaths);
            } else {
                state.back.insert(turn.index);
            }
        }
        self.changed.notify_all();
        true
    }

    /// A worker could not be started.
    pub(super) fn has_one_less(&self) {
        self.lock().workers -= 1;
    }

    /// The results of so many files have been handed over.
    pub(super) fn delivered(&self, files: usize) {
        let mut state = self.lock();
        state.delivered = files;
        state.answers = state.answers.split_off(&files);
        self.changed.notify_all();
    }

    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Calls `look` every now and then until all is over.
    pub(super) fn watch(&self, look: impl Fn()) {
        const TICK: Duration = Duration::from_millis(100);
        let mut state = self.lock();
        while !state.stopped {
            // Deliveries wake it too; looking more often costs nothing.
            state = self.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
            drop(state);
            look();
            state = self.lock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_a_reader_waits_until_nothing_else_is_read() {
        let queue = Queue::new(3, 2);
        let turns: Vec<Turn> = (0..2).filter_map(|_| queue.take(true)).collect();
        queue.again(turns[0]);
        assert_eq!(queue.take(true), Some(Turn { index: 2, deaths: 0 }));
        assert_eq!(queue.take(false), None);
        queue.answered();
        assert_eq!(queue.take(false), None, "not beside another");
        queue.answered();
        assert_eq!(queue.take(true), Some(Turn { index: 0, deaths: 1 }));
        assert_eq!(queue.take(false), None);
        queue.answered();
        assert_eq!(queue.take(true), None);
    }

    #[test]
    fn large_answers_wait_for_the_file_that_is_due() {
        let queue = Queue::new(3, 2);
        for _ in 0..3 {
            queue.take(true).unwrap();
        }
        queue.make_room(&[1], ROOM);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.make_room(&[2], 1));
            std::thread::sleep(Duration::from_millis(50));
            assert!(!waiting.is_finished());
            queue.make_room(&[0], ROOM); // the one that is due always has room
            queue.delivered(1);
            std::thread::sleep(Duration::from_millis(50));
            assert!(!waiting.is_finished());
            queue.delivered(2);
            waiting.join().unwrap();
        });
        queue.make_room(&[2], ROOM);
    }

    #[test]
    fn the_last_worker_does_not_leave() {
        let queue = Queue::new(2, 2);
        let turn = queue.take(true).unwrap();
        assert!(queue.leaves(&[turn]));
        let turn = queue.take(true).unwrap();
        assert_eq!(turn, Turn { index: 0, deaths: 0 });
        assert!(!queue.leaves(&[turn]));
    }
}
