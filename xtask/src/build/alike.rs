//! The order of a module's functions: each beside one that is like it. A compressor finds again what it has
//! seen for less the shorter ago that was; thirty-five parts of a thousand less travel than in the
//! order of their names.

use std::{collections::BTreeMap, convert::Infallible, fs, path::Path};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// Bytes in a row that count as alike.
const PIECE: usize = 4;
/// What more functions than that have makes none of them alike.
const MOST_HOLDERS: usize = 400;

/// Puts like beside like in the module of this file.
pub(super) fn arrange(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let (mut imported, mut bodies) = (0_u32, Vec::new());
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = order(&bodies);
    let mut places = vec![0; order.len()];
    for (place, &function) in (0..).zip(&order) {
        places[function] = place;
    }
    let mut arranged = Module::new();
    let mut arrangement = Arrangement { imported, order, places };
    let done = arrangement.parse_core_module(&mut arranged, Parser::new(0), &bytes);
    done.map_err(|error| anyhow!("{error}")).context("The module cannot be read")?;
    Ok(fs::write(file, arranged.finish())?)
}

/// The functions in an order in which each follows the one that has most of what it has.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let mut holders = BTreeMap::<&[u8], Vec<usize>>::new();
    for (function, body) in bodies.iter().enumerate() {
        for piece in body.windows(PIECE) {
            let holders = holders.entry(piece).or_default();
            if holders.last() != Some(&function) {
                holders.push(function);
            }
        }
    }
    let (mut pieces, mut sizes) = (vec![Vec::new(); bodies.len()], vec![0_usize; bodies.len()]);
    let holders: Vec<_> = holders.into_values().collect();
    for (piece, holders) in holders.iter().enumerate() {
        for &function in holders {
            sizes[function] += 1;
            if (2..=MOST_HOLDERS).contains(&holders.len()) {
                pieces[function].push(piece);
            }
        }
    }
    let mut shared = vec![0_usize; bodies.len()];
    let mut open = vec![true; bodies.len()];
    let mut next = (0..bodies.len()).max_by_key(|&function| bodies[function].len());
    let mut order = Vec::new();
    while let Some(last) = next {
        order.push(last);
        open[last] = false;
        let mut near = Vec::new();
        for &piece in &pieces[last] {
            for &function in holders[piece].iter().filter(|&&function| open[function]) {
                if shared[function] == 0 {
                    near.push(function);
                }
                shared[function] += 1;
            }
        }
        // Which part of a function the last one has; of equal parts that of the larger one.
        let nearest = near.iter().copied().reduce(|best, other| {
            let (left, right) = (shared[best] * sizes[other], shared[other] * sizes[best]);
            if (left, shared[best]) < (right, shared[other]) { other } else { best }
        });
        for function in near {
            shared[function] = 0;
        }
        next = nearest.or_else(|| open.iter().position(|&open| open));
    }
    order
}

/// Where the functions go.
struct Arrangement {
    /// Functions from outside stay where they are, before all others.
    imported: u32,
    /// Which function stands at a place.
    order: Vec<usize>,
    /// At which place a function stands.
    places: Vec<u32>,
}

impl Reencode for Arrangement {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let own = function.checked_sub(self.imported);
        let place = own.and_then(|own| self.places.get(own as usize));
        Ok(place.map_or(function, |place| self.imported + place))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn each_function_follows_the_one_that_it_is_most_like() {
        let bodies: [&[u8]; 5] =
            [b"abcdefgh-123456", b"zyxwvutsrq", b"abcdefgh-12345678", b"_yxwvuts_", b"abcdefgh"];
        assert_eq!(order(&bodies), [2, 0, 4, 1, 3]);
    }
}
