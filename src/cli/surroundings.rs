//! What the program asks of its surroundings before it begins: a full disk or a limit of the system ends in words, not in
//! a signal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::failure::{DISK, Failure};

/// Bytes of memory below which nothing is begun: where memory runs out in the middle, the system ends the program.
const MEMORY: u64 = 1 << 30;

/// Open files below which nothing is begun, and how many are asked for where the system gives fewer.
const FILES: [u64; 2] = [24, 256];

/// Turns the signal of a file that grows over its limit into an error of the call that writes.
pub fn let_writes_fail() -> io::Result<()> {
    signal_hook::flag::register(libc::SIGXFSZ, Arc::new(AtomicBool::new(false))).map(|_| ())
}

/// A failure where this process may open too few files to begin with; as many as it needs where it may help itself.
pub fn enough_files() -> Result<(), Failure> {
    let [fewest, wanted] = FILES;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let Some(has) = current.filter(|has| *has < wanted) else { return Ok(()) };
    let more = maximum.map_or(wanted, |most| most.min(wanted));
    let has = setrlimit(Resource::Nofile, Rlimit { current: Some(more), maximum }).map_or(has, |()| more);
    if has >= fewest {
        return Ok(());
    }
    let said = format!("this process may open {has} files only, hesuan needs {fewest}");
    Err(Failure::with_help(DISK, said, "raise the limit (ulimit -n) and run again; nothing was begun"))
}

/// A failure where the system gives this process too little memory to begin with.
pub fn enough_memory() -> Result<(), Failure> {
    for (resource, how) in [(Resource::As, "ulimit -v"), (Resource::Data, "ulimit -d")] {
        if let Some(limit) = getrlimit(resource).current.filter(|limit| *limit < MEMORY) {
            let (has, needs) = (limit >> 20, MEMORY >> 20);
            let said = format!("this process may use {has} MB of memory only, hesuan needs {needs} MB");
            return Err(Failure::with_help(
                DISK,
                said,
                format!("raise the limit ({how}) and run again; nothing was begun"),
            ));
        }
    }
    Ok(())
}
