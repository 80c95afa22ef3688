//! The object identifiers of this system, under the names their standards give them.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $oid:literal;)+) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($oid);)+
    };
}

oids! {
    /// id-sha1 (RFC 3279)
    ID_SHA1 = "1.3.14.3.2.26";
    /// id-sha224 (RFC 4055)
    ID_SHA224 = "2.16.840.1.101.3.4.2.4";
    /// id-sha256 (RFC 4055)
    ID_SHA256 = "2.16.840.1.101.3.4.2.1";
    /// id-sha384 (RFC 4055)
    ID_SHA384 = "2.16.840.1.101.3.4.2.2";
    /// id-sha512 (RFC 4055)
    ID_SHA512 = "2.16.840.1.101.3.4.2.3";

    /// rsaEncryption (RFC 3279)
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// id-ecPublicKey (RFC 5480)
    ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// secp256r1, P-256 (RFC 5480)
    SECP256R1 = "1.2.840.10045.3.1.7";
    /// secp384r1, P-384 (RFC 5480)
    SECP384R1 = "1.3.132.0.34";
    /// secp521r1, P-521 (RFC 5480)
    SECP521R1 = "1.3.132.0.35";
    /// id-RSASSA-PSS (RFC 4055)
    ID_RSASSA_PSS = "1.2.840.113549.1.1.10";
    /// id-mgf1 (RFC 4055)
    ID_MGF1 = "1.2.840.113549.1.1.8";
    /// sha1WithRSAEncryption (RFC 3279)
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    /// sha224WithRSAEncryption (RFC 4055)
    SHA224_WITH_RSA = "1.2.840.113549.1.1.14";
    /// sha256WithRSAEncryption (RFC 4055)
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    /// sha384WithRSAEncryption (RFC 4055)
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12";
    /// sha512WithRSAEncryption (RFC 4055)
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    /// ecdsa-with-SHA1 (RFC 3279)
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1";
    /// ecdsa-with-SHA224 (RFC 5758)
    ECDSA_WITH_SHA224 = "1.2.840.10045.4.3.1";
    /// ecdsa-with-SHA256 (RFC 5758)
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    /// ecdsa-with-SHA384 (RFC 5758)
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    /// ecdsa-with-SHA512 (RFC 5758)
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";

    /// id-data (RFC 5652)
    ID_DATA = "1.2.840.113549.1.7.1";
    /// id-signedData (RFC 5652)
    ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// id-contentType (RFC 5652 11.1)
    ID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// id-messageDigest (RFC 5652 11.2)
    ID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// id-signingTime (RFC 5652 11.3)
    ID_SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// id-aa-signingCertificate (RFC 2634)
    ID_AA_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// id-aa-signingCertificateV2 (RFC 5035)
    ID_AA_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// id-aa-CMSAlgorithmProtection (RFC 6211)
    ID_AA_CMS_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
    /// id-aa-signatureTimeStampToken (RFC 3161 appendix A)
    ID_AA_SIGNATURE_TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
    /// id-aa-ets-sigPolicyId (EN 319 122-1 5.2.9)
    ID_AA_ETS_SIG_POLICY_ID = "1.2.840.113549.1.9.16.2.15";
    /// id-aa-ets-contentTimestamp (EN 319 122-1 5.2.8)
    ID_AA_ETS_CONTENT_TIMESTAMP = "1.2.840.113549.1.9.16.2.20";
    /// id-ri-ocsp-response (RFC 5940)
    ID_RI_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";
    /// id-ct-TSTInfo (RFC 3161)
    ID_CT_TST_INFO = "1.2.840.113549.1.9.16.1.4";

    /// id-at-commonName (X.520)
    ID_AT_COMMON_NAME = "2.5.4.3";
    /// anyPolicy (RFC 5280)
    ANY_POLICY = "2.5.29.32.0";
    /// anyExtendedKeyUsage (RFC 5280)
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// id-kp-timeStamping (RFC 5280)
    ID_KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning (RFC 5280)
    ID_KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// id-kp-emailProtection (RFC 5280)
    ID_KP_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// id-kp-clientAuth (RFC 5280)
    ID_KP_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// id-kp-documentSigning (RFC 9336)
    ID_KP_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";
    /// Adobe's Authentic Documents Trust
    ADOBE_AUTHENTIC_DOCUMENTS_TRUST = "1.2.840.113583.1.1.5";
    /// Microsoft's document signing
    MS_DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12";

    /// id-aa-er-internal (RFC 4998 A)
    ID_AA_ER_INTERNAL = "1.2.840.113549.1.9.16.2.49";
    /// id-aa-er-external (RFC 4998 A)
    ID_AA_ER_EXTERNAL = "1.2.840.113549.1.9.16.2.50";
    /// id-aa-ets-archiveTimestampV2 (EN 319 122-1 A.2.4)
    ID_AA_ETS_ARCHIVE_TIMESTAMP_V2 = "1.2.840.113549.1.9.16.2.48";
    /// id-aa-ets-archiveTimestampV3 (EN 319 122-1 5.5.3)
    ID_AA_ETS_ARCHIVE_TIMESTAMP_V3 = "0.4.0.1733.2.4";

    /// id-etsi-ext-valassured-ST-certs (EN 319 412-1 5.2)
    ID_ETSI_VALIDITY_ASSURED = "0.4.0.194121.2.1";
    /// id-pkix-ocsp-basic (RFC 6960)
    ID_PKIX_OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-pkix-ocsp-nonce (RFC 8954)
    ID_PKIX_OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// id-pkix-ocsp-archive-cutoff (RFC 6960)
    ID_PKIX_OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// id-pkix-ocsp-nocheck (RFC 6960)
    ID_PKIX_OCSP_NOCHECK = "1.3.6.1.5.5.7.48.1.5";

    /// id-ce-subjectKeyIdentifier (RFC 5280)
    ID_CE_SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// id-ce-keyUsage (RFC 5280)
    ID_CE_KEY_USAGE = "2.5.29.15";
    /// id-ce-subjectAltName (RFC 5280)
    ID_CE_SUBJECT_ALT_NAME = "2.5.29.17";
    /// id-ce-nameConstraints (RFC 5280)
    ID_CE_NAME_CONSTRAINTS = "2.5.29.30";
    /// id-ce-policyConstraints (RFC 5280)
    ID_CE_POLICY_CONSTRAINTS = "2.5.29.36";
    /// id-ce-basicConstraints (RFC 5280)
    ID_CE_BASIC_CONSTRAINTS = "2.5.29.19";
    /// id-ce-cRLDistributionPoints (RFC 5280)
    ID_CE_CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// id-ce-certificatePolicies (RFC 5280)
    ID_CE_CERTIFICATE_POLICIES = "2.5.29.32";
    /// id-ce-extKeyUsage (RFC 5280)
    ID_CE_EXT_KEY_USAGE = "2.5.29.37";
    /// id-pe-authorityInfoAccess (RFC 5280)
    ID_PE_AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// id-pe-qcStatements (RFC 3739)
    ID_PE_QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    /// id-qt-cps (RFC 5280)
    ID_QT_CPS = "1.3.6.1.5.5.7.2.1";
    /// id-ad-ocsp (RFC 5280)
    ID_AD_OCSP = "1.3.6.1.5.5.7.48.1";
    /// id-ad-caIssuers (RFC 5280)
    ID_AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// id-ce-cRLNumber (RFC 5280)
    ID_CE_CRL_NUMBER = "2.5.29.20";
    /// id-ce-cRLReasons (RFC 5280)
    ID_CE_CRL_REASONS = "2.5.29.21";
    /// id-ce-invalidityDate (RFC 5280)
    ID_CE_INVALIDITY_DATE = "2.5.29.24";
    /// id-ce-deltaCRLIndicator (RFC 5280)
    ID_CE_DELTA_CRL_INDICATOR = "2.5.29.27";
    /// id-ce-issuingDistributionPoint (RFC 5280)
    ID_CE_ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// id-ce-certificateIssuer (RFC 5280)
    ID_CE_CERTIFICATE_ISSUER = "2.5.29.29";
    /// id-ce-expiredCertsOnCRL (X.509 9.5.2.8)
    ID_CE_EXPIRED_CERTS_ON_CRL = "2.5.29.60";
    /// id-ce-authorityKeyIdentifier (RFC 5280)
    ID_CE_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
}
