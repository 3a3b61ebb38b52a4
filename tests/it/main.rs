//! The one integration-test binary: each binary links polars, so all tests share one.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod bare_files;
mod browser;
mod browser_harness;
mod cli;
mod contracts;
mod dataset;
mod dataset_commands;
mod extractor_examples;
mod hostile;
mod hostile_pred;
mod html_report;
mod json_schema;
mod laws;
mod number_reading;
mod oracle_assignment;
mod oracle_calibration;
mod oracle_intervals;
mod oracle_nervaluate;
mod oracle_random;
mod oracle_reference;
mod oracle_seqeval;
mod outside_numbers;
mod parquet_files;
mod period_reading;
mod prediction_files;
mod process;
mod rules;
mod run_command;
mod show_command;
mod stored_runs;
mod support;
mod tenfold;
mod workspace;
