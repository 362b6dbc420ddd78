//! A query, as one conversation understands it.

use std::borrow::Cow;

use tideline_shared::protocol::{Body, File};
use tideline_shared::search::{Has, Search};
use tideline_shared::{Code, Person, Reject, Timestamp, UserId, limits, markup};

use crate::fold::fold;
use crate::needles::{Mark, Needles};

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
    /// What `search` means where `authors` are those whom it asks for ([`authors`]), for somebody whose
    /// clocks are `zone_min` minutes ahead of UTC.
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
        if !by_them || at < self.since || at >= self.until || !self.has.iter().all(fits) {
            return None;
        }
        self.needles.marks(&told(body)?)
    }
}

/// What words are looked for in: those of a message, and the names of its files as they are shown, each
/// on a line of its own. None when it tells nothing.
#[must_use]
pub fn told(body: &Body) -> Option<Cow<'_, str>> {
    let text = body.text()?;
    let named = body.files().iter().filter(|file| file.kind() == Has::File);
    let lines: Vec<_> = std::iter::once(text)
        .chain(named.map(|file| file.name.as_str()))
        .filter(|line| !line.is_empty())
        .collect();
    Some(match lines[..] {
        [] => Cow::Borrowed(""),
        [line] => Cow::Borrowed(line),
        _ => Cow::Owned(lines.join("\n")),
    })
}

/// What a message holds besides words.
pub fn held_by(body: &Body) -> impl Iterator<Item = Has> {
    let link = body.text().is_some_and(|text| markup::first_link(text).is_some());
    link.then_some(Has::Link).into_iter().chain(body.files().iter().map(File::kind))
}

/// Whose messages are looked for among these people: those whom its `from:` names, and whom `by` chose
/// by id; none for anybody's.
#[must_use]
pub fn authors(search: &Search, people: &[&Person], by: UserId) -> Option<Vec<UserId>> {
    let mut authors = match &search.from {
        Some(name) => called(people, by, name),
        None if search.authors.is_empty() => return None,
        None => Vec::new(),
    };
    authors.extend(&search.authors);
    authors.truncate(limits::SEARCHED_AUTHORS);
    Some(authors)
}

/// Who is meant by a name that `by` writes: themselves, whoever has it as their user name, or those who
/// have it in their display name.
fn called(people: &[&Person], by: UserId, name: &str) -> Vec<UserId> {
    let name = fold(name.trim_start_matches('@'));
    if name == "me" {
        return vec![by];
    }
    let has_it = |person: &&&Person| person.user_name.as_deref().map(fold) == Some(name.clone());
    if let Some(person) = people.iter().find(has_it) {
        return vec![person.user];
    }
    let called = people.iter().filter(|person| fold(&person.display_name).contains(&name));
    called.map(|person| person.user).take(limits::SEARCHED_AUTHORS).collect()
}

/// Of things with names, those that have `name` as one of theirs; where none has, those with it in one.
#[must_use]
pub fn named<T>(things: Vec<(T, Vec<String>)>, name: &str) -> Vec<T> {
    let name = fold(name.trim());
    let things: Vec<_> = things
        .into_iter()
        .map(|(thing, names)| (thing, names.iter().map(|name| fold(name)).collect::<Vec<_>>()))
        .collect();
    let exactly = things.iter().any(|(_, names)| names.contains(&name));
    let fits = |names: &[String]| match exactly {
        true => names.contains(&name),
        false => names.iter().any(|other| other.contains(&name)),
    };
    things.into_iter().filter(|(_, names)| fits(names)).map(|(thing, _)| thing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8, user_name: &str, display_name: &str) -> Person {
        let user = UserId::new(1, [n; 10]);
        let user_name = Some(user_name.to_owned());
        Person { user, user_name, display_name: display_name.to_owned(), avatar: None }
    }

    #[test]
    fn a_name_means_what_has_it_whatever_its_width_case_and_accents() {
        let things = || {
            let names = ["Tide Pool", "tide pool", "Ｃａｆé", "潮池", "Ana \"the tide\" Lee"];
            (1..).zip(names.map(|name| vec![name.to_owned()])).collect::<Vec<(u8, _)>>()
        };
        assert_eq!(named(things(), "ＴＩＤＥ pool"), [1, 2], "two of the same name are both meant");
        assert_eq!(named(things(), "cafe"), [3]);
        assert_eq!(named(things(), "池"), [4]);
        assert_eq!(named(things(), "tide"), [1, 2, 5], "a part of it, where none has just that");
        assert_eq!(named(things(), "Ana \"the tide\" Lee"), [5]);
        assert_eq!(named(things(), "pier"), [0; 0]);
    }

    #[test]
    fn authors_are_those_named_and_those_chosen() {
        let (ana, ben) = (person(1, "ana", "Ana"), person(2, "ben", "Benjamin"));
        let people = [&ana, &ben];
        let asked = |typed: &str, chosen: &[UserId]| {
            let search = Search::parse_by(typed, chosen.to_vec()).expect("is a query");
            authors(&search, &people, ana.user)
        };
        assert_eq!(asked("tide", &[]), None);
        assert_eq!(asked("", &[ben.user]), Some(vec![ben.user]));
        assert_eq!(asked("from:benny", &[ben.user]), Some(vec![ben.user]), "a nickname");
        assert_eq!(asked("from:me", &[]), Some(vec![ana.user]));
        assert_eq!(asked("from:JAMIN", &[]), Some(vec![ben.user]));
        assert_eq!(asked("from:nobody", &[]), Some(vec![]));
    }
}
