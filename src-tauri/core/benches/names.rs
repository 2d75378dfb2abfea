//! How long a name is compared with all that are known: 25,000, 100,000 and 1,000,000 of them, beside a comparison with each
//! one of them by the plain library.
//!
//! The names are made: the real catalogue, and as many more of the same forms, from its own words, with a fixed seed. Half of
//! the names that are asked about are known ones with something changed, as squats have it.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends where something is missing")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gatehouse_core::catalogue::{Catalogue, Kind};
use gatehouse_core::squats::Squats;

const SIZES: &[usize] = &[25_000, 100_000, 1_000_000];

const ASKED: usize = 4_000;

/// Names that are also compared with each known one in turn.
const COMPARED: usize = 40;

const KNOWN: &str = include_str!("../data/catalogue.txt");
const BRANDS: &str = include_str!("../data/brands.txt");

/// The same sequence each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn main() {
    let real = Catalogue::read(KNOWN, BRANDS);
    let words = words(&real);
    for size in SIZES {
        measure(&real, &words, *size);
    }
}

/// Words of real names that say what a connector is for.
fn words(real: &Catalogue) -> Vec<String> {
    let of = |name: &str| {
        name.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = real.entries.iter().flat_map(|entry| of(&entry.name));
    let common = ["mcp", "server", "com", "io"];
    all.filter(|word| word.len() > 2 && !common.contains(&word.as_str())).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A name in one of the forms that connectors have.
fn made(dice: &mut Dice, words: &[String]) -> String {
    let [one, two, three] = [dice.of(words), dice.of(words), dice.of(words)];
    match dice.below(8) {
        0 => format!("{one}-{two}-mcp"),
        1 => format!("mcp-server-{one}-{two}"),
        2 => format!("{one}-{two}-mcp-server"),
        3 => format!("@{one}{two}/mcp"),
        4 => format!("@{one}{two}/mcp-server"),
        5 => format!("@{one}-{two}/{three}-mcp"),
        6 => format!("@{one}{two}/mcp-server-{three}"),
        _ => format!("{one}-{two}-{three}"),
    }
}

/// A name with something changed.
fn changed(dice: &mut Dice, name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let at = 1 + dice.below(letters.len() - 2);
    let without = |at: usize| letters.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| *c).collect::<String>();
    match dice.below(6) {
        0 => without(at),
        1 => name.replace('-', ""),
        2 => name.rsplit('/').next().unwrap().to_owned(),
        3 => format!("{name}-official"),
        4 => name.replacen('o', "0", 1).replacen('l', "1", 1),
        _ => name.split('-').rev().collect::<Vec<_>>().join("-"),
    }
}

fn measure(real: &Catalogue, words: &[String], size: usize) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut text = format!("{KNOWN}\n-\n");
    for _ in real.entries.len()..size {
        writeln!(text, "npm {} {} .", made(&mut dice, words), dice.below(7)).unwrap();
    }
    let catalogue = Catalogue::read(&text, BRANDS);
    drop(text);
    let start = Instant::now();
    let squats = Squats::over(&catalogue);
    let built = start.elapsed();
    let npm: Vec<&str> =
        catalogue.entries.iter().filter(|it| it.kind == Kind::Npm).map(|it| it.name.as_str()).collect();
    let asked: Vec<String> = (0..ASKED)
        .map(|n| {
            if n % 2 == 0 {
                made(&mut dice, words)
            } else {
                let name = *dice.of(&npm);
                changed(&mut dice, name)
            }
        })
        .collect();
    let mut times = Vec::with_capacity(ASKED);
    let mut found = 0;
    for name in &asked {
        let start = Instant::now();
        let likeness = squats.likeness(Kind::Npm, name);
        let claim = squats.claim(Kind::Npm, name);
        times.push(start.elapsed());
        found += usize::from(likeness.is_some() || claim.is_some());
    }
    let mut one_by_one = Vec::with_capacity(COMPARED);
    for name in asked.iter().take(COMPARED) {
        let start = Instant::now();
        black_box(npm.iter().filter(|known| strsim::osa_distance(name, known) <= 1).count());
        one_by_one.push(start.elapsed());
    }
    println!(
        "{size} names: index made in {:.0} ms; {ASKED} asked, {found} like something: p50 {:.3} ms, p99 {:.3} ms, \
         largest {:.3} ms; each known name in turn: p50 {:.1} ms",
        millis(built),
        millis(part(&mut times, 50)),
        millis(part(&mut times, 99)),
        millis(part(&mut times, 100)),
        millis(part(&mut one_by_one, 50)),
    );
}

fn part(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
