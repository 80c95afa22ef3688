//! The sample office: found, or made the first time. API keys are shown only once,
//! so each run takes new ones.

use crate::authority::Authority;
use crate::cli::instance::{Instance, OPERATOR};
use crate::cli::outcome::CliError;
use crate::domain::accounts::{Person, Role};
use crate::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use crate::domain::review::Tier;
use crate::kernel::pdf::placement::Placement;
use crate::keys::Passphrase;
use crate::services::administration::{
    Administration, AdministrationError, ApiKey, NewClient, NewPerson,
};
use crate::services::ports::KeyRecords as _;

/// Opens the sample signatory's key; everyone may know it.
pub(super) const PASSPHRASE: &str = "sandi contoh untuk peragaan";
const CLIENT: &str = "Aplikasi Perizinan Contoh";

/// The keys of everyone who acts in the demonstration.
pub(super) struct SampleOffice {
    pub(super) client: ApiKey,
    pub(super) reviewers: [ApiKey; 2],
    pub(super) signatory: ApiKey,
}

impl SampleOffice {
    pub(super) async fn prepare(instance: &Instance) -> Result<Self, CliError> {
        let authority = instance.authority().await?;
        if !authority.is_demonstration() {
            return Err(CliError::usage("this instance is no demonstration")
                .mend("name another folder with --data"));
        }
        let office = instance.administration();
        let section = person(
            &office,
            "Rini Contohwati, S.H.",
            "Kepala Seksi Verifikasi",
            "19850412 201001 2 001",
            Role::Reviewer,
        )
        .await?;
        let division = person(
            &office,
            "Budi Percontoh, S.E., M.M.",
            "Kepala Bidang Perizinan",
            "19790923 200312 1 002",
            Role::Reviewer,
        )
        .await?;
        let head = person(
            &office,
            "Drs. Ahmad Teladan, M.Si.",
            "Kepala Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
            "19690101 199503 1 003",
            Role::Signatory,
        )
        .await?;
        enrol(instance, &authority, &head).await?;
        let permit_type = permit_type(&section, &division, &head)?;
        office.save_permit_type(OPERATOR, &permit_type).await?;
        Ok(Self {
            client: client(&office).await?,
            reviewers: [
                office.new_person_key(OPERATOR, section.id).await?,
                office.new_person_key(OPERATOR, division.id).await?,
            ],
            signatory: office.new_person_key(OPERATOR, head.id).await?,
        })
    }
}

async fn client(office: &Administration) -> Result<ApiKey, CliError> {
    match office.find_client(CLIENT).await {
        Ok(client) => Ok(office.new_client_key(OPERATOR, client.id).await?),
        Err(AdministrationError::Unknown { .. }) => {
            let new = NewClient {
                name: CLIENT.to_owned(),
                permit_types: Vec::new(),
            };
            Ok(office.add_client(OPERATOR, new).await?.1)
        }
        Err(error) => Err(error.into()),
    }
}

async fn person(
    office: &Administration,
    name: &str,
    held: &str,
    nip: &str,
    role: Role,
) -> Result<Person, CliError> {
    match office.find_person(nip).await {
        Ok(person) => Ok(person),
        Err(AdministrationError::Unknown { .. }) => {
            let new = NewPerson {
                name: name.to_owned(),
                office: held.to_owned(),
                rank: Some("Pembina Tk. I".to_owned()),
                nip: Some(nip.to_owned()),
                roles: vec![role],
            };
            Ok(office.add_person(OPERATOR, new).await?.0)
        }
        Err(error) => Err(error.into()),
    }
}

async fn enrol(instance: &Instance, authority: &Authority, head: &Person) -> Result<(), CliError> {
    let known = instance
        .database
        .key_in_use(&head.id)
        .await
        .map_err(CliError::world)?;
    if known.is_none() {
        let ca = authority
            .open_demonstration_issuing()
            .map_err(CliError::world)?;
        let passphrase = Passphrase::new(PASSPHRASE.to_owned());
        instance.enrol(authority, &ca, head, passphrase).await?;
    }
    Ok(())
}

fn permit_type(section: &Person, division: &Person, head: &Person) -> Result<PermitType, CliError> {
    let tier = |name: &str, reviewer: &Person| Tier {
        name: name.to_owned(),
        reviewers: vec![reviewer.id],
    };
    Ok(PermitType {
        code: "SIPB".parse().map_err(CliError::usage)?,
        name: "Surat Izin Praktik Bidan".to_owned(),
        signatures: vec![SignatureSlot {
            field: "Signature1".to_owned(),
            office: "Kepala Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu".to_owned(),
            signatories: vec![head.id],
            placement: Placement::Invisible,
        }],
        tiers: vec![
            tier("Kepala Seksi", section),
            tier("Kepala Bidang", division),
        ],
        gates: vec!["skm".parse().map_err(CliError::usage)?],
        service_class: ServiceClass::ThreeHours,
        active: true,
    })
}
