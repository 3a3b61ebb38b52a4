//! Articles with the same or nearly the same text.

use rayon::prelude::*;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

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

/// The articles of a dataset whose text is the same or nearly the same, the most similar first.
///
/// Texts are compared by runs of five letters and digits, without case, white space and punctuation, so that no script needs word
/// boundaries. A text that is contained in a longer one is nearly the same. Linear in the length of all texts.
pub fn alike<'d>(dataset: &'d Dataset, text: &str) -> Vec<Alike<'d>> {
    let pieces: FxHashSet<u64> = pieces_of(text).collect();
    let compared = dataset.articles.par_iter().filter_map(|record| {
        let theirs: &str = &record.article.text;
        if theirs == text {
            return Some(Alike { record, share: 1.0, is_same: true });
        }
        // Four bytes a letter at the most: what is too short for enough pieces need not be looked at.
        if pieces.len() < FEWEST_PIECES || theirs.len() < FEWEST_PIECES {
            return None;
        }
        let other: FxHashSet<u64> = pieces_of(theirs).collect();
        if other.len() < FEWEST_PIECES {
            return None;
        }
        let (fewer, more) = if other.len() < pieces.len() { (&other, &pieces) } else { (&pieces, &other) };
        let share = fewer.iter().filter(|piece| more.contains(piece)).count() as f64 / fewer.len() as f64;
        (share >= NEAR).then_some(Alike { record, share, is_same: false })
    });
    let mut found: Vec<Alike<'d>> = compared.collect();
    found.sort_by(|a, b| {
        b.is_same.cmp(&a.is_same).then(b.share.total_cmp(&a.share)).then_with(|| a.record.article.id.cmp(&b.record.article.id))
    });
    found
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

    fn found(text: &str, others: &[(&str, &str)]) -> Vec<(String, bool)> {
        let record = |&(id, text): &(&str, &str)| ArticleRecord {
            article: Article { id: id.to_owned(), text: text.into(), ..Article::default() },
            ..ArticleRecord::default()
        };
        let dataset = Dataset { articles: others.iter().map(record).collect(), ..Dataset::default() };
        alike(&dataset, text).into_iter().map(|alike| (alike.record.article.id.clone(), alike.is_same)).collect()
    }

    #[test]
    fn texts_are_alike_in_any_script() {
        let en = "Officials arrested more than 37,000 Chinese nationals at the southern border in 2023, ten times as many as before.";
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
        let en = "Officials arrested more than 37,000 Chinese nationals at the southern border in 2023, ten times as many as before.";
        let other =
            "The harbour of Valmora moved 1.2 million containers last year, the port authority said, eight percent more than in 2022.";
        assert_eq!(found(en, &[("other", other), ("empty", "")]), []);
        assert_eq!(found("12 dead", &[("near", "12 dead."), ("same", "12 dead")]), [("same".to_owned(), true)]);
    }
}
