//! The one integration-test binary: each binary links polars, so all tests share one.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod oracle_random;
mod period_reading;
mod show_command;
mod stored_runs;
mod support;
