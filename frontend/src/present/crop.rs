//! The square part of a picture that becomes somebody's.

/// Most times that a picture is shown larger than it fits.
pub const MOST_ZOOM: f64 = 5.0;

/// A square within a picture, in the picture's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crop {
    width: f64,
    height: f64,
    /// Its left and upper edge.
    x: f64,
    y: f64,
    side: f64,
}

impl Crop {
    /// The middle of a picture of this size, as much as is square.
    #[must_use]
    pub fn middle(width: u32, height: u32) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let side = width.min(height);
        Self { width, height, x: (width - side) / 2.0, y: (height - side) / 2.0, side }
    }

    /// Left edge, upper edge and side.
    #[must_use]
    pub fn square(self) -> (f64, f64, f64) {
        (self.x, self.y, self.side)
    }

    /// How many times larger than it fits the picture is shown.
    #[must_use]
    pub fn zoom(self) -> f64 {
        self.width.min(self.height) / self.side
    }

    /// Looks so many of its own sides further right and down, as far as the picture goes.
    #[must_use]
    pub fn moved(self, right: f64, down: f64) -> Self {
        self.at(self.x + right * self.side, self.y + down * self.side)
    }

    /// The same with another zoom, around the same middle where the picture allows it.
    #[must_use]
    pub fn zoomed(self, zoom: f64) -> Self {
        let side = self.width.min(self.height) / zoom.clamp(1.0, MOST_ZOOM);
        let shift = (self.side - side) / 2.0;
        Self { side, ..self }.at(self.x + shift, self.y + shift)
    }

    /// Where the picture's edges and its width are, seen from the square, in parts of a hundred of it:
    /// left, top, width.
    #[must_use]
    pub fn seen(self) -> (f64, f64, f64) {
        let percent = |length: f64| length / self.side * 100.0;
        (percent(-self.x), percent(-self.y), percent(self.width))
    }

    fn at(self, x: f64, y: f64) -> Self {
        let (right, bottom) = (self.width - self.side, self.height - self.side);
        Self { x: x.clamp(0.0, right.max(0.0)), y: y.clamp(0.0, bottom.max(0.0)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_in_the_middle_and_stays_within_the_picture() {
        let crop = Crop::middle(900, 600);
        assert_eq!(crop.square(), (150.0, 0.0, 600.0));
        assert_eq!(crop.seen(), (-25.0, 0.0, 150.0));
        assert_eq!(crop.moved(0.1, 0.1).square(), (210.0, 0.0, 600.0));
        assert_eq!(crop.moved(9.0, -9.0).square(), (300.0, 0.0, 600.0));
        assert_eq!(crop.moved(-9.0, 9.0).square(), (0.0, 0.0, 600.0));
    }

    #[test]
    fn zoom_keeps_the_middle_and_has_bounds() {
        let near = Crop::middle(900, 600).zoomed(2.0);
        assert_eq!((near.square(), near.zoom()), ((300.0, 150.0, 300.0), 2.0));
        assert_eq!(near.zoomed(1.0), Crop::middle(900, 600));
        assert_eq!(near.zoomed(0.1).zoom(), 1.0);
        assert_eq!(near.zoomed(99.0).zoom(), MOST_ZOOM);
        let corner = near.moved(9.0, 9.0);
        assert_eq!(corner.square(), (600.0, 300.0, 300.0));
        assert_eq!(corner.zoomed(1.0).square(), (300.0, 0.0, 600.0));
    }

    #[test]
    fn a_picture_of_one_pixel_is_one() {
        let crop = Crop::middle(1, 1).zoomed(5.0).moved(9.0, 9.0);
        assert_eq!(crop.square(), (0.8, 0.8, 0.2));
    }
}
