//! Telling a person of something while they look elsewhere: the system's notifications, and a sound.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, Notification, NotificationOptions, NotificationPermission,
    ServiceWorkerContainer, ServiceWorkerRegistration,
};

use super::{document, window};

/// The tones of the sound in hertz, and how long each takes in seconds.
const TONES: [f32; 2] = [659.3, 987.8];
const TONE_S: f64 = 0.09;
/// How loud it begins, of 1.
const VOLUME: f32 = 0.12;

/// Whether the person looks at this page.
#[must_use]
pub(crate) fn is_looked_at() -> bool {
    !document().hidden() && document().has_focus().unwrap_or(true)
}

/// Whether the system shows what this page tells; none where it cannot, or was told not to.
#[must_use]
pub(crate) fn may_notify() -> Option<bool> {
    // Absent on plain addresses and on some phones.
    if !Reflect::has(&window(), &"Notification".into()).unwrap_or(false) {
        return None;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Some(true),
        NotificationPermission::Denied => None,
        _ => Some(false),
    }
}

/// Has the browser ask the person; whether they agreed.
pub(crate) async fn ask_to_notify() -> bool {
    if may_notify().is_none() {
        return false;
    }
    if let Ok(asked) = Notification::request_permission() {
        // The answer is looked up below.
        let _ = JsFuture::from(asked).await;
    }
    may_notify() == Some(true)
}

/// Shows a notification, in place of an earlier one with this path; a click on it goes there.
pub(crate) async fn notify(title: &str, text: &str, path: &str) {
    let options = NotificationOptions::new();
    options.set_body(text);
    options.set_tag(path);
    options.set_icon("/icon-192.png");
    // There is a sound of our own, which can be turned off.
    options.set_silent(Some(true));
    options.set_data(&path.into());
    match registration().await {
        // Fails where the person has just taken the permission back.
        Some(registration) => {
            if let Ok(shown) = registration.show_notification_with_options(title, &options) {
                let _ = JsFuture::from(shown).await;
            }
        }
        None => drop(Notification::new_with_options(title, &options)),
    }
}

/// What keeps the app on the device, where something does: it takes the click when this page is gone.
pub(super) async fn registration() -> Option<ServiceWorkerRegistration> {
    let found: Promise<Object> = container()?.get_registration().unchecked_into();
    let found: JsValue = JsFuture::from(found).await.ok()?.into();
    found.dyn_into().ok()
}

/// Tells what keeps the app on the device the words of its notices: JSON, as `frontend/sw.js` reads it.
pub(crate) async fn teach_words(words: &str) {
    // Where nothing keeps it, this waits for good.
    let Some(ready) = container().and_then(|container| container.ready().ok()) else { return };
    let Ok(ready) = JsFuture::from(ready).await else { return };
    if let Some(worker) = ready.unchecked_into::<ServiceWorkerRegistration>().active() {
        // Fails for what cannot be copied: a text can.
        let _ = worker.post_message(&words.into());
    }
}

/// Absent on plain addresses.
fn container() -> Option<ServiceWorkerContainer> {
    Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?.dyn_into().ok()
}

/// Plays the sound. A page that nobody has touched yet has no voice.
pub(crate) fn chime() {
    // Each step fails only for a context that is closed.
    let _ = play();
}

fn play() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let begin = context.current_time();
    for (tone, at) in TONES.into_iter().zip([begin, begin + TONE_S]) {
        let (voice, volume) = (context.create_oscillator()?, context.create_gain()?);
        voice.frequency().set_value(tone);
        volume.gain().set_value_at_time(VOLUME, at)?;
        volume.gain().exponential_ramp_to_value_at_time(0.001, at + 2.0 * TONE_S)?;
        voice.connect_with_audio_node(&volume)?.connect_with_audio_node(&context.destination())?;
        voice.start_with_when(at)?;
        voice.stop_with_when(at + 2.0 * TONE_S)?;
    }
    Ok(())
}
