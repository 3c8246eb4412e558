//! One child at a time, and the thread that talks to it.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::fence::Queue;
use super::limits::Limits;
use super::raw::{Format, ProblemCode, RawFile};
use super::serve::HELLO;
use super::wire;

/// Files that a child has been told of and not answered yet: the one it reads and the next.
/// Their paths must fit into a pipe, or both sides would wait for each other.
const AHEAD: usize = 2;
/// Longer paths cannot be opened anyway.
const LONGEST_PATH: usize = 8 << 10;
/// Time for a child to say what it is.
const START: Duration = Duration::from_secs(20);

/// The child of a worker, where the watch can end it.
#[derive(Debug, Default)]
pub(super) struct Slot {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    child: Option<Child>,
    deadline: Option<Instant>,
    ended: bool,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Held> {
        // Nothing in here is ever half-changed.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kills the child if its time is over.
    pub(super) fn end_if_late(&self) {
        let mut held = self.lock();
        if held.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            held.deadline = None;
            held.ended = true;
            if let Some(child) = &mut held.child {
                // A child that has died by itself cannot be killed, and need not be.
                let _ = child.kill();
            }
        }
    }

    fn hold(&self, child: Child) {
        *self.lock() = Held { child: Some(child), deadline: Instant::now().checked_add(START), ended: false };
    }

    fn set_deadline(&self, time: Option<Duration>) {
        self.lock().deadline = time.and_then(|time| Instant::now().checked_add(time));
    }

    /// Takes the child out, ends it, and says what it died of.
    fn bury(&self) -> String {
        let (child, ended) = {
            let mut held = self.lock();
            held.deadline = None;
            (held.child.take(), held.ended)
        };
        let Some(mut child) = child else { return String::new() };
        // It may be alive yet (an answer that is none), or dead already.
        let _ = child.kill();
        let mut words = Vec::new();
        if let Some(errors) = child.stderr.take() {
            let _ = errors.take(64 << 10).read_to_end(&mut words);
        }
        let status = child.wait();
        let words = String::from_utf8_lossy(&words);
        // Rust ends its own last words with a note on backtraces.
        let mut lines = words.lines().rev().map(str::trim);
        let last = lines.find(|line| !line.is_empty() && !line.starts_with("note:")).unwrap_or("");
        let died = match status {
            _ if ended => "out of time".to_owned(),
            Ok(status) => match (status.signal(), status.code()) {
                (Some(signal), _) => format!("signal {signal}"),
                (None, code) => format!("exit {}", code.unwrap_or(-1)),
            },
            Err(e) => e.to_string(),
        };
        if last.is_empty() { died } else { format!("{died}: {last}") }
    }
}

/// Takes files off the queue, has its child read them, sends the results.
pub(super) struct Worker<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a [&'a str],
    pub(super) paths: &'a [PathBuf],
    pub(super) limits: &'a Limits,
    pub(super) queue: &'a Queue,
    pub(super) slot: &'a Slot,
    pub(super) results: mpsc::Sender<(usize, RawFile)>,
}

/// The ends of the pipes to a child that has said hello.
struct Pipes {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker<'_> {
    pub(super) fn run(self) {
        let mut asked = VecDeque::new();
        while let Some(index) = self.queue.take(true) {
            asked.push_back(index);
            // One child after the other, until one has nothing left to do.
            while !asked.is_empty() {
                match self.start() {
                    Ok(pipes) => self.converse(pipes, &mut asked),
                    Err(said) => {
                        // The next one would not start either.
                        self.refuse_all(&mut asked, &said);
                        return;
                    }
                }
            }
        }
    }

    fn start(&self) -> Result<Pipes, String> {
        let pipe = Stdio::piped;
        let mut command = Command::new(self.program);
        command.args(self.args).stdin(pipe()).stdout(pipe()).stderr(pipe());
        // A backtrace would need memory in a process that has just run out of it, and bury its last words.
        command.env("RUST_BACKTRACE", "0");
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipes".to_owned());
        };
        self.slot.hold(child);
        let mut output = BufReader::with_capacity(64 << 10, output);
        let mut hello = [0; HELLO.len()];
        match output.read_exact(&mut hello) {
            Ok(()) if hello == *HELLO => Ok(Pipes { input, output }),
            _ => Err(format!("not a reader: {}", self.slot.bury())),
        }
    }

    /// Talks to one child until the queue is empty or the child is gone; then the file it was on is off `asked`.
    fn converse(&self, mut pipes: Pipes, asked: &mut VecDeque<usize>) {
        let time = Duration::from_secs(self.limits.seconds_per_file);
        let mut told = 0;
        let mut record = Vec::new();
        loop {
            while asked.len() < AHEAD
                && let Some(index) = self.queue.take(asked.is_empty())
            {
                asked.push_back(index);
            }
            if asked.is_empty() {
                break;
            }
            self.slot.set_deadline(Some(time));
            let answer =
                self.tell(&mut pipes.input, asked, &mut told).and_then(|()| hear(&mut pipes.output, &mut record));
            let Some(index) = asked.pop_front() else { break };
            // A child that died before it was told leaves nothing to count.
            told = told.saturating_sub(1);
            self.slot.set_deadline(None);
            let file = answer.and_then(|()| wire::decode(&record).map_err(|_| io::ErrorKind::InvalidData.into()));
            match file {
                Ok(file) => self.send(index, file),
                Err(_) => {
                    self.send(index, failed(&self.slot.bury()));
                    return;
                }
            }
            record.shrink_to(16 << 20);
        }
        // It has answered everything and waits: nothing is lost with it.
        self.slot.bury();
    }

    /// Sends the paths that the child does not know yet.
    fn tell(&self, input: &mut ChildStdin, asked: &VecDeque<usize>, told: &mut usize) -> io::Result<()> {
        for index in asked.iter().skip(*told) {
            let path = self.paths[*index].as_os_str().as_bytes();
            let path = &path[..path.len().min(LONGEST_PATH)];
            let mut request = (path.len() as u32).to_le_bytes().to_vec();
            request.extend_from_slice(path);
            input.write_all(&request)?;
            *told += 1;
        }
        Ok(())
    }

    fn send(&self, index: usize, file: RawFile) {
        // Nobody listens any more if the caller's function has panicked.
        let _ = self.results.send((index, file));
    }

    fn refuse_all(&self, asked: &mut VecDeque<usize>, said: &str) {
        while let Some(index) = asked.pop_front().or_else(|| self.queue.take(true)) {
            self.send(index, failed(said));
        }
    }
}

fn hear(output: &mut impl Read, record: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 8];
    output.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    record.clear();
    let read = output.take(length).read_to_end(record)?;
    if read as u64 == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn failed(said: &str) -> RawFile {
    RawFile::refused(Format::Unknown, ProblemCode::ReaderFailed, said)
}
