//! A device without an engine: two bare sockets, of a conversation and of the own account, whose frames are
//! looked at and not kept.
//!
//! On a small machine a hundred engines cost more than the service that they talk to; a reader costs next to
//! nothing. It still checks what it hears: versions and seqs without gaps, every message once.

use std::sync::Arc;

use tideline_bench::{Account, Heard, Socket};
use tideline_shared::ConversationId;
use tideline_shared::limits::{PING, PONG};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::books::Books;
use crate::people::call;
use crate::report::Faults;
use crate::taken::{number, text};

/// A device says after so many frames that it is there; to one that never does, the service sends no more
/// than some megabytes.
const HEARTBEAT: usize = 1_000;

/// A reader at work.
pub(crate) struct Reader {
    orders: mpsc::UnboundedSender<usize>,
    task: JoinHandle<Notes>,
}

/// What a reader heard, by the clock of the [`Books`].
#[derive(Default)]
pub(crate) struct Notes {
    /// Message and time.
    pub(crate) heard: Vec<(usize, u64)>,
    /// Own message, its seq and the time of its acknowledgement.
    pub(crate) acknowledged: Vec<(usize, u64, u64)>,
    /// The newest seq that the account told of, and when.
    pub(crate) told: Vec<(u64, u64)>,
    pub(crate) faults: Faults,
}

/// What a reader keeps in mind.
struct Place {
    /// Which reader of the books it is.
    number: usize,
    books: Arc<Books>,
    notes: Notes,
    version: u64,
    seq: u64,
    account_version: u64,
    told_seq: u64,
}

impl Reader {
    /// Opens the own account, and the conversation where it looks at one, and waits until both are in step.
    pub(crate) async fn open(
        account: &Account,
        looks_at: Option<ConversationId>,
        number: usize,
        books: Arc<Books>,
    ) -> Self {
        let (list, version) = in_step(account, "/api/account").await;
        let mut place = Place::new(number, books);
        place.account_version = version;
        let mut talk = None;
        if let Some(conversation) = looks_at {
            let path = format!("/api/conversations/{conversation}");
            let (socket, version) = in_step(account, &path).await;
            place.version = version;
            talk = Some(socket);
        }
        let (orders, inbox) = mpsc::unbounded_channel();
        Self { orders, task: tokio::spawn(place.read(list, talk, inbox)) }
    }

    /// Says the message number `n`.
    pub(crate) fn say(&self, n: usize) {
        // Whoever does not take it any more lacks it in the end.
        let _ = self.orders.send(n);
    }

    /// Closes both sockets.
    pub(crate) async fn close(self) -> Notes {
        drop(self.orders);
        self.task.await.expect("a reader does not panic")
    }
}

/// Opens a mirror that knows nothing, and reads it to the end; its version then.
pub(crate) async fn in_step(account: &Account, path: &str) -> (Socket, u64) {
    let mut socket = Socket::open(&account.api, path).await.expect("opens");
    assert!(socket.say(r#"{"type":"hello"}"#).await, "a new socket takes a frame");
    loop {
        let Heard::Text(frame) = socket.hear().await else { panic!("{path} ends") };
        if frame.ends_with(r#""done":true}"#) {
            let version = after(&frame, r#""cursor":"#).expect("a page has a cursor");
            return (socket, version);
        }
    }
}

impl Place {
    fn new(number: usize, books: Arc<Books>) -> Self {
        let notes = Notes::default();
        Self { number, books, notes, version: 0, seq: 0, account_version: 0, told_seq: 0 }
    }

    async fn read(
        mut self,
        mut list: Socket,
        mut talk: Option<Socket>,
        mut orders: mpsc::UnboundedReceiver<usize>,
    ) -> Notes {
        let mut frames = 0;
        loop {
            tokio::select! {
                order = orders.recv() => match (order, &mut talk) {
                    (Some(n), Some(talk)) => drop(talk.say(call(n, text(n))).await),
                    _ => break,
                },
                heard = list.hear() => match heard {
                    Heard::Text(frame) => self.told(&frame),
                    _ => break,
                },
                heard = hear(&mut talk) => match (heard, &mut talk) {
                    (Heard::Text(frame), Some(talk)) => {
                        frames += 1;
                        if frames % HEARTBEAT == 0 {
                            talk.say(PING).await;
                        }
                        self.hear(&frame);
                    }
                    _ => break,
                },
            }
        }
        list.close().await;
        if let Some(talk) = talk {
            talk.close().await;
        }
        self.notes
    }

    /// A frame of the conversation.
    fn hear(&mut self, frame: &str) {
        if frame.starts_with(r#"{"type":"change""#) {
            let version = after(frame, r#""version":"#).unwrap_or_default();
            self.follows(version);
            if let (Some(seq), Some(n)) = (after(frame, r#""seq":"#), said(frame)) {
                self.message(seq, n);
            }
        } else if frame.starts_with(r#"{"type":"reply""#) {
            let own = after(frame, r#""ref":"#).zip(after(frame, r#""seq":"#));
            if let Some((n, seq)) = own {
                self.notes.acknowledged.push((n as usize, seq, self.books.now()));
            }
        } else if frame.starts_with(r#"{"type":"rejected""#) {
            panic!("refused: {frame}");
        } else if frame != PONG && !frame.starts_with(r#"{"type":"signal""#) {
            // A page that nobody asked for, or the end.
            self.notes.faults.out_of_order += 1;
        }
    }

    fn follows(&mut self, version: u64) {
        if version != self.version + 1 {
            self.notes.faults.out_of_order += 1;
        }
        self.version = version;
    }

    fn message(&mut self, seq: u64, n: usize) {
        if seq <= self.seq {
            self.notes.faults.doubled += 1;
            return;
        }
        if self.seq > 0 && seq != self.seq + 1 {
            self.notes.faults.out_of_order += 1;
        }
        self.seq = seq;
        self.notes.heard.push((n, self.books.now()));
        self.books.heard(n);
    }

    /// A frame of the account.
    fn told(&mut self, frame: &str) {
        if !frame.starts_with(r#"{"type":"change""#) {
            return;
        }
        let version = after(frame, r#""version":"#).unwrap_or_default();
        if version != self.account_version + 1 {
            self.notes.faults.out_of_order += 1;
        }
        self.account_version = version;
        let Some(seq) = after(frame, r#""last_seq":"#) else { return };
        if seq > self.told_seq {
            self.told_seq = seq;
            self.notes.told.push((seq, self.books.now()));
            self.books.told(self.number, seq);
        }
    }
}

/// What comes next; never anything where there is no socket.
async fn hear(socket: &mut Option<Socket>) -> Heard {
    match socket {
        Some(socket) => socket.hear().await,
        None => std::future::pending().await,
    }
}

/// The number behind the first `key`.
fn after(frame: &str, key: &str) -> Option<u64> {
    let (_, rest) = frame.split_once(key)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Which message is in a frame.
fn said(frame: &str) -> Option<usize> {
    number(frame.split_once(r#""text":""#)?.1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(version: u64, seq: u64, n: usize) -> String {
        let row = json!({ "seq": seq, "version": version, "body": { "text": text(n) } });
        // As the service writes it: the type first, then the version.
        format!(r#"{{"type":"change","version":{version},"rows":[{row}]}}"#)
    }

    #[test]
    fn a_reader_takes_each_message_once_and_in_order() {
        let books = Arc::new(Books::new(0..4, 1, 1));
        let mut place = Place::new(0, books);
        place.version = 7;
        place.hear(&change(8, 1, 0));
        place.hear(&change(9, 2, 1));
        assert_eq!(place.notes.faults, Faults::default());
        place.hear(&change(10, 2, 1));
        assert_eq!(place.notes.faults.doubled, 1);
        place.hear(&change(12, 4, 3));
        assert_eq!(place.notes.faults.out_of_order, 2, "a version and a seq are missing");
        assert_eq!(place.notes.heard.len(), 3);
    }
}
