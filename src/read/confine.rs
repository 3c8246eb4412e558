//! What a reading child gives up before it looks at a file of strangers.
//!
//! From then on it may read what it was handed, write its answer and ask for memory: it opens no file, talks to no
//! network, starts no program, and touches no other process. Two fences of the kernel, each enough for the most of it:
//! Landlock for files and network, a filter of system calls for everything else.

use std::collections::BTreeMap;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// The fences that stand. Where the kernel has none of them, limits on memory and time are all that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Confined {
    /// Landlock.
    pub(super) files: bool,
    /// The filter of system calls.
    pub(super) calls: bool,
}

impl Confined {
    /// One byte for the greeting: `0` nothing, `1` files, `2` calls, `3` both.
    pub(super) fn mark(self) -> u8 {
        b'0' + u8::from(self.files) + 2 * u8::from(self.calls)
    }

    pub(super) fn from_mark(mark: u8) -> Option<Confined> {
        let bits = mark.checked_sub(b'0').filter(|bits| *bits < 4)?;
        Some(Confined { files: bits & 1 != 0, calls: bits & 2 != 0 })
    }
}

/// Confines the calling thread, for good.
pub(super) fn confine() -> Confined {
    let files = landlocked().is_ok_and(|status| status != RulesetStatus::NotEnforced);
    Confined { files, calls: filtered().is_ok() }
}

/// Every kind of access is handled, none is allowed anywhere.
fn landlocked() -> Result<RulesetStatus, RulesetError> {
    let all = Ruleset::default().handle_access(AccessFs::from_all(ABI::V5))?;
    let all = all.handle_access(AccessNet::from_all(ABI::V5))?;
    Ok(all.create()?.restrict_self()?.ruleset)
}

/// What reading, answering, memory and dying need.
const CALLS: [i64; 28] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_recvmsg,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Any other call fails as if it were not permitted, so that a library that tries one goes on or reports it.
fn filtered() -> Result<(), seccompiler::Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = CALLS.iter().map(|call| (*call, Vec::new())).collect();
    // Limits and the last signal: its own ones only.
    rules.insert(libc::SYS_prlimit64, vec![first_is(0)?]);
    rules.insert(libc::SYS_tgkill, vec![first_is(std::process::id())?]);
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let refuse = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let program: BpfProgram = SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch)?.try_into()?;
    seccompiler::apply_filter(&program)
}

fn first_is(value: u32) -> Result<SeccompRule, BackendError> {
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, u64::from(value))?;
    SeccompRule::new(vec![condition])
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn a_mark_says_which_fences_stand() {
        for mark in b'0'..=b'3' {
            assert_eq!(Confined::from_mark(mark).map(Confined::mark), Some(mark));
        }
        assert_eq!([Confined::from_mark(b'4'), Confined::from_mark(b'/')], [None, None]);
    }

    /// Both fences hold for a thread and what it starts: the test itself goes on as before.
    #[test]
    fn who_is_confined_can_only_read_what_it_was_handed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("handed");
        std::fs::write(&path, "handed").unwrap();
        let mut handed = File::open(&path).unwrap();
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let confined = thread::spawn(move || {
            let confined = confine();
            let mut said = String::new();
            handed.read_to_string(&mut said).unwrap();
            let memory = vec![1_u8; 64 << 20].len();
            let done = [
                File::open(&path).is_ok(),
                File::create(path.with_extension("new")).is_ok(),
                std::fs::remove_file(&path).is_ok(),
                TcpStream::connect(address).is_ok(),
                Command::new("true").status().is_ok(),
            ];
            (confined, said, memory, done)
        });
        let (confined, said, memory, done) = confined.join().unwrap();
        assert_eq!((said.as_str(), memory), ("handed", 64 << 20));
        if confined == (Confined { files: false, calls: false }) {
            eprintln!("skipped: this kernel has neither Landlock nor filters of system calls");
            return;
        }
        if confined.calls {
            assert_eq!(done, [false; 5]);
        } else {
            assert_eq!(done[..4], [false; 4]);
        }
        assert!(path_is_whole(folder.path()));
    }

    fn path_is_whole(folder: &std::path::Path) -> bool {
        std::fs::read_dir(folder).unwrap().count() == 1
    }
}
