//! The model: a state's name, and counts. It says what is allowed by DESIGN's life of a
//! document, not by how the code does it.

use absah::domain::permit_type::PermitType;
use absah::domain::review::Decision;

use crate::world::Act;

#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub state: &'static str,
    pub standing: Option<&'static str>,
    pub approved: u8,
    pub gates: Vec<usize>,
    pub finished: u8,
    intent: Option<u8>,
    tiers: u8,
    wanted_gates: usize,
    wanted_signatures: u8,
}

impl Model {
    pub fn of(permit_type: &PermitType) -> Self {
        let mut model = Self {
            state: "submitted",
            standing: None,
            approved: 0,
            gates: Vec::new(),
            finished: 0,
            intent: None,
            tiers: permit_type.tiers.len() as u8,
            wanted_gates: permit_type.gates.len(),
            wanted_signatures: permit_type.signatures.len() as u8,
        };
        if model.tiers > 0 {
            model.state = "in_review";
        }
        model.move_on();
        model
    }

    /// All tiers and gates done.
    pub fn is_cleared(&self) -> bool {
        let met = (0..self.wanted_gates).all(|gate| self.gates.contains(&gate));
        self.approved == self.tiers && met
    }

    fn move_on(&mut self) {
        if matches!(self.state, "submitted" | "in_review") && self.is_cleared() {
            self.state = "ready";
        }
    }

    /// Does what is asked if it is allowed, and tells whether it was.
    pub fn apply(&mut self, act: Act) -> bool {
        let allowed = self.allows(act);
        if allowed {
            self.change(act);
        }
        allowed
    }

    fn allows(&self, act: Act) -> bool {
        let unsigned = self.finished == 0
            && matches!(self.state, "submitted" | "in_review" | "ready" | "prepared");
        match act {
            Act::Review {
                tier,
                decision,
                right_file,
                right_person,
                reasoned,
            } => {
                let turn = self.approved < self.tiers && tier == self.approved + 1;
                let worded = decision == Decision::Approve || reasoned;
                self.state == "in_review" && turn && right_file && right_person && worded
            }
            Act::Gate(_) => matches!(self.state, "submitted" | "in_review" | "ready"),
            Act::Prepare(_) => self.state == "ready",
            Act::Lapse => self.state == "prepared",
            Act::Sign(intent) => self.state == "prepared" && self.intent == Some(intent),
            Act::Finish => self.state == "signed",
            Act::GiveBack | Act::Reject => unsigned,
            Act::Suspend => self.standing == Some("active"),
            Act::Resume => self.standing == Some("suspended"),
            Act::Supersede => matches!(self.standing, Some("active" | "suspended")),
            Act::Cancel => self
                .standing
                .is_some_and(|standing| standing != "cancelled"),
        }
    }

    fn change(&mut self, act: Act) {
        match act {
            Act::Review { decision, .. } => {
                match decision {
                    Decision::Approve => self.approved += 1,
                    Decision::Return => self.state = "returned",
                    Decision::Reject => self.state = "rejected",
                }
                self.move_on();
            }
            Act::Gate(gate) => {
                if !self.gates.contains(&gate) {
                    self.gates.push(gate);
                }
                self.move_on();
            }
            Act::Prepare(intent) => (self.state, self.intent) = ("prepared", Some(intent)),
            Act::Lapse => (self.state, self.intent) = ("ready", None),
            Act::Sign(_) => self.state = "signed",
            Act::Finish => {
                self.finished += 1;
                self.intent = None;
                if self.finished < self.wanted_signatures {
                    self.state = "ready";
                } else {
                    (self.state, self.standing) = ("issued", Some("active"));
                }
            }
            Act::GiveBack => self.state = "returned",
            Act::Reject => self.state = "rejected",
            Act::Suspend => self.standing = Some("suspended"),
            Act::Resume => self.standing = Some("active"),
            Act::Supersede => self.standing = Some("superseded"),
            Act::Cancel => self.standing = Some("cancelled"),
        }
    }
}
