//! The five shapes of the icon: one gate, drawn on a field of 16 by 16 and filled in one colour that stands out from light
//! and dark panels alike.

use super::State;

/// Pixels of a side.
pub(super) const SIDE: u32 = 64;

/// The field that shapes are drawn on.
const FIELD: f32 = 16.0;

/// Samples of a pixel's side, for smooth edges.
const SAMPLES: u32 = 4;

/// Bottom of the gate.
const SILL: f32 = 14.6;

/// Middle of the arch.
const CX: f32 = 8.0;

/// Where the arch begins, down from the top.
const SPRING: f32 = 7.8;

/// A point of the field.
#[derive(Clone, Copy)]
struct Point {
    x: f32,
    y: f32,
}

impl Point {
    fn within(self, x: f32, y: f32, width: f32, height: f32) -> bool {
        (x..x + width).contains(&self.x) && (y..y + height).contains(&self.y)
    }

    fn from(self, x: f32, y: f32) -> f32 {
        (self.x - x).hypot(self.y - y)
    }

    /// Inside an arch whose half width is `reach`, from its top to the sill.
    fn below_arch(self, reach: f32) -> bool {
        let beside = (self.x - CX).abs() <= reach && (SPRING..=SILL).contains(&self.y);
        beside || (self.y < SPRING && self.from(CX, SPRING) <= reach)
    }

    /// On an arch between two half widths.
    fn on_arch(self, inner: f32, outer: f32) -> bool {
        self.below_arch(outer) && !self.below_arch(inner)
    }
}

/// Whether a point of the field is filled.
fn is_filled(state: State, p: Point) -> bool {
    match state {
        State::Quiet => p.on_arch(3.1, 6.2),
        // Somebody stands in the gate.
        State::Waiting => {
            let head = p.from(CX, 7.4) <= 1.7;
            let body = p.y >= 9.6 && p.y <= SILL && p.from(CX, 13.2) <= 3.4 && (p.x - CX).abs() <= 2.7;
            p.on_arch(5.0, 6.4) || head || body
        }
        // A solid gate with a mark cut out of it.
        State::Alarm => {
            let stroke = p.within(7.0, 4.4, 2.0, 5.2);
            let dot = p.within(7.0, 11.0, 2.0, 2.0);
            p.below_arch(6.8) && !stroke && !dot
        }
        State::Paused => p.on_arch(5.0, 6.4) || p.within(5.5, 7.6, 1.9, 7.0) || p.within(8.6, 7.6, 1.9, 7.0),
        // One half stands, the other is in pieces.
        State::Degraded => {
            let turn = (p.y - SPRING).atan2(p.x - CX).to_degrees();
            let piece =
                if p.y < SPRING { (-72.0..=-40.0).contains(&turn) } else { (p.y - SPRING).rem_euclid(3.4) > 1.5 };
            p.on_arch(3.1, 6.2) && (p.x < CX || piece)
        }
    }
}

/// Red, green and blue: all as far from white as from black.
fn colour(state: State) -> [u8; 3] {
    match state {
        State::Quiet => [0x2a, 0x85, 0x7d],
        State::Waiting | State::Degraded => [0xa8, 0x6f, 0x12],
        State::Alarm => [0xcf, 0x4b, 0x3e],
        State::Paused => [0x7a, 0x76, 0x6d],
    }
}

/// The icon as rows of red, green, blue and alpha.
pub(super) fn draw(state: State) -> Vec<u8> {
    let [red, green, blue] = colour(state);
    let step = FIELD / (SIDE * SAMPLES) as f32;
    let mut out = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let samples = (0..SAMPLES * SAMPLES).filter(|sample| {
                let x = (column * SAMPLES + sample % SAMPLES) as f32 + 0.5;
                let y = (row * SAMPLES + sample / SAMPLES) as f32 + 0.5;
                is_filled(state, Point { x: x * step, y: y * step })
            });
            let alpha = samples.count() * 255 / (SAMPLES * SAMPLES) as usize;
            out.extend([red, green, blue, u8::try_from(alpha).unwrap_or(u8::MAX)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG defines it.
    fn luminance(colour: [u8; 3]) -> f64 {
        let part = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2])
    }

    #[test]
    fn a_shape_stands_out_from_light_and_dark() {
        for state in State::ALL {
            let light = luminance(colour(state));
            assert!(1.05 / (light + 0.05) >= 3.0, "{state:?} on white");
            assert!((light + 0.05) / 0.05 >= 3.0, "{state:?} on black");
        }
    }

    #[test]
    fn shapes_differ_in_form() {
        let forms: Vec<Vec<bool>> =
            State::ALL.iter().map(|state| draw(*state).chunks(4).map(|pixel| pixel[3] > 127).collect()).collect();
        for (at, form) in forms.iter().enumerate() {
            let filled = form.iter().filter(|pixel| **pixel).count();
            assert!((400..3_000).contains(&filled), "{:?}: {filled} pixels", State::ALL[at]);
            for (other_at, other) in forms.iter().enumerate().skip(at + 1) {
                let different = form.iter().zip(other).filter(|(a, b)| a != b).count();
                assert!(different > 200, "{:?} and {:?}: {different}", State::ALL[at], State::ALL[other_at]);
            }
        }
    }
}
