//! The integration tests, one binary: each module links the library once.

mod number_reading;
mod outside_numbers;
