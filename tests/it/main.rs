//! The integration tests, as one binary so that they link once.
mod period_reading;
