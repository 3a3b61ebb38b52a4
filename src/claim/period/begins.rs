//! What a word of a language can begin, so that most words of a text are passed over.

use super::lexicon::{Lexicon, Literal, Names};
use super::template::{Class, Classes};
use super::token::{Token, ideograph_digit};

/// What a word can begin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begins {
    /// The node behind it at the root of the tree.
    pub(super) node: Option<usize>,
    /// The classes that it can begin.
    pub(super) classes: Classes,
}

impl Begins {
    /// Whether an expression can begin with it: such expressions are what `{p}` stands for.
    pub(super) fn expression(self) -> bool {
        self.classes.has(Class::Period)
    }

    /// Whether it begins names of a class, or may be a figure: more than the words of templates.
    pub(super) fn is_name(self) -> bool {
        self.classes.any_but([Class::Year, Class::Period])
    }
}

/// The ids of the words that names begin with.
fn firsts<V>(names: &Names<V>) -> Vec<u32> {
    let id = |literal: &Literal| if let Literal::Word(id) = literal { Some(*id) } else { None };
    names.keys().filter_map(id).collect()
}

impl Lexicon {
    /// What each of so many words can begin.
    pub(super) fn beginnings(&self, words: usize) -> Vec<Begins> {
        let mut begins = vec![Begins::default(); words];
        let named = [
            (Class::Month, firsts(&self.months)),
            (Class::Weekday, firsts(&self.weekdays)),
            (Class::Ordinal, firsts(&self.ordinals)),
            (Class::Number, firsts(&self.numbers)),
            (Class::Unit, firsts(&self.units)),
            (Class::Dual, firsts(&self.duals)),
        ];
        // An expression that begins with such a name or word may stand for a `{p}`, some for a `{year}` too.
        let opened = |classes: &mut Classes, node: usize| {
            classes.add(Class::Period);
            if self.leads_to_year(node) {
                classes.add(Class::Year);
            }
        };
        let root = &self.nodes[0];
        for (class, ids) in named {
            for id in ids {
                let classes = &mut begins[id as usize].classes;
                classes.add(class);
                root.classes.iter().filter(|(known, _)| *known == class).for_each(|(_, node)| opened(classes, *node));
            }
        }
        for &(literal, node) in &root.literals {
            if let Literal::Word(id) = literal {
                begins[id as usize].node = Some(node);
                opened(&mut begins[id as usize].classes, node);
            }
        }
        begins
    }

    /// Whether some template that goes on at a node may mean a year.
    fn leads_to_year(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        node.ends.iter().any(|&end| self.rules[end].meaning.may_be_year())
            || node.literals.iter().any(|&(_, next)| self.leads_to_year(next))
            || node.classes.iter().any(|&(_, next)| self.leads_to_year(next))
    }

    /// What a token can begin. Figures, and the ideographs of digits, are looked at more closely: they can begin anything.
    pub(super) fn begins(&self, token: &Token) -> Begins {
        if token.number.is_some() || ideograph_digit(token.sign).is_some() {
            return Begins { node: None, classes: Classes::ALL };
        }
        self.begins.get(token.id as usize).copied().unwrap_or_default()
    }

    /// The node behind a literal at a node.
    pub(super) fn behind(&self, node: usize, literal: Literal) -> Option<usize> {
        if let (0, Literal::Word(id)) = (node, literal) {
            return self.begins.get(id as usize)?.node;
        }
        let literals = &self.nodes[node].literals;
        literals.binary_search_by_key(&literal, |(known, _)| *known).ok().map(|found| literals[found].1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::of_language;
    use super::super::token::Cut;
    use super::*;

    #[test]
    fn words_begin_what_the_lexicon_says() {
        for (lang, word, expression, classes) in [
            ("en", "yesterday", true, &[][..]),
            ("en", "Monday", true, &[Class::Weekday][..]),
            ("en", "2023", true, &[Class::Year, Class::Day, Class::Number][..]),
            ("en", "weeks", false, &[Class::Unit][..]),
            ("en", "house", false, &[][..]),
            ("de", "voriges", true, &[Class::Year][..]),
            ("zh", "去", true, &[Class::Year][..]),
            ("zh", "五", true, &[Class::Month, Class::Day][..]),
            ("zh", "屋", false, &[][..]),
        ] {
            let lexicon = of_language(lang).unwrap();
            let begins = lexicon.begins(&lexicon.tokens(&Cut::new(word))[0]);
            assert_eq!(begins.expression(), expression, "{lang} {word}");
            assert!(classes.iter().all(|&class| begins.classes.has(class)), "{lang} {word}: {begins:?}");
        }
    }
}
