//! One run of OpenSSL's path validation over one prospective path.

use foreign_types::ForeignTypeRef;
use openssl::asn1::Asn1Object;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509Ref, X509StoreContext, X509StoreContextRef};

use super::{PathError, PathErrorKind, PathRules};
use crate::kernel::asn1::oids;
use crate::kernel::x509::{Certificate, ffi};

/// RSA 2048, SHA-224 and P-224 at least: 112 bits (ETSI TS 119 312 asks for more of what
/// signs; the validation policy checks that by date).
const STRONG: i32 = 2;

/// How many certificates may stand between the target and the anchor.
const MAX_DEPTH: i32 = 16;

/// Validates a prospective path: the target first, an anchor last.
pub(super) fn validate(
    path: &[Certificate],
    rules: &PathRules<'_>,
) -> Result<Vec<Certificate>, PathError> {
    let (Some(target), Some(anchor)) = (path.first(), path.last()) else {
        return Ok(Vec::new());
    };
    let validation = Validation {
        path,
        target,
        anchor,
        rules,
    };
    validation.run()
}

struct Validation<'a> {
    path: &'a [Certificate],
    target: &'a Certificate,
    anchor: &'a Certificate,
    rules: &'a PathRules<'a>,
}

impl Validation<'_> {
    /// The path, the target first.
    fn run(&self) -> Result<Vec<Certificate>, PathError> {
        let target = openssl_of(self.target)?;
        let store = self.store()?;
        let untrusted = self.untrusted()?;
        let mut context = X509StoreContext::new().map_err(|error| self.broken(&error))?;
        context
            .init(&store, target, &untrusted, |context| {
                Ok(self.verify(context))
            })
            .unwrap_or_else(|error| Err(self.broken(&error)))
    }

    fn store(&self) -> Result<X509Store, PathError> {
        let anchor = openssl_of(self.anchor)?;
        let store = || {
            let mut builder = X509StoreBuilder::new()?;
            builder.add_cert(anchor.clone())?;
            builder.set_param(&*self.parameters()?)?;
            Ok(builder.build())
        };
        store().map_err(|error: ErrorStack| self.broken(&error))
    }

    fn untrusted(&self) -> Result<Stack<X509>, PathError> {
        let mut stack = Stack::new().map_err(|error| self.broken(&error))?;
        for certificate in self.path.iter().skip(1) {
            let pushed = stack.push(openssl_of(certificate)?.clone());
            pushed.map_err(|error| self.broken(&error))?;
        }
        Ok(stack)
    }

    fn parameters(&self) -> Result<X509VerifyParam, ErrorStack> {
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_flags(self.flags())?;
        parameters.set_purpose(self.rules.purpose.openssl())?;
        if let Some(at) = self.rules.at {
            parameters.set_time(at.unix_timestamp());
        }
        parameters.set_depth(MAX_DEPTH);
        parameters.set_auth_level(if self.rules.allow_weak { 0 } else { STRONG });
        // For OpenSSL an empty set is empty; RFC 5280 6.1.1 (c) starts from any-policy.
        let any = [oids::ANY_POLICY];
        let initial = match self.rules.policies.initial {
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
        let policies = self.rules.policies;
        X509VerifyFlags::PARTIAL_CHAIN
            | X509VerifyFlags::TRUSTED_FIRST
            | X509VerifyFlags::POLICY_CHECK
            | on(X509VerifyFlags::NO_CHECK_TIME, self.rules.at.is_none())
            | on(X509VerifyFlags::X509_STRICT, !self.rules.allow_weak)
            | on(X509VerifyFlags::EXPLICIT_POLICY, policies.explicit)
            | on(X509VerifyFlags::INHIBIT_MAP, policies.inhibit_mapping)
            | on(X509VerifyFlags::INHIBIT_ANY, policies.inhibit_any)
    }

    fn verify(&self, context: &mut X509StoreContextRef) -> Result<Vec<Certificate>, PathError> {
        match context.verify_cert() {
            Ok(true) => self.validated(context),
            Ok(false) => Err(self.failure(context)),
            Err(error) => Err(self.broken(&error)),
        }
    }

    fn validated(&self, context: &X509StoreContextRef) -> Result<Vec<Certificate>, PathError> {
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

    /// Our certificate for one of OpenSSL's: it only has those of the path.
    fn certificate_of(&self, link: &X509Ref) -> Option<Certificate> {
        let same = |one: &&Certificate| {
            one.openssl()
                .is_some_and(|own| own.as_ptr() == link.as_ptr())
        };
        let found = self.path.iter().find(same).cloned();
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
