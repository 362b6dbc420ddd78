//! How wide the list may be, and what keys do to it.

/// What an arrow changes, and the same with Shift, in pixels.
const STEP_PX: f64 = 16.0;
const LEAP_PX: f64 = 64.0;

/// The least and the most width, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// As narrow as this.
    pub least: f64,
    /// As wide as this, and never less than `least`.
    pub most: f64,
}

impl Bounds {
    /// In a window of this width whose letters are as large as this (both in pixels): 15 to 36 of them, and at most
    /// half of the window.
    #[must_use]
    pub fn of(window: f64, letter: f64) -> Self {
        let least = 15.0 * letter;
        Self { least, most: (36.0 * letter).min(window / 2.0).max(least) }
    }

    /// The width next to a wished one that is allowed.
    #[must_use]
    pub fn fit(self, wished: f64) -> f64 {
        wished.clamp(self.least, self.most).round()
    }

    /// The width behind a key, if it changes something.
    #[must_use]
    pub fn key(self, key: &str, shift: bool, now: f64) -> Option<f64> {
        let step = if shift { LEAP_PX } else { STEP_PX };
        let wished = match key {
            "ArrowRight" => now + step,
            "ArrowLeft" => now - step,
            "Home" => self.least,
            "End" => self.most,
            _ => return None,
        };
        Some(self.fit(wished))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_leaves_half_of_the_window_to_the_conversation() {
        assert_eq!(Bounds::of(1280.0, 16.0), Bounds { least: 240.0, most: 576.0 });
        assert_eq!(Bounds::of(800.0, 16.0).most, 400.0);
        // Large letters in a small window: narrow is better than nothing.
        assert_eq!(Bounds::of(400.0, 20.0), Bounds { least: 300.0, most: 300.0 });
    }

    #[test]
    fn keys_stay_within_the_bounds() {
        let bounds = Bounds::of(1280.0, 16.0);
        assert_eq!(bounds.key("ArrowRight", false, 300.0), Some(316.0));
        assert_eq!(bounds.key("ArrowLeft", true, 300.0), Some(240.0));
        assert_eq!(bounds.key("Home", false, 300.0), Some(240.0));
        assert_eq!(bounds.key("End", false, 300.0), Some(576.0));
        assert_eq!(bounds.key("a", false, 300.0), None);
    }
}
