//! FieldMDP and locks (ISO 32000-2, 12.8.2.4, 12.7.5.5): fields that a signature
//! closes, whoever may fill in the others.

use absah::kernel::validation::FindingCode as C;
use absah::kernel::validation::report::Modification;

use crate::base::*;
use crate::case::{Catalogue, WORLD, changed_by, passed};
use crate::edit::with;
use crate::world::{SIGNED, request};
use absah::kernel::pdf::signing::FieldTarget;

/// The rich document, whose empty field has this lock, signed in that field.
fn locked(lock: &str) -> Vec<u8> {
    let base = with(&rich(), &[(EMPTY, "Lock", lock)]);
    let mut request = request(None);
    request.field = FieldTarget::Existing("Second".to_owned());
    WORLD.archived(WORLD.completed(WORLD.sign(&base, &request)), SIGNED)
}

pub fn cases(all: &mut Catalogue) {
    let fill = |file: &[u8]| with(file, &[(NOTE, "V", "(new)")]);
    let check = |file: &[u8]| with(file, &[(CHECK, "V", "/On"), (CHECK, "AS", "/On")]);
    let violated = || changed_by(C::FieldMdpViolated);
    let mut attack = |name: &str, twin, file, teaches| {
        all.attack(
            format!("locks/{name}"),
            twin,
            file,
            violated(),
            teaches,
            "checking the certification and not the locks",
        );
    };
    let everything = locked("<</Type/SigFieldLock/Action/All>>");
    attack(
        "all-filled",
        "honest/filled",
        fill(&everything),
        "a lock on all fields",
    );
    attack(
        "all-checked",
        "honest/checked",
        check(&everything),
        "a lock on all fields, a button among them",
    );
    let include = locked("<</Type/SigFieldLock/Action/Include/Fields[(Note)]>>");
    attack(
        "include-filled",
        "honest/lock-others",
        fill(&include),
        "a lock on the named field",
    );
    let group = locked("<</Type/SigFieldLock/Action/Include/Fields[(Group)]>>");
    attack(
        "include-below",
        "honest/lock-group-others",
        check(&group),
        "a name locks what is below it",
    );
    let exclude = locked("<</Type/SigFieldLock/Action/Exclude/Fields[(Group)]>>");
    attack(
        "exclude-filled",
        "honest/lock-exclude",
        fill(&exclude),
        "a lock on all fields but the named",
    );
    let unknown = locked("<</Type/SigFieldLock/Action/Some/Fields[(Other)]>>");
    attack(
        "unknown-action",
        "honest/filled",
        fill(&unknown),
        "an unknown action locks everything",
    );
    for p in [1, 7] {
        let level = locked(&format!(
            "<</Type/SigFieldLock/Action/Include/Fields[]/P {p}>>"
        ));
        all.attack(
            format!("locks/permission-{p}"),
            "honest/lock-permission-2",
            fill(&level),
            changed_by(C::DocMdpViolated),
            "a lock may carry a permission of its own: no changes at all",
            "reading the fields of a lock and not its /P",
        );
    }
    honest(all, &fill, &check);
}

fn honest(all: &mut Catalogue, fill: &dyn Fn(&[u8]) -> Vec<u8>, check: &dyn Fn(&[u8]) -> Vec<u8>) {
    let filled = || {
        passed()
            .modification(Modification::FormFilling)
            .finding(C::FormFilled)
    };
    let cases = [
        (
            "lock-others",
            check(&locked(
                "<</Type/SigFieldLock/Action/Include/Fields[(Note)]>>",
            )),
        ),
        (
            "lock-group-others",
            fill(&locked(
                "<</Type/SigFieldLock/Action/Include/Fields[(Group)]>>",
            )),
        ),
        (
            "lock-exclude",
            check(&locked(
                "<</Type/SigFieldLock/Action/Exclude/Fields[(Group)]>>",
            )),
        ),
        (
            "lock-permission-2",
            fill(&locked(
                "<</Type/SigFieldLock/Action/Include/Fields[]/P 2>>",
            )),
        ),
    ];
    for (name, file) in cases {
        // The archive's own time-stamp came before the filling: it covers less than the file.
        all.honest(
            format!("honest/{name}"),
            file,
            filled(),
            "a lock closes the fields that it names, and no other",
        );
    }
}
