//! One run of OpenSSL's path building over given certificates and CRLs.

use foreign_types::ForeignTypeRef;
use openssl::asn1::Asn1Object;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509Ref, X509StoreContext, X509StoreContextRef};
use time::OffsetDateTime;

use super::{PathError, PathErrorKind, Purpose};
use crate::kernel::asn1::{ObjectIdentifier, oids};
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::{Certificate, ffi};

/// RSA 2048, SHA-224 and P-224 at least: 112 bits (ETSI TS 119 312 asks for more of what
/// signs; the validation policy checks that by date).
const STRONG: i32 = 2;

/// The longest path.
const MAX_DEPTH: i32 = 16;

/// What is to be verified, and how.
pub(super) struct Verification<'a> {
    pub target: &'a Certificate,
    pub untrusted: &'a [Certificate],
    pub anchors: &'a [Certificate],
    pub at: OffsetDateTime,
    pub purpose: Purpose,
    pub allow_weak: bool,
    pub policies: Policies<'a>,
    pub revocation: Revocation<'a>,
}

/// Of which certificates OpenSSL checks the revocation, and by which CRLs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Revocation<'a> {
    /// Of none.
    Unchecked,
    /// Of the target alone. The signers of CRLs are not checked then: give only CRLs
    /// that the target's issuer signed with the key it issues with.
    Target(&'a [Crl]),
    /// Of the whole path, and of the signers of the CRLs.
    Path(&'a [Crl]),
}

impl<'a> Revocation<'a> {
    const fn crls(self) -> &'a [Crl] {
        match self {
            Self::Unchecked => &[],
            Self::Target(crls) | Self::Path(crls) => crls,
        }
    }
}

/// The inputs of policy processing (RFC 5280 6.1.1 (c), (e), (f), (g)).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Policies<'a> {
    pub initial: &'a [ObjectIdentifier],
    pub explicit: bool,
    pub inhibit_mapping: bool,
    pub inhibit_any: bool,
}

impl Verification<'_> {
    /// The path, the target first.
    pub(super) fn run(&self) -> Result<Vec<Certificate>, PathError> {
        let target = openssl_of(self.target)?;
        let store = self.store().map_err(|error| self.broken(&error))?;
        let untrusted = stack(self.untrusted).map_err(|error| self.broken(&error))?;
        let mut context = X509StoreContext::new().map_err(|error| self.broken(&error))?;
        context
            .init(&store, target, &untrusted, |context| {
                Ok(self.verify(context))
            })
            .unwrap_or_else(|error| Err(self.broken(&error)))
    }

    fn store(&self) -> Result<X509Store, ErrorStack> {
        let mut builder = X509StoreBuilder::new()?;
        for anchor in self.anchors.iter().filter_map(Certificate::openssl) {
            builder.add_cert(anchor.clone())?;
        }
        builder.set_param(&*self.parameters()?)?;
        Ok(builder.build())
    }

    fn parameters(&self) -> Result<X509VerifyParam, ErrorStack> {
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_flags(self.flags())?;
        parameters.set_purpose(self.purpose.openssl())?;
        parameters.set_time(self.at.unix_timestamp());
        parameters.set_depth(MAX_DEPTH);
        parameters.set_auth_level(if self.allow_weak { 0 } else { STRONG });
        // For OpenSSL an empty set is empty; RFC 5280 6.1.1 (c) starts from any-policy.
        let any = [oids::ANY_POLICY];
        let initial = match self.policies.initial {
            [] => any.as_slice(),
            policies => policies,
        };
        for policy in initial {
            ffi::add_policy(&mut parameters, Asn1Object::from_str(&policy.to_string())?)?;
        }
        Ok(parameters)
    }

    fn flags(&self) -> X509VerifyFlags {
        let on = |flag, wanted: bool| {
            if wanted {
                flag
            } else {
                X509VerifyFlags::empty()
            }
        };
        let with_crls = X509VerifyFlags::CRL_CHECK
            | X509VerifyFlags::EXTENDED_CRL_SUPPORT
            | X509VerifyFlags::USE_DELTAS;
        X509VerifyFlags::PARTIAL_CHAIN
            | on(X509VerifyFlags::X509_STRICT, !self.allow_weak)
            | X509VerifyFlags::TRUSTED_FIRST
            | X509VerifyFlags::POLICY_CHECK
            | on(X509VerifyFlags::EXPLICIT_POLICY, self.policies.explicit)
            | on(X509VerifyFlags::INHIBIT_MAP, self.policies.inhibit_mapping)
            | on(X509VerifyFlags::INHIBIT_ANY, self.policies.inhibit_any)
            | on(with_crls, !matches!(self.revocation, Revocation::Unchecked))
            | on(
                X509VerifyFlags::CRL_CHECK_ALL,
                matches!(self.revocation, Revocation::Path(_)),
            )
    }

    fn verify(&self, context: &mut X509StoreContextRef) -> Result<Vec<Certificate>, PathError> {
        let crls = self.revocation.crls().iter();
        let crls = ffi::CrlStack::new(crls.filter_map(Crl::openssl));
        let crls = crls.map_err(|error| self.broken(&error))?;
        let valid = crls.lend(context, X509StoreContextRef::verify_cert);
        match valid {
            Ok(true) => self.path(context),
            Ok(false) => Err(self.failure(context)),
            Err(error) => Err(self.broken(&error)),
        }
    }

    fn path(&self, context: &X509StoreContextRef) -> Result<Vec<Certificate>, PathError> {
        let chain = context.chain().into_iter().flatten();
        let path: Option<Vec<Certificate>> = chain.map(|link| self.certificate_of(link)).collect();
        path.filter(|path| !path.is_empty())
            .ok_or_else(|| PathError::of(PathErrorKind::NoChain, self.target))
    }

    fn failure(&self, context: &X509StoreContextRef) -> PathError {
        let result = context.error();
        let certificate = context
            .current_cert()
            .and_then(|link| self.certificate_of(link));
        PathError {
            kind: PathErrorKind::from_code(result.as_raw(), result.error_string()),
            certificate: certificate.or_else(|| Some(self.target.clone())),
        }
    }

    /// Our certificate for one of OpenSSL's: it only has those that we gave.
    fn certificate_of(&self, link: &X509Ref) -> Option<Certificate> {
        let given = || {
            let rest = self.untrusted.iter().chain(self.anchors);
            std::iter::once(self.target).chain(rest)
        };
        let same = |one: &&Certificate| {
            one.openssl()
                .is_some_and(|own| own.as_ptr() == link.as_ptr())
        };
        let found = given().find(same).cloned();
        found.or_else(|| Certificate::parse(&link.to_der().ok()?).ok())
    }

    fn broken(&self, error: &ErrorStack) -> PathError {
        PathError::of(PathErrorKind::Other(error.to_string()), self.target)
    }
}

fn openssl_of(certificate: &Certificate) -> Result<&X509, PathError> {
    certificate
        .openssl()
        .ok_or_else(|| PathError::of(PathErrorKind::Unreadable, certificate))
}

/// Certificates that OpenSSL cannot read are left out: one bad certificate sinks nothing.
fn stack(certificates: &[Certificate]) -> Result<Stack<X509>, ErrorStack> {
    let mut stack = Stack::new()?;
    for certificate in certificates.iter().filter_map(Certificate::openssl) {
        stack.push(certificate.clone())?;
    }
    Ok(stack)
}
