//! From a bare file and answers to what is scored.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::dataset::BareArticle;
use crate::extract::Answer;
use crate::score::{ArticleInput, GoldInput};

/// Articles of a bare file with what was answered.
pub(super) fn bare_inputs<'a>(articles: &'a [BareArticle], answers: &BTreeMap<&str, &'a Answer>) -> Vec<ArticleInput<'a>> {
    let input = |bare: &'a BareArticle| {
        let other = bare.columns.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str())));
        let article = &bare.article;
        let known = [("lang", Some(article.lang.as_str())), ("publisher", article.publisher.as_deref())];
        let known = known.into_iter().filter_map(|(name, value)| value.map(|v| (Cow::Borrowed(name), Cow::Borrowed(v))));
        ArticleInput {
            id: &article.id,
            lang: &article.lang,
            status: crate::claim::ArticleStatus::Gold,
            columns: known.chain(other).collect(),
            gold: bare.claims.iter().map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect(),
            answer: answers.get(article.id.as_str()).copied(),
        }
    };
    articles.iter().map(input).collect()
}
