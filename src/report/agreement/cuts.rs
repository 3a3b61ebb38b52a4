//! The numbers of two annotators, cut.

use std::fmt::Write;

use super::{BOLD, Cut, NAME, heading, name_of, row};
use crate::report::safe::shown;
use crate::report::terminal::{DIM, cut, pad_to, three};
use crate::stats::agreement::{Labels, PairAgreement, Slice};

pub(super) fn write(out: &mut String, pair: &PairAgreement, by: Cut, primary: &str) -> std::fmt::Result {
    match by {
        Cut::Lang => slices(out, pair, "by language", &pair.by_lang, primary),
        Cut::Article => slices(out, pair, "by article", &pair.by_article, primary),
        Cut::Kind => kinds(out, pair, primary),
        Cut::Field => fields(out, pair, primary),
    }
}

fn title(out: &mut String, pair: &PairAgreement, what: &str) -> std::fmt::Result {
    writeln!(out, "\n{BOLD}{}{BOLD:#} · {what}", name_of(pair))
}

fn slices(out: &mut String, pair: &PairAgreement, what: &str, slices: &[Slice], primary: &str) -> std::fmt::Result {
    title(out, pair, what)?;
    writeln!(out, "  {:NAME$}{DIM}{}{DIM:#}", "", heading(primary))?;
    for slice in slices {
        writeln!(out, "  {} {}", pad_to(&cut(&shown(&slice.value), NAME), NAME), row(&slice.numbers, primary))?;
    }
    Ok(())
}

fn kinds(out: &mut String, pair: &PairAgreement, primary: &str) -> std::fmt::Result {
    title(out, pair, &format!("by kind, over pairs under {primary}"))?;
    writeln!(out, "  {:NAME$} {DIM}{:>11} {:>8} {:>10} {:>8}{DIM:#}", "", "claims", "both", "other kind", "F1")?;
    for kind in &pair.by_kind {
        let claims = format!("{} / {}", kind.claims[0], kind.claims[1]);
        let name = pad_to(&cut(&shown(&kind.kind), NAME), NAME);
        writeln!(out, "  {name} {claims:>11} {:>8} {:>10} {:>8}", kind.both, kind.one, three(kind.f1))?;
    }
    Ok(())
}

fn fields(out: &mut String, pair: &PairAgreement, primary: &str) -> std::fmt::Result {
    title(out, pair, &format!("kinds (overlap) and fields ({primary})"))?;
    writeln!(out, "  {:NAME$} {DIM}{:>8} {:>8} {:>8} {:>8} {:>8}{DIM:#}", "", "pairs", "same", "kappa", "alpha", "ratio α")?;
    let mut line = |name: &str, labels: &Labels, ratio: Option<Option<f64>>| {
        let ratio = ratio.map(three).unwrap_or_default();
        let (kappa, alpha) = (three(labels.kappa), three(labels.alpha));
        let name = pad_to(&cut(&shown(name), NAME), NAME);
        let text = format!("  {name} {:>8} {:>8} {kappa:>8} {alpha:>8} {ratio:>8}", labels.pairs, labels.same);
        writeln!(out, "{}", text.trim_end())
    };
    line("kind", &pair.numbers.kinds, None)?;
    pair.numbers.fields.iter().try_for_each(|(name, labels)| line(name, labels, labels.decimal.then_some(labels.alpha_ratio)))
}
