//! A person, a network that fails in every way a network can, and a program that is reloaded at
//! any moment: whatever happens, nothing is lost, doubled or reordered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tideline_client::{Action, Connection, Input, Item, Link, MessageState};
use tideline_shared::protocol::Message;
use tideline_shared::{ConversationId, FileId, MessageId};

use crate::kit::*;
use crate::model::Model;

const STEPS: usize = 500;
/// How many worlds; the variable `SEEDS` asks for more, `SEED` for a single one.
const SEEDS: u64 = 12;

struct World {
    device: Device,
    model: Model,
    seed: u64,
    conversations: Vec<ConversationId>,
    shown: Option<ConversationId>,
    /// Frames on their way to the service. Those of a socket that is gone may still arrive.
    up: BTreeMap<Link, VecDeque<Sent>>,
    down: BTreeMap<Link, VecDeque<String>>,
    /// Sockets over which nothing gets through any more, though nobody says so.
    dead: BTreeSet<Link>,
    written: BTreeMap<ConversationId, Vec<String>>,
    /// Own messages that were shown as sent.
    sent: BTreeSet<MessageId>,
    bens: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let conversations = vec![group(1), group(2)];
        let mut model = Model::new(&conversations);
        for n in 0..seed % 3 * 70 {
            model.say(conversations[0], ben(), MessageId::new(n, [3; 10]), &format!("before {n}"));
        }
        model.tell(conversations[0]);
        let mut device = Device::new();
        device.seed = seed;
        device.watched = seed.is_multiple_of(8);
        Self {
            device,
            model,
            seed: seed.wrapping_mul(0x9e37_79b9),
            conversations,
            shown: None,
            up: BTreeMap::new(),
            down: BTreeMap::new(),
            dead: BTreeSet::new(),
            written: BTreeMap::new(),
            sent: BTreeSet::new(),
            bens: 0,
        }
    }

    /// A number below `n`.
    fn draw(&mut self, n: u64) -> u64 {
        let mut bytes = [0; 4];
        fill(&mut self.seed, &mut bytes);
        u64::from(u32::from_le_bytes(bytes)) % n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let n = self.draw(of.len().max(1) as u64) as usize;
        of.get(n).copied()
    }

    fn any_conversation(&mut self) -> ConversationId {
        let all = self.conversations.clone();
        self.pick(&all).expect("there are some")
    }

    fn step(&mut self) {
        match self.draw(40) {
            0..=9 => self.deliver_down(),
            10..=17 => self.deliver_up(),
            18..=20 => self.connect(),
            21..=24 => self.write(),
            25..=26 => self.ben_writes(),
            27 => {
                let (id, nth) = (self.any_conversation(), self.draw(30) as usize);
                self.model.edit(id, nth);
            }
            28..=29 => {
                let id = self.any_conversation();
                self.model.tell(id);
            }
            30 => self.cut(),
            31 => self.model.busy = true,
            32..=33 => {
                let ms = [10, 300, 2_000, 40_000][self.draw(4) as usize];
                self.device.wait(ms);
            }
            34 => self.network(),
            35 => self.show(),
            36..=38 => self.look(),
            _ if self.draw(4) == 0 => self.reload(),
            _ => self.upload(),
        }
        self.collect();
        self.check();
    }

    /// Takes what both sides sent onto the network.
    fn collect(&mut self) {
        for link in self.device.open.clone() {
            let sent = self.device.sent(link);
            self.up.entry(link).or_default().extend(sent);
        }
        for (link, frame) in std::mem::take(&mut self.model.down) {
            self.down.entry(link).or_default().push_back(frame);
        }
        let open: BTreeSet<Link> = self.device.open.iter().copied().collect();
        let gone: Vec<Link> =
            self.down.keys().filter(|link| !open.contains(link)).copied().collect();
        for link in gone {
            self.down.remove(&link);
            self.model.forget(link);
        }
        self.dead.retain(|link| open.contains(link));
    }

    fn deliver_down(&mut self) {
        let links: Vec<Link> = self.down.keys().copied().collect();
        let Some(link) = self.pick(&links) else { return };
        let some = self.draw(6);
        for _ in 0..=some {
            let frame = self.down.get_mut(&link).and_then(VecDeque::pop_front);
            if let Some(frame) = frame.filter(|_| !self.dead.contains(&link))
                && self.device.open.contains(&link)
            {
                self.device.hear_text(link, &frame);
                self.check();
            }
        }
    }

    fn deliver_up(&mut self) {
        let links: Vec<Link> = self.up.keys().copied().collect();
        let Some(link) = self.pick(&links) else { return };
        let frame = self.up.get_mut(&link).and_then(VecDeque::pop_front);
        if self.up.get(&link).is_some_and(VecDeque::is_empty) && !self.device.open.contains(&link) {
            self.up.remove(&link);
        }
        if let Some(frame) = frame.filter(|_| !self.dead.contains(&link)) {
            self.model.handle(link, frame);
        }
    }

    fn connect(&mut self) {
        let attempts = self.device.connecting.clone();
        let Some(link) = self.pick(&attempts) else { return };
        if self.draw(5) == 0 {
            self.device.close(link);
        } else {
            self.up.remove(&link);
            self.device.accept(link.mirror);
        }
    }

    fn cut(&mut self) {
        let open = self.device.open.clone();
        let Some(link) = self.pick(&open) else { return };
        match self.draw(3) {
            // The service never got what was on its way…
            0 => {
                self.up.remove(&link);
                self.device.close(link);
            }
            // …or gets it later…
            1 => self.device.close(link),
            // …or nobody notices that the line is dead.
            _ => {
                self.dead.insert(link);
            }
        }
    }

    fn network(&mut self) {
        self.device.input(Input::Offline);
        self.collect();
        if self.draw(2) == 0 {
            self.write();
        }
        self.device.wait(700);
        self.device.input(Input::Online);
    }

    fn write(&mut self) {
        let id = self.any_conversation();
        let written = self.written.entry(id).or_default();
        let text = format!("own {}", written.len());
        written.push(text.clone());
        if self.draw(4) > 0 {
            return self.device.write_message(id, &text);
        }
        let mut name = [0; 10];
        fill(&mut self.seed, &mut name);
        let file = FileId::new(NOW, name);
        let file = serde_json::json!({"id": file, "name": "tide.txt"});
        let files = vec![serde_json::from_value(file).expect("a file")];
        self.device.act(Action::Send { conversation: id, text, reply_to: None, files });
    }

    /// One of the files that messages wait for arrives.
    fn upload(&mut self) {
        let missing: Vec<_> =
            self.device.engine.uploads().into_iter().map(|upload| upload.file.id).collect();
        if let Some(file) = self.pick(&missing) {
            self.device.act(Action::Uploaded(file));
        }
    }

    fn ben_writes(&mut self) {
        let id = self.any_conversation();
        for _ in 0..[1, 1, 1, 60][self.draw(4) as usize] {
            self.bens += 1;
            let text = format!("ben {}", self.bens);
            self.model.say(id, ben(), MessageId::new(self.bens, [4; 10]), &text);
        }
    }

    fn show(&mut self) {
        self.shown = (self.draw(5) > 0).then(|| self.any_conversation());
        self.device.act(Action::Show(self.shown));
    }

    fn look(&mut self) {
        let action = match self.draw(6) {
            0 | 1 => Action::Older,
            2 => Action::Newer,
            3 => Action::Newest,
            _ => Action::AtEnd(self.draw(3) > 0),
        };
        self.device.act(action);
        let visible = self.draw(4) > 0;
        self.device.input(Input::Visible(visible));
    }

    fn reload(&mut self) {
        for link in self.device.open.clone() {
            self.model.forget(link);
        }
        // Attempts are counted anew: what the old sockets had on their way arrives now or never.
        for (link, frames) in std::mem::take(&mut self.up) {
            if self.draw(2) == 0 && !self.dead.contains(&link) {
                frames.into_iter().for_each(|frame| self.model.handle(link, frame));
                self.model.forget(link);
            }
        }
        self.model.down.clear();
        self.down.clear();
        self.dead.clear();
        self.device = self.device.reload();
        if self.draw(2) == 0 {
            self.device.act(Action::Show(self.shown));
        } else {
            self.shown = None;
        }
    }

    /// What must hold at every moment.
    fn check(&mut self) {
        let timeline = self.device.engine.timeline();
        assert!(timeline.rows.len() <= 200);
        let (mut keys, mut last) = (BTreeSet::new(), None);
        let mut own = BTreeSet::new();
        for row in &timeline.rows {
            assert!(keys.insert(&row.key), "{} twice", row.key);
            let Item::Message { id, seq, text, state, own: mine, .. } = &row.item else { continue };
            if *mine {
                own.extend(text.clone());
                match state {
                    MessageState::Sent | MessageState::Delivered | MessageState::Read => {
                        self.sent.insert(*id);
                    }
                    MessageState::Sending => {
                        assert!(!self.sent.contains(id), "{text:?} was sent and is not any more");
                    }
                    MessageState::Failed(code) => panic!("{text:?} failed: {code:?}"),
                }
            }
            if let (Some(last), Some(seq)) = (last, *seq) {
                // Over a hole there is only what was just acknowledged.
                let joins = seq == last + 1;
                assert!(joins || (seq > last && self.is_in_outbox(*id)), "{seq} after {last}");
            }
            assert!(seq.is_some() || *state == MessageState::Sending);
            last = seq.or(last);
        }
        let Some(shown) = self.shown else { return };
        let room = timeline.at_end && timeline.rows.len() < 150;
        for text in self.written.get(&shown).into_iter().flatten() {
            if !self.model.arrived.contains(&(shown, text.clone())) {
                assert!(self.waits(shown, text), "{text} is nowhere");
                assert!(!room || own.contains(text), "{text} is not shown");
            }
        }
    }

    fn outbox(&self) -> impl Iterator<Item = (&String, &String)> {
        let rows = self.device.store.range("outbox/".to_owned()..);
        rows.take_while(|(key, _)| key.starts_with("outbox/"))
    }

    fn is_in_outbox(&self, id: MessageId) -> bool {
        self.outbox().any(|(key, _)| key.ends_with(&id.to_string()))
    }

    fn waits(&self, id: ConversationId, text: &str) -> bool {
        let (id, text) = (id.to_string(), format!("\"{text}\""));
        self.outbox().any(|(_, value)| value.contains(&id) && value.contains(&text))
    }

    /// No more faults: everything is delivered until nothing happens any more.
    fn calm(&mut self) {
        self.dead.iter().copied().collect::<Vec<_>>().into_iter().for_each(|link| {
            self.device.close(link);
        });
        self.dead.clear();
        self.model.busy = false;
        for _ in 0..400 {
            if self.calm_round() {
                return;
            }
            self.device.wait(250);
        }
        panic!("does not come to rest: {:?}", self.device.engine.connection());
    }

    /// Delivers everything; whether nothing is left to be done.
    fn calm_round(&mut self) -> bool {
        self.upload();
        self.collect();
        for id in self.conversations.clone() {
            self.model.tell(id);
        }
        while let Some(&link) = self.device.connecting.first() {
            self.up.remove(&link);
            self.device.accept(link.mirror);
        }
        self.collect();
        let mut rest = true;
        for (link, frames) in std::mem::take(&mut self.up) {
            for frame in frames {
                rest = false;
                self.model.handle(link, frame);
            }
        }
        self.collect();
        for (link, frames) in std::mem::take(&mut self.down) {
            for frame in frames {
                rest = false;
                if self.device.open.contains(&link) {
                    self.device.hear_text(link, &frame);
                }
            }
        }
        self.check();
        let timeline = self.device.engine.timeline();
        let loads = timeline.loading_older || timeline.loading_newer;
        rest && self.device.engine.uploads().is_empty()
            && self.device.engine.connection() == Connection::Online
            && !loads
            && (self.shown.is_none() || !timeline.loading)
            && self.outbox().next().is_none()
    }

    /// The whole history, as somebody reads it who scrolls up to the start.
    fn read_all(&mut self, id: ConversationId) -> Vec<(u64, MessageId, Option<String>)> {
        self.shown = Some(id);
        self.device.act(Action::Show(Some(id)));
        self.calm();
        let mut all = BTreeMap::new();
        loop {
            let timeline = self.device.engine.timeline();
            for row in &timeline.rows {
                let Item::Message { id, seq, text, state, .. } = &row.item else { continue };
                assert_eq!(*state, MessageState::Sent);
                all.insert(seq.expect("sent"), (*id, text.clone()));
            }
            if timeline.at_start {
                break;
            }
            self.device.act(Action::Older);
            self.calm();
        }
        all.into_iter().map(|(seq, (id, text))| (seq, id, text)).collect()
    }

    fn finish(&mut self) {
        self.device.act(Action::AtEnd(true));
        self.calm();
        assert_eq!(self.device.stored("outbox/"), Vec::<&str>::new());
        for item in self.device.engine.inbox().expect("an inbox") {
            let entry = &self.model.entries[&item.conversation];
            let preview = item.preview.map(|preview| preview.text);
            assert_eq!(item.unread, entry.unread);
            assert_eq!(preview, entry.preview.as_ref().map(|preview| preview.text.clone()));
        }
        for id in self.conversations.clone() {
            let messages = self.model.talks[&id].messages.clone();
            let own = messages.iter().filter(|message| message.author == ana());
            let own: Vec<_> = own.filter_map(Message::words).collect();
            let written = self.written.get(&id).cloned().unwrap_or_default();
            assert_eq!(own, written, "each once, in the order of writing");
            let expected: Vec<_> = messages.into_iter().map(|m| (m.seq, m.id, m.words())).collect();
            assert_eq!(self.read_all(id), expected);
        }
    }
}

trait Words {
    fn words(&self) -> Option<String>;
}

impl Words for Message {
    fn words(&self) -> Option<String> {
        self.body.text().map(str::to_owned)
    }
}

#[test]
fn whatever_happens_every_message_arrives_once_and_in_order() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = number("SEED").map_or(0..number("SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    for seed in seeds {
        let run = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            world.collect();
            for _ in 0..STEPS {
                world.step();
            }
            world.finish();
        });
        if let Err(panic) = run {
            println!("SEED={seed} shows it");
            std::panic::resume_unwind(panic);
        }
    }
}
