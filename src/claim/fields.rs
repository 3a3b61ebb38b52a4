//! The fields of one claim: few, so that a sorted list of them is smaller and faster than a tree.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
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
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FieldName {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(other)
    }
}

/// Field name to state, values as written; each name once, in the order of the names. The values stand behind one another in one
/// text: two pieces of memory a claim, whatever it says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields {
    places: Vec<Place>,
    text: String,
}

/// A field and the end of its value in the text; it begins where the one before ends.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    name: FieldName,
    /// An absent field has no text of its own.
    end: FieldState<usize>,
}

impl Fields {
    /// No fields, with room for some.
    pub fn with_capacity(fields: usize) -> Fields {
        Fields { places: Vec::with_capacity(fields), text: String::new() }
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The state of a field.
    pub fn get(&self, name: &str) -> Option<FieldState<&str>> {
        self.iter().find(|(known, _)| known.as_str() == name).map(|(_, state)| state)
    }

    /// The value of a field that has one.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.into_present()
    }

    /// Whether there is a field of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a field, whether or not it had a state before. In the order of the names that is a step; anywhere else all fields are
    /// written again, so that many are better collected.
    pub fn insert<V: AsRef<str>>(&mut self, name: impl Into<FieldName>, state: FieldState<V>) {
        let name = name.into();
        let is_last = self.places.last().is_none_or(|last| last.name < name);
        if !is_last {
            let mut fields: Vec<(FieldName, FieldState<&str>)> = self.iter().map(|(name, state)| (name.clone(), state)).collect();
            let state = state.as_ref();
            match fields.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(at) => fields[at].1 = state,
                Err(at) => fields.insert(at, (name, state)),
            }
            *self = fields.into_iter().collect();
            return;
        }
        self.push(name, state.as_ref());
    }

    /// Adds a field whose name is behind all others.
    fn push(&mut self, name: FieldName, state: FieldState<&str>) {
        let end = match state {
            FieldState::Absent => FieldState::Absent,
            FieldState::Present(value) => {
                self.text.push_str(value);
                FieldState::Present(self.text.len())
            }
        };
        self.places.push(Place { name, end });
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) {
        *self = self.iter().filter(|(known, _)| known.as_str() != name).map(|(name, state)| (name.clone(), state)).collect();
    }

    /// All fields.
    pub fn iter(&self) -> Iter<'_> {
        Iter { places: self.places.iter(), text: &self.text, from: 0 }
    }

    /// The names.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.places.iter().map(|place| place.name.as_str())
    }
}

/// The fields of a claim, in the order of their names.
#[derive(Clone)]
pub struct Iter<'a> {
    places: std::slice::Iter<'a, Place>,
    text: &'a str,
    from: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a FieldName, FieldState<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.next()?;
        let state = match place.end {
            FieldState::Absent => FieldState::Absent,
            FieldState::Present(end) => {
                let from = std::mem::replace(&mut self.from, end);
                FieldState::Present(&self.text[from..self.from])
            }
        };
        Some((&place.name, state))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Fields {
    type Item = (&'a FieldName, FieldState<&'a str>);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl PartialOrd for Fields {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fields {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<N: Into<FieldName>, V: AsRef<str>> FromIterator<(N, FieldState<V>)> for Fields {
    /// Of several states for one name the last one counts.
    fn from_iter<I: IntoIterator<Item = (N, FieldState<V>)>>(fields: I) -> Self {
        let mut fields: Vec<(FieldName, FieldState<V>)> = fields.into_iter().map(|(name, state)| (name.into(), state)).collect();
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
        let length = fields.iter().map(|(_, state)| state.as_ref().into_present().map_or(0, str::len)).sum();
        let mut made = Fields { places: Vec::with_capacity(fields.len()), text: String::with_capacity(length) };
        fields.into_iter().for_each(|(name, state)| made.push(name, state.as_ref()));
        made
    }
}

impl<N: Into<FieldName>, V: AsRef<str>, const COUNT: usize> From<[(N, FieldState<V>); COUNT]> for Fields {
    fn from(fields: [(N, FieldState<V>); COUNT]) -> Self {
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
            let as_tree = |fields: &Fields| {
                fields.iter().map(|(n, s)| (n.to_string(), s.into_present().map_or(FieldState::Absent, |s| FieldState::Present(s.to_owned())))).collect::<BTreeMap<_, _>>()
            };
            let (mut tree_a, tree_b) = (tree(&a), tree(&b));
            let (mut list_a, list_b) = (list(&a), list(&b));
            proptest::prop_assert_eq!(list_a.cmp(&list_b), tree_a.cmp(&tree_b));
            proptest::prop_assert_eq!(list_a == list_b, tree_a == tree_b);
            for (name, value) in &b {
                list_a.insert(name.as_str(), state(*value));
                tree_a.insert(name.clone(), state(*value));
                let set = state(*value);
                proptest::prop_assert_eq!(list_a.get(name), Some(set.as_ref()));
            }
            list_a.remove(&gone);
            tree_a.remove(&gone);
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
