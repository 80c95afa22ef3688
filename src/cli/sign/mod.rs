//! `absah sign`: one PDF in, a signed one out.

mod look;
mod material;

use std::path::PathBuf;

use clap::Args;

use crate::domain::language::Language;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pades::{Composition, Level, ToBeSigned};
use crate::kernel::pdf::appearance::{BlockPrinter, Template};
use crate::kernel::pdf::signing::{Claims, DocMdp};
use crate::kernel::pdf::{Limits, intake};
use crate::services::clock::SystemClock;
use crate::services::levels::{LevelError, Levels};
use crate::services::ports::Clock as _;

use super::instance::block_on;
use super::outcome::{CliError, Outcome};
use super::world::WorldArguments;
use super::{files, terminal};
use look::Look;
use material::{KeyArguments, Material};

/// Room for a signature without its timestamp: a chain of RSA-4096 certificates fits.
const SIGNATURE_ROOM: usize = 12 * 1024;

/// Sign a PDF.
#[derive(Debug, Args)]
pub struct Sign {
    /// The PDF to sign
    #[arg(value_name = "IN.pdf")]
    input: PathBuf,
    /// Where the signed PDF goes
    #[arg(short, long, value_name = "OUT.pdf")]
    output: PathBuf,
    /// The PAdES baseline level: b-b, b-t, b-lt or b-lta
    #[arg(long, default_value = "b-lta")]
    level: Level,
    /// Certify the document: 0 not at all, else the changes it leaves (1 none, 2 forms and
    /// signatures, 3 annotations too). 2 on an unsigned file, 0 on a signed one
    #[arg(long, value_name = "0|1|2|3", value_parser = clap::value_parser!(u8).range(0..=3))]
    certify: Option<u8>,
    /// Why it is signed
    #[arg(long)]
    reason: Option<String>,
    /// Where it is signed
    #[arg(long)]
    location: Option<String>,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    key: KeyArguments,
    #[command(flatten)]
    world: WorldArguments,
}

impl Sign {
    /// Signs the file.
    ///
    /// # Errors
    /// [`CliError`]; nothing is written then.
    pub fn run(&self) -> Result<Outcome, CliError> {
        block_on(self.sign())
    }

    async fn sign(&self) -> Result<Outcome, CliError> {
        let limits = files::limits();
        let file = files::read(&self.input, limits.file_size as u64)?;
        let certify = self.certification(&file, &limits)?;
        let material = Material::open(&self.key, &self.world, self.level).await?;
        let to_be_signed = self.prepare(&file, certify, &material, &limits)?;
        // The prepared revision holds it all; a large file need not be there twice.
        drop(file);
        let value = material
            .signer
            .sign_digest(&to_be_signed.digest())
            .map_err(CliError::world)?;
        let signature = to_be_signed.with_signature(value, &material.certificate, &material.chain);
        let levels = Levels {
            timestamps: material.timestamps.as_ref(),
            revocation: material.revocation.as_ref(),
            anchors: &material.anchors,
            intermediates: &material.intermediates,
            hash: HashAlgorithm::Sha256,
            limits: &limits,
        };
        let signed = levels
            .raise(signature, &material.certificate, self.level)
            .await
            .map_err(|error| refusal(&error))?;
        files::write(&self.output, &signed)?;
        self.tell(&material)?;
        Ok(Outcome::Done)
    }

    /// What may be signed, and whether it certifies.
    fn certification(&self, file: &[u8], limits: &Limits) -> Result<Option<DocMdp>, CliError> {
        let facts = intake::inspect(file, limits)
            .map_err(|refusal| CliError::usage(refusal).mend("this file is not signed"))?;
        match self.certify {
            None => Ok(facts
                .signed_fields
                .is_empty()
                .then_some(DocMdp::FormFilling)),
            Some(0) => Ok(None),
            Some(level) => DocMdp::try_from(level).map(Some).map_err(CliError::usage),
        }
    }

    fn prepare(
        &self,
        file: &[u8],
        certify: Option<DocMdp>,
        material: &Material,
        limits: &Limits,
    ) -> Result<ToBeSigned, CliError> {
        let placement = self.look.placement()?;
        let qr = self.look.qr_code(&placement)?;
        let block = material.block();
        let composition = Composition {
            placement: &placement,
            block: &block,
            arrangement: &Default::default(),
            qr: qr.as_ref(),
            qr_pages: &[],
            claims: Claims {
                name: Some(block.name.clone()),
                reason: self.reason.clone(),
                location: self.location.clone(),
            },
            m: SystemClock.now(),
            certify,
            further: &[],
            hole: SIGNATURE_ROOM + material.timestamps.longest_token(),
        };
        let printer = BlockPrinter::new(Template::built_in().map_err(CliError::world)?);
        let prepared = composition
            .prepare(file, &printer, limits)
            .map_err(CliError::usage)?;
        Ok(ToBeSigned::new(
            prepared,
            &material.certificate,
            material.signer.algorithm(),
        ))
    }

    fn tell(&self, material: &Material) -> Result<(), CliError> {
        let signer = material.certificate.subject().common_name();
        let name = signer.unwrap_or_else(|| material.certificate.subject().text());
        let (level, file) = (self.level, self.output.display());
        let text = match terminal::language() {
            Language::Indonesian => format!("Ditandatangani ({level}) oleh {name}: {file}\n"),
            Language::English => format!("Signed ({level}) by {name}: {file}\n"),
        };
        terminal::print(&text)
    }
}

/// What stands between a signature and its level, in the command line's terms.
pub(super) fn refusal(error: &LevelError) -> CliError {
    if error.may_pass() {
        CliError::world(error).mend(
            "nothing was written; try again, or take --level b-t now and raise it later \
             with `absah augment`",
        )
    } else {
        CliError::usage(error).mend("nothing was written")
    }
}
