//! The composer. Enter sends, Shift+Enter breaks the line, and Enter that belongs to an input
//! method does neither.

use crate::kit::effect;
use crate::kit::{State, live, memo, pressed, telling, typed};
use leptos::html;
use leptos::prelude::*;
use tideline_client::{Act, Action, Alteration};
use tideline_shared::{Code, MessageText, limits};
use web_sys::{ClipboardEvent, HtmlTextAreaElement, KeyboardEvent};

use super::completion::{Completion, LIST};
use super::draft::draft;
use super::talk::{Talk, Writing};
use super::tray::tray_mark;
use crate::browser::{local_get, t};
use crate::kit::icon::{ATTACH, CLOSE, EDIT, MIC, REPLY, SEND, icon};
use crate::kit::{Form, icon_button, said, submitted};
use crate::screens::more::{More, more_when};
use crate::shell::Device;

/// The count of what is left shows from here on.
const COUNT_FROM: usize = limits::MESSAGE_CHARS - 500;
/// What browsers report as the key of a keystroke that an input method takes.
const IME_KEY: u32 = 229;

/// The composer of a conversation; `sent` is called after each message.
pub(super) fn composer(talk: Talk, sent: Callback<()>) -> AnyView {
    let device = Device::here();
    let id = talk.id;
    let text = draft(talk);
    let node = NodeRef::<html::Textarea>::new();
    let form = Form::new();
    let completion = Completion::new(text, node);
    follow_writing(talk, text, node);
    take_refused(talk);
    effect(move || {
        if let Some(node) = node.get() {
            focus_where_typing_is_easy(&node);
        }
    });
    let send = move || {
        completion.close();
        let field = text;
        let edits = talk.writing.with_untracked(Writing::is_edit);
        let files = !edits && untrack(|| talk.tray.is_used());
        if files && !untrack(|| talk.tray.is_ready()) {
            return;
        }
        match MessageText::parse(&field.get_untracked()) {
            parsed if parsed.is_ok() || files && field.with_untracked(|text| is_empty(text)) => {
                let text = field.try_update(std::mem::take).unwrap_or_default();
                form.fail.set(None);
                if let Writing::Edit { seq, .. } = talk.writing.get_untracked() {
                    field.set(device.draft(id));
                    return edit(talk, seq, text);
                }
                let (reply_to, files) = (talk.take_reply(), talk.tray.take());
                device.act(Action::Send { conversation: id, text, reply_to, files });
                sent.run(());
            }
            Ok(_) => {}
            // Nothing written is no mistake.
            Err(reject) if reject.code == Code::MessageEmpty => {}
            Err(reject) => form.fail.set(Some(reject.into())),
        }
        if let Some(node) = node.get_untracked() {
            // Fails for elements that are gone.
            let _ = node.focus();
        }
    };
    let submit = submitted(move || {
        send();
    });
    let key = move |event: KeyboardEvent| {
        if completion.key(&event) {
            return;
        }
        if is_plain_enter(&event) {
            event.prevent_default();
            send();
        } else if event.key() == "Escape" && talk.writing.with_untracked(|it| *it != Writing::New) {
            event.prevent_default();
            talk.writing.set(Writing::New);
        }
    };
    let empty = memo(move || text.with(|text| is_empty(text)));
    let chosen = NodeRef::<html::Input>::new();
    let attach = pressed(move |_| {
        if let Some(input) = chosen.get_untracked() {
            input.click();
        }
    });
    let take = typed(move |event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        talk.tray.offer(&input);
        // The same file can be chosen again.
        input.set_value("");
    });
    let idle = memo(move || empty.get() && !talk.tray.is_used());
    let kept = local_get(&tray_mark(talk.id)).is_some();
    let unsendable = move || idle.get() || !talk.tray.is_ready();
    view! {
        <form class="composer" on:submit=submit>
            {form.alert(&[])} {live(move || about(talk))}
            {more_when(move || kept || talk.tray.is_used(), move || More::Tray(talk))} {completion.list()}
            <input
                node_ref=chosen
                type="file"
                multiple
                hidden
                tabindex="-1"
                aria-hidden="true"
                on:change=take
            />
            <div class="composer__box">
                // The field comes first for the keyboard, the button for the eye.
                {input(talk, text, node, completion, key)}
                <button
                    type="button"
                    class="icon-button composer__attach"
                    aria-label=said(|t| t.attach_file)
                    data-tip=""
                    on:click=attach
                >
                    {icon(ATTACH)}
                </button>
                {completion.emoji_button()}
                {live(move || count(text.with(|text| text.chars().count())))}
                {live(move || {
                    idle.get()
                        .then(|| {
                            icon_button(MIC, |t| t.record_voice, move |_| talk.recording.set(true))
                        })
                })}
                <button
                    type="submit"
                    class="composer__send"
                    aria-label=said(|t| t.send)
                    disabled=unsendable
                    // The field keeps the focus, and a phone its keyboard.
                    on:mousedown=|event| event.prevent_default()
                >
                    {icon(SEND)}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// An edit begins with the words that are there, and ends with the draft that was.
fn follow_writing(talk: Talk, text: State<String>, node: NodeRef<html::Textarea>) {
    let device = Device::here();
    Effect::new(move |before: Option<bool>| {
        let writing = talk.writing.get();
        let edits = matches!(writing, Writing::Edit { .. });
        if let Writing::Edit { text: words, .. } = &writing {
            text.set(words.clone());
        } else if before == Some(true) {
            text.set(device.draft(talk.id));
        }
        if writing != Writing::New
            && let Some(node) = node.get_untracked()
        {
            // Fails for elements that are gone.
            let _ = node.focus();
        }
        edits
    });
}

/// Changes the words of a message.
fn edit(talk: Talk, seq: u64, text: String) {
    talk.writing.set(Writing::New);
    talk.alter(seq, Act::Edit, text);
}

/// New words that are refused are in the field again, unless something else is being written.
fn take_refused(talk: Talk) {
    let device = Device::here();
    effect(move || {
        let refused = device.refused.get();
        let own = refused.filter(|it| it.conversation == talk.id && it.act == Act::Edit);
        if let Some(Alteration { seq, words, .. }) = own
            && talk.writing.with_untracked(|it| *it == Writing::New)
        {
            device.refused.set(None);
            talk.writing.set(Writing::Edit { seq, text: words });
        }
    });
}

/// What is answered or edited, above the field.
fn about(talk: Talk) -> Option<AnyView> {
    let (picture, title, text) = match talk.writing.get() {
        Writing::New => return None,
        Writing::Reply { author, text, .. } => (REPLY, (t().reply_to)(&author), text),
        Writing::Edit { text, .. } => (EDIT, t().edit_message.to_owned(), text),
    };
    let view = view! {
        <div class="composer__about">
            {icon(picture)} <div class="composer__about-words">
                <span class="composer__about-title" dir="auto">
                    {title}
                </span>
                <span class="composer__about-text" dir="auto">
                    {text}
                </span>
            </div> {icon_button(CLOSE, |t| t.cancel, move |_| talk.writing.set(Writing::New))}
        </div>
    };
    Some(view.into_any())
}

fn input(
    talk: Talk,
    text: State<String>,
    node: NodeRef<html::Textarea>,
    completion: Completion,
    key: impl Fn(KeyboardEvent) + 'static,
) -> AnyView {
    view! {
        // Browsers that cannot size a field by its content take the height of a copy.
        <div class="composer__field" data-value=telling(move || text.get())>
            <textarea
                node_ref=node
                class="composer__input"
                rows="1"
                dir="auto"
                enterkeyhint="send"
                aria-label=said(|t| t.message)
                placeholder=said(|t| t.message)
                prop:value=telling(move || text.get())
                aria-autocomplete="list"
                aria-controls=move || completion.active().map(|_| LIST)
                aria-activedescendant=move || completion.active()
                on:input=typed(move |event| {
                    text.set(event_target_value(&event));
                    talk.type_on();
                    completion.look();
                })
                on:click=pressed(move |_| completion.look())
                on:blur=move |_| completion.close()
                on:paste=move |event: ClipboardEvent| {
                    // Words come with a picture of them, from some programs.
                    let data = event.clipboard_data();
                    let data = data
                        .filter(|data| {
                            data.get_data("text/plain").is_ok_and(|text| text.is_empty())
                        });
                    if data.is_some_and(|data| talk.tray.offer(&data)) {
                        event.prevent_default();
                    }
                }
                on:keydown=key
            ></textarea>
        </div>
    }
    .into_any()
}

/// Whether there is nothing to send, by the rule of the service.
fn is_empty(text: &str) -> bool {
    // Most texts need no closer look.
    let visible = text.bytes().any(|byte| byte.is_ascii_graphic());
    !visible && MessageText::parse(text).is_err_and(|reject| reject.code == Code::MessageEmpty)
}

/// How many characters are left, near the end.
fn count(chars: usize) -> Option<AnyView> {
    if chars < COUNT_FROM {
        return None;
    }
    let left = limits::MESSAGE_CHARS as i64 - chars as i64;
    let view = view! {
        <span class="composer__count" data-over=(left < 0).to_string() title=(t().characters_left)(left)>
            {left}
        </span>
    };
    Some(view.into_any())
}

/// Whether an input method takes the keystroke.
pub(super) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == IME_KEY
}

fn is_plain_enter(event: &KeyboardEvent) -> bool {
    let changed = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
    event.key() == "Enter" && !is_composing(event) && !changed
}

/// On a phone the keyboard would cover half of what the person came to read.
fn focus_where_typing_is_easy(node: &HtmlTextAreaElement) {
    let window = crate::browser::window();
    let coarse = window.match_media("(pointer: coarse)").ok().flatten();
    if coarse.is_some_and(|query| query.matches()) {
        return;
    }
    // Fails for elements that are gone.
    let _ = node.focus();
}
