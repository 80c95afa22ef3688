//! Tiles: the files in which the tree is published (C2SP tlog-tiles).
//!
//! A tile holds up to 256 hashes of one level in eight; a tile that is not full yet is
//! named with its width and never changes either. Bundles hold the entries, 256 of
//! them like the tiles of level 0.

use std::fmt;

use super::tree::Node;

/// Levels of the tree that one level of tiles covers.
pub const TILE_HEIGHT: u8 = 8;
/// Hashes of a full tile.
pub const TILE_WIDTH: u16 = 256;
/// No path names a higher level: the tree has 64 at most.
const HIGHEST_LEVEL: u8 = 7;

/// One tile, or one bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// The level of tiles; `None` for a bundle of entries.
    pub level: Option<u8>,
    /// Its place in its level.
    pub index: u64,
    /// How many hashes, or entries, it holds: 1 to 256.
    pub width: u16,
}

/// Not the path of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile")]
pub struct TileError;

impl Tile {
    /// Reads what follows `tile/` in a path: `0/x001/x234/067` or
    /// `entries/000.p/5`. One tile has one path.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        let (level, rest) = path.split_once('/').ok_or(TileError)?;
        let level = match level {
            "entries" => None,
            digits => Some(decimal(digits).filter(|level| *level <= u64::from(HIGHEST_LEVEL)))
                .map(|level| level.map(|level| level as u8))
                .ok_or(TileError)?,
        };
        if level.is_none() && !path.starts_with("entries/") {
            return Err(TileError);
        }
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => {
                let width = decimal(width).filter(|width| (1..256).contains(width));
                (index, width.ok_or(TileError)? as u16)
            }
            None => (rest, TILE_WIDTH),
        };
        let tile = Self {
            level,
            index: grouped(index).ok_or(TileError)?,
            width,
        };
        if tile.to_string() == path {
            Ok(tile)
        } else {
            Err(TileError)
        }
    }

    /// Its nodes, from the left; a bundle's are the leaves of its entries.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        let level = self.level.unwrap_or(0) * TILE_HEIGHT;
        let first = self.index.saturating_mul(u64::from(TILE_WIDTH));
        let nodes = first..first.saturating_add(u64::from(self.width));
        nodes.map(move |index| Node { level, index })
    }

    /// Whether a tree of this size has it.
    #[must_use]
    pub fn is_within(&self, size: u64) -> bool {
        let levels = u32::from(self.level.unwrap_or(0)) * u32::from(TILE_HEIGHT);
        let nodes = size.checked_shr(levels).unwrap_or(0);
        let end = self.index.checked_mul(u64::from(TILE_WIDTH));
        let end = end.and_then(|first| first.checked_add(u64::from(self.width)));
        end.is_some_and(|end| end <= nodes)
    }
}

fn decimal(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= 3;
    let plain = plain && digits.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// `x001/x234/067` is 1,234,067.
fn grouped(path: &str) -> Option<u64> {
    let mut index: u64 = 0;
    for group in path.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(decimal(digits)?)?;
    }
    Some(index)
}

/// What follows `tile/` in its path.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "{level}/")?,
            None => f.write_str("entries/")?,
        }
        let mut groups = Vec::new();
        let mut rest = self.index;
        loop {
            groups.push(rest % 1000);
            rest /= 1000;
            if rest == 0 {
                break;
            }
        }
        for (place, group) in groups.iter().enumerate().rev() {
            match place {
                0 => write!(f, "{group:03}")?,
                _ => write!(f, "x{group:03}/")?,
            }
        }
        match self.width {
            TILE_WIDTH => Ok(()),
            width => write!(f, ".p/{width}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_they_are_written() {
        for (path, level, index, width) in [
            ("0/000", Some(0), 0, 256),
            ("0/x001/x234/067", Some(0), 1_234_067, 256),
            ("1/x001/000.p/5", Some(1), 1000, 5),
            ("entries/255", None, 255, 256),
            ("entries/x123/456.p/255", None, 123_456, 255),
        ] {
            let tile = Tile {
                level,
                index,
                width,
            };
            assert_eq!(Tile::parse(path), Ok(tile));
            assert_eq!(tile.to_string(), path);
        }
    }

    #[test]
    fn another_spelling_is_another_file_that_is_not_there() {
        for path in [
            "",
            "0",
            "0/",
            "0/0",
            "0/0000",
            "0/x000/000",
            "0/x001/x234",
            "0/001/234",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/",
            "0/000.p/05",
            "8/000",
            "00/000",
            "-1/000",
            "entries",
            "x/000",
            "0/+01",
            "0/000/",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(Tile::parse(path), Err(TileError), "{path}");
        }
    }

    #[test]
    fn a_tile_is_there_when_all_its_nodes_are() {
        let tile = Tile::parse("1/000.p/2").unwrap();
        assert!(!tile.is_within(511) && tile.is_within(512));
        let nodes: Vec<_> = tile.nodes().collect();
        assert_eq!(
            nodes,
            [Node { level: 8, index: 0 }, Node { level: 8, index: 1 }]
        );
        assert!(!Tile::parse("7/000").unwrap().is_within(u64::MAX >> 1));
    }
}
