//! Gold and predictions of any size, the same for the same size: about 8 gold claims an article; a fifth of them is not
//! predicted, a quarter of the rest has shifted edges, a tenth another kind, and 15 % are added.

use std::fmt::Write;

use claim_assay::claim::Schema;
use claim_assay::dataset::BareGold;

const KINDS: [&str; 5] = ["quantity", "change", "rank", "event", "position"];
const LANGS: [&str; 5] = ["en", "id", "es", "ar", "zh"];

/// A small generator of pseudo-random numbers (splitmix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Gold and predictions as JSONL.
pub fn jsonl(articles: usize) -> (String, String) {
    let mut random = Random(7);
    let (mut gold, mut predicted) = (String::new(), String::new());
    for article in 0..articles {
        let lang = LANGS[random.below(5) as usize];
        let (mut g, mut p) = (Vec::new(), Vec::new());
        for _ in 0..random.below(17) {
            let start = random.below(2840);
            let end = start + 20 + random.below(140);
            let (kind, value) = (random.below(5), random.below(1_000_000));
            g.push(claim(start, end, kind, value, None));
            if random.below(5) > 0 {
                let shift = if random.below(4) == 0 { random.below(8) } else { 0 };
                let other = u64::from(random.below(10) == 0);
                p.push(claim(start + shift, end + shift, (kind + other) % 5, value, Some(random.below(1000))));
            }
        }
        if random.below(100) < 70 {
            let start = random.below(2840);
            p.push(claim(start, start + 40, random.below(5), random.below(1000), Some(random.below(1000))));
        }
        for (out, claims) in [(&mut gold, g), (&mut predicted, p)] {
            // Writing to a String cannot fail.
            let _ = writeln!(out, r#"{{"id":"d{article:07}","lang":"{lang}","claims":[{}]}}"#, claims.join(","));
        }
    }
    (gold, predicted)
}

fn claim(start: u64, end: u64, kind: u64, value: u64, score: Option<u64>) -> String {
    let score = score.map(|s| format!(r#","score":0.{s:03}"#)).unwrap_or_default();
    let kind = KINDS[kind as usize];
    format!(r#"{{"start":{start},"end":{end},"kind":"{kind}","fields":{{"value":{value},"bound":"about","unit":"person"}}{score}}}"#)
}

/// One article with that many claims a side, spread over a long text.
pub fn spread(claims: usize) -> (String, String) {
    one_article(claims, |i, random| {
        let start = 300 * i + random.below(300);
        (start, start + 20 + random.below(140), random.below(1_000_000))
    })
}

/// One article whose claims each overlap about a hundred of the other side: one group that all hang together.
pub fn chain(claims: usize) -> (String, String) {
    one_article(claims, |i, random| {
        let start = 20 * i + random.below(10);
        (start, start + 1000 + random.below(40), random.below(50))
    })
}

/// One article whose claims all overlap.
pub fn all_over(claims: usize) -> (String, String) {
    one_article(claims, |i, random| (i, i + 20_000, random.below(1_000_000)))
}

/// One article whose claims all have the same value, far from each other.
pub fn one_value(claims: usize) -> (String, String) {
    one_article(claims, |i, _| (100 * i, 100 * i + 50, 5))
}

fn one_article(claims: usize, at: impl Fn(u64, &mut Random) -> (u64, u64, u64)) -> (String, String) {
    let mut random = Random(7);
    let mut side = |score: Option<u64>| {
        let claims = (0..claims as u64).map(|i| {
            let (start, end, value) = at(i, &mut random);
            claim(start, end, random.below(5), value, score)
        });
        format!(r#"{{"id":"a","lang":"en","claims":[{}]}}"#, claims.collect::<Vec<_>>().join(","))
    };
    (side(None), side(Some(500)))
}

/// The articles of a JSONL text.
pub fn read(text: &str) -> BareGold {
    BareGold::read("generated.jsonl", text.as_bytes().to_vec(), &Schema::open()).unwrap()
}
