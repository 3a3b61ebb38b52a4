//! The command as users run it. Cases whose whole output is expected are data, in `tests/cmd`; those here need a signal, a closed
//! pipe, odd file names, or a measure over many outputs.

/// `TRYCMD=overwrite` writes what the commands print now; then look at the difference, and redact times and ids again.
#[test]
fn cases_of_tests_cmd() {
    trycmd::TestCases::new()
        .register_bin("assay", std::path::Path::new(env!("CARGO_BIN_EXE_assay")))
        .env("CLICOLOR_FORCE", "")
        .timeout(std::time::Duration::from_secs(120))
        .case("tests/cmd/*.trycmd")
        .run();
}
