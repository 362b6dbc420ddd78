//! What a release never does: say why it gives up, and what nobody asks it to.
//!
//! Nobody hears why a release gives up: it has no hook that would print it, and the library prints where a
//! browser has nothing. So whatever only leads to such a sentence is cut short. The program still
//! stops there, and what nothing refers to any more `split` leaves out: the sentences, where they were said,
//! and the code that puts them together.

use std::{collections::HashSet, ops::Range};

use anyhow::{Context, Result};
use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{
    FunctionBody, KnownCustom, Name, Operator, Parser, Payload, RelocAddendKind,
    RelocSectionReader, RelocationEntry, TypeRef,
};

/// Streams for server functions, which every Leptos app exports and this one has no use for: how their
/// names begin.
pub(super) const UNUSED: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// How those functions of the library are called that give up and do more than call one of these for it.
const GIVE_UP: [&str; 6] = [
    "core9panicking9panic_fmt",
    "core9panicking19assert_failed_inner",
    "slice5index16slice_index_fail",
    "str19slice_error_fail_rt",
    "alloc5alloc18handle_alloc_error",
    "std9panicking11begin_panicReE",
];

/// The module without what is never done.
pub(super) fn prune(module: &[u8]) -> Result<Vec<u8>> {
    let program = Program::read(module)?;
    let cuts = program.cuts()?;
    let mut bytes = module.to_vec();
    for cut in &cuts {
        bytes[cut.clone()].fill(NOP);
        bytes[cut.start] = UNREACHABLE;
    }
    let mut pruned = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else { continue };
        let notes = match &payload {
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Reloc(notes) if section.name() == NOTES => Some(notes),
                _ => None,
            },
            _ => None,
        };
        if let Some(notes) = notes {
            let data = without(&notes, &cuts, program.code)?;
            pruned.section(&CustomSection { name: NOTES.into(), data: data.into() });
        } else {
            pruned.section(&RawSection { id, data: &bytes[places(range)?] });
        }
    }
    Ok(pruned.finish())
}

/// The linker's notes on what the code refers to.
const NOTES: &str = "reloc.CODE";
const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;

/// As much of a module as it takes to find what gives up.
struct Program<'a> {
    /// How many functions come from outside; their numbers are the first.
    imported: usize,
    /// Where the code begins, from which the linker counts.
    code: usize,
    bodies: Vec<FunctionBody<'a>>,
    /// The numbers of those that give up by their names.
    named: HashSet<u32>,
}

impl<'a> Program<'a> {
    fn read(module: &'a [u8]) -> Result<Self> {
        let mut program = Self { imported: 0, code: 0, bodies: Vec::new(), named: HashSet::new() };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_));
                        program.imported += usize::from(is_function);
                    }
                }
                Payload::CodeSectionStart { range, .. } => program.code = places(range)?.start,
                Payload::CodeSectionEntry(body) => program.bodies.push(body),
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(names) = section.as_known() else { continue };
                    for names in names {
                        let Name::Function(names) = names? else { continue };
                        for name in names {
                            let name = name?;
                            if is_never_done(name.name) {
                                program.named.insert(name.index);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(program)
    }

    /// What to cut, in its order: all of each function that gives up whatever happens, and elsewhere what leads
    /// to a call of one.
    fn cuts(&self) -> Result<Vec<Range<usize>>> {
        let mut quiet = self.named.clone();
        loop {
            let (before, mut cuts) = (quiet.len(), Vec::new());
            for (body, index) in self.bodies.iter().zip(self.imported..) {
                let index = u32::try_from(index)?;
                let dead = stretches(body, &quiet)?;
                let whole = whole(body)?;
                if quiet.contains(&index)
                    || dead.first().is_some_and(|cut| cut.start == whole.start)
                {
                    quiet.insert(index);
                    cuts.push(whole);
                } else {
                    cuts.extend(dead);
                }
            }
            if quiet.len() == before {
                return Ok(cuts);
            }
        }
    }
}

/// Whether the function of this name gives up, or is never called.
fn is_never_done(name: &str) -> bool {
    UNUSED.iter().any(|start| name.starts_with(start))
        || GIVE_UP.iter().any(|part| name.contains(part))
}

/// The instructions of a function, but for the last, which ends it.
fn whole(body: &FunctionBody<'_>) -> Result<Range<usize>> {
    let start = body.get_operators_reader()?.original_position();
    Ok(place(start)?..place(body.range().end)? - 1)
}

/// The calls of `quiet` functions, each with what is done straight before it and for nothing else.
fn stretches(body: &FunctionBody<'_>, quiet: &HashSet<u32>) -> Result<Vec<Range<usize>>> {
    let mut reader = body.get_operators_reader()?;
    let (mut found, mut start) = (Vec::new(), reader.original_position());
    while !reader.eof() {
        let operator = reader.read()?;
        let end = reader.original_position();
        match operator {
            Operator::Call { function_index } if quiet.contains(&function_index) => {
                found.push(place(start)?..place(end)?);
            }
            // Not all that stands before these leads only here, and calls may do more than prepare a sentence.
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Unreachable
            | Operator::Call { .. }
            | Operator::CallIndirect { .. } => {}
            _ => continue,
        }
        start = end;
    }
    Ok(found)
}

/// The notes of the linker, but for those on what is cut.
fn without(notes: &RelocSectionReader<'_>, cuts: &[Range<usize>], code: usize) -> Result<Vec<u8>> {
    let mut kept = Vec::new();
    for note in notes.entries() {
        let note = note?;
        let at = code + note.offset as usize;
        let next = cuts.partition_point(|cut| cut.end <= at);
        if cuts.get(next).is_none_or(|cut| at < cut.start) {
            kept.push(note);
        }
    }
    let mut bytes = Vec::new();
    notes.section_index().encode(&mut bytes);
    u32::try_from(kept.len())?.encode(&mut bytes);
    for RelocationEntry { ty, offset, index, addend } in kept {
        bytes.push(ty as u8);
        offset.encode(&mut bytes);
        index.encode(&mut bytes);
        if ty.addend_kind() != RelocAddendKind::None {
            addend.encode(&mut bytes);
        }
    }
    Ok(bytes)
}

fn place(position: u64) -> Result<usize> {
    position.try_into().context("a module that is larger than memory")
}

fn places(range: Range<u64>) -> Result<Range<usize>> {
    Ok(place(range.start)?..place(range.end)?)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, CustomSection, Encode, Function, FunctionSection, InstructionSink, Module,
        NameMap, NameSection, TypeSection,
    };
    use wasmparser::{KnownCustom, Operator, Parser, Payload};

    use super::{NOTES, prune};

    type Body = fn(&mut InstructionSink<'_>);

    /// A module of these functions, the first of which is the library's; the linker has a note at each of
    /// these bytes of the code.
    fn module(bodies: &[Body], notes: &[u32]) -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([], []);
        let (mut code, mut names) = (CodeSection::new(), NameMap::new());
        for body in bodies {
            functions.function(0);
            let mut function = Function::new([]);
            body(&mut function.instructions());
            code.function(&function);
        }
        names.append(0, "_RNvNtCs_4core9panicking9panic_fmt");
        let mut named = NameSection::new();
        named.functions(&names);
        let mut data = vec![2];
        (notes.len() as u32).encode(&mut data);
        for note in notes {
            data.push(0);
            note.encode(&mut data);
            data.push(0);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code).section(&named);
        module.section(&CustomSection { name: NOTES.into(), data: data.into() });
        module.finish()
    }

    /// What the functions do, and where notes are left.
    fn read(module: &[u8]) -> (Vec<String>, Vec<u32>) {
        let (mut code, mut notes) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.expect("reads") {
                Payload::CodeSectionEntry(body) => {
                    let all = body.get_operators_reader().expect("has instructions").into_iter();
                    let all = all.map(|operator| operator.expect("reads"));
                    let all = all.filter(|operator| !matches!(operator, Operator::Nop));
                    let words = all.map(|operator| format!("{operator:?}"));
                    let short =
                        |word: String| word.split(' ').next().unwrap_or_default().to_owned();
                    code.push(words.map(short).collect::<Vec<_>>().join(" "));
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Reloc(section) = section.as_known() {
                        let all = section.entries().into_iter();
                        notes.extend(all.map(|note| note.expect("reads").offset));
                    }
                }
                _ => {}
            }
        }
        (code, notes)
    }

    #[test]
    fn what_only_leads_to_a_panic_is_cut_and_what_may_not_stays() {
        let library: Body = |it| {
            it.i32_const(1).drop().end();
        };
        let wrapper: Body = |it| {
            it.i32_const(2).drop().call(0).unreachable().end();
        };
        let ours: Body = |it| {
            it.i32_const(3).if_(wasm_encoder::BlockType::Empty);
            it.i32_const(4).drop().call(1).unreachable().end();
            it.call(3).call(0).end();
        };
        let other: Body = |it| {
            it.i32_const(5).drop().end();
        };
        // The first bytes of code are how many functions there are, and then how long the first is.
        let before = module(&[library, wrapper, ours, other], &[4, 10, 22, 30, 40]);
        let (code, _) = read(&before);
        assert_eq!(code[2], "I32Const If I32Const Drop Call Unreachable End Call Call End");
        let (code, notes) = read(&prune(&before).expect("is pruned"));
        assert_eq!(code[0], "Unreachable End");
        assert_eq!(code[1], "Unreachable End");
        assert_eq!(code[2], "I32Const If Unreachable Unreachable End Call Unreachable End");
        assert_eq!(code[3], "I32Const Drop End");
        assert_eq!(notes, [30, 40]);
    }
}
