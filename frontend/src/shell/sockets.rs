//! One WebSocket for each link that the engine holds.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Map, Reflect};
use tideline_client::{FIRST_HELLO, Input, Link, Mirror};
use tideline_shared::limits::PROTOCOL;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

use crate::browser::{Listener, listen, origin, window};

/// The sockets that are open or being opened.
pub(super) struct Sockets {
    open: RefCell<Vec<Socket>>,
    say: Rc<dyn Fn(Input)>,
}

struct Socket {
    link: Link,
    socket: WebSocket,
    /// Of a socket that the page's script opened and said the first `hello` over: what came since, in
    /// order. Until the engine says that `hello`, the script goes on listening.
    early: Option<Array>,
    /// Dropped with the socket, so that nothing more is heard of it.
    listeners: Vec<Listener>,
}

impl Sockets {
    pub(super) fn new(say: Box<dyn Fn(Input)>) -> Self {
        Self { open: RefCell::default(), say: say.into() }
    }

    pub(super) fn connect(&self, link: Link) {
        // Those that the other side closed are of no use any more.
        self.open.borrow_mut().retain(|held| held.socket.ready_state() != WebSocket::CLOSED);
        let address = address(link);
        let (socket, early) = match early(&address) {
            Some((socket, frames)) => (Ok(socket), Some(frames)),
            None => (WebSocket::new(&address), None),
        };
        let Ok(socket) = socket else { return (self.say)(Input::Closed(link)) };
        let mut listeners = vec![
            self.listen(&socket, "open", link, |link, _| Some(Input::Opened(link))),
            self.listen(&socket, "close", link, |link, _| Some(Input::Closed(link))),
        ];
        if early.is_none() {
            listeners.push(self.listen(&socket, "message", link, heard));
        } else if socket.ready_state() == WebSocket::OPEN {
            (self.say)(Input::Opened(link));
        }
        self.open.borrow_mut().push(Socket { link, socket, early, listeners });
    }

    fn listen(
        &self,
        socket: &WebSocket,
        event: &'static str,
        link: Link,
        input: fn(Link, web_sys::Event) -> Option<Input>,
    ) -> Listener {
        let say = Rc::clone(&self.say);
        listen(socket, event, move |event| {
            if let Some(input) = input(link, event) {
                say(input);
            }
        })
    }

    pub(super) fn send(&self, link: Link, frame: &str) {
        let mut open = self.open.borrow_mut();
        let Some(held) = open.iter_mut().find(|held| held.link == link) else { return };
        let Some(frames) = held.early.take() else {
            // Fails while the socket is not open; its end is told by `close`.
            let _ = held.socket.send_with_str(frame);
            return;
        };
        if frame != FIRST_HELLO {
            // This device has more than the script knew of: it begins anew.
            let _ = held.socket.close();
            return;
        }
        held.socket.set_onmessage(None);
        held.listeners.push(self.listen(&held.socket, "message", link, heard));
        for frame in frames.iter().filter_map(|frame| frame.as_string()) {
            (self.say)(Input::Frame(link, frame));
        }
    }

    pub(super) fn disconnect(&self, link: Link) {
        let mut open = self.open.borrow_mut();
        if let Some(at) = open.iter().position(|held| held.link == link) {
            let _ = open.swap_remove(at).socket.close();
        }
    }

    pub(super) fn close_all(&self) {
        for held in std::mem::take(&mut *self.open.borrow_mut()) {
            let _ = held.socket.close();
        }
    }
}

fn heard(link: Link, event: web_sys::Event) -> Option<Input> {
    let event: MessageEvent = event.unchecked_into();
    event.data().as_string().map(|frame| Input::Frame(link, frame))
}

/// What the page's script opened while the program was on its way (`frontend/boot.js`), unless it is
/// over: the socket, and what came over it so far.
fn early(address: &str) -> Option<(WebSocket, Array)> {
    let all: Map = Reflect::get(&window(), &"tidelineSockets".into()).ok()?.dyn_into().ok()?;
    let key = address.into();
    let early = all.get(&key);
    all.delete(&key);
    let part = |name: &str| Reflect::get(&early, &name.into()).ok();
    let socket: WebSocket = part("socket")?.dyn_into().ok()?;
    let frames = part("frames")?.dyn_into().ok()?;
    (socket.ready_state() <= WebSocket::OPEN).then_some((socket, frames))
}

fn address(link: Link) -> String {
    // `http:` becomes `ws:`, `https:` becomes `wss:`.
    let base = origin().replacen("http", "ws", 1);
    match link.mirror {
        Mirror::Account => format!("{base}/api/account?protocol={PROTOCOL}"),
        Mirror::Conversation(id) => {
            format!("{base}/api/conversations/{id}?protocol={PROTOCOL}")
        }
    }
}
