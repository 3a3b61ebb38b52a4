//! The integration tests, one binary: each module links the library once.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod number_reading;
mod outside_numbers;
