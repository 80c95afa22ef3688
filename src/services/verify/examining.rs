//! A file's examination. Where status information would decide what is open, it is asked
//! for and the file is examined again.

use std::sync::Arc;

use crate::kernel::examination::{Der, Examination, Question};
use crate::kernel::hash::Sha256;
use crate::kernel::validation::{Finding, FindingCode, MissingStatus, Report};
use crate::services::ports::{Ending, Examiner, ExaminerError, RevocationData, RevocationEvidence};

/// How often what is missing is asked for: what came may show what else is.
const ROUNDS: usize = 2;

/// Examines a file. `source` is asked for what is missing, if there is one; a file that ends
/// its examination is undecided, with the reason.
///
/// # Errors
/// Nobody can examine it now.
pub async fn examined(
    examiner: &dyn Examiner,
    source: Option<&dyn RevocationData>,
    file: Arc<Vec<u8>>,
    mut question: Question,
) -> Result<Examination, ExaminerError> {
    let mut found = once(examiner, &file, &question).await?;
    let Some(source) = source else {
        return Ok(found);
    };
    for _ in 0..ROUNDS {
        let missing = found.missing(&question);
        if missing.is_empty() || !fetched(source, &missing, &mut question).await {
            break;
        }
        found = once(examiner, &file, &question).await?;
    }
    Ok(found)
}

/// Adds to the question what is missing and can be had; whether there is anything new.
async fn fetched(
    source: &dyn RevocationData,
    missing: &[MissingStatus],
    question: &mut Question,
) -> bool {
    let RevocationEvidence { ocsps, crls } = source.statuses(missing).await;
    let mut new = false;
    for (known, more) in [(&mut question.ocsps, ocsps), (&mut question.crls, crls)] {
        for one in more.into_iter().map(Der) {
            if !known.contains(&one) {
                known.push(one);
                new = true;
            }
        }
    }
    new
}

async fn once(
    examiner: &dyn Examiner,
    file: &Arc<Vec<u8>>,
    question: &Question,
) -> Result<Examination, ExaminerError> {
    let asked = examiner.examine(Arc::clone(file), question.clone());
    match asked.await {
        Err(ExaminerError::Ended(how)) => Ok(undecided(file, question, how)),
        answer => answer,
    }
}

/// What is said of a file that ended its examination.
fn undecided(file: &[u8], question: &Question, how: Ending) -> Examination {
    let code = match how {
        Ending::Time | Ending::Memory => FindingCode::LimitExceeded,
        Ending::Failure => FindingCode::ExaminationEnded,
    };
    let why = Finding::new(code).detail(how);
    let policy = &question.policy.name;
    let report = Report::undecided(Sha256::of(file), question.at, policy, why);
    Examination::of(report)
}
