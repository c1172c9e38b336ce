//! The directory that a server keeps its things in: database, master key, the secret of feed readers.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use waxseal_domain::{Randomness, RandomnessError};
use waxseal_service::{InvalidMasterKey, MasterKey};
use zeroize::Zeroizing;

/// A directory of one server. On Unix it has mode 0700 and its files 0600.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

/// Why the directory or a file of it cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataDirError {
    /// Other users of the machine may read a secret.
    #[error("{0} can be read by other users of this machine, and it holds a secret: run `chmod 600 {0}`")]
    Shared(PathBuf),
    /// There is no master key, and none is to be made.
    #[error(
        "there is no master key at {0}; restore it from where you keep it, or make one with `head -c 32 /dev/urandom | basenc --base64url | tr -d =` and mode 600"
    )]
    NoMasterKey(PathBuf),
    /// The file does not hold a master key.
    #[error("{0}: {1}")]
    InvalidMasterKey(PathBuf, InvalidMasterKey),
    /// The system refused.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// There were no random bytes for a new key.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
}

impl DataDir {
    /// Opens `path`, making it when it is missing.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DataDirError> {
        let path = path.into();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| DataDirError::Io(path.clone(), error))?;
        Ok(Self(path))
    }

    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("waxseal.db")
    }

    /// Where the secret for readers of the revocation feed is.
    #[must_use]
    pub fn feed_token(&self) -> PathBuf {
        self.0.join("feed.token")
    }

    /// Reads the master key; makes one when `make` says so and there is none.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub fn master_key(&self, make: bool, randomness: &dyn Randomness) -> Result<MasterKey, DataDirError> {
        let path = self.0.join("master.key");
        match read_private(&path) {
            Ok(text) => {
                MasterKey::from_base64url(&text).map_err(|error| DataDirError::InvalidMasterKey(path, error))
            }
            Err(DataDirError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => {
                if !make {
                    return Err(DataDirError::NoMasterKey(path));
                }
                let key = MasterKey::generate(randomness)?;
                write_private(&path, &key.to_base64url())?;
                Ok(key)
            }
            Err(error) => Err(error),
        }
    }

    /// Leaves the secret of feed readers where an API on the same machine can read it.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn write_feed_token(&self, token: &str) -> Result<(), DataDirError> {
        write_private(&self.feed_token(), token)
    }
}

fn read_private(path: &Path) -> Result<Zeroizing<String>, DataDirError> {
    let in_file = |error| DataDirError::Io(path.to_owned(), error);
    let mut file = File::open(path).map_err(in_file)?;
    refuse_if_shared(path, &file.metadata().map_err(in_file)?)?;
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(in_file)?;
    Ok(text)
}

/// Writes beside the file and renames, so that a crash leaves the old file or the new one and never half of it.
fn write_private(path: &Path, secret: &str) -> Result<(), DataDirError> {
    let in_file = |error| DataDirError::Io(path.to_owned(), error);
    let beside = path.with_extension("new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(in_file(error)),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).map_err(in_file)?;
    file.write_all(secret.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(in_file)?;
    fs::rename(&beside, path).map_err(in_file)
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path, metadata: &fs::Metadata) -> Result<(), DataDirError> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata);
    if mode & 0o077 == 0 { Ok(()) } else { Err(DataDirError::Shared(path.to_owned())) }
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &Path, _: &fs::Metadata) -> Result<(), DataDirError> {
    Ok(())
}
