//! What an object does after a turn, in the order in which the actor asked for it.

use std::rc::Rc;
use std::time::Duration;

use tideline_server::{Actor, CallId, ERASED, Effect, Outcome, Unreachable};
use tideline_shared::Timestamp;
use worker::js_sys::JsString;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Delay, WebSocket, console_error};

use crate::object::Object;
use crate::storage::message;
use crate::{actors, clock, files, push, sockets, web};

/// How long the store may take to erase a file, in milliseconds: a call that never ended would keep its place
/// for good.
const ERASE_MS: u64 = 30_000;

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
                Effect::Call { id, to, body } => {
                    self.meter.count(|tally| tally.calls_out += 1);
                    self.do_outside(id, |object| async move {
                        actors::call(&object.env, to, &body).await
                    });
                }
                Effect::Erase { id, keys } => self.do_outside(id, |object| async move {
                    let erased = async {
                        let erased = files::erase(&object.env, keys).await;
                        erased.map_err(|error| Unreachable(error.to_string()))
                    };
                    web::within(ERASE_MS, erased).await.map(|()| ERASED.to_owned())
                }),
                Effect::Look { id, url } => {
                    self.do_outside(id, |object| async move { web::look(&object.env, &url).await })
                }
                Effect::Notify { id, dispatch } => {
                    self.do_outside(
                        id,
                        |object| async move { push::send(&object.env, &dispatch).await },
                    )
                }
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

    /// Has something done in the background. Its answer is a turn of its own, whose effects become
    /// tasks of their own, so a long exchange nests nothing.
    fn do_outside<D>(self: &Rc<Self>, id: CallId, deed: impl FnOnce(Rc<Self>) -> D)
    where
        D: Future<Output = Result<String, Unreachable>> + 'static,
    {
        let object = Rc::clone(self);
        let deed = deed(Rc::clone(self));
        self.state.wait_until(async move {
            let answer = deed.await;
            let outcome = object.turn(|host, env| host.returned(env, id, answer));
            object.carry_out(outcome, None);
        });
    }

    /// Sets a timer, unless one goes off early enough: the actor asks again after every turn. One that goes off later than
    /// this does nothing then, or each would be set anew by its turn, and they would become more and more.
    fn wake_soon(self: &Rc<Self>, ms: u64) {
        let at = clock::now().after(ms);
        if self.timer.get().is_some_and(|set_for| set_for <= at) {
            return;
        }
        self.timer.set(Some(at));
        let object = Rc::clone(self);
        self.state.wait_until(async move {
            Delay::from(Duration::from_millis(ms)).await;
            if object.timer.get() == Some(at) {
                object.timer.set(None);
                object.wake();
            }
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
