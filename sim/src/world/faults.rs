//! What befalls everybody: the runtime starts again, clocks leap, devices lose the network or their store.

use tideline_client::Input;

use super::{Event, SIXTY_DAYS_MS, World};
use crate::profile::Profile;

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
        self.disturb_clocks(faults);
        for device in 0..self.devices.len() {
            if self.devices[device].online && self.strikes("a device offline", faults.offline) {
                self.go_offline(device, 60_000);
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

    fn disturb_clocks(&mut self, faults: Profile) {
        if self.strikes("a clock that steps back", faults.clock) {
            self.behind += self.script.below("how far back", 4_000);
        }
        if self.strikes("a clock that stands still", faults.clock) {
            let until = self.now + self.script.below("how long it stands", 8_000);
            self.stopped = Some((until, self.service_now()));
        }
        let stands = self.stopped.is_some_and(|(until, _)| self.now < until);
        // Twice would be longer than a session lives that nobody uses.
        if self.leapt == 0 && !stands && self.strikes("sixty days", faults.sixty_days) {
            // Somebody is away meanwhile, while the others write before and after.
            let away = self.script.below("who is away", self.devices.len() as u64) as usize;
            if self.devices[away].online {
                self.go_offline(away, 30_000);
            }
            self.leapt = SIXTY_DAYS_MS;
            // Alarms that were far away are due by now.
            for of in self.service.addresses() {
                if let Some(due) = self.service.alarm_of(of) {
                    self.at(self.loop_time(due), Event::Alarm { of, due });
                }
            }
            // What was uploaded and waits that long to be sent is there no more.
            self.may_be_refused(|one| one.has_file);
        }
    }

    /// A device has no network for a while, of so many milliseconds at most.
    fn go_offline(&mut self, device: usize, most_ms: u64) {
        self.devices[device].online = false;
        self.lose_sockets(device);
        self.input(device, Input::Offline);
        let back = self.now + 1_000 + self.script.below("how long offline", most_ms);
        self.at(back, Event::Back { device });
    }
}
