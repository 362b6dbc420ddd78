//! What a message's menu opens: where to forward to, earlier words, and questions before what
//! cannot be undone.

use crate::kit::effect;
use crate::kit::typed;
use leptos::prelude::*;
use tideline_client::{Act, Action, InboxItem, Item, Jump, ReactionItem};
use tideline_shared::protocol::{
    AccountCommand, ConversationCommand, ConversationReply, Forwarding, Revision,
};
use tideline_shared::{Code, ConversationId, FileId, MessageId, Person, Timestamp, UserId};

use super::talk::{Dialog, Talk};
use crate::browser::{called, full_time, iso_date, midnight, now, post, random, t};
use crate::kit::{
    Asked, Form, News, Shape, State, avatar, button, confirm, dialog, emoji_picker, live,
    person_avatar, said, submitted, toast, words,
};
use crate::screens::files::viewer;
use crate::screens::report::report_dialog;
use crate::shell::{Device, order};

/// What each dialog is about; one is open while there is something.
#[derive(Clone, Copy)]
struct Dialogs {
    talk: Talk,
    forward: State<Vec<u64>>,
    revisions: State<Option<u64>>,
    readers: State<Option<u64>>,
    reactions: State<Option<u64>>,
    react: State<Option<u64>>,
    date: State<Option<Timestamp>>,
    recall: State<Vec<u64>>,
    hide: State<Vec<u64>>,
    report: State<Option<u64>>,
    picture: State<Option<FileId>>,
}

impl Dialogs {
    /// Takes what `talk` wants to have shown, from now on.
    fn of(talk: Talk) -> Self {
        let it = Self {
            talk,
            forward: State::default(),
            revisions: State::default(),
            readers: State::default(),
            reactions: State::default(),
            react: State::default(),
            date: State::default(),
            recall: State::default(),
            hide: State::default(),
            report: State::default(),
            picture: State::default(),
        };
        effect(move || {
            let Some(dialog) = talk.dialog.get() else { return };
            talk.dialog.set(None);
            match dialog {
                Dialog::Forward(seqs) => it.forward.set(seqs),
                Dialog::Revisions(seq) => it.revisions.set(Some(seq)),
                Dialog::Readers(seq) => it.readers.set(Some(seq)),
                Dialog::Reactions(seq) => it.reactions.set(Some(seq)),
                Dialog::React(seq) => it.react.set(Some(seq)),
                Dialog::Date(day) => it.date.set(Some(day)),
                Dialog::Recall(seqs) => it.recall.set(seqs),
                Dialog::Hide(seqs) => it.hide.set(seqs),
                Dialog::Report(seq) => it.report.set(Some(seq)),
                Dialog::Picture(file) => it.picture.set(Some(file)),
            }
        });
        it
    }

    /// Recalls messages for everybody.
    fn recall_now(self) {
        for seq in self.recall.try_update(std::mem::take).unwrap_or_default() {
            self.talk.alter(seq, Act::Recall, String::new());
        }
        self.talk.chosen.set(None);
    }

    /// Deletes messages for this person.
    fn hide_now(self) {
        let seqs = self.hide.try_update(std::mem::take).unwrap_or_default();
        self.talk.chosen.set(None);
        order(AccountCommand::Hide { conversation: self.talk.id, seqs });
    }
}

/// The dialogs of a conversation.
pub(in crate::screens) fn dialogs(talk: Talk) -> AnyView {
    let it = Dialogs::of(talk);
    view! {
        {forward(it)}
        {revisions(it)}
        {readers(it)}
        {reactions(it)}
        {react(it)}
        {date_dialog(it.date, || {})}
        {report(it)}
        {viewer(talk, it.picture)}
        {sure(it.recall, |t| t.more().recall_title, |t| t.more().recall_text, |t| t.more().recall, move || {
            it.recall_now();
        })}
        {sure(it.hide, |t| t.more().delete_for_me_title, |t| t.more().delete_for_me_text, |t| t.more().delete, move || {
            it.hide_now();
        })}
    }
    .into_any()
}

/// Asks whether the person is sure, while `messages` has any.
fn sure(
    messages: State<Vec<u64>>,
    title: fn(&crate::locale::Locale) -> fn(usize) -> String,
    text: crate::kit::Words,
    agree: crate::kit::Words,
    act: impl Fn() + Clone + Send + Sync + 'static,
) -> AnyView {
    let open = follow(messages, Vec::is_empty, Vec::new);
    let title = Signal::derive(move || title(t())(messages.with(Vec::len)));
    confirm(open, title, text, agree, act)
}

/// Open while there is something; closed, there is nothing any more.
pub(in crate::screens) fn follow<T: Send + Sync + 'static>(
    what: State<T>,
    is_none: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    none: impl Fn() -> T + 'static,
) -> State<bool> {
    let open = State::new(false);
    effect(move || {
        let some = !what.with(is_none);
        // Another one of them does not open it anew: what is in it stays.
        if open.get_untracked() != some {
            open.set(some);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let is_open = open.get();
        if before == Some(true) && !is_open && !what.with_untracked(is_none) {
            what.set(none());
        }
        is_open
    });
    open
}

/// Where to? One conversation or several.
fn forward(it: Dialogs) -> AnyView {
    let open = follow(it.forward, Vec::is_empty, Vec::new);
    dialog("", open, words(|t| t.more().forward_to), move || {
        let (query, form) = (State::new(String::new()), Form::new());
        let chosen = State::new(Vec::<ConversationId>::new());
        // Asked again after a failure, the same messages go out.
        let ids = StoredValue::new(Vec::<((ConversationId, u64), MessageId)>::new());
        let id_of = move |to, seq| {
            let mut id = fresh_id();
            ids.update_value(|ids| match ids.iter().find(|(of, _)| *of == (to, seq)) {
                Some((_, known)) => id = *known,
                None => ids.push(((to, seq), id)),
            });
            id
        };
        let device = Device::here();
        let send = move |_| {
            let seqs = it.forward.get_untracked();
            let to = chosen.get_untracked();
            form.run(async move {
                for to in to {
                    let messages = seqs.iter().map(|&seq| Forwarding { seq, id: id_of(to, seq) });
                    let messages = messages.collect();
                    let (from, preview) = (it.talk.id, device.previews());
                    let command = ConversationCommand::Forward { from, messages, preview };
                    let path = format!("/api/conversations/{to}");
                    let _: ConversationReply = post(&path, &command).await?;
                    // Should the next one fail, this one is not asked again.
                    chosen.update(|chosen| chosen.retain(|other| *other != to));
                }
                it.talk.chosen.set(None);
                it.forward.set(Vec::new());
                toast(News::Good(|t| t.more().forwarded));
                Ok(())
            });
        };
        view! {
            <div class="dialog__body">
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    aria-label=said(|t| t.more().find_conversation)
                    placeholder=said(|t| t.more().find_conversation)
                    prop:value=move || query.get()
                    on:input=typed(move |event| query.set(event_target_value(&event)))
                />
                {live(move || targets(&query.get(), chosen))}
                {form.alert(&[])}
            </div>
            <div class="dialog__footer">
                {button("", None, |t| t.cancel, move |_| open.set(false))}
                <button
                    type="button"
                    class="button button--primary"
                    disabled=move || chosen.with(Vec::is_empty) || form.busy.get()
                    on:click=send
                >
                    {live(move || t().more().forward)}
                </button>
            </div>
        }
        .into_any()
    })
}

fn fresh_id() -> MessageId {
    let mut bytes = [0; 10];
    random(&mut bytes);
    MessageId::new(now(), bytes)
}

/// The conversations of the list whose title has the words.
fn targets(query: &str, chosen: State<Vec<ConversationId>>) -> AnyView {
    let wanted = query.trim().to_lowercase();
    let items = Device::here().inbox.get_untracked().unwrap_or_default();
    let fits = |item: &InboxItem| called(&item.title).to_lowercase().contains(&wanted);
    let rows = items.into_iter().filter(fits).map(|item| target(&item, chosen));
    let rows = rows.collect::<Vec<_>>();
    if rows.is_empty() {
        return view! { <p class="muted">{t().more().no_conversation_found}</p> }.into_any();
    }
    view! { <ul class="targets" data-roving="">{rows}</ul> }.into_any()
}

fn target(item: &InboxItem, chosen: State<Vec<ConversationId>>) -> AnyView {
    let id = item.conversation;
    let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
    let toggle = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|other| *other == id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(id),
        });
    };
    view! {
        <li>
            <label class="target">
                {avatar(&colour, &item.title, "sm", Shape::of(item.kind, item.is_notes()), item.avatar)}
                <span class="target__title" dir="auto">
                    {called(&item.title)}
                </span>
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change=toggle
                />
            </label>
        </li>
    }
    .into_any()
}

/// Why?
fn report(it: Dialogs) -> AnyView {
    let open = follow(it.report, Option::is_none, || None);
    report_dialog(open, move |reason, note| async move {
        if let Some(seq) = it.report.get_untracked() {
            it.talk.send(ConversationCommand::Report { seq, reason, note }).await?;
        }
        Ok(())
    })
}

/// To which day? Open while there is one to begin with; `went` is called when there is an answer.
pub(in crate::screens) fn date_dialog(
    from: State<Option<Timestamp>>,
    went: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let open = follow(from, Option::is_none, || None);
    dialog("dialog--confirm", open, words(|t| t.jump_to_date), move || {
        let day = from.get_untracked().map(iso_date).unwrap_or_default();
        let day = State::new(day);
        let go = submitted(move || {
            if let Some(at) = midnight(&day.get_untracked()) {
                open.set(false);
                Device::here().act(Action::Jump(Jump::Since(at)));
                went();
            }
        });
        view! {
            <form on:submit=go>
                <div class="dialog__body">
                    <input
                        class="input"
                        type="date"
                        required
                        aria-label=said(|t| t.more().date)
                        prop:value=move || day.get()
                        on:input=typed(move |event| day.set(event_target_value(&event)))
                    />
                </div>
                <div class="dialog__footer">
                    {button("", None, |t| t.cancel, move |_| open.set(false))}
                    <button type="submit" class="button button--primary">
                        {live(move || t().more().go)}
                    </button>
                </div>
            </form>
        }
        .into_any()
    })
}

/// Asks about one message, and shows what comes.
fn asked<T: Clone + Send + Sync + 'static>(
    it: Dialogs,
    seq: Option<u64>,
    command: fn(u64) -> ConversationCommand,
    read: fn(ConversationReply) -> Option<T>,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let asked = Asked::new(move || async move {
        let answer = it.talk.ask(command(seq.unwrap_or_default())).await?;
        read(answer).ok_or(Code::Unknown.into())
    });
    view! { <div class="dialog__body">{asked.draw(show)}</div> }.into_any()
}

/// What a message said before.
fn revisions(it: Dialogs) -> AnyView {
    let open = follow(it.revisions, Option::is_none, || None);
    let read = |answer| match answer {
        ConversationReply::Revisions { revisions } => Some(revisions),
        _ => None,
    };
    let show = |revisions: Vec<Revision>| {
        let rows = revisions.into_iter().map(|revision| {
            view! {
                <li class="revision">
                    <time class="muted">{full_time(revision.at)}</time>
                    <p dir="auto">{revision.text}</p>
                </li>
            }
        });
        view! { <ol class="revisions">{rows.collect::<Vec<_>>()}</ol> }.into_any()
    };
    dialog("", open, words(|t| t.earlier_versions), move || {
        let seq = it.revisions.get_untracked();
        asked(it, seq, |seq| ConversationCommand::Revisions { seq }, read, show)
    })
}

/// Who has read a message, and who has not.
fn readers(it: Dialogs) -> AnyView {
    let open = follow(it.readers, Option::is_none, || None);
    let read = |answer| match answer {
        ConversationReply::Readers { users } => Some(users),
        _ => None,
    };
    let show = |users: Vec<UserId>| {
        let device = Device::here();
        let others = device.members.get().into_iter().map(|member| member.person);
        let (read, unread): (Vec<_>, Vec<_>) = others
            .filter(|person| person.user != device.me)
            .partition(|person| users.contains(&person.user));
        let none = read.is_empty().then(|| view! { <p class="muted">{t().more().nobody_read}</p> });
        let rest = (!unread.is_empty()).then(|| {
            view! {
                <h3 class="targets__heading">{t().more().not_read}</h3>
                {people(unread)}
            }
        });
        view! { {none} {people(read)} {rest} }.into_any()
    };
    dialog("", open, words(|t| t.more().readers), move || {
        let seq = it.readers.get_untracked();
        asked(it, seq, |seq| ConversationCommand::Readers { seq }, read, show)
    })
}

/// Who reacted to a message: the names beside each emoji.
fn reactions(it: Dialogs) -> AnyView {
    let open = follow(it.reactions, Option::is_none, || None);
    dialog("dialog--confirm", open, words(|t| t.reactions), move || {
        let rows = move || {
            let all = reactions_of(Device::here(), it.reactions.get()?);
            let row = |reaction: ReactionItem| {
                let names = reaction.names.iter().map(|name| called(name)).collect::<Vec<_>>();
                view! {
                    <li class="target">
                        <span class="reaction__emoji">{reaction.emoji}</span>
                        <span class="target__title target__title--all" dir="auto">
                            {names.join(t().between_names)}
                        </span>
                    </li>
                }
            };
            Some(all.into_iter().map(row).collect::<Vec<_>>())
        };
        view! { <ul class="dialog__body targets">{rows}</ul> }.into_any()
    })
}

/// Any emoji; one's own goes away.
fn react(it: Dialogs) -> AnyView {
    let pick = Callback::new(move |emoji: String| {
        let Some(seq) = it.react.get_untracked() else { return };
        let known = untrack(|| reactions_of(Device::here(), seq));
        let own = known.iter().any(|reaction| reaction.own && reaction.emoji == emoji);
        it.talk.alter(seq, if own { Act::Unreact } else { Act::React }, emoji);
    });
    // Drawn anew each time: a dialog that is open from the beginning has the focus where it asks for it.
    let picker = move || {
        it.react.get()?;
        let open = State::new(true);
        effect(move || {
            if !open.get() {
                it.react.set(None);
            }
        });
        Some(emoji_picker(open, pick))
    };
    picker.into_any()
}

/// The reactions to a message of the timeline; tracked.
pub(super) fn reactions_of(device: Device, wanted: u64) -> Vec<ReactionItem> {
    device.timeline.with(|timeline| {
        let found = timeline.rows.iter().find_map(|row| match &row.item {
            Item::Message { seq: Some(seq), reactions, .. } if *seq == wanted => Some(reactions),
            _ => None,
        });
        found.cloned().unwrap_or_default()
    })
}

fn people(people: Vec<Person>) -> AnyView {
    let rows = people.into_iter().map(|person| {
        view! {
            <li class="target">
                {person_avatar(&person, "sm")}
                <span class="target__title" dir="auto">
                    {called(&person.display_name)}
                </span>
            </li>
        }
    });
    view! { <ul class="targets">{rows.collect::<Vec<_>>()}</ul> }.into_any()
}
