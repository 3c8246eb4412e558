//! The pages under `docs/` that are generated from the program, and what the other pages say that can be checked.
//!
//! `UPDATE_DOCS=1 cargo test --release --test docs` writes the generated pages anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hesuan::finding::{MEANINGS, Severity};
use hesuan::ledger::ReadingSpecs;
use hesuan::model::{ColumnKind, Lang};
use hesuan::reconcile::matcher::Rules;
use hesuan::reconcile::{Category, CheckKind};
use hesuan::report::spec::{Catalogue, Figure, Formula, Scope, Unit};
use hesuan::report::{Report, Span};
use hesuan::spec::named::Named;
use hesuan::spec::{SpecFile, SpecFiles};

// ---------------------------------------------------------------------------------------------------------------------
// Generated pages.

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The built-in specs, read as a run reads them.
fn built_in() -> (ReadingSpecs, Catalogue) {
    let files = SpecFiles::new(Vec::new());
    let reading = ReadingSpecs::load(&files).unwrap();
    let named = Named::load(&files).unwrap();
    let catalogue = Catalogue::load(&files, &reading.tables, &named).unwrap();
    (reading, catalogue)
}

/// Compares a page with what it should say, or writes it where `UPDATE_DOCS` is set.
fn is_fresh(name: &str, title: &str, body: &str) {
    let page = format!(
        "<!-- Generated; do not edit: UPDATE_DOCS=1 cargo test --release --test docs -->\n\n# {title}\n\n{body}"
    );
    let path = root().join("docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    let differs = held.lines().zip(page.lines()).position(|(left, right)| left != right);
    assert!(
        held == page,
        "docs/{name} is not what the program says (first at line {}); \
         write it anew with: UPDATE_DOCS=1 cargo test --release --test docs",
        differs.unwrap_or(held.lines().count().min(page.lines().count())) + 1
    );
}

/// A Markdown table; a bar in a text would begin another cell.
fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", headings.join(" | "), "---|".repeat(headings.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Chinese, then English, in one cell.
fn both(zh: &str, en: &str) -> String {
    format!("{zh}<br>{en}")
}

#[test]
fn findings_page_is_fresh() {
    let mut body = "What a run can find in exports, in the order in which `findings.csv` names the codes within a \
                    severity. `{value}` is what stands in the file, `{count}` a number, `{arg0}` and `{arg1}` further \
                    words of the message.\n\n"
        .to_owned();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let meaning = match severity {
            Severity::Error => "something is missing from the reports because of it",
            Severity::Warning => "counted, but a person should look",
            Severity::Info => "said, so that nothing is hidden",
        };
        writeln!(body, "## {}: {meaning}\n", severity.id()).unwrap();
        let rows = MEANINGS.iter().filter(|m| m.severity == severity).map(|m| {
            let text = |text: &hesuan::model::Text| both(text.get(Lang::Zh), text.get(Lang::En));
            vec![code(m.id), m.severity.id().to_owned(), text(&m.title), text(&m.message), text(&m.remedy)]
        });
        body.push_str(&table(&["code", "severity", "标题 title", "信息 message", "处理 remedy"], rows));
        body.push('\n');
    }
    is_fresh("findings.md", "Findings 数据问题", body.trim_end_matches('\n'));
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Fen => "yuan 元",
        Unit::Hours => "hours 小时",
        Unit::Count => "count 个",
        Unit::Quantity => "quantity 数量",
        Unit::Rate => "%",
        Unit::FenPerCount => "yuan each 元/个",
        Unit::FenPerHour => "yuan an hour 元/小时",
        Unit::HoursPerCount => "hours each 小时/个",
        Unit::Score => "score 分",
        Unit::Days => "days 天",
        Unit::Months => "months 个月",
        Unit::Turns => "turns 次",
        Unit::Times => "times 倍",
    }
}

/// Where a figure comes from: a view and the date on which a row counts, or other figures.
fn origin(figure: &Figure) -> String {
    let sum = |terms: &[(i64, String)]| {
        let term = |(index, (sign, id)): (usize, &(i64, String))| match (index, *sign < 0) {
            (0, false) => code(id),
            (_, false) => format!("+ {}", code(id)),
            (_, true) => format!("− {}", code(id)),
        };
        terms.iter().enumerate().map(term).collect::<Vec<_>>().join(" ")
    };
    let whole = |terms: &[(i64, String)]| if terms.len() > 1 { format!("({})", sum(terms)) } else { sum(terms) };
    let product = |ids: &[String]| ids.iter().map(|id| format!(" × {}", code(id))).collect::<String>();
    match &figure.formula {
        Formula::Base(base) => {
            let view = code(&base.view);
            match (base.scope, &base.date) {
                (Scope::SettledOrders, _) => format!("{view} of the settled orders"),
                (Scope::Until, Some(date)) => format!("{view} up to {}", code(date)),
                (Scope::Latest, Some(date)) => format!("{view} of the newest {}", code(date)),
                (Scope::WithOpening, Some(date)) => format!("{view} by {}, opening included", code(date)),
                (_, Some(date)) => format!("{view} by {}", code(date)),
                (_, None) => format!("{view}, as of the date"),
            }
        }
        Formula::Ratio(r) => {
            let (above, below) = (whole(&r.numerator) + &product(&r.times), whole(&r.denominator) + &product(&r.per));
            if r.per.is_empty() { format!("{above} ÷ {below}") } else { format!("{above} ÷ ({below})") }
        }
        Formula::Sum(terms) => sum(terms),
    }
}

#[test]
fn figures_page_is_fresh() {
    let (_, catalogue) = built_in();
    let public = catalogue.figures.values().filter(|f| !f.internal);
    let rows = public.map(|f| {
        vec![
            code(&f.id),
            both(&f.zh, &f.en),
            unit(f.unit).to_owned(),
            both(f.definition(Lang::Zh), f.definition(Lang::En)),
            origin(f),
        ]
    });
    let body = format!(
        "Every key figure is defined once, in `report_specs/figures/`; the 口径 sheet of each workbook shows the \
         definitions of the figures that it uses. A quotient is computed from exact sums, and its total is the \
         quotient of the totals. A part of a quotient that is in no row here is internal.\n\n{}",
        table(&["id", "名称 name", "unit", "口径 definition", "counted on"], rows)
    );
    is_fresh("figures.md", "Key figures 指标", &body);
}

#[test]
fn sources_page_is_fresh() {
    let (reading, _) = built_in();
    let mut sources: Vec<_> = reading.sources.iter().collect();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let rows = sources.iter().map(|s| {
        let mut feeds: Vec<String> = s.outputs.iter().map(|o| code(&reading.tables.tables[o.table].id)).collect();
        feeds.dedup();
        let needs: Vec<String> = s.headings.iter().map(|spellings| spellings.join(" / ")).collect();
        let without = if s.without.is_empty() { String::new() } else { format!("<br>not: {}", s.without.join("、")) };
        vec![code(&s.id), both(&s.zh, &s.en), feeds.join(", "), format!("{}{without}", needs.join("<br>"))]
    });
    let body = format!(
        "An export is taken for the source whose headings all stand in one of its first 30 rows; each line of the \
         last column is one heading with its spellings (half width, capitals, without blanks and units). Other columns \
         may be absent. A shop's own source outranks a built-in one, and one whose name pattern fits outranks one \
         whose pattern does not.\n\n{}",
        table(&["id", "名称 name", "feeds", "headings needed"], rows)
    );
    is_fresh("sources.md", "Exports that are known 来源", &body);
}

#[test]
fn tables_page_is_fresh() {
    let (reading, _) = built_in();
    let mut body = "The tables that a source spec can feed. `*` marks the key, `!` a column without which a row is \
                    rejected, `?` columns of which one at least must be filled. Each is also a view of that name, in which a time `x_at` has its day beside it as \
                    `x_on`.\n\n\
                    Kinds: `text`; `key` a number that people copy, brought to one form; `fen` money; `hours`; \
                    `micro` a quantity or unit price of up to six decimals; `int`; `date`; `time`; `bool` yes or no; \
                    `word.LIST` a word of that list in `report_specs/words.toml`.\n\n"
        .to_owned();
    let rows = reading.tables.tables.iter().map(|t| {
        let column = |(at, c): (usize, &hesuan::model::ColumnDef)| {
            let has = |holds: bool, mark: &'static str| if holds { mark } else { "" };
            let any_of = has(t.any_of.contains(&at), "?");
            let marks = format!("{}{}{any_of}", has(t.key.contains(&at), "*"), has(c.required, "!"));
            let kind = match c.kind {
                ColumnKind::Word(list) => format!("word.{}", reading.tables.lists[list].id),
                other => format!("{other:?}").to_lowercase(),
            };
            format!("`{}`{marks} {} ({kind})", c.name, c.zh)
        };
        let columns: Vec<String> = t.columns.iter().enumerate().map(column).collect();
        vec![code(&t.id), both(&t.zh, &t.en), columns.join(", ")]
    });
    body.push_str(&table(&["table", "名称 name", "columns"], rows));
    is_fresh("tables.md", "Tables 数据表", &body);
}

/// Sheets of a report, as a reader finds them.
fn sheets(report: &Report) -> String {
    report.sheets.iter().map(|s| s.zh.as_str()).collect::<Vec<_>>().join("、")
}

#[test]
fn reports_page_is_fresh() {
    let (_, catalogue) = built_in();
    let title = |id: &str| {
        let workbook = catalogue.workbooks.iter().find(|w| w.id == id).unwrap();
        both(&workbook.zh, &workbook.en)
    };
    let mut body = String::new();
    let spans = [
        (Span::Daily, "Daily 日报", "every date"),
        (Span::Weekly, "Weekly 周报", "a Sunday"),
        (Span::Monthly, "Monthly 月报", "the last day of a month"),
    ];
    for (span, heading, due) in spans {
        let rows = catalogue.reports.iter().filter(|r| r.span == span).map(|r| {
            let needs: Vec<String> = r.needs.iter().map(|t| code(t)).collect();
            let due = r.due_day.map_or(String::new(), |day| format!("<br>次月{day}日上报 handed in on day {day}"));
            let name = both(&r.zh, &r.en) + &due;
            vec![code(&r.id), name, title(&r.workbook), sheets(r), needs.join(", ")]
        });
        let text = table(&["id", "名称 name", "工作簿 workbook", "工作表 sheets", "needs"], rows);
        writeln!(body, "## {heading}: due for {due}\n\n{text}").unwrap();
    }
    let rows = catalogue.codes.iter().map(|c| {
        let answers = catalogue.reports.iter().filter(|r| r.codes.contains(&c.id));
        let answer = |r: &Report| format!("{}: {}", code(&r.id), sheets(r));
        let mut said: Vec<String> = answers.map(answer).collect();
        if !c.note_zh.is_empty() {
            said.push(both(&c.note_zh, &c.note_en));
        }
        assert!(!said.is_empty(), "{} is answered by no report and no note", c.id);
        vec![c.id.clone(), both(&c.zh, &c.en), said.join("<br>")]
    });
    let codes = table(&["code", "名称 name", "report and its sheets"], rows);
    let text = format!(
        "A report is incomplete, and says so, where an export of a table that it needs was due and did not come, or \
         where none has ever come; a report of a register that the shop does not keep is left out. A report that was \
         incomplete is made again by itself when the export has come. `hesuan report show ID` prints one report's \
         figures with their definitions.\n\n{body}## The field's own catalogue\n\nEvery report that dealer systems \
         and shops know by code, and what answers it here.\n\n{codes}"
    );
    is_fresh("reports.md", "Reports 报表", text.trim_end_matches('\n'));
}

#[test]
fn settings_page_is_fresh() {
    let named = Named::load(&SpecFiles::new(Vec::new())).unwrap();
    let rows = named.all().iter().map(|s| {
        let words = if s.words.is_empty() { String::new() } else { format!(" ({})", s.words.join(", ")) };
        vec![code(&s.id), code(&s.value.text(Lang::En)) + &words, both(&s.zh, &s.en)]
    });
    let body = format!(
        "What figures, reports and views rest on and a shop may set otherwise in `[settings]` of `hesuan.toml`, for \
         example `churn_window = \"12 months\"`. A value is a whole number, `\"6 months\"`, `\"180 days\"`, `\"5%\"`, \
         or one of the words. The 口径 sheet of a workbook tells the values that were used.\n\n{}",
        table(&["setting", "usual value", "说明 meaning"], rows)
    );
    is_fresh("settings.md", "Settings 口径设置", &body);
}

#[test]
fn rules_page_is_fresh() {
    let files = SpecFiles::new(Vec::new());
    let (reading, _) = built_in();
    let rules = Rules::load_all(&files, &reading.tables).unwrap();
    let rows = rules.iter().map(|rule| {
        let side = |at: usize| {
            let own = &rule.sides[at];
            format!("{} {}", code(own.table.as_deref().unwrap_or("plain columns")), code(&own.amount))
        };
        let keys: Vec<String> = rule.keys.iter().map(|key| key.columns.clone().map(|c| code(&c)).join(" = ")).collect();
        let passes: Vec<&str> = rule.passes.iter().map(|pass| pass.kind.id()).collect();
        let checks = rule.checks.as_ref().map_or_else(Vec::new, |checks| {
            [checks.unmatched_left, checks.differs, checks.unmatched_right].into_iter().flatten().collect()
        });
        let checks: Vec<String> = checks.iter().map(|kind| code(kind.id())).collect();
        let both = both(&rule.zh, &rule.en);
        vec![code(&rule.id), both, side(0), side(1), keys.join("<br>"), passes.join(", "), checks.join(", ")]
    });
    let body = format!(
        "`hesuan match LEFT RIGHT --rules ID` matches two exports by them; those with checks are applied in every run \
         of a shop too. [matching.md](matching.md) says what the passes do.\n\n{}",
        table(
            &[
                "id",
                "名称 name",
                "left, amount",
                "right, amount",
                "keys",
                "passes",
                "checks (left only, differs, right only)"
            ],
            rows
        )
    );
    is_fresh("rules.md", "Built-in rules 核对规则", &body);
}

// ---------------------------------------------------------------------------------------------------------------------
// Pages that people write.

const PAGES: [&str; 5] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "BENCHMARKS.md"];

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between `](` and `)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn links_lead_to_files() {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return; // the generated pages are being written at this moment
    }
    for name in PAGES {
        for link in links(&page(name)).filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or(link);
            assert!(root().join(file).exists(), "{name} links to {file}, which does not exist");
        }
    }
}

/// Words in code style that look like a path of the repository.
fn paths(text: &str) -> BTreeSet<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| {
        ["src/", "tests/", "docs/", "report_specs/"].iter().any(|folder| word.starts_with(folder))
            && !word.contains(['*', '{', '<', ' ', '…'])
    };
    spans.filter(is_path).collect()
}

#[test]
fn paths_that_the_architecture_names_exist() {
    for path in paths(&page("ARCHITECTURE.md")) {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}, which does not exist");
    }
}

#[test]
fn every_module_stands_in_the_code_map() {
    let text = page("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            assert!(text.contains(&format!("`src/{name}/`")), "ARCHITECTURE.md says nothing of src/{name}/");
        }
    }
}

#[test]
fn the_readme_names_every_category_check_and_command() {
    let text = page("README.md");
    let categories = Category::ALL.iter().map(|c| c.id());
    let checks = CheckKind::ALL.iter().map(|c| c.id());
    for id in categories.chain(checks) {
        assert!(text.contains(&code(id)), "README.md says nothing of `{id}`");
    }
    let help = assert_cmd::Command::cargo_bin("hesuan").unwrap().arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    // Commands stand two blanks in, below the headings of their groups.
    let commands = help.split("Options:").next().unwrap_or_default().lines().filter_map(|l| l.strip_prefix("  "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split(' ').next()).filter(|w| !w.is_empty()).collect();
    assert!(commands.contains(&"run"), "{help}");
    for command in commands {
        assert!(text.contains(&format!("`hesuan {command}")), "README.md says nothing of `hesuan {command}`");
    }
}

/// The TOML blocks of a page that begin with the path of a spec file, as the files of a shop.
fn examples(text: &str) -> Vec<SpecFile> {
    let mut files = Vec::new();
    for block in text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let first = block.lines().next().unwrap_or_default();
        if let Some(name) = first.strip_prefix("# ").filter(|name| name.starts_with("report_specs/")) {
            files.push(SpecFile { name: name.to_owned(), text: block.to_owned(), of_shop: true });
        }
    }
    files
}

#[test]
fn the_worked_examples_are_accepted() {
    let examples = examples(&page("CONTRIBUTING.md"));
    assert_eq!(examples.len(), 3, "a register takes two files, a report one");
    assert!(examples.iter().all(|file| Path::new(&file.name).extension().is_some_and(|e| e == "toml")));
    let files = SpecFiles::new(examples);
    let reading = ReadingSpecs::load(&files).unwrap();
    let named = Named::load(&files).unwrap();
    let catalogue = Catalogue::load(&files, &reading.tables, &named).unwrap();
    for id in ["loan_cars", "revenue_by_model"] {
        assert!(catalogue.reports.iter().any(|r| r.id == id), "{id}");
    }
}
