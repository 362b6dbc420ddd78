//! A query, as one conversation understands it.

use tideline_shared::protocol::{Body, File};
use tideline_shared::search::{Has, Search};
use tideline_shared::{Code, Person, Reject, Timestamp, UserId};

use crate::fold::fold;
use crate::needles::{Mark, Needles};

/// People whom one `from:` means at most.
const AUTHORS: usize = 16;

/// What a message must be to be found.
#[derive(Debug)]
pub struct Wanted {
    /// What it must say.
    pub needles: Needles,
    /// Who may have written it; none for anybody.
    pub authors: Option<Vec<UserId>>,
    /// What it must hold, all of it.
    pub has: Vec<Has>,
    /// Not older than this.
    pub since: Timestamp,
    /// Older than this.
    pub until: Timestamp,
}

impl Wanted {
    /// What `search` means where `authors` are those whom its `from:` names, for somebody whose clocks are
    /// `zone_min` minutes ahead of UTC.
    ///
    /// # Errors
    /// `query_empty`: of its words nothing can be seen.
    pub fn of(
        search: &Search,
        authors: Option<Vec<UserId>>,
        zone_min: i32,
    ) -> Result<Self, Reject> {
        let needles = Needles::of(&search.terms);
        if needles.is_empty() && !search.terms.is_empty() {
            return Err(Code::QueryEmpty.into());
        }
        Ok(Self {
            needles,
            authors,
            has: search.has.clone(),
            since: search.after.map_or(Timestamp(0), |day| day.begins(zone_min)),
            until: search.before.map_or(Timestamp(u64::MAX), |day| day.begins(zone_min)),
        })
    }

    /// Where in its words a message has what is looked for; none where it is not wanted.
    #[must_use]
    pub fn marks(&self, author: UserId, at: Timestamp, body: &Body) -> Option<Vec<Mark>> {
        let by_them = self.authors.as_ref().is_none_or(|authors| authors.contains(&author));
        let fits = |has: &Has| held_by(body).any(|held| held == *has);
        let told = body.text().is_some();
        if !by_them || at < self.since || at >= self.until || !told || !self.has.iter().all(fits) {
            return None;
        }
        self.needles.marks(body.text().unwrap_or_default())
    }
}

/// What a message holds besides words.
pub fn held_by(body: &Body) -> impl Iterator<Item = Has> {
    let link = body.text().is_some_and(|text| {
        let mut parts = text.match_indices("://");
        parts.any(|(at, _)| {
            let scheme = text.get(..at).unwrap_or_default().to_ascii_lowercase();
            let more = text[at + 3..].starts_with(|c: char| !c.is_whitespace());
            more && (scheme.ends_with("http") || scheme.ends_with("https"))
        })
    });
    link.then_some(Has::Link).into_iter().chain(body.files().iter().map(File::kind))
}

/// Who is meant by a name that `by` writes: themselves, whoever has it as their user name, or those who
/// have it in their display name.
#[must_use]
pub fn called(people: &[&Person], by: UserId, name: &str) -> Vec<UserId> {
    let name = fold(name.trim_start_matches('@'));
    if name == "me" {
        return vec![by];
    }
    let has_it = |person: &&&Person| person.user_name.as_deref().map(fold) == Some(name.clone());
    if let Some(person) = people.iter().find(has_it) {
        return vec![person.user];
    }
    let called = people.iter().filter(|person| fold(&person.display_name).contains(&name));
    called.map(|person| person.user).take(AUTHORS).collect()
}
