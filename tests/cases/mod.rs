//! From the words of a case to rules, from the program's JSON to its buckets.

mod compare;
mod keys;
pub mod own;
mod params;
mod passes;
mod sides;
mod translate;
mod words;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs one case; the second run of a two-run case takes what the first left open. Says how the answer differs.
pub fn run(folder: &Path, truth: &Value) -> Result<(), String> {
    let scratch = tempfile::tempdir().unwrap();
    let rules = scratch.path().join("rules.toml");
    let translate::Translation { rules: text, options } = translate::translate(folder, truth)?;
    std::fs::write(&rules, text).unwrap();
    let residual = scratch.path().join("open.csv");
    let mut answer = answer(folder, "left.csv", "right.csv", &rules, &options, None, &residual)?;
    if folder.join("left2.csv").exists() || folder.join("right2.csv").exists() {
        let second = scratch.path().join("open2.csv");
        let name = |name: &str| if folder.join(name).exists() { name.to_owned() } else { "empty.csv".to_owned() };
        answer =
            self::answer(folder, &name("left2.csv"), &name("right2.csv"), &rules, &options, Some(&residual), &second)?;
    }
    let contents = compare::Contents::read(folder);
    compare::compare(truth, &answer, &contents)
        .map_err(|why| format!("{why}\n{}", std::fs::read_to_string(&rules).unwrap()))
}

fn answer(
    folder: &Path,
    left: &str,
    right: &str,
    rules: &Path,
    options: &[String],
    opening: Option<&Path>,
    residual: &Path,
) -> Result<Value, String> {
    let file = |name: &str| {
        let path = folder.join(name);
        if path.exists() {
            return path;
        }
        // A run that brings no new rows on one side: the headings of the first.
        let heading = std::fs::read_to_string(folder.join("left.csv")).unwrap_or_default();
        let empty = residual.with_file_name("empty.csv");
        std::fs::write(&empty, heading.lines().next().unwrap_or_default().to_owned() + "\n").unwrap();
        empty
    };
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("hesuan"));
    command.args(["match", "--json", "--lang", "en", "--rules"]).arg(rules).arg("--residual").arg(residual);
    if let Some(opening) = opening {
        command.arg("--opening").arg(opening);
    }
    let output = command.args(options).arg(file(left)).arg(file(right)).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("no answer: {}", String::from_utf8_lossy(&output.stderr)))
}
