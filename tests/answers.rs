//! The main job, and every answer of the table, through the command line beside a running guard.

use crate::support::{Sandbox, eventually, leaves_nothing};

const ONE: &str = "{\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"files-mcp\"]\n    }\n  }\n}\n";

const TWO: &str = "{\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"files-mcp\"]\n    },\n    \"postmark\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"postmark-mcp\"],\n      \"env\": { \"POSTMARK_TOKEN\": \"pm-very-secret\" }\n    }\n  }\n}\n";

const FILE: &str = ".cursor/mcp.json";

#[test]
fn a_new_entry_is_held_and_approved_byte_for_byte() {
    type Way = fn(&Sandbox, &str, &str);
    let ways: [Way; 2] = [Sandbox::save, Sandbox::write];
    for way in ways {
        let home = Sandbox::new();
        home.write(FILE, ONE);
        let mut guard = home.watch();
        way(&home, FILE, TWO);
        guard.wait_about("held", "postmark");
        assert_eq!(home.read(FILE), ONE);
        assert_eq!(home.status("cursor/postmark"), "held");
        assert_eq!(home.status("cursor/files"), "unreviewed");
        home.run(&["approve", "cursor/postmark"]).ok();
        guard.wait_about("released", "postmark");
        assert_eq!(home.read(FILE), TWO);
        assert_eq!(home.status("cursor/postmark"), "approved");
        eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
        assert_eq!(guard.end(), Some(0));

        let mut again = home.watch();
        home.save(".cursor/other.json", "{}");
        assert_eq!(home.read(FILE), TWO);
        assert_eq!(home.status("cursor/postmark"), "approved");
        let asked = again.drain().iter().filter(|notice| notice["notice"] == "asked").count();
        assert_eq!(asked, 0, "a second start asks nothing");
        assert!(home.data().join("ledger.db").exists());
        again.kill();
    }
}
