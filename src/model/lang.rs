//! The two languages in which people are spoken to.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One text in both languages, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Text {
    pub const fn new(zh: &'static str, en: &'static str) -> Text {
        Text { zh, en }
    }

    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The text with `{0}`, `{1}`, … replaced by texts that stand as they are, whatever is in them.
    pub fn fill(self, lang: Lang, args: &[&str]) -> String {
        filled(self.get(lang), |hole| hole.parse::<usize>().ok().and_then(|at| args.get(at)).copied())
    }
}

/// A template with each `{hole}` replaced, in one pass: what is put in is never read as a template again. A hole that
/// the look-up does not know stands as it is.
pub fn filled<'a>(template: &str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let hole = after.split_once('}').and_then(|(hole, behind)| value(hole).map(|value| (value, behind)));
        match hole {
            Some((value, behind)) => {
                text.push_str(value);
                rest = behind;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_no_template() {
        let text = Text::new("{0}：{1}、{0}", "{0}: {1}, {0}");
        assert_eq!(text.fill(Lang::En, &["{1}", "{0}{count}"]), "{1}: {0}{count}, {1}");
        assert_eq!(text.fill(Lang::Zh, &["一"]), "一：{1}、一");
        assert_eq!(filled("a { b {c} }", |hole| (hole == "c").then_some("}{c}")), "a { b }{c} }");
    }
}
