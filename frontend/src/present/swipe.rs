//! A finger that moves a screen away: from the edge, across, and far enough or fast enough.

/// How far from the edge it may begin.
const EDGE_PX: f64 = 28.0;
/// How far it goes before it is clear where to.
const SLOP_PX: f64 = 10.0;
/// So fast it goes on by itself, in pixels a millisecond, however far it came.
const FLING: f64 = 0.4;
/// Speed is that of the last so many milliseconds.
const RECENT_MS: f64 = 100.0;

/// A finger on its way. Places are pixels, times are milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Swipe {
    from: (f64, f64),
    /// It goes across: until then it may be anything.
    across: bool,
    /// Where it was lately, and when.
    trail: Vec<(f64, f64)>,
}

/// What a step of the finger means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Not clear yet.
    Wait,
    /// The screen goes so far with it.
    Follow(f64),
    /// It goes up or down, or the other way: no business of ours.
    Leave,
}

impl Swipe {
    /// A finger that comes down here; none too far from the edge.
    #[must_use]
    pub fn begin(x: f64, y: f64, at: f64) -> Option<Self> {
        let swipe = Self { from: (x, y), across: false, trail: vec![(x, at)] };
        (x <= EDGE_PX).then_some(swipe)
    }

    /// The finger is here now.
    pub fn to(&mut self, x: f64, y: f64, at: f64) -> Step {
        let (right, down) = (x - self.from.0, y - self.from.1);
        if !self.across {
            if right.abs().max(down.abs()) < SLOP_PX {
                return Step::Wait;
            }
            if right < down.abs() {
                return Step::Leave;
            }
            self.across = true;
        }
        self.trail.push((x, at));
        self.trail.retain(|(_, then)| at - then <= RECENT_MS);
        Step::Follow(right.max(0.0))
    }

    /// The finger is gone: whether the screen goes, too, which is so wide.
    #[must_use]
    pub fn goes(&self, width: f64, at: f64) -> bool {
        let recent = self.trail.iter().find(|(_, then)| at - then <= RECENT_MS);
        let (Some((first, began)), Some((last, _))) = (recent, self.trail.last()) else {
            return self.across && self.far(width);
        };
        let speed = (last - first) / (at - began).max(1.0);
        // Whoever turns back does not want to go.
        self.across && speed > -FLING && (speed > FLING || self.far(width))
    }

    fn far(&self, width: f64) -> bool {
        self.trail.last().is_some_and(|(x, _)| x - self.from.0 > width / 3.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A finger that goes through these places, 16 ms each, and is lifted with the last.
    fn swiped(places: &[(f64, f64)]) -> Option<(Step, bool)> {
        let mut swipe = Swipe::begin(places[0].0, places[0].1, 0.0)?;
        let (mut step, mut at) = (Step::Wait, 0.0);
        for (x, y) in &places[1..] {
            at += 16.0;
            step = swipe.to(*x, *y, at);
            if step == Step::Leave {
                return Some((step, false));
            }
        }
        Some((step, swipe.goes(390.0, at)))
    }

    fn slowly(to: f64) -> Vec<(f64, f64)> {
        (0..=(to / 2.0) as u32).map(|at| (4.0 + 2.0 * f64::from(at), 300.0)).collect()
    }

    #[test]
    fn it_begins_at_the_edge() {
        assert!(Swipe::begin(28.0, 0.0, 0.0).is_some());
        assert!(Swipe::begin(29.0, 0.0, 0.0).is_none());
    }

    #[test]
    fn up_and_down_and_the_other_way_are_left_alone() {
        assert_eq!(swiped(&[(10.0, 300.0), (16.0, 312.0)]), Some((Step::Leave, false)));
        assert_eq!(swiped(&[(20.0, 300.0), (8.0, 301.0)]), Some((Step::Leave, false)));
        assert_eq!(swiped(&[(10.0, 300.0), (18.0, 302.0)]), Some((Step::Wait, false)));
    }

    #[test]
    fn once_across_it_may_go_up_and_down() {
        let places = [(10.0, 300.0), (30.0, 302.0), (60.0, 380.0)];
        assert_eq!(swiped(&places).map(|(step, _)| step), Some(Step::Follow(50.0)));
    }

    #[test]
    fn past_a_third_it_goes_and_before_it_does_not() {
        assert_eq!(swiped(&slowly(140.0)).map(|(_, goes)| goes), Some(true));
        assert_eq!(swiped(&slowly(120.0)).map(|(_, goes)| goes), Some(false));
    }

    #[test]
    fn speed_counts_both_ways() {
        let fling = [(10.0, 300.0), (30.0, 300.0), (60.0, 300.0)];
        assert_eq!(swiped(&fling).map(|(_, goes)| goes), Some(true));
        let back: Vec<_> = slowly(300.0)
            .into_iter()
            .chain([(260.0, 300.0), (220.0, 300.0), (180.0, 300.0)])
            .collect();
        assert_eq!(swiped(&back).map(|(_, goes)| goes), Some(false));
    }

    #[test]
    fn a_finger_that_rested_before_it_was_lifted_has_no_speed() {
        let mut swipe = Swipe::begin(10.0, 300.0, 0.0).expect("at the edge");
        swipe.to(80.0, 300.0, 16.0);
        assert!(!swipe.goes(390.0, 500.0));
        swipe.to(200.0, 300.0, 520.0);
        assert!(swipe.goes(390.0, 900.0));
    }
}
