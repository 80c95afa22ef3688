//! The examiner as a process of its own: `absah worker`, one for each file, with
//! nothing but the file. It limits itself (see `cli::worker`); here its time by the
//! clock is limited, how many there are, and how long its answer is.
//!
//! One line of JSON, the [`Task`], and then the file go in; one value of JSON comes
//! out.

mod task;

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::kernel::code::DocumentCode;
use crate::kernel::examination::{Examination, Outline, PagesError, Question};
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::placement::Placement;
use crate::services::ports::{Examiner, ExaminerError};

pub use task::{Png, Task};

/// How long a file waits for its turn.
const QUEUE: Duration = Duration::from_secs(20);
/// What one file gets by the clock.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer: a report of many signatures with many findings.
const ANSWER: u64 = 32 << 20;

/// Starts processes of one program.
#[derive(Debug)]
pub struct WorkerProcesses {
    program: PathBuf,
    slots: Semaphore,
}

impl WorkerProcesses {
    /// Processes of `program`, which is this one or one of the same version; `at_once`
    /// of them at the most.
    #[must_use]
    pub fn new(program: PathBuf, at_once: usize) -> Self {
        Self {
            program,
            slots: Semaphore::new(at_once.max(1)),
        }
    }

    /// Processes of the running program, two for each processor: the file of the
    /// running one, also after another was put in its place.
    #[must_use]
    pub fn of_this_program() -> Self {
        Self::of(PathBuf::from("/proc/self/exe"))
    }

    /// Processes of `program`, two for each processor.
    #[must_use]
    pub fn of(program: PathBuf) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new(program, 2 * processors)
    }

    /// Gives a task and a file to a process of their own.
    async fn ask<A: DeserializeOwned>(&self, file: &[u8], task: &Task) -> Result<A, ExaminerError> {
        let slot = timeout(QUEUE, self.slots.acquire()).await;
        let _slot = slot
            .map_err(|_| ExaminerError::Busy)?
            .map_err(|error| ExaminerError::Unavailable(error.to_string()))?;
        let mut child = self.start(task.seconds())?;
        let Ok(answer) = timeout(PATIENCE, answer(&mut child, file, task)).await else {
            // Dropping would end it as well; this waits until it is gone.
            let _ = child.kill().await;
            return Err(ExaminerError::Ended("it took too long"));
        };
        serde_json::from_slice(&answer?)
            .map_err(|_| ExaminerError::Ended("its answer cannot be read"))
    }

    fn start(&self, seconds: u64) -> Result<Child, ExaminerError> {
        let started = Command::new(&self.program)
            .args(["worker", "--seconds", &seconds.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        started.map_err(|error| ExaminerError::Unavailable(error.to_string()))
    }
}

#[async_trait]
impl Examiner for WorkerProcesses {
    async fn examine(
        &self,
        file: Arc<Vec<u8>>,
        question: Question,
    ) -> Result<Examination, ExaminerError> {
        self.ask(&file, &Task::Examine(Box::new(question))).await
    }

    async fn codes_shown(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        address: String,
    ) -> Result<Vec<DocumentCode>, ExaminerError> {
        self.ask(&file, &Task::CodesShown { limits, address }).await
    }

    async fn outline(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        placement: Option<Placement>,
    ) -> Result<Result<Outline, PagesError>, ExaminerError> {
        self.ask(&file, &Task::Outline { limits, placement }).await
    }

    async fn picture(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        page: u32,
        width: u32,
    ) -> Result<Result<Vec<u8>, PagesError>, ExaminerError> {
        let task = Task::Picture {
            limits,
            page,
            width,
        };
        let drawn: Result<Png, PagesError> = self.ask(&file, &task).await?;
        Ok(drawn.map(|png| png.0))
    }
}

/// Writes the task and the file, reads the answer, waits for the end.
async fn answer(child: &mut Child, file: &[u8], task: &Task) -> Result<Vec<u8>, ExaminerError> {
    let unavailable = |error: &dyn std::fmt::Display| ExaminerError::Unavailable(error.to_string());
    let line = serde_json::to_vec(task).map_err(|error| unavailable(&error))?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(unavailable(&"the worker has no pipes"));
    };
    let asking = async move {
        // A worker that ended has told why by its status.
        let _ = stdin.write_all(&line).await;
        let _ = stdin.write_all(b"\n").await;
        let _ = stdin.write_all(file).await;
    };
    let reading = async move {
        let mut answer = Vec::new();
        let read = stdout.take(ANSWER).read_to_end(&mut answer).await;
        read.map(|_| answer)
    };
    let ((), answer) = tokio::join!(asking, reading);
    let status = child.wait().await.map_err(|error| unavailable(&error))?;
    if !status.success() {
        return Err(ended(status));
    }
    answer.map_err(|error| unavailable(&error))
}

fn ended(status: ExitStatus) -> ExaminerError {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(libc::SIGXCPU | libc::SIGKILL) => ExaminerError::Ended("it took too long"),
        Some(libc::SIGABRT) => ExaminerError::Ended("it needed too much memory"),
        Some(_) => ExaminerError::Ended("it failed"),
        // The program itself did not run, or refused the question.
        None => ExaminerError::Unavailable(format!("absah worker: {status}")),
    }
}
