//! What an object does after a turn, in the order in which the actor asked for it.

use std::rc::Rc;
use std::time::Duration;

use tideline_server::notice::Dispatch;
use tideline_server::{Actor, Address, CallId, ERASED, Effect, Outcome, Unreachable};
use tideline_shared::Timestamp;
use worker::js_sys::JsString;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Delay, WebSocket, console_error};

use crate::object::Object;
use crate::storage::message;
use crate::{actors, clock, files, push, sockets, web};

impl<A: Actor + 'static> Object<A> {
    /// Carries out what a turn came to. Must follow the turn without an await between: then the
    /// alarm commits with what the turn wrote, and no frame leaves before that commit.
    pub(crate) fn carry_out(self: &Rc<Self>, outcome: Outcome, caller: Option<&WebSocket>) {
        for fault in outcome.faults {
            console_error!("{}: {fault}", std::any::type_name::<A>());
        }
        for effect in outcome.effects {
            match effect {
                Effect::Push { to, frame } => {
                    let text = JsString::from(&*frame);
                    self.each(&to, caller, frame.len(), |socket| sockets::send(socket, &text));
                }
                Effect::GoLive => self.go_live(caller),
                Effect::Close { to, code } => {
                    self.each(&to, caller, 0, |socket| sockets::end(socket, code));
                }
                Effect::Call { id, to, body } => self.call_out(id, to, body),
                Effect::Erase { id, keys } => self.erase(id, keys),
                Effect::Look { id, url } => self.look(id, url),
                Effect::Notify { id, dispatch } => self.notify(id, dispatch),
                Effect::WakeSoon(ms) => self.wake_soon(ms),
                Effect::WakeAt(at) => self.wake_at(at),
            }
        }
    }

    fn go_live(&self, caller: Option<&WebSocket>) {
        let Some(socket) = caller else { return };
        let Some(mut peer) = sockets::peer(socket) else { return };
        if peer.live {
            return;
        }
        peer.live = true;
        match socket.serialize_attachment(&peer) {
            Ok(()) => self.live.add(&self.state, socket),
            Err(error) => console_error!("a socket cannot go live: {error}"),
        }
    }

    /// Calls another actor in the background. Its answer is a turn of its own, whose calls become
    /// tasks of their own, so a long exchange nests nothing.
    fn call_out(self: &Rc<Self>, id: CallId, to: Address, body: Rc<str>) {
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            let answer = actors::call(&object.env, to, &body).await;
            let outcome = object.turn(|host, env| host.returned(env, id, answer));
            object.carry_out(outcome, None);
        });
    }

    /// Takes files out of their store in the background; the rest as in [`Self::call_out`].
    fn erase(self: &Rc<Self>, id: CallId, keys: Vec<String>) {
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            let erased = files::erase(&object.env, keys).await;
            let answer = erased.map(|()| ERASED.to_owned());
            let answer = answer.map_err(|error| Unreachable(error.to_string()));
            let outcome = object.turn(|host, env| host.returned(env, id, answer));
            object.carry_out(outcome, None);
        });
    }

    /// Looks at a page in the background; the rest as in [`Self::call_out`].
    fn look(self: &Rc<Self>, id: CallId, url: String) {
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            let answer = web::look(&object.env, &url).await;
            let outcome = object.turn(|host, env| host.returned(env, id, answer));
            object.carry_out(outcome, None);
        });
    }

    /// Tells a device something in the background; the rest as in [`Self::call_out`].
    fn notify(self: &Rc<Self>, id: CallId, dispatch: Box<Dispatch>) {
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            let answer = push::send(&object.env, &dispatch).await;
            let outcome = object.turn(|host, env| host.returned(env, id, answer));
            object.carry_out(outcome, None);
        });
    }

    /// Sets a timer, unless one goes off early enough: the actor asks again after every turn.
    fn wake_soon(self: &Rc<Self>, ms: u64) {
        let at = clock::now().after(ms);
        if self.timer.get().is_some_and(|set_for| set_for <= at) {
            return;
        }
        self.timer.set(Some(at));
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            Delay::from(Duration::from_millis(ms)).await;
            object.timer.set(None);
            object.wake();
        });
    }

    fn wake_at(&self, at: Timestamp) {
        match self.storage.set_alarm(at) {
            Ok(done) => self.state.wait_until(async move {
                if let Err(error) = JsFuture::from(done).await {
                    console_error!("the alarm was not stored: {}", message(&error));
                }
            }),
            Err(error) => console_error!("the alarm was not set: {}", message(&error)),
        }
    }
}
