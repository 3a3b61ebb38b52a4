//! A claim as somebody writes it down: its place is still to be found.

use crate::claim::{ClaimStatus, FieldState, Fields, Schema, list_items, nearest};
use crate::formats::jsonl::RawClaim;
use crate::report::safe::quoted;

use super::words::Word;

/// A claim that is to be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewClaim {
    /// Where it was written, for messages, such as `--claim 2` or `claims.jsonl:7`.
    pub from: String,
    /// Empty for the next free one of the article.
    pub id: String,
    /// Where it stands.
    pub at: At,
    /// Empty where none is given.
    pub kind: String,
    /// The fields that are given.
    pub fields: Fields,
    /// Empty where none is given.
    pub tracking_id: String,
    /// `None` where none is given.
    pub status: Option<ClaimStatus>,
    /// Free labels.
    pub tags: Vec<String>,
    /// Who labelled it.
    pub annotator: String,
    /// A remark.
    pub note: String,
}

/// The place of a claim as somebody writes it down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// `(start, end)` in code points, the end excluded; empty where only a quote is given.
    pub spans: Vec<(u32, u32)>,
    /// Empty where only offsets are given.
    pub quote: String,
    /// Text right before the quote.
    pub prefix: String,
    /// Text right behind the quote.
    pub suffix: String,
    /// Which of several places, 1-based.
    pub occurrence: Option<usize>,
}

/// What can be said of a claim beside its fields.
const KEYS: [&str; 11] = ["kind", "track", "tracking_id", "occurrence", "prefix", "suffix", "status", "tags", "annotator", "note", "id"];

impl NewClaim {
    /// A claim of a quote.
    pub fn of_quote(from: String, quote: &str) -> NewClaim {
        NewClaim { from, at: At { quote: quote.to_owned(), ..At::default() }, ..NewClaim::default() }
    }

    /// A claim of a line of JSONL.
    pub fn of_raw(from: String, raw: RawClaim<'_, '_>) -> NewClaim {
        let claim = raw.to_claim(crate::claim::Fragments::default());
        let spans = if raw.fragments.is_empty() { raw.offsets.into_iter().collect() } else { raw.fragments.to_vec() };
        NewClaim {
            from,
            id: claim.id,
            at: At { spans, quote: claim.quote, prefix: raw.prefix.to_string(), suffix: raw.suffix.to_string(), occurrence: None },
            kind: claim.kind,
            fields: claim.fields,
            tracking_id: claim.tracking_id,
            status: Some(raw.status).filter(|status| *status != ClaimStatus::Gold),
            tags: raw.tags.to_vec(),
            ..NewClaim::default()
        }
    }

    /// Takes over what words say: a kind alone, or `FIELD=VALUE`. A field of the dataset goes before a word of the same name.
    ///
    /// # Errors
    /// Everything that is wrong, each with what would be right.
    pub fn take(&mut self, words: impl IntoIterator<Item = Word>, schema: &Schema) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        for word in words {
            if let Err(message) = self.take_word(word, schema) {
                wrong.push(message);
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn take_word(&mut self, word: Word, schema: &Schema) -> Result<(), String> {
        let (name, value) = match word {
            Word::Pair(name, value) => (name, value),
            Word::Bare(kind) if self.kind.is_empty() && schema.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind)) => {
                self.kind = kind;
                return Ok(());
            }
            Word::Bare(word) => return Err(odd_word(&word, !self.kind.is_empty(), schema)),
        };
        self.set(&name, &value, schema)
    }

    /// Sets a field, or what else is known of a claim, from text as it stands in a cell: `none` = annotated as absent.
    ///
    /// # Errors
    /// When there is no such field, it was set before, or the value cannot be.
    pub fn set(&mut self, name: &str, value: &str, schema: &Schema) -> Result<(), String> {
        let value = value.trim();
        if value.is_empty() {
            return Err(format!("{name}= has no value; write {name}=none where the text gives none, or leave it out"));
        }
        if schema.field(name).is_some() {
            if self.fields.contains_key(name) {
                return Err(format!("{name} is given twice"));
            }
            let state = match value {
                "none" => FieldState::Absent,
                r"\none" => FieldState::Present("none"),
                value => FieldState::Present(value),
            };
            self.fields.insert(name, state);
            return Ok(());
        }
        let text = match name {
            "kind" => &mut self.kind,
            "track" | "tracking_id" => &mut self.tracking_id,
            "prefix" => &mut self.at.prefix,
            "suffix" => &mut self.at.suffix,
            "annotator" => &mut self.annotator,
            "note" => &mut self.note,
            "id" => &mut self.id,
            "occurrence" => {
                let number = value.parse().ok().filter(|number| *number > 0);
                self.at.occurrence =
                    Some(number.ok_or_else(|| format!("occurrence is {}; write 1 for the first place", quoted(value, 40)))?);
                return Ok(());
            }
            "status" => {
                self.status = Some(value.parse()?);
                return Ok(());
            }
            "tags" => {
                self.tags = list_items(value);
                return Ok(());
            }
            name => return Err(unknown_field(name, schema)),
        };
        if !text.is_empty() {
            return Err(format!("{name} is given twice"));
        }
        value.clone_into(text);
        Ok(())
    }
}

fn unknown_field(name: &str, schema: &Schema) -> String {
    let known = schema.fields.iter().map(|field| field.name.as_str()).chain(KEYS);
    match nearest(name, known) {
        Some(near) => format!("{} is no field of this dataset; did you mean {near}?", quoted(name, 40)),
        None => {
            let fields: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
            format!("{} is no field of this dataset; its fields are {}", quoted(name, 40), fields.join(", "))
        }
    }
}

fn odd_word(word: &str, has_kind: bool, schema: &Schema) -> String {
    let kinds = schema.kinds.as_deref().unwrap_or_default();
    let near = nearest(word, kinds.iter().map(String::as_str)).filter(|_| !has_kind);
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let advice = "put a value with blanks in quotes, and what is no part of the claim before it";
    format!("{} is neither FIELD=VALUE nor a kind{near} ({advice})", quoted(word, 40))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::words::words;

    fn taken(text: &str) -> Result<NewClaim, Vec<String>> {
        let mut claim = NewClaim::default();
        claim.take(words(text).unwrap(), &Schema::default()).map(|()| claim)
    }

    #[test]
    fn words_say_everything_of_a_claim() {
        let claim =
            taken("quantity value=37000 place=\"southern border\" unit=none bound=exactly track=t-1 tags=hard;old occurrence=2").unwrap();
        assert_eq!((claim.kind.as_str(), claim.tracking_id.as_str(), claim.at.occurrence), ("quantity", "t-1", Some(2)));
        assert_eq!((claim.fields.value("value"), claim.fields.value("place")), (Some("37000"), Some("southern border")));
        assert_eq!(claim.fields.get("unit"), Some(FieldState::Absent));
        assert_eq!(claim.tags, ["hard", "old"]);
        assert_eq!(taken(r"place=\none status=optional").unwrap().fields.value("place"), Some("none"));
    }

    #[test]
    fn what_is_wrong_is_said_all_at_once_with_what_would_be_right() {
        for (text, says) in [
            ("vlaue=1", "did you mean value?"),
            ("xyz=1", "its fields are value, value_max"),
            ("quantiy", "did you mean quantity?"),
            ("quantity people", "neither FIELD=VALUE nor a kind"),
            ("kind=rank kind=event", "given twice"),
            ("value=1 value=2", "given twice"),
            ("value=", "value=none"),
            ("occurrence=0", "write 1"),
            ("status=done", "one of gold, draft, optional"),
        ] {
            let wrong = taken(text).unwrap_err().join("\n");
            assert!(wrong.contains(says), "{text}: {wrong}");
        }
        assert_eq!(taken("vlaue=1 quantiy status=done").unwrap_err().len(), 3);
    }
}
