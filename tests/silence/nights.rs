//! The sample shop of two systems, prepared: nothing taken yet, the exports of all days but the last taken and
//! published, and all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use hesuan::sample::{self, File, Options, Truth};
use tempfile::TempDir;

use crate::common::{Shop, settle, tree};
use crate::judge::Saying;

/// The last day, and how its exports are named.
pub const END: &str = "2026-10-20";
pub const END_DIGITS: &str = "20261020";
/// The day before, which is reported first.
pub const EVE: &str = "2026-10-19";
pub const EVE_DIGITS: &str = "20261019";

/// How far a shop has come when the spoilt export arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    New,
    Eve,
    End,
}

pub struct Shops(pub Vec<Prepared>);

/// One shop at every stage.
pub struct Prepared {
    folder: TempDir,
    pub files: Vec<File>,
    truth: Truth,
    sound: BTreeMap<Stage, Saying>,
}

impl Shops {
    pub fn of_both_systems() -> Shops {
        let end = NaiveDate::parse_from_str(END, "%Y-%m-%d").unwrap();
        let options = Options { end, days: 6, orders_per_day: 4, shops: 2, ..Options::default() };
        let folder = tempfile::tempdir().unwrap();
        sample::write(&folder.path().join("group"), &options).unwrap();
        let prepare = |index: u32| {
            let config = folder.path().join(format!("group/S0{}/hesuan.toml", index + 1));
            let shop = sample::simulate(&options, index);
            Prepared::of(sample::exports(&shop), sample::truth(&shop), &config)
        };
        Shops((0..2).map(prepare).collect())
    }
}

impl Prepared {
    fn of(files: Vec<File>, truth: Truth, config: &Path) -> Prepared {
        let folder = tempfile::tempdir().unwrap();
        let mut prepared = Prepared { folder, files, truth, sound: BTreeMap::new() };
        let new = prepared.root(Stage::New);
        fs::create_dir_all(new.join("inbox")).unwrap();
        fs::copy(config, new.join("hesuan.toml")).unwrap();
        for (from, stage) in [(Stage::New, Stage::Eve), (Stage::Eve, Stage::End)] {
            let shop = prepared.at(from, &prepared.root(stage));
            prepared.arrive(&shop, from, stage);
            shop.publish(if stage == Stage::Eve { EVE } else { END });
        }
        for stage in [Stage::New, Stage::Eve, Stage::End] {
            let place = tempfile::tempdir().unwrap();
            let shop = prepared.at(stage, &place.path().join("shop"));
            prepared.arrive(&shop, stage, Stage::End);
            let said = Saying::of(&shop, END, None);
            prepared.sound.insert(stage, said);
        }
        prepared
    }

    fn root(&self, stage: Stage) -> PathBuf {
        self.folder.path().join(format!("{stage:?}"))
    }

    /// The shop as it stood at a stage, in a folder of its own.
    pub fn at(&self, stage: Stage, place: &Path) -> Shop {
        for (name, bytes) in tree(&self.root(stage)) {
            let path = place.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            settle(&path);
        }
        fs::create_dir_all(place.join("inbox")).unwrap();
        Shop::at(place)
    }

    /// Drops the sound exports that come between two stages.
    pub fn arrive(&self, shop: &Shop, after: Stage, until: Stage) {
        for file in self.files.iter().filter(|file| (arrival(file) > after) && arrival(file) <= until) {
            shop.put(&file.name, file.bytes().unwrap());
        }
    }

    /// What a run says on the last day where nothing is spoilt.
    pub fn sound(&self, stage: Stage) -> &Saying {
        &self.sound[&stage]
    }

    /// Facts that differ from the truth.
    pub fn untrue(&self, said: &Saying) -> Vec<String> {
        let differs = |(place, value): (&String, &i64)| {
            let found = said.manifest.pointer(place);
            let same = found.and_then(serde_json::Value::as_i64).or((*value == 0).then_some(0)) == Some(*value);
            (!same).then(|| format!("{place}: {value} is {}", found.unwrap_or(&serde_json::Value::Null)))
        };
        self.truth.iter().filter_map(differs).collect()
    }

    /// The sound exports give the truth at every stage, whatever way they came.
    pub fn is_sound(&self) {
        assert!(self.truth.len() > 90);
        for (stage, said) in &self.sound {
            let untrue = self.untrue(said);
            assert!(untrue.is_empty(), "{stage:?}, exit {}: {untrue:#?}\n{:#?}", said.code, said.told);
        }
    }
}

/// When an export comes: a day's own in its night, a week's or a month's at the end.
pub fn arrival(file: &File) -> Stage {
    let digits: String = file.name.chars().filter(|c| *c != '-').collect();
    let has_day = digits.contains("202610") && !digits.contains("202610.") && !digits.contains(END_DIGITS);
    if has_day { Stage::Eve } else { Stage::End }
}
