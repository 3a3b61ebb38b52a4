//! Phrases as a tree of characters.

use rustc_hash::FxHashMap;

use super::chars::is_blank;

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

    /// The finished tree; `sum` makes of the entries of a node what a search looks at first.
    pub(super) fn finish<S>(self, sum: impl Fn(&[E]) -> S) -> Tree<E, S> {
        let mut edges: Vec<(u32, char, u32)> = self.next.into_iter().map(|((node, c), child)| (node, c, child)).collect();
        edges.sort_unstable();
        let root = edges.iter().take_while(|edge| edge.0 == 0).map(|&(_, c, child)| (c, child)).collect();
        let mut nodes = Vec::with_capacity(self.entries.len());
        let mut at = 0;
        for (node, entries) in self.entries.into_iter().enumerate() {
            let first = at;
            at += edges[first..].iter().take_while(|edge| edge.0 as usize == node).count();
            nodes.push(Node { first: first as u32, last: at as u32, sum: sum(&entries), entries });
        }
        Tree { root, edges: edges.into_iter().map(|(_, c, child)| (c, child)).collect(), nodes }
    }
}

struct Node<E, S> {
    /// Its edges.
    first: u32,
    last: u32,
    sum: S,
    entries: Vec<E>,
}

/// A finished tree. The edges of a node lie side by side, as most nodes have few; those of the root are hashed.
pub(super) struct Tree<E, S> {
    root: FxHashMap<char, u32>,
    edges: Vec<(char, u32)>,
    nodes: Vec<Node<E, S>>,
}

impl<E, S> Tree<E, S> {
    fn child(&self, node: u32, c: char) -> Option<u32> {
        if node == 0 {
            return self.root.get(&c).copied();
        }
        let node = &self.nodes[node as usize];
        self.edges[node.first as usize..node.last as usize].iter().find(|edge| edge.0 == c).map(|edge| edge.1)
    }

    /// Follows the tree from `i`; a run of spaces counts as one.
    pub(super) fn walk(&self, text: &[char], i: usize, mut visit: impl FnMut(&S, &[E], usize)) {
        let (mut node, mut at) = (0, i);
        while let Some(&c) = text.get(at) {
            let space = is_blank(c);
            let Some(child) = self.child(node, if space { ' ' } else { c }) else { return };
            node = child;
            at += 1;
            while space && at < i + 60 && text.get(at).is_some_and(|&c| is_blank(c)) {
                at += 1;
            }
            let Node { sum, entries, .. } = &self.nodes[node as usize];
            if !entries.is_empty() {
                visit(sum, entries, at);
            }
        }
    }
}
