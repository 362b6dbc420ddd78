//! One WebSocket for each link that the engine holds.

use std::cell::RefCell;
use std::rc::Rc;

use tideline_client::{Input, Link, Mirror};
use tideline_shared::limits::PROTOCOL;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

use crate::browser::{Listener, listen, origin};

/// The sockets that are open or being opened.
pub(super) struct Sockets {
    open: RefCell<Vec<Socket>>,
    say: Rc<dyn Fn(Input)>,
}

struct Socket {
    link: Link,
    socket: WebSocket,
    /// Dropped with the socket, so that nothing more is heard of it.
    _listeners: [Listener; 3],
}

impl Sockets {
    pub(super) fn new(say: Box<dyn Fn(Input)>) -> Self {
        Self { open: RefCell::default(), say: say.into() }
    }

    pub(super) fn connect(&self, link: Link) {
        // Those that the other side closed are of no use any more.
        self.open.borrow_mut().retain(|held| held.socket.ready_state() != WebSocket::CLOSED);
        let Ok(socket) = WebSocket::new(&address(link)) else {
            return (self.say)(Input::Closed(link));
        };
        let on = |event, input: fn(Link, web_sys::Event) -> Option<Input>| {
            let say = Rc::clone(&self.say);
            listen(&socket, event, move |event| {
                if let Some(input) = input(link, event) {
                    say(input);
                }
            })
        };
        let listeners = [
            on("open", |link, _| Some(Input::Opened(link))),
            on("message", |link, event| {
                let event: MessageEvent = event.unchecked_into();
                event.data().as_string().map(|frame| Input::Frame(link, frame))
            }),
            on("close", |link, _| Some(Input::Closed(link))),
        ];
        self.open.borrow_mut().push(Socket { link, socket, _listeners: listeners });
    }

    pub(super) fn send(&self, link: Link, frame: &str) {
        if let Some(held) = self.open.borrow().iter().find(|held| held.link == link) {
            // Fails while the socket is not open; its end is told by `close`.
            let _ = held.socket.send_with_str(frame);
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
