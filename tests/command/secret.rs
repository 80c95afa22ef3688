//! `authority.service_passphrase_file`: the service keys open with a passphrase that is kept
//! elsewhere, and with nothing else.

use std::fs;

use crate::world::Folder;

const VARIABLE: &str = "ABSAH_AUTHORITY_SERVICE_PASSPHRASE_FILE";

fn stamp(folder: &Folder, secret: Option<&str>) -> crate::world::Answer {
    let mut command = folder.command(&["timestamp", "in.pdf", "--data", "data"]);
    if let Some(file) = secret {
        command.env(VARIABLE, folder.path(file));
    }
    command.output().unwrap().into()
}

#[test]
fn keys_made_under_the_passphrase_open_with_it_only() {
    let folder = Folder::new();
    stamp(&folder, Some("pass")).expect(0, "in.pdf.tsr");
    assert!(!folder.path("data/authority/service.secret").exists());
    stamp(&folder, Some("pass")).expect(0, "");
    stamp(&folder, Some("wrong")).expect(2, "does not open this key");
    stamp(&folder, None).expect(2, "authority.service_passphrase_file");
    fs::write(folder.path("short"), "pendek").unwrap();
    stamp(&folder, Some("short")).expect(2, "at least 16 characters");
    stamp(&folder, Some("none")).expect(2, "none");
}

#[test]
fn keys_beside_their_secret_are_put_under_the_passphrase() {
    let folder = Folder::new();
    stamp(&folder, None).expect(0, "");
    let secret = folder.path("data/authority/service.secret");
    let copy = fs::read(&secret).unwrap();
    stamp(&folder, Some("pass")).expect(2, "absah ca reseal");
    folder
        .office(&["ca", "reseal"])
        .expect(2, "authority.service_passphrase_file");
    let reseal = || -> crate::world::Answer {
        let mut command = folder.command(&["ca", "--data", "data", "reseal"]);
        command
            .env(VARIABLE, folder.path("pass"))
            .output()
            .unwrap()
            .into()
    };
    reseal().expect(0, "");
    assert!(!secret.exists());
    stamp(&folder, Some("pass")).expect(0, "");
    stamp(&folder, None).expect(2, "authority.service_passphrase_file");
    // What was in the file opens nothing any more.
    fs::write(&secret, copy).unwrap();
    stamp(&folder, None).expect(2, "does not open this key");
    // A run that was cut off before the file went is taken up.
    reseal().expect(0, "");
    stamp(&folder, Some("pass")).expect(0, "");
}
