//! A finger on a picture: aside for the next one or the one before, down to put it away.

/// So far it goes before it is clear where to.
const SLOP_PX: f64 = 10.0;
/// So far it has to go for anything to happen.
const FAR_PX: f64 = 56.0;

/// A finger on its way over a picture. Places are pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pull {
    from: (f64, f64),
    /// Whether it goes across, once that is clear.
    across: Option<bool>,
    by: f64,
}

/// What happens when the finger is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// Too little.
    Nowhere,
    /// The picture goes to the left, or to the right: by so many pictures, 1 or -1.
    Turn(isize),
    /// Away with it.
    Close,
}

impl Pull {
    /// A finger that comes down here.
    #[must_use]
    pub fn begin(x: f64, y: f64) -> Self {
        Self { from: (x, y), across: None, by: 0.0 }
    }

    /// The finger is here now: how far the picture goes with it, across and down.
    pub fn to(&mut self, x: f64, y: f64) -> (f64, f64) {
        let (right, down) = (x - self.from.0, y - self.from.1);
        if self.across.is_none() && right.abs().max(down.abs()) >= SLOP_PX {
            self.across = Some(right.abs() > down.abs());
        }
        match self.across {
            None => (0.0, 0.0),
            Some(true) => {
                self.by = right;
                (right, 0.0)
            }
            // There is nothing above.
            Some(false) => {
                self.by = down.max(0.0);
                (0.0, self.by)
            }
        }
    }

    /// The finger is gone.
    #[must_use]
    pub fn end(self) -> Pulled {
        match self.across {
            Some(true) if self.by.abs() >= FAR_PX => {
                Pulled::Turn(if self.by < 0.0 { 1 } else { -1 })
            }
            Some(false) if self.by >= FAR_PX => Pulled::Close,
            _ => Pulled::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulled(way: &[(f64, f64)]) -> ((f64, f64), Pulled) {
        let mut pull = Pull::begin(200.0, 300.0);
        let goes = way.iter().map(|&(x, y)| pull.to(200.0 + x, 300.0 + y)).last();
        (goes.unwrap_or_default(), pull.end())
    }

    #[test]
    fn aside_it_turns_and_down_it_goes_away() {
        assert_eq!(pulled(&[]), ((0.0, 0.0), Pulled::Nowhere));
        assert_eq!(pulled(&[(5.0, 5.0)]), ((0.0, 0.0), Pulled::Nowhere), "a tap");
        assert_eq!(pulled(&[(-12.0, 4.0), (-90.0, 40.0)]), ((-90.0, 0.0), Pulled::Turn(1)));
        assert_eq!(pulled(&[(12.0, 4.0), (90.0, 0.0)]), ((90.0, 0.0), Pulled::Turn(-1)));
        assert_eq!(pulled(&[(4.0, 12.0), (80.0, 90.0)]), ((0.0, 90.0), Pulled::Close));
        assert_eq!(pulled(&[(0.0, -12.0), (0.0, -200.0)]), ((0.0, 0.0), Pulled::Nowhere));
    }

    #[test]
    fn whoever_comes_back_wants_nothing() {
        assert_eq!(pulled(&[(-90.0, 0.0), (-20.0, 0.0)]), ((-20.0, 0.0), Pulled::Nowhere));
        assert_eq!(pulled(&[(0.0, 90.0), (0.0, 30.0)]), ((0.0, 30.0), Pulled::Nowhere));
    }
}
