//! What must hold once the faults have stopped: everything acknowledged is there, once, in one
//! order, on every device, and what is unread is counted right.

use std::collections::{BTreeMap, HashMap};

use tideline_shared::ConversationId;

use super::ledger::{Acknowledged, PROGRAM};
use super::people::{Cast, Player, Talk};
use super::report::Report;
use crate::device::{Device, describe};
use crate::screen::{self, Shown};

type Truth = HashMap<ConversationId, Vec<Shown>>;

/// Compares everything with everything. Also with a device of the first person that knew nothing.
pub(crate) async fn check(cast: &Cast, report: &mut Report) {
    cast.settle().await;
    let counts = cast.ledger.counts();
    report.written += counts.written;
    report.acknowledged += counts.acknowledged;
    for (code, count) in counts.refused {
        *report.refused.entry(code).or_default() += count;
    }
    cast.ledger.faults().into_iter().for_each(|fault| report.fault(fault));
    let mut truth = Truth::new();
    for talk in &cast.talks {
        let said = said(cast, talk, report).await;
        truth.insert(talk.id, said);
    }
    check_acknowledged(&cast.ledger.acknowledged(), &truth, report);
    check_written(cast, &truth, report);
    for player in &cast.players {
        check_unread(cast, player, &truth).await;
    }
    for player in &cast.players {
        check_screens(cast, &player.device, player.person, &truth, report).await;
        report.devices += 1;
    }
    let stranger = Device::new(&cast.people[0]);
    check_screens(cast, &stranger, 0, &truth, report).await;
    report.devices += 1;
}

/// A conversation as the service serves it: the same to its first and its last member, from 1 on
/// without a gap.
async fn said(cast: &Cast, talk: &Talk, report: &mut Report) -> Vec<Shown> {
    let mut served: Vec<Vec<Shown>> = Vec::new();
    for member in talk.members.iter().take(1).chain(talk.members.last()) {
        let history = cast.people[*member].history(talk.id).await.expect("is served");
        served.push(history.into_iter().map(Shown::from).collect());
    }
    if served.windows(2).any(|pair| pair[0] != pair[1]) {
        report.fault(format!("{}: two members are served two histories", talk.id));
    }
    let said = served.swap_remove(0);
    if let Some((place, one)) = (1..).zip(&said).find(|(place, one)| one.seq != *place) {
        report.fault(format!("{}: {} stands at {place}", talk.id, one.seq));
    }
    said
}

fn check_acknowledged(
    acknowledged: &HashMap<String, Acknowledged>,
    truth: &Truth,
    report: &mut Report,
) {
    for (text, one) in acknowledged {
        let place = usize::try_from(one.seq).unwrap_or(0).wrapping_sub(1);
        let there = truth.get(&one.conversation).and_then(|said| said.get(place));
        if there.is_none_or(|there| there.text != *text || there.id.to_string() != one.id) {
            report.lost += 1;
            report.fault(format!("{text:?} was acknowledged as {} and is not there", one.seq));
        }
    }
}

/// Whatever was written is there once, and in the order in which its device wrote it.
fn check_written(cast: &Cast, truth: &Truth, report: &mut Report) {
    let mut places: HashMap<&str, Vec<(ConversationId, u64)>> = HashMap::new();
    for (conversation, said) in truth {
        for one in said {
            places.entry(&one.text).or_default().push((*conversation, one.seq));
        }
    }
    let written = cast.ledger.written();
    let mut last: BTreeMap<(usize, ConversationId), u64> = BTreeMap::new();
    for one in &written {
        match places.remove(one.text.as_str()).as_deref() {
            None => {
                report.lost += 1;
                report.fault(format!("{:?} was lost", one.text));
            }
            Some(&[(conversation, seq)]) if conversation == one.conversation => {
                let before = last.insert((one.device, conversation), seq);
                if one.device != PROGRAM && before.is_some_and(|before| before > seq) {
                    report.fault(format!("{:?} is out of order", one.text));
                }
            }
            Some(places) => {
                report.doubled += places.len() - 1;
                report.fault(format!("{:?} is at {places:?}", one.text));
            }
        }
    }
    for (text, places) in places {
        report.fault(format!("nobody wrote {text:?}, which is at {places:?}"));
    }
}

/// Each device counts what others said after the last message that its person wrote, or nothing
/// where a device of theirs looks on.
async fn check_unread(cast: &Cast, player: &Player, truth: &Truth) {
    for talk in cast.talks.iter().filter(|talk| talk.members.contains(&player.person)) {
        let looks = |other: &Player| other.person == player.person && other.shows == Some(talk.id);
        let me = cast.people[player.person].me.user;
        let said = truth.get(&talk.id).map(Vec::as_slice).unwrap_or_default();
        let unread = if cast.players.iter().any(looks) {
            0
        } else {
            said.iter().rev().take_while(|one| one.author != me).count() as u64
        };
        if said.is_empty() {
            continue;
        }
        // An account may hear of the last message after its writer does.
        let what = format!("count {unread} unread in {}", talk.id);
        player.device.until(&what, |engine| screen::unread(engine, talk.id, unread)).await;
    }
}

/// A device shows every conversation of its person, from the end to the beginning, as it is; after
/// which all of it is read.
async fn check_screens(
    cast: &Cast,
    device: &Device,
    person: usize,
    truth: &Truth,
    report: &mut Report,
) {
    for talk in cast.talks.iter().filter(|talk| talk.members.contains(&person)) {
        let said = truth.get(&talk.id).map(Vec::as_slice).unwrap_or_default();
        if said.is_empty() {
            continue;
        }
        device.show(talk.id);
        let count = said.len() as u64;
        device.until("show the last message", |engine| screen::shows_up_to(engine, count)).await;
        let shown = screen::read_whole(device).await;
        if shown != said {
            let missing = said.iter().filter(|one| !shown.contains(one)).count();
            report.lost += missing;
            report.fault(format!(
                "{} of {} messages of {} are on a screen:\n{}",
                said.len() - missing,
                said.len(),
                talk.id,
                device.look(describe)
            ));
        }
        device.until("have read it", |engine| screen::unread(engine, talk.id, 0)).await;
    }
}
