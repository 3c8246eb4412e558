//! One trial: a shop, an export of it, a fault, and the moment at which the spoilt export comes.

use std::collections::BTreeMap;

use hesuan::model::forget::Rule;
use hesuan::sample::File;

use crate::bill::Page;
use crate::judge::Saying;
use crate::nights::{END, END_DIGITS, EVE_DIGITS, Prepared, Shops, Stage, arrival};
use crate::spoil::{self, FAULTS, Fault, Spoilt};

/// When the spoilt export comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The first night of all, with every other export sound.
    First,
    /// In place of a day's sound export, sound ones of the days before having come.
    Today,
    /// The night after, under the name of the sound one, which was taken and reported.
    Replaced,
    /// The same night once more, under the name of the sound one.
    Again,
    /// The next day's export, which shows the rows of the day before again.
    Newer,
    #[cfg_attr(not(feature = "forgettings"), expect(dead_code, reason = "only rules that are forgotten ask for it"))]
    /// The same, beside the sound one on the first night of all: nothing had been reported. Not among `WHENS`, so that
    /// their seeds stay what they are.
    Beside,
}

const WHENS: [When; 5] = [When::First, When::Today, When::Replaced, When::Again, When::Newer];

impl When {
    /// True where the sound rows were taken before: whatever is spoilt now contradicts them.
    pub fn is_after_sound(self) -> bool {
        matches!(self, When::Replaced | When::Again | When::Newer | When::Beside)
    }

    fn stage(self) -> Stage {
        match self {
            When::First | When::Beside => Stage::New,
            When::Today | When::Replaced | When::Newer => Stage::Eve,
            When::Again => Stage::End,
        }
    }

    fn fits(self, file: &File) -> bool {
        match self {
            When::First | When::Again => true,
            When::Today => arrival(file) == Stage::End,
            When::Replaced => arrival(file) == Stage::Eve,
            When::Newer | When::Beside => file.name.contains(EVE_DIGITS),
        }
    }
}

/// How it ended.
#[derive(Debug)]
pub enum End {
    /// Every figure is what it should be.
    Right,
    /// The run told, by this code.
    Told(String),
    /// A figure is wrong, and nothing else in the exports says so.
    Alone,
    /// A figure is wrong and nobody says so.
    Silent,
}

#[derive(Debug)]
pub struct Trial {
    pub seed: u64,
    pub fault: Fault,
    pub when: When,
    /// What was done to which file, and for silent ones what is wrong.
    pub story: String,
    pub end: End,
}

/// The trial of a seed; the faults take turns, so that few seeds have all of them.
pub fn run(shops: &Shops, seed: u64) -> Trial {
    of(shops, seed, (FAULTS[usize::try_from(seed).unwrap() % FAULTS.len()], None), None)
}

/// The trial of a seed with a fault, at a moment where one is wanted, by a program that has forgotten a rule where one is
/// named.
pub fn of(shops: &Shops, seed: u64, (fault, wanted): (Fault, Option<When>), forgotten: Option<Rule>) -> Trial {
    let mut dice = fastrand::Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x51_1E_4C_E0);
    loop {
        let shop = &shops.0[dice.usize(..shops.0.len())];
        let when = wanted.unwrap_or(WHENS[dice.usize(..WHENS.len())]);
        let Some(page) = page(shop, when, &mut dice) else { continue };
        let Some(spoilt) = spoil::spoil(&page, fault, &mut dice) else { continue };
        return night(shop, (seed, when, fault), &page, &spoilt, forgotten);
    }
}

/// An export, every kind of them as likely as every other.
fn page(shop: &Prepared, when: When, dice: &mut fastrand::Rng) -> Option<Page> {
    let mut kinds: BTreeMap<String, Vec<&File>> = BTreeMap::new();
    let usual = |file: &&File| !file.name.contains('(') && file.name != "readme.txt";
    for file in shop.files.iter().filter(usual).filter(|file| when.fits(file)) {
        let kind = file.name.chars().filter(|c| !c.is_ascii_digit() && *c != '-').collect();
        kinds.entry(kind).or_default().push(file);
    }
    let kinds: Vec<Vec<&File>> = kinds.into_values().collect();
    let files = &kinds[dice.usize(..kinds.len())];
    let mut page = Page::of(files[dice.usize(..files.len())])?;
    if matches!(when, When::Newer | When::Beside) {
        page.name = spoil::numbered(&page.name.replace(EVE_DIGITS, END_DIGITS));
    }
    Some(page)
}

fn night(
    prepared: &Prepared,
    (seed, when, fault): (u64, When, Fault),
    page: &Page,
    spoilt: &Spoilt,
    forgotten: Option<Rule>,
) -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let place = kept(seed).unwrap_or_else(|| folder.path().join("shop"));
    let shop = prepared.at(when.stage(), &place);
    prepared.arrive(&shop, when.stage(), Stage::End);
    shop.put(&spoilt.name, &spoilt.bytes);
    let said = Saying::of(&shop, END, forgotten);
    let sound = prepared.sound(when.stage());
    let wrong = if said.code == 4 { Vec::new() } else { [prepared.untrue(&said), said.differences(sound)].concat() };
    let told = said.tells(sound, spoilt);
    let mut story = format!("{fault:?} {when:?} {}: {}", spoilt.name, spoilt.what);
    let end = match told {
        _ if ![0, 3, 4].contains(&said.code) => End::Silent,
        Some(code) => End::Told(code),
        None if wrong.is_empty() && said.code != 4 => End::Right,
        None if is_alone(fault, when, page) => End::Alone,
        None => End::Silent,
    };
    if matches!(end, End::Silent | End::Alone) {
        let few = |all: Vec<String>| all.into_iter().take(8).collect::<Vec<_>>().join("\n      ");
        story += &format!("\n    exit {}\n    new: {}\n    wrong: {}", said.code, few(said.news(sound)), few(wrong));
    }
    Trial { seed, fault, when, story, end }
}

/// What nothing else in the exports contradicts, where the sound rows never came: a row less in a list without a total,
/// another value of the same kind.
fn is_alone(fault: Fault, when: When, page: &Page) -> bool {
    let row_less = matches!(fault, Fault::DeleteRow | Fault::DeleteTail | Fault::CutBytes | Fault::HeadingsOnly)
        && !page.has_total();
    let other_value = matches!(
        fault,
        Fault::BlankCell
            | Fault::Placeholder
            | Fault::ChangeAmount
            | Fault::TurnSign
            | Fault::OtherDate
            | Fault::OtherKey
            | Fault::SwapHeadings
            | Fault::SwapCells
    );
    !when.is_after_sound() && (row_less || other_value)
}

/// Where the shop of a seed stays, for a person who looks at it.
fn kept(seed: u64) -> Option<std::path::PathBuf> {
    Some(std::path::PathBuf::from(std::env::var_os("HESUAN_KEEP")?).join(seed.to_string()))
}
