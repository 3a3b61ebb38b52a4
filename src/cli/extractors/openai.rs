//! From what assay.toml says of a model, and what the dataset has for its prompt, to an extractor.

use std::collections::BTreeSet;

use anyhow::anyhow;
use serde_json::{Value, json};

use super::Reach;
use crate::claim::ClaimStatus;
use crate::cli::exit::Failure;
use crate::dataset::{ArticleRecord, Dataset};
use crate::extract::openai::{ApiKey, Example, OpenAiExtractor, OpenAiSettings, Prompt, Slot};
use crate::files;
use crate::report::safe::{quoted, shown};
use crate::report::terminal::count;
use crate::workspace::{Examples, ExtractorSettings, OpenAi, Workspace};

/// Makes the extractor ready. Nothing is sent yet, and the key is looked for when something is.
pub(super) fn open(
    workspace: &Workspace,
    settings: &ExtractorSettings,
    model: &OpenAi,
    reach: &Reach<'_>,
) -> Result<OpenAiExtractor, Failure> {
    let named = |message: String| Failure::invalid(anyhow!("extractor {}: {message}", settings.id));
    let text = workspace.inside(&model.prompt).and_then(|path| files::read_text(&path, files::MAX_TEXT));
    let text = text.map_err(|error| named(format!("prompt {:?}: {error}", shown(&model.prompt))))?;
    let prompt = Prompt::parse(&model.prompt, &text).map_err(Failure::invalid)?;
    let examples = match (&model.examples, prompt.uses(Slot::Examples)) {
        (Some(examples), true) => chosen(examples, reach).map_err(named)?,
        (None, false) => Vec::new(),
        (Some(_), false) => {
            let prompt = shown(&model.prompt);
            return Err(named(format!("`examples` is set, and {prompt} has no {{{{examples}}}}; write it where they go")));
        }
        (None, true) => {
            let prompt = shown(&model.prompt);
            let example = "examples = { split = \"train\", count = 5 }";
            return Err(named(format!("{prompt} has {{{{examples}}}}; say in assay.toml which they are: {example}")));
        }
    };
    let guidelines = if prompt.uses(Slot::Guidelines) { guidelines(reach.dataset).map_err(named)? } else { String::new() };
    let key = model.api_key_env.as_ref().map(|variable| {
        let value = std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned());
        ApiKey::new(variable, value.as_deref())
    });
    Ok(OpenAiExtractor::new(OpenAiSettings {
        key,
        numbers: settings.numbers,
        examples,
        guidelines,
        params: model.params.clone(),
        response_format: model.response_format,
        max_tokens: model.max_tokens,
        price: model.price,
        jobs: reach.jobs.map_or(workspace.config.run.jobs, usize::from),
        programs: reach.programs.clone(),
        timeout: reach.timeout,
        max_retries: model.max_retries,
        retry_base: model.retry_base,
        ..OpenAiSettings::new(&model.base_url, &model.model, prompt, reach.dataset.schema.clone())
    }))
}

/// The first labelled articles of a split, none of which is asked about or is of a group with one that is.
fn chosen(examples: &Examples, reach: &Reach<'_>) -> Result<Vec<Example>, String> {
    let Examples { split, count: wanted } = examples;
    let (dataset, split_shown) = (reach.dataset, quoted(split, 40));
    let labelled: Vec<&ArticleRecord> = dataset.articles.iter().filter(|a| a.split == *split && a.status.is_scored()).collect();
    if labelled.len() < *wanted {
        let splits: BTreeSet<&str> = dataset.articles.iter().map(|a| a.split.as_str()).filter(|split| !split.is_empty()).collect();
        let splits = splits.into_iter().map(shown).collect::<Vec<_>>().join(", ");
        let has = count(labelled.len() as u64, "labelled article");
        let splits =
            if splits.is_empty() { "articles.csv has none: add a column `split`".to_owned() } else { format!("splits are: {splits}") };
        return Err(format!("`examples` wants {wanted} of split {split_shown}, which has {has}; {splits}"));
    }
    let chosen = &labelled[..*wanted];
    if let Some(scored) = reach.asked.iter().find(|asked| asked.split == *split) {
        return Err(format!(
            "article {} is scored and of split {split_shown}, which the examples in the prompt are taken from, so that the gold would be told; \
             score another split, such as `assay run --split test`, or take the examples from a split that is not scored",
            shown(&scored.article.id)
        ));
    }
    let asked: BTreeSet<&str> = reach.asked.iter().flat_map(|a| [a.unit(), &a.article.text]).collect();
    if let Some(leaked) = chosen.iter().find(|example| asked.contains(example.unit()) || asked.contains(&*example.article.text)) {
        let group = if leaked.group_id.is_empty() { String::new() } else { format!(" (group {})", quoted(&leaked.group_id, 40)) };
        return Err(format!(
            "article {}{group} is an example in the prompt and is scored too, so that the gold would be told; score another split than \
             {split_shown}, such as `assay run --split test`, or take the examples from a split that is not scored",
            shown(&leaked.article.id)
        ));
    }
    let example = |record: &&ArticleRecord| {
        let gold = dataset.claims_of(&record.article.id).iter().filter(|gold| gold.status != ClaimStatus::Draft);
        Example { article: record.article.clone(), claims: gold.map(|gold| gold.claim.clone()).collect() }
    };
    Ok(chosen.iter().map(example).collect())
}

fn guidelines(dataset: &Dataset) -> Result<String, String> {
    let path = dataset.dir.join("GUIDELINES.md");
    files::read_text(&path, files::MAX_TEXT).map_err(|error| format!("the prompt has {{{{guidelines}}}}: GUIDELINES.md: {error}"))
}

/// What is stored with a run.
pub(super) fn describe(model: &OpenAi, description: &mut Value) {
    description["base_url"] = json!(model.base_url);
    description["model"] = json!(model.model);
    description["prompt"] = json!(model.prompt);
    description["params"] = json!(model.params);
    description["response_format"] = json!(model.response_format.name());
    description["max_tokens"] = json!(model.max_tokens);
    description["api_key_env"] = json!(model.api_key_env);
    description["examples"] = json!(model.examples.as_ref().map(|e| json!({ "split": e.split, "count": e.count })));
}

/// What makes two runs the same: where and how is asked; not the key, the patience and the price. The dataset's part in the prompt is in
/// what is sent.
pub(super) fn parts(model: &OpenAi, settings: &ExtractorSettings, prompt: &[u8], part: &mut dyn FnMut(&[u8])) {
    let mut asked = json!({ "numbers": settings.numbers.name() });
    describe(model, &mut asked);
    asked["api_key_env"] = Value::Null;
    part(asked.to_string().as_bytes());
    part(prompt);
}
