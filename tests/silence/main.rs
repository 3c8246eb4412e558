//! Nothing is lost in silence: exports of the sample shop are spoilt at random, after their sound state was taken or as
//! the first that ever came. After each, the published figures are those of the truth that the generator wrote, or the
//! run says what it did not say of the sound exports, with file and place. The numbers stand in `docs/testing.md`.

#[path = "../common/mod.rs"]
mod common;

mod bill;
mod judge;
mod nights;
mod spoil;
mod tally;
mod trial;

#[cfg(feature = "forgettings")]
mod forgettings;

use nights::Shops;
use tally::Tally;

/// Set by `benches/long.sh`: the first seed and how many.
fn of_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn trials(seeds: std::ops::Range<u64>) -> Tally {
    let shops = Shops::of_both_systems();
    let next = std::sync::atomic::AtomicU64::new(seeds.start);
    let tally = std::sync::Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let trial = trial::run(&shops, seed);
                    tally.lock().unwrap().add(trial);
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

/// Nothing that is compared below rests on the program alone.
#[test]
fn the_sound_exports_give_the_truth_of_the_generator() {
    let shops = Shops::of_both_systems();
    for shop in &shops.0 {
        shop.is_sound();
    }
}

#[test]
fn no_spoilt_export_is_silent() {
    let tally = trials(0..40);
    assert!(tally.silent.is_empty(), "{tally}");
}

/// The same with as many seeds as somebody asks for.
#[test]
#[ignore = "minutes; benches/long.sh silence runs it"]
fn no_spoilt_export_is_silent_at_length() {
    let first = of_environment("HESUAN_SEED").unwrap_or(0);
    let tally = trials(first..first + of_environment("HESUAN_COUNT").unwrap_or(300));
    println!("{tally}");
    assert!(tally.silent.is_empty(), "silent: {}", tally.silent.len());
}
