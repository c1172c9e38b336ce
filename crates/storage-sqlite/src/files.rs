//! Files that hold secrets are readable by their owner and nobody else.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens the database file, making it when it is missing, and refuses one that others can read.
///
/// SQLite gives its `-wal` and `-shm` files the permissions of this one.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    refuse_if_shared(&file.metadata()?)?;
    Ok(file)
}

/// Takes the lock that marks the one server of a database, until the file is dropped.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    let file = open_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
fn refuse_if_shared(metadata: &fs::Metadata) -> io::Result<()> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata);
    if mode & 0o077 == 0 { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
