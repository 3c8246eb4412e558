//! Matching two files of made-up settlements and receipts, whose answer is known: `cargo bench --bench matching`.
//!
//! A, B: by order number, a million against 1.2 million rows, and 100,000 settlements of one to five receipts each;
//! beside hesuan the same join by DuckDB and Polars where `PEERS_PYTHON` names a Python that has them
//! (`benches/peers/requirements.txt`). Growth: job A with one, two and four million settlements. C, D: by store and day
//! alone, any cent or round prices; how much is answered, and how much of it is right.
//!
//! Everybody runs in alternation on the same files, as a process of its own. Options after `--`:
//! `--rows N` (settlements of job A), `--rounds N`, `--only a,b,growth,c,d`, `--data DIR` (keeps the files there).

#[path = "matching/answers.rs"]
mod answers;
#[path = "matching/keyed.rs"]
mod keyed;
#[path = "matching/keyless.rs"]
mod keyless;
#[path = "matching/measure.rs"]
mod measure;
#[path = "matching/random.rs"]
mod random;
#[path = "matching/rules.rs"]
mod rules;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use answers::Verdict;
use keyed::Counts;
use keyless::{Possible, Prices};
use measure::{Contestant, Usage, alternate, cells, median};

const SEED: u64 = 20_260_101;
const HESUAN: &str = env!("CARGO_BIN_EXE_hesuan");
const RULES: &str = "rules.toml";
const HEADINGS: &str = "| | CPU s | wall s | peak MiB | matched | amount differs | left only | right only |
|---|---|---|---|---|---|---|---|";

const POSSIBLE_HEADINGS: &str = "| subsets of the pool's receipts with a settlement's amount | one | several |
|---|---|---|";
const VERDICT_HEADINGS: &str = "| pass | CPU s | wall s | peak MiB | certain and right | certain and wrong \
| ambiguous (truth offered) | closed as pool | pool wrong | open |
|---|---|---|---|---|---|---|---|---|---|";

struct Options {
    rows: u64,
    rounds: usize,
    only: Option<String>,
    data: Option<PathBuf>,
}

impl Options {
    fn read() -> Options {
        let mut options = Options { rows: 1_000_000, rounds: 5, only: None, data: None };
        let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} needs a value"));
            match argument.as_str() {
                "--rows" => options.rows = value().parse().unwrap(),
                "--rounds" => options.rounds = value().parse::<usize>().unwrap().max(1),
                "--only" => options.only = Some(value()),
                "--data" => options.data = Some(value().into()),
                _ => panic!("{argument}: no such option"),
            }
        }
        options
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.split(',').any(|wanted| wanted == part))
    }
}

/// Who takes part, where, and whether everybody found what was put in.
struct Bench {
    options: Options,
    data: PathBuf,
    hesuan: bool,
    python: Option<PathBuf>,
    all_right: bool,
}

fn main() -> ExitCode {
    // `cargo test --benches` runs this as well; there it has nothing to say.
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let options = Options::read();
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = options.data.clone().unwrap_or_else(|| scratch.path().to_owned());
    let mut bench = Bench { options, data, hesuan: hesuan_matches(), python: python(), all_right: true };
    println!("load before: {}", load());
    if bench.options.wants("a") {
        let rows = bench.options.rows;
        bench.keyed(&format!("A: {rows} settlements, one receipt each"), "a", &rules::job_a(), |folder| {
            keyed::job_a(folder, rows, SEED).unwrap()
        });
    }
    if bench.options.wants("b") {
        bench.keyed("B: 100000 settlements, one to five receipts each", "b", &rules::job_b(), |folder| {
            keyed::job_b(folder, 100_000, SEED).unwrap()
        });
    }
    if bench.options.wants("growth") && bench.hesuan {
        bench.growth();
    }
    if bench.options.wants("c") {
        bench.keyless("C: by store and day, any cent", "c", Prices::Odd);
    }
    if bench.options.wants("d") {
        bench.keyless("D: by store and day, round prices", "d", Prices::Round);
    }
    println!("\nload after: {}", load());
    if bench.all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn load() -> String {
    fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn hesuan_matches() -> bool {
    let knows = Command::new(HESUAN).args(["match", "--help"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let knows = knows.is_ok_and(|status| status.success());
    if !knows {
        println!("hesuan has no command `match`: peers and data only");
    }
    knows
}

/// The Python of the peers, and which versions it has.
fn python() -> Option<PathBuf> {
    let Some(python) = std::env::var_os("PEERS_PYTHON").map(PathBuf::from) else {
        println!("PEERS_PYTHON is not set: measured without DuckDB and Polars");
        return None;
    };
    let says = "import sys, duckdb, polars; \
                print('Python', sys.version.split()[0], 'DuckDB', duckdb.__version__, 'Polars', polars.__version__)";
    let status = Command::new(&python).args(["-c", says]).status();
    let has_both = status.as_ref().is_ok_and(std::process::ExitStatus::success);
    if !has_both {
        println!("PEERS_PYTHON has not both DuckDB and Polars ({status:?}): measured without them");
    }
    has_both.then_some(python)
}

impl Bench {
    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.data.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Jobs A and B: everybody, and whether they found what was put in.
    fn keyed(&mut self, title: &str, job: &str, rules: &str, generate: impl Fn(&Path) -> Counts) {
        let folder = self.folder(job);
        let expected = generate(&folder);
        fs::write(folder.join(RULES), rules).unwrap();
        let mut contestants = Vec::new();
        if self.hesuan {
            contestants.push(hesuan("hesuan".to_owned(), &folder, RULES));
        }
        if let Some(python) = &self.python {
            contestants.push(peer("DuckDB", job, python, &folder));
            contestants.push(peer("Polars", job, python, &folder));
        }
        let usages = alternate(&contestants, self.options.rounds);
        println!("\n### {title}\n\nMedians of {} runs [least–most].\n\n{HEADINGS}", self.options.rounds);
        for (contestant, usages) in contestants.iter().zip(&usages) {
            let counts = if contestant.name == "hesuan" {
                answers::counts_of_hesuan(&ask(&folder, RULES))
            } else {
                answers::counts_of_peer(&output(&folder, &contestant.name))
            };
            let Counts { matched, amount_diff, left_only, right_only } = counts;
            let (name, cells) = (&contestant.name, cells(usages));
            println!("| {name} | {cells} | {matched} | {amount_diff} | {left_only} | {right_only} |");
            self.holds(counts == expected, &format!("{name} did not find {expected:?}"));
        }
        let Counts { matched, amount_diff, left_only, right_only } = expected;
        println!("| put in | | | | {matched} | {amount_diff} | {left_only} | {right_only} |");
    }

    /// Job A of one, two and four times the rows.
    fn growth(&mut self) {
        let sizes = [1, 2, 4].map(|times| times * self.options.rows);
        let contestants = sizes.map(|rows| {
            let folder = self.folder(&format!("a-{rows}"));
            keyed::job_a(&folder, rows, SEED).unwrap();
            fs::write(folder.join(RULES), rules::job_a()).unwrap();
            hesuan(rows.to_string(), &folder, RULES)
        });
        let usages = alternate(&contestants, self.options.rounds);
        println!(
            "\n### Growth: job A\n\n| settlements | CPU s | wall s | peak MiB | CPU µs a row | peak bytes a row |"
        );
        println!("|---|---|---|---|---|---|");
        for (rows, usages) in sizes.iter().zip(&usages) {
            // Settlements and receipts.
            let rows_read = *rows as f64 * 2.2;
            let processor = median(usages, |usage| usage.processor) * 1e6 / rows_read;
            let peak = median(usages, |usage| usage.peak) * f64::from(1 << 20) / rows_read;
            println!("| {rows} | {} | {processor:.2} | {peak:.0} |", cells(usages));
        }
    }

    /// Jobs C and D: what can be known from the amounts, and what hesuan answers.
    fn keyless(&mut self, title: &str, job: &str, prices: Prices) {
        let folder = self.folder(job);
        keyless::job(&folder, prices, SEED).unwrap();
        let truth = keyless::read_truth(&folder).unwrap();
        let possible = keyless::count_possible(&folder).unwrap();
        let Possible { unique, several, unique_of_four, several_of_four } = possible;
        println!("\n### {title}\n\n{POSSIBLE_HEADINGS}");
        println!(
            "| of any size | {unique} | {several} |\n| of up to four receipts | {unique_of_four} | {several_of_four} |"
        );
        if !self.hesuan {
            return;
        }
        println!("\n{VERDICT_HEADINGS}");
        let contestants = rules::KEYLESS.map(|kind| {
            let file = format!("{kind}.toml");
            fs::write(folder.join(&file), rules::keyless(kind)).unwrap();
            hesuan(kind.to_owned(), &folder, &file)
        });
        let usages = alternate(&contestants, self.options.rounds);
        for (Contestant { name: kind, .. }, usages) in contestants.iter().zip(&usages) {
            let found = answers::verdict(&ask(&folder, &format!("{kind}.toml")), &truth);
            let Verdict { right, wrong, ambiguous, truth_offered, pooled, pooled_wrong, open } = found;
            let (cells, ambiguous) = (cells(usages), format!("{ambiguous} ({truth_offered})"));
            println!("| {kind} | {cells} | {right} | {wrong} | {ambiguous} | {pooled} | {pooled_wrong} | {open} |");
            self.holds(wrong == 0 && pooled_wrong == 0, &format!("{kind}: certain, but wrong"));
            // What is found frees receipts, so that more than the unique ones become certain.
            self.holds(kind != "subsets" || right >= unique, &format!("{kind}: {right} of {unique} unique ones found"));
        }
    }

    fn holds(&mut self, fact: bool, otherwise: &str) {
        if !fact {
            eprintln!("WRONG: {otherwise}");
            self.all_right = false;
        }
    }
}

/// Where a program's own words go.
fn output(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.out"))
}

fn hesuan_command(folder: &Path, rules: &str) -> Command {
    let mut command = Command::new(HESUAN);
    command.arg("match").arg(folder.join("left.csv")).arg(folder.join("right.csv"));
    command.arg("--rules").arg(folder.join(rules));
    command
}

/// As it is measured: what stays open goes into a file, as the breaks of the peers do.
fn hesuan(name: String, folder: &Path, rules: &str) -> Contestant {
    let (folder, rules) = (folder.to_owned(), rules.to_owned());
    let once = move || -> Usage {
        let mut command = hesuan_command(&folder, &rules);
        command.arg("--residual").arg(folder.join("hesuan.csv"));
        measure::run(&mut command, &output(&folder, "hesuan"))
    };
    Contestant { name, once: Box::new(once) }
}

/// As it is checked, once and not measured: the whole answer.
fn ask(folder: &Path, rules: &str) -> PathBuf {
    let answer = output(folder, "hesuan-json");
    measure::run(hesuan_command(folder, rules).arg("--json"), &answer);
    answer
}

fn peer(name: &str, job: &str, python: &Path, folder: &Path) -> Contestant {
    let lower = name.to_lowercase();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/peers/{lower}_match.py"));
    let out = output(folder, name);
    let (job, python, folder) = (job.to_owned(), python.to_owned(), folder.to_owned());
    let once = move || -> Usage {
        let mut command = Command::new(&python);
        command.arg(&script).arg(&job).arg(folder.join("left.csv")).arg(folder.join("right.csv"));
        command.arg(folder.join(format!("{lower}.csv")));
        measure::run(&mut command, &out)
    };
    Contestant { name: name.to_owned(), once: Box::new(once) }
}
