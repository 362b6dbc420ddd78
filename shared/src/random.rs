//! Randomness as an argument: whoever needs it is handed a source, and draws none itself.

/// Fills the buffer with random bytes: from the system's generator in service and browser, from a
/// seed in tests.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);
