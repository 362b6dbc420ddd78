//! The invite links of a group: made when they are asked for, listed, shared, withdrawn.

use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Invite};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, ConversationId, InviteToken};

use super::members::{govern, i_may};
use super::share::link_row;
use crate::browser::{Fail, called, full_time, origin, post, t};
use crate::kit::icon::LINK;
use crate::kit::{
    Form, News, State, button, choice, icon, live, pressed, submit_button, submitted, toast, words,
};
use crate::locale::Locale;
use crate::shell::Device;

/// For how long a link can be made: what the choice says, and in seconds.
const LIFETIMES: [(&str, Option<u64>); 4] = [
    ("hour", Some(60 * 60)),
    ("day", Some(24 * 60 * 60)),
    ("week", Some(7 * 24 * 60 * 60)),
    ("never", None),
];
/// For how many people.
const USES: [(&str, Option<u64>); 4] =
    [("any", None), ("1", Some(1)), ("10", Some(10)), ("100", Some(100))];

/// What the parts of the section share. Copies are the same.
#[derive(Clone, Copy)]
struct Links {
    id: ConversationId,
    form: Form,
    /// Those in force, the newest first; none before they were asked for.
    all: State<Option<Vec<Invite>>>,
    /// The one that can be copied.
    shown: State<Option<InviteToken>>,
    /// A new one is being made.
    making: State<bool>,
}

/// The section of the details that holds the links of the group `id`.
pub(super) fn invite_link(id: ConversationId) -> AnyView {
    let links = Links {
        id,
        form: Form::new(),
        all: State::new(None),
        shown: State::new(None),
        making: State::new(false),
    };
    let content = move || match links.all.get() {
        None => links.opener(),
        Some(all) => links.section(all),
    };
    view! { <section class="details__section">{links.form.alert(&[])} {content}</section> }
        .into_any()
}

impl Links {
    fn opener(self) -> AnyView {
        let show = pressed(move |_| self.form.run(self.find_or_make()));
        view! {
            <button
                type="button"
                class="button button--block"
                aria-busy=move || self.form.busy.get().to_string()
                on:click=show
            >
                {icon::icon(LINK)}
                {live(move || t().more().invite_link)}
            </button>
        }
        .into_any()
    }

    /// The newest link that lets in anybody who has it; a new one where there is none.
    async fn find_or_make(self) -> Result<(), Fail> {
        let path = format!("/api/conversations/{}", self.id);
        let ConversationReply::Invites { invites } =
            post(&path, &ConversationCommand::Invites).await?
        else {
            return Err(Code::Unknown.into());
        };
        match invites.iter().find(|one| one.max_uses.is_none()).or(invites.first()) {
            Some(one) => {
                self.shown.set(Some(one.token.clone()));
                self.all.set(Some(invites));
                Ok(())
            }
            None => self.make(None, false, None).await,
        }
    }

    async fn make(
        self,
        lifetime_s: Option<u64>,
        forever: bool,
        max_uses: Option<u64>,
    ) -> Result<(), Fail> {
        let path = format!("/api/conversations/{}", self.id);
        let command = ConversationCommand::CreateInvite { lifetime_s, forever, max_uses };
        let ConversationReply::Invite(made) = post(&path, &command).await? else {
            return Err(Code::Unknown.into());
        };
        self.shown.set(Some(made.token.clone()));
        self.all.update(|all| all.get_or_insert_default().insert(0, made));
        Ok(())
    }

    async fn revoke(self, token: InviteToken) -> Result<(), Fail> {
        govern(self.id, ConversationCommand::RevokeInvite { token: token.clone() }).await?;
        self.all.update(|all| {
            let mut left = all.take().unwrap_or_default();
            left.retain(|one| one.token != token);
            self.shown.set(left.first().map(|one| one.token.clone()));
            *all = (!left.is_empty()).then_some(left);
        });
        toast(News::Good(|t| t.more().link_revoked));
        Ok(())
    }

    fn section(self, all: Vec<Invite>) -> AnyView {
        let listed = all.clone();
        let rows = move || {
            let rows = listed.iter().map(|one| self.row(one)).collect::<Vec<_>>();
            (rows.len() > 1).then(|| {
                view! { <ul class="details__members" aria-label=t().more().invite_links>{rows}</ul> }
            })
        };
        let shown = move || {
            let shown = self.shown.get();
            all.iter().find(|one| Some(&one.token) == shown.as_ref()).map(|one| self.link(one))
        };
        view! {
            {shown}
            {rows}
            {live(move || match self.making.get() {
                true => self.maker(),
                false => {
                    button("", None, |t| t.more().new_link, move |_| self.making.set(true))
                }
            })}
        }
        .into_any()
    }

    /// A link of the list: pressing it brings it up.
    fn row(self, one: &Invite) -> AnyView {
        let token = one.token.clone();
        let chosen = (self.shown.get().as_ref() == Some(&token)).then_some("true");
        let text = token.to_string();
        let end = text.get(text.len().saturating_sub(6)..).unwrap_or_default().to_owned();
        view! {
            <li>
                <button
                    type="button"
                    class="row row--link"
                    aria-current=chosen
                    on:click=pressed(move |_| self.shown.set(Some(token.clone())))
                >
                    <span class="row__title">{format!("/join/…{end}")}</span>
                    " "
                    <span class="row__preview">{facts(t(), one)}</span>
                </button>
            </li>
        }
        .into_any()
    }

    /// The link that is up, with what can be done with it.
    fn link(self, one: &Invite) -> AnyView {
        let device = Device::here();
        let address = format!("{}/join/{}", origin(), one.token);
        let may = match one.by == device.me {
            true => Deed::Invite,
            false => Deed::RevokeOthersInvites,
        };
        let (one, token) = (one.clone(), one.token.clone());
        let revoke = i_may(device, may).then(|| {
            button(
                "button--danger",
                None,
                |t| t.more().revoke_link,
                move |_| {
                    self.form.run(self.revoke(token.clone()));
                },
            )
        });
        let by = (one.by != device.me).then(|| {
            let members = device.members.get_untracked();
            let maker = members.into_iter().find(|member| member.person.user == one.by);
            (t().more().link_by)(&called(
                &maker.map(|it| it.person.display_name).unwrap_or_default(),
            ))
        });
        view! {
            <div class="invite-link">
                {link_row(|t| t.more().invite_link, address, true)}
                <p class="field__hint">{live(move || hint(t(), &one))} " " {by}</p>
                {revoke}
            </div>
        }
        .into_any()
    }

    /// The form that makes another one.
    fn maker(self) -> AnyView {
        let [lifetime, uses] = ["week", "any"].map(|first| State::new(first.to_owned()));
        let form = Form::new();
        let send = submitted(move || {
            form.run(async move {
                let of = |table: [(&str, Option<u64>); 4], word: String| {
                    table.into_iter().find(|(it, _)| *it == word).and_then(|(_, value)| value)
                };
                let lifetime_s = of(LIFETIMES, lifetime.get_untracked());
                let max_uses = of(USES, uses.get_untracked());
                self.make(lifetime_s, lifetime_s.is_none(), max_uses).await?;
                self.making.set(false);
                Ok(())
            });
        });
        let lifetimes = LIFETIMES.map(|(word, _)| (word, words(lifetime_words(word)))).to_vec();
        let numbers = USES.map(|(word, most)| {
            let words = move || match most {
                None => t().more().any_number.to_owned(),
                Some(most) => (t().more().so_many_people)(most),
            };
            (word, Signal::derive(words))
        });
        view! {
            <form class="form" on:submit=send>
                {form.alert(&[])}
                <div class="form__row">
                    {choice(
                        |t| t.more().link_lasts,
                        lifetimes,
                        lifetime.into(),
                        move |it| lifetime.set(it),
                    )}
                    {choice(
                        |t| t.more().link_for,
                        numbers.to_vec(),
                        uses.into(),
                        move |it| uses.set(it),
                    )}
                </div>
                <div class="form__actions">
                    {button("", None, |t| t.cancel, move |_| self.making.set(false))}
                    {submit_button("", |t| t.more().create_link, form.busy)}
                </div>
            </form>
        }
        .into_any()
    }
}

fn lifetime_words(word: &str) -> crate::kit::Words {
    match word {
        "hour" => |t| t.more().an_hour,
        "day" => |t| t.more().a_day,
        "week" => |t| t.more().a_week,
        _ => |t| t.more().for_good,
    }
}

/// What a link lets happen.
fn hint(t: &Locale, one: &Invite) -> String {
    let until = one.expires_at.map(full_time);
    format!("{} {}", (t.more().invite_link_hint)(until.as_deref()), used(t, one))
}

fn used(t: &Locale, one: &Invite) -> String {
    (t.more().link_used)(one.uses, one.max_uses)
}

/// The same, short.
fn facts(t: &Locale, one: &Invite) -> String {
    let until = match one.expires_at {
        Some(until) => (t.more().link_until)(&full_time(until)),
        None => t.more().for_good.to_owned(),
    };
    let used = used(t, one);
    format!("{} · {until}", used.trim_end_matches(['.', '。']))
}
