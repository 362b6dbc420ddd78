//! Recording a voice message: what is heard is drawn as it comes, and sent or thrown away at the end.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use tideline_client::Action;
use tideline_shared::limits;
use tideline_shared::protocol::File;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, Blob, BlobEvent, BlobPropertyBag, MediaRecorder, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

use super::kept::{self, Kept};
use super::prepare::plain;
use super::{Bytes, clock, uploads};
use crate::browser::{Listener, Ticker, listen, now, window};
use crate::kit::icon::{SEND, TRASH, icon};
use crate::kit::{News, State, pressed, said, toast};
use crate::screens::conversation::Talk;
use crate::shell::Device;

/// How often it is looked how loud it is, in milliseconds.
const LOOK_MS: u64 = 100;
/// Of so many samples: more than come until it is looked again, so that nothing between is missed.
const SAMPLES: usize = 8_192;
/// A recording ends by itself after so long, in milliseconds: 15 minutes.
const LONGEST_MS: u64 = 15 * 60 * 1_000;

/// What is being recorded.
struct Recording {
    stream: MediaStream,
    recorder: MediaRecorder,
    audio: AudioContext,
    began: u64,
    chunks: Rc<RefCell<Vec<Blob>>>,
    _listener: Listener,
}

impl Drop for Recording {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
        drop(self.audio.close());
    }
}

/// The recorder, in place of the composer.
pub(in crate::screens) fn recorder(talk: Talk, sent: Callback<()>) -> AnyView {
    let device = Device::here();
    let levels = State::new(Vec::<u8>::new());
    let busy = State::new(false);
    let recording = StoredValue::<Option<Recording>, LocalStorage>::new_local(None);
    let ticker = StoredValue::<Option<Ticker>, LocalStorage>::new_local(None);
    let stop = move || {
        ticker.try_set_value(None);
        talk.recording.set(false);
        recording.try_update_value(Option::take).flatten()
    };
    on_cleanup(move || drop(stop()));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        ticker.try_set_value(None);
        let Some(recorded) = recording.try_update_value(Option::take).flatten() else { return };
        let heard = levels.get_untracked();
        leptos::task::spawn_local(async move {
            let duration = now().saturating_sub(recorded.began);
            let blob = finish(&recorded).await;
            drop(recorded);
            let Some(blob) = blob.filter(|blob| blob.size() > 0.0) else {
                talk.recording.set(false);
                return toast(News::Bad(|t| t.more().no_microphone));
            };
            let (file, bytes) = message_of(blob, duration, &heard);
            // Gone to the timeline before it has arrived: from there it goes out, can be given up and tried again.
            kept::put(device.me, talk.id, &file, &bytes).await;
            let kept = Kept { file: file.clone(), bytes, parts: 0 };
            uploads::begin(device.me, talk.id, kept);
            let (reply_to, files) = (talk.take_reply(), vec![file]);
            let text = String::new();
            device.act(Action::Send { conversation: talk.id, text, reply_to, files });
            sent.try_run(());
            talk.recording.set(false);
        });
    };
    leptos::task::spawn_local(async move {
        let Some((begun, analyser)) = begin().await else {
            talk.recording.set(false);
            return toast(News::Bad(|t| t.more().no_microphone));
        };
        let began = begun.began;
        // The person may have gone meanwhile; dropped, it stops.
        if recording.try_set_value(Some(begun)).is_some() {
            return;
        }
        let look = move || {
            levels.update(|levels| levels.push(loudness(&analyser)));
            if now().saturating_sub(began) > LONGEST_MS {
                return send();
            }
            ticker.try_with_value(|ticker| {
                if let Some(ticker) = ticker {
                    ticker.after(LOOK_MS);
                }
            });
        };
        let first = Ticker::new(look);
        first.after(LOOK_MS);
        ticker.try_set_value(Some(first));
    });
    let time = move || clock((levels.with(Vec::len) as u64 * LOOK_MS) as u32);
    let line = move || {
        let newest = levels.with(|levels| {
            let from = levels.len().saturating_sub(64);
            levels[from..].to_vec()
        });
        let path = newest.iter().enumerate().map(|(at, &level)| {
            let height = 2.0 + 22.0 * f64::from(level) / 255.0;
            format!("M{} {:.1}v{height:.1}", at * 4 + 1, 12.0 - height / 2.0)
        });
        path.collect::<String>()
    };
    view! {
        <div class="composer">
            <div class="composer__box recorder" role="group" aria-label=said(|t| t.record_voice)>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=said(|t| t.cancel)
                    data-tip=""
                    disabled=move || busy.get()
                    on:click=pressed(move |_| drop(stop()))
                >
                    {icon(TRASH)}
                </button>
                <span class="recorder__light" aria-hidden="true"></span>
                <span class="recorder__time" role="timer">
                    {time}
                </span>
                <svg class="recorder__waves" viewBox="0 0 256 24" preserveAspectRatio="none" aria-hidden="true">
                    <path d=line></path>
                </svg>
                <button
                    type="button"
                    class="composer__send"
                    aria-label=said(|t| t.send)
                    disabled=move || busy.get() || levels.with(Vec::is_empty)
                    on:click=move |_| send()
                >
                    {icon(SEND)}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What is sent of a recording.
fn message_of(blob: Blob, duration: u64, heard: &[u8]) -> (File, Bytes) {
    let end = if blob.type_().contains("mp4") { "m4a" } else { "webm" };
    let mut file = plain(format!("voice.{end}"), &blob);
    // Without the codec, as the service says it.
    file.media = blob.type_().split(';').next().unwrap_or_default().to_owned();
    file.duration_ms = Some(u32::try_from(duration).unwrap_or(u32::MAX));
    file.waveform = summed(heard);
    (file, Bytes { whole: blob, thumb: None })
}

async fn begin() -> Option<(Recording, AnalyserNode)> {
    let devices = window().navigator().media_devices().ok()?;
    let wanted = MediaStreamConstraints::new();
    wanted.set_audio(&JsValue::TRUE);
    let stream = devices.get_user_media_with_constraints(&wanted).ok()?;
    let stream: MediaStream = JsFuture::from(stream).await.ok()?.dyn_into().ok()?;
    let audio = AudioContext::new().ok()?;
    let analyser = audio.create_analyser().ok()?;
    analyser.set_fft_size(SAMPLES as u32);
    audio.create_media_stream_source(&stream).ok()?.connect_with_audio_node(&analyser).ok()?;
    let recorder = MediaRecorder::new_with_media_stream(&stream).ok()?;
    let chunks = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&chunks);
    let listener = listen(&recorder, "dataavailable", move |event| {
        if let Some(data) = event.dyn_into::<BlobEvent>().ok().and_then(|event| event.data()) {
            kept.borrow_mut().push(data);
        }
    });
    recorder.start().ok()?;
    let recording =
        Recording { stream, recorder, audio, began: now(), chunks, _listener: listener };
    Some((recording, analyser))
}

/// Ends a recording: all of it.
async fn finish(recording: &Recording) -> Option<Blob> {
    let stopped = js_sys::Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move || drop(resolve.call0(&JsValue::NULL)));
        recording.recorder.set_onstop(Some(done.unchecked_ref()));
    });
    recording.recorder.stop().ok()?;
    JsFuture::from(stopped).await.ok()?;
    let parts = recording.chunks.borrow().iter().collect::<Array>();
    let properties = BlobPropertyBag::new();
    properties.set_type(&recording.recorder.mime_type());
    Blob::new_with_blob_sequence_and_options(&parts, &properties).ok()
}

/// How far the newest samples are from silence.
fn loudness(analyser: &AnalyserNode) -> u8 {
    let mut samples = [128_u8; SAMPLES];
    analyser.get_byte_time_domain_data(&mut samples);
    let most = samples.iter().map(|sample| sample.abs_diff(128)).max().unwrap_or_default();
    most.saturating_mul(2)
}

/// As many levels as a message carries, each the loudest of its stretch.
fn summed(levels: &[u8]) -> Vec<u8> {
    let steps = levels.len().min(limits::WAVEFORM);
    let step = |at: usize| {
        let (from, to) = (at * levels.len() / steps, (at + 1) * levels.len() / steps);
        levels[from..to].iter().copied().max().unwrap_or_default()
    };
    (0..steps).map(step).collect()
}
