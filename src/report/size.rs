//! Sizes of files in words.

/// The size with three digits: `312 bytes`, `4.10 kB`, `27.0 MB`; a kB is 1000 bytes.
///
/// ```
/// use claim_assay::report::size::bytes;
/// assert_eq!([bytes(1), bytes(999), bytes(4_096), bytes(12_345_678)], ["1 byte", "999 bytes", "4.10 kB", "12.3 MB"]);
/// ```
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return super::terminal::count(bytes, "byte");
    }
    let mut size = bytes as f64 / 1000.0;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        // 999.5 would be written as 1000.
        if size < 999.5 {
            break;
        }
        size /= 1000.0;
        unit = next;
    }
    let places = if size < 9.995 {
        2
    } else if size < 99.95 {
        1
    } else {
        0
    };
    format!("{size:.places$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn three_digits_at_every_size() {
        let cases = [
            (0, "0 bytes"),
            (1_000, "1.00 kB"),
            (9_994, "9.99 kB"),
            (9_996, "10.0 kB"),
            (99_960, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (size, words) in cases {
            assert_eq!(bytes(size), words);
        }
    }
}
