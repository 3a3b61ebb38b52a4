//! Articles with the same or nearly the same text.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{ArticleRecord, Dataset};

/// Characters of a piece of text that is compared.
pub const PIECE: usize = 5;

/// Share of the pieces of the shorter text from which on two texts are nearly the same.
pub const NEAR: f64 = 0.5;

/// A text of fewer pieces is compared as a whole only.
const FEWEST_PIECES: usize = 20;

/// An article whose text is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike<'d> {
    /// The article.
    pub record: &'d ArticleRecord,
    /// Share of the pieces of the shorter text that the other one has too, from [`NEAR`] to 1.
    pub share: f64,
    /// Whether the texts are the same, byte for byte.
    pub is_same: bool,
}

/// Texts that are compared with the articles of a dataset. Each article is looked at once: what was added to the dataset since is compared
/// when it is seen, so that many texts can be added one after the other.
///
/// Texts are compared by runs of five letters and digits, without case, white space and punctuation, so that no script needs word
/// boundaries. A text that is contained in a longer one is nearly the same. Linear in the length of all texts; what is kept grows with the
/// texts that are compared, not with those of the dataset.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The number of each text.
    numbers: FxHashMap<Arc<str>, usize>,
    /// How many pieces each text has.
    sizes: Vec<usize>,
    /// The texts that have a piece.
    having: FxHashMap<u64, Vec<usize>>,
    /// The articles that were looked at.
    seen: FxHashMap<String, Arc<str>>,
    /// For each text the articles that are like it, by id.
    found: Vec<BTreeMap<String, f64>>,
}

impl Compared {
    /// These texts, not compared with anything yet.
    pub fn new(texts: impl IntoIterator<Item = Arc<str>>) -> Compared {
        let mut compared = Compared::default();
        for text in texts {
            let number = compared.sizes.len();
            if compared.numbers.contains_key(&text) {
                continue;
            }
            let pieces: FxHashSet<u64> = pieces_of(&text).collect();
            compared.sizes.push(pieces.len());
            compared.found.push(BTreeMap::new());
            if pieces.len() >= FEWEST_PIECES {
                pieces.into_iter().for_each(|piece| compared.having.entry(piece).or_default().push(number));
            }
            compared.numbers.insert(text, number);
        }
        compared
    }

    /// Looks at the articles that are new or have another text.
    pub fn see(&mut self, dataset: &Dataset) {
        let is_new = |record: &&ArticleRecord| {
            let text = &record.article.text;
            self.seen.get(&record.article.id).is_none_or(|seen| !Arc::ptr_eq(seen, text) && seen != text)
        };
        let new: Vec<&ArticleRecord> = dataset.articles.iter().filter(is_new).collect();
        let shares: Vec<Vec<(usize, f64)>> = new.par_iter().map(|record| self.shares(&record.article.text)).collect();
        for (record, shares) in new.into_iter().zip(shares) {
            let article = &record.article;
            if self.seen.insert(article.id.clone(), article.text.clone()).is_some() {
                self.found.iter_mut().for_each(|found| _ = found.remove(&article.id));
            }
            for (number, share) in shares {
                self.found[number].insert(article.id.clone(), share);
            }
        }
    }

    /// The articles whose text is the same as one of the texts or nearly so, the most similar first; of those that were seen and are still
    /// there.
    pub fn alike<'d>(&self, text: &str, dataset: &'d Dataset) -> Vec<Alike<'d>> {
        let shares = self.numbers.get(text).map(|&number| &self.found[number]);
        let there = shares.into_iter().flatten().filter_map(|(id, &share)| {
            let record = dataset.article(id)?;
            Some(Alike { record, share, is_same: *record.article.text == *text })
        });
        let mut found: Vec<Alike<'d>> = there.collect();
        // The sort is stable: by id where two are alike.
        found.sort_by(|a, b| b.is_same.cmp(&a.is_same).then(b.share.total_cmp(&a.share)));
        found
    }

    /// The texts that another one is like, each with the share.
    fn shares(&self, theirs: &Arc<str>) -> Vec<(usize, f64)> {
        let same = self.numbers.get(theirs).map(|&number| (number, 1.0));
        // Four bytes a letter at the most: what is too short for enough pieces need not be looked at.
        if theirs.len() < FEWEST_PIECES || self.having.is_empty() {
            return same.into_iter().collect();
        }
        let pieces: FxHashSet<u64> = pieces_of(theirs).collect();
        if pieces.len() < FEWEST_PIECES {
            return same.into_iter().collect();
        }
        let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
        for number in pieces.iter().filter_map(|piece| self.having.get(piece)).flatten() {
            *shared.entry(*number).or_default() += 1;
        }
        let share = |(number, shared): (usize, usize)| (number, shared as f64 / self.sizes[number].min(pieces.len()) as f64);
        let near = shared.into_iter().map(share).filter(|(number, share)| *share >= NEAR && same.is_none_or(|same| same.0 != *number));
        same.into_iter().chain(near).collect()
    }
}

/// Hashes of the pieces of a text, one for each place.
fn pieces_of(text: &str) -> impl Iterator<Item = u64> {
    let mut piece = ['\0'; PIECE];
    let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.enumerate().filter_map(move |(at, letter)| {
        piece.rotate_left(1);
        piece[PIECE - 1] = letter;
        let mut hasher = FxHasher::default();
        piece.hash(&mut hasher);
        (at + 1 >= PIECE).then(|| hasher.finish())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Article;

    const EN: &str = "Officials arrested more than 37,000 Chinese nationals at the southern border in 2023, ten times as many as before.";
    const OTHER: &str =
        "The harbour of Valmora moved 1.2 million containers last year, the port authority said, eight percent more than in 2022.";

    fn dataset(articles: &[(&str, &str)]) -> Dataset {
        let record = |&(id, text): &(&str, &str)| ArticleRecord {
            article: Article { id: id.to_owned(), text: text.into(), ..Article::default() },
            ..ArticleRecord::default()
        };
        Dataset { articles: articles.iter().map(record).collect(), ..Dataset::default() }
    }

    fn names(compared: &Compared, text: &str, dataset: &Dataset) -> Vec<(String, bool)> {
        compared.alike(text, dataset).into_iter().map(|alike| (alike.record.article.id.clone(), alike.is_same)).collect()
    }

    fn found(text: &str, others: &[(&str, &str)]) -> Vec<(String, bool)> {
        let dataset = dataset(others);
        let mut compared = Compared::new([text.into()]);
        compared.see(&dataset);
        names(&compared, text, &dataset)
    }

    #[test]
    fn what_a_dataset_gets_and_loses_in_between_is_seen() {
        let [en, other] = [EN, OTHER];
        let near = en.replace("37,000", "38,000");
        let mut compared = Compared::new([en.into(), other.into(), "12 dead".into()]);
        type Texts<'t> = &'t [(&'t str, &'t str)];
        type Likes<'t> = &'t [(&'t str, bool)];
        let steps: [(Texts<'_>, Likes<'_>, Likes<'_>); 5] = [
            (&[("a", "12 dead")], &[], &[]),
            (&[("a", "12 dead"), ("b", en)], &[("b", true)], &[]),
            (&[("a", &near), ("b", en), ("c", other)], &[("b", true), ("a", false)], &[("c", true)]),
            (&[("a", other), ("b", en)], &[("b", true)], &[("a", true)]),
            (&[("b", &near)], &[("b", false)], &[]),
        ];
        for (articles, like_en, like_other) in steps {
            let dataset = dataset(articles);
            compared.see(&dataset);
            let found = |text| names(&compared, text, &dataset);
            let expected = |names: &[(&str, bool)]| names.iter().map(|&(id, is_same)| (id.to_owned(), is_same)).collect::<Vec<_>>();
            assert_eq!((found(en), found(other)), (expected(like_en), expected(like_other)), "{articles:?}");
        }
    }

    #[test]
    fn texts_are_alike_in_any_script() {
        let en = EN;
        let th = "เจ้าหน้าที่ควบคุมตัวชาวจีนมากกว่า 37,000 คนที่ชายแดนทางใต้ในปี 2566 มากกว่าปีก่อนสิบเท่า ตามรายงานของสำนักข่าว";
        let zh = "美国官员表示，2023年在南部边境逮捕了超过3.7万名中国公民，是前一年的十倍，美联社援引官员的话报道说，这一数字还在上升。";
        for text in [en, th, zh] {
            let characters: Vec<char> = text.chars().collect();
            let half: String = characters[..characters.len() * 2 / 3].iter().collect();
            let edited = format!("{}!\r\n", text.to_uppercase().replace("37,000", "38,000").replace("3.7", "3.8"));
            let longer = format!("{half} {en}{th}{zh}");
            let others = [("edited", edited.as_str()), ("half", &half), ("longer", &longer), ("same", text), ("short", "37,000")];
            let names: Vec<String> =
                found(text, &others).into_iter().map(|(id, is_same)| format!("{id}{}", if is_same { "!" } else { "" })).collect();
            assert_eq!(names[0], "same!", "{names:?}");
            let mut near = names[1..].to_vec();
            near.sort_unstable();
            assert_eq!(near, ["edited", "half", "longer"], "{text}");
        }
    }

    #[test]
    fn other_texts_and_short_ones_are_not() {
        let (en, other) = (EN, OTHER);
        assert_eq!(found(en, &[("other", other), ("empty", "")]), []);
        assert_eq!(found("12 dead", &[("near", "12 dead."), ("same", "12 dead")]), [("same".to_owned(), true)]);
    }
}
