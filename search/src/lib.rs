//! When a message counts as found, and which words of it an index needs. The service searches by it, and a
//! device without a network.
//!
//! Everything is compared by a folded form ([`fold`]): width, case and accents are alike. A term is
//! found where its folded form stands in the folded text, from the beginning of a word: `tid` finds
//! "High Tide", `ide` does not. Between letters of scripts that are written without spaces (Chinese,
//! Japanese, Korean, Thai, …) and emoji, every place is the beginning of a word: `边` finds "海边".
//!
//! [`tokens`] gives an index the words by which such a text is found again; [`Needles`] says which
//! of them to ask for, and judges what the index brings: the index may bring too much, never too
//! little.

mod fold;
mod needles;
mod tokens;
mod wanted;

pub use fold::{Folded, fold};
pub use needles::{Mark, Needles, excerpt};
pub use tokens::{Tokens, tokens};
pub use wanted::{Wanted, authors, held_by, named, told};
