//! docs/month-end.md, run: every command with the files that the page names, and what it prints.
//!
//! `UPDATE_DOCS=1` writes what is printed into the page.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::fill::{Edit, fill, fill_by_openpyxl, has_openpyxl};
use common::{Ran, hesuan, tree};
use serde_json::Value;

/// The day on which the page is read: the clock of the machine says another.
const TODAY: &str = "2026-11-05";

fn page_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/month-end.md")
}

/// A folder with `all`, the exports of two months, and `shop`, which gets them night by night.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// What a command prints, as the page shows it.
    fn command(&self, line: &str) -> String {
        let (line, wanted) = line.split_once(" | grep ").unwrap_or((line, ""));
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[0], "hesuan", "the page runs nothing else: {line}");
        let mut command = hesuan();
        let ran = Ran::of(&command.args(&words[1..]).current_dir(self.folder.path()).output().unwrap());
        assert!(matches!(ran.code, Some(0 | 3 | 4 | 5)), "{line}: {ran:#?}");
        let said = ran.out.replace(&self.today(), TODAY);
        let mut said: String = said.lines().filter(|l| l.contains(wanted)).map(|l| format!("{l}\n")).collect();
        if ran.code != Some(0) {
            said += &format!("[exit {}]\n", ran.code.unwrap());
        }
        said
    }

    /// Today, as the program says it.
    fn today(&self) -> String {
        let asked = hesuan().args(["status", "--json"]).arg(self.path("all")).output().unwrap();
        let status: Value = serde_json::from_slice(&asked.stdout).unwrap();
        status["today"].as_str().unwrap().to_owned()
    }

    /// The files whose names are dated up to a day; a month's file arrives with its last day.
    fn arrive(&self, until: &str) {
        let until = until.replace('-', "");
        if !self.path("shop").exists() {
            fs::create_dir_all(self.path("shop/inbox")).unwrap();
            fs::copy(self.path("all/hesuan.toml"), self.path("shop/hesuan.toml")).unwrap();
        }
        let dates = regex::Regex::new(r"20\d{6}|20\d{4}").unwrap();
        for entry in fs::read_dir(self.path("all/inbox")).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let dated = dates.find_iter(&name).last().map_or("", |m| m.as_str());
            let dated = if dated.len() == 6 { format!("{dated}31") } else { dated.to_owned() };
            let to = self.path("shop/inbox").join(&name);
            if dated <= until && !to.exists() {
                fs::copy(entry.path(), &to).unwrap();
                common::settle(&to);
            }
        }
    }

    fn fill(&self, block: &str, by: fn(&Path, &Path, &[Edit])) {
        let mut lines = block.lines();
        let (from, to) = lines.next().and_then(|line| line.split_once(" → ")).unwrap();
        let mut edits: Vec<Edit> = Vec::new();
        for line in lines {
            match line {
                // Every car of the list stands where it should.
                "COUNT" => edits.extend(counted(&self.path(from))),
                line => edits.push(Edit::read(line)),
            }
        }
        by(&self.path(from), &self.path(to), &edits);
    }
}

/// Every order of the count sheet: in the shop.
fn counted(book: &Path) -> Vec<Edit> {
    let book = common::books::Book::open(book);
    let rows = book.text("未结算盘点");
    let heading = rows.iter().position(|row| row.first().is_some_and(|cell| cell == "委托单号")).unwrap();
    let orders = rows[heading + 1..].iter().take_while(|row| row.first().is_some_and(|cell| cell.starts_with('W')));
    orders.map(|row| Edit::read(&format!("未结算盘点 | 委托单号={} | 实盘在厂=是, 位置=车间", row[0]))).collect()
}

/// The roll-forward of a published date holds, and a month opens as the one before was closed.
fn roll_forward_holds(desk: &Desk) {
    let Ok(dates) = fs::read_dir(desk.path("shop/reports")) else { return };
    for folder in dates.map(|entry| entry.unwrap().path()).filter(|path| path.join("manifest.json").exists()) {
        let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        for roll in manifest["clearing"]["roll_forward"].as_array().unwrap() {
            for unit in ["items", "diff_fen"] {
                let part = |name: &str| roll[name][unit].as_i64().unwrap();
                let moved = part("new") - part("cleared") + part("corrected") + part("changed_after_close");
                assert_eq!(part("opening") + moved, part("closing"), "{} {unit}", folder.display());
            }
        }
    }
}

/// Runs the page and gives it back with what its commands print.
fn run_page(page: &str, by: fn(&Path, &Path, &[Edit])) -> (String, Desk) {
    let desk = Desk { folder: tempfile::tempdir().unwrap() };
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find("```") {
        let (text, block) = rest.split_at(at);
        let (kind, body) = block[3..].split_once('\n').unwrap();
        let (body, after) = body.split_once("```").unwrap();
        out += text;
        let mut shown = body.to_owned();
        let (kind, lines) = kind.split_once(' ').map_or((kind, usize::MAX), |(kind, n)| (kind, n.parse().unwrap()));
        match kind {
            "arrive" => desk.arrive(body.trim().strip_prefix("until ").unwrap()),
            "fill" => desk.fill(body.trim(), by),
            "console" => {
                shown.clear();
                for line in body.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    let said = desk.command(line);
                    let cut = if said.lines().count() > lines { "…\n" } else { "" };
                    let said: String = said.lines().take(lines).map(|line| format!("{line}\n")).collect();
                    shown += &format!("$ {line}\n{said}{cut}");
                    roll_forward_holds(&desk);
                }
            }
            other => panic!("a block of kind {other}"),
        }
        let kind = if lines == usize::MAX { kind.to_owned() } else { format!("{kind} {lines}") };
        out += &format!("```{kind}\n{shown}```");
        rest = after;
    }
    (out + rest, desk)
}

#[test]
fn every_command_of_the_page_prints_what_the_page_says() {
    let page = fs::read_to_string(page_path()).unwrap();
    let (now, desk) = run_page(&page, fill);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(page_path(), &now).unwrap();
    } else {
        assert!(now == page, "docs/month-end.md is not fresh (UPDATE_DOCS=1 writes it):\n{now}");
    }
    let of = |date: &str| -> Value {
        serde_json::from_slice(&fs::read(desk.path(&format!("shop/reports/{date}/manifest.json"))).unwrap()).unwrap()
    };
    let (last, next) = (of("2026-10-31"), of("2026-11-02"));
    assert_eq!(last["closed"]["month"], "2026-10");
    assert_eq!(
        next["clearing"]["roll_forward"][1]["opening"], last["clearing"]["roll_forward"][1]["closing"],
        "November opens as October was closed"
    );
}

#[test]
fn a_workbook_that_openpyxl_has_written_reads_the_same() {
    if !has_openpyxl() {
        return;
    }
    let page = fs::read_to_string(page_path()).unwrap();
    let until = page.find("## A late export").unwrap();
    let (one, desk) = run_page(&page[..until], fill);
    let (other, by_openpyxl) = run_page(&page[..until], fill_by_openpyxl);
    assert_eq!(one, other);
    let exceptions = |desk: &Desk| {
        let all = tree(&desk.path("shop/reports/2026-10-31"));
        all.into_iter().filter(|(name, _)| name.ends_with(".csv")).collect::<Vec<_>>()
    };
    assert_eq!(exceptions(&desk), exceptions(&by_openpyxl));
}
