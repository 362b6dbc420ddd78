//! The doors that `PROTOCOL.md` lists are those that there are.

use std::collections::BTreeSet;

use serde_json::json;
use tideline_server::gateway::{DOORS, Request, Response};
use tideline_shared::{ConversationId, FileId};

use crate::world::{World, path};

/// What stands in the first column of the table: a door is code, and what comes in brackets behind it.
fn listed() -> BTreeSet<String> {
    let protocol = include_str!("../../../PROTOCOL.md");
    let (_, doors) = protocol.split_once("## Doors").expect("has the section");
    let (doors, _) = doors.split_once("\n- **Origin.**").expect("has a table");
    let rows = doors.lines().filter_map(|line| line.strip_prefix("| `"));
    let columns = rows.filter_map(|row| row.split(" | ").next());
    let doors = columns.flat_map(|column| column.split(", "));
    doors.map(|door| door.replace('`', "")).collect()
}

#[test]
fn every_door_is_listed_and_no_other() {
    assert_eq!(listed(), DOORS.iter().map(|door| (*door).to_owned()).collect());
}

#[test]
fn every_door_that_is_listed_opens() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let file = FileId::new(1, [7; 10]).to_string();
    for door in listed() {
        let (method, place) = door.split_once(' ').expect("a method and a path");
        let (place, upgrade) = match place.strip_suffix(" (WebSocket)") {
            Some(place) => (place, true),
            None => (place, false),
        };
        let place = place.replace("/api/conversations/<id>", &path(group));
        let place = place.replace("<file>", &file).replace("<id>", &file);
        let place = place.replace("<size>", "8").replace("<part>", "0").replace("<token>", "none");
        let body = json!({"type": "explode"}).to_string();
        let cookie = Some(ana.cookie.as_str());
        let request =
            Request { method, upgrade, cookie, body: body.as_bytes(), ..world.blank(&place) };
        match world.respond(request) {
            Response::Json { body, .. } => {
                assert!(!body.contains("unknown_route"), "{door}: {body}")
            }
            Response::Refused(refusal) => panic!("{door}: {}", refusal.frame),
            _ => {}
        }
    }
    for (method, place) in
        [("POST", "/api/export"), ("GET", "/api/session"), ("PUT", "/api/account")]
    {
        let request = Request { method, cookie: Some(&ana.cookie), ..world.blank(place) };
        assert_eq!(world.request(request).1["code"], "unknown_route", "{method} {place}");
    }
    let nowhere = ConversationId::new(1, [7; 10]);
    let below = format!("{}/more/of/it", path(nowhere));
    let request = Request { cookie: Some(&ana.cookie), ..world.blank(&below) };
    assert_ne!(world.request(request).0, 200);
}
