//! Finds a tag character in the text of the pages.
//!
//! The text is what hayro's interpreter shows: content streams and the forms they
//! paint, invisible text too, annotations not. Fonts are decoded by ToUnicode, else by
//! glyph names; a font that tells neither hides the character. The file is the one
//! that `inspect` accepted; hayro reads it a second time, and what `render` says of
//! panics holds here too.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

use super::{Anchor, Occurrence, PageGeometry, Placed, PlacementError, Tag, on_page};
use crate::kernel::pdf::{Page, Pdf};

/// More finds than this are not listed or kept.
const MAXIMUM_FINDS: usize = 1000;

/// A tag character on a page, in points of the page as displayed.
struct Find {
    index: usize,
    origin: (f64, f64),
    /// x, y, width, height of its outline.
    outline: [f64; 4],
}

/// The block at the tag, moved into the page where it would stick out.
pub(super) fn resolve(pdf: &Pdf<'_>, tag: &Tag) -> Result<Placed, PlacementError> {
    if !(tag.width > 0.0 && tag.height > 0.0) {
        return Err(PlacementError::Empty);
    }
    let pages = pdf.pages()?;
    let finds = find(pdf, &pages, tag.character)?;
    let chosen = choose(&finds, tag)?;
    let page = pages.get(chosen.index).ok_or(PlacementError::Unreadable)?;
    let geometry = PageGeometry::of(pdf, page)?;
    let (x, y) = match tag.anchor {
        Anchor::LowerLeft => chosen.origin,
        Anchor::UpperLeft => {
            let [x, y, _, height] = chosen.outline;
            (x, y + height - tag.height)
        }
        Anchor::Center => {
            let [x, y, width, height] = chosen.outline;
            let (x, y) = (x + width / 2.0, y + height / 2.0);
            (x - tag.width / 2.0, y - tag.height / 2.0)
        }
    };
    let (width, height) = geometry.displayed_size();
    let x = x.min(width - tag.width).max(0.0);
    let y = y.min(height - tag.height).max(0.0);
    on_page(page, &geometry, [x, y, tag.width, tag.height])
}

fn choose<'f>(finds: &'f [Find], tag: &Tag) -> Result<&'f Find, PlacementError> {
    let last_page = finds.last().map(|find| find.index);
    let first_there = finds.iter().find(|find| Some(find.index) == last_page);
    let found = first_there.ok_or(PlacementError::TagNotFound(tag.character))?;
    if finds.len() > 1 && tag.occurrence == Occurrence::Only {
        let place = |find: &Find| {
            let (x, y) = find.origin;
            format!("page {} at {x:.0},{y:.0}", find.index + 1)
        };
        let mut places: Vec<String> = finds.iter().take(3).map(place).collect();
        if finds.len() > 3 {
            places.push("…".to_owned());
        }
        return Err(PlacementError::TagAmbiguous {
            character: tag.character,
            places: places.join("; "),
        });
    }
    Ok(found)
}

fn find(pdf: &Pdf<'_>, pages: &[Page<'_>], character: char) -> Result<Vec<Find>, PlacementError> {
    let unreadable = |_| PlacementError::Unreadable;
    let read = hayro::hayro_syntax::Pdf::new(pdf.bytes().to_vec()).map_err(unreadable)?;
    if read.pages().len() != pages.len() {
        return Err(PlacementError::Unreadable);
    }
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings {
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    };
    let mut finds = Vec::new();
    for (index, page) in read.pages().iter().enumerate() {
        let everywhere = Rect::new(-1e6, -1e6, 1e6, 1e6);
        let mut context = Context::new(
            Affine::IDENTITY,
            everywhere,
            &cache,
            page.xref(),
            settings.clone(),
        );
        let mut finder = Finder {
            character,
            found: Vec::new(),
        };
        interpret_page(page, &mut context, &mut finder);
        let Some(own) = pages.get(index).filter(|_| !finder.found.is_empty()) else {
            continue;
        };
        let geometry = PageGeometry::of(pdf, own)?;
        finds.extend(finder.found.iter().map(|(origin, outline)| Find {
            index,
            origin: displayed_point(&geometry, *origin),
            outline: displayed_rect(&geometry, *outline),
        }));
        finds.truncate(MAXIMUM_FINDS);
    }
    Ok(finds)
}

fn displayed_point(geometry: &PageGeometry, point: Point) -> (f64, f64) {
    let [x, y, _, _] = geometry.to_displayed([point.x, point.y, point.x, point.y]);
    (x, y)
}

fn displayed_rect(geometry: &PageGeometry, rect: Rect) -> [f64; 4] {
    geometry.to_displayed([rect.x0, rect.y0, rect.x1, rect.y1])
}

/// Notes where the character is shown, in default user space: origin and outline.
struct Finder {
    character: char,
    found: Vec<(Point, Rect)>,
}

impl Finder {
    fn is_tag(&self, glyph: &Glyph<'_>) -> bool {
        match glyph.as_unicode() {
            Some(BfString::Char(character)) => character == self.character,
            Some(BfString::String(text)) => text.contains(self.character),
            None => false,
        }
    }
}

impl<'a> Device<'a> for Finder {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.found.len() >= MAXIMUM_FINDS || !self.is_tag(glyph) {
                continue;
            }
            let transform = props.transform * glyph.transform();
            let outline = match &**glyph {
                Glyph::Outline(outline) => outline.outline().bounding_box(),
                Glyph::Type3(_) => Rect::ZERO,
            };
            let outline = transform.transform_rect_bbox(outline);
            if outline.is_finite() {
                self.found.push((transform * Point::ORIGIN, outline));
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
