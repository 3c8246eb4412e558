//! One child at a time, and the thread that talks to it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::confine::Confined;
use super::limits::Limits;
use super::queue::{Queue, Turn};
use super::raw::{Format, ProblemCode, RawFile};
use super::serve::HELLO;
use super::{handover, load, wire};

/// Files that a child has been handed and not answered yet: the one it reads and the next.
const AHEAD: usize = 2;
/// Time for a child to say what it is.
const START: Duration = Duration::from_secs(20);
/// Children that a file may cost: if they die by themselves, or are killed from outside.
const TRIES: u32 = 2;
const KILLED_TRIES: u32 = 8;
/// Children in a row that may die before their greeting, and the pause after each.
const STARTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

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
    fn bury(&self) -> Death {
        let (child, ended) = {
            let mut held = self.lock();
            held.deadline = None;
            (held.child.take(), held.ended)
        };
        let Some(mut child) = child else { return Death { said: String::new(), tries: 1 } };
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
        let was_killed = status.as_ref().is_ok_and(|status| status.signal() == Some(libc::SIGKILL));
        let died = match status {
            _ if ended => "out of time".to_owned(),
            Ok(status) => match (status.signal(), status.code()) {
                (Some(signal), _) => format!("signal {signal}"),
                (None, code) => format!("exit {}", code.unwrap_or(-1)),
            },
            Err(e) => e.to_string(),
        };
        let said = if last.is_empty() { died } else { format!("{died}: {last}") };
        let tries = match () {
            // One that took all its time would take as long again.
            () if ended => 1,
            // Somebody else ended it; that the file was on its mind says little.
            () if was_killed => KILLED_TRIES,
            () => TRIES,
        };
        Death { said, tries }
    }
}

/// What a child died of.
struct Death {
    said: String,
    /// Children that a file may cost that died so.
    tries: u32,
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

/// The ends of what leads to a child that has said hello.
struct Pipes {
    input: UnixStream,
    output: BufReader<ChildStdout>,
}

/// A file that this worker must answer for.
struct Asked {
    turn: Turn,
    file: File,
}

/// How a talk with a child ended.
#[derive(PartialEq, Eq)]
enum End {
    /// It died; others may be asked.
    Died,
    /// There is nothing left to read.
    Done,
}

impl Worker<'_> {
    pub(super) fn run(self) {
        let mut asked = VecDeque::new();
        let mut failed_starts = 0;
        loop {
            if asked.is_empty() {
                match self.next(true) {
                    Some(first) => asked.push_back(first),
                    None => return,
                }
            }
            match self.start() {
                Ok(pipes) => {
                    failed_starts = 0;
                    if self.converse(pipes, &mut asked) == End::Done {
                        return;
                    }
                }
                Err(said) => {
                    failed_starts += 1;
                    if failed_starts < STARTS {
                        thread::sleep(PAUSE * failed_starts);
                        continue;
                    }
                    // Fewer readers may have what they need; the last one says what has not been read.
                    let turns: Vec<Turn> = asked.iter().map(|asked| asked.turn).collect();
                    if !self.queue.leaves(&turns) {
                        self.refuse_all(&mut asked, &said);
                    }
                    return;
                }
            }
        }
    }

    /// The next file, opened. One that cannot be opened, or is over a limit, is answered for without a child.
    fn next(&self, wait: bool) -> Option<Asked> {
        loop {
            let turn = self.queue.take(wait)?;
            match load::open(&self.paths[turn.index], self.limits) {
                Ok(file) => return Some(Asked { turn, file }),
                Err(refusal) => {
                    self.send(turn.index, RawFile::refused(Format::Unknown, refusal.code, &refusal.said));
                }
            }
        }
    }

    fn start(&self) -> Result<Pipes, String> {
        let (input, theirs) = UnixStream::pair().map_err(|e| e.to_string())?;
        let mut command = Command::new(self.program);
        command.args(self.args).stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A backtrace would need memory in a process that has just run out of it, and bury its last words.
        command.env("RUST_BACKTRACE", "0");
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        // It holds the child's end of the socket, which must close when the child ends.
        drop(command);
        let Some(output) = child.stdout.take() else { return Err("no pipes".to_owned()) };
        self.slot.hold(child);
        let mut output = BufReader::with_capacity(64 << 10, output);
        let mut hello = [0; HELLO.len() + 1];
        let confined = match output.read_exact(&mut hello) {
            Ok(()) if hello.starts_with(HELLO) => Confined::from_mark(hello[HELLO.len()]),
            _ => None,
        };
        let Some(confined) = confined else { return Err(format!("not a reader: {}", self.slot.bury().said)) };
        if !(confined.files && confined.calls) {
            tracing::info!(
                landlock = confined.files,
                seccomp = confined.calls,
                "this kernel does not fence the reader in whole"
            );
        }
        Ok(Pipes { input, output })
    }

    /// Talks to one child until nothing is left to read or the child is gone; then the file it was on is off `asked`.
    fn converse(&self, mut pipes: Pipes, asked: &mut VecDeque<Asked>) -> End {
        let time = Duration::from_secs(self.limits.seconds_per_file);
        let mut handed = 0;
        loop {
            while asked.len() < AHEAD {
                match self.next(asked.is_empty()) {
                    Some(more) => asked.push_back(more),
                    None => break,
                }
            }
            if asked.is_empty() {
                // It has answered everything and waits: nothing is lost with it.
                drop(pipes);
                self.slot.bury();
                return End::Done;
            }
            self.slot.set_deadline(Some(time));
            let answer = hand(&pipes.input, asked, &mut handed)
                .and_then(|()| length(&mut pipes.output, self.limits))
                .and_then(|length| {
                    // Its child waits at the pipe meanwhile, and is not to blame for the time.
                    self.slot.set_deadline(None);
                    let own: Vec<usize> = asked.iter().map(|asked| asked.turn.index).collect();
                    self.queue.make_room(&own, length);
                    self.slot.set_deadline(Some(time));
                    wire::decode(&mut pipes.output, length, self.limits).map_err(|_| io::ErrorKind::InvalidData.into())
                });
            let Some(Asked { turn, .. }) = asked.pop_front() else { return End::Died };
            // A child that died before it was handed the file leaves nothing to count.
            handed = handed.saturating_sub(1);
            self.slot.set_deadline(None);
            match answer {
                Ok(file) => self.send(turn.index, file),
                Err(error) => {
                    let mut death = self.slot.bury();
                    if error.kind() == io::ErrorKind::InvalidData {
                        // It was this side that ended it.
                        death.tries = death.tries.min(TRIES);
                    }
                    self.died_on(turn, &death);
                    return End::Died;
                }
            }
        }
    }

    /// A file whose child died is tried again, alone, as long as there is hope.
    fn died_on(&self, turn: Turn, death: &Death) {
        if turn.deaths + 1 >= death.tries {
            self.send(turn.index, failed(&death.said));
        } else {
            self.queue.again(turn);
        }
    }

    fn send(&self, index: usize, file: RawFile) {
        // Nobody listens any more if the caller's function has panicked.
        let _ = self.results.send((index, file));
        self.queue.answered();
    }

    /// No child can be started: what none has seen is not read now.
    fn refuse_all(&self, asked: &mut VecDeque<Asked>, said: &str) {
        while let Some(Asked { turn, .. }) = asked.pop_front().or_else(|| self.next(true)) {
            self.send(turn.index, failed(said));
        }
    }
}

/// Hands over the files that the child does not have yet.
fn hand(input: &UnixStream, asked: &VecDeque<Asked>, handed: &mut usize) -> io::Result<()> {
    for asked in asked.iter().skip(*handed) {
        handover::give(input, &asked.file)?;
        *handed += 1;
    }
    Ok(())
}

/// The length of the child's next answer; an error where it is gone, or says what no reader would.
fn length(output: &mut impl Read, limits: &Limits) -> io::Result<u64> {
    let mut length = [0; 8];
    output.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > limits.answer_bytes() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(length) }
}

/// A file that was not read, and why.
pub(super) fn failed(said: &str) -> RawFile {
    RawFile::refused(Format::Unknown, ProblemCode::ReaderFailed, said)
}
