//! The one writer: whatever waits is put into one transaction, and nobody is answered before its commit is durable.

use crate::row::engine;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use waxseal_domain::StorageError;

/// How many writes may wait. At a few thousand commits a second this is about a second of waiting; past it the store
/// says that it is busy instead of letting the queue grow.
const QUEUE: usize = 4096;

/// How many writes share a commit at most.
const GROUP: usize = 256;

/// Runs one write inside the group's transaction, and returns what answers it once the commit stands or fell.
type Job = Box<dyn FnOnce(&Connection) -> Reply + Send>;
type Reply = Box<dyn FnOnce(bool) + Send>;

/// A handle on the writer thread. Dropping it finishes what waits and ends the thread.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. `after_commit` runs on it after every commit, before anybody is answered.
    pub(crate) fn start(
        connection: Connection,
        before_commit: impl Fn(&Connection) -> rusqlite::Result<()> + Send + 'static,
        after_commit: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let name = "sqlite-writer".to_owned();
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(move || run(connection, &queue, &before_commit, &after_commit))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `write` in a transaction and returns its result after the commit. A write that returns an error is undone,
    /// and so is what it did before; the others of its group are not.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = in_savepoint(connection, write);
            Box::new(move |committed| {
                let result = if committed { result } else { result.and(Err(StorageError::Unavailable)) };
                // Nobody listens when the request was given up; the write stands all the same.
                drop(sender.send(result));
            })
        });
        let jobs = self.jobs.as_ref().ok_or(StorageError::Unavailable)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => StorageError::Unavailable,
        })?;
        answer.await.map_err(|_| StorageError::Unavailable)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(
    mut connection: Connection,
    queue: &Receiver<Job>,
    before_commit: &dyn Fn(&Connection) -> rusqlite::Result<()>,
    after_commit: &dyn Fn(),
) {
    while let Ok(first) = queue.recv() {
        let group = std::iter::once(first).chain(queue.try_iter().take(GROUP - 1));
        let mut replies = Vec::new();
        let committed = commit(&mut connection, group, &mut replies, before_commit);
        if committed.is_ok() {
            after_commit();
        }
        for reply in replies {
            reply(committed.is_ok());
        }
        if let Err(error) = committed {
            tracing::error!(%error, "a commit failed");
            if is_sync_failure(&error) {
                // After a failed sync the kernel may have dropped the pages: what is on the disk is unknown, and
                // only opening the database anew finds out.
                tracing::error!(
                    "the disk did not take a commit; the writer stops. Mend the disk and restart."
                );
                return;
            }
        }
    }
}

fn commit(
    connection: &mut Connection,
    group: impl Iterator<Item = Job>,
    replies: &mut Vec<Reply>,
    before_commit: &dyn Fn(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    // Jobs are taken from the queue even when no transaction could begin: each of them must be answered.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    match transaction {
        Ok(transaction) => {
            replies.extend(group.map(|job| job(&transaction)));
            before_commit(&transaction)?;
            transaction.commit()
        }
        Err(error) => {
            drop(group.collect::<Vec<_>>());
            Err(error)
        }
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    connection.execute_batch("SAVEPOINT job").map_err(engine)?;
    let result = write(connection);
    let end = if result.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    connection.execute_batch(end).map_err(engine)?;
    result
}

fn is_sync_failure(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC};
    error
        .sqlite_error()
        .is_some_and(|e| [SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC].contains(&e.extended_code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn writer(commits: &Arc<AtomicUsize>) -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let commits = Arc::clone(commits);
        Writer::start(
            connection,
            |_| Ok(()),
            move || {
                commits.fetch_add(1, Ordering::SeqCst);
            },
        )
        .unwrap()
    }

    fn insert(n: i64) -> impl FnOnce(&Connection) -> Result<usize, StorageError> + Send + 'static {
        move |c| c.execute("INSERT INTO t VALUES (?1)", [n]).map_err(engine)
    }

    #[tokio::test]
    async fn a_failed_write_leaves_its_neighbours_alone() {
        let writer = writer(&Arc::default());
        let half_done = |c: &Connection| {
            c.execute("INSERT INTO t VALUES (7)", []).map_err(engine)?;
            Err::<(), _>(StorageError::Corrupt("on purpose"))
        };
        let (first, failed, last) =
            tokio::join!(writer.write(insert(1)), writer.write(half_done), writer.write(insert(2)));
        assert!(first.is_ok() && last.is_ok());
        assert!(matches!(failed, Err(StorageError::Corrupt(_))));
        let count = |c: &Connection| {
            c.query_row("SELECT count(*) FROM t", [], |r| r.get::<_, i64>(0)).map_err(engine)
        };
        assert_eq!(writer.write(count).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn waiting_writes_share_a_commit() {
        let commits = Arc::default();
        let writer = writer(&commits);
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let blocker = writer.write(move |_| {
            held.recv().ok();
            Ok(())
        });
        let release = async move { drop(hold) };
        let others =
            async { tokio::join!(writer.write(insert(1)), writer.write(insert(2)), writer.write(insert(3))) };
        let (blocked, (a, b, c), ()) = tokio::join!(blocker, others, release);
        assert!(blocked.is_ok() && a.is_ok() && b.is_ok() && c.is_ok());
        let commits = commits.load(Ordering::SeqCst);
        assert!((1..=2).contains(&commits), "four writes took {commits} commits");
    }
}
