//! What answers took: time, tokens and money.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::quantile;

/// What the answer for one article took, as far as it was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spent {
    /// Seconds from sending the article to its answer; of several tries, those of the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_s: Option<f64>,
    /// Tokens that were sent, over all tries that were answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens that came back, over all tries that were answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// What the tokens cost, in the currency of the price list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// How often the article was sent; 0 where that is not counted.
    #[serde(skip_serializing_if = "is_zero")]
    pub tries: u32,
    /// The answer was taken from the cache or from an earlier run: the rest is what it took then, and is not paid again.
    #[serde(skip_serializing_if = "is_false")]
    pub cached: bool,
}

impl Spent {
    /// Whether nothing was measured.
    pub fn is_unknown(&self) -> bool {
        *self == Spent::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes by reference")]
fn is_zero(tries: &u32) -> bool {
    *tries == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes by reference")]
fn is_false(cached: &bool) -> bool {
    !cached
}

/// What the answers of a run took, as far as it was measured. Answers out of the cache are counted, and not in the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RunSpent {
    /// Median time of an article, in seconds.
    pub latency_p50_s: Option<f64>,
    /// 95th percentile of the time of an article, in seconds.
    pub latency_p95_s: Option<f64>,
    /// Tokens that were sent.
    pub input_tokens: Option<u64>,
    /// Tokens that came back.
    pub output_tokens: Option<u64>,
    /// What the tokens cost, in the currency of the price list.
    pub cost: Option<f64>,
    /// Answers that were taken from the cache or from an earlier run.
    pub cached: u64,
}

impl RunSpent {
    /// The sum over articles. A sum is unknown where nothing of it was measured.
    pub fn of<'s>(articles: impl Iterator<Item = &'s Spent>) -> RunSpent {
        let mut sum = RunSpent::default();
        let mut latencies = Vec::new();
        for spent in articles {
            if spent.cached {
                sum.cached += 1;
                continue;
            }
            latencies.extend(spent.latency_s);
            for (total, part) in [(&mut sum.input_tokens, spent.input_tokens), (&mut sum.output_tokens, spent.output_tokens)] {
                if let Some(part) = part {
                    *total = Some(total.unwrap_or(0).saturating_add(part));
                }
            }
            if let Some(cost) = spent.cost {
                sum.cost = Some(sum.cost.unwrap_or(0.0) + cost);
            }
        }
        latencies.sort_unstable_by(f64::total_cmp);
        let latency = |level| (!latencies.is_empty()).then(|| quantile(&latencies, level));
        RunSpent { latency_p50_s: latency(0.5), latency_p95_s: latency(0.95), ..sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_out_of_the_cache_cost_nothing_and_took_no_time() {
        let paid =
            Spent { latency_s: Some(2.0), input_tokens: Some(100), output_tokens: Some(7), cost: Some(0.5), tries: 1, cached: false };
        let all = [paid, Spent { latency_s: Some(4.0), ..paid }, Spent { cached: true, ..paid }, Spent::default()];
        let sum = RunSpent::of(all.iter());
        assert_eq!((sum.latency_p50_s, sum.input_tokens, sum.output_tokens), (Some(3.0), Some(200), Some(14)));
        assert_eq!((sum.cost, sum.cached), (Some(1.0), 1));
    }

    #[test]
    fn what_was_not_measured_is_unknown_and_not_nothing() {
        assert_eq!(RunSpent::of([Spent::default()].iter()), RunSpent::default());
        assert_eq!(serde_json::to_string(&Spent::default()).unwrap(), "{}");
    }
}
