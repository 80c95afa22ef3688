//! Keys in SoftHSM, behind a shim that fails on demand (`pkcs11_shim.c`).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::{PublicKey, SignError, Signer};
use absah::keys::{Pkcs11Error, Pkcs11Key};

use crate::support::tools::must;

const CKR_FUNCTION_FAILED: u32 = 0x06;
const CKR_DEVICE_ERROR: u32 = 0x30;
const CKR_DEVICE_REMOVED: u32 = 0x32;
const CKR_DATA_LEN_RANGE: u32 = 0x21;
const CKR_SESSION_HANDLE_INVALID: u32 = 0xb3;

/// A token of its own, with a P-256 key "ec" and an RSA key "rsa".
struct Token {
    folder: tempfile::TempDir,
}

impl Token {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::create_dir(at.join("tokens")).unwrap();
        let conf = format!(
            "directories.tokendir = {}\nlog.level = ERROR\n",
            at.join("tokens").display()
        );
        fs::write(at.join("softhsm.conf"), conf).unwrap();
        // A copy, so that two tests in one process do not share one initialised library.
        fs::copy(softhsm(), at.join("real.so")).unwrap();
        let define = |name: &str, file: &str| format!("-D{name}=\"{}\"", at.join(file).display());
        let shim = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authority/pkcs11_shim.c");
        let defines = [
            define("REAL", "real.so"),
            define("CONF", "softhsm.conf"),
            define("ORDER", "order"),
            define("COUNT", "count"),
        ];
        let mut arguments = vec![
            "-shared",
            "-fPIC",
            "-o",
            "shim.so",
            shim.to_str().unwrap(),
            "-ldl",
        ];
        arguments.extend(defines.iter().map(String::as_str));
        must(at, "cc", &arguments);
        let token = Self { folder };
        token.tool(&[
            "--init-token",
            "--label",
            "absah",
            "--so-pin",
            "12345678",
            "--slot-index",
            "0",
        ]);
        token.tool(&[
            "--login",
            "--login-type",
            "so",
            "--so-pin",
            "12345678",
            "--init-pin",
            "--token-label",
            "absah",
            "--new-pin",
            "4321",
        ]);
        token.make("EC:prime256v1", "ec", "01");
        token.make("rsa:2048", "rsa", "02");
        token
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    fn tool(&self, arguments: &[&str]) -> String {
        let module = self.at().join("shim.so");
        let with_module = [&["--module", module.to_str().unwrap()], arguments].concat();
        must(self.at(), "pkcs11-tool", &with_module)
    }

    fn make(&self, kind: &str, label: &str, id: &str) {
        let login = [
            "--login",
            "--pin",
            "4321",
            "--token-label",
            "absah",
            "--keypairgen",
        ];
        self.tool(
            &[
                &login[..],
                &["--key-type", kind, "--label", label, "--id", id],
            ]
            .concat(),
        );
    }

    fn uri(&self, selector: &str, pin: &str) -> String {
        fs::write(self.at().join("pin"), format!("{pin}\n")).unwrap();
        let at = self.at().display();
        format!("pkcs11:token=absah;{selector}?module-path={at}/shim.so&pin-source=file:{at}/pin")
    }

    fn open(&self, selector: &str) -> Result<Pkcs11Key, Pkcs11Error> {
        Pkcs11Key::open(&self.uri(selector, "4321").parse().unwrap())
    }

    fn order(&self, kind: &str, value: u32) {
        fs::write(self.at().join("order"), format!("{kind} {value:x}")).unwrap();
    }

    fn operations(&self) -> u64 {
        fs::metadata(self.at().join("count")).map_or(0, |file| file.len())
    }
}

fn softhsm() -> PathBuf {
    let known = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    ];
    let found = known.iter().find(|path| Path::new(path).exists());
    PathBuf::from(found.expect("softhsm2 is needed by this test"))
}

fn verifies(key: &Pkcs11Key, message: &[u8], signature: &[u8]) -> bool {
    let public = PublicKey::from_spki(key.spki_der()).unwrap();
    public.verify(key.algorithm(), message, signature).is_ok()
}

#[test]
fn both_kinds_of_key_sign_and_pkcs11_tool_sees_the_same_key() {
    let token = Token::new();
    for selector in ["object=ec", "object=rsa", "id=%02", "object=ec;id=%01"] {
        let key = token.open(selector).unwrap();
        let signature = key.sign(b"izin").unwrap();
        assert!(verifies(&key, b"izin", &signature), "{selector}");
        assert!(!verifies(&key, b"izim", &signature), "{selector}");
    }
    let read = [
        "--read-object",
        "--type",
        "pubkey",
        "--id",
        "02",
        "-o",
        "rsa.der",
        "--token-label",
        "absah",
    ];
    token.tool(&read);
    assert_eq!(
        fs::read(token.at().join("rsa.der")).unwrap(),
        token.open("object=rsa").unwrap().spki_der()
    );
}

#[test]
fn what_is_missing_or_ambiguous_is_named() {
    let token = Token::new();
    assert!(matches!(
        token.open("object=none"),
        Err(Pkcs11Error::Key { found: 0, .. })
    ));
    assert!(matches!(
        token.open("type=private"),
        Err(Pkcs11Error::Key { found: 2, .. })
    ));
    let other = token
        .uri("object=ec", "4321")
        .replace("token=absah", "token=lain");
    let other = Pkcs11Key::open(&other.parse().unwrap());
    assert!(matches!(other, Err(Pkcs11Error::Token { found: 0, .. })));
    let no_module = Pkcs11Key::open(&"pkcs11:object=ec?pin-value=1".parse().unwrap());
    assert!(matches!(no_module, Err(Pkcs11Error::NoModule)));
    let wrong_pin = Pkcs11Key::open(&token.uri("object=ec", "9999").parse().unwrap());
    let Err(Pkcs11Error::Pin(text)) = wrong_pin else {
        panic!("{wrong_pin:?}")
    };
    assert!(!text.contains("9999"));
}

#[test]
fn a_lost_session_is_opened_again() {
    let token = Token::new();
    let key = token.open("object=ec").unwrap();
    for (when, code) in [
        ("init", CKR_DEVICE_REMOVED),
        ("init", CKR_SESSION_HANDLE_INVALID),
        ("before", CKR_SESSION_HANDLE_INVALID),
    ] {
        let before = token.operations();
        token.order(when, code);
        let signature = key.sign(b"izin").unwrap();
        assert!(verifies(&key, b"izin", &signature));
        assert_eq!(token.operations(), before + 1, "{when} {code:#x}");
    }
}

#[test]
fn a_lost_reply_is_never_asked_for_again() {
    let token = Token::new();
    let key = token.open("object=ec").unwrap();
    for (when, code, signed) in [
        ("after", CKR_DEVICE_REMOVED, 1),
        ("after", CKR_FUNCTION_FAILED, 1),
        ("before", CKR_DEVICE_REMOVED, 0),
        ("before", CKR_DEVICE_ERROR, 0),
        ("garble", 0, 1),
    ] {
        let before = token.operations();
        token.order(when, code);
        let lost = key.sign(b"izin");
        assert!(
            matches!(lost, Err(SignError::ReplyLost(_))),
            "{when} {code:#x}: {lost:?}"
        );
        assert_eq!(token.operations(), before + signed, "{when} {code:#x}");
        assert!(
            key.sign(b"izin").is_ok(),
            "the next request finds a new session"
        );
    }
}

#[test]
fn a_refusal_is_told_from_a_lost_reply() {
    let token = Token::new();
    let key = token.open("object=ec").unwrap();
    token.order("before", CKR_DATA_LEN_RANGE);
    assert!(matches!(key.sign(b"izin"), Err(SignError::KeyStore(_))));
    let digest = HashAlgorithm::Sha512.digest(&[b"izin"]);
    assert!(matches!(
        key.sign_digest(&digest),
        Err(SignError::WrongDigestLength { .. })
    ));
    assert_eq!(token.operations(), 0);
}

#[test]
fn a_hanging_token_does_not_hang_the_caller() {
    let token = Token::new();
    let key = token
        .open("object=ec")
        .unwrap()
        .with_patience(Duration::from_millis(200));
    token.order("hang", 0x320);
    assert!(matches!(key.sign(b"izin"), Err(SignError::ReplyLost(_))));
    assert!(matches!(key.sign(b"izin"), Err(SignError::DeviceLost(_))));
    std::thread::sleep(Duration::from_millis(2500));
    assert!(key.sign(b"izin").is_ok());
}
