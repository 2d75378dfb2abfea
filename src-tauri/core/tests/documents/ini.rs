//! Settings in the ini format of npm: read as npm does, and one set without another byte changing.

use gatehouse_core::document::ini::{NotSettable, set, value, values};
use proptest::prelude::*;

use crate::cases;
use crate::made::{Choices, choices};

const KEY: &str = "min-release-age";

/// What npm 11.19.1 printed for `npm config get min-release-age` with each of these as the user's file.
#[test]
fn a_setting_is_read_as_npm_reads_it() {
    let check =
        |text: &str, expect: Option<&str>| assert_eq!(value(text.as_bytes(), KEY).as_deref(), expect, "{text:?}");
    check("", None);
    check("min-release-age=14\n", Some("14"));
    check("min-release-age = 14 ; c\n", Some("14"));
    check("min-release-age=14#x\n", Some("14"));
    check("min-release-age=14\nmin-release-age=3\n", Some("3"));
    check("[s]\nmin-release-age=14\n", None);
    check("min-release-age=\"14\"\n", Some("14"));
    check("min-release-age='14'\n", Some("14"));
    check("\"min-release-age\"=14\n", Some("14"));
    check("min-release-age=\n", Some(""));
    check("min-release-age\n", Some(""));
    check("\u{feff}min-release-age=14\n", Some("14"));
    check("a=b\rmin-release-age=14", Some("14"));
    check("min_release_age=14\n", None);
    check("# min-release-age=14\nx=1", None);
    check("  min-release-age=14\n", Some("14"));
    assert_eq!(value(b"\xe9=1\nmin-release-age=14\n", KEY).as_deref(), Some("14"));
    assert_eq!(values(b"a[]=x\na[] = \"y\"\nb=z\na[]=\n", "a"), ["x", "y"]);
}

#[test]
fn only_the_one_value_or_the_one_line_changes() {
    let check = |before: &str, expect: Result<&str, NotSettable>| {
        let after = set(before.as_bytes(), KEY, "14").map(|after| String::from_utf8(after).expect("UTF-8"));
        assert_eq!(after, expect.map(str::to_owned), "{before:?}");
    };
    check("", Ok("min-release-age=14\n"));
    check("\u{feff}", Ok("\u{feff}min-release-age=14\n"));
    check("a=b\n", Ok("a=b\nmin-release-age=14\n"));
    check("a=b", Ok("a=b\nmin-release-age=14"));
    check("a=b\r\nc=d", Ok("a=b\r\nc=d\r\nmin-release-age=14"));
    check("a=b\r\n", Ok("a=b\r\nmin-release-age=14\r\n"));
    check("a=b\rc=d\r", Ok("a=b\rc=d\rmin-release-age=14\r"));
    check("a=b\n[s]\nc=d\n", Ok("a=b\nmin-release-age=14\n[s]\nc=d\n"));
    check("[s]\nmin-release-age=1\n", Ok("min-release-age=14\n[s]\nmin-release-age=1\n"));
    check("  min-release-age =  3\t; why\nx=y\n", Ok("  min-release-age =  14\t; why\nx=y\n"));
    check("min-release-age=\"3\"", Ok("min-release-age=14"));
    check("min-release-age=\r\nx=y\r\n", Ok("min-release-age=14\r\nx=y\r\n"));
    check("min-release-age=1\nmin-release-age=2\n", Ok("min-release-age=1\nmin-release-age=14\n"));
    check("min-release-age[]=3\n", Err(NotSettable::List));
    check("min-release-age\n", Err(NotSettable::NoValue));
    check("min-release-age=3\\;4\n", Err(NotSettable::Escaped));
}

/// Lines as people and programs write them, with the key among them in every form.
fn settings(c: &mut Choices) -> Vec<u8> {
    let mut text = c.pick(&["", "", "", "\u{feff}"]).as_bytes().to_vec();
    for _ in 0..c.of(8) {
        let line = match c.of(8) {
            0..=3 => {
                let key =
                    c.pick(&[KEY, "min-release-age ", "\"min-release-age\"", " before", "a b", "min-release-age[]"]);
                let gap = c.pick(&["", " ", "\t "]);
                let value = c.pick(&["3", "\"3\"", "'3'", "", "3 ; why", "3#x", "a\\;b", "\"", "a = b", "é", "[s]"]);
                format!("{key}={gap}{value}{}", c.pick(&["", " "]))
            }
            4 => "//registry.example/:_authToken=s3cret".to_owned(),
            5 => c.pick(&["# min-release-age=1", " ; x", "#"]).to_owned(),
            6 => c.pick(&["[s]", " [s]", "[s] ", "[]", "[s]x"]).to_owned(),
            _ => c.pick(&["", "min-release-age", "word", "="]).to_owned(),
        };
        text.extend(line.as_bytes());
        if c.one_in(9) {
            text.push(0xe9);
        }
        text.extend(c.pick(&["\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", ""]).as_bytes());
    }
    text
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_but_the_setting_changes(mut c in choices(), days in 0_u32..1_000) {
        let (before, days) = (settings(&mut c), days.to_string());
        let Ok(after) = set(&before, KEY, &days) else { return Ok(()) };
        prop_assert_eq!(value(&after, KEY), Some(days.clone()));
        // What differs is the value in its line, or one line that was added.
        let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let (was, now) = (&before[start..], &after[start..]);
        let same = was.iter().rev().zip(now.iter().rev()).take_while(|(a, b)| a == b).count();
        let (was, now) = (&was[..was.len() - same], &now[..now.len() - same]);
        prop_assert!(!was.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'\\')), "{:?}", was);
        let is_line = now.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        prop_assert!(!is_line || was.is_empty(), "{:?} {:?}", was, now);
        for key in [" before", "a b", "//registry.example/:_authToken", "word"] {
            prop_assert_eq!(value(&after, key.trim()), value(&before, key.trim()));
        }
        // Once set, there is nothing left to write.
        prop_assert_eq!(set(&after, KEY, &days), Ok(after.clone()));
    }
}
