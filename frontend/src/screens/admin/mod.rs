//! The page `/admin`: what whoever owns the deployment sees and decides.

mod groups;
mod log;
mod overview;
mod paged;
mod people;
mod reports;
mod set_up;

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply};

use crate::browser::{Fail, go, post, t};
use crate::kit;
use crate::kit::icon::{SEARCH, SLIDERS, icon};
use crate::kit::{Form, Words, back_button, button, empty, live, typed, words};
use crate::locale::Admin;
use crate::present::Route;
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
    let is_owner = Memo::new(move |_| device.owns_deployment());
    let content = move || if is_owner.get() { tabs() } else { not_yours() };
    view! {
        <header class="pane__header">
            {back_button(|_| go(Route::Home))}
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
    let shown = RwSignal::new(Tab::Overview);
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

fn tab_row(shown: RwSignal<Tab>) -> AnyView {
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
    kit::tabs(["admin__tabs tabs", "tab"], name, Some("admin"), tabs, chosen, choose)
}

/// What is fetched once: loading, why not, or what `draw` makes of it.
fn fetched<T: Clone + Send + Sync + 'static>(
    command: AdminCommand,
    read: fn(AdminReply) -> Option<T>,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let (found, form) = (RwSignal::new(None::<T>), Form::new());
    let look = move || {
        let command = command.clone();
        form.run(async move {
            found.try_set(read(ask(command).await?));
            Ok(())
        });
    };
    look();
    let content = move || match found.get() {
        Some(all) => draw(all),
        None if form.fail.get().is_some() => {
            let look = look.clone();
            view! { <div>{button("", None, |t| t.retry, move |_| look())}</div> }.into_any()
        }
        None => loading(),
    };
    view! { {form.alert(&[])} {content} }.into_any()
}

fn loading() -> AnyView {
    view! { <p class="muted" role="status">{live(move || t().loading)}</p> }.into_any()
}

/// A field in which one types what a list is to be narrowed to; `find` is called with it.
fn narrow(label: Words, query: RwSignal<String>, find: impl Fn() + 'static) -> AnyView {
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        find();
    };
    view! {
        <form class="admin__find" role="search" on:submit=send>
            <div class="search-box">
                {icon(SEARCH)}
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    aria-label=move || label(t())
                    placeholder=move || label(t())
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
