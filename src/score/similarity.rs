//! How like two claims are: a weighted mean, as an integer so that ties are exact on every machine.

/// The similarity of two claims that agree in everything.
pub const SCALE: u32 = 1_000_000;

/// Weight of the IoU.
pub const SPAN_WEIGHT: u32 = 2;

/// Weight of the equality of kinds.
pub const KIND_WEIGHT: u32 = 1;

/// Intersection over union of two claims' code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iou {
    /// Code points in both.
    pub intersection: u64,
    /// Code points in either; 0 only when neither claim has a place.
    pub union: u64,
}

impl Iou {
    /// Whether the IoU is at least that many hundredths.
    pub fn at_least(self, percent: u8) -> bool {
        self.intersection > 0 && self.intersection * 100 >= self.union * u64::from(percent)
    }

    /// In millionths, rounded down.
    pub fn millionths(self) -> u64 {
        (self.intersection * u64::from(SCALE)).checked_div(self.union).unwrap_or(0)
    }

    /// As a number in 0..1; 0 when neither claim has a place.
    pub fn value(self) -> f64 {
        if self.union == 0 { 0.0 } else { self.intersection as f64 / self.union as f64 }
    }
}

/// The integer nearest (half to even) to 10^6 times the weighted mean of IoU (weight 2), kind equality (1) and field
/// equalities (their weights).
///
/// `fields` is (sum of the weights of equal fields, sum of the weights of all fields that count). Fields that gold has not
/// annotated, or that are absent on both sides, do not count; nor does the span when neither claim has one.
pub fn similarity(iou: Iou, same_kind: bool, fields: (u64, u64)) -> u32 {
    let (equal, all) = fields;
    if same_kind && equal == all && iou.intersection == iou.union {
        return SCALE;
    }
    if iou.union >> 24 == 0 && all >> 8 == 0 {
        return small(iou, same_kind, equal, all);
    }
    let flat = u128::from(KIND_WEIGHT) * u128::from(same_kind) + u128::from(equal);
    let mut weight = u128::from(KIND_WEIGHT) + u128::from(all);
    let (mut numerator, mut denominator) = (flat, 1);
    if iou.union > 0 {
        weight += u128::from(SPAN_WEIGHT);
        numerator = u128::from(SPAN_WEIGHT) * u128::from(iou.intersection) + flat * u128::from(iou.union);
        denominator = u128::from(iou.union);
    }
    round_half_even(numerator * u128::from(SCALE), denominator * weight)
}

/// The same for unions below 2^24 and weights below 2^8, where nothing overflows 64 bits: division of 128 bits is slow.
fn small(iou: Iou, same_kind: bool, equal: u64, all: u64) -> u32 {
    let flat = u64::from(KIND_WEIGHT) * u64::from(same_kind) + equal;
    let mut weight = u64::from(KIND_WEIGHT) + all;
    let (mut numerator, mut denominator) = (flat, 1);
    if iou.union > 0 {
        weight += u64::from(SPAN_WEIGHT);
        numerator = u64::from(SPAN_WEIGHT) * iou.intersection + flat * iou.union;
        denominator = iou.union;
    }
    let (numerator, denominator) = (numerator * u64::from(SCALE), denominator * weight);
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let up = 2 * rest > denominator || (2 * rest == denominator && whole % 2 == 1);
    whole as u32 + u32::from(up)
}

fn round_half_even(numerator: u128, denominator: u128) -> u32 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let up = match (2 * rest).cmp(&denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => whole % 2 == 1,
    };
    u32::try_from(whole).unwrap_or(SCALE) + u32::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_to_even() {
        assert_eq!(round_half_even(1, 2), 0);
        assert_eq!(round_half_even(3, 2), 2);
        assert_eq!(round_half_even(5, 2), 2);
        assert_eq!(round_half_even(7, 3), 2);
        assert_eq!(round_half_even(8, 3), 3);
    }

    #[test]
    fn small_numbers_are_rounded_as_large_ones() {
        for union in (0..60).chain([999_983, (1 << 24) - 1]) {
            for intersection in [0, 1, union / 3, union / 2, union].into_iter().filter(|i| *i <= union) {
                for (equal, all) in [(0, 0), (1, 2), (3, 7), (255, 255)] {
                    for same_kind in [false, true] {
                        let flat = u128::from(same_kind) + u128::from(equal);
                        let (span, parts) = if union > 0 { (2, u128::from(union)) } else { (0, 1) };
                        let numerator = span * u128::from(intersection) + flat * parts;
                        let expected = round_half_even(numerator * u128::from(SCALE), parts * (1 + span + u128::from(all)));
                        assert_eq!(similarity(Iou { intersection, union }, same_kind, (equal, all)), expected);
                    }
                }
            }
        }
    }

    #[test]
    fn weights() {
        let iou = |intersection, union| Iou { intersection, union };
        assert_eq!(similarity(iou(4, 4), true, (0, 0)), SCALE);
        assert_eq!(similarity(iou(1, 2), false, (0, 0)), 333_333);
        assert_eq!(similarity(iou(1, 2), true, (3, 4)), 714_286);
        assert_eq!(similarity(iou(0, 0), true, (0, 1)), 500_000);
        assert_eq!(similarity(iou(0, 0), true, (0, 0)), SCALE);
    }
}
