//! The fields of one claim: few, so that a sorted list of them is smaller and faster than a tree.

use std::fmt;
use std::ops::{Deref, Index};
use std::sync::Arc;

use super::model::FieldState;

/// The name of a field. Copies share its text: a run has hundreds of thousands of claims and a dozen names.
#[derive(Clone)]
pub struct FieldName(Text);

#[derive(Clone)]
enum Text {
    Fixed(&'static str),
    Shared(Arc<str>),
}

impl FieldName {
    /// A name that is part of the program; takes no memory.
    pub const fn fixed(name: &'static str) -> FieldName {
        FieldName(Text::Fixed(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Fixed(name) => name,
            Text::Shared(name) => name,
        }
    }
}

impl From<String> for FieldName {
    fn from(name: String) -> Self {
        FieldName(Text::Shared(name.into()))
    }
}

impl From<&str> for FieldName {
    fn from(name: &str) -> Self {
        FieldName(Text::Shared(name.into()))
    }
}

impl Deref for FieldName {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for FieldName {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for FieldName {}

impl PartialOrd for FieldName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FieldName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(other)
    }
}

/// Field name to state, values as written; each name once, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fields(Vec<(FieldName, FieldState<String>)>);

impl Fields {
    /// No fields, with room for some.
    pub fn with_capacity(fields: usize) -> Fields {
        Fields(Vec::with_capacity(fields))
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// The state of a field.
    pub fn get(&self, name: &str) -> Option<&FieldState<String>> {
        self.place(name).ok().map(|at| &self.0[at].1)
    }

    /// Whether there is a field of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Sets a field, and gives the state that it had.
    pub fn insert(&mut self, name: impl Into<FieldName>, state: FieldState<String>) -> Option<FieldState<String>> {
        let name = name.into();
        match self.place(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, state)),
            Err(at) => {
                self.0.insert(at, (name, state));
                None
            }
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> Option<FieldState<String>> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    /// All fields.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&FieldName, &FieldState<String>)> {
        self.into_iter()
    }

    /// The names.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl Index<&str> for Fields {
    type Output = FieldState<String>;

    /// # Panics
    /// When there is no such field.
    fn index(&self, name: &str) -> &FieldState<String> {
        self.get(name).unwrap_or_else(|| panic!("no field {name:?}"))
    }
}

/// One of the fields, as an iterator gives it.
type Entry<'a> = (&'a FieldName, &'a FieldState<String>);

impl<'a> IntoIterator for &'a Fields {
    type Item = Entry<'a>;
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, (FieldName, FieldState<String>)>, fn(&'a (FieldName, FieldState<String>)) -> Entry<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, state)| (name, state))
    }
}

impl<N: Into<FieldName>> FromIterator<(N, FieldState<String>)> for Fields {
    /// Of several states for one name the last one counts.
    fn from_iter<I: IntoIterator<Item = (N, FieldState<String>)>>(fields: I) -> Self {
        let mut fields: Vec<_> = fields.into_iter().map(|(name, state)| (name.into(), state)).collect();
        if !fields.is_sorted_by(|a, b| a.0 < b.0) {
            // The sort is stable: the last one of a name stands last, and takes the place of the others.
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            fields.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    std::mem::swap(next, kept);
                }
                same
            });
        }
        Fields(fields)
    }
}

impl<N: Into<FieldName>, const COUNT: usize> From<[(N, FieldState<String>); COUNT]> for Fields {
    fn from(fields: [(N, FieldState<String>); COUNT]) -> Self {
        fields.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn state(value: u8) -> FieldState<String> {
        if value == 0 { FieldState::Absent } else { FieldState::Present(value.to_string()) }
    }

    proptest::proptest! {
        /// Order, equality and comparison are those of a tree of the same fields.
        #[test]
        fn fields_are_a_map(
            a in proptest::collection::vec(("[a-c]{1,2}", 0u8..3), 0..6),
            b in proptest::collection::vec(("[a-c]{1,2}", 0u8..3), 0..6),
            gone in "[a-c]{1,2}",
        ) {
            let tree = |pairs: &[(String, u8)]| pairs.iter().map(|(n, v)| (n.clone(), state(*v))).collect::<BTreeMap<_, _>>();
            let list = |pairs: &[(String, u8)]| pairs.iter().map(|(n, v)| (n.clone(), state(*v))).collect::<Fields>();
            let as_tree = |fields: &Fields| fields.iter().map(|(n, s)| (n.to_string(), s.clone())).collect::<BTreeMap<_, _>>();
            let (mut tree_a, tree_b) = (tree(&a), tree(&b));
            let (mut list_a, list_b) = (list(&a), list(&b));
            proptest::prop_assert_eq!(list_a.cmp(&list_b), tree_a.cmp(&tree_b));
            for (name, value) in &b {
                let old = list_a.insert(name.as_str(), state(*value));
                proptest::prop_assert_eq!(old, tree_a.insert(name.clone(), state(*value)));
            }
            proptest::prop_assert_eq!(list_a.remove(&gone), tree_a.remove(&gone));
            proptest::prop_assert_eq!(list_a.get(&gone), None);
            proptest::prop_assert!(list_a.keys().eq(tree_a.keys()));
            proptest::prop_assert_eq!(list_a.len(), tree_a.len());
            proptest::prop_assert_eq!(as_tree(&list_a), tree_a);
        }
    }

    #[test]
    fn names_compare_as_text_wherever_it_stands() {
        let (fixed, shared) = (FieldName::fixed("unit"), FieldName::from("unit"));
        assert_eq!(fixed, shared);
        assert_eq!(format!("{fixed} {shared:?}"), "unit \"unit\"");
    }
}
