//! How the parent hands a file to its reading child: as an open descriptor, over the socket that is the child's input.
//!
//! The child gets no path and opens nothing: what it may read is what it was given.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};

/// The byte that goes with each descriptor: a message must have one.
const MARK: u8 = b'f';

/// Hands an open file over. Fails where the other side has gone.
pub(super) fn give(socket: impl AsFd, file: &File) -> io::Result<()> {
    let files = [file.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    sendmsg(socket, &[IoSlice::new(&[MARK])], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Takes the next file that was handed over; nothing once the other side has closed.
///
/// An error where a message came without its file: this process has no descriptor left for it.
pub(super) fn take(socket: impl AsFd) -> io::Result<Option<File>> {
    let mut mark = [0; 1];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(socket, &mut [IoSliceMut::new(&mut mark)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    if received.bytes == 0 {
        return Ok(None);
    }
    let mut files = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    let file: Option<OwnedFd> = files.next();
    file.map(|file| Some(File::from(file))).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn files_arrive_in_order_and_then_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = UnixStream::pair().unwrap();
        for text in ["one", "two"] {
            let path = folder.path().join(text);
            std::fs::write(&path, text).unwrap();
            give(&ours, &File::open(path).unwrap()).unwrap();
        }
        drop(ours);
        for text in ["one", "two"] {
            let mut said = String::new();
            take(&theirs).unwrap().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(said, text);
        }
        assert!(take(&theirs).unwrap().is_none());
    }

    #[test]
    fn a_byte_without_a_file_is_an_error() {
        use std::io::Write;
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        ours.write_all(b"f").unwrap();
        assert!(take(&theirs).is_err());
    }
}
