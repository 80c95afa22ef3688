//! The page as displayed, and the way to default user space (ISO 32000-2, 8.3.2.3,
//! 14.11.2): crop box, rotation, user unit.

use super::PlacementError;
use crate::kernel::pdf::{Object, Page, Pdf, PdfError};

/// How a page is turned for display (/Rotate).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Not at all.
    None,
    /// A quarter, clockwise.
    Clockwise90,
    /// Upside down.
    Half,
    /// Three quarters clockwise.
    Clockwise270,
}

impl Rotation {
    /// The value of /Rotate, or of /R in a widget's /MK.
    #[must_use]
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Clockwise90 => 90,
            Self::Half => 180,
            Self::Clockwise270 => 270,
        }
    }

    fn from_degrees(degrees: i64) -> Option<Self> {
        match degrees.rem_euclid(360) {
            0 => Some(Self::None),
            90 => Some(Self::Clockwise90),
            180 => Some(Self::Half),
            270 => Some(Self::Clockwise270),
            _ => None,
        }
    }
}

/// What the display of a page depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageGeometry {
    number: u32,
    /// Left, bottom, right, top of what is displayed, in default user space.
    crop: [f64; 4],
    rotation: Rotation,
    /// Points in a unit of default user space.
    user_unit: f64,
}

impl PageGeometry {
    /// Reads a page's boxes, rotation and unit, inherited ones included.
    pub fn of(pdf: &Pdf<'_>, page: &Page<'_>) -> Result<Self, PlacementError> {
        let number = u32::try_from(page.number).unwrap_or(u32::MAX);
        let wrong = |reason| PlacementError::Page {
            page: number,
            reason,
        };
        let media = rectangle(pdf, page, "MediaBox")?;
        let media = media.ok_or(wrong("there is no /MediaBox"))?;
        let crop = rectangle(pdf, page, "CropBox")?.unwrap_or(media);
        let crop = intersection(media, crop).ok_or(wrong("nothing of it is displayed"))?;
        let degrees = match attribute(pdf, page, "Rotate")? {
            Object::Null => Some(0),
            object => object.as_integer(),
        };
        let rotation = degrees.and_then(Rotation::from_degrees);
        let rotation = rotation.ok_or(wrong("/Rotate is not a multiple of 90"))?;
        let user_unit = match pdf.get(&page.dictionary, "UserUnit")? {
            Object::Null => 1.0,
            object => object.as_number().unwrap_or(0.0),
        };
        if !(user_unit > 0.0 && user_unit.is_finite()) {
            return Err(wrong("/UserUnit is not a number above 0"));
        }
        Ok(Self {
            number,
            crop,
            rotation,
            user_unit,
        })
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// How the page is turned.
    #[must_use]
    pub fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// Width and height as displayed, in points.
    #[must_use]
    pub fn displayed_size(&self) -> (f64, f64) {
        let (width, height) = self.size();
        let (width, height) = (width * self.user_unit, height * self.user_unit);
        match self.rotation {
            Rotation::None | Rotation::Half => (width, height),
            Rotation::Clockwise90 | Rotation::Clockwise270 => (height, width),
        }
    }

    /// Turns a displayed rectangle (x, y, width, height in points) into one of default
    /// user space (left, bottom, right, top).
    #[must_use]
    pub fn to_user_space(&self, displayed: [f64; 4]) -> [f64; 4] {
        let [x, y, w, h] = displayed.map(|points| points / self.user_unit);
        let (width, height) = self.size();
        let [left, bottom, _, _] = self.crop;
        let (from_left, from_bottom, across, up) = match self.rotation {
            Rotation::None => (x, y, w, h),
            Rotation::Clockwise90 => (width - y - h, x, h, w),
            Rotation::Half => (width - x - w, height - y - h, w, h),
            Rotation::Clockwise270 => (y, height - x - w, h, w),
        };
        let (x, y) = (left + from_left, bottom + from_bottom);
        [x, y, x + across, y + up]
    }

    /// The inverse of [`Self::to_user_space`].
    #[must_use]
    pub fn to_displayed(&self, user: [f64; 4]) -> [f64; 4] {
        let [left, bottom, right, top] = user;
        let (x, y) = (left - self.crop[0], bottom - self.crop[1]);
        let (w, h) = (right - left, top - bottom);
        let (width, height) = self.size();
        let displayed = match self.rotation {
            Rotation::None => [x, y, w, h],
            Rotation::Clockwise90 => [y, width - x - w, h, w],
            Rotation::Half => [width - x - w, height - y - h, w, h],
            Rotation::Clockwise270 => [height - y - h, x, h, w],
        };
        displayed.map(|units| units * self.user_unit)
    }

    fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.crop;
        (right - left, top - bottom)
    }
}

fn attribute<'p>(pdf: &'p Pdf<'_>, page: &Page<'p>, key: &str) -> Result<Object<'p>, PdfError> {
    page.attribute(key)
        .map_or(Ok(Object::Null), |object| pdf.resolve(object))
}

fn rectangle(
    pdf: &Pdf<'_>,
    page: &Page<'_>,
    key: &str,
) -> Result<Option<[f64; 4]>, PlacementError> {
    let object = attribute(pdf, page, key)?;
    if object.is_null() {
        return Ok(None);
    }
    let corners = corners(pdf, &object)?;
    corners.map(Some).ok_or(PlacementError::Page {
        page: u32::try_from(page.number).unwrap_or(u32::MAX),
        reason: "a box is not a rectangle",
    })
}

/// A rectangle's corners in order; the file may give any two opposite ones (7.9.5).
pub(super) fn corners(pdf: &Pdf<'_>, object: &Object<'_>) -> Result<Option<[f64; 4]>, PdfError> {
    let Some(array) = object.as_array().filter(|array| array.len() == 4) else {
        return Ok(None);
    };
    let mut corners = [0.0; 4];
    for (corner, item) in corners.iter_mut().zip(array.iter()) {
        let Some(number) = number(pdf, item)? else {
            return Ok(None);
        };
        *corner = number;
    }
    let [a, b, c, d] = corners;
    Ok(Some([a.min(c), b.min(d), a.max(c), b.max(d)]))
}

fn number(pdf: &Pdf<'_>, item: &Object<'_>) -> Result<Option<f64>, PdfError> {
    let value = match item.as_reference() {
        Some(id) => pdf.object(id)?.as_number(),
        None => item.as_number(),
    };
    Ok(value.filter(|value| value.is_finite()))
}

fn intersection(a: [f64; 4], b: [f64; 4]) -> Option<[f64; 4]> {
    let [left, bottom] = [a[0].max(b[0]), a[1].max(b[1])];
    let [right, top] = [a[2].min(b[2]), a[3].min(b[3])];
    (left < right && bottom < top).then_some([left, bottom, right, top])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(rotation: Rotation, user_unit: f64) -> PageGeometry {
        PageGeometry {
            number: 1,
            crop: [10.0, 20.0, 410.0, 320.0],
            rotation,
            user_unit,
        }
    }

    #[test]
    fn the_displayed_lower_left_corner_is_the_right_corner_of_user_space() {
        let corner = |rotation| {
            let rect = geometry(rotation, 1.0).to_user_space([0.0, 0.0, 1.0, 2.0]);
            (rect[0], rect[1], rect[2], rect[3])
        };
        assert_eq!(corner(Rotation::None), (10.0, 20.0, 11.0, 22.0));
        // Turned clockwise, the lower right corner of the page comes to the lower left.
        assert_eq!(corner(Rotation::Clockwise90), (408.0, 20.0, 410.0, 21.0));
        assert_eq!(corner(Rotation::Half), (409.0, 318.0, 410.0, 320.0));
        assert_eq!(corner(Rotation::Clockwise270), (10.0, 319.0, 12.0, 320.0));
    }

    #[test]
    fn both_ways_cancel_and_stay_on_the_page() {
        for rotation in [
            Rotation::None,
            Rotation::Clockwise90,
            Rotation::Half,
            Rotation::Clockwise270,
        ] {
            for user_unit in [1.0, 2.0, 0.5] {
                let geometry = geometry(rotation, user_unit);
                let (width, height) = geometry.displayed_size();
                let displayed = [width / 4.0, height / 8.0, width / 2.0, height / 2.0];
                let user = geometry.to_user_space(displayed);
                assert_eq!(geometry.to_displayed(user), displayed);
                assert!(user[0] > 10.0 && user[1] > 20.0 && user[2] < 410.0 && user[3] < 320.0);
            }
        }
    }

    #[test]
    fn boxes_that_do_not_meet_display_nothing() {
        let apart = intersection([0.0, 0.0, 10.0, 10.0], [10.0, 0.0, 20.0, 10.0]);
        assert_eq!(apart, None);
    }
}
