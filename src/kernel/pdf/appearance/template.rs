//! The signature block's layout as data: `pdf-templates/signature-block.toml`,
//! parsed and validated.
//!
//! A template is trusted configuration of the office, but a mistake in it is
//! reported when it is read and never first when a permit is signed.

use serde::Deserialize;

use super::AppearanceError;
use super::block::{Certifier, Field, SignatureBlock};
use crate::kernel::pdf::font::Face;
use crate::kernel::pdf::qr;

const BUILT_IN: &str = include_str!("../../../../pdf-templates/signature-block.toml");
const REGULAR: &[u8] = include_bytes!("../../../../pdf-templates/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../../pdf-templates/fonts/NotoSans-Bold.ttf");

/// The fonts that come with Absah, by the names templates use.
pub const BUILT_IN_FONTS: [(&str, &[u8]); 2] = [
    ("NotoSans-Regular.ttf", REGULAR),
    ("NotoSans-Bold.ttf", BOLD),
];

/// A validated template with its fonts.
#[derive(Debug)]
pub struct Template {
    words: Words,
    notice: Notices,
    layouts: Vec<Layout>,
    regular: Face,
    bold: Face,
}

/// The file's shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fonts: Fonts,
    words: Words,
    notice: Notices,
    layout: Vec<Layout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fonts {
    regular: String,
    bold: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    intro: String,
    nip: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notices {
    psre: String,
    own: String,
    demonstration: String,
}

/// One arrangement of the block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub(super) name: String,
    /// Width divided by height from which this layout is preferred.
    pub(super) from_aspect: f64,
    #[serde(default)]
    pub(super) by_name_only: bool,
    pub(super) qr: QrPlace,
    pub(super) qr_side: f64,
    pub(super) padding: f64,
    pub(super) gap: f64,
    pub(super) leading: f64,
    pub(super) align: Align,
    pub(super) background: bool,
    #[serde(default)]
    pub(super) head: Vec<Line>,
    #[serde(default)]
    pub(super) beside: Vec<Line>,
    #[serde(default)]
    pub(super) below: Vec<Line>,
    #[serde(default)]
    pub(super) foot: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum QrPlace {
    Left,
    Middle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Align {
    Left,
    Center,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// How one field is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) field: Field,
    pub(super) font: Weight,
    pub(super) size: f64,
    pub(super) floor: f64,
    #[serde(default)]
    pub(super) before: f64,
    #[serde(default)]
    pub(super) rule: f64,
    #[serde(default = "yes")]
    pub(super) wrap: bool,
}

fn yes() -> bool {
    true
}

impl Template {
    /// The template that comes with Absah.
    pub fn built_in() -> Result<Self, AppearanceError> {
        Self::parse(BUILT_IN, &BUILT_IN_FONTS)
    }

    /// Reads a template; `fonts` are font files by the names the template uses.
    pub fn parse(text: &str, fonts: &[(&str, &[u8])]) -> Result<Self, AppearanceError> {
        let file: File =
            toml::from_str(text).map_err(|error| AppearanceError::Template(error.to_string()))?;
        if file.layout.is_empty() {
            return Err(AppearanceError::Template("it has no layout".into()));
        }
        file.layout.iter().try_for_each(check)?;
        check_placeholder(&file.words.nip, "{nip}")?;
        let notices = [
            &file.notice.psre,
            &file.notice.own,
            &file.notice.demonstration,
        ];
        notices
            .iter()
            .try_for_each(|notice| check_placeholder(notice, "{issuer}"))?;
        Ok(Self {
            regular: face(&file.fonts.regular, fonts)?,
            bold: face(&file.fonts.bold, fonts)?,
            words: file.words,
            notice: file.notice,
            layouts: file.layout,
        })
    }

    /// The layout called `name`.
    pub(super) fn named(&self, name: &str) -> Result<&Layout, AppearanceError> {
        let named = self.layouts.iter().find(|layout| layout.name == name);
        named.ok_or_else(|| AppearanceError::UnknownLayout(name.to_owned()))
    }

    /// The layouts to try for a rectangle, the most fitting first.
    pub(super) fn for_aspect(&self, aspect: f64) -> Vec<&Layout> {
        let (mut fitting, others): (Vec<_>, Vec<_>) = self
            .layouts
            .iter()
            .filter(|layout| !layout.by_name_only)
            .partition(|layout| aspect >= layout.from_aspect);
        fitting.sort_by(|a, b| b.from_aspect.total_cmp(&a.from_aspect));
        fitting.extend(others);
        fitting
    }

    pub(super) fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// What `field` says in `block`; `None` where the block has no such field.
    pub(super) fn text(&self, field: Field, block: &SignatureBlock) -> Option<String> {
        let text = match field {
            Field::Intro => Some(block.intro.as_ref().unwrap_or(&self.words.intro).clone()),
            Field::Office => Some(block.office.clone()),
            Field::Name => Some(block.name.clone()),
            Field::Rank => block.rank.clone(),
            Field::Nip => (block.nip.as_ref()).map(|nip| self.words.nip.replace("{nip}", nip)),
            Field::Notice => Some(self.notice(&block.certifier)),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    fn notice(&self, certifier: &Certifier) -> String {
        let (notice, issuer) = match certifier {
            Certifier::Psre { issuer } => (&self.notice.psre, issuer),
            Certifier::Own { issuer } => (&self.notice.own, issuer),
            Certifier::Demonstration { issuer } => (&self.notice.demonstration, issuer),
        };
        notice.replace("{issuer}", issuer)
    }
}

fn face(name: &str, fonts: &[(&str, &[u8])]) -> Result<Face, AppearanceError> {
    let file = fonts.iter().find(|(known, _)| *known == name);
    let (_, data) =
        file.ok_or_else(|| AppearanceError::Template(format!("no font file is called {name}")))?;
    Ok(Face::parse(data.to_vec())?)
}

fn check_placeholder(text: &str, placeholder: &str) -> Result<(), AppearanceError> {
    if text.contains(placeholder) {
        return Ok(());
    }
    let reason = format!("{text:?} does not contain {placeholder}");
    Err(AppearanceError::Template(reason))
}

fn check(layout: &Layout) -> Result<(), AppearanceError> {
    let refuse = |reason: &str| {
        let reason = format!("layout {}: {reason}", layout.name);
        Err(AppearanceError::Template(reason))
    };
    let lengths = [layout.padding, layout.gap, layout.from_aspect];
    if !lengths.iter().all(|length| (0.0..=1000.0).contains(length)) {
        return refuse("padding, gap and from_aspect are 0 to 1000");
    }
    if !(qr::MINIMUM_SIDE..=400.0).contains(&layout.qr_side) {
        return refuse("qr_side is 70.87 (2.5 cm) to 400");
    }
    if !(1.0..=3.0).contains(&layout.leading) {
        return refuse("leading is 1 to 3");
    }
    if layout.qr == QrPlace::Middle && !layout.beside.is_empty() {
        return refuse("text beside the QR code needs qr = \"left\"");
    }
    let fine = |line: &Line| {
        (4.0..=40.0).contains(&line.floor)
            && (line.floor..=40.0).contains(&line.size)
            && (0.0..=100.0).contains(&line.before)
            && (0.0..=line.before).contains(&line.rule)
    };
    let areas = [&layout.head, &layout.beside, &layout.below, &layout.foot];
    if !areas.into_iter().flatten().all(fine) {
        return refuse("a line has 4 <= floor <= size <= 40 and rule <= before <= 100");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(change: impl Fn(&str) -> String) -> String {
        let changed = change(BUILT_IN);
        assert_ne!(changed, BUILT_IN);
        Template::parse(&changed, &BUILT_IN_FONTS)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_built_in_template_reads_and_prefers_a_layout_by_shape() {
        let template = Template::built_in().unwrap();
        let first = |aspect| template.for_aspect(aspect)[0].name.as_str();
        assert_eq!((first(2.5), first(0.8)), ("wide", "tall"));
        assert!(template.for_aspect(1.0).iter().all(|l| l.name != "qr"));
        assert!(template.named("qr").is_ok());
        assert!(template.named("square").is_err());
    }

    #[test]
    fn mistakes_are_named_when_the_template_is_read() {
        let cases = [
            ("qr_side = 85", "qr_side = 60", "qr_side is"),
            ("leading = 1.25", "leading = 0.5", "leading"),
            ("floor = 5.5", "floor = 9", "floor"),
            ("field = \"intro\"", "field = \"title\"", "title"),
            ("qr = \"left\"", "qr = \"middle\"", "beside"),
            ("NotoSans-Bold.ttf", "Other.ttf", "Other.ttf"),
            ("NIP. {nip}", "NIP.", "{nip}"),
            ("gap = 5", "gap = 5\nshadow = true", "shadow"),
            ("size = 7,", "size = nan,", "size"),
        ];
        for (from, to, expected) in cases {
            let text = error(|built_in| built_in.replace(from, to));
            assert!(text.contains(expected), "{to}: {text}");
        }
    }

    #[test]
    fn the_notice_says_who_certified() {
        let template = Template::built_in().unwrap();
        let issuer = || "CA Peragaan".to_owned();
        let own = template.notice(&Certifier::Own { issuer: issuer() });
        let demo = template.notice(&Certifier::Demonstration { issuer: issuer() });
        let psre = template.notice(&Certifier::Psre { issuer: issuer() });
        for text in [&own, &demo, &psre] {
            assert!(text.contains("CA Peragaan"));
        }
        assert!(own.contains("tidak tersertifikasi PSrE"));
        assert!(demo.contains("tidak tersertifikasi PSrE") && demo.contains("DEMONSTRASI"));
        assert!(!psre.contains("tidak"));
    }
}
