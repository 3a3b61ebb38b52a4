//! Keys that a program was given and that must not come back.

use std::borrow::Cow;

use super::settings::ProgramSettings;
use crate::claim::{FieldState, Fields};
use crate::extract::answer::Answer;
use crate::extract::extractor::Finished;

/// What stands in a key's place.
const INSTEAD: &str = "[secret]";

/// Shorter values are words that texts have.
const SHORTEST: usize = 8;

/// Parts of the names of variables that hold keys.
const NAMES: [&str; 7] = ["KEY", "TOKEN", "SECRET", "PASSW", "CREDENTIAL", "AUTH", "PASSPHRASE"];

/// The values of variables whose names say that they are secret, longest first.
#[derive(Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Those of `pass_env` and `env`.
    pub(super) fn of(settings: &ProgramSettings) -> Secrets {
        let passed = settings.pass_env.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
        let set = settings.env.iter().map(|(name, value)| (name.clone(), value.clone()));
        let is_secret = |name: &str| NAMES.iter().any(|part| name.to_ascii_uppercase().contains(part));
        let secret = passed.chain(set).filter(|(name, value)| is_secret(name) && value.len() >= SHORTEST);
        let mut values: Vec<String> = secret.map(|(_, value)| value).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Secrets(values)
    }

    /// A text without them.
    pub(super) fn without<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for value in &self.0 {
            if text.contains(value.as_str()) {
                text = Cow::Owned(text.replace(value.as_str(), INSTEAD));
            }
        }
        text
    }

    /// An answer without them: in its message, and in its claims, for a program that writes a key into one has lost it.
    pub(super) fn cleaned(&self, mut answer: Answer) -> Answer {
        if self.0.is_empty() {
            return answer;
        }
        let clean = |text: &mut String| {
            if let Cow::Owned(cleaned) = self.without(text) {
                *text = cleaned;
            }
        };
        answer.message.iter_mut().for_each(clean);
        for claim in &mut answer.claims {
            [&mut claim.id, &mut claim.quote, &mut claim.kind, &mut claim.tracking_id].into_iter().for_each(clean);
            if claim.fields.iter().any(|(_, state)| state.into_present().is_some_and(|value| matches!(self.without(value), Cow::Owned(_))))
            {
                let state = |state: FieldState<&str>| match state.into_present() {
                    Some(value) => FieldState::Present(self.without(value).into_owned()),
                    None => FieldState::Absent,
                };
                claim.fields = claim.fields.iter().map(|(name, value)| (name.to_string(), state(value))).collect::<Fields>();
            }
        }
        answer
    }

    /// The account of a run without them.
    pub(super) fn cleaned_account(&self, mut finished: Finished) -> Finished {
        let clean = |text: &mut String| *text = self.without(text).into_owned();
        finished.notes.iter_mut().for_each(clean);
        finished.incomplete.iter_mut().for_each(clean);
        clean(&mut finished.stderr_tail);
        finished
    }
}

/// How many there are, and not what they are.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::extract::{LocationCounts, Outcome};

    #[test]
    fn keys_do_not_come_back_and_other_words_stay() {
        let env = [("MY_TOKEN", "abcd-1234-efgh"), ("MODE", "fast-and-long"), ("API_KEY", "short")];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let settings = ProgramSettings { env, ..ProgramSettings::new(Vec::new(), "/".into()) };
        let secrets = Secrets::of(&settings);
        assert_eq!(secrets.without("fast-and-long abcd-1234-efgh short"), "fast-and-long [secret] short");
        let claim = Claim {
            quote: "x abcd-1234-efgh".into(),
            fields: [("unit".to_owned(), FieldState::Present("abcd-1234-efgh".to_owned()))].into_iter().collect(),
            ..Claim::default()
        };
        let good = secrets.cleaned(Answer::of_claims("a", vec![claim], LocationCounts::default()));
        let failed = secrets.cleaned(Answer::failed("a", Outcome::Crash, "abcd-1234-efgh"));
        assert_eq!((good.claims[0].quote.as_str(), good.claims[0].fields.value("unit")), ("x [secret]", Some("[secret]")));
        assert!(failed.message.as_deref() == Some("[secret]") && !format!("{secrets:?}").contains("abcd"));
    }
}
