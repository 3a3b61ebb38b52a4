//! Why something is shown, as groups in the order of their use, and the orders that can be asked for.

use std::cmp::Reverse;
use std::str::FromStr;

use serde::Serialize;

use super::claims::Disagreement;
use crate::claim::nearest;
use crate::report::safe::quoted;
use crate::runs::ClaimOutcome;
use crate::stats::Random;

/// Why something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// A prediction that several extractors have and the gold has not.
    ProbablyMissing,
    /// A gold claim of which several extractors say the same, and not what it says.
    ProbablyWrong,
    /// A prediction that matches no gold claim.
    Spurious,
    /// A gold claim where no extractor has one.
    MissedByAll,
    /// A gold claim that the run did not find.
    Missed,
    /// A pair with another place, kind or key field.
    Wrong,
    /// A prediction that matches nothing in an article that is labelled in part.
    Unjudged,
}

impl Group {
    /// All of them, with the names that they have on the command line and in JSON.
    pub const ALL: [(&'static str, Group); 7] = [
        ("probably-missing", Self::ProbablyMissing),
        ("probably-wrong", Self::ProbablyWrong),
        ("spurious", Self::Spurious),
        ("missed-by-all", Self::MissedByAll),
        ("missed", Self::Missed),
        ("wrong", Self::Wrong),
        ("unjudged", Self::Unjudged),
    ];

    /// The name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }

    /// In words.
    pub fn words(self) -> &'static str {
        [
            "probably missing in the gold",
            "probably wrong in the gold",
            "spurious",
            "missed by all",
            "missed",
            "paired, not right",
            "not judged yet",
        ][self as usize]
    }

    /// Whether somebody who asks for the other one means this as well: what is probably missing is spurious, and what is missed by all is
    /// missed.
    pub fn is_of(self, asked: Group, outcome: ClaimOutcome) -> bool {
        self == asked
            || match asked {
                Group::Spurious => outcome == ClaimOutcome::Spurious,
                Group::Missed => outcome == ClaimOutcome::Missed,
                Group::Unjudged => outcome == ClaimOutcome::Unjudged,
                _ => false,
            }
    }
}

impl FromStr for Group {
    type Err = String;

    fn from_str(name: &str) -> Result<Group, String> {
        let names = || Self::ALL.into_iter().map(|(name, _)| name);
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, group)| group).ok_or_else(|| {
            let near = nearest(name, names()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let all = names().collect::<Vec<_>>().join(", ");
            format!("{} is none of {all}{near} (kinds of claims: --where kind=NAME)", quoted(name, 40))
        })
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most useful first.
    #[default]
    Useful,
    /// As in the texts, by article id.
    Place,
    /// Drawn by a seed.
    Random(u64),
}

/// The disagreements in an order that does not depend on the one they come in.
pub fn sorted<'a>(mut list: Vec<Disagreement<'a>>, order: Order) -> Vec<Disagreement<'a>> {
    list.sort_by(|a, b| a.place().cmp(&b.place()));
    match order {
        Order::Place => {}
        // The sort is stable: what is as useful stays as in the texts.
        Order::Useful => list.sort_by_key(|d| (d.rank(), Reverse(d.votes), Reverse(d.confidence()))),
        Order::Random(seed) => shuffle(&mut list, seed),
    }
    list
}

/// Fisher and Yates, by the stream of a seed.
pub(super) fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut random = Random::of_stream(seed, 0);
    for at in (1..list.len()).rev() {
        let bound = u32::try_from(at + 1).unwrap_or(u32::MAX);
        list.swap(at, random.below(bound) as usize);
    }
}
