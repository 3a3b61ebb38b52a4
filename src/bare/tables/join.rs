//! The predictions of each article of the gold.

use std::collections::{HashMap, HashSet};

use super::articles::Articles;
use super::columns::Ids;
use crate::extract::predictions::Extra;

/// Articles of both tables under one number.
pub(super) struct Joined<'a> {
    pub gold: Articles<'a>,
    /// Without rows where there is no prediction; behind those of the gold the ones that gold does not have.
    pub predicted: Articles<'a>,
}

/// Joins the tables. `None` where a row has no id, or predictions are for articles that gold does not have and that is an error.
pub(super) fn join<'a>(gold: &'a Ids, predicted: &'a Ids, extra: Extra) -> Option<Joined<'a>> {
    let (gold, predicted) = rayon::join(|| Articles::as_they_come(gold), || Articles::as_they_come(predicted));
    let (gold, predicted) = (gold?, predicted?);
    match in_step(&gold, &predicted) {
        Some(numbers) => {
            let predicted = predicted.renumbered(&numbers, gold.len());
            Some(Joined { gold, predicted })
        }
        None => by_id(&gold, &predicted, extra),
    }
}

/// The number of each predicted article where both tables have the articles in one order, and each in one place.
fn in_step(gold: &Articles<'_>, predicted: &Articles<'_>) -> Option<Vec<u32>> {
    let mut numbers = Vec::with_capacity(predicted.len());
    for article in 0..gold.len() {
        if numbers.len() < predicted.len() && gold.id(article) == predicted.id(numbers.len()) {
            numbers.push(article as u32);
        }
    }
    (numbers.len() == predicted.len() && are_unique(gold)).then_some(numbers)
}

fn are_unique(articles: &Articles<'_>) -> bool {
    // Ids are often in order, and then there is nothing to remember.
    if (1..articles.len()).all(|article| articles.id(article - 1) < articles.id(article)) {
        return true;
    }
    let mut known = HashSet::with_capacity(articles.len());
    (0..articles.len()).all(|article| known.insert(articles.id(article)))
}

fn by_id<'a>(gold: &Articles<'a>, predicted: &Articles<'a>, extra: Extra) -> Option<Joined<'a>> {
    let mut known = HashMap::with_capacity(gold.len());
    let numbers: Vec<u32> = (0..gold.len()).map(|article| number(&mut known, gold.id(article))).collect();
    let count = known.len();
    let gold = gold.renumbered(&numbers, count);
    let numbers: Vec<u32> = (0..predicted.len()).map(|article| number(&mut known, predicted.id(article))).collect();
    let predicted = predicted.renumbered(&numbers, known.len());
    (extra == Extra::Ignore || known.len() == count).then_some(Joined { gold, predicted })
}

/// The number of an id, the next one where it has none.
fn number<'a>(known: &mut HashMap<&'a str, u32>, id: &'a str) -> u32 {
    let next = known.len() as u32;
    *known.entry(id).or_insert(next)
}
