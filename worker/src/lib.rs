//! The Cloudflare shell around `tideline-server`: it loads, calls the actor or the gateway, stores,
//! sends. It decides nothing.
//!
//! [`entry`] turns HTTP requests into the gateway's; [`object`] is the body that the four Durable
//! Objects share, [`storage`] their database, [`files`] the store of what people upload,
//! [`web`] the pages that they link to, [`push`] the push services of their devices, [`effects`] what objects
//! do after a turn, [`meter`] what is counted of all that.
//!
//! Nothing here may panic: a panic takes down every object that shares the instance. So the
//! bindings that unwrap are avoided in favour of the raw ones that return errors.

mod actors;
mod clock;
mod conformance;
mod effects;
mod entry;
mod files;
mod meter;
mod object;
mod push;
mod random;
mod sockets;
mod storage;
mod web;

use std::rc::Rc;

use tideline_server::account::Account;
use tideline_server::conversation::Conversation;
use tideline_server::deployment::Deployment;
use tideline_server::directory::Directory;
use wasm_bindgen::JsValue;
use worker::js_sys::{JsString, Reflect, global};
use worker::wasm_bindgen_futures::spawn_local;
use worker::{
    Context, DurableObject, Env, Error, Request, Response, Result, Socket, State, WebSocket,
    WebSocketIncomingMessage, durable_object, event,
};

use crate::object::Object;

/// Has every step of a future be a reaction to a promise: the runtime makes a function of its own for each call of
/// `queueMicrotask`, which took a seventh of the time in which people talk.
#[event(start)]
fn start() {
    let name = JsString::from("queueMicrotask");
    // Where it cannot be hidden, steps take longer.
    drop(Reflect::set(&global(), &name, &JsValue::UNDEFINED));
    // The promise is made now, when it belongs to no request.
    spawn_local(async {});
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> Result<Response> {
    entry::handle(request, &env).await
}

/// Declares a class of objects that host an actor, with every handler: the defaults panic.
macro_rules! object {
    ($(#[$doc:meta])* $class:ident hosts $actor:ident) => {
        $(#[$doc])*
        #[durable_object]
        pub struct $class(Rc<Object<$actor>>);

        impl DurableObject for $class {
            fn new(state: State, env: Env) -> Self {
                Self(Object::new(state, env))
            }

            async fn fetch(&self, request: Request) -> Result<Response> {
                self.0.fetch(request).await
            }

            async fn alarm(&self) -> Result<Response> {
                self.0.alarm().await;
                Response::empty()
            }

            async fn websocket_message(
                &self,
                socket: WebSocket,
                message: WebSocketIncomingMessage,
            ) -> Result<()> {
                self.0.message(&socket, &message);
                Ok(())
            }

            async fn websocket_close(
                &self,
                socket: WebSocket,
                code: usize,
                _reason: String,
                _was_clean: bool,
            ) -> Result<()> {
                self.0.closed(&socket, code);
                Ok(())
            }

            async fn websocket_error(&self, socket: WebSocket, _: Error) -> Result<()> {
                self.0.broken(&socket);
                Ok(())
            }

            async fn connect(&self, _: Socket) -> Result<()> {
                Err("this object takes no TCP connections".into())
            }
        }
    };
}

object! {
    /// A person's account.
    AccountObject hosts Account
}
object! {
    /// A conversation.
    ConversationObject hosts Conversation
}
object! {
    /// The deployment as a whole.
    DeploymentObject hosts Deployment
}
object! {
    /// A shard of the directory.
    DirectoryObject hosts Directory
}
