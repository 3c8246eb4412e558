//! Amounts in Chinese capitals, as receipts write them: `壹仟贰佰叁拾肆元伍角整`.

use crate::model::fen::Decimal;

const DIGITS: [(char, &str); 10] = [
    ('零', "〇○"),
    ('壹', "一"),
    ('贰', "二两"),
    ('叁', "三"),
    ('肆', "四"),
    ('伍', "五"),
    ('陆', "六"),
    ('柒', "七"),
    ('捌', "八"),
    ('玖', "九"),
];

/// Reads an amount in capitals or in plain numerals, down to fen; it must name its unit (元, 角, 分). Places must fall from left to
/// right, so that a slip of the pen is refused, not repaired.
pub fn amount(text: &str) -> Option<Decimal> {
    if text.is_ascii() {
        return None;
    }
    let body = text.strip_prefix("人民币").unwrap_or(text).trim_start_matches([':', ' ']);
    let (negative, body) = body.strip_prefix('负').map_or((false, body), |rest| (true, rest));
    digit(body.chars().next()?).or_else(|| body.starts_with(['拾', '十']).then_some(1))?;
    let body = body.trim_end_matches(['整', '正']);
    let (yuan, rest) = match body.split_once(['元', '圆', '块']) {
        Some((yuan, rest)) => (whole(yuan)?, rest),
        None if body.contains(['角', '分']) => (0, body),
        None => return None,
    };
    let fen = yuan.checked_mul(100)? + small(rest)?;
    Some(Decimal { mantissa: if negative { -fen } else { fen }, scale: 2 })
}

fn digit(c: char) -> Option<i128> {
    let at = DIGITS.iter().position(|(capital, plain)| *capital == c || plain.contains(c))?;
    i128::try_from(at).ok()
}

/// 角 and 分: `伍角`, `零伍分`, `伍角陆分`.
fn small(text: &str) -> Option<i128> {
    let mut fen = 0;
    let mut least = 100;
    let mut chars = text.chars().filter(|c| *c != '零').peekable();
    while let Some(c) = chars.next() {
        let value = digit(c)?;
        let unit = match chars.next()? {
            '角' | '毛' => 10,
            '分' => 1,
            _ => return None,
        };
        if unit >= least {
            return None;
        }
        least = unit;
        fen += value * unit;
    }
    Some(fen)
}

/// A whole number below 万亿: sections of 亿, 万 and ones, each with falling places.
fn whole(text: &str) -> Option<i128> {
    let mut sum = 0;
    let mut rest = text;
    for (word, factor) in [('亿', 100_000_000), ('万', 10_000)] {
        if let Some((section, behind)) = rest.split_once(word) {
            sum += self::section(section)? * factor;
            rest = behind;
        }
    }
    if rest.is_empty() { Some(sum) } else { Some(sum + section(rest)?) }
}

/// Up to 9999: `壹仟零贰拾叁`. A bare 拾 is ten.
fn section(text: &str) -> Option<i128> {
    let mut sum = 0;
    let mut held: Option<i128> = None;
    let mut least = 10_000;
    let mut skipped = false;
    for c in text.chars() {
        let place = match c {
            '仟' | '千' => 1000,
            '佰' | '百' => 100,
            '拾' | '十' => 10,
            _ => {
                let value = digit(c)?;
                if held.is_some_and(|h| h > 0) {
                    return None; // two digits without a place between them
                }
                skipped |= value == 0;
                held = Some(value);
                continue;
            }
        };
        let value = match held.take() {
            Some(value) if value > 0 => value,
            None if place == 10 && sum == 0 => 1,
            _ => return None,
        };
        if place >= least {
            return None;
        }
        least = place;
        sum += value * place;
    }
    match held {
        // 一百二 is 120 to some and 102 to others.
        Some(_) if sum > 0 && least > 10 && !skipped => None,
        Some(value) => Some(sum + value),
        None => (sum > 0).then_some(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_capitals() {
        for (text, fen) in [
            ("壹仟贰佰叁拾肆元伍角", 123_450),
            ("人民币壹佰元整", 10_000),
            ("伍元零陆分", 506),
            ("叁角", 30),
            ("壹万零伍佰圆正", 1_050_000),
            ("拾元", 1000),
            ("一百二十元", 12_000),
            ("贰拾万元整", 20_000_000),
            ("负叁元", -300),
        ] {
            assert_eq!(amount(text).map(|d| d.mantissa), Some(fen), "{text}");
        }
    }

    #[test]
    fn slips_are_refused() {
        for text in ["壹仟贰佰", "壹贰元", "壹佰壹仟元", "元", "伍分伍角", "百元", "壹元元", "一百二元", "张三元", "十"]
        {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
