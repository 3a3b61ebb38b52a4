//! Which parts of the tables must be there at one time.

use std::ops::Range;

use super::join::Joined;

/// Articles that are scored while some parts of the tables are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub articles: Range<usize>,
    /// Parts of the gold and of the predictions.
    pub parts: [Range<usize>; 2],
}

/// All articles. Where both tables have them in one order, as few parts as can be are loaded at one time and each only once; else all
/// are.
pub(super) fn windows(join: &Joined<'_>) -> Vec<Window> {
    of((0..join.predicted.len().max(join.gold.len())).map(|article| {
        let gold = if article < join.gold.len() { join.gold.parts(article) } else { 0..0 };
        [gold, join.predicted.parts(article)]
    }))
}

/// `needed`: the parts that each article needs.
fn of(needed: impl Iterator<Item = [Range<usize>; 2]>) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let (mut all, mut is_in_order) = (Window { articles: 0..0, parts: [0..0, 0..0] }, true);
    for (article, needed) in needed.enumerate() {
        all.articles.end = article + 1;
        for (all, needed) in all.parts.iter_mut().zip(&needed) {
            all.end = all.end.max(needed.end);
        }
        if !is_in_order {
            continue;
        }
        let before = windows.last().map_or([0..0, 0..0], |window| window.parts.clone());
        let holds = |holds: fn(&Range<usize>, &Range<usize>) -> bool| {
            before.iter().zip(&needed).all(|(have, need)| need.is_empty() || holds(have, need))
        };
        is_in_order = holds(|have, need| have.start <= need.start && have.end <= need.end);
        match windows.last_mut() {
            Some(window) if holds(|have, need| need.end <= have.end) => window.articles.end = article + 1,
            _ => {
                // A side without rows of this article stays where it is.
                let parts = std::array::from_fn(|side| if needed[side].is_empty() { &before } else { &needed }[side].clone());
                windows.push(Window { articles: article..article + 1, parts });
            }
        }
    }
    if is_in_order { windows } else { vec![all] }
}

#[cfg(test)]
mod tests {
    use super::{Window, of};

    fn window(articles: std::ops::Range<usize>, gold: std::ops::Range<usize>, predicted: std::ops::Range<usize>) -> Window {
        Window { articles, parts: [gold, predicted] }
    }

    #[test]
    fn each_part_is_loaded_once_where_articles_are_in_order() {
        assert_eq!(of([].into_iter()), []);
        let needed = [[0..1, 0..1], [0..1, 0..0], [0..2, 0..1], [1..2, 1..2], [1..2, 1..4], [2..3, 0..0], [2..3, 4..5]];
        let expected = [
            window(0..2, 0..1, 0..1),
            window(2..3, 0..2, 0..1),
            window(3..4, 1..2, 1..2),
            window(4..5, 1..2, 1..4),
            window(5..6, 2..3, 1..4),
            window(6..7, 2..3, 4..5),
        ];
        assert_eq!(of(needed.into_iter()), expected);
    }

    #[test]
    fn all_parts_are_loaded_where_they_are_not() {
        assert_eq!(of([[1..2, 0..1], [0..1, 1..2], [2..3, 0..0]].into_iter()), [window(0..3, 0..3, 0..2)]);
        assert_eq!(of([[0..3, 0..0], [0..1, 1..2]].into_iter()), [window(0..2, 0..3, 0..2)]);
    }
}
