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
    let mut is_in_order = true;
    for (article, needed) in needed.enumerate() {
        if let Some(window) = windows.last_mut() {
            let all = |holds: fn(&Range<usize>, &Range<usize>) -> bool| {
                window.parts.iter().zip(&needed).all(|(have, need)| need.is_empty() || holds(have, need))
            };
            is_in_order &= all(|have, need| have.start <= need.start && have.end <= need.end);
            let fits = all(|have, need| need.end <= have.end);
            if fits {
                window.articles.end = article + 1;
                continue;
            }
        }
        // A side without rows of this article stays where it is.
        let before = windows.last().map_or([0..0, 0..0], |window| window.parts.clone());
        let [gold, predicted] = needed;
        let parts = [(gold, &before[0]), (predicted, &before[1])].map(|(need, before)| if need.is_empty() { before.clone() } else { need });
        windows.push(Window { articles: article..article + 1, parts });
    }
    if is_in_order {
        return windows;
    }
    let all = |side: usize| windows.iter().map(|window| window.parts[side].end).max().unwrap_or(0);
    let articles = windows.last().map_or(0, |window| window.articles.end);
    vec![Window { articles: 0..articles, parts: [0..all(0), 0..all(1)] }]
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
