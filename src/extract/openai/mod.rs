//! A model behind an endpoint that speaks `POST {base_url}/chat/completions`, as OpenAI, vLLM, Ollama and llama.cpp do.

#![allow(dead_code)]

mod content;
mod envelope;
mod examples;
mod format;
mod prompt;

pub use examples::Example;
pub use prompt::{Message, Prompt, Role, Slot};
