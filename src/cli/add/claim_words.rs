//! `--claim QUOTE [WORD…]`, repeated: the words of each stay together.

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

use crate::claim::Schema;
use crate::label::{NewClaim, quote_and_words, word, words};

/// The words of each `--claim`.
#[derive(Clone, Debug, Default)]
pub struct ClaimWords(Vec<Vec<String>>);

impl clap::Args for ClaimWords {
    fn augment_args(command: Command) -> Command {
        let help = "A claim: its quote, then a kind and FIELD=VALUE; repeat for more";
        let claim =
            Arg::new("claim").long("claim").value_names(["QUOTE", "FIELD=VALUE"]).num_args(1..).action(ArgAction::Append).help(help);
        command.arg(claim)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ClaimWords {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ClaimWords, clap::Error> {
        let given = matches.get_occurrences::<String>("claim").into_iter().flatten();
        Ok(ClaimWords(given.map(|words| words.cloned().collect()).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl ClaimWords {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The claims, and everything that is wrong with their words. A claim that lacks a kind for that is left out: it was meant to have one.
    pub fn claims(&self, schema: &Schema) -> (Vec<NewClaim>, Vec<String>) {
        let mut wrong = Vec::new();
        let mut claims = Vec::new();
        for (number, given) in self.0.iter().enumerate() {
            let from = if self.0.len() == 1 { "--claim".to_owned() } else { format!("--claim {}", number + 1) };
            let Some((first, rest)) = given.split_first() else { continue };
            let (quote, inline) = quote_and_words(first);
            let mut claim = NewClaim::of_quote(from.clone(), &quote);
            let taken = words(inline).map_err(|why| vec![why]).and_then(|mut all| {
                all.extend(rest.iter().map(|argument| word(argument)));
                claim.take(all, schema)
            });
            let is_whole = taken.is_ok() || !claim.kind.is_empty();
            wrong.extend(taken.err().into_iter().flatten().map(|why| format!("{from}: {why}")));
            claims.extend(is_whole.then_some(claim));
        }
        (claims, wrong)
    }
}
