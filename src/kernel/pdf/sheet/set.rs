//! Sets a sheet's items from top to bottom and on to further pages.

use std::collections::BTreeMap;

use super::file::NewFile;
use super::item::{Align, Item, Style};
use super::{Drawn, Sheet, SheetError};
use crate::kernel::pdf::content::{Content, Gray, number};
use crate::kernel::pdf::font::{Breaking, Face, Subset, wrap};
use crate::kernel::pdf::sink::{Deflated, ObjectSink};

type Data = BTreeMap<String, String>;

/// Draws `sheet` with `data`.
pub(super) fn draw(sheet: &Sheet, data: &Data) -> Result<Drawn, SheetError> {
    let mut setter = Setter::new(sheet, data);
    for item in &sheet.layout.item {
        setter.item(item)?;
    }
    setter.foot(&sheet.layout.foot)?;
    let places = std::mem::take(&mut setter.places);
    let title = sheet.fill(&sheet.layout.title, data)?;
    Ok(Drawn {
        bytes: setter.write(&title)?,
        places,
    })
}

struct Setter<'s> {
    sheet: &'s Sheet,
    data: &'s Data,
    regular: Subset<'s>,
    bold: Subset<'s>,
    full: Vec<Content>,
    page: Content,
    y: f64,
    places: BTreeMap<String, (u32, [f64; 4])>,
}

/// A run of lines with its column.
struct Column<'t> {
    lines: &'t [String],
    left: f64,
    width: f64,
}

impl<'s> Setter<'s> {
    fn new(sheet: &'s Sheet, data: &'s Data) -> Self {
        let mut setter = Self {
            sheet,
            data,
            regular: Subset::new(&sheet.regular),
            bold: Subset::new(&sheet.bold),
            full: Vec::new(),
            page: Content::new(),
            y: 0.0,
            places: BTreeMap::new(),
        };
        setter.start_page();
        setter
    }

    fn start_page(&mut self) {
        self.page = Content::new();
        self.page.gray(0.0);
        self.y = self.sheet.layout.page.height - self.sheet.layout.page.margin_y;
    }

    fn item(&mut self, item: &Item) -> Result<(), SheetError> {
        match item {
            Item::Text { text, style } => {
                let text = self.sheet.fill(text, self.data)?;
                let (left, width) = self.column(style);
                self.paragraph(&text, style, left, width, style.before)
            }
            Item::Pairs {
                rows,
                label_width,
                style,
            } => self.pairs(rows, *label_width, style),
            Item::Numbered { items, style } => self.numbered(items, style),
            Item::Rule { thickness, before } => self.rule(*thickness, *before),
            Item::Place {
                name,
                width,
                height,
                indent,
                before,
            } => {
                self.room(before + height, name)?;
                let x = self.sheet.layout.page.margin_x + indent;
                let page = u32::try_from(self.full.len() + 1).unwrap_or(u32::MAX);
                let place = (page, [x, self.y - before - height, *width, *height]);
                self.places.insert(name.clone(), place);
                // What follows stands beside the place, unless it asks for space.
                self.y -= before;
                Ok(())
            }
        }
    }

    fn rule(&mut self, thickness: f64, before: f64) -> Result<(), SheetError> {
        self.room(before + thickness, "a rule")?;
        let page = self.sheet.layout.page;
        self.y -= before + thickness;
        let width = page.width - 2.0 * page.margin_x;
        self.page.rectangle(page.margin_x, self.y, width, thickness);
        Ok(())
    }

    fn pairs(
        &mut self,
        rows: &[(String, String)],
        label_width: f64,
        style: &Style,
    ) -> Result<(), SheetError> {
        let (left, width) = self.column(style);
        for (at, (label, value)) in rows.iter().enumerate() {
            let before = if at == 0 { style.before } else { 2.0 };
            let value = self.sheet.fill(value, self.data)?;
            let inset = label_width + 10.0;
            let page = self.full.len();
            let top = self.y;
            self.paragraph(&value, style, left + inset, width - inset, before)?;
            // The label stands on the value's first line, also after a page break.
            let below = self.y;
            let first = if self.full.len() == page {
                top - before
            } else {
                self.top()
            };
            self.y = first;
            self.line(label, style, left)?;
            self.y = first;
            self.line(":", style, left + label_width)?;
            self.y = below;
        }
        Ok(())
    }

    fn numbered(&mut self, items: &[String], style: &Style) -> Result<(), SheetError> {
        let (left, width) = self.column(style);
        let inset = style.size * 1.8;
        for (at, text) in items.iter().enumerate() {
            let before = if at == 0 { style.before } else { 2.0 };
            let text = self.sheet.fill(text, self.data)?;
            let (page, top) = (self.full.len(), self.y);
            self.paragraph(&text, style, left + inset, width - inset, before)?;
            let below = self.y;
            self.y = if self.full.len() == page {
                top - before
            } else {
                self.top()
            };
            self.line(&format!("{}.", at + 1), style, left)?;
            self.y = below;
        }
        Ok(())
    }

    /// A paragraph in one piece: it goes to the next page rather than break.
    fn paragraph(
        &mut self,
        text: &str,
        style: &Style,
        left: f64,
        width: f64,
        before: f64,
    ) -> Result<(), SheetError> {
        let lines = self.broken(text, style, width)?;
        let height = self.leading(style) * lines.len() as f64;
        let column = Column {
            lines: &lines,
            left,
            width,
        };
        let pages = self.full.len();
        self.room(before + height, text)?;
        if self.full.len() == pages {
            self.y -= before;
        }
        self.lines(&column, style)
    }

    fn broken(&self, text: &str, style: &Style, width: f64) -> Result<Vec<String>, SheetError> {
        let breaking = match style.align {
            Align::Left => Breaking::Full,
            Align::Center => Breaking::Even,
        };
        wrap(self.face(style), text, style.size, width, breaking)?
            .ok_or_else(|| SheetError::NoRoom(text.to_owned()))
    }

    fn lines(&mut self, column: &Column<'_>, style: &Style) -> Result<(), SheetError> {
        for text in column.lines {
            let spare = match style.align {
                Align::Left => 0.0,
                Align::Center => (column.width - self.face(style).width(text, style.size)?) / 2.0,
            };
            self.line(text, style, column.left + spare)?;
        }
        Ok(())
    }

    fn line(&mut self, text: &str, style: &Style, x: f64) -> Result<(), SheetError> {
        let leading = self.leading(style);
        let baseline = self.y - (leading + self.face(style).cap_height(style.size)) / 2.0;
        let (font, subset) = if style.bold {
            ("B", &mut self.bold)
        } else {
            ("R", &mut self.regular)
        };
        let glyphs = subset.encode(text)?;
        self.page.text(font, style.size, x, baseline, &glyphs);
        self.y -= leading;
        Ok(())
    }

    /// Makes room for `height`, on the next page if need be.
    fn room(&mut self, height: f64, what: &str) -> Result<(), SheetError> {
        let bottom = self.sheet.layout.page.margin_y;
        if self.y - height >= bottom {
            return Ok(());
        }
        if self.top() - height < bottom {
            return Err(SheetError::NoRoom(what.to_owned()));
        }
        let page = std::mem::take(&mut self.page);
        self.full.push(page);
        self.start_page();
        Ok(())
    }

    /// Sets the foot so that it ends at the bottom margin.
    fn foot(&mut self, items: &[Item]) -> Result<(), SheetError> {
        let mut height = 0.0;
        for item in items {
            height += match item {
                Item::Text { text, style } => {
                    let text = self.sheet.fill(text, self.data)?;
                    let (_, width) = self.column(style);
                    let lines = self.broken(&text, style, width)?.len();
                    style.before + self.leading(style) * lines as f64
                }
                Item::Rule { thickness, before } => before + thickness,
                _ => return Err(SheetError::Template("a foot has texts and rules".into())),
            };
        }
        self.room(height, "the foot")?;
        self.y = self.sheet.layout.page.margin_y + height + 0.01;
        items.iter().try_for_each(|item| self.item(item))
    }

    fn top(&self) -> f64 {
        self.sheet.layout.page.height - self.sheet.layout.page.margin_y
    }

    fn leading(&self, style: &Style) -> f64 {
        style.size * self.sheet.layout.page.leading
    }

    fn face(&self, style: &Style) -> &'s Face {
        if style.bold {
            &self.sheet.bold
        } else {
            &self.sheet.regular
        }
    }

    fn column(&self, style: &Style) -> (f64, f64) {
        let page = self.sheet.layout.page;
        let available = page.width - 2.0 * page.margin_x - style.indent;
        let width = if style.width > 0.0 {
            style.width
        } else {
            available
        };
        (page.margin_x + style.indent, width.min(available))
    }

    fn write(self, title: &str) -> Result<Vec<u8>, SheetError> {
        let mut file = NewFile::new();
        let mut fonts = String::new();
        for (name, subset) in [("R", self.regular), ("B", self.bold)] {
            if let Some(font) = subset.finish()? {
                fonts += &format!("/{name} {}", font.put(&mut file).reference());
            }
        }
        let gray = Gray::put(&mut file).resource();
        let resources = format!("/Resources<<{gray}/Font<<{fonts}>>>>");
        let page = self.sheet.layout.page;
        let size = format!(
            "/MediaBox[0 0 {} {}]",
            number(page.width),
            number(page.height)
        );
        for content in self.full.iter().chain([&self.page]) {
            let id = file.reserve();
            Deflated::new(content.bytes()).put(&mut file, id, "");
            file.page(&format!("{size}{resources}/Contents {}", id.reference()));
        }
        Ok(file.finish(title))
    }
}
