//! What `close` and `reopen` say: text for people, an object for machines.

use serde_json::{Value, json};

use super::output::yuan;
use crate::ledger::Close;
use crate::model::{Lang, Text};
use crate::run::DateOutcome;
use crate::run::close::{Obstacle, ObstacleKind, Outcome, name_of};

const CLOSED: Text = Text::new(
    "{0} 已关账（{3}）：结转未销项目 {1} 项，差额 {2} 元",
    "{0} is closed by {3}: {1} open items of {2} yuan are carried forward",
);
const ALREADY: Text = Text::new(
    "{0} 已于 {1} 关账（未销 {2} 项，差额 {3} 元），没有改动",
    "{0} was closed on {1} ({2} open items of {3} yuan); nothing was changed",
);
const REFUSED: Text = Text::new("{0} 不能关账：", "{0} cannot be closed:");
const COULD: Text = Text::new("{0} 可以关账（试运行，没有改动）", "{0} can be closed (dry run, nothing was changed)");
const HOW: Text = Text::new(
    "控制合计须更正导出后重新运行；缺少的导出请补齐；异常请在 收银与销号.xlsx 的“异常处理”表中处理后放入 inbox，\
     或用 --accept 代码 --reason 原因 接受",
    "Control totals: correct the export and run again; missing exports: bring them; exceptions: decide on them in the \
     sheet Exceptions and drop it into inbox/, or accept them with --accept CODE --reason TEXT",
);

pub fn text(outcome: &Outcome, month: &str, lang: Lang) -> String {
    let mut lines = Vec::new();
    match outcome {
        Outcome::Closed(day, close) => {
            lines.push(CLOSED.fill(lang, &[month, &close.items.to_string(), &yuan(close.amount.0), &close.by]));
            lines.extend(day.obstacles.iter().map(|o| line(o, lang)));
            lines.push(pack(day, lang));
        }
        Outcome::Already(close) => {
            let (at, items) = (close.at.to_string(), close.items.to_string());
            lines.push(ALREADY.fill(lang, &[month, &at, &items, &yuan(close.amount.0)]));
        }
        Outcome::NotClosed(day) => {
            let refused = day.obstacles.iter().any(|o| o.accepted.is_none());
            lines.push(if refused { REFUSED.fill(lang, &[month]) } else { COULD.fill(lang, &[month]) });
            lines.extend(day.obstacles.iter().map(|o| line(o, lang)));
            lines.extend(refused.then(|| HOW.get(lang).to_owned()));
        }
    }
    lines.join("\n") + "\n"
}

fn line(obstacle: &Obstacle, lang: Lang) -> String {
    let amount = match obstacle.kind {
        ObstacleKind::Missing => String::new(),
        _ if obstacle.amount.is_zero() => String::new(),
        _ => format!("，{}", yuan(obstacle.amount.0)),
    };
    let more = usize::try_from(obstacle.count).unwrap_or(0) > obstacle.which.len();
    let which = format!("{}{}", obstacle.which.join("; "), if more { " …" } else { "" });
    let state = match &obstacle.accepted {
        Some(reason) => Text::new("［已接受：{0}］", "[accepted: {0}]").fill(lang, &[reason]),
        None => String::new(),
    };
    let Obstacle { title, code, count, .. } = obstacle;
    let code = if obstacle.kind == ObstacleKind::ControlTotal { String::new() } else { format!("（{code}）") };
    format!("  {title}{code} {count}{amount}：{which}{state}")
}

fn pack(day: &DateOutcome, lang: Lang) -> String {
    let words = Text::new(
        "月结资料：{0} 第 {1} 版（一式三份，见月结报表的打印与签收）",
        "Close pack: {0}, revision {1} (three copies: see the sheet Print and receipt of the month-end accounts)",
    );
    words.fill(lang, &[&day.folder.display().to_string(), &day.revision.to_string()])
}

pub fn reopened(was: &Close, month: &str, lang: Lang) -> String {
    let words = Text::new(
        "{0} 已重新打开（原于 {1} 关账）；改正后请重新关账",
        "{0} is open again (it was closed on {1}); close it again when it is put right",
    );
    words.fill(lang, &[month, &was.at.to_string()]) + "\n"
}

/// The outcome for machines; amounts in fen.
pub fn json(outcome: &Outcome, month: &str) -> Value {
    let (state, day, close) = match outcome {
        Outcome::Closed(day, close) => ("closed", Some(day), Some(close)),
        Outcome::Already(close) => ("already_closed", None, Some(close)),
        Outcome::NotClosed(day) if day.obstacles.iter().any(|o| o.accepted.is_none()) => ("refused", Some(day), None),
        Outcome::NotClosed(day) => ("could_be_closed", Some(day), None),
    };
    let obstacle = |o: &Obstacle| {
        let kind = match o.kind {
            ObstacleKind::ControlTotal => "control_total",
            ObstacleKind::Missing => "missing",
            ObstacleKind::Exception => "exception",
        };
        json!({
            "kind": kind, "code": o.code, "title": o.title, "count": o.count, "amount_fen": o.amount.0,
            "which": o.which, "accepted": o.accepted,
        })
    };
    json!({
        "month": month, "state": state,
        "obstacles": day.map_or_else(Vec::new, |d| d.obstacles.iter().map(obstacle).collect()),
        "close": close.map(close_json),
        "folder": day.map(|d| d.folder.display().to_string()),
    })
}

/// One entry of the record.
pub fn close_json(close: &Close) -> Value {
    json!({
        "month": name_of(close.month), "action": if close.is_close { "close" } else { "reopen" },
        "at": close.at.to_string(), "by": close.by, "reason": close.reason, "accepted": close.accepted, "digest": close.digest,
        "manifest_sha256": close.manifest_sha256, "items": close.items, "diff_fen": close.amount.0,
    })
}
