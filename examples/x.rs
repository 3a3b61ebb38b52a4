use claim_assay::claim::number::find_figures;
fn main() {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let (lang, text) = line.split_once('|').unwrap();
        println!("{lang}: {text}");
        for f in find_figures(text, lang) {
            println!(
                "    {:<30} {:<14} {:?} {:?} {:?} {:?} {}",
                &text[f.expression.clone()],
                f.value.to_string(),
                f.value_max.map(|v| v.to_string()),
                f.bound.map(|b| b.name()),
                f.form,
                f.reading,
                f.currency.map_or("", |c| c.1)
            );
        }
    }
}
