//! What lies between devices and the service: sockets that keep their order, lose frames, and break
//! with or without telling.

use tideline_client::{Input, Link, Mirror};
use tideline_shared::limits;

use super::{Event, Line, World, path};
use crate::service::SocketId;

impl World {
    /// When the next thing on a socket arrives; none when it does not.
    pub(super) fn way(
        &mut self,
        socket: SocketId,
        of: impl FnOnce(&mut Line) -> &mut u64,
    ) -> Option<u64> {
        let soonest = self.now + self.delay();
        let cut = self.strikes("a socket cut", self.script.faults().socket_cut);
        let line = self.lines.get_mut(&socket)?;
        line.cut |= cut;
        if line.cut {
            return None;
        }
        let last = of(line);
        *last = soonest.max(*last);
        Some(*last)
    }

    /// Whether something on the way drops this frame. That does not last long. A lost change is noticed as a gap, though no
    /// socket loses one alone. The pages of an answer rely on that: one takes everything after it along.
    pub(super) fn drops(&mut self, socket: SocketId, frame: &str) -> bool {
        let drops = self.strikes("a frame lost", self.script.faults().frame_lost);
        if drops {
            if let Some(line) = self.lines.get_mut(&socket) {
                line.cut |= frame.starts_with(r#"{"type":"page""#);
            }
            let time = self.now + 1_000 + self.script.below("how long", 10_000);
            self.at(time, Event::Breaks { socket });
        }
        drops
    }

    pub(super) fn hear(&mut self, line: Line, text: &str) {
        let ear = &mut self.devices[line.device].ear;
        for text in ear.hear(self.mistake, line.link.mirror, text) {
            self.input(line.device, Input::Frame(line.link, text));
        }
    }

    /// Whether the device still has this socket.
    pub(super) fn holds(&self, line: Line, socket: SocketId) -> bool {
        let device = &self.devices[line.device];
        device.life == line.life && device.sockets.get(&line.link) == Some(&socket)
    }

    pub(super) fn open(&mut self, device: usize, life: u64, link: Link) {
        if self.devices[device].life != life || !self.devices[device].online {
            return;
        }
        let cookie = self.devices[device].cookie.clone();
        let path = match link.mirror {
            Mirror::Account => "/api/account".to_owned(),
            Mirror::Conversation(id) => path(id),
        };
        let time = self.now + self.delay();
        match self.service.open(&cookie, &path) {
            Ok(socket) => {
                let line = Line { device, life, link, cut: false, up: 0, down: time };
                self.lines.insert(socket, line);
                self.devices[device].sockets.insert(link, socket);
                self.at(time, Event::Says { device, life, input: Input::Opened(link) });
            }
            Err(refusal) => {
                let mut inputs = vec![Input::Closed(link)];
                if let Some(refusal) = refusal {
                    inputs.insert(0, Input::Frame(link, refusal.frame));
                    inputs.insert(0, Input::Opened(link));
                }
                for input in inputs {
                    self.at(time, Event::Says { device, life, input });
                }
            }
        }
    }

    pub(super) fn send(&mut self, device: usize, link: Link, text: String) {
        let Some(&socket) = self.devices[device].sockets.get(&link) else { return };
        let Some(time) = self.way(socket, |line| &mut line.up) else { return };
        if text != limits::PING {
            if self.drops(socket, &text) {
                return;
            }
            if self.strikes("a frame doubled", self.script.faults().frame_doubled) {
                self.at(time, Event::Up { socket, text: text.clone() });
            }
            return self.at(time, Event::Up { socket, text });
        }
        // The runtime answers by itself.
        if let Some(time) = self.way(socket, |line| &mut line.down) {
            self.at(time, Event::Down { socket, text: limits::PONG.into() });
        }
    }

    pub(super) fn hang_up(&mut self, device: usize, link: Link) {
        if let Some(socket) = self.devices[device].sockets.remove(&link) {
            let after = self.lines.get(&socket).map_or(self.now, |line| line.up);
            let time = after.max(self.now) + self.delay();
            self.at(time, Event::Gone { socket });
        }
    }

    pub(super) fn lose_sockets(&mut self, device: usize) {
        let links: Vec<_> = self.devices[device].sockets.keys().copied().collect();
        links.into_iter().for_each(|link| self.hang_up(device, link));
    }

    pub(super) fn come_back(&mut self, device: usize) {
        if !self.devices[device].online {
            self.devices[device].online = true;
            self.input(device, Input::Online);
        }
    }
}
