//! Finds the sizes at which a block fits its rectangle, and where its lines go.
//!
//! One number, tightness, goes from 0 (the sizes the template wants) to 1 (its
//! floors, the QR code at 2.5 cm). The first step that fits is taken; when none
//! does, the size that would is worked out for the error.

use super::AppearanceError;
use super::block::SignatureBlock;
use super::template::{Align, Layout, Line, QrPlace, Template, Weight};
use crate::kernel::pdf::font::{Breaking, FontError, widest_word, wrap};
use crate::kernel::pdf::qr;

/// Steps of tightness.
const STEPS: u32 = 10;
/// Rectangles are often computed from rounded centimetres.
const TOLERANCE: f64 = 0.05;

/// A line of text with its place; y upwards from the block's lower edge.
#[derive(Debug)]
pub(super) struct SetLine {
    pub(super) text: String,
    pub(super) font: Weight,
    pub(super) size: f64,
    pub(super) x: f64,
    pub(super) baseline: f64,
}

/// A block that fits: what is drawn and where.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) lines: Vec<SetLine>,
    /// Filled rectangles that serve as rules.
    pub(super) rules: Vec<[f64; 4]>,
    /// Lower left corner and side of the QR code.
    pub(super) qr: Option<(f64, f64, f64)>,
}

/// The request that is being fitted.
pub(super) struct Fit<'a> {
    pub(super) template: &'a Template,
    pub(super) layout: &'a Layout,
    pub(super) block: &'a SignatureBlock,
    pub(super) with_qr: bool,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A field broken into lines at the sizes of one tightness.
struct Paragraph<'a> {
    line: &'a Line,
    size: f64,
    lines: Vec<String>,
}

/// The four areas, broken into lines; `None` when a word is too wide.
struct Areas<'a> {
    head: Vec<Paragraph<'a>>,
    beside: Vec<Paragraph<'a>>,
    below: Vec<Paragraph<'a>>,
    foot: Vec<Paragraph<'a>>,
    qr_side: f64,
}

impl<'a> Fit<'a> {
    /// The loosest plan that fits.
    pub(super) fn plan(&self) -> Result<Option<Plan>, FontError> {
        for step in 0..=STEPS {
            let tightness = f64::from(step) / f64::from(STEPS);
            if let Some(areas) = self.areas(tightness, self.width)?
                && self.needed_height(&areas) <= self.height + TOLERANCE
                && self.qr_width(&areas) <= self.width + TOLERANCE
            {
                return Ok(Some(self.place(&areas)?));
            }
        }
        Ok(None)
    }

    /// The least rectangle of at least this width that holds the block.
    pub(super) fn too_small(&self) -> Result<AppearanceError, FontError> {
        let width = self.width.max(self.least_width()?.ceil());
        let areas = self.areas(1.0, width)?;
        let height = areas.map_or(self.height, |areas| self.needed_height(&areas));
        Ok(AppearanceError::TooSmall {
            layout: self.layout.name.clone(),
            width: self.width,
            height: self.height,
            needed_width: width,
            needed_height: height.ceil().max(self.height),
        })
    }

    fn areas(&self, tightness: f64, width: f64) -> Result<Option<Areas<'a>>, FontError> {
        let layout = self.layout;
        let qr_side = match self.with_qr {
            true => layout.qr_side - (layout.qr_side - qr::MINIMUM_SIDE) * tightness,
            false => 0.0,
        };
        let whole = width - 2.0 * layout.padding;
        let column = whole - self.column_offset(qr_side);
        let break_area = |lines: &'a [Line], width| self.area(lines, tightness, width);
        let (Some(head), Some(beside), Some(below), Some(foot)) = (
            break_area(&layout.head, whole)?,
            break_area(&layout.beside, column)?,
            break_area(&layout.below, whole)?,
            break_area(&layout.foot, whole)?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Areas {
            head,
            beside,
            below,
            foot,
            qr_side,
        }))
    }

    fn area(
        &self,
        lines: &'a [Line],
        tightness: f64,
        width: f64,
    ) -> Result<Option<Vec<Paragraph<'a>>>, FontError> {
        let mut area = Vec::new();
        for line in lines {
            let Some(text) = self.template.text(line.field, self.block) else {
                continue;
            };
            let size = line.size - (line.size - line.floor) * tightness;
            let face = self.template.face(line.font);
            let broken = if line.wrap {
                wrap(face, &text, size, width, Breaking::Even)?
            } else {
                (face.width(&text, size)? <= width).then(|| vec![text])
            };
            let Some(lines) = broken else {
                return Ok(None);
            };
            area.push(Paragraph { line, size, lines });
        }
        Ok(Some(area))
    }

    /// How far the text column is from the left padding.
    fn column_offset(&self, qr_side: f64) -> f64 {
        match self.layout.qr {
            QrPlace::Left if self.with_qr => qr_side + self.layout.gap,
            _ => 0.0,
        }
    }

    fn qr_width(&self, areas: &Areas<'_>) -> f64 {
        areas.qr_side + 2.0 * self.layout.padding
    }

    fn needed_height(&self, areas: &Areas<'_>) -> f64 {
        let row = areas.qr_side.max(self.height_of(&areas.beside));
        let gaps = match self.layout.qr {
            QrPlace::Middle if self.with_qr => 2.0 * self.layout.gap,
            _ => 0.0,
        };
        let texts = [&areas.head, &areas.below, &areas.foot];
        let text: f64 = texts.into_iter().map(|area| self.height_of(area)).sum();
        row + text + gaps + 2.0 * self.layout.padding
    }

    fn height_of(&self, area: &[Paragraph<'_>]) -> f64 {
        area.iter()
            .map(|paragraph| {
                let line = paragraph.size * self.layout.leading;
                paragraph.line.before + line * paragraph.lines.len() as f64
            })
            .sum()
    }

    /// The width that the widest unbreakable text needs at the floors.
    fn least_width(&self) -> Result<f64, FontError> {
        let layout = self.layout;
        let qr_side = if self.with_qr { qr::MINIMUM_SIDE } else { 0.0 };
        let whole = [&layout.head, &layout.below, &layout.foot];
        let mut least = qr_side;
        for line in whole.into_iter().flatten() {
            least = self.least_line(line)?.max(least);
        }
        let offset = self.column_offset(qr_side);
        for line in &layout.beside {
            least = (offset + self.least_line(line)?).max(least);
        }
        Ok(least + 2.0 * layout.padding)
    }

    fn least_line(&self, line: &Line) -> Result<f64, FontError> {
        let text = self.template.text(line.field, self.block);
        let text = text.unwrap_or_default();
        let face = self.template.face(line.font);
        match line.wrap {
            true => widest_word(face, &text, line.floor),
            false => face.width(&text, line.floor),
        }
    }

    fn place(&self, areas: &Areas<'_>) -> Result<Plan, FontError> {
        let layout = self.layout;
        let mut plan = Plan::default();
        let left = layout.padding;
        let whole = self.width - 2.0 * layout.padding;
        let mut y = self.height - layout.padding;
        y = self.set(&mut plan, &areas.head, left, whole, y)?;
        let beside = self.height_of(&areas.beside);
        let row = areas.qr_side.max(beside);
        if self.with_qr {
            let x = match layout.qr {
                QrPlace::Left => left,
                QrPlace::Middle => (self.width - areas.qr_side) / 2.0,
            };
            if layout.qr == QrPlace::Middle {
                y -= layout.gap;
            }
            let below = y - (row + areas.qr_side) / 2.0;
            plan.qr = Some((x, below, areas.qr_side));
        }
        let offset = self.column_offset(areas.qr_side);
        let top = y - (row - beside) / 2.0;
        self.set(&mut plan, &areas.beside, left + offset, whole - offset, top)?;
        y -= row;
        if layout.qr == QrPlace::Middle && self.with_qr {
            y -= layout.gap;
        }
        y = self.set(&mut plan, &areas.below, left, whole, y)?;
        self.set(&mut plan, &areas.foot, left, whole, y)?;
        Ok(plan)
    }

    /// Sets an area downwards from `top`; returns where it ends.
    fn set(
        &self,
        plan: &mut Plan,
        area: &[Paragraph<'_>],
        left: f64,
        width: f64,
        top: f64,
    ) -> Result<f64, FontError> {
        let mut y = top;
        for paragraph in area {
            let Line { before, rule, .. } = *paragraph.line;
            if rule > 0.0 {
                plan.rules
                    .push([left, y - (before + rule) / 2.0, width, rule]);
            }
            y -= before;
            for text in &paragraph.lines {
                let line = self.set_line(paragraph, text, left, width, y)?;
                plan.lines.push(line);
                y -= paragraph.size * self.layout.leading;
            }
        }
        Ok(y)
    }

    /// The capitals of a line stand in the middle of its height.
    fn set_line(
        &self,
        paragraph: &Paragraph<'_>,
        text: &str,
        left: f64,
        width: f64,
        top: f64,
    ) -> Result<SetLine, FontError> {
        let (font, size) = (paragraph.line.font, paragraph.size);
        let face = self.template.face(font);
        let spare = match self.layout.align {
            Align::Left => 0.0,
            Align::Center => (width - face.width(text, size)?) / 2.0,
        };
        let line_height = size * self.layout.leading;
        Ok(SetLine {
            text: text.to_owned(),
            font,
            size,
            x: left + spare,
            baseline: top - (line_height + face.cap_height(size)) / 2.0,
        })
    }
}
