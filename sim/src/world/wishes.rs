//! What the service asks of the world: frames and calls to be carried, timers, alarms.

use std::rc::Rc;

use serde_json::Value;
use tideline_client::Mirror;
use tideline_server::{ERASED, Unreachable};

use super::{Event, World};
use crate::service::{Asked, SocketId};

impl World {
    pub(super) fn take_asked(&mut self) {
        loop {
            let asked = self.service.take_asked();
            if asked.is_empty() {
                return;
            }
            asked.into_iter().for_each(|asked| self.carry_out(asked));
        }
    }

    fn carry_out(&mut self, asked: Asked) {
        match asked {
            Asked::Frame(socket, text) => {
                self.note_acknowledgement(socket, &text);
                self.note_read(socket, &text);
                self.check_may_read(socket, &text);
                if let Some(time) = self.way(socket, |line| &mut line.down)
                    && !self.drops(socket, &text)
                {
                    if self.strikes("a frame doubled", self.script.faults().frame_doubled) {
                        self.at(time, Event::Down { socket, text: Rc::clone(&text) });
                    }
                    self.at(time, Event::Down { socket, text });
                }
            }
            Asked::Closed(socket) => {
                if let Some(time) = self.way(socket, |line| &mut line.down) {
                    self.at(time, Event::Closed { socket });
                }
            }
            Asked::Call { from, life, actor, id, to, body } => {
                self.count_call_to((from, life, id), actor, &body);
                if self.strikes("a call lost", self.script.faults().call_lost) {
                    let answer = Err(Unreachable("lost on the way".to_owned()));
                    let time = self.now + self.delay();
                    return self.at(time, Event::Returns { to: from, life, id, answer });
                }
                let soonest = self.now + self.delay();
                let arrival = self.pairs.entry((from, to)).or_default();
                *arrival = soonest.max(*arrival);
                let time = *arrival;
                if self.strikes("a call doubled", self.script.faults().call_doubled) {
                    let body = Rc::clone(&body);
                    self.at(time, Event::Arrives { from, life, id, to, body, again: true });
                }
                self.at(time, Event::Arrives { from, life, id, to, body, again: false });
            }
            Asked::Erase { from, life, id, keys } => {
                self.count_call(from, life, id);
                let answer = self.service.erase(&keys).map(|()| ERASED.to_owned());
                let time = self.now + self.delay();
                self.at(time, Event::Returns { to: from, life, id, answer });
            }
            Asked::Look { from, life, id, url } => self.look(from, life, id, &url),
            Asked::Notify { from, life, id, dispatch } => self.notify(from, life, id, &dispatch),
            Asked::Timer { of, life, ms } => self.at(self.now + ms, Event::Timer { of, life }),
            Asked::Alarm { of } => {
                let Some(due) = self.service.alarm_of(of) else { return };
                let mut time = self.loop_time(due);
                if self.strikes("an alarm late", self.script.faults().alarm) {
                    time = time.max(self.now) + self.script.below("how late", 10_000);
                }
                self.at(time, Event::Alarm { of, due });
            }
        }
    }

    fn note_acknowledgement(&mut self, socket: SocketId, text: &str) {
        if !text.contains(r#""type":"sent""#) {
            return;
        }
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let (id, seq) = (frame["reply"]["id"].as_str(), frame["reply"]["seq"].as_u64());
        let Some(Mirror::Conversation(conversation)) =
            self.lines.get(&socket).map(|line| line.link.mirror)
        else {
            return;
        };
        let (Some(id), Some(seq)) = (id, seq) else { return };
        let known = *self.acknowledged.entry((conversation, id.to_owned())).or_insert(seq);
        if known != seq {
            self.violate(format!("message {id} was acknowledged as {known} and as {seq}"));
        }
    }
}
