//! Settings: syntax, keys, paths, programs, endpoints, numbers, gates.

use super::{CONFIG, Case, SECRET};

fn config(id: impl Into<String>, text: impl Into<Vec<u8>>, expect: &'static str, mention: &'static str) -> Case {
    Case::new(id, "assay.toml", text, expect, mention)
}

fn plus(further: &str) -> String {
    format!("{CONFIG}{further}")
}

fn instead(from: &str, to: &str) -> String {
    assert!(CONFIG.contains(from), "{from}");
    CONFIG.replace(from, to)
}

pub fn cases() -> Vec<Case> {
    let mut cases = syntax();
    cases.extend(programs());
    cases.extend(paths());
    cases.extend(endpoints());
    cases.extend(numbers());
    cases.extend(gates());
    cases.extend(others());
    cases
}

fn syntax() -> Vec<Case> {
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(CONFIG.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![
        config("empty", "", "error", "articles|gold|workspace"),
        config("invalid_toml", plus("\n[[gate]\n"), "error", "line"),
        config("dup_key", instead("path = \"datasets/t\"", "path = \"datasets/t\"\npath = \"other\""), "error", "duplicate|path"),
        config("unknown_key", instead("[dataset]\n", "[dataset]\nspilt = \"test\"\n"), "error", "spilt;did you mean `split`"),
        config("unknown_section", plus("\n[gates]\nf1 = 0.9\n"), "error", "gates;did you mean `gate`"),
        config("not_utf8", [CONFIG.as_bytes(), b"\n# caf\xe9"].concat(), "error", "UTF-8"),
        config("bom", format!("\u{feff}{CONFIG}"), "accept", "").same(),
        config("crlf", CONFIG.replace('\n', "\r\n"), "accept", "").same(),
        config("utf16", utf16, "error", "UTF-8|UTF-16|encoding"),
        config("nul", plus("\0"), "error", "line|NUL|control"),
        config("deep", plus(&format!("\n[x{}]\n", ".a".repeat(20_000))), "error", "line|nest|recursion|unknown|depth"),
        config(
            "deep_array",
            plus(&format!("\nz = {}{}\n", "[".repeat(100_000), "]".repeat(100_000))),
            "error",
            "line|nest|recursion|unknown|depth",
        ),
        config("size_8mb", plus(&format!("\n# {}\n", "x".repeat(8 << 20))), "either", ""),
    ]
}

fn programs() -> Vec<Case> {
    let program = |id: &str, lines: &str, expect, mention| {
        config(id, plus(&format!("\n[[extractor]]\nid = \"cmd\"\nkind = \"command\"\n{lines}\n")), expect, mention)
    };
    vec![
        program("trust_command", "command = [\"sh\", \"-c\", \"touch PWNED; cat\"]", "error", "trust|allow;sh"),
        program(
            "trust_changed",
            "command = [\"sh\", \"-c\", \"touch PWNED; cat # changed after approval\"]",
            "error",
            "trust|changed|allow",
        ),
        program("trust_self_grant", "command = [\"touch\", \"PWNED\"]\n[trust]\nallow = true\ncommands = [\"*\"]", "error", "trust"),
        program("command_string", "command = \"cat; touch PWNED\"", "error", "command|list|array|trust"),
        program("command_relative", "command = [\"./run.sh\"]", "error", "run.sh|trust"),
        program(
            "command_path_hijack",
            "command = [\"cat\"]\n[extractor.env]\nPATH = \".\"\nLD_PRELOAD = \"./evil.so\"",
            "error",
            "trust|PATH|LD_PRELOAD",
        ),
        program("command_empty", "command = []", "error", "command"),
        program("command_nul", "command = [\"cat\\u0000x\"]", "error", "command|NUL"),
        program("command_ansi", "command = [\"sh\", \"-c\", \"touch PWNED #\\u001b[1A\\u001b[2K\\u202e\"]", "error", "trust"),
        program("cwd_outside", "command = [\"cat\"]\ncwd = \"../..\"", "error", "cwd|outside|trust"),
    ]
}

fn paths() -> Vec<Case> {
    let long = "x".repeat(5000);
    let paths = [
        ("dotdot", "../../../../etc/passwd"),
        ("abs", "/etc/passwd"),
        ("home", "~/.ssh/id_rsa"),
        ("url", "file:///etc/passwd"),
        ("http", "http://169.254.169.254/latest/meta-data/"),
        ("unc", "\\\\\\\\evil\\\\share\\\\x"),
        ("dev_zero", "/dev/zero"),
        ("dev_stdin", "/dev/stdin"),
        ("proc_environ", "/proc/self/environ"),
        ("empty", ""),
        ("dir", "."),
        ("nul", "datasets\\u0000/t"),
        ("newline", "datasets\\n/t"),
        ("missing", "no-such-folder"),
        ("glob", "*"),
        ("env", "${HOME}/x"),
        ("long", long.as_str()),
        ("trailing_slash", "datasets/t/"),
        ("case", "DATASETS/T"),
    ];
    let mut cases: Vec<Case> = paths
        .into_iter()
        .map(|(id, path)| {
            let expect = if matches!(id, "glob" | "case" | "dev_stdin") { "either" } else { "error" };
            let mention = match (expect, id) {
                ("either", _) => "",
                (_, "missing") => "no-such-folder",
                (_, "dir") => "dataset.toml",
                _ => "path",
            };
            config(format!("path_{id}"), instead("datasets/t", path), expect, mention)
        })
        .collect();
    cases.extend([
        config("out_outside", plus("\n[output]\ndir = \"../../escaped\"\n"), "error", "output|outside|dir"),
        config("out_overwrites_gold", plus("\n[output]\nreport = \"claims.csv\"\n"), "error", "output|overwrite"),
    ]);
    cases
}

fn endpoints() -> Vec<Case> {
    let model = |id: &str, lines: String, expect, mention| {
        config(
            id,
            plus(&format!("\n[[extractor]]\nid = \"llm\"\nkind = \"openai\"\nmodel = \"m\"\nenabled = false\n{lines}\n")),
            expect,
            mention,
        )
    };
    let at = |url: &str, further: &str| format!("prompt = \"p.md\"\nbase_url = \"{url}\"\n{further}");
    let local = "http://127.0.0.1:9/v1";
    vec![
        model("prompt_traversal", format!("base_url = \"{local}\"\nprompt = \"../../../etc/passwd\""), "error", "prompt|outside"),
        model("llm_foreign_host", at("https://evil.example/v1", "api_key_env = \"OPENAI_API_KEY\""), "error", "evil.example;trust|allow"),
        model(
            "llm_key_any_env",
            at("https://evil.example/v1", "api_key_env = \"AWS_SECRET_ACCESS_KEY\""),
            "error",
            "trust|allow|api_key_env",
        ),
        model("llm_key_literal", at(local, &format!("api_key = \"{SECRET}\"")), "error", "api_key"),
        model("llm_userinfo", at(&format!("https://user:{SECRET}@127.0.0.1:9/v1"), ""), "error", "base_url|credential|userinfo"),
        model("llm_key_in_query", at(&format!("{local}?api_key={SECRET}"), ""), "error", "base_url|query|credential"),
        model("llm_header_newline", at(local, "[extractor.headers]\nX = \"a\\r\\nHost: evil\""), "error", "header"),
        model("llm_metadata_ip", at("http://169.254.169.254/latest", ""), "error", "trust|allow|169.254"),
        model("llm_scheme", at("file:///etc/passwd", ""), "error", "base_url|scheme"),
        model("llm_plain_http", at("http://example.com/v1", "api_key_env = \"OPENAI_API_KEY\""), "error", "http|https|trust"),
        model("llm_env_interp", at("http://127.0.0.1:9/${OPENAI_API_KEY}", ""), "error", "base_url|trust|allow"),
        model("llm_key_env_is_key", at(local, &format!("api_key_env = \"{SECRET}\"")), "error", "api_key_env"),
    ]
}

fn numbers() -> Vec<Case> {
    let in_run = [
        ("timeout_zero", "timeout = \"0s\""),
        ("timeout_neg", "timeout = \"-1s\""),
        ("timeout_nan", "timeout = nan"),
        ("timeout_inf", "timeout = inf"),
        ("timeout_huge", "timeout = \"1e300s\""),
        ("timeout_string", "timeout = 30"),
        ("timeout_day", "timeout = \"24h\""),
        ("jobs_zero", "jobs = 0"),
        ("jobs_huge", "jobs = 1000000000"),
        ("retries_huge", "retries = 4000000000"),
        ("budget_nan", "error_budget = nan"),
        ("budget_over", "error_budget = 5"),
        ("boot_seed_neg", "seed = -1"),
        ("boot_seed_u64", "seed = 18446744073709551616"),
        ("boot_level", "level = 1.5"),
        ("boot_level_nan", "level = nan"),
    ];
    let in_score = [
        ("boot_samples_zero", "resamples = 0"),
        ("boot_samples_huge", "resamples = 1000000000000"),
        ("boot_samples_neg", "resamples = -5"),
    ];
    let case = |section: &str, (id, line): (&'static str, &'static str)| {
        config(id, plus(&format!("\n[{section}]\n{line}\n")), "error", line.split(' ').next().unwrap_or_default())
    };
    in_run.map(|c| case("run", c)).into_iter().chain(in_score.map(|c| case("score", c))).collect()
}

fn gates() -> Vec<Case> {
    let limits = [
        ("nan", "min = nan", "error"),
        ("inf", "min = inf", "error"),
        ("neg_inf", "min = -inf", "error"),
        ("percent", "min = 85", "error"),
        ("string", "min = \"0.5\"", "error"),
        ("zero", "min = 0.0", "accept"),
        ("neg", "min = -1.0", "either"),
        ("missing", "", "error"),
        ("both", "min = 0.9\nmax = 0.1", "error"),
    ];
    let mut cases: Vec<Case> = limits
        .into_iter()
        .map(|(id, line, expect)| {
            config(format!("gate_{id}"), instead("min = 0.5", line), expect, if expect == "error" { "gate|min|max" } else { "" })
        })
        .collect();
    cases.extend([
        config("gate_unknown_metric", instead("criteria.iou50.f1", "f1_scroe"), "error", "f1_scroe"),
        config(
            "gate_empty_slice",
            plus("\n[[gate]]\nmetric = \"criteria.iou50.recall\"\nslice = { lang = \"sw\" }\nmin = 0.8\n"),
            "error",
            "sw|empty|slice",
        ),
        config("gate_none", instead("[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.5\n", ""), "warn", "no gate"),
    ]);
    cases
}

fn others() -> Vec<Case> {
    let rules = [
        ("redos", "(a+)+$".to_owned()),
        ("backtrack", "(a|aa)+b".to_owned()),
        ("size", "(?:(?:(?:\\\\w{100}){100}){100})".to_owned()),
        ("invalid", "(unclosed".to_owned()),
        ("unicode_class", "[\\\\p{L}\\\\p{N}]{1000}".to_owned()),
        ("nested_rep", "((((a{1,99}){1,99}){1,99}){1,99})".to_owned()),
        ("lookbehind", "(?<=a)b".to_owned()),
        ("empty", String::new()),
        ("paren_bomb", "(".repeat(5000) + &")".repeat(5000)),
    ];
    let mut cases: Vec<Case> = rules
        .iter()
        .map(|(id, rule)| config(format!("regex_{id}"), plus(&format!("\n[[rule]]\nname = \"r\"\npattern = \"{rule}\"\n")), "either", ""))
        .collect();
    let extractor = "[[extractor]]\nid = \"good\"\nkind = \"predictions\"\npath = \"predictions.jsonl\"\n";
    cases.extend([
        config("extractor_dup_name", plus(&format!("\n{extractor}")), "error", "duplicate;good"),
        config("extractor_name_path", instead("id = \"good\"", "id = \"../../evil\""), "error", "id"),
        config("extractor_name_ansi", instead("id = \"good\"", "id = \"\\u001b[2Jgood\\u202e\""), "error", "id"),
        config("extractor_none", instead(extractor, ""), "error", "extractor"),
        config("extractor_unknown_kind", instead("kind = \"predictions\"", "kind = \"preditcions\""), "error", "preditcions"),
        config("version_future", instead("format = 1", "format = 999"), "error", "999|version"),
        config("include_loop", instead("format = 1", "format = 1\ninclude = [\"assay.toml\"]"), "error", "include|cycle|unknown"),
    ]);
    cases
}
