//! The words of a lexicon as one tree of characters.

use rust_decimal::Decimal;

use super::chars::{Chars, Kind};
use super::figure::Bound;
use super::role::{Kinds, Role};
use super::tree::{Growing, Tree};
use crate::claim::lexicon::{Numbers, Phrases};

type Valued = fn(Decimal) -> Role;
type Bounded = fn(Bound) -> Role;

/// A role with the edges at which it may touch letters.
#[derive(Debug, Clone, Copy)]
struct Entry {
    role: Role,
    glued_left: bool,
    glued_right: bool,
}

/// The compiled number words of a language.
pub(crate) struct Matcher {
    words: Tree<Entry>,
    suffixes: Tree<Entry>,
    money: Tree<Entry>,
    proclitics: Vec<Vec<char>>,
    pub turkish: bool,
    pub compound: bool,
    pub unit_before_tens: bool,
    pub short_tail: bool,
    pub positional: bool,
    pub right_to_left: bool,
    pub and_after: Decimal,
    pub limits: Vec<(Decimal, Decimal)>,
}

/// The known currency codes live as long as the program: lexicons are loaded once.
fn code_of(key: &str) -> &'static str {
    const CODES: [&str; 32] = [
        "USD", "EUR", "GBP", "JPY", "CNY", "IDR", "INR", "RUB", "TRY", "BRL", "MXN", "CHF", "SAR", "AED", "EGP", "MYR", "SGD", "AUD",
        "CAD", "HKD", "KRW", "VND", "THB", "PHP", "SEK", "NOK", "DKK", "PLN", "UAH", "ILS", "ARS", "NZD",
    ];
    CODES.into_iter().find(|code| *code == key).unwrap_or("")
}

impl Matcher {
    pub fn new(numbers: &Numbers, turkish: bool) -> Matcher {
        let mut words = Growing::default();
        let mut add = |phrases: &Phrases, glued: bool, role: Role| {
            for phrase in phrases.iter() {
                add_phrase(&mut words, &phrase, glued, role, turkish);
            }
        };
        let number = |key: &str| Decimal::from_str_exact(key).ok();
        let bound = Bound::of_name;
        let n = numbers;
        for (key, p) in &n.words {
            number(key).into_iter().for_each(|v| add(p, n.compound, Role::Word(v)));
        }
        for (table, bare) in [(&n.scales, false), (&n.bare, true)] {
            for (key, p) in table {
                number(key).into_iter().for_each(|by| add(p, n.compound, Role::Scale { by, bare }));
            }
        }
        let valued: [(_, Valued); 5] = [
            (&n.denominators, Role::Denominator),
            (&n.percent_after, Role::PercentAfter),
            (&n.percent_before, Role::PercentBefore),
            (&n.factors, Role::Factor),
            (&n.ordinals, Role::Ordinal),
        ];
        for (table, role) in valued {
            for (key, p) in table {
                number(key).into_iter().for_each(|v| add(p, false, role(v)));
            }
        }
        let bounds: [(_, Bounded); 3] =
            [(&n.bound_before, Role::BoundBefore), (&n.bound_after, Role::BoundAfter), (&n.bound_inside, Role::BoundInside)];
        for (table, role) in bounds {
            for (key, p) in table {
                bound(key).into_iter().for_each(|b| add(p, false, role(b)));
            }
        }
        for (key, p) in &n.currency {
            add(p, false, Role::Currency(code_of(key)));
        }
        let plain = [
            (&n.point, Role::Point),
            (&n.minus, Role::Minus),
            (&n.half, Role::Half),
            (&n.over, Role::Over),
            (&n.one_in, Role::OneIn),
            (&n.under, Role::Under),
            (&n.whole, Role::Whole),
            (&n.points_after, Role::PointsAfter),
            (&n.basis_points_after, Role::BasisPointsAfter),
            (&n.half_point_after, Role::HalfPointAfter),
            (&n.factor_after, Role::FactorAfter),
            (&n.factor_before, Role::FactorBefore),
            (&n.range_between, Role::RangeBetween),
            (&n.range_and, Role::RangeAnd),
            (&n.range_close, Role::RangeClose),
            (&n.range_from, Role::RangeFrom),
            (&n.range_to, Role::RangeTo),
            (&n.ordinal_before, Role::OrdinalBefore),
            (&n.ordinal_after, Role::OrdinalAfter),
            (&n.filler, Role::Filler),
            (&n.stop, Role::Stop),
            (&n.not_scale, Role::NotScale),
            (&n.or_equal, Role::OrEqual),
            (&n.power_open, Role::PowerOpen),
            (&n.power_close, Role::PowerClose),
        ];
        for (p, role) in plain {
            add(p, false, role);
        }
        add(&n.article, n.compound, Role::Article);
        add(&n.and, n.compound, Role::And);
        let cased = |table: &std::collections::BTreeMap<String, Phrases>| {
            let mut tree = Growing::default();
            for (key, p) in table {
                for (by, phrase) in number(key).into_iter().flat_map(|v| p.iter().map(move |s| (v, s))) {
                    let entry = Entry { role: Role::Scale { by, bare: false }, glued_left: true, glued_right: false };
                    tree.add(&phrase.chars().collect::<Vec<_>>(), entry);
                }
            }
            tree.finish(|entry| entry.role.kind())
        };
        let limits = n.limits.iter().filter_map(|(k, &v)| Some((number(k)?, Decimal::from(v)))).collect();
        Matcher {
            suffixes: cased(&n.suffixes),
            money: cased(&n.suffixes_of_money),
            proclitics: n.proclitics.iter().map(|p| Chars::new(&p, turkish).folded).collect(),
            turkish,
            compound: n.compound,
            unit_before_tens: n.unit_before_tens,
            short_tail: n.short_tail,
            positional: n.positional,
            right_to_left: n.right_to_left,
            and_after: Decimal::from(n.and_after),
            limits,
            words: words.finish(|entry| entry.role.kind()),
        }
    }

    /// The longest phrase at `i` with a role that `want` takes, and its end; `kinds` are those of all such roles. Word boundaries
    /// are asked for unless a phrase waives them.
    pub fn longest<T>(&self, chars: &Chars, i: usize, kinds: Kinds, want: impl Fn(Role) -> Option<T>) -> Option<(T, usize)> {
        let mut found = None;
        let mut left = None;
        self.words.walk(&chars.folded, i, kinds, |entries, end| {
            for entry in entries {
                let Some(value) = want(entry.role) else {
                    continue;
                };
                let free_left = entry.glued_left || *left.get_or_insert_with(|| self.starts_word(chars, i));
                if free_left && (entry.glued_right || ends_word(chars, end)) {
                    found = Some((value, end));
                    break;
                }
            }
        });
        found
    }

    /// The scale letter at `i`, right behind digits.
    pub fn suffix(&self, chars: &Chars, i: usize, money: bool) -> Option<(Decimal, usize)> {
        let mut found = None;
        for tree in [Some(&self.suffixes), money.then_some(&self.money)].into_iter().flatten() {
            tree.walk(&chars.cased, i, Kinds::SCALE, |entries, end| {
                if let (Some(Entry { role: Role::Scale { by, .. }, .. }), true) =
                    (entries.first(), ends_word(chars, end) && !chars.is_digit(end))
                {
                    found = Some((*by, end));
                }
            });
        }
        found
    }

    /// Which of these kinds have a phrase at `i`, where a word starts.
    pub fn begins(&self, chars: &Chars, i: usize, kinds: Kinds) -> Kinds {
        let mut found = Kinds::NONE;
        self.words.walk(&chars.folded, i, kinds, |entries, end| {
            let free = ends_word(chars, end);
            found = entries.iter().filter(|e| free || e.glued_right).fold(found, |found, e| found.with(e.role.kind()));
        });
        found
    }

    /// Whether a word may start at `i`: nothing that belongs to a word stands before it, but perhaps proclitics.
    pub fn starts_word(&self, chars: &Chars, i: usize) -> bool {
        let touches = |at: usize| chars.is_within(at, Kind::Letter) || chars.is_within(at, Kind::Digit);
        if !touches(i) {
            return true;
        }
        self.proclitics.iter().any(|p| i >= p.len() && !touches(i - p.len()) && chars.folded[i - p.len()..i] == p[..])
    }

    /// Characters that may stand between the edge of a word and a place where another starts.
    pub fn longest_proclitic(&self) -> usize {
        self.proclitics.iter().map(Vec::len).max().unwrap_or(0)
    }
}

pub(crate) fn ends_word(chars: &Chars, end: usize) -> bool {
    !chars.is_within(end, Kind::Letter)
}

/// Adds a phrase as written, and without its accents where it is long enough not to become another word.
fn add_phrase(tree: &mut Growing<Entry>, phrase: &str, glued: bool, role: Role, turkish: bool) {
    let glued_left = glued || phrase.starts_with('~');
    let glued_right = glued || phrase.ends_with('~');
    let bare = phrase.trim_matches('~');
    let entry = Entry { role, glued_left, glued_right };
    let folded = Chars::new(bare, turkish).folded;
    let plain: Vec<char> = if turkish { folded.clone() } else { folded.iter().map(|&c| without_accent(c)).collect() };
    if plain != folded && plain.len() > 3 {
        tree.add(&plain, entry);
    }
    tree.add(&folded, entry);
}

fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'û' => 'u',
        'ç' => 'c',
        _ => c,
    }
}
