//! What the app holds, and what it works out of that: signals as Leptos has them, compiled once for the values of all
//! types. Leptos compiles its own anew for each type, which would be two hundredths of the first load.
//!
//! They end with the part of the page that made them. Whoever reads one while an effect or a
//! part of a view runs makes that run again when the value changes, but for what ends in `_untracked`. Where the value
//! has ended, `get` and `with` panic, as Leptos's own do; what begins with `try_` says so, and to change it does nothing.

use std::any::Any;
use std::marker::PhantomData;

use leptos::prelude::*;

/// A value that changes.
pub(crate) type State<T> = Value<T, RwSignal<Held>>;

/// A value that is worked out of others; it becomes another only when it is not equal.
pub(crate) type Derived<T> = Value<T, Memo<Held>>;

/// A value that changes, and lasts for as long as somebody has it.
pub(crate) type Lasting<T> = Value<T, ArcRwSignal<Held>>;

/// A value of one type, behind a signal that knows no types.
pub(crate) struct Value<T, S>(S, PhantomData<fn() -> T>);

impl<T, S: Clone> Clone for Value<T, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T, S: Copy> Copy for Value<T, S> {}

impl<T: Send + Sync + 'static, S: Source> Value<T, S> {
    pub(crate) fn try_with<R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let mut seen = None;
        self.0.look(true, &mut once(look, &mut seen));
        seen
    }

    pub(crate) fn try_with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let mut seen = None;
        self.0.look(false, &mut once(look, &mut seen));
        seen
    }

    pub(crate) fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.try_with(look).expect(ENDED)
    }

    pub(crate) fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.try_with_untracked(look).expect(ENDED)
    }

    /// Reads the value only to hear of its changes.
    pub(crate) fn track(&self) {
        self.0.look(true, &mut |_| {});
    }
}

impl<T: Clone + Send + Sync + 'static, S: Source> Value<T, S> {
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    pub(crate) fn try_get_untracked(&self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

impl<T: Send + Sync + 'static, S: Holder> Value<T, S> {
    pub(crate) fn new(value: T) -> Self {
        Self(S::hold(Held::new(value)), PhantomData)
    }

    pub(crate) fn set(&self, value: T) {
        self.0.replace(Held::new(value));
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// What `change` says, having made another value of it.
    pub(crate) fn try_update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut said) = (Some(change), None);
        self.0.alter(&mut |held| {
            if let (Some(value), Some(change)) = (held.0.downcast_mut(), change.take()) {
                said = Some(change(value));
            }
        });
        said
    }
}

impl<T: Default + Send + Sync + 'static, S: Holder> Default for Value<T, S> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// What `work_out` says of what it reads; whoever reads this hears of it when it becomes another.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(
    work_out: impl Fn() -> T + Send + Sync + 'static,
) -> Derived<T> {
    let is_new = |before: Option<&Held>, after: Option<&Held>| {
        before.and_then(Held::get::<T>) != after.and_then(Held::get::<T>)
    };
    Value(memo_of(Box::new(move || Held::new(work_out())), is_new), PhantomData)
}

const ENDED: &str = "the part of the page whose value this is has ended";

/// A value whose type only its [`Value`] knows, which is the only one that puts values in.
pub(crate) struct Held(Box<dyn Any + Send + Sync>);

impl Held {
    fn new<T: Send + Sync + 'static>(value: T) -> Self {
        Self(Box::new(value))
    }

    fn get<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

/// What can be read.
pub(crate) trait Source {
    /// Shows the value, unless it has ended.
    fn look(&self, tracked: bool, look: &mut dyn FnMut(&Held));
}

/// What holds a value that changes.
pub(crate) trait Holder: Source {
    fn hold(held: Held) -> Self;
    fn replace(&self, held: Held);
    fn alter(&self, change: &mut dyn FnMut(&mut Held));
}

macro_rules! source {
    ($($signal:ident)*) => {$(
        impl Source for $signal<Held> {
            fn look(&self, tracked: bool, look: &mut dyn FnMut(&Held)) {
                if tracked {
                    self.try_with(look);
                } else {
                    self.try_with_untracked(look);
                }
            }
        }
    )*};
}

source! { RwSignal ArcRwSignal Memo }

macro_rules! holder {
    ($($signal:ident)*) => {$(
        impl Holder for $signal<Held> {
            fn hold(held: Held) -> Self {
                Self::new(held)
            }

            fn replace(&self, held: Held) {
                self.try_set(held);
            }

            fn alter(&self, change: &mut dyn FnMut(&mut Held)) {
                self.try_update(change);
            }
        }
    )*};
}

holder! { RwSignal ArcRwSignal }

/// A look at a value, for a signal that knows no types; what it says comes into `seen`.
fn once<T: 'static, R>(look: impl FnOnce(&T) -> R, seen: &mut Option<R>) -> impl FnMut(&Held) {
    let mut look = Some(look);
    move |held| {
        if let (Some(value), Some(look)) = (held.get(), look.take()) {
            *seen = Some(look(value));
        }
    }
}

fn memo_of(
    work_out: Box<dyn Fn() -> Held + Send + Sync>,
    is_new: fn(Option<&Held>, Option<&Held>) -> bool,
) -> Memo<Held> {
    Memo::new_with_compare(move |_| work_out(), is_new)
}

/// Whoever takes any signal of this type takes these, too.
impl<T: Clone + Send + Sync + 'static, S: Source + Send + Sync + 'static> From<Value<T, S>>
    for Signal<T>
{
    fn from(value: Value<T, S>) -> Self {
        Self::derive(move || value.get())
    }
}
