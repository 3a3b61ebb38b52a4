//! Lists that are used again for the next article.

/// Fills a list anew, in the memory that it has.
pub(super) fn reset<T: Clone>(list: &mut Vec<T>, length: usize, value: T) {
    list.clear();
    list.resize(length, value);
}
