//! The page `/admin`: what whoever owns the deployment sees and decides.

mod groups;
mod log;
mod overview;
mod paged;
mod people;
mod reports;
mod set_up;

use leptos::prelude::*;
use tideline_shared::Code;
use tideline_shared::protocol::{AdminCommand, AdminReply};

use crate::browser::{Fail, go, post, t};
use crate::kit;
use crate::kit::icon::{SEARCH, SLIDERS, icon};
use crate::kit::{
    Asked, State, Words, back_button, button, empty, live, memo, said, submitted, typed, words,
};
use crate::locale::Admin;
use crate::present::Route;
use crate::screens::unreached::{is_known, unknown};
use crate::shell::Device;

/// The words of these screens.
fn w() -> &'static Admin {
    t().more().running
}

/// Asks the service.
///
/// # Errors
/// It was not reached, or refused.
async fn ask(command: AdminCommand) -> Result<AdminReply, Fail> {
    post("/api/admin", &command).await
}

/// What is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Overview,
    People,
    Groups,
    Reports,
    Log,
    Settings,
}

impl Tab {
    const ALL: [Self; 6] =
        [Self::Overview, Self::People, Self::Groups, Self::Reports, Self::Log, Self::Settings];

    fn id(self) -> &'static str {
        match self {
            Self::Overview => "admin-overview",
            Self::People => "admin-people",
            Self::Groups => "admin-groups",
            Self::Reports => "admin-reports",
            Self::Log => "admin-log",
            Self::Settings => "admin-settings",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Overview => w().overview,
            Self::People => w().people,
            Self::Groups => w().groups,
            Self::Reports => w().reports,
            Self::Log => w().log,
            Self::Settings => t().settings,
        }
    }

    fn draw(self) -> AnyView {
        match self {
            Self::Overview => overview::overview(),
            Self::People => people::people(),
            Self::Groups => groups::groups(),
            Self::Reports => reports::reports(),
            Self::Log => log::log(),
            Self::Settings => set_up::set_up(),
        }
    }
}

/// The page.
pub(super) fn admin_page() -> AnyView {
    let device = Device::here();
    let is_owner = memo(move || device.owns_deployment());
    let known = is_known(device);
    let content = move || match (is_owner.get(), known.get()) {
        (true, _) => tabs(),
        (false, true) => not_yours(),
        (false, false) => unknown(device),
    };
    view! {
        <header class="pane__header">
            {back_button()}
            <h1 class="pane__title">{live(move || w().title)}</h1>
        </header>
        {content}
    }
    .into_any()
}

fn not_yours() -> AnyView {
    let home = button("button--primary", None, |t| t.to_start, |_| go(Route::Home));
    let text = words(|t| t.more().running.not_yours_text);
    empty(icon(SLIDERS), |t| t.more().running.not_yours, text, home)
}

fn tabs() -> AnyView {
    let shown = State::new(Tab::Overview);
    view! {
        <div class="admin">
            {tab_row(shown)}
            <div
                class="pane__scroll"
                role="tabpanel"
                id="admin"
                tabindex="0"
                aria-labelledby=move || shown.get().id()
            >
                <div class="admin__column">{live(move || shown.get().draw())}</div>
            </div>
        </div>
    }
    .into_any()
}

fn tab_row(shown: State<Tab>) -> AnyView {
    let tab = |it: Tab| kit::Tab {
        id: it.id(),
        shown: Signal::derive(move || it.words().to_owned()),
        name: None,
    };
    let chosen = Signal::derive(move || Tab::ALL.iter().position(|it| *it == shown.get()));
    let choose = Callback::new(move |at: usize| {
        if let Some(it) = Tab::ALL.get(at) {
            shown.set(*it);
        }
    });
    let name = words(|t| t.more().running.title);
    let tabs = Tab::ALL.map(tab).into();
    kit::tabs(["tabs tabs--scroll admin__tabs", "tab"], name, Some("admin"), tabs, chosen, choose)
}

/// What is fetched once: loading, why not, or what `draw` makes of it.
fn fetched<T: Clone + Send + Sync + 'static>(
    command: AdminCommand,
    read: fn(AdminReply) -> Option<T>,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let asked = Asked::new(move || {
        let answer = ask(command.clone());
        async move { read(answer.await?).ok_or(Code::Unknown.into()) }
    });
    asked.draw(draw)
}

/// A field in which one types what a list is to be narrowed to; `find` is called with it.
fn narrow(label: Words, query: State<String>, find: impl Fn() + 'static) -> AnyView {
    let send = submitted(move || {
        find();
    });
    view! {
        <form class="admin__find" role="search" on:submit=send>
            <div class="search-box">
                {icon(SEARCH)}
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    aria-label=said(label)
                    placeholder=said(label)
                    prop:value=move || query.get()
                    on:input=typed(move |event| query.set(event_target_value(&event)))
                />
            </div>
            <button type="submit" class="button">
                {live(move || t().search)}
            </button>
        </form>
    }
    .into_any()
}
