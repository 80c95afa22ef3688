//! The one writer: acts of many callers made durable by one commit.
//!
//! Everything written goes through one task with one connection. It opens a
//! transaction, runs what waits in the queue, each act in a savepoint of its own, and
//! commits once; only then does any caller hear of it. An fsync is so shared by all
//! who came while the last one ran: no delay is added, and nobody is answered early.
//! An act that breaks a rule rolls back to its savepoint and leaves the others be.
//!
//! With SQLite this is also what "one writer at a time" asks for; with PostgreSQL it
//! keeps the log's counter, which every act needs, from costing an fsync each.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::sql::{Connection, Pool, SqlError};
use crate::services::fault;
use crate::services::ports::{CommitError, StoreError};

/// How many acts share a commit at most: bounds the time that the first one waits.
const MAX_ACTS: usize = 128;
/// How many acts may wait; more, and callers wait to queue up.
const QUEUE: usize = 1_024;
/// How long a caller waits to be told. After that the outcome is not known to him.
const PATIENCE: Duration = Duration::from_secs(20);
/// After how many commits SQLite's log is written back.
const CHECKPOINT_EVERY: u32 = 64;

pub(super) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, CommitError>> + Send + 'c>>;

/// What puts acts into the queue.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Act(Box<dyn Act>),
    /// Let the connection go; acts that come after this are refused.
    Stop,
}

/// An act of a caller, and the way back to him.
trait Act: Send {
    fn run<'c>(&'c mut self, connection: &'c mut Connection) -> Work<'c, ()>;
    /// Whether the caller has gone, and was perhaps told that nothing is sure: what was
    /// not begun by then is not done behind his back.
    fn is_deserted(&self) -> bool;
    /// Tells the caller, once what he asked for is durable or will never be.
    fn settle(self: Box<Self>, outcome: Result<(), CommitError>);
}

struct Pending<F, T> {
    work: Option<F>,
    output: Option<T>,
    reply: oneshot::Sender<Result<T, CommitError>>,
}

impl<F, T> Act for Pending<F, T>
where
    F: for<'c> FnOnce(&'c mut Connection) -> Work<'c, T> + Send,
    T: Send,
{
    fn run<'c>(&'c mut self, connection: &'c mut Connection) -> Work<'c, ()> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                self.output = Some(work(connection).await?);
            }
            Ok(())
        })
    }

    fn is_deserted(&self) -> bool {
        self.reply.is_closed()
    }

    fn settle(self: Box<Self>, outcome: Result<(), CommitError>) {
        let Self { output, reply, .. } = *self;
        // A caller that went away does not need to hear.
        let _ = reply.send(outcome.and_then(|()| output.ok_or_else(lost)));
    }
}

fn lost() -> CommitError {
    StoreError::Unavailable("the writer has stopped".to_owned()).into()
}

impl Writer {
    /// Starts the writing task on a pool.
    pub(super) fn start(pool: Pool) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(pool, waiting));
        Self { queue }
    }

    /// Runs some work in a transaction; returns once it is durable.
    pub(super) async fn write<F, T>(&self, work: F) -> Result<T, CommitError>
    where
        F: for<'c> FnOnce(&'c mut Connection) -> Work<'c, T> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let act = Pending {
            work: Some(work),
            output: None,
            reply,
        };
        let message = Message::Act(Box::new(act));
        let settled = async {
            self.queue.send(message).await.map_err(|_| lost())?;
            answer.await.map_err(|_| lost())?
        };
        match tokio::time::timeout(PATIENCE, settled).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::Unavailable(format!(
                "nothing was acknowledged within {PATIENCE:?}"
            ))
            .into()),
        }
    }

    /// Ends the writing task after what waits already.
    pub(super) async fn stop(&self) {
        // One that has stopped needs no telling.
        let _ = self.queue.send(Message::Stop).await;
    }
}

async fn write_all(pool: Pool, mut waiting: mpsc::Receiver<Message>) {
    let mut connection = None;
    let mut commits = 0;
    while let Some(Message::Act(first)) = waiting.recv().await {
        if first.is_deserted() {
            continue;
        }
        let mut held = match take(&pool, connection.take()).await {
            Ok(held) => held,
            Err(error) => {
                refuse_all(first, &mut waiting, &error.into());
                continue;
            }
        };
        if write_some(&mut held, first, &mut waiting).await {
            commits += 1;
            if commits % CHECKPOINT_EVERY == 0 {
                checkpoint(&mut held).await;
            }
            connection = Some(held);
        } else {
            held.discard().await;
        }
    }
}

/// Nobody waits for a database that was just found away.
fn refuse_all(first: Box<dyn Act>, waiting: &mut mpsc::Receiver<Message>, error: &CommitError) {
    let mut next = Some(first);
    while let Some(act) = next {
        act.settle(Err(error.clone()));
        next = next_act(waiting);
    }
}

async fn take(pool: &Pool, held: Option<Connection>) -> Result<Connection, SqlError> {
    match held {
        Some(connection) => Ok(connection),
        None => pool.connect().await,
    }
}

/// One transaction. Tells whether the connection can be used again.
async fn write_some(
    connection: &mut Connection,
    first: Box<dyn Act>,
    waiting: &mut mpsc::Receiver<Message>,
) -> bool {
    let mut done = Vec::new();
    let outcome = run_some(connection, first, waiting, &mut done).await;
    let usable = outcome.is_ok() || connection.roll_back().await;
    for act in done {
        act.settle(outcome.clone());
    }
    usable
}

async fn run_some(
    connection: &mut Connection,
    first: Box<dyn Act>,
    waiting: &mut mpsc::Receiver<Message>,
    done: &mut Vec<Box<dyn Act>>,
) -> Result<(), CommitError> {
    let mut next = Some(first);
    if let Err(error) = connection.begin().await {
        done.extend(next);
        return Err(error.into());
    }
    while let Some(mut act) = next {
        match run_one(connection, &mut *act).await {
            Ok(()) => done.push(act),
            Err(Failure::Alone(error)) => act.settle(Err(error)),
            Err(Failure::All(error)) => {
                done.push(act);
                return Err(error);
            }
        }
        next = if done.len() < MAX_ACTS {
            next_act(waiting)
        } else {
            None
        };
    }
    fault::point("commit.before");
    connection.execute("COMMIT", Vec::new()).await?;
    fault::point("commit.after");
    Ok(())
}

/// What waits already, without waiting for more.
fn next_act(waiting: &mut mpsc::Receiver<Message>) -> Option<Box<dyn Act>> {
    loop {
        match waiting.try_recv() {
            Ok(Message::Act(act)) if act.is_deserted() => {}
            Ok(Message::Act(act)) => return Some(act),
            Ok(Message::Stop) => {
                waiting.close();
                return None;
            }
            Err(_) => return None,
        }
    }
}

/// How far a failure reaches.
enum Failure {
    /// This act alone: the others go on.
    Alone(CommitError),
    /// The whole transaction.
    All(CommitError),
}

async fn run_one(connection: &mut Connection, act: &mut dyn Act) -> Result<(), Failure> {
    let all = |error: SqlError| Failure::All(CommitError::from(error));
    connection
        .execute("SAVEPOINT act", Vec::new())
        .await
        .map_err(all)?;
    match act.run(connection).await {
        Ok(()) => {
            connection
                .execute("RELEASE SAVEPOINT act", Vec::new())
                .await
                .map_err(all)?;
            Ok(())
        }
        Err(error @ CommitError::Store(StoreError::Unavailable(_) | StoreError::Full(_))) => {
            Err(Failure::All(error))
        }
        Err(error) => {
            connection
                .execute("ROLLBACK TO SAVEPOINT act", Vec::new())
                .await
                .map_err(all)?;
            connection
                .execute("RELEASE SAVEPOINT act", Vec::new())
                .await
                .map_err(all)?;
            Err(Failure::Alone(error))
        }
    }
}

/// Writes SQLite's log back into the database file. Done here and not by SQLite
/// itself, which would not tell of an fsync that failed on the way. A checkpoint that
/// is refused for another reason is only late.
async fn checkpoint(connection: &mut Connection) {
    if let Connection::Sqlite(_) = connection
        && let Err(error) = connection
            .execute("PRAGMA wal_checkpoint(PASSIVE)", Vec::new())
            .await
    {
        let error = CommitError::from(error);
        tracing::warn!(%error, "the database's log was not written back");
    }
}
