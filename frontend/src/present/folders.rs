//! How far an archive of somebody's data is, by the folders that have begun in it.

/// The first file of every conversation's folder, as the archive names it.
const FIRST_FILE: &[u8] = b"/about.json";

/// Counts them in bytes that come in pieces.
#[derive(Debug, Default)]
pub struct Folders {
    begun: u64,
    /// The end of what came, which may be the beginning of a name.
    rest: Vec<u8>,
}

impl Folders {
    /// Takes in the next bytes; says how many folders have begun so far. An archive names them all once
    /// more at its end.
    pub fn take(&mut self, bytes: &[u8]) -> u64 {
        self.rest.extend_from_slice(bytes);
        let names = self.rest.windows(FIRST_FILE.len()).filter(|name| *name == FIRST_FILE);
        self.begun += names.count() as u64;
        let seen = self.rest.len().saturating_sub(FIRST_FILE.len() - 1);
        self.rest.drain(..seen);
        self.begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_counted_wherever_the_bytes_are_cut() {
        let archive =
            b"PK..conversations/0001 a/about.jsonPK..0001 a/messages.jsonlPK..0002/about.json";
        for size in 1..=archive.len() {
            let mut folders = Folders::default();
            let counts: Vec<u64> = archive.chunks(size).map(|piece| folders.take(piece)).collect();
            assert!(counts.is_sorted(), "{size}: {counts:?}");
            assert_eq!(counts.last(), Some(&2), "{size}");
        }
        assert_eq!(Folders::default().take(b"/about.jso"), 0);
    }
}
