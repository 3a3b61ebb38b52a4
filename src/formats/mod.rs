//! Foreign formats, a file each: read and write.

pub mod settings;
pub mod table;
