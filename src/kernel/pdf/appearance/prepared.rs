//! A block set for one size of rectangle, with its fonts subset and everything
//! compressed: what remains per signature is to write the bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::block::SignatureBlock;
use super::fit::{Fit, Plan};
use super::template::{Layout, Template, Weight};
use super::{AppearanceError, Arrangement};
use crate::kernel::pdf::ObjectId;
use crate::kernel::pdf::content::{Content, Gray, number};
use crate::kernel::pdf::font::{EmbeddedFont, Subset};
use crate::kernel::pdf::placement::Rotation;
use crate::kernel::pdf::qr::QrForm;
use crate::kernel::pdf::sink::{Deflated, ObjectSink};

/// A block ready to be drawn any number of times.
#[derive(Debug)]
pub struct PreparedBlock {
    width: f64,
    height: f64,
    with_qr: bool,
    content: Deflated,
    /// By resource name.
    fonts: Vec<(&'static str, EmbeddedFont)>,
}

impl PreparedBlock {
    /// Sets `block` in a rectangle of `width` by `height` points.
    pub fn new(
        template: &Template,
        block: &SignatureBlock,
        arrangement: &Arrangement,
        with_qr: bool,
        (width, height): (f64, f64),
    ) -> Result<Self, AppearanceError> {
        let layouts = match arrangement {
            Arrangement::Fitting => template.for_aspect(width / height),
            Arrangement::Named(name) => vec![template.named(name)?],
        };
        let mut refusal = None;
        for layout in layouts {
            let fit = Fit {
                template,
                layout,
                block,
                with_qr,
                width,
                height,
            };
            match fit.plan()? {
                Some(plan) => return Self::from_plan(&fit, &plan),
                None if refusal.is_none() => refusal = Some(fit.too_small()?),
                None => {}
            }
        }
        Err(refusal.unwrap_or_else(|| AppearanceError::Template("no layout to try".into())))
    }

    fn from_plan(fit: &Fit<'_>, plan: &Plan) -> Result<Self, AppearanceError> {
        let template = fit.template;
        let mut regular = Subset::new(template.face(Weight::Regular));
        let mut bold = Subset::new(template.face(Weight::Bold));
        let mut content = ground(fit.layout, fit.width, fit.height);
        content.rectangles(&plan.rules);
        for line in &plan.lines {
            let (font, subset) = match line.font {
                Weight::Regular => ("R", &mut regular),
                Weight::Bold => ("B", &mut bold),
            };
            let glyphs = subset.encode(&line.text)?;
            content.text(font, line.size, line.x, line.baseline, &glyphs);
        }
        if let Some((x, y, side)) = plan.qr {
            content.form("Q", side, x, y);
        }
        let fonts = [("R", regular.finish()?), ("B", bold.finish()?)];
        Ok(Self {
            width: fit.width,
            height: fit.height,
            with_qr: fit.with_qr,
            content: Deflated::new(content.bytes()),
            fonts: (fonts.into_iter())
                .filter_map(|(name, font)| Some((name, font?)))
                .collect(),
        })
    }

    /// Writes the block as a form XObject for a signature widget, upright on a page
    /// that is displayed with `rotation`; `qr` as [`QrCode::put`](crate::kernel::pdf::qr::QrCode::put) wrote it.
    pub fn put(
        &self,
        sink: &mut impl ObjectSink,
        qr: Option<QrForm>,
        rotation: Rotation,
    ) -> Result<ObjectId, AppearanceError> {
        if qr.is_some() != self.with_qr {
            return Err(AppearanceError::QrMismatch);
        }
        let mut fonts = String::new();
        for (name, font) in &self.fonts {
            fonts += &format!("/{name} {}", font.put(sink).reference());
        }
        let gray = qr.map_or_else(|| Gray::put(sink), |form| form.gray);
        let xobject = qr.map_or_else(String::new, |form| {
            format!("/XObject<</Q {}>>", form.id.reference())
        });
        let id = sink.reserve();
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Matrix[{}]\
             /Resources<<{}/Font<<{fonts}>>{xobject}>>",
            number(self.width),
            number(self.height),
            matrix(rotation, self.width, self.height),
            gray.resource(),
        );
        self.content.put(sink, id, &entries);
        Ok(id)
    }
}

/// The white panel, if the layout has one, and black for what follows.
fn ground(layout: &Layout, width: f64, height: f64) -> Content {
    let mut content = Content::new();
    if layout.background {
        content.gray(1.0);
        content.rectangle(0.0, 0.0, width, height);
    }
    content.gray(0.0);
    content
}

/// Turns the form against the page's rotation, back into the first quadrant.
fn matrix(rotation: Rotation, width: f64, height: f64) -> String {
    let (w, h) = (width, height);
    let matrix = match rotation {
        Rotation::None => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        Rotation::Clockwise90 => [0.0, 1.0, -1.0, 0.0, h, 0.0],
        Rotation::Half => [-1.0, 0.0, 0.0, -1.0, w, h],
        Rotation::Clockwise270 => [0.0, -1.0, 1.0, 0.0, 0.0, w],
    };
    matrix.map(number).join(" ")
}

/// What a prepared block depends on, apart from the template.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    block: SignatureBlock,
    arrangement: Arrangement,
    with_qr: bool,
    size: (u64, u64),
}

/// A template and the blocks already prepared with it: the caller keeps one and
/// signs many permits with it.
#[derive(Debug)]
pub struct BlockPrinter {
    template: Template,
    /// Lock invariant: every value was made from its key and `template`.
    prepared: Mutex<HashMap<Key, Arc<PreparedBlock>>>,
}

/// Signatories times sizes that are kept; beyond it the cache starts afresh.
const KEPT: usize = 256;

impl BlockPrinter {
    /// A printer with nothing prepared yet.
    #[must_use]
    pub fn new(template: Template) -> Self {
        Self {
            template,
            prepared: Mutex::default(),
        }
    }

    /// Writes the block, preparing it only the first time.
    pub fn print(
        &self,
        sink: &mut impl ObjectSink,
        block: &SignatureBlock,
        arrangement: &Arrangement,
        qr: Option<QrForm>,
        size: (f64, f64),
        rotation: Rotation,
    ) -> Result<ObjectId, AppearanceError> {
        let prepared = self.prepare(block, arrangement, qr.is_some(), size)?;
        prepared.put(sink, qr, rotation)
    }

    /// The block for this size; fails as [`PreparedBlock::new`] does, so a permit
    /// type's placement can be checked before any permit is signed.
    pub fn prepare(
        &self,
        block: &SignatureBlock,
        arrangement: &Arrangement,
        with_qr: bool,
        size: (f64, f64),
    ) -> Result<Arc<PreparedBlock>, AppearanceError> {
        let key = Key {
            block: block.clone(),
            arrangement: arrangement.clone(),
            with_qr,
            size: (size.0.to_bits(), size.1.to_bits()),
        };
        let kept = self.lock().get(&key).cloned();
        if let Some(prepared) = kept {
            return Ok(prepared);
        }
        let prepared = PreparedBlock::new(&self.template, block, arrangement, with_qr, size)?;
        let prepared = Arc::new(prepared);
        let mut cache = self.lock();
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(key, Arc::clone(&prepared));
        Ok(prepared)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<PreparedBlock>>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
