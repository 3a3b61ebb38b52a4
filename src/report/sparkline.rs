//! A number over time as a line of eight heights.

/// A character a value: the lowest one is `▁`, the highest `█`, an undefined one `·`.
///
/// The heights span at least `least`, so that a line whose values hardly differ does not look like a jump.
///
/// ```
/// use claim_assay::report::sparkline::sparkline;
/// assert_eq!(sparkline(&[Some(0.5), None, Some(0.75), Some(1.0)], 0.05), ['▁', '·', '▅', '█']);
/// assert_eq!(sparkline(&[Some(0.780), Some(0.781)], 0.05), ['▄', '▅']);
/// ```
pub fn sparkline(values: &[Option<f64>], least: f64) -> Vec<char> {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let numbers = || values.iter().flatten().copied();
    let (low, high) = (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
    let span = (high - low).max(least);
    let bottom = f64::midpoint(low, high) - span / 2.0;
    let height = |value: f64| {
        let share = if span > 0.0 { (value - bottom) / span } else { 0.5 };
        // A float becomes a whole number within the limits of its type.
        HEIGHTS[((share * 8.0) as usize).min(7)]
    };
    values.iter().map(|value| value.map_or('·', height)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_out_of_the_picture() {
        let line =
            |values: &[f64], least| sparkline(&values.iter().map(|&v| Some(v)).collect::<Vec<_>>(), least).into_iter().collect::<String>();
        assert_eq!(line(&[], 0.05), "");
        assert_eq!(line(&[1.0, 1.0], 0.05), "▅▅");
        assert_eq!(line(&[3.0], 0.0), "▅");
        assert_eq!(line(&[-1.0, 0.0, 1.0], 0.0), "▁▅█");
        assert_eq!(line(&[0.0, 1e300, f64::MAX], 0.0), "▁▁█");
        assert_eq!(sparkline(&[None, None], 0.05), ['·', '·']);
    }
}
