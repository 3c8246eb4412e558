//! The sheets that every workbook has: the first, the definitions, the sources.

use std::collections::{BTreeMap, BTreeSet};

use super::books::About;
use super::spec::{Catalogue, Report, Unit, Workbook};
use super::ties::Proven;
use super::views::Material;
use crate::model::sheet::{Block, Cell, Column, DEFINITIONS, Kind, Light, Note, SOURCES, Sheet, Table, Total};
use crate::model::{Fen, Lang, Text};
use crate::reconcile::{AGE_BUCKETS, Category, CheckKind, Matching, age_bucket};

/// Where the figures come from.
pub struct Sources {
    /// One row a file, sheet and table.
    pub inputs: Vec<Input>,
    /// Name, left, right, holds.
    pub controls: Vec<(String, i64, i64, bool)>,
    /// Title, severity, number.
    pub findings: Vec<(String, String, i64)>,
}

/// What one sheet of one file gave to one table.
#[derive(Debug, Clone)]
pub struct Input {
    pub file: String,
    pub sha256: String,
    pub source: String,
    pub table: String,
    pub sheet: String,
    pub encoding: String,
    /// Rows of the sheet that have a cell = rows that are no record of the table + rows read.
    pub rows_sheet: i64,
    pub rows_no_record: i64,
    pub rows_read: i64,
    pub rows_taken: i64,
    pub rows_rejected: i64,
    /// What the rejected rows say in the table's amount, as far as it can be read.
    pub refused_fen: i64,
    /// The export's own 合计 of the table's amount, where it has one.
    pub control_total_fen: Option<i64>,
    pub control_total_holds: Option<bool>,
}

/// A table of texts without totals.
fn plain(heading: Text, lang: Lang, columns: &[(Text, Kind)], rows: Vec<Vec<Cell>>) -> Table {
    let column = |(text, kind): &(Text, Kind)| Column {
        title: text.get(lang).to_owned(),
        kind: *kind,
        total: Total::None,
        choices: Vec::new(),
    };
    Table {
        heading: Some(heading.get(lang).to_owned()),
        columns: columns.iter().map(column).collect(),
        rows,
        has_total: false,
        chart: None,
    }
}

/// The answer: the figures that matter, what needs a person, links to the sheets.
pub fn front(
    material: &Material<'_>,
    workbook: &Workbook,
    headline: Table,
    reports: &[(String, String, Vec<String>)],
    about: &About,
) -> Sheet {
    let lang = material.lang;
    let name = Text::new("首页", "Front").get(lang).to_owned();
    let mut blocks = vec![Block::Table(Table {
        heading: Some(Text::new("要点", "At a glance").get(lang).to_owned()),
        ..headline
    })];
    if workbook.needs_person {
        blocks.push(needs_person(material));
        blocks.push(Block::Table(checks(material, &CheckKind::ALL)));
    } else if !workbook.checks.is_empty() {
        blocks.push(Block::Table(checks(material, &workbook.checks)));
    }
    blocks.push(Block::Table(contents(reports, about, lang)));
    let title = if lang == Lang::Zh { workbook.zh.clone() } else { workbook.en.clone() };
    Sheet { title, name, notes: front_notes(about, lang), blocks, sign_off: false }
}

fn front_notes(about: &About, lang: Lang) -> Vec<Note> {
    let mut notes = Vec::new();
    let note = |text: Text, light: Light| Note { text: text.get(lang).to_owned(), light: Some(light) };
    if about.cash_open {
        notes.push(note(
            Text::new("未核平：当日现金核算与实点不符", "NOT BALANCED: the day's cash does not tie"),
            Light::Red,
        ));
    }
    let missing: BTreeSet<&String> = about.missing.iter().flat_map(|(_, m)| m).collect();
    if !missing.is_empty() {
        let words: Vec<&str> = missing.iter().map(|m| m.as_str()).collect();
        let text = Text::new("不完整：缺少 {0}", "INCOMPLETE: missing {0}").fill(lang, &[&words.join("、")]);
        notes.push(Note { text, light: Some(Light::Red) });
    }
    if notes.is_empty() {
        notes.push(note(Text::new("数据完整，控制总数全部相符", "Complete; every control total holds"), Light::Green));
    }
    notes.push(Note { text: Text::new("单位：元", "In yuan").get(lang).to_owned(), light: None });
    notes
}

/// Open items by category and age.
fn needs_person(material: &Material<'_>) -> Block {
    let lang = material.lang;
    let clearing = &material.reconciled.clearing;
    let mut rows = Vec::new();
    for category in Category::ALL.into_iter().filter(|c| c.is_open()) {
        let all = clearing.of_category(category);
        if all.is_empty() {
            continue;
        }
        let count = |n: usize| Cell::Count(i64::try_from(n).unwrap_or(i64::MAX));
        let mut row = vec![
            Cell::Text(category.title().get(lang).to_owned()),
            count(all.len()),
            Cell::Money(all.iter().map(|(fen, _)| *fen).sum()),
        ];
        row.extend(AGE_BUCKETS.iter().map(|b| count(all.iter().filter(|(_, age)| age_bucket(*age) == *b).count())));
        row.push(Cell::Text(category.remedy().get(lang).to_owned()));
        rows.push(row);
    }
    let mut columns = vec![
        (Text::new("未销分类", "Open"), Kind::Text, Total::None),
        (Text::new("项数", "Items"), Kind::Count, Total::Sum),
        (Text::new("差额", "Difference"), Kind::Money, Total::Sum),
    ];
    columns.extend(AGE_BUCKETS.iter().map(|b| (Text::new(b, b), Kind::Count, Total::Sum)));
    columns.push((Text::new("处理", "What to do"), Kind::Text, Total::None));
    let day = Text::new("天", " days").get(lang);
    let column = |(at, (text, kind, total)): (usize, (Text, Kind, Total))| {
        let suffix = if (3..9).contains(&at) { day } else { "" };
        Column { title: format!("{}{suffix}", text.get(lang)), kind, total, choices: Vec::new() }
    };
    Block::Table(Table {
        heading: Some(Text::new("需要处理：未销项目", "Needs a person: open items").get(lang).to_owned()),
        columns: columns.into_iter().enumerate().map(column).collect(),
        rows,
        has_total: true,
        chart: None,
    })
}

/// Checks of these kinds that fired.
fn checks(material: &Material<'_>, kinds: &[CheckKind]) -> Table {
    let lang = material.lang;
    let mut rows = Vec::new();
    for kind in kinds.iter().copied() {
        let of_kind: Vec<_> = material.reconciled.checks.iter().filter(|c| c.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let today = of_kind.iter().filter(|c| c.date == Some(material.as_of)).count();
        let count = |n: usize| Cell::Count(i64::try_from(n).unwrap_or(i64::MAX));
        let state = if today > 0 {
            (Light::Red, Text::new("当日有", "today"))
        } else {
            (Light::Amber, Text::new("历史", "earlier"))
        };
        rows.push(vec![
            Cell::Text(kind.title().get(lang).to_owned()),
            count(of_kind.len()),
            count(today),
            Cell::Money(of_kind.iter().map(|c| c.amount).sum()),
            Cell::Light(state.0, state.1.get(lang).to_owned()),
        ]);
    }
    plain(
        Text::new("需要处理：检查异常", "Needs a person: checks"),
        lang,
        &[
            (Text::new("检查", "Check"), Kind::Text),
            (Text::new("数量", "Number"), Kind::Count),
            (Text::new("其中当日", "Of the day"), Kind::Count),
            (Text::new("金额", "Amount"), Kind::Money),
            (Text::new("状态", "State"), Kind::Light),
        ],
        rows,
    )
}

/// Links to every sheet, and whether its report is complete.
fn contents(reports: &[(String, String, Vec<String>)], about: &About, lang: Lang) -> Table {
    let mut rows = Vec::new();
    for (id, title, sheets) in reports {
        let complete = !about.missing.iter().any(|(report, m)| report == id && !m.is_empty());
        let (light, word) = match complete {
            true => (Light::Green, Text::new("完整", "complete")),
            false => (Light::Red, Text::new("不完整", "incomplete")),
        };
        for sheet in sheets {
            rows.push(vec![
                Cell::Link { sheet: sheet.clone(), text: sheet.clone() },
                Cell::Text(title.clone()),
                Cell::Light(light, word.get(lang).to_owned()),
            ]);
        }
    }
    plain(
        Text::new("目录", "Contents"),
        lang,
        &[
            (Text::new("工作表", "Sheet"), Kind::Text),
            (Text::new("报表", "Report"), Kind::Text),
            (Text::new("状态", "State"), Kind::Light),
        ],
        rows,
    )
}

/// 口径: the definition of every figure of the workbook.
pub fn definitions(catalogue: &Catalogue, used: &BTreeSet<String>, lang: Lang) -> Sheet {
    let unit = |unit: Unit| match unit {
        Unit::Fen | Unit::FenPerCount => Text::new("元", "yuan"),
        Unit::Hours | Unit::HoursPerCount => Text::new("小时", "hours"),
        Unit::Count => Text::new("个", "number"),
        Unit::Quantity => Text::new("数量", "quantity"),
        Unit::Rate => Text::new("%", "%"),
        Unit::FenPerHour => Text::new("元/小时", "yuan per hour"),
        Unit::Score => Text::new("分", "points"),
        Unit::Days => Text::new("天", "days"),
        Unit::Months => Text::new("个月", "months"),
        Unit::Turns => Text::new("次", "turns"),
        Unit::Times => Text::new("倍", "times"),
    };
    let rows = used.iter().filter_map(|id| catalogue.figures.get(id)).map(|figure| {
        vec![
            Cell::Text(figure.name(lang).to_owned()),
            Cell::Text(unit(figure.unit).get(lang).to_owned()),
            Cell::Text(figure.definition(lang).to_owned()),
            Cell::Key(figure.id.clone()),
        ]
    });
    let columns = [
        (Text::new("指标", "Figure"), Kind::Text),
        (Text::new("单位", "Unit"), Kind::Text),
        (Text::new("口径", "Definition"), Kind::Text),
        (Text::new("代码", "Id"), Kind::Key),
    ];
    let name = DEFINITIONS.get(lang).to_owned();
    let block = plain(Text::new("指标口径", "What each figure means"), lang, &columns, rows.collect());
    Sheet { title: name.clone(), name, notes: Vec::new(), blocks: vec![Block::Table(block)], sign_off: false }
}

/// 勾稽: what must be equal, and whether it is.
pub fn ties(report: &Report, proven: &[Proven], lang: Lang) -> Table {
    let row = |(tie, proven): (&super::spec::Tie, &Proven)| {
        let name = Cell::Text(if lang == Lang::Zh { tie.zh.clone() } else { tie.en.clone() });
        let Some((left, right)) = proven else {
            return vec![name, Cell::NotKnown, Cell::NotKnown, Cell::NotKnown, Cell::NotKnown];
        };
        let state = match left == right {
            true => Cell::Light(Light::Green, Text::new("相符", "holds").get(lang).to_owned()),
            false => Cell::Light(Light::Amber, Text::new("不符", "differs").get(lang).to_owned()),
        };
        let show = |value: i64| match tie.unit {
            super::spec::Unit::Fen => Cell::Money(Fen(value)),
            super::spec::Unit::Hours => Cell::Hours(value),
            super::spec::Unit::Quantity => Cell::Quantity(value),
            _ => Cell::Count(value),
        };
        vec![name, show(*left), show(*right), show(left - right), state]
    };
    let columns = [
        (Text::new("勾稽", "Tie"), Kind::Text),
        (Text::new("左", "Left"), Kind::Mixed),
        (Text::new("右", "Right"), Kind::Mixed),
        (Text::new("差额", "Difference"), Kind::Mixed),
        (Text::new("结果", "Result"), Kind::Light),
    ];
    let rows = report.ties.iter().zip(proven).map(row).collect();
    plain(Text::new("勾稽关系", "Ties"), lang, &columns, rows)
}

/// The name of a control total, which the manifest keeps in English; those of rules begin with the rules' id.
pub fn control_name(name: &str, matchings: &[Matching], lang: Lang) -> String {
    const CHINESE: [(&str, &str); 28] = [
        ("rows of sheets = rows that are no record + rows read", "表中的行＝非记录行＋读取行"),
        ("rows read = rows taken + rows rejected", "读取行＝采用行＋拒绝行"),
        ("totals of exports: stated = equal to their rows", "导出合计：有合计的项数＝相符的项数"),
        (
            "receipts = orders and sales + contracts + insurers + other income + unknown",
            "收款＝委托单和零售＋合同＋保险＋其他收款＋单号不存在",
        ),
        ("allocated = received on items", "已分配＝各单已收"),
        ("insurance due: settlements = cases", "保险应收：结算单＝案件"),
        ("dues = cleared + open", "应收＝已销＋未销"),
        (
            "opening + new − cleared ± corrected ± changed after close = closing",
            "期初＋新增－销号±调整±关账后变更＝期末",
        ),
        ("written off: by decisions = on items", "核销：处理之和＝各单之和"),
        ("assigned: by decisions = on items", "归属：处理之和＝各单之和"),
        ("voided: by decisions = rows taken out", "作废：处理之和＝未计入的行之和"),
        ("deposits: opening + received − applied − refunded = closing", "预收款：期初＋收－抵扣－退＝期末"),
        ("receivables of ", "应收账款 · "),
        ("customer: due", "客户：due"),
        ("company: due", "单位客户：due"),
        ("lender: due", "贷款机构：due"),
        ("insurer: due", "保险公司：due"),
        ("maker: due", "厂家三包：due"),
        ("due − received − deducted = open by age", "应收－已收－扣减＝各账龄未收之和"),
        ("left: ", "左方"),
        ("right: ", "右方"),
        ("rows = buckets", "行数＝各结果之和"),
        ("signed = buckets", "金额＝各结果之和"),
        ("absolute = buckets", "绝对值＝各结果之和"),
        ("amounts can be summed", "金额可以合计"),
        ("day: ", "当日："),
        ("month: ", "本月："),
        ("(items)", "（项数）"),
    ];
    let of_rules = |m: &Matching| {
        let rest = name.strip_prefix(m.id.as_str()).filter(|rest| rest.starts_with([' ', ':']))?;
        Some(format!("{} ·{rest}", if lang == Lang::Zh { &m.zh } else { &m.en }))
    };
    let name = matchings.iter().find_map(of_rules).unwrap_or_else(|| name.to_owned());
    if lang == Lang::En {
        return name;
    }
    let name = CHINESE.iter().fold(name, |name, (en, zh)| name.replace(en, zh));
    name.replace("(amount)", "（金额）")
}

/// 数据来源: files, rows, hashes, control totals, findings, program and digest.
pub fn sources(about: &About, material: &Material<'_>, catalogue: &Catalogue) -> Option<Sheet> {
    let lang = material.lang;
    let ties: BTreeMap<String, String> =
        catalogue.reports.iter().flat_map(|report| super::ties::control_names(report, lang)).collect();
    let control_title = |name: &String| match ties.get(name) {
        Some(title) => title.clone(),
        None => control_name(name, &material.reconciled.matchings, lang),
    };
    let controls = about.sources.controls.iter().map(|(name, left, right, holds)| {
        vec![
            Cell::Text(control_title(name)),
            Cell::Key(left.to_string()),
            Cell::Key(right.to_string()),
            holds_light(*holds, lang),
        ]
    });
    let findings = about.sources.findings.iter().map(|(title, severity, number)| {
        vec![Cell::Text(title.clone()), Cell::Text(severity.clone()), Cell::Count(*number)]
    });
    let blocks = vec![
        plain(
            Text::new("控制总数（分、行、百万分之一件）", "Control totals (fen, rows, millionths of a piece)"),
            lang,
            &[
                (Text::new("名称", "Name"), Kind::Text),
                (Text::new("左", "Left"), Kind::Key),
                (Text::new("右", "Right"), Kind::Key),
                (Text::new("结果", "Result"), Kind::Light),
            ],
            controls.collect(),
        ),
        plain(
            Text::new("数据问题", "Findings"),
            lang,
            &[
                (Text::new("问题", "Finding"), Kind::Text),
                (Text::new("级别", "Severity"), Kind::Text),
                (Text::new("数量", "Number"), Kind::Count),
            ],
            findings.collect(),
        ),
        files(about, material),
    ];
    let name = SOURCES.get(lang).to_owned();
    let note = Note { text: format!("{} · {}", about.program, about.digest), light: None };
    Some(Sheet {
        title: name.clone(),
        name,
        notes: vec![note],
        blocks: blocks.into_iter().map(Block::Table).collect(),
        sign_off: false,
    })
}

fn holds_light(holds: bool, lang: Lang) -> Cell {
    match holds {
        true => Cell::Light(Light::Green, Text::new("相符", "holds").get(lang).to_owned()),
        false => Cell::Light(Light::Red, Text::new("不符", "fails").get(lang).to_owned()),
    }
}

/// What each sheet of each file gave.
fn files(about: &About, material: &Material<'_>) -> Table {
    let lang = material.lang;
    let table_name = |id: &str| {
        let name = material.tables.get(id).map(|t| if lang == Lang::Zh { &t.zh } else { &t.en });
        Cell::Text(name.map_or(id, String::as_str).to_owned())
    };
    let inputs = about.sources.inputs.iter().map(|i| {
        vec![
            Cell::Text(i.file.clone()),
            Cell::Text(i.sheet.clone()),
            table_name(&i.table),
            Cell::Count(i.rows_read),
            Cell::Count(i.rows_taken),
            Cell::Count(i.rows_rejected),
            i.control_total_fen.map_or(Cell::Empty, |fen| Cell::Money(Fen(fen))),
            i.control_total_holds.map_or(Cell::Empty, |holds| holds_light(holds, lang)),
            Cell::Key(i.sha256[..12.min(i.sha256.len())].to_owned()),
        ]
    });
    plain(
        Text::new("文件", "Files"),
        lang,
        &[
            (Text::new("文件", "File"), Kind::Text),
            (Text::new("工作表", "Sheet"), Kind::Text),
            (Text::new("数据表", "Table"), Kind::Text),
            (Text::new("读取行", "Read"), Kind::Count),
            (Text::new("采用行", "Taken"), Kind::Count),
            (Text::new("拒绝行", "Rejected"), Kind::Count),
            (Text::new("导出合计", "Own total"), Kind::Money),
            (Text::new("核对", "Check"), Kind::Light),
            (Text::new("哈希", "Hash"), Kind::Key),
        ],
        inputs.collect(),
    )
}
