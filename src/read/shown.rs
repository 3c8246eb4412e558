//! What a number cell shows, where that is more than its number: leading zeros and letters that its format puts there.

/// A number format that fills up with zeros: `00000000`, `"W"00000000`, `000-0000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Padded {
    /// Places for digits (nothing where a character stands), from left to right.
    places: Vec<Option<char>>,
    zeros: usize,
}

impl Padded {
    /// The format, if it makes a number of at least two digits look like a key: zeros, letters, digits and hyphens only.
    pub(super) fn of(format: &str) -> Option<Padded> {
        let section = format.split(';').next()?;
        let (mut places, mut zeros) = (Vec::new(), 0);
        let mut chars = section.chars();
        while let Some(c) = chars.next() {
            match c {
                '0' => {
                    places.push(None);
                    zeros += 1;
                }
                '"' => places.extend(chars.by_ref().take_while(|c| *c != '"').map(Some)),
                '\\' => places.push(Some(chars.next()?)),
                // A colour or a language.
                '[' => {
                    chars.by_ref().find(|c| *c == ']')?;
                }
                '-' | '/' => places.push(Some(c)),
                _ => return None,
            }
        }
        let key_like = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_');
        let all = places.iter().flatten().all(key_like);
        let longest = places.len() <= 64;
        (zeros >= 2 && all && longest).then_some(Padded { places, zeros })
    }

    /// What a number shows in this format, if that is not just its digits.
    pub(super) fn shown(&self, number: f64) -> Option<String> {
        if !(0.0..1e15).contains(&number) || number.fract() != 0.0 {
            return None;
        }
        let plain = format!("{number:.0}");
        if plain.len() >= self.zeros && self.places.len() == self.zeros {
            return None;
        }
        let filled = format!("{plain:0>width$}", width = self.zeros);
        // What has more digits than the format has places stands before the first of them.
        let (extra, digits) = filled.split_at(filled.len() - self.zeros);
        let mut digits = digits.chars();
        let mut shown = String::new();
        let mut first = true;
        for place in &self.places {
            match place {
                Some(c) => shown.push(*c),
                None => {
                    if std::mem::take(&mut first) {
                        shown.push_str(extra);
                    }
                    shown.extend(digits.next());
                }
            }
        }
        Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(format: &str, number: f64) -> Option<String> {
        Padded::of(format)?.shown(number)
    }

    #[test]
    fn zeros_of_a_format_are_kept_and_plain_numbers_stay_numbers() {
        let text = |s: &str| Some(s.to_owned());
        assert_eq!(shown("0000000000", 26_103_101.0), text("0026103101"));
        assert_eq!(shown("0000", 20_261_031.0), None);
        assert_eq!(shown("\"W\"00000000", 123.0), text("W00000123"));
        assert_eq!(shown("\\W000", 1_234.0), text("W1234"));
        assert_eq!(shown("[$-804]000-0000;@", 12_345.0), text("001-2345"));
        for format in ["0", "0.00", "#,##0", "General", "0\"元\"", "00\"月\"", "yyyy", "00%", "0.00E+00", "\"unclosed"]
        {
            assert_eq!(shown(format, 5.0), None, "{format}");
        }
        assert_eq!(shown("00000", 5.5), None);
        assert_eq!(shown("00000", -5.0), None);
    }
}
