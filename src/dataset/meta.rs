//! dataset.toml: what the dataset is, and the schema of its claims.

use std::path::Path;

use toml::de::DeValue;

use crate::claim::{Field, FieldType, Schema, Tolerance, decimal, nearest};
use crate::files;
use crate::formats::settings::{self, Reader, Section};
use crate::formats::table::{Expected, Table};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::claims::{BASE_COLUMNS, NONE};

/// Name, version and origin of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Such as `tenfold`.
    pub name: String,
    /// Such as `0.1.0`.
    pub version: String,
    /// SPDX expression or free text; empty where it is not given.
    pub licence: String,
    /// BCP-47 tags; empty = any.
    pub languages: Vec<String>,
    /// Version of GUIDELINES.md that the labels follow; empty where it is not given.
    pub guideline_version: String,
    /// One sentence; empty where it is not given.
    pub description: String,
}

/// Reads `dataset.toml` and the alias file that it names. `None` when the file cannot be read at all; a schema with findings
/// is good for further checks only.
pub(super) fn read(root: &Path, dir: &Path, problems: &mut Problems) -> Option<(Meta, Schema)> {
    let path = dir.join("dataset.toml");
    let file = files::shown_path(&path);
    let text = match files::read_text(&path, files::MAX_SETTINGS) {
        Ok(text) => text,
        Err(error) => {
            problems.add(
                &file,
                0,
                "",
                Rule::File,
                format!("{error}; a dataset is a folder with dataset.toml, articles.csv and claims.csv"),
            );
            return None;
        }
    };
    let tree = settings::parse(&file, &text, problems)?;
    let mut top = Section::new("", &tree);
    let mut reader = Reader { file: &file, text: &text, problems };
    let mut meta = Meta::default();
    reader.format(&mut top);
    match reader.string(&mut top, "name") {
        Some(name) if name.trim().is_empty() => reader.missing(&top, "name", "name = \"my-dataset\""),
        Some(name) => meta.name = name,
        None if !top.has("name") => reader.missing(&top, "name", "name = \"my-dataset\""),
        None => {}
    }
    match reader.string(&mut top, "version") {
        Some(version) => meta.version = version,
        None if !top.has("version") => reader.missing(&top, "version", "version = \"0.1.0\""),
        None => {}
    }
    meta.licence = reader.string(&mut top, "licence").unwrap_or_default();
    meta.languages = reader.strings(&mut top, "languages").unwrap_or_default();
    meta.guideline_version = reader.string(&mut top, "guideline_version").unwrap_or_default();
    meta.description = reader.string(&mut top, "description").unwrap_or_default();
    let mut schema = schema(&mut reader, &mut top);
    if let Some(aliases) = reader.checked(&mut top, "aliases", |path| files::check_relative(path).map_err(|e| e.to_string())) {
        let at = reader.at(&top, "aliases");
        reader.finish(&top);
        match files::resolve_inside(root, &relative(root, dir, &aliases)).and_then(|path| files::read(&path, files::MAX_TABLE)) {
            Ok(bytes) => read_aliases(&files::shown_path(&dir.join(&aliases)), bytes, &mut schema, problems),
            Err(error) => {
                Reader { file: &file, text: &text, problems }.error(at, format!("`aliases` names {}: {error}", quoted(&aliases, 80)))
            }
        }
    } else {
        reader.finish(&top);
    }
    Some((meta, schema))
}

/// A path of the dataset's folder as a path of the root.
pub(super) fn relative(root: &Path, dir: &Path, path: &str) -> String {
    dir.strip_prefix(root).unwrap_or(Path::new("")).join(path).to_string_lossy().into_owned()
}

fn schema(reader: &mut Reader<'_>, top: &mut Section<'_>) -> Schema {
    let default = Schema::default();
    let kinds = reader.strings(top, "kinds");
    if let Some(kinds) = &kinds {
        let at = reader.at(top, "kinds");
        if kinds.is_empty() || kinds.iter().any(|k| k.trim() != k || k.is_empty()) {
            reader.error(at, "`kinds` must name at least one kind, without white space at the edges; leave it out where kinds are open");
        }
        for (i, kind) in kinds.iter().enumerate().filter(|(i, kind)| kinds[..*i].contains(kind)) {
            reader.error(at, format!("`kinds` names {} twice (again as number {})", quoted(kind, 40), i + 1));
        }
    }
    let mut fields: Vec<Field> = Vec::new();
    let sections = reader.tables(top, "field");
    let given = !sections.is_empty();
    for mut section in sections {
        if let Some(field) = field(reader, &mut section, &default, kinds.as_deref()) {
            if fields.iter().any(|f| f.name == field.name) {
                let at = reader.at(&section, "name");
                reader.error(at, format!("duplicate field {}", quoted(&field.name, 40)));
            } else {
                fields.push(field);
            }
        }
    }
    if !given {
        fields = default.fields;
    }
    let key_fields = match reader.strings(top, "key_fields") {
        Some(names) => {
            let at = reader.at(top, "key_fields");
            for name in names.iter().filter(|n| !fields.iter().any(|f| f.name == **n)) {
                let near =
                    nearest(name, fields.iter().map(|f| f.name.as_str())).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
                reader.error(at, format!("`key_fields` names {}, which is no field{near}", quoted(name, 40)));
            }
            names
        }
        None => default.key_fields.into_iter().filter(|n| fields.iter().any(|f| f.name == *n)).collect(),
    };
    Schema { kinds, fields, key_fields, open_fields: false, aliases: Default::default() }
}

/// One `[[field]]`. What it leaves out comes from the default field of that name, if there is one.
fn field(reader: &mut Reader<'_>, section: &mut Section<'_>, default: &Schema, kinds: Option<&[String]>) -> Option<Field> {
    let Some(name) = reader.checked(section, "name", check_field_name) else {
        if !section.has("name") {
            reader.missing(section, "name", "name = \"value\"");
        }
        return None;
    };
    section.name = format!("field {name}");
    let base = default.field(&name).cloned();
    let types = FieldType::ALL.map(|(name, _)| name);
    let field_type = match reader.choice(section, "type", &types) {
        Some(at) => Some(FieldType::ALL[at].1),
        None if section.has("type") => None,
        None if base.is_some() => base.as_ref().map(|b| b.field_type),
        None => {
            reader.missing(section, "type", &format!("type = \"text\" (one of {})", types.join(", ")));
            None
        }
    };
    let mut field = match (base, field_type) {
        (Some(base), Some(t)) if base.field_type == t => base,
        (_, t) => Field::new(&name, t.unwrap_or(FieldType::Text)),
    };
    if let Some(values) = reader.strings(section, "values") {
        let at = reader.at(section, "values");
        if field.field_type != FieldType::Enum {
            reader.error(at, format!("`values` of field {name} is for enums; its type is {}", field.field_type.name()));
        }
        if values.iter().any(|v| v.is_empty() || v.trim() != v || v == NONE) {
            reader.error(at, format!("`values` of field {name} may hold neither \"\" (not annotated) nor \"none\" (absent)"));
        }
        for value in values.iter().enumerate().filter(|(i, v)| values[..*i].contains(v)).map(|(_, v)| v) {
            reader.error(at, format!("`values` of field {name} names {} twice", quoted(value, 40)));
        }
        field.values = values;
    }
    if field_type == Some(FieldType::Enum) && field.values.is_empty() {
        reader.missing(section, "values", "values = [\"a\", \"b\"]");
    }
    if let Some(weight) = reader.integer(section, "weight", 0..=1000) {
        field.weight = u32::try_from(weight).unwrap_or(1);
    }
    if let Some(tolerance) = tolerance(reader, section, field.field_type) {
        field.tolerance = tolerance;
    }
    if let Some(required) = reader.strings(section, "required_for") {
        let at = reader.at(section, "required_for");
        for kind in required.iter().filter(|k| kinds.is_some_and(|kinds| !kinds.contains(k))) {
            let near = nearest(kind, kinds.unwrap_or_default().iter().map(String::as_str)).map(|n| format!("; did you mean {n}?"));
            reader.error(
                at,
                format!("`required_for` of field {name} names {}, which is no kind{}", quoted(kind, 40), near.unwrap_or_default()),
            );
        }
        field.required_for = required;
    }
    reader.finish(section);
    field_type.map(|_| field)
}

fn tolerance(reader: &mut Reader<'_>, section: &mut Section<'_>, field_type: FieldType) -> Option<Tolerance> {
    let mut inner = reader.table(section, "tolerance")?;
    if field_type != FieldType::Decimal {
        reader.error(inner.at, format!("{} is for decimals; the type is {}", inner.name, field_type.name()));
    }
    let mut tolerance = Tolerance::default();
    for key in ["abs", "rel"] {
        let Some(value) = inner.get(key) else { continue };
        let written = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            _ => {
                reader.error(value.span().start, format!("`{key}` of {} must be a decimal in quotes, such as \"0.01\"", inner.name));
                continue;
            }
        };
        match decimal::parse(written) {
            Ok(number) if number.is_sign_negative() && !number.is_zero() => {
                reader.error(value.span().start, format!("`{key}` of {} is negative", inner.name));
            }
            Ok(number) if key == "rel" && number >= 1.into() => {
                reader.error(value.span().start, format!("`rel` of {} is {number}; it is a share below 1, such as \"0.01\"", inner.name));
            }
            Ok(number) if key == "rel" => tolerance.rel = number,
            Ok(number) => tolerance.abs = number,
            Err(error) => reader.error(value.span().start, format!("`{key}` of {}: {error}", inner.name)),
        }
    }
    reader.finish(&inner);
    Some(tolerance)
}

fn check_field_name(name: &str) -> Result<(), String> {
    let plain = name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !plain {
        return Err(format!("{} is no field name; use letters, digits and _, at most 64", quoted(name, 40)));
    }
    if BASE_COLUMNS.contains(&name) {
        return Err(format!("{name} is a column of claims.csv already; name the field otherwise"));
    }
    Ok(())
}

/// Reads the alias file: `field, written, canonical`. The same spelling with two meanings, and a canonical form that is itself
/// a spelling of something else, are errors.
fn read_aliases(file: &str, bytes: Vec<u8>, schema: &mut Schema, problems: &mut Problems) {
    let expected = Expected { needed: &["field", "written", "canonical"], known: &["note"], open: false };
    let Some(table) = Table::read(file, bytes, expected, problems) else { return };
    let [field, written, canonical] = ["field", "written", "canonical"].map(|name| table.column(name));
    for row in 0..table.len() {
        let line = table.line(row);
        let (name, from, to) = (table.cell(row, field), table.cell(row, written), table.cell(row, canonical));
        let type_of = schema.field(name).map(|f| f.field_type);
        if !matches!(type_of, Some(FieldType::Text | FieldType::List)) {
            let why = if type_of.is_some() { "has no aliases: only text and list fields have" } else { "is no field of dataset.toml" };
            problems.add(file, line, "field", Rule::Alias, format!("{} {why}", quoted(name, 40)));
            continue;
        }
        if crate::claim::text::fold(from).is_empty() || crate::claim::text::fold(to).is_empty() {
            problems.add(file, line, "written", Rule::Alias, "a spelling without a letter or digit");
            continue;
        }
        if let Some(before) = schema.aliases.insert(name, from, to)
            && before != crate::claim::text::fold(to)
        {
            let message =
                format!("{} means {} on an earlier line and {} here; keep one", quoted(from, 40), quoted(&before, 40), quoted(to, 40));
            problems.add(file, line, "written", Rule::Alias, message);
        }
    }
    for row in 0..table.len() {
        let (name, to) = (table.cell(row, field), table.cell(row, canonical));
        let folded = crate::claim::text::fold(to);
        let resolved = schema.aliases.resolve(name, folded.clone());
        if resolved != folded {
            let message = format!("{} is itself written for {}; name that one as canonical", quoted(to, 40), quoted(&resolved, 40));
            problems.add(file, table.line(row), "canonical", Rule::Alias, message);
        }
    }
}
