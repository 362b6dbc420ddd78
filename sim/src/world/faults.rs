//! What befalls everybody: the runtime starts again, clocks leap, devices lose the network or their store.

use tideline_client::Input;

use super::{Event, SIXTY_DAYS_MS, World};

impl World {
    pub(super) fn make_trouble(&mut self) {
        if !self.is_trouble() {
            return;
        }
        self.at(self.now + 1_000, Event::Trouble);
        let faults = self.script.faults();
        if self.strikes("a restart of the runtime", faults.restart) {
            self.service.restart();
        }
        if self.strikes("a hibernation", faults.hibernate) {
            let all = self.service.addresses();
            let which = self.script.below("which hibernates", all.len() as u64) as usize;
            if let Some(&address) = all.get(which) {
                self.service.hibernate(address);
            }
        }
        if self.strikes("a clock that steps back", faults.clock) {
            self.behind += self.script.below("how far back", 4_000);
        }
        if self.strikes("a clock that stands still", faults.clock) {
            self.stopped = Some((
                self.now + self.script.below("how long it stands", 8_000),
                self.service_now(),
            ));
        }
        // Twice would be longer than a session lives that nobody uses.
        if self.leapt == 0 && self.strikes("sixty days", faults.sixty_days) {
            self.leapt = SIXTY_DAYS_MS;
            // What was uploaded and waits that long to be sent is there no more.
            self.may_be_refused(|one| one.has_file);
        }
        for device in 0..self.devices.len() {
            if self.devices[device].online && self.strikes("a device offline", faults.offline) {
                self.devices[device].online = false;
                self.lose_sockets(device);
                self.input(device, Input::Offline);
                let back = self.now + 1_000 + self.script.below("how long offline", 60_000);
                self.at(back, Event::Back { device });
            }
            let reload = self.strikes("a device reloaded", faults.reload);
            let wipe = self.strikes("a device that forgot everything", faults.wipe);
            if wipe {
                self.forget_all(device);
            }
            if reload || wipe {
                self.lose_sockets(device);
                self.begin(device);
                if !self.devices[device].online {
                    self.input(device, Input::Offline);
                }
            }
        }
    }
}
