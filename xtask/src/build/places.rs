//! Where in its code a program gave up: nobody hears that in a release (see `prune`), but functions hand it on,
//! so it is still there when nothing shows it any more.

use anyhow::{Context, Result, bail};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// A place: address and length of its path, line, column; each 4 bytes.
const PLACE: usize = 16;
/// Longest path, last line and last column that are taken for such.
const MOST: [u32; 3] = [300, 20_000, 400];

/// A piece of memory as a module sets it: where it begins, and where it stands in the module.
struct Segment {
    address: usize,
    at: usize,
    len: usize,
}

/// Empties the places; how many they were.
pub(super) fn forget(module: &mut [u8]) -> Result<usize> {
    let segments = segments(module)?;
    let mut found = Vec::new();
    for segment in &segments {
        let starts = segment.at..(segment.at + segment.len + 1).saturating_sub(PLACE);
        for at in starts.step_by(4) {
            let Some(path) = path(module, &segments, at) else { continue };
            found.push((at, find(&segments, word(module, at), path.len())));
        }
    }
    for (at, path) in &found {
        // The address stays: a text without length has one as well.
        module[at + 4..at + PLACE].fill(0);
        if let Some(path) = path {
            module[path.clone()].fill(0);
        }
    }
    Ok(found.len())
}

fn segments(module: &[u8]) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::DataSection(section) = payload? else { continue };
        for data in section {
            let data = data?;
            let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
            let address = match offset_expr.get_operators_reader().read()? {
                Operator::I32Const { value } => usize::try_from(value)?,
                _ => bail!("a segment begins where only a running module knows"),
            };
            let end = usize::try_from(data.range.end)?;
            let at = end.checked_sub(data.data.len()).context("a segment outside of its range")?;
            segments.push(Segment { address, at, len: data.data.len() });
        }
    }
    Ok(segments)
}

/// The path of the place that stands at `at`, if one does.
fn path<'a>(module: &'a [u8], segments: &[Segment], at: usize) -> Option<&'a str> {
    let [address, len, line, column] = [0, 4, 8, 12].map(|skip| word(module, at + skip));
    let small = [len, line, column].into_iter().zip(MOST).all(|(n, most)| (1..most).contains(&n));
    let range = if small { find(segments, address, len as usize)? } else { return None };
    let path = std::str::from_utf8(&module[range]).ok()?;
    (path.ends_with(".rs") && path.contains('/')).then_some(path)
}

/// Where the bytes at an address stand in the module.
fn find(segments: &[Segment], address: u32, len: usize) -> Option<std::ops::Range<usize>> {
    segments.iter().find_map(|segment| {
        let skip = (address as usize).checked_sub(segment.address)?;
        (skip + len <= segment.len).then(|| segment.at + skip..segment.at + skip + len)
    })
}

fn word(module: &[u8], at: usize) -> u32 {
    let bytes = module.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{ConstExpr, DataSection, MemorySection, MemoryType, Module};

    use super::forget;

    /// A module whose memory holds, from `1024` on, two paths and a place in each.
    fn module(texts: [&str; 2]) -> Vec<u8> {
        let mut memory = MemorySection::new();
        memory.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut bytes = texts.concat().into_bytes();
        bytes.resize(bytes.len().next_multiple_of(4), b'-');
        let mut address = 1024;
        for text in texts {
            for n in [address, text.len(), 12, 7] {
                bytes.extend((n as u32).to_le_bytes());
            }
            address += text.len();
        }
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(1024), bytes);
        let mut module = Module::new();
        module.section(&memory).section(&data);
        module.finish()
    }

    #[test]
    fn places_are_emptied() {
        let paths = ["registry/leptos/src/lib.rs", "frontend/src/app.rs"];
        let mut bytes = module(paths);
        let before = bytes.clone();
        assert_eq!(forget(&mut bytes).expect("reads"), 2);
        let changed = before.iter().zip(&bytes).filter(|(old, new)| old != new).count();
        assert_eq!(changed, paths.concat().len() + 6, "paths, and length, line and column of each");
        assert_eq!(forget(&mut bytes).expect("reads"), 0, "done once");
    }

    #[test]
    fn what_only_looks_like_a_place_stays() {
        let mut bytes = module(["registry/leptos/style.css", "no path.rs"]);
        let before = bytes.clone();
        assert_eq!(forget(&mut bytes).expect("reads"), 0);
        assert_eq!(bytes, before);
    }
}
