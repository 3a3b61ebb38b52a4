//! Phrases as a tree of characters.

use rustc_hash::FxHashMap;

use super::chars::is_blank;
use super::role::Kinds;

/// A tree that is still growing.
pub(super) struct Growing<E> {
    next: FxHashMap<(u32, char), u32>,
    entries: Vec<Vec<E>>,
}

impl<E> Default for Growing<E> {
    fn default() -> Self {
        Growing { next: FxHashMap::default(), entries: vec![Vec::new()] }
    }
}

impl<E> Growing<E> {
    pub(super) fn add(&mut self, phrase: &[char], entry: E) {
        let mut node = 0;
        for &c in phrase {
            let fresh = self.entries.len() as u32;
            node = *self.next.entry((node, c)).or_insert(fresh);
            if node == fresh {
                self.entries.push(Vec::new());
            }
        }
        self.entries[node as usize].push(entry);
    }

    /// The finished tree; `kind` says which kind an entry is.
    pub(super) fn finish(self, kind: impl Fn(&E) -> Kinds) -> Tree<E> {
        let mut edges: Vec<(u32, char, u32)> = self.next.into_iter().map(|((node, c), child)| (node, c, child)).collect();
        edges.sort_unstable();
        let (mut near, mut root) = (vec![0; NEAR], FxHashMap::default());
        for &(_, c, child) in edges.iter().take_while(|edge| edge.0 == 0) {
            match near.get_mut(c as usize) {
                Some(place) => *place = child,
                None => drop(root.insert(c, child)),
            }
        }
        let mut nodes = Vec::with_capacity(self.entries.len());
        let mut at = 0;
        for (node, entries) in self.entries.into_iter().enumerate() {
            let first = at;
            at += edges[first..].iter().take_while(|edge| edge.0 as usize == node).count();
            let own = entries.iter().fold(Kinds::NONE, |own, entry| own.with(kind(entry)));
            nodes.push(Node { first: first as u32, last: at as u32, own, below: own, entries });
        }
        // Children are younger than their parents.
        for node in (0..nodes.len()).rev() {
            let children = &edges[nodes[node].first as usize..nodes[node].last as usize];
            nodes[node].below = children.iter().fold(nodes[node].own, |below, edge| below.with(nodes[edge.2 as usize].below));
        }
        Tree { near, root, edges: edges.into_iter().map(|(_, c, child)| (c, child)).collect(), nodes }
    }
}

struct Node<E> {
    /// Its edges.
    first: u32,
    last: u32,
    /// The kinds of its entries.
    own: Kinds,
    /// Those, and the kinds of all entries below it.
    below: Kinds,
    entries: Vec<E>,
}

/// The scripts from Latin to Devanagari lie below this code point.
const NEAR: usize = 0x980;

/// A finished tree. The edges of a node lie side by side in order, as most nodes have few.
pub(super) struct Tree<E> {
    /// The children of the root by code point, 0 for none.
    near: Vec<u32>,
    /// Its children with further code points.
    root: FxHashMap<char, u32>,
    edges: Vec<(char, u32)>,
    nodes: Vec<Node<E>>,
}

impl<E> Tree<E> {
    fn child(&self, node: u32, c: char) -> Option<u32> {
        if node == 0 {
            return match self.near.get(c as usize) {
                Some(&child) => (child != 0).then_some(child),
                None => self.root.get(&c).copied(),
            };
        }
        let node = &self.nodes[node as usize];
        let edges = &self.edges[node.first as usize..node.last as usize];
        edges.iter().find(|edge| edge.0 >= c).filter(|edge| edge.0 == c).map(|edge| edge.1)
    }

    /// Follows the tree from `i` as far as there are entries of these kinds, and visits such; a run of spaces counts as one.
    pub(super) fn walk(&self, text: &[char], i: usize, kinds: Kinds, mut visit: impl FnMut(&[E], usize)) {
        let (mut node, mut at) = (0, i);
        while let Some(&c) = text.get(at) {
            let space = is_blank(c);
            let Some(child) = self.child(node, if space { ' ' } else { c }) else { return };
            node = child;
            let Node { own, below, entries, .. } = &self.nodes[node as usize];
            if !below.any(kinds) {
                return;
            }
            at += 1;
            while space && at < i + 60 && text.get(at).is_some_and(|&c| is_blank(c)) {
                at += 1;
            }
            if own.any(kinds) {
                visit(entries, at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_visits_the_phrases_of_the_kinds_asked_for() {
        let mut growing = Growing::default();
        let phrases = [("a", Kinds::ARTICLE), ("at", Kinds::AND), ("at least", Kinds::STOP), ("万", Kinds::SCALE), ("万人", Kinds::STOP)];
        for (phrase, kind) in phrases {
            growing.add(&phrase.chars().collect::<Vec<_>>(), kind);
        }
        let tree = growing.finish(|kind| *kind);
        for (text, kinds, ends) in [
            ("at least 5", Kinds::ARTICLE.with(Kinds::AND).with(Kinds::STOP), vec![1, 2, 8]),
            ("at least 5", Kinds::STOP, vec![8]),
            ("at  \u{a0}least", Kinds::STOP, vec![10]),
            ("at last", Kinds::STOP, vec![]),
            ("at least", Kinds::SCALE, vec![]),
            ("万人", Kinds::SCALE, vec![1]),
            ("万人", Kinds::STOP, vec![2]),
            ("", Kinds::STOP, vec![]),
        ] {
            let mut visited = Vec::new();
            tree.walk(&text.chars().collect::<Vec<_>>(), 0, kinds, |_, end| visited.push(end));
            assert_eq!(visited, ends, "{text} {kinds:?}");
        }
    }
}
