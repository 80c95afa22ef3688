//! What an instance's register adds to the verdict on a file: whether it is ours, and
//! whether the permit stands. The same question, asked of the same code, as over HTTP.

use std::sync::Arc;

use super::{Arguments, policy};
use crate::authority::Published;
use crate::cli::config::Config;
use crate::cli::evidence::Evidence;
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::kernel::examination::{Der, Question, Trusted};
use crate::kernel::validation::{Anchors, Policy};
use crate::services::Services;
use crate::services::ports::RevocationData;
use crate::services::verify::FileAnswer;

/// An instance, opened to be read. No key of its authority is.
pub(super) struct Register {
    instance: Instance,
    services: Services,
}

impl Register {
    /// `source` is asked for what a file lacks; without one no connection is opened.
    pub(super) async fn open(
        mut config: Config,
        source: Option<Arc<dyn RevocationData>>,
    ) -> Result<Self, CliError> {
        if source.is_none() && config.storage.database_url_file.is_some() {
            let text = "--offline opens no connection, and the register is in PostgreSQL";
            return Err(CliError::usage(text).mend("leave out one of --offline, --data, --config"));
        }
        let published = Published::read(&config.storage.data.join("authority"))?;
        if config.server.public_url.is_none() {
            // A service that was given its address on the command line printed that one.
            config.server.public_url = Some(published.manifest.public_url.clone());
        }
        let instance = Instance::open(config).await?;
        let services = instance.readers(&published, source)?;
        Ok(Self { instance, services })
    }

    /// The verdict on a file: what the service asks of an upload, with what the arguments
    /// add to it.
    pub(super) async fn judge(
        self,
        file: Arc<Vec<u8>>,
        evidence: Evidence,
        policy: Policy,
        arguments: &Arguments,
    ) -> Result<FileAnswer, CliError> {
        let answer = match self.services.question().await {
            Ok(mut question) => {
                add(&mut question, evidence, policy, arguments)?;
                self.services.verify_by(file, question).await
            }
            Err(error) => Err(error),
        };
        self.instance.database.close().await;
        answer.map_err(CliError::world)
    }
}

/// Adds what the arguments say to what the service asks.
fn add(
    question: &mut Question,
    evidence: Evidence,
    policy: Policy,
    arguments: &Arguments,
) -> Result<(), CliError> {
    if !arguments.evidence.trust.is_empty() {
        question.anchors = Trusted::from(&Anchors::for_all(evidence.anchors));
    }
    let named = policy::anchors(&policy, arguments.policy.as_deref(), Anchors::default())?;
    let named = Trusted::from(&named);
    let anchors = &mut question.anchors;
    let roles = [
        (&mut anchors.signer, named.signer),
        (&mut anchors.tsa, named.tsa),
        (&mut anchors.ocsp, named.ocsp),
    ];
    for (role, named) in roles {
        if !named.is_empty() {
            *role = named;
        }
    }
    let untrusted = evidence.untrusted.iter().map(Der::from);
    question.untrusted.extend(untrusted);
    question.crls.extend(evidence.crls.into_iter().map(Der));
    question.ocsps.extend(evidence.ocsps.into_iter().map(Der));
    question.at = evidence.at;
    question.policy = policy;
    question.limits = crate::cli::files::limits();
    question.whole = arguments.wants_whole();
    Ok(())
}
