use proptest::prelude::*;

use super::*;

fn pieces(language: Language, text: &str) -> String {
    let mut out = Vec::new();
    read(language, text, &mut |piece| {
        out.push(match piece.token {
            Token::Word(word) => word.to_owned(),
            Token::Text(text, 0) => format!("<{text}>"),
            Token::Text(text, numbers) => format!("<{text}>{numbers}"),
            Token::Sign(sign) => char::from(sign).to_string(),
        });
    });
    out.join(" ")
}

#[test]
fn javascript_is_cut_into_pieces() {
    let check = |text: &str, expect: &str| assert_eq!(pieces(Language::Javascript, text), expect, "{text}");
    check("#!/usr/bin/env node\nlet a = 'x' // \"no\"", "let a = <x>");
    check("a /* 'no' */ + \"it's\"", "a + <it's>");
    check(r#"x = "\x68\u0069 \u{21}\n""#, "x = <hi !\n>3");
    check("`a ${b + `c ${'d'}`} e`;", "<a > { b + <c > { <d> } <> } < e> ;");
    check("f({a: `x`})", "f ( { a : <x> } )");
    // A quote in a regular expression begins no string; a slash behind a value divides.
    check("a = /['\"/]/g; b = c / d / e", "a = g ; b = c / d / e");
    check("return /\\/'/.test(x)", "return . test ( x )");
    check("url = 'https://a.example' ; // c", "url = <https://a.example> ;");
    check("don't\nlet b = 'x'", "don <t> let b = <x>");
    check("'open", "<open>");
    check("`$a $ ${1}`", "<$a $ > { 1 } <>");
}

#[test]
fn python_is_cut_into_pieces() {
    let check = |text: &str, expect: &str| assert_eq!(pieces(Language::Python, text), expect, "{text}");
    check("a = 'x' # 'no'", "a = <x>");
    check("a = rb'\\x41\\'' + f\"{b}\"", "a = <\\x41\\'> + <{b}>");
    check("'''About a@b.example.'''\ndef f():\n  \"\"\"Mail c@d.example\"\"\"\n  return 'e'", "def f ( ) : return <e>");
    check("\"\"\"x\"\"\"\nsend(__doc__)", "<x> send ( __doc__ )");
    check("f(\n  'not documentation'\n)", "f ( <not documentation> )");
    check("s = \"\\x61\\101\"", "s = <aA>2");
}

#[test]
fn lines_are_counted() {
    let check = |language, text: &str, expect: &[u32]| {
        let mut lines = Vec::new();
        read(language, text, &mut |piece| lines.push(piece.line));
        assert_eq!(lines, expect, "{text:?}");
    };
    check(Language::Javascript, "a\n/* \n\n */ b\n`x\ny` c\n'\\\nz' d", &[1, 4, 5, 6, 7, 8]);
    check(Language::Python, "a\n'''\n\n'''\nx = '''\n''' ; b", &[1, 5, 5, 5, 6, 6]);
    check(Language::Script, "a\n# no\n\nb", &[1, 4]);
}

#[test]
fn the_language_is_told_by_name_or_first_line() {
    let check = |path: &str, text: &str, expect| assert_eq!(Language::of(path, text.as_bytes()), expect, "{path}");
    check("dist/index.mjs", "", Some(Language::Javascript));
    check("dist/index.d.ts", "", None);
    check("dist/index.js.map", "", None);
    check("bin/run", "#!/usr/bin/env node\n", Some(Language::Javascript));
    check("bin/run", "#!/bin/sh\n", Some(Language::Script));
    check("README.md", "# a", None);
    check("x.pth", "import a", Some(Language::Python));
    check("config.yaml", "", Some(Language::Data));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever the text: it is read to its end, line by line forward, within its lines.
    #[test]
    fn any_text_is_read(text in "[a-z/'\"`\\\\\n${}#*é()\\[\\]x0-9 ]{0,120}", which in 0_usize..4) {
        let language = [Language::Javascript, Language::Python, Language::Script, Language::Data][which];
        let (mut before, lines) = (1, u32::try_from(text.matches('\n').count()).expect("few") + 1);
        let mut is_in_order = true;
        read(language, &text, &mut |piece| {
            is_in_order &= before <= piece.line && piece.line <= lines;
            before = piece.line;
        });
        prop_assert!(is_in_order);
    }

    /// A text between two comments is found, whatever the comments say.
    #[test]
    fn a_text_between_comments_is_found(noise in "[a-z'\"`/ ]{0,20}", text in "[a-z@.]{1,20}") {
        let js = format!("// {noise}\nx = '{text}' /* {} */", noise.replace("*/", ""));
        prop_assert_eq!(pieces(Language::Javascript, &js), format!("x = <{text}>"));
        let py = format!("# {noise}\nx = '{text}' # {noise}");
        prop_assert_eq!(pieces(Language::Python, &py), format!("x = <{text}>"));
    }
}
