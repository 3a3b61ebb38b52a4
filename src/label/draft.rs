//! A claim that somebody wrote down, as a row of the gold: placed, checked, and with what the rules read there filled in.

use std::cell::OnceCell;

use crate::anchor::CodePoints;
use crate::claim::number::{LocalReading, Reading, find_figures, read_local};
use crate::claim::{Article, Claim, ClaimStatus, FieldState, FieldType, Fields, Fragments, GoldClaim, Schema, decimal, nearest};
use crate::extract::rules::{find_claims, prefill_among};
use crate::report::safe::quoted;

use super::doubts::doubts;
use super::new_claim::NewClaim;
use super::place::place;

/// What in place of a field's name says that nobody has confirmed the kind.
pub const KIND: &str = "kind";

/// Whose word a claim is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// A person's: what was given is confirmed, what was not is filled in and is not.
    #[default]
    Person,
    /// A person's who takes what is filled in as right.
    Confirming,
    /// A person's; nothing is filled in.
    Bare,
    /// An extractor's: nothing is confirmed, and what the dataset does not have is left out.
    Extractor,
}

/// A claim as it would be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drafted {
    /// The row.
    pub gold: GoldClaim,
    /// How the figures of its quote are read, such as `37.000 → 37000 (id)`.
    pub readings: Vec<String>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Makes rows of the claims of one article.
#[derive(Debug)]
pub struct Drafts<'a> {
    schema: &'a Schema,
    article: &'a Article,
    points: CodePoints<'a>,
    /// What the rules find in the article, when somebody asks.
    found: OnceCell<Vec<Claim>>,
}

impl<'a> Drafts<'a> {
    /// For the claims of an article.
    pub fn of(schema: &'a Schema, article: &'a Article) -> Drafts<'a> {
        Drafts { schema, article, points: CodePoints::new(&article.text), found: OnceCell::new() }
    }

    /// The row of a claim.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn draft(&self, new: &NewClaim, word: Whose) -> Result<Drafted, Vec<String>> {
        let mut wrong = Vec::new();
        let mut notes = Vec::new();
        let fields = self.given(new, word, &mut wrong, &mut notes);
        let placed = place(&self.points, &new.at).map_err(|why| wrong.push(why)).ok();
        let kind_is_known = self.knows(&new.kind);
        if !new.kind.is_empty() && !kind_is_known && word != Whose::Extractor {
            wrong.push(self.odd_kind(&new.kind));
        }
        let Some(placed) = placed else { return Err(wrong) };
        notes.extend(placed.note);
        let filled = if word == Whose::Bare { Claim::default() } else { self.filled(&placed.fragments) };
        let kind = if kind_is_known { new.kind.clone() } else { filled.kind.clone() };
        if word == Whose::Extractor && !new.kind.is_empty() && !kind_is_known {
            notes.push(format!(
                "its kind {} is none of the dataset{}",
                quoted(&new.kind, 40),
                if kind.is_empty() { "" } else { "'s; another is proposed" }
            ));
        }
        if kind.is_empty() && (new.kind.is_empty() || word == Whose::Extractor) {
            wrong.push(format!("no kind is given, and the rules see none there; {}", self.kinds()));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let quote = self.points.quote(&placed.fragments).unwrap_or_default().into_owned();
        let readings = readings(&quote, &self.article.lang);
        let mut gold = GoldClaim {
            claim: Claim {
                id: new.id.clone(),
                fragments: placed.fragments,
                quote,
                kind,
                fields,
                score: None,
                tracking_id: new.tracking_id.clone(),
            },
            article_id: self.article.id.clone(),
            status: new.status.unwrap_or_default(),
            tags: new.tags.clone(),
            annotator: new.annotator.clone(),
            note: new.note.clone(),
            ..GoldClaim::default()
        };
        let unconfirmed = self.fill(&mut gold, new, &filled, word);
        let missing = self.missing(&gold.claim);
        match word {
            Whose::Bare | Whose::Confirming => {
                notes.extend(
                    missing.iter().map(|field| format!("{field} is required for kind {}; write a value, or none", gold.claim.kind)),
                );
                gold.set_unconfirmed([]);
                if word == Whose::Confirming {
                    notes.extend(doubts(&gold, self.article, self.schema));
                }
            }
            Whose::Person | Whose::Extractor => gold.set_unconfirmed(unconfirmed.iter().map(String::as_str).chain(missing)),
        }
        if new.status == Some(ClaimStatus::Gold) && gold.status == ClaimStatus::Draft {
            let names = gold.unconfirmed().join(", ");
            notes.push(format!("status=gold was not taken: nobody has confirmed {names}; give them, or --confirm"));
        }
        if word == Whose::Extractor {
            gold.status = ClaimStatus::Draft;
        }
        Ok(Drafted { gold, readings, notes })
    }

    /// A draft that a person takes as right.
    ///
    /// # Errors
    /// What still has to be given, in words.
    pub fn confirmed(&self, draft: &GoldClaim) -> Result<Drafted, String> {
        let missing = self.missing(&draft.claim);
        if !missing.is_empty() {
            return Err(format!("{} required for kind {}", listed(&missing), draft.claim.kind));
        }
        let mut gold = draft.clone();
        gold.set_unconfirmed([]);
        gold.status = ClaimStatus::Gold;
        let notes = doubts(&gold, self.article, self.schema);
        let readings = readings(&gold.claim.quote, &self.article.lang);
        Ok(Drafted { gold, readings, notes })
    }

    /// Fills in what was not given; the names of what nobody has confirmed.
    fn fill(&self, gold: &mut GoldClaim, new: &NewClaim, filled: &Claim, word: Whose) -> Vec<String> {
        let claim = &mut gold.claim;
        let mut unconfirmed = Vec::new();
        if new.kind != claim.kind || word == Whose::Extractor {
            unconfirmed.push(KIND.to_owned());
        }
        if word == Whose::Extractor {
            unconfirmed.extend(claim.fields.keys().map(str::to_owned));
            return unconfirmed;
        }
        // What the rules say of a change is nothing about the quantity at the same place.
        if !filled.kind.is_empty() && filled.kind != claim.kind {
            return unconfirmed;
        }
        for (name, state) in &filled.fields {
            let (Some(field), Some(value)) = (self.schema.field(name), state.present()) else { continue };
            if !claim.fields.contains_key(name) && self.schema.is_value(field, value) {
                claim.fields.insert(name.clone(), FieldState::Present(*value));
                unconfirmed.push(name.as_str().to_owned());
            }
        }
        unconfirmed
    }

    /// The fields that were given, checked.
    fn given(&self, new: &NewClaim, word: Whose, wrong: &mut Vec<String>, notes: &mut Vec<String>) -> Fields {
        let mut fields = Vec::new();
        for (name, state) in &new.fields {
            let Some(field) = self.schema.field(name) else {
                let near = nearest(name, self.schema.fields.iter().map(|f| f.name.as_str()));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                match word {
                    Whose::Extractor => notes.push(format!("{} is left out: no field of this dataset", quoted(name, 40))),
                    _ => wrong.push(format!("{} is no field of this dataset{near}", quoted(name, 40))),
                }
                continue;
            };
            let mut state = match state {
                FieldState::Present(value) => FieldState::Present(value.to_owned()),
                FieldState::Absent => FieldState::Absent,
            };
            if let FieldState::Present(value) = &state
                && let Err(error) = self.schema.key(field, value)
            {
                let local = (field.field_type == FieldType::Decimal).then(|| read_local(value, &self.article.lang));
                let lang = &self.article.lang;
                match (local, word) {
                    (Some(LocalReading::Value(read)), Whose::Extractor) => {
                        notes.push(format!("{name} {} is read as {} ({lang})", quoted(value, 40), read.normalize()));
                        state = FieldState::Present(read.normalize().to_string());
                    }
                    (_, Whose::Extractor) => {
                        notes.push(format!("{name} is left out: {error}"));
                        continue;
                    }
                    (Some(LocalReading::Value(read)), _) => {
                        wrong.push(format!("{name}: {error}; in {lang} it reads {name}={}", read.normalize()))
                    }
                    _ => wrong.push(format!("{name}: {error}")),
                }
            }
            if let FieldState::Present(value) = &state
                && let (Ok(number), LocalReading::Value(local)) = (decimal::parse(value), read_local(value, &self.article.lang))
                && field.field_type == FieldType::Decimal
                && number != local
            {
                let (number, local, lang) = (number.normalize(), local.normalize(), &self.article.lang);
                notes.push(format!(
                    "{name}={value} is {number}, though {lang} would read it as {local}; write {name}={local} if that is meant"
                ));
            }
            fields.push((name.clone(), state));
        }
        fields.into_iter().collect()
    }

    /// What the rules see at a place, as far as the dataset has it.
    fn filled(&self, fragments: &Fragments) -> Claim {
        let found = self.found.get_or_init(|| find_claims(self.article));
        let mut claim = prefill_among(found, self.article, fragments);
        if !self.knows(&claim.kind) {
            claim.kind = String::new();
        }
        claim
    }

    /// Fields that the kind requires and that are not there.
    fn missing(&self, claim: &Claim) -> Vec<&'a str> {
        let required = self.schema.fields.iter().filter(|field| field.required_for.contains(&claim.kind));
        required.filter(|field| !claim.fields.contains_key(&field.name)).map(|field| field.name.as_str()).collect()
    }

    fn knows(&self, kind: &str) -> bool {
        !kind.is_empty() && self.schema.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|known| known == kind))
    }

    fn odd_kind(&self, kind: &str) -> String {
        let kinds = self.schema.kinds.as_deref().unwrap_or_default();
        let near = nearest(kind, kinds.iter().map(String::as_str)).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("{} is no kind of this dataset; {}{near}", quoted(kind, 40), self.kinds())
    }

    fn kinds(&self) -> String {
        match &self.schema.kinds {
            Some(kinds) => format!("the kinds are {}", kinds.join(", ")),
            None => "give one as kind=NAME".to_owned(),
        }
    }
}

/// `place is`, `place and unit are`.
fn listed(names: &[&str]) -> String {
    match names {
        [only] => format!("{only} is"),
        names => format!("{} are", names.join(" and ")),
    }
}

/// How the figures of a quote are read, where that is not how they are written.
fn readings(quote: &str, lang: &str) -> Vec<String> {
    let read = find_figures(quote, lang).into_iter().filter_map(|figure| {
        let written = quote.get(figure.span.clone())?;
        let value = match figure.reading {
            Reading::Certain => figure.value.normalize().to_string(),
            Reading::Ambiguous => return Some(format!("{written} → ? ({lang} does not decide)")),
            Reading::Rounded => format!("about {}", figure.value.normalize()),
        };
        let upper = figure.value_max.map(|upper| format!(" to {}", upper.normalize())).unwrap_or_default();
        (written != value).then(|| format!("{written} → {value}{upper} ({lang})"))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::words::words;

    fn article(lang: &str, text: &str) -> Article {
        Article { id: "a-1".to_owned(), lang: lang.to_owned(), text: text.into(), ..Article::default() }
    }

    fn requiring(field: &str) -> Schema {
        let mut schema = Schema::default();
        schema.fields.iter_mut().filter(|f| f.name == field).for_each(|f| f.required_for = vec!["quantity".to_owned()]);
        schema
    }

    fn draft(word: Whose, quote: &str, said: &str) -> Result<Drafted, Vec<String>> {
        let schema = requiring("place");
        let article = article("id", "Pejabat menahan lebih dari 37.000 orang. Mereka berjanji pergi.");
        let mut new = NewClaim::of_quote("x".to_owned(), quote);
        new.take(words(said).unwrap(), &schema).unwrap();
        Drafts::of(&schema, &article).draft(&new, word)
    }

    #[test]
    fn what_is_given_is_confirmed_and_what_is_filled_in_is_not() {
        for (word, said, status, unconfirmed) in [
            (Whose::Person, "", ClaimStatus::Draft, "kind bound modality polarity unit value place"),
            (Whose::Person, "quantity value=37000 unit=person", ClaimStatus::Draft, "bound modality polarity place"),
            (
                Whose::Person,
                "quantity value=37000 unit=person bound=more_than place=none polarity=asserted modality=fact",
                ClaimStatus::Gold,
                "",
            ),
            (Whose::Person, "event", ClaimStatus::Gold, ""),
            (Whose::Confirming, "", ClaimStatus::Gold, ""),
            (Whose::Confirming, "status=optional", ClaimStatus::Optional, ""),
            (Whose::Bare, "quantity", ClaimStatus::Gold, ""),
            (Whose::Extractor, "quantity value=37000", ClaimStatus::Draft, "kind value place"),
            (Whose::Extractor, "event", ClaimStatus::Draft, "kind"),
        ] {
            let gold = draft(word, "lebih dari 37.000 orang", said).unwrap().gold;
            let named: Vec<String> = gold.tags.iter().map(|tag| tag.replace("unconfirmed:", "")).collect();
            assert_eq!((gold.status, named.join(" ").as_str()), (status, unconfirmed), "{word:?} {said}");
        }
        let confirmed = draft(Whose::Confirming, "lebih dari 37.000 orang", "").unwrap();
        assert_eq!((confirmed.gold.claim.kind.as_str(), confirmed.gold.claim.fields.value("value")), ("quantity", Some("37000")));
        assert_eq!(confirmed.readings, ["37.000 → 37000 (id)"]);
        assert_eq!(confirmed.notes, ["place is required for kind quantity; write a value, or none"]);
        assert_eq!(draft(Whose::Bare, "37.000 orang", "quantity").unwrap().gold.claim.fields, Fields::default());
    }

    #[test]
    fn a_draft_is_confirmed_when_what_is_required_is_there() {
        let article = article("id", "Pejabat menahan lebih dari 37.000 orang.");
        for (schema, expected) in
            [(Schema::default(), Ok(ClaimStatus::Gold)), (requiring("place"), Err("place is required for kind quantity"))]
        {
            let drafts = Drafts::of(&schema, &article);
            let draft = drafts.draft(&NewClaim::of_quote("x".to_owned(), "lebih dari 37.000 orang"), Whose::Person).unwrap().gold;
            assert_eq!(draft.status, ClaimStatus::Draft);
            let confirmed = drafts.confirmed(&draft);
            assert_eq!(confirmed.as_ref().map(|drafted| drafted.gold.status).map_err(String::as_str), expected);
            assert!(confirmed.is_err() || confirmed.is_ok_and(|drafted| drafted.gold.tags.is_empty()));
        }
    }

    #[test]
    fn a_status_that_is_not_taken_is_said() {
        let drafted = draft(Whose::Person, "lebih dari 37.000 orang", "quantity value=37000 status=gold").unwrap();
        assert_eq!(drafted.gold.status, ClaimStatus::Draft);
        assert!(drafted.notes[0].starts_with("status=gold was not taken: nobody has confirmed bound, "), "{:?}", drafted.notes);
        assert_eq!(draft(Whose::Confirming, "lebih dari 37.000 orang", "quantity place=none status=gold").unwrap().notes, [""; 0]);
    }

    #[test]
    fn all_that_is_wrong_is_said() {
        let wrong = draft(Whose::Person, "40.000 orang", "quantity value=37,000 bound=over").unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        let wrong = draft(Whose::Person, "37.000 orang", "quantity value=37rb").unwrap_err().join("\n");
        assert!(wrong.contains("in id it reads value=37000"), "{wrong}");
        let doubtful = draft(Whose::Person, "37.000 orang", "quantity value=37.000").unwrap();
        assert!(doubtful.notes[0].contains("value=37.000 is 37, though id would read it as 37000"), "{:?}", doubtful.notes);
        let wrong = draft(Whose::Person, "Mereka berjanji pergi", "").unwrap_err().join("\n");
        assert!(wrong.contains("no kind is given") && wrong.contains("the kinds are quantity, change, rank, event, position"), "{wrong}");
        let wrong = draft(Whose::Person, "Mereka", "kind=postion").unwrap_err().join("\n");
        assert!(wrong.contains("did you mean position?"), "{wrong}");
    }

    #[test]
    fn what_an_extractor_says_is_taken_as_far_as_the_dataset_has_it() {
        let schema = Schema::default();
        let article = article("id", "Lebih dari 37.000 orang.");
        let mut new = NewClaim::of_quote("x".to_owned(), "37.000 orang");
        new.kind = "number".to_owned();
        new.fields =
            [("value", FieldState::Present("37 ribu")), ("mood", FieldState::Present("grim")), ("bound", FieldState::Present("over"))]
                .into();
        let drafted = Drafts::of(&schema, &article).draft(&new, Whose::Extractor).unwrap();
        assert_eq!(drafted.gold.claim.kind, "quantity");
        assert_eq!(drafted.gold.claim.fields, [("value", FieldState::Present("37000"))].into());
        assert_eq!(drafted.notes.len(), 4, "{:?}", drafted.notes);
    }
}
