//! A register in memory, with a switch that makes a step fail. The same contract is
//! tested on the databases in `tests/storage`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use absah::kernel::x509::RevocationReason;
use absah::services::ports::{
    CertificateId, CertificateQuery, CertificateRecord, CertificateStatus, Certificates,
    IssuanceIntent, PublishedCrl, Revocation, StoreError,
};
use async_trait::async_trait;
use time::OffsetDateTime;

/// The register.
#[derive(Default)]
pub struct Register {
    rows: Mutex<Vec<CertificateRecord>>,
    crls: Mutex<BTreeMap<String, Vec<PublishedCrl>>>,
    numbers: Mutex<BTreeMap<String, u64>>,
    /// The step that fails.
    pub fail: Mutex<Option<&'static str>>,
}

impl Register {
    fn step(&self, name: &str) -> Result<(), StoreError> {
        match *self.fail.lock().unwrap() {
            Some(failing) if failing == name => Err(StoreError::Unavailable(name.into())),
            _ => Ok(()),
        }
    }

    fn change(
        &self,
        id: &CertificateId,
        change: impl FnOnce(&mut CertificateRecord) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let row = rows.iter_mut().find(|row| row.intent.id == *id);
        match row.map(change) {
            Some(true) => Ok(()),
            _ => Err(StoreError::Conflict(id.serial.clone())),
        }
    }
}

#[async_trait]
impl Certificates for Register {
    async fn reserve(&self, intent: &IssuanceIntent) -> Result<(), StoreError> {
        self.step("reserve")?;
        let mut rows = self.rows.lock().unwrap();
        if rows.iter().any(|row| row.intent.id == intent.id) {
            return Err(StoreError::Conflict(intent.id.serial.clone()));
        }
        rows.push(CertificateRecord {
            intent: intent.clone(),
            certificate: None,
            status: CertificateStatus::Good,
        });
        Ok(())
    }

    async fn complete(
        &self,
        id: &CertificateId,
        certificate: &[u8],
        _at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.step("complete")?;
        self.change(id, |row| {
            row.certificate.replace(certificate.to_vec()).is_none()
        })
    }

    async fn find(&self, id: &CertificateId) -> Result<Option<CertificateRecord>, StoreError> {
        self.step("find")?;
        Ok(self
            .rows
            .lock()
            .unwrap()
            .iter()
            .find(|row| row.intent.id == *id)
            .cloned())
    }

    async fn list(&self, query: &CertificateQuery) -> Result<Vec<CertificateRecord>, StoreError> {
        self.step("list")?;
        let fits = |row: &&CertificateRecord| {
            query
                .issuer
                .as_ref()
                .is_none_or(|issuer| *issuer == row.intent.id.issuer)
                && query
                    .profile
                    .as_ref()
                    .is_none_or(|profile| *profile == row.intent.profile)
                && (!query.revoked || row.status != CertificateStatus::Good)
        };
        Ok(self
            .rows
            .lock()
            .unwrap()
            .iter()
            .filter(fits)
            .cloned()
            .collect())
    }

    async fn revoke(&self, id: &CertificateId, revocation: &Revocation) -> Result<(), StoreError> {
        self.change(id, |row| {
            let at = match &row.status {
                CertificateStatus::Good => revocation.at,
                CertificateStatus::Revoked(held)
                    if held.reason == RevocationReason::CertificateHold =>
                {
                    held.at
                }
                CertificateStatus::Revoked(_) => return false,
            };
            row.status = CertificateStatus::Revoked(Revocation {
                at,
                ..revocation.clone()
            });
            true
        })
    }

    async fn release(&self, id: &CertificateId, _at: OffsetDateTime) -> Result<(), StoreError> {
        self.change(id, |row| match &row.status {
            CertificateStatus::Revoked(held)
                if held.reason == RevocationReason::CertificateHold =>
            {
                row.status = CertificateStatus::Good;
                true
            }
            _ => false,
        })
    }

    async fn next_crl_number(&self, issuer: &str) -> Result<u64, StoreError> {
        let mut numbers = self.numbers.lock().unwrap();
        let number = numbers.entry(issuer.into()).or_insert(0);
        *number += 1;
        Ok(*number)
    }

    async fn publish_crl(&self, issuer: &str, crl: &PublishedCrl) -> Result<(), StoreError> {
        self.step("publish_crl")?;
        self.crls
            .lock()
            .unwrap()
            .entry(issuer.into())
            .or_default()
            .push(crl.clone());
        Ok(())
    }

    async fn current_crl(&self, issuer: &str) -> Result<Option<PublishedCrl>, StoreError> {
        let crls = self.crls.lock().unwrap();
        Ok(crls
            .get(issuer)
            .and_then(|all| all.iter().max_by_key(|crl| crl.number))
            .cloned())
    }
}
