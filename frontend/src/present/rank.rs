//! What fits words that are being typed, the best first.

use tideline_shared::ConversationId;

/// How well a name fits, the less the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It begins with the words.
    Begins,
    /// One of its words does.
    Word,
    /// They are somewhere in it.
    Within,
}

/// A text as it is compared: `decomposed` (its form NFKD, in which width is gone) without case and
/// without the accents of Latin, Greek and Cyrillic.
#[must_use]
pub fn folded(decomposed: &str) -> String {
    let is_accent = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    let plain: String = decomposed.chars().filter(|c| !is_accent(c)).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Those of `all` that have a name which fits what was typed, the best first and otherwise in the
/// order given. Names and typed words are [`folded`].
#[must_use]
pub fn ranked<T>(
    all: impl IntoIterator<Item = T>,
    names: impl Fn(&T) -> &[String],
    typed: &str,
) -> Vec<T> {
    let best = |one: &T| names(one).iter().filter_map(|name| fit(name, typed)).min();
    let fitting = all.into_iter().filter_map(|one| Some((best(&one)?, one)));
    let mut fitting: Vec<_> = fitting.collect();
    fitting.sort_by_key(|(fit, _)| *fit);
    fitting.into_iter().map(|(_, one)| one).collect()
}

fn fit(name: &str, typed: &str) -> Option<Fit> {
    let begins_word = |at: usize| {
        let before = name[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric())
    };
    let mut places = name.match_indices(typed).map(|(at, _)| at);
    match places.next()? {
        0 => Some(Fit::Begins),
        first if begins_word(first) || places.any(begins_word) => Some(Fit::Word),
        _ => Some(Fit::Within),
    }
}

/// The conversation below or above another one in a list of them and whether each counts; those
/// behind the end are at the beginning. From outside of the list it is the first or the last.
#[must_use]
pub fn beside(
    list: &[(ConversationId, bool)],
    here: Option<ConversationId>,
    below: bool,
) -> Option<ConversationId> {
    let at = list.iter().position(|(id, _)| Some(*id) == here);
    let (before, after) = match at {
        Some(at) => (&list[..at], &list[at + 1..]),
        None => (list, &list[..0]),
    };
    let mut others = after.iter().chain(before).filter(|(_, counts)| *counts);
    let found = if below { others.next() } else { others.next_back() };
    found.map(|(id, _)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank<'a>(names: &[&'a str], typed: &str) -> Vec<&'a str> {
        let all = names.iter().map(|name| (*name, vec![folded(name)]));
        ranked(all, |(_, names)| names, &folded(typed)).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn beginnings_stand_before_words_and_words_before_what_is_within() {
        let names = ["Low tide", "Riptide", "Tide pool", "潮汐 tide", "Ben", "Tideline"];
        assert_eq!(
            rank(&names, "tide"),
            ["Tide pool", "Tideline", "Low tide", "潮汐 tide", "Riptide"]
        );
        assert_eq!(rank(&names, "汐"), ["潮汐 tide"]);
        assert_eq!(rank(&names, ""), names);
        assert!(rank(&names, "ebb").is_empty());
    }

    #[test]
    fn a_later_word_counts_as_a_word() {
        assert_eq!(rank(&["banana", "Montana (Ana)"], "ana"), ["Montana (Ana)", "banana"]);
    }

    #[test]
    fn the_best_of_several_names_counts() {
        let names = |all: &[&str]| all.iter().map(|name| folded(name)).collect::<Vec<_>>();
        let all = [(1, names(&["Anabel"])), (2, names(&["My sister", "bel"]))];
        let found = ranked(all, |(_, names)| names, "bel");
        assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn case_accents_and_spaces_do_not_count() {
        assert_eq!(folded("  A\u{308}rger   E\u{301}T\u{c9} "), "arger et\u{e9}");
        assert_eq!(folded("か\u{3099}"), "か\u{3099}", "a kana's voicing is no accent");
        assert_eq!(rank(&["Zoe\u{308}", "zo"], "ZOE"), ["Zoe\u{308}"]);
    }

    #[test]
    fn the_list_is_walked_around_past_what_does_not_count() {
        let ids = [1, 2, 3, 4].map(|at| ConversationId::new(at, [0; 10]));
        let [one, two, three, four] = ids;
        let all = ids.map(|id| (id, true));
        assert_eq!(beside(&all, Some(one), true), Some(two));
        assert_eq!(beside(&all, Some(one), false), Some(four));
        assert_eq!(beside(&all, Some(four), true), Some(one));
        assert_eq!(beside(&all, None, true), Some(one));
        assert_eq!(beside(&all, None, false), Some(four));
        let some = [(one, true), (two, false), (three, false), (four, false)];
        assert_eq!(beside(&some, Some(three), true), Some(one));
        assert_eq!(beside(&some, Some(three), false), Some(one));
        assert_eq!(beside(&some, Some(one), true), None);
        assert_eq!(beside(&[], None, true), None);
    }
}
