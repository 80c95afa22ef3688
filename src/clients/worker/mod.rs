//! The examiner as a process of its own: `absah worker`, one for each file, with
//! nothing but the file. It limits itself (see `cli::worker`); here its time by the
//! clock is limited, how many there are, and how long its answer is.
//!
//! One line of JSON, the [`Task`], and then the file go in; one value of JSON comes
//! out.

mod process;
mod task;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::kernel::code::DocumentCode;
use crate::kernel::examination::{Examination, Outline, PagesError, Question};
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::placement::Placement;
use crate::services::ports::{Ending, Examiner, ExaminerError};

pub use task::{LONGEST_TASK, Png, Task};

/// How long a file waits for its turn.
const QUEUE: Duration = Duration::from_secs(20);
/// What one file gets by the clock.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts processes of one program.
#[derive(Debug)]
pub struct WorkerProcesses {
    program: PathBuf,
    slots: Arc<Semaphore>,
    patience: Duration,
}

impl WorkerProcesses {
    /// Processes of `program`, which is this one or one of the same version; `at_once`
    /// of them at the most.
    #[must_use]
    pub fn new(program: PathBuf, at_once: usize) -> Self {
        Self {
            program,
            slots: Arc::new(Semaphore::new(at_once.max(1))),
            patience: PATIENCE,
        }
    }

    /// The same with another time by the clock for each file.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
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

    /// Gives a task and a file to a process of their own. It is brought to its end though
    /// the caller has gone: its slot is free when it is.
    async fn ask<A>(&self, file: Arc<Vec<u8>>, task: Task) -> Result<A, ExaminerError>
    where
        A: DeserializeOwned + Send + 'static,
    {
        let slot = timeout(QUEUE, Arc::clone(&self.slots).acquire_owned()).await;
        let slot = slot
            .map_err(|_| ExaminerError::Busy)?
            .map_err(|error| process::unavailable(&error))?;
        let (program, patience) = (self.program.clone(), self.patience);
        let asked = spawn_blocking(move || {
            let _slot = slot;
            let answer = process::ask(&program, patience, &file, &task)?;
            let read = serde_json::from_slice(&answer);
            read.map_err(|_| ExaminerError::Ended(Ending::Failure))
        });
        asked.await.map_err(|error| process::unavailable(&error))?
    }
}

#[async_trait]
impl Examiner for WorkerProcesses {
    async fn examine(
        &self,
        file: Arc<Vec<u8>>,
        question: Question,
    ) -> Result<Examination, ExaminerError> {
        self.ask(file, Task::Examine(Box::new(question))).await
    }

    async fn codes_shown(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        address: String,
    ) -> Result<Vec<DocumentCode>, ExaminerError> {
        self.ask(file, Task::CodesShown { limits, address }).await
    }

    async fn outline(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        placement: Option<Placement>,
    ) -> Result<Result<Outline, PagesError>, ExaminerError> {
        self.ask(file, Task::Outline { limits, placement }).await
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
        let drawn: Result<Png, PagesError> = self.ask(file, task).await?;
        Ok(drawn.map(|png| png.0))
    }
}
