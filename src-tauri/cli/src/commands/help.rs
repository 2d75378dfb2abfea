//! `help` and `completions`.

use clap_complete::Shell;
use gatehouse_core::finding::Code;
use gatehouse_core::wording::Language;

use super::Outcome;
use crate::args::command;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::session::Session;

const CODES: &str = include_str!("../../../../docs/reference/codes.md");

/// Explains a code; names a verb's options; without a name, lists the verbs.
pub(crate) fn help(session: &Session, name: Option<&str>) -> Outcome {
    let mut command = command(&session.wording);
    command.build();
    let Some(name) = name else {
        session.print(&command.render_help().to_string());
        return Ok(Exit::Done);
    };
    if let Some(text) = section(name) {
        // The reference is in English; what to do is told in every language.
        let text = match session.wording.language() {
            Language::English => text.to_owned(),
            Language::Spanish => {
                format!("{}\n\n{text}", session.say(&format!("finding-{name}-help"), &[]))
            }
        };
        session.print(&text);
        return Ok(Exit::Done);
    }
    match command.find_subcommand_mut(name) {
        Some(verb) => session.print(&verb.render_help().to_string()),
        None => return Err(Problem::no_code(name, session)),
    }
    Ok(Exit::Done)
}

/// The text of the reference under a code's heading.
fn section(code: &str) -> Option<&'static str> {
    Code::ALL.iter().find(|known| known.name() == code)?;
    let (_, rest) = CODES.split_once(&format!("\n## {code}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest).trim())
}

pub(crate) fn completions(session: &Session, shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(&session.wording), "gatehouse", &mut script);
    session.print_exactly(&String::from_utf8_lossy(&script));
    Exit::Done
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_heading_and_none_besides() {
        let headings: Vec<_> = CODES.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(headings, codes);
        for code in codes {
            let text = section(code).expect("it has a heading");
            for part in ["What it means", "Why it matters", "What to do"] {
                assert!(text.contains(&format!("**{part}.**")), "{code} does not say: {part}");
            }
        }
        assert_eq!(codes_listed_twice(), BTreeSet::new());
    }

    fn codes_listed_twice() -> BTreeSet<&'static str> {
        let mut seen = BTreeSet::new();
        Code::ALL.iter().map(|code| code.name()).filter(|name| !seen.insert(*name)).collect()
    }
}
