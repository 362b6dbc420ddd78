//! The members of a group: who they are, and what I may do about each of them.

use crate::kit::effect;
use leptos::prelude::*;
use tideline_client::MemberItem;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Kind, Role};
use tideline_shared::rights::{Deed, may};
use tideline_shared::{ConversationId, Timestamp, UserId};

use super::unreached::unknown;
use crate::browser::{Fail, by_name, called, now, post, t};
use crate::kit::icon::{BAN, KEY, LEAVE, MUTE, SHIELD, SOUND};
use crate::kit::{
    Form, MenuItem, State, Words, button, dialog, list_link, live, memo, menu_button, person_row,
    said, tag,
};
use crate::shell::Device;

const HOUR_S: u64 = 60 * 60;
const DAY_S: u64 = 24 * HOUR_S;

/// What I may do in the group on the screen; tracked.
pub(super) fn i_may(device: Device, deed: Deed) -> bool {
    device.my_membership().is_some_and(|me| may(me.role, Kind::Group, deed))
}

/// Has the service do something in the group `id`.
///
/// # Errors
/// The service was not reached, or refused.
pub(super) async fn govern(id: ConversationId, command: ConversationCommand) -> Result<(), Fail> {
    let path = format!("/api/conversations/{id}");
    post::<_, ConversationReply>(&path, &command).await.map(drop)
}

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Remove,
    Ban,
    Transfer,
}

/// What the rows of the list share.
#[derive(Clone, Copy)]
struct Members {
    id: ConversationId,
    form: Form,
    /// Whose profile is shown.
    shown: State<Option<UserId>>,
    /// Whose menu is open: rows are made anew when somebody changes.
    open: State<Option<UserId>>,
    asking: State<bool>,
    asked: State<Option<(Ask, UserId, String)>>,
}

/// The section of the details that lists everybody in the group `id`. `shown` gets whose profile to
/// show.
pub(super) fn members(id: ConversationId, shown: State<Option<UserId>>) -> AnyView {
    let device = Device::here();
    let members = Members {
        id,
        form: Form::new(),
        shown,
        open: State::new(None),
        asking: State::new(false),
        asked: State::new(None),
    };
    let rows = move || {
        let me = device.my_membership();
        // This person first.
        let (own, others): (Vec<_>, Vec<_>) =
            device.members.get().into_iter().partition(|one| one.person.user == device.me);
        let others = by_name(others, |one| one.person.display_name.clone());
        own.into_iter()
            .chain(others)
            .map(|member| members.row(member, me.as_ref()))
            .collect::<Vec<_>>()
    };
    // Whoever sees it is a member, too.
    let known = memo(move || device.members.with(|all| !all.is_empty()));
    let count = move || known.get().then(|| device.members.with(Vec::len));
    view! {
        <section class="details__section">
            <h3 class="details__heading">
                {live(move || t().more().members)} " "
                <span class="muted">{count}</span>
            </h3>
            {members.form.alert(&[])}
            {live(move || (!known.get()).then(|| unknown(device)))}
            <ul class="details__members" data-roving="" aria-label=said(|t| t.more().members)>
                {rows}
            </ul>
            {members.question()}
        </section>
    }
    .into_any()
}

impl Members {
    fn row(self, member: MemberItem, me: Option<&MemberItem>) -> AnyView {
        let device = Device::here();
        let user = member.person.user;
        let muted = member.muted.is_some_and(|muted| muted.holds(Timestamp(now())));
        let tags = [
            (user == device.me).then(|| t().more().member_you),
            role_word(member.role),
            muted.then(|| t().more().muted),
        ];
        let tags = tags.into_iter().flatten();
        let tags = tags.map(|words| tag("tag--plain", words.to_owned()));
        let person = person_row(&member.person);
        let name = called(&member.person.display_name);
        let me = me.filter(|me| me.role.outranks(member.role)).cloned();
        let menu = me.map(|me| {
            let open = State::new(self.open.get_untracked() == Some(user));
            effect(move || {
                let is_open = open.get();
                if is_open != (self.open.get_untracked() == Some(user)) {
                    self.open.set(is_open.then_some(user));
                }
            });
            let name = (t().more().member_actions)(&name);
            menu_button(open, name, move || self.acts(&me, &member, muted))
        });
        let content = view! {
            {person}
            " "
            <span class="row__marks">{tags.collect::<Vec<_>>()}</span>
        };
        list_link(content.into_any(), menu.into_any(), move || self.shown.set(Some(user)))
    }

    /// What I may do about somebody of a lower rank.
    fn acts(self, me: &MemberItem, member: &MemberItem, muted: bool) -> Vec<MenuItem> {
        let user = member.person.user;
        let mut items = Vec::new();
        let mut offer = |deed, icon, name: Words, danger, act: Box<dyn Fn()>| {
            if may(me.role, Kind::Group, deed) {
                items.push(MenuItem { icon, name, danger, act });
            }
        };
        let set = move |role: &'static str| -> Box<dyn Fn()> {
            self.does(move || ConversationCommand::SetRole { user, role: role.to_owned() })
        };
        let mute = move |duration_s| -> Box<dyn Fn()> {
            self.does(move || ConversationCommand::MuteMember { user, duration_s })
        };
        let name = called(&member.person.display_name);
        let ask = move |ask| -> Box<dyn Fn()> {
            let name = name.clone();
            Box::new(move || {
                self.asked.set(Some((ask, user, name.clone())));
                self.asking.set(true);
            })
        };
        match member.role {
            Role::Admin => {
                offer(Deed::ChangeRoles, SHIELD, |t| t.more().make_member, false, set("member"));
            }
            _ => offer(Deed::ChangeRoles, SHIELD, |t| t.more().make_admin, false, set("admin")),
        }
        if muted {
            let act = self.does(move || ConversationCommand::UnmuteMember { user });
            offer(Deed::Mute, SOUND, |t| t.more().unmute_member, false, act);
        } else {
            offer(Deed::Mute, MUTE, |t| t.more().mute_hour, false, mute(Some(HOUR_S)));
            offer(Deed::Mute, MUTE, |t| t.more().mute_day, false, mute(Some(DAY_S)));
            offer(Deed::Mute, MUTE, |t| t.more().mute_for_good, false, mute(None));
        }
        offer(Deed::Transfer, KEY, |t| t.more().make_owner, true, ask(Ask::Transfer));
        offer(Deed::Remove, LEAVE, |t| t.more().remove_member, true, ask(Ask::Remove));
        offer(Deed::Ban, BAN, |t| t.more().ban_member, true, ask(Ask::Ban));
        items
    }

    fn does(self, command: impl Fn() -> ConversationCommand + 'static) -> Box<dyn Fn()> {
        Box::new(move || self.form.run(govern(self.id, command())))
    }

    /// The dialog that asks before something that is hard to undo.
    fn question(self) -> AnyView {
        let asked = move || self.asked.get();
        let title = Signal::derive(move || match asked() {
            Some((Ask::Remove, _, name)) => (t().more().remove_title)(&name),
            Some((Ask::Ban, _, name)) => (t().more().ban_title)(&name),
            Some((Ask::Transfer, _, name)) => (t().more().transfer_title)(&name),
            None => String::new(),
        });
        dialog("dialog--confirm", self.asking, title, move || {
            let Some((ask, user, _)) = self.asked.get_untracked() else { return ().into_any() };
            let (text, agree): (Words, Words) = match ask {
                Ask::Remove => (|t| t.more().remove_text, |t| t.more().remove_member),
                Ask::Ban => (|t| t.more().ban_text, |t| t.more().ban_member),
                Ask::Transfer => (|t| t.more().transfer_text, |t| t.more().make_owner),
            };
            let act = move |_| {
                self.asking.set(false);
                let command = match ask {
                    Ask::Remove => ConversationCommand::Remove { user },
                    Ask::Ban => ConversationCommand::Ban { user },
                    Ask::Transfer => ConversationCommand::Transfer { user },
                };
                self.form.run(govern(self.id, command));
            };
            view! {
                <div class="dialog__body">
                    <p class="muted">{live(move || text(t()))}</p>
                </div>
                <div class="dialog__footer">
                    {button("", None, |t| t.cancel, move |_| self.asking.set(false))}
                    {button("button--danger button--primary", None, agree, act)}
                </div>
            }
            .into_any()
        })
    }
}

fn role_word(role: Role) -> Option<&'static str> {
    match role {
        Role::Owner => Some(t().more().owner),
        Role::Admin => Some(t().more().admin),
        Role::Member => None,
    }
}
