//! Active content (ISO 32000-2, 12.6): what can change the display, signed or added
//! later; and what reaches outside, which nobody follows.

use absah::kernel::validation::{FindingCode as C, SubIndication as S};

use crate::base::{CATALOG, FORM, LINK, NAMES, NOTE, PAGE, RICH, rich};
use crate::case::{Catalogue, WORLD, changed, open, passed};
use crate::edit::with;
use crate::world::SIGNED;

const SCRIPT: &str = "<</S/JavaScript/JS(app.alert\\(1\\))>>";

pub fn cases(all: &mut Catalogue) {
    signed(all);
    added(all);
    harmless(all);
}

/// There when it was signed.
fn signed(all: &mut Catalogue) {
    let cases: &[(&str, (u32, &str, String), &str)] = &[
        (
            "open-script",
            (CATALOG, "OpenAction", SCRIPT.to_owned()),
            "a script that runs when the file is opened",
        ),
        (
            "open-launch",
            (CATALOG, "OpenAction", "<</S/Launch/F(/bin/sh)>>".to_owned()),
            "a program that is started when the file is opened",
        ),
        (
            "open-submit",
            (
                CATALOG,
                "OpenAction",
                "<</S/SubmitForm/F(http://forged.example)>>".to_owned(),
            ),
            "a form that is sent when the file is opened",
        ),
        (
            "open-other-file",
            (
                CATALOG,
                "OpenAction",
                "<</S/GoToR/F(other.pdf)/D[0/Fit]>>".to_owned(),
            ),
            "another file is opened in its place",
        ),
        (
            "open-chain",
            (
                CATALOG,
                "OpenAction",
                format!("<</S/GoTo/D[3 0 R/Fit]/Next {SCRIPT}>>"),
            ),
            "a script behind a harmless action",
        ),
        (
            "document-actions",
            (CATALOG, "AA", format!("<</WP {SCRIPT}>>")),
            "a script that runs before printing",
        ),
        (
            "named-scripts",
            (NAMES, "JavaScript", format!("<</Names[(a){SCRIPT}]>>")),
            "scripts by name run when the file is opened",
        ),
        (
            "xfa",
            (FORM, "XFA", "[(template)18 0 R]".to_owned()),
            "a second form in XML is drawn in the place of the first",
        ),
        (
            "page-actions",
            (PAGE, "AA", format!("<</O {SCRIPT}>>")),
            "a script that runs when the page is shown",
        ),
        (
            "field-script",
            (NOTE, "AA", format!("<</F {SCRIPT}>>")),
            "a script that decides how a value is shown",
        ),
        (
            "link-script",
            (LINK, "A", SCRIPT.to_owned()),
            "a script behind a link",
        ),
    ];
    for (name, (number, key, value), teaches) in cases {
        all.attack(
            format!("active/{name}"),
            "honest/rich",
            WORLD.b_lta(&with(&rich(), &[(*number, key, value)]), SIGNED),
            open(S::SigConstraintsFailure, C::ActiveContent),
            teaches,
            "showing green what looks different tomorrow",
        );
    }
}

/// Added later.
fn added(all: &mut Catalogue) {
    for (name, number, key, value) in [
        ("script-added", CATALOG, "OpenAction", SCRIPT),
        (
            "field-script-added",
            NOTE,
            "AA",
            "<</F<</S/JavaScript/JS(1)>>>>",
        ),
        ("link-launch-added", LINK, "A", "<</S/Launch/F(/bin/sh)>>"),
        (
            "layer-action-added",
            LINK,
            "A",
            "<</S/SetOCGState/State[/OFF 17 0 R]>>",
        ),
        ("hide-action-added", LINK, "A", "<</S/Hide/T(Note)>>"),
        (
            "submit-added",
            LINK,
            "A",
            "<</S/SubmitForm/F(http://forged.example)>>",
        ),
        (
            "import-added",
            LINK,
            "A",
            "<</S/ImportData/F(http://forged.example)>>",
        ),
    ] {
        all.attack(
            format!("active/{name}"),
            "honest/rich",
            with(&RICH, &[(number, key, value)]),
            changed(),
            "an action that is added changes the document",
            "comparing what is drawn and not what acts",
        );
    }
}

/// What a reader must click, and what goes to a place.
fn harmless(all: &mut Catalogue) {
    for (name, number, key, value, teaches) in [
        (
            "opens-at-a-page",
            CATALOG,
            "OpenAction",
            "[24 0 R/Fit]",
            "where a document opens is no action",
        ),
        (
            "opens-by-going",
            CATALOG,
            "OpenAction",
            "<</S/GoTo/D[24 0 R/Fit]>>",
            "going to a page is harmless",
        ),
        (
            "web-link",
            LINK,
            "A",
            "<</S/URI/URI(https://izin.example.go.id)>>",
            "a link to the web waits for the reader",
        ),
    ] {
        all.honest(
            format!("honest/{name}"),
            WORLD.b_lta(&with(&rich(), &[(number, key, value)]), SIGNED),
            passed(),
            teaches,
        );
    }
}
