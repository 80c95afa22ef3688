//! `absah permit-type`: permit types are data, one TOML file each, in which people
//! are named by name, NIP or id.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Deserialize;

use super::administer::{AdministerArguments, Answer, administer, state};
use super::files;
use super::instance::OPERATOR;
use super::outcome::{CliError, Outcome};
use crate::domain::ids::PersonId;
use crate::domain::permit_type::{
    GateName, PermitType, PermitTypeCode, ServiceClass, SignatureSlot,
};
use crate::domain::review::Tier;
use crate::kernel::pdf::placement::Placement;
use crate::services::administration::Administration;

/// A permit type's file is a page of text.
const LIMIT: u64 = 64 * 1024;

/// `absah permit-type`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    shared: AdministerArguments,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Lays a permit type down, or changes it, from a TOML file
    Save {
        /// The file
        file: PathBuf,
    },
    /// Lists the permit types
    List,
}

/// A permit type as its file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermitTypeFile {
    code: PermitTypeCode,
    name: String,
    #[serde(default)]
    gates: Vec<GateName>,
    service_class: ServiceClass,
    #[serde(default, rename = "tier")]
    tiers: Vec<TierFile>,
    #[serde(rename = "signature")]
    signatures: Vec<SignatureFile>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TierFile {
    name: String,
    reviewers: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureFile {
    field: String,
    office: String,
    signatories: Vec<String>,
    placement: Placement,
}

fn yes() -> bool {
    true
}

/// Administers permit types.
///
/// # Errors
/// The file is not a permit type, or the instance does not open.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    administer(&arguments.shared, async |instance| {
        act(&instance.administration(), &arguments.act).await
    })
}

async fn act(office: &Administration, act: &Act) -> Result<Answer, CliError> {
    let permit_types = match act {
        Act::Save { file } => {
            let permit_type = read(file)?.resolve(office).await?;
            office.save_permit_type(OPERATOR, &permit_type).await?;
            vec![permit_type]
        }
        Act::List => office.permit_types().await?,
    };
    Ok(Answer::list(&permit_types, line))
}

fn read(file: &Path) -> Result<PermitTypeFile, CliError> {
    let bytes = files::read(file, LIMIT)?;
    let wrong = |error: String| CliError::usage(format!("{}: {error}", file.display()));
    let text = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    toml::from_str(&text).map_err(|error| wrong(error.to_string()))
}

impl PermitTypeFile {
    /// Finds the people it names.
    pub(super) async fn resolve(
        self,
        administration: &Administration,
    ) -> Result<PermitType, CliError> {
        let mut tiers = Vec::new();
        for tier in self.tiers {
            let reviewers = people(administration, &tier.reviewers).await?;
            tiers.push(Tier {
                name: tier.name,
                reviewers,
            });
        }
        let mut signatures = Vec::new();
        for slot in self.signatures {
            let signatories = people(administration, &slot.signatories).await?;
            signatures.push(SignatureSlot {
                field: slot.field,
                office: slot.office,
                signatories,
                placement: slot.placement,
            });
        }
        Ok(PermitType {
            code: self.code,
            name: self.name,
            signatures,
            tiers,
            gates: self.gates,
            service_class: self.service_class,
            active: self.active,
        })
    }
}

async fn people(
    administration: &Administration,
    names: &[String],
) -> Result<Vec<PersonId>, CliError> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(administration.find_person(name).await?.id);
    }
    Ok(ids)
}

fn line(permit_type: &PermitType) -> String {
    let tiers: Vec<&str> = permit_type
        .tiers
        .iter()
        .map(|tier| tier.name.as_str())
        .collect();
    let gates: Vec<&str> = permit_type.gates.iter().map(GateName::as_str).collect();
    let state = state(permit_type.active);
    format!(
        "{}  {state:8}  {}  (tiers: {}; gates: {})\n",
        permit_type.code,
        permit_type.name,
        tiers.join(", "),
        gates.join(", ")
    )
}
