//! Links that let so many people into the group, and for so long: nobody comes in beyond that.

use serde_json::json;
use tideline_server::Address;

use super::{World, path};

/// A link, as whoever made it knows it.
pub(super) struct Link {
    token: String,
    expires_at: u64,
    most: u64,
    /// How many it let in, as far as they heard.
    came: u64,
}

impl World {
    /// Somebody makes a link that is soon over, and guests follow it, or an older one.
    pub(super) fn link(&mut self, device: usize, chance: u64) {
        let cookie = self.devices[device].cookie.clone();
        let (most, lifetime_s) = (1 + chance % 2, 1 + (chance >> 8) % 20);
        let command = json!({"type": "create_invite", "lifetime_s": lifetime_s, "max_uses": most});
        let invite = self.post(&cookie, &path(self.group), &command);
        if let (Some(token), Some(expires_at)) =
            (invite["token"].as_str(), invite["expires_at"].as_u64())
        {
            self.links.push(Link { token: token.to_owned(), expires_at, most, came: 0 });
        }
        let followed = [self.links.len().saturating_sub(1), (chance >> 16) as usize];
        for which in followed {
            (0..2).for_each(|_| self.follow(which));
        }
    }

    fn follow(&mut self, which: usize) {
        if self.links.is_empty() {
            return;
        }
        let which = which % self.links.len();
        self.written += 1;
        let name = format!("guest{}", self.written);
        let token = &self.links[which].token;
        let command = json!({"type": "join_as_guest", "token": token, "display_name": name});
        let now = self.service_now();
        let (_, answer, _) = self.service.post(None, "/api/invites", &command.to_string());
        self.take_asked();
        if !answer.contains(r#""type":"joined_as_guest""#) {
            return;
        }
        let link = &mut self.links[which];
        link.came += 1;
        let Link { expires_at, most, came, .. } = *link;
        if now >= expires_at || came > most {
            self.violate(format!("{name} is {came} of {most} at {now}, until {expires_at}"));
        }
    }

    /// Once the faults have stopped: every link let in as many as came, and no more than it may.
    pub(super) fn check_links(&mut self) {
        let mut wrong = None;
        for Link { token, most, came, .. } in &self.links {
            let query = format!("SELECT uses, max_uses FROM invites WHERE token = '{token}'");
            let rows = self.service.rows(Address::Conversation(self.group), &query);
            let row = rows.first().map(|row| (row.number(0), row.maybe_number(1)));
            let holds = |(uses, max)| matches!((uses, max), (Ok(uses), Ok(Some(max))) if max == *most && (*came..=max).contains(&uses));
            if !row.clone().is_some_and(holds) {
                wrong = Some(format!("{came} came by a link for {most}, which has {row:?}"));
            }
        }
        if let Some(wrong) = wrong {
            self.violate(wrong);
        }
    }
}
