//! What a refused spec says: file, line, the wrong word, the valid ones.

use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

use super::SpecFile;

/// A spec that is refused before any data is read.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{name}:{line}: {message}")]
pub struct SpecError {
    pub name: String,
    /// 1-based.
    pub line: usize,
    pub message: String,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("here")]
    span: Option<SourceSpan>,
    #[help]
    help: Option<String>,
}

impl SpecError {
    pub fn new(file: &SpecFile, span: Option<Range<usize>>, message: String) -> SpecError {
        let start = span.as_ref().map_or(0, |s| s.start.min(file.text.len()));
        let line = file.text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count() + 1;
        SpecError {
            name: file.name.clone(),
            line,
            message,
            text: Arc::new(NamedSource::new(&file.name, file.text.clone())),
            span: span.map(|s| (s.start, s.end - s.start).into()),
            help: None,
        }
    }

    pub fn unknown_word(file: &SpecFile, span: Range<usize>, word: &str, what: &str, valid: &[&str]) -> SpecError {
        let mut error = SpecError::new(file, Some(span), format!("unknown {what} `{word}`"));
        let nearest = valid.iter().filter(|v| near(v, word)).min_by_key(|v| v.len().abs_diff(word.len()));
        let guess = nearest.map_or_else(String::new, |v| format!("did you mean `{v}`? "));
        error.help = Some(format!("{guess}valid: {}", valid.join(", ")));
        error
    }
}

/// Two words that a slip of the finger turns into each other.
fn near(left: &str, right: &str) -> bool {
    let (l, r): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let prefix = l.iter().zip(&r).take_while(|(a, b)| a == b).count();
    let suffix = l[prefix..].iter().rev().zip(r[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left_over, right_over) = (l.len() - prefix - suffix, r.len() - prefix - suffix);
    left_over.max(right_over) <= 2
}
