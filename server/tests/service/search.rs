//! Search: whatever a person may read is found, and nothing else.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};
use tideline_server::sql::Value as Cell;
use tideline_shared::{ConversationId, limits as bounds};

use crate::files;
use crate::world::{Someone, World, path};

const SEARCH: &str = "/api/search";

/// A world in which nobody talks or searches too fast.
fn patient() -> World {
    let free = Rate { burst: 1_000_000, every_ms: 1 };
    World::with_limits(Limits {
        group: free,
        say: free,
        send: free,
        talk: free,
        search: free,
        ..Limits::default()
    })
}

fn ana_and_ben(world: &World) -> (Someone, Someone, ConversationId) {
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    (ana, ben, group)
}

fn asked(query: &str, conversations: &[ConversationId]) -> Value {
    json!({"type": "messages", "query": query, "conversations": conversations})
}

/// The `seq`s found in one conversation, as far as one has to go.
fn found(world: &World, by: &Someone, group: ConversationId, query: &str) -> Vec<u64> {
    let mut seqs = Vec::new();
    let mut before = None;
    loop {
        let mut ask = asked(query, &[group]);
        if let Some(before) = before {
            ask["before"] = json!(before);
        }
        let answer = world.ok(by, SEARCH, ask);
        let Some(row) = answer["found"].as_array().expect("a list").first() else { return seqs };
        let hits = row["hits"].as_array().expect("hits");
        assert!(hits.len() <= bounds::FOUND_MESSAGES);
        seqs.extend(hits.iter().map(|hit| hit["seq"].as_u64().expect("a number")));
        assert!(
            seqs.is_sorted_by(|newer, older| newer > older),
            "newest first, each once: {seqs:?}"
        );
        match row["next"].as_u64() {
            Some(next) => before = Some(next),
            None => return seqs,
        }
    }
}

/// Up to which version the conversation's index has everything.
fn indexed(world: &World, group: ConversationId) -> u64 {
    let rows = world.rows(Address::Conversation(group), "SELECT indexed FROM clock");
    match rows[0][0] {
        Cell::Integer(version) => version.unsigned_abs(),
        _ => panic!("no number"),
    }
}

/// Says so much that the index has all that was said before.
fn fill(world: &World, by: &Someone, group: ConversationId) {
    for n in 0..200 {
        world.send(by, group, &format!("filler {n}"));
    }
    assert!(indexed(world, group) > 100);
}

#[test]
fn what_was_said_is_found_at_once_and_later() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    let said = [
        "小王在海边",
        "High TIDE at noon",
        "ｶﾌｪ de Ｃａｆé",
        "👍🏽 ok",
        "see https://tide.example/x",
    ];
    said.iter().for_each(|text| drop(world.send(&ana, group, text)));
    let all = [
        ("海", 1),
        ("海边", 1),
        ("边", 1),
        ("tid", 2),
        ("\"high tide\"", 2),
        ("カフェ", 3),
        ("cafe", 3),
        ("👍", 4),
        ("has:link", 5),
        ("tide.example", 5),
    ];
    let check = |when: &str| {
        for (query, seq) in all {
            let hits = found(&world, &ben, group, query);
            assert!(hits.contains(&seq), "{query} {when}: {hits:?}");
        }
        for nothing in ["海水", "ide", "\"tide high\"", "has:image", "from:nobody tide"] {
            assert_eq!(found(&world, &ben, group, nothing), [0; 0], "{nothing} {when}");
        }
    };
    assert_eq!(indexed(&world, group), 0);
    check("at once");
    fill(&world, &ben, group);
    check("from the index");
    world.restart();
    check("after a restart");
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn a_hit_shows_its_place_and_who_said_it() {
    let world = patient();
    let (ana, _, group) = ana_and_ben(&world);
    world.send(&ana, group, "Meet at high tide");
    let answer = world.ok(&ana, SEARCH, asked("TIDE", &[group]));
    let hit = &answer["found"][0]["hits"][0];
    assert_eq!(hit["excerpt"], "Meet at high tide");
    assert_eq!(hit["marks"], json!([[13, 17]]));
    assert_eq!(hit["author"], ana.user.to_string());
    assert_eq!(hit["author_name"], "ana");
    assert_eq!(answer["found"][0]["next"], Value::Null);
}

#[test]
fn every_hit_is_reached_page_by_page() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    for n in 1..=1_700_u64 {
        let text = match n % 5 {
            0 => format!("潮汐 number {n}"),
            _ => format!("nothing {n}"),
        };
        world.send(if n % 2 == 0 { &ana } else { &ben }, group, &text);
    }
    let wanted: Vec<u64> = (1..=1_700).rev().filter(|n| n % 5 == 0).collect();
    assert_eq!(found(&world, &ana, group, "潮汐"), wanted);
    assert_eq!(found(&world, &ana, group, "潮"), wanted);
    let by_ana: Vec<u64> = wanted.iter().copied().filter(|n| n % 2 == 0).collect();
    assert_eq!(found(&world, &ben, group, "汐 from:ana"), by_ana);
    assert_eq!(found(&world, &ana, group, "汐 from:me"), by_ana);
    // The index brings blocks in which the words stand apart: they are judged by the messages.
    assert_eq!(found(&world, &ana, group, "潮汐 nothing"), [0; 0]);
    assert_eq!(found(&world, &ana, group, "\"number 1235\""), [1235]);
    // Nothing that the index could help with.
    assert_eq!(found(&world, &ana, group, "... from:ana").len(), 0);
}

#[test]
fn days_are_those_of_the_person() {
    let world = patient();
    let (ana, _, group) = ana_and_ben(&world);
    // 2027-01-15 08:00 UTC, and a day later each.
    for n in 0..4 {
        world.send(&ana, group, &format!("day {n}"));
        world.pass(24 * 60 * 60 * 1_000);
    }
    assert_eq!(found(&world, &ana, group, "day after:2027-01-16"), [4, 3, 2]);
    assert_eq!(found(&world, &ana, group, "before:2027-01-17"), [2, 1]);
    assert_eq!(found(&world, &ana, group, "after:2027-01-16 before:2027-01-17"), [2]);
    assert_eq!(found(&world, &ana, group, "after:2028-01-01"), [0; 0]);
    let mut west = asked("before:2027-01-15", &[group]);
    assert_eq!(world.ok(&ana, SEARCH, west.clone())["found"], json!([]));
    // Nine hours behind UTC, it was still the day before.
    west["zone_min"] = json!(-9 * 60);
    assert_eq!(world.ok(&ana, SEARCH, west)["found"][0]["hits"][0]["seq"], 1);
}

#[test]
fn an_edit_is_found_by_its_new_words_only() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    world.send(&ana, group, "涨潮 at noon");
    fill(&world, &ben, group);
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": "退潮 at noon"}));
    for when in ["at once", "from the index"] {
        assert_eq!(found(&world, &ben, group, "涨"), [0; 0], "{when}");
        assert_eq!(found(&world, &ben, group, "退潮"), [1], "{when}");
        fill(&world, &ben, group);
    }
}

#[test]
fn what_was_recalled_hidden_or_left_behind_is_never_found() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    for text in ["secret one", "secret two", "secret three"] {
        world.send(&ana, group, text);
    }
    fill(&world, &ben, group);
    world.settle();
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    let hide = json!({"type": "hide", "conversation": group, "seqs": [2]});
    world.ok(&ben, "/api/account", hide);
    for _ in 0..2 {
        assert_eq!(found(&world, &ana, group, "secret"), [3, 2]);
        assert_eq!(found(&world, &ben, group, "secret"), [3]);
        assert_eq!(found(&world, &ben, group, "from:ana"), [3]);
        fill(&world, &ben, group);
    }
    // Of the recalled words the index keeps nothing that any question reaches.
    let words = "SELECT count(*) FROM search WHERE search MATCH '\"one\"'";
    assert_eq!(world.rows(Address::Conversation(group), words), [[Cell::Integer(0)]]);
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    assert_eq!(found(&world, &ben, group, "secret"), [0; 0]);
    let stranger = world.register("eve");
    assert_eq!(found(&world, &stranger, group, "secret"), [0; 0]);
    let groups = json!({"type": "groups", "query": "tide", "conversations": [group]});
    assert_eq!(world.ok(&stranger, SEARCH, groups.clone())["found"], json!([]));
    assert_eq!(world.ok(&ana, SEARCH, groups)["found"][0]["name"], "Tide pool");
}

#[test]
fn a_file_is_found_by_its_name_as_long_as_it_is_there() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    let send = |name: &str, bytes: &[u8], text: &str| {
        let file = files::upload(&world, &ana, group, name, bytes);
        files::send(&world, &ana, group, text, &[file]);
    };
    send("潮汐表 2026.pdf", b"%PDF-1.7", "");
    send("Harbour-map.pdf", b"%PDF-1.7", "Read this");
    // Nobody sees what a voice message is called.
    let mut voice = files::upload(&world, &ana, group, "harbour.webm", b"\x1a\x45\xdf\xa3...");
    voice["duration_ms"] = 1200.into();
    files::send(&world, &ana, group, "", &[voice]);
    let hit = || {
        let answer = world.ok(&ben, SEARCH, asked("read harbour", &[group]));
        answer["found"][0]["hits"][0].clone()
    };
    for _ in 0..2 {
        assert_eq!(found(&world, &ben, group, "PDF"), [2, 1]);
        assert_eq!(found(&world, &ben, group, "汐 2026"), [1]);
        assert_eq!(found(&world, &ben, group, "harbour"), [2]);
        let hit = hit();
        assert_eq!(hit["excerpt"], "Read this\nHarbour-map.pdf");
        assert_eq!(hit["marks"], json!([[0, 4], [10, 17]]));
        fill(&world, &ben, group);
    }
    world.settle();
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 2}));
    assert_eq!(found(&world, &ben, group, "pdf"), [1]);
}

#[test]
fn several_conversations_answer_in_the_order_asked() {
    let world = patient();
    let ana = world.register("ana");
    let groups: Vec<ConversationId> =
        (0..40).map(|n| world.group(&ana, &format!("Group {n}"))).collect();
    for (n, &group) in groups.iter().enumerate() {
        for _ in 0..5 {
            world.send(&ana, group, if n % 2 == 0 { "海" } else { "山" });
        }
    }
    let answer = world.ok(&ana, SEARCH, asked("海", &groups));
    let rows = answer["found"].as_array().expect("rows");
    let places: Vec<&str> = rows.iter().filter_map(|row| row["conversation"].as_str()).collect();
    let wanted: Vec<String> = groups.iter().step_by(2).map(ToString::to_string).collect();
    assert_eq!(places, wanted);
    assert!(rows.iter().all(|row| row["hits"].as_array().is_some_and(|hits| hits.len() == 3)));
    assert_eq!(rows[0]["next"], 3);
    // One that does not answer is told, and the others are not held up.
    world.unreachable.borrow_mut().insert(Address::Conversation(groups[2]));
    let answer = world.ok(&ana, SEARCH, asked("海", &groups));
    assert_eq!(answer["missing"], json!([groups[2]]));
    assert_eq!(answer["found"].as_array().map(Vec::len), Some(19));
}

#[test]
fn groups_are_found_by_name_type_and_description() {
    let world = patient();
    let ana = world.register("ana");
    let group = world.conversation_id();
    let make = json!({"type": "create_group", "name": "Tide pool 潮池", "group_type": "读书会", "description": "Where we meet"});
    world.ok(&ana, &path(group), make);
    for (query, there) in [("潮", true), ("tide 读书", true), ("MEET", true), ("sea", false)] {
        let ask = json!({"type": "groups", "query": query, "conversations": [group]});
        let found = world.ok(&ana, SEARCH, ask)["found"].as_array().map(Vec::len);
        assert_eq!(found, Some(usize::from(there)), "{query}");
    }
}

#[test]
fn a_conversation_of_an_earlier_program_is_searched_whole_and_indexed_in_steps() {
    let world = patient();
    let (ana, _, group) = ana_and_ben(&world);
    for n in 1..=1_000 {
        world.send(&ana, group, if n % 100 == 0 { "海" } else { "other" });
    }
    let at = Address::Conversation(group);
    world.tamper(at, "DROP TABLE search");
    world.tamper(at, "UPDATE clock SET indexed = 0");
    world.restart();
    let wanted: Vec<u64> = (1..=10).rev().map(|n| n * 100).collect();
    let mut steps = Vec::new();
    for _ in 0..20 {
        assert_eq!(found(&world, &ana, group, "海"), wanted);
        steps.push(indexed(&world, group));
        world.pass(1_000);
    }
    assert!(steps[0] < 800, "in steps: {steps:?}");
    assert!(steps.last().is_some_and(|&last| last > 950), "to the end: {steps:?}");
}

#[test]
fn bad_questions_are_refused_and_change_nothing() {
    let world = patient();
    let (ana, _, group) = ana_and_ben(&world);
    world.send(&ana, group, "tide");
    let before = world.dump(Address::Conversation(group));
    let long = "水".repeat(bounds::QUERY_CHARS + 1);
    let endless = "tide OR ".repeat(1_250);
    for (query, code) in [
        ("", "query_empty"),
        (" \u{200b} ", "query_empty"),
        ("in:pool", "query_empty"),
        (long.as_str(), "query_too_long"),
        (endless.as_str(), "query_too_long"),
        ("from:", "filter_empty"),
        ("tide before:soon", "filter_bad_date"),
        ("has:everything", "filter_bad_kind"),
    ] {
        assert_eq!(world.refused(&ana, SEARCH, asked(query, &[group])), code, "{query}");
    }
    let too_many: Vec<ConversationId> =
        (0..=bounds::SEARCHED_CONVERSATIONS).map(|_| world.conversation_id()).collect();
    for places in [vec![], vec![group, group], too_many] {
        assert_eq!(world.refused(&ana, SEARCH, asked("tide", &places)), "too_many_places");
    }
    let mut both = asked("tide", &[group, world.conversation_id()]);
    both["before"] = json!(3);
    assert_eq!(world.refused(&ana, SEARCH, both), "too_many_places");
    assert_eq!(world.refused(&ana, SEARCH, json!({"type": "everything"})), "unknown_type");
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn operators_of_the_engine_are_words_like_others() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    world.send(&ana, group, "tide");
    fill(&world, &ben, group);
    for query in [
        "tide*",
        "*",
        "tide NEAR/2 noon",
        "words:tide",
        "\"tide",
        "tide\"\"",
        "' OR 1=1 --",
        "(tide",
        "tide) AND (x",
        "^tide",
        "- tide",
        "{tide}",
        "tide + x",
        "NOT tide",
        "search MATCH 'x'",
        "%",
        "_",
        "\\",
        "\u{e000}",
        ";",
        "tide AND",
        "AND",
        "\u{0}tide",
        "rank:tide",
        "🏽",
        "\u{301}",
        "ﾞ",
    ] {
        let answer = world.post(Some(&ana.cookie), SEARCH, asked(query, &[group]));
        assert!(matches!(answer.0, 200 | 422), "{query}: {answer:?}");
    }
    assert!(world.faults.borrow().is_empty(), "{:?}", world.faults.borrow());
    assert_eq!(found(&world, &ana, group, "tide"), [1]);
}

#[test]
fn whoever_searches_without_end_is_asked_to_wait() {
    let few = Rate { burst: 3, every_ms: 1_000 };
    let world = World::with_limits(Limits { search: few, ..Limits::default() });
    let (ana, _, group) = ana_and_ben(&world);
    for _ in 0..3 {
        world.ok(&ana, SEARCH, asked("tide", &[group]));
    }
    assert_eq!(world.refused(&ana, SEARCH, asked("tide", &[group])), "rate_limited");
    world.pass(1_000);
    world.ok(&ana, SEARCH, asked("tide", &[group]));
}

#[test]
fn people_are_found_by_user_name_display_name_and_signature() {
    let world = patient();
    let (ana, _) = (world.register("ana"), world.register("ben"));
    let profile = |signature: &str| json!({"type": "update_profile", "display_name": "Renée 安娜", "signature": signature});
    world.ok(&ana, "/api/account", profile("Höhe 海边 at 5"));
    world.settle();
    let found = |query: &str| {
        let people = world.ok(&ana, "/api/people", json!({"type": "find", "query": query}));
        let people = people["people"].as_array().expect("people").clone();
        people.iter().map(|person| person["user_name"].clone()).collect::<Vec<_>>()
    };
    for query in ["an", "renee", "娜", "hohe", "ＨÖＨＥ", "海"] {
        assert_eq!(found(query), ["ana"], "{query}");
    }
    // A signature alone is told to the directory, too.
    world.pass(60_000);
    world.ok(&ana, "/api/account", profile("山"));
    world.settle();
    assert_eq!((found("海"), found("山")), (vec![], vec![json!("ana")]));
    // Names come before signatures.
    let cat = world.register("cat");
    let named = json!({"type": "update_profile", "display_name": "山人"});
    world.ok(&cat, "/api/account", named);
    world.settle();
    assert_eq!(found("山"), ["cat", "ana"]);
}

#[test]
fn people_chosen_by_id_are_those_whose_messages_are_found() {
    let world = patient();
    let (ana, ben, group) = ana_and_ben(&world);
    let cat = world.register("cat");
    world.join(&cat, &world.invite(&ana, group));
    let said = [(&ana, "high tide"), (&ben, "low tide"), (&cat, "spring tide"), (&ben, "neap")];
    said.iter().for_each(|(by, text)| drop(world.send(by, group, text)));
    let found = |query: &str, authors: &[&Someone]| {
        let authors: Vec<_> = authors.iter().map(|by| by.user).collect();
        let mut ask = asked(query, &[group]);
        ask["authors"] = json!(authors);
        let answer = world.ok(&ana, SEARCH, ask);
        let hits = answer["found"][0]["hits"].as_array().cloned().unwrap_or_default();
        hits.iter().map(|hit| hit["seq"].as_u64()).collect::<Option<Vec<_>>>().expect("numbers")
    };
    assert_eq!(found("tide", &[&ben]), [2]);
    assert_eq!(found("", &[&ben]), [4, 2], "who chose somebody need not type");
    assert_eq!(found("tide from:benny", &[&ben]), [2], "a nickname that only the device knows");
    assert_eq!(found("tide from:cat", &[&ben]), [3, 2]);
    assert_eq!(found("tide", &[&world.register("dan")]), [0; 0]);
    fill(&world, &ana, group);
    world.restart();
    assert_eq!(found("tide", &[&ben]), [2], "from the index");
}
