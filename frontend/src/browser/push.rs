//! Web Push: the browser's subscription to notices, which come while no page is open.

use js_sys::{Object, Promise, Reflect};
use tideline_shared::protocol::Subscription;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{PushManager, PushSubscription, PushSubscriptionOptionsInit};

use super::alert::registration;

/// Subscribes this browser, to notices that `key` signs; none where it cannot. What it subscribed to with
/// another key, for another account, ends.
pub(crate) async fn subscribe(key: &str, words: bool) -> Option<Subscription> {
    let manager = manager().await?;
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key(&key.into());
    let subscribe = async || wait(manager.subscribe_with_options(&options).ok()?).await;
    let subscription = match subscribe().await {
        Some(subscription) => subscription,
        None => {
            unsubscribe().await;
            subscribe().await?
        }
    };
    read(subscription.unchecked_ref(), words)
}

/// Ends this browser's subscription.
pub(crate) async fn unsubscribe() {
    let Some(manager) = manager().await else { return };
    let Ok(asked) = manager.get_subscription() else { return };
    if let Some(subscription) = wait(asked).await
        && let Ok(ended) = subscription.unchecked_into::<PushSubscription>().unsubscribe()
    {
        // What is not ended here is ended at the service.
        let _ = JsFuture::from(ended).await;
    }
}

async fn manager() -> Option<PushManager> {
    let registration = registration().await?;
    // Absent in some browsers.
    let manager: JsValue = Reflect::get(&registration, &"pushManager".into()).ok()?;
    manager.dyn_into().ok()
}

/// What a promise brings, if that is something.
async fn wait<T: JsCast>(promise: Promise<T>) -> Option<Object> {
    let brought: JsValue = JsFuture::from(promise.unchecked_into::<Promise>()).await.ok()?;
    brought.dyn_into().ok()
}

fn read(subscription: &PushSubscription, words: bool) -> Option<Subscription> {
    let json: JsValue = subscription.to_json().ok()?.into();
    let text = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok()?.as_string();
    let keys = Reflect::get(&json, &"keys".into()).ok()?;
    Some(Subscription {
        endpoint: text(&json, "endpoint")?,
        key: text(&keys, "p256dh")?,
        secret: text(&keys, "auth")?,
        words,
    })
}
