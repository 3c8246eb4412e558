//! Values as people read them.

use chrono::NaiveDateTime;

use crate::ledger::ReadingSpecs;
use crate::model::{ColumnKind, Fen, Lang, Text, Value};

/// A time without what is nothing: seconds of 0, midnight.
pub fn moment(time: NaiveDateTime) -> String {
    let text = time.format("%Y-%m-%d %H:%M:%S").to_string();
    let text = text.strip_suffix(" 00:00:00").unwrap_or(&text);
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

/// A value as people read it: yuan, hours, the name of a word, yes or no; empty for nothing.
pub fn shown(value: &Value, kind: ColumnKind, specs: &ReadingSpecs, lang: Lang) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::Text(code), ColumnKind::Word(list)) => specs.tables.lists[list].name(code, lang),
        (Value::Text(text), _) => text.clone(),
        (Value::Int(fen), ColumnKind::Fen) => Fen(*fen).to_string(),
        (Value::Int(hours), ColumnKind::Hours) => Fen(*hours).to_string(),
        (Value::Int(micro), ColumnKind::Micro) => {
            let text = format!("{}.{:06}", micro / 1_000_000, (micro % 1_000_000).abs());
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        (Value::Int(yes), ColumnKind::Bool) => {
            let word = if *yes == 1 { ("是", "yes") } else { ("否", "no") };
            Text::new(word.0, word.1).get(lang).to_owned()
        }
        (Value::Int(number), _) => number.to_string(),
        (Value::Date(date), _) => date.to_string(),
        (Value::Time(time), _) => moment(*time),
    }
}
