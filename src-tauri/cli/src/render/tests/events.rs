//! Notices, entries of the ledger, refusals and effects in words. Every sample is read from its own JSON, as the ledger is.

use gatehouse_core::age_limit::Tool;
use gatehouse_core::document::{SyntaxReason, Wanted};
use gatehouse_core::engine::{Check, CheckState, HistoryEntry, Verified};
use gatehouse_core::record::Record;
use gatehouse_core::request::{Effect, EffectKind, FileTrouble, Notice, Refusal};

use super::*;

fn about() -> Value {
    json!({"id": "3fa9c1d2".repeat(8), "client": "cursor", "name": "postmark", "file": "/home/u/.cursor/mcp.json",
        "route": "mcpServers.postmark", "fingerprint": "v1:ab", "runs": "npx -y postmark-mcp"})
}

fn notices() -> Vec<Notice> {
    let about = about();
    let all = json!([
        {"notice": "guarding", "files": 12},
        {"notice": "held", "connector": about, "hold": "0000000000000000", "method": "cut"},
        {"notice": "held", "connector": about, "hold": "0000000000000000", "method": "switch"},
        {"notice": "asked", "connector": about, "kind": "new", "changes": [], "held": true, "asked_by": null, "request": null},
        {"notice": "asked", "connector": about, "kind": "changed", "changes": [], "held": false, "asked_by": "claude-code",
            "request": "approve"},
        {"notice": "asked", "connector": about, "kind": "artefact", "changes": [], "held": true, "asked_by": null, "request": null},
        {"notice": "settled", "connector": about},
        {"notice": "allowed", "connector": about, "why": "approved-exact"},
        {"notice": "released", "connector": about, "method": "cut", "exactness": "exact"},
        {"notice": "released", "connector": about, "method": "cut", "exactness": "by-meaning"},
        {"notice": "released", "connector": about, "method": "switch", "exactness": "exact"},
        {"notice": "decided", "connector": about, "answer": "keep-held", "channel": "terminal", "client": "claude-code"},
        {"notice": "folder-offered", "connector": about, "folder": "/home/u/a work"},
        {"notice": "values-changed", "connector": about, "places": ["env.POSTMARK_TOKEN"]},
        {"notice": "not-edited", "connector": about, "trouble": "busy"},
        {"notice": "contested", "connector": about, "times": 1},
        {"notice": "unreadable", "path": "/home/u/.codex/config.toml", "trouble": {"unparsable": {"line": 3, "reason": {"expected": {"wanted": "value", "found": "}"}}}}},
        {"notice": "mode-changed", "mode": "monitor"},
        {"notice": "looked-up", "packages": 1, "unknown": 0},
        {"notice": "looked-up", "packages": 12, "unknown": 3, "others": 1},
        {"notice": "looked-up", "packages": 0, "unknown": 0, "others": 7},
        {"notice": "doubted", "connector": about, "findings": [{
            "code": "package-missing", "severity": "high", "confidence": "high",
            "args": [["package", "postmark-mcp"], ["how", "not-there"]],
            "primary": {"file": "/home/u/.cursor/mcp.json", "route": "mcpServers.postmark", "line": 3},
        }]},
        {"notice": "ledger", "state": "locked", "detail": "the keyring is closed"},
    ]);
    serde_json::from_value(all).expect("they are notices")
}

#[test]
fn notices_are_told_in_a_line_each() {
    let told = |page: &Page<'_>| notices().iter().map(|n| notice::notice(page, n)).collect::<Vec<_>>().join("\n");
    assert_snapshot!(with_page(Language::English, told), @r#"
Guarding 12 files
Held: postmark (cursor, 3fa9c1d2), out of ~/.cursor/mcp.json.
Held: postmark (cursor, 3fa9c1d2), switched off in ~/.cursor/mcp.json.
New: postmark (cursor, 3fa9c1d2) runs npx -y postmark-mcp · held.
Changed: postmark (cursor, 3fa9c1d2) runs npx -y postmark-mcp · not held. Asked by Claude Code: approve.
New code: postmark (cursor, 3fa9c1d2) runs npx -y postmark-mcp · held.
Settled: postmark (cursor, 3fa9c1d2).
Let through: postmark (cursor, 3fa9c1d2). You approved exactly this launch and this code.
Released: postmark (cursor, 3fa9c1d2) is back in ~/.cursor/mcp.json, byte for byte.
Released: postmark (cursor, 3fa9c1d2) is back in ~/.cursor/mcp.json, at a place found by its neighbours.
Released: postmark (cursor, 3fa9c1d2) is switched on again in ~/.cursor/mcp.json.
Decided: postmark (cursor, 3fa9c1d2) · kept held, in a terminal, below Claude Code.
git tracks ~/.cursor/mcp.json, so that a held entry shows as a change there. To be asked only in this project, with postmark (cursor, 3fa9c1d2) put back: `gatehouse folder ~/'a work' notify --put-back`
Values changed: postmark (cursor, 3fa9c1d2) (env.POSTMARK_TOKEN).
Not edited: ~/.cursor/mcp.json, for postmark (cursor, 3fa9c1d2). Other programs keep writing the file. Close them, then ask again.
Contested: Cursor has written postmark (cursor, 3fa9c1d2) back 1 time. It is held again each time.
Not read: ~/.codex/config.toml. The file cannot be parsed at line 3: a value is missing; there is “}”. Mend the line; Gatehouse looks again by itself.
Mode: monitor.
The registry was asked about one package.
Registries were asked about 12 packages; of 3 nothing could be learnt. Services were asked about one image, repository or host.
Services were asked about 7 images, repositories or hosts.
In doubt: postmark (cursor, 3fa9c1d2). The registry has no package postmark-mcp.
Ledger: Its key has been locked for ten minutes. Approvals stay in force, unverified. Open the keyring. (the keyring is closed)
"#);
    assert_snapshot!(with_page(Language::Spanish, told), @r#"
Se vigilan 12 archivos
Retenido: postmark (cursor, 3fa9c1d2), fuera de ~/.cursor/mcp.json.
Retenido: postmark (cursor, 3fa9c1d2), desactivado en ~/.cursor/mcp.json.
Nuevo: postmark (cursor, 3fa9c1d2) ejecuta npx -y postmark-mcp · retenido.
Cambiado: postmark (cursor, 3fa9c1d2) ejecuta npx -y postmark-mcp · sin retener. Lo pide Claude Code: aprobar.
Código nuevo: postmark (cursor, 3fa9c1d2) ejecuta npx -y postmark-mcp · retenido.
Resuelto: postmark (cursor, 3fa9c1d2).
Dejado pasar: postmark (cursor, 3fa9c1d2). Usted aprobó exactamente este arranque y este código.
Liberado: postmark (cursor, 3fa9c1d2) ha vuelto a ~/.cursor/mcp.json, byte por byte.
Liberado: postmark (cursor, 3fa9c1d2) ha vuelto a ~/.cursor/mcp.json, en un lugar hallado por sus vecinos.
Liberado: postmark (cursor, 3fa9c1d2) vuelve a estar activado en ~/.cursor/mcp.json.
Decidido: postmark (cursor, 3fa9c1d2) · mantenido retenido, en un terminal, por debajo de Claude Code.
git sigue ~/.cursor/mcp.json, así que una entrada retenida aparece ahí como un cambio. Para que en este proyecto solo se pregunte, con postmark (cursor, 3fa9c1d2) de vuelta: `gatehouse folder ~/'a work' notify --put-back`
Valores cambiados: postmark (cursor, 3fa9c1d2) (env.POSTMARK_TOKEN).
Sin editar: ~/.cursor/mcp.json, para postmark (cursor, 3fa9c1d2). Otros programas escriben el archivo sin parar. Ciérrelos y vuelva a pedirlo.
Disputado: Cursor ha vuelto a escribir postmark (cursor, 3fa9c1d2) 1 vez. Cada vez se retiene de nuevo.
Sin leer: ~/.codex/config.toml. El archivo no se puede interpretar en la línea 3: falta un valor; hay «}». Corrija la línea; Gatehouse vuelve a mirar por sí mismo.
Modo: observar.
Se preguntó al registro por un paquete.
Se preguntó a los registros por 12 paquetes; de 3 no se pudo saber nada. Se preguntó a los servicios por una imagen, un repositorio o un servidor.
Se preguntó a los servicios por 7 imágenes, repositorios o servidores.
En duda: postmark (cursor, 3fa9c1d2). El registro no tiene ningún paquete postmark-mcp.
Libro de registro: Su clave lleva diez minutos cerrada. Las aprobaciones siguen en vigor, sin verificar. Abra el llavero. (the keyring is closed)
"#);
}

fn records() -> Vec<Record> {
    let id = "3fa9c1d2".repeat(8);
    let seen = json!({"fingerprint": "v1:ab", "artefact": {"kind": "npm", "state": "not-looked"}});
    let sighting = json!({"id": id, "client": "cursor", "scope": "user", "project": null, "file": "/home/u/.cursor/mcp.json",
        "route": "mcpServers.postmark", "name": "postmark", "enabled": true, "seen": seen,
        "facets": {"transport": "stdio", "command": "npx", "args": [], "url": null, "cwd": null, "env": [], "headers": [],
            "values": {}, "extra": {}, "resolved": {}},
        "beside": {"digests": {}, "trust": {}}});
    let desk = json!({"channel": "desk", "parents": [], "client": null});
    let agent = json!({"channel": "terminal", "parents": ["sh", "claude"], "client": "claude-code"});
    let changes =
        json!([{"facet": "args", "old": "a", "new": "b"}, {"facet": "env.NODE_OPTIONS", "old": null, "new": "x"}]);
    let stamp = json!({"dev": 1, "ino": 1, "size": 1, "mtime_ns": 1, "ctime_ns": 1});
    let swap = json!({"target": "/home/u/.cursor/mcp.json", "base": "", "stamp": stamp, "ours": ""});
    let all = json!([
        {"event": "started", "version": "0.1.0", "kind": "watch"},
        {"event": "baseline", "connectors": 3},
        {"event": "appeared", "sighting": sighting, "first_met": "asked"},
        {"event": "asked", "id": id, "kind": "new", "changes": [], "by": null, "request": null},
        {"event": "hold-intended", "intent": {"hold": "7777777777777777", "connector": id, "file": "/home/u/.cursor/mcp.json",
            "route": "mcpServers.postmark", "method": "cut", "swap": swap, "seen": seen, "why": "new"}},
        {"event": "held", "hold": "7777777777777777"},
        {"event": "decided", "id": id, "seen": seen, "answer": {"approve": {"kind": "exact", "reach": "everywhere",
            "expires": null, "despite_malicious": false}}, "origin": agent, "note": "for the\nnewsletter"},
        {"event": "decided", "id": id, "seen": seen, "answer": "keep-held", "origin": desk, "note": null},
        {"event": "in-force", "id": id, "seen": seen, "standing": "approved"},
        {"event": "release-intended", "hold": "7777777777777777", "swap": swap},
        {"event": "released", "hold": "7777777777777777", "exactness": "exact"},
        {"event": "released", "hold": "7777777777777777", "exactness": "by-meaning"},
        {"event": "hold-dropped", "hold": "7777777777777777", "reason": "busy"},
        {"event": "release-dropped", "hold": "7777777777777777", "reason": "busy"},
        {"event": "stash-deleted", "hold": "9999999999999999"},
        {"event": "changed", "sighting": sighting, "changes": changes},
        {"event": "values-changed", "id": id, "places": ["env.A"], "sighting": sighting},
        {"event": "vanished", "id": id},
        {"event": "settled", "id": id},
        {"event": "revoked", "id": id, "fingerprint": "v1:ab", "origin": desk},
        {"event": "used", "approval": 7},
        {"event": "amended", "id": id, "swap": swap},
        {"event": "contested", "id": id, "times": 2},
        {"event": "mode-set", "mode": "monitor", "origin": desk},
        {"event": "paused", "until": "2026-07-01T11:07:00Z", "origin": desk},
        {"event": "paused", "until": null, "origin": desk},
        {"event": "cli-approvals-set", "setting": "desk", "origin": desk},
        {"event": "folder-set", "folder": "/home/u/work", "rule": "notify", "origin": desk},
        {"event": "client-path-set", "client": "codex", "path": null, "origin": desk},
        {"event": "key-state-changed", "state": "locked"},
        {"event": "ledger-lost", "told_by": ["marker"], "detail": "no file"},
        {"event": "stopped"},
    ]);
    serde_json::from_value(all).expect("they are records")
}

#[test]
fn the_ledger_is_told_entry_by_entry() {
    let told = |page: &Page<'_>| {
        let mut names = gatehouse_core::sentences::Names::default();
        let at = "2026-07-01T10:07:12.5Z".parse().expect("it is a time");
        let entry = |(i, record)| HistoryEntry { seq: i as u64 + 1, at, record, sealed: i > 1 };
        let entries: Vec<_> = records().into_iter().enumerate().map(entry).collect();
        entries.iter().for_each(|entry| names.learn(&entry.record));
        log::log(page, entries.iter(), &names)
    };
    assert_snapshot!(with_page(Language::English, told), @r#"
1   2026-07-01 10:07:12Z  ○  Gatehouse 0.1.0 began to write (watch).
2   2026-07-01 10:07:12Z  ○  First run: 3 connectors were there, unreviewed.
3   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) appeared.
4   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): asked.
5   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is about to be held.
6   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is held.
7   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): approved, in a
                             terminal, below Claude Code.
                             “for the⟦U+000A⟧newsletter”
8   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): kept held, at the
                             desk.
9   2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is in force as it is
                             now.
10  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is about to be
                             released.
11  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is released, byte for
                             byte.
12  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is released, at a place
                             found by its neighbours.
13  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) was not held: busy.
14  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) was not released: busy.
15  2026-07-01 10:07:12Z     9999999999999999: the kept bytes are deleted.
16  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) changed: arguments,
                             variable NODE_OPTIONS.
17  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): values changed at
                             env.A.
18  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) is gone from its file.
19  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): the question ended by
                             itself.
20  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): the decision is taken
                             back, at the desk.
21  2026-07-01 10:07:12Z     The approval of entry 7 was used.
22  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2): the entry is edited.
23  2026-07-01 10:07:12Z     postmark (cursor, 3fa9c1d2) was written back by its
                             client 2 times.
24  2026-07-01 10:07:12Z     The mode is monitor, at the desk.
25  2026-07-01 10:07:12Z     A pause until 2026-07-01 11:07:00Z, at the desk.
26  2026-07-01 10:07:12Z     The pause is over, at the desk.
27  2026-07-01 10:07:12Z     Approvals from a terminal: desk, at the desk.
28  2026-07-01 10:07:12Z     ~/work: notify, at the desk.
29  2026-07-01 10:07:12Z     codex is at –, at the desk.
30  2026-07-01 10:07:12Z     The key of the ledger: locked.
31  2026-07-01 10:07:12Z     The ledger was lost and is started anew (marker; no
                             file).
32  2026-07-01 10:07:12Z     It stopped.

○ These entries are not sealed with the key.
"#);
    assert_no_gaps(&with_page(Language::Spanish, told));
}

#[test]
fn a_verification_says_how_far_it_goes() {
    let check = |found: Verified, sound, expect: &str| {
        let (text, is_sound) = with_page(Language::English, |page| log::verified(page, &found));
        assert_eq!((text.as_str(), is_sound), (expect, sound));
        assert_no_gaps(&with_page(Language::Spanish, |page| log::verified(page, &found)).0);
    };
    check(Verified::NoLedger, true, "There is no ledger yet.");
    let sound = |unsealed| Verified::Sound { entries: 9, sealed: 9 - unsealed, unsealed, key: LedgerState::Locked };
    check(sound(0), true, "9 entries, 9 sealed. The chain is whole.");
    check(sound(1), true, "9 entries, 8 sealed. The chain is whole.\n1 entry is not sealed: the keyring is locked.");
    let broken = Verified::Broken { seq: 4, what: "the hash differs".to_owned() };
    check(broken, false, "The ledger is broken at entry 4: the hash differs. What is held stays held.");
}

/// A variable that nobody fills in shows as `{$name}`, and a message that is missing as its id.
fn assert_no_gaps(text: &str) {
    assert!(!text.contains('{'), "{text}");
    let is_id = |word: &str| {
        ["log-", "watch-", "refusal-", "trouble-", "effect-", "doctor-"].iter().any(|p| word.starts_with(p))
    };
    assert!(!text.split_whitespace().any(is_id), "{text}");
}

#[test]
fn every_refusal_and_effect_is_a_whole_sentence() {
    let (id, path) = ("3fa9c1d2".to_owned(), std::path::PathBuf::from("/home/u/.cursor/mcp.json"));
    let troubles = [
        FileTrouble::Absent,
        FileTrouble::Denied,
        FileTrouble::Unparsable { line: 3, reason: SyntaxReason::Expected { wanted: Wanted::Value, found: Some('}') } },
        FileTrouble::TooLarge,
        FileTrouble::NotRegular,
        FileTrouble::ForeignOwner,
        FileTrouble::OpenFolder,
        FileTrouble::ReadOnly,
        FileTrouble::RouteTaken,
        FileTrouble::Inexact { detail: "an anchor".to_owned() },
        FileTrouble::List,
        FileTrouble::OfOrganisation,
        FileTrouble::OfPlugin,
        FileTrouble::OfExtension,
        FileTrouble::Busy,
        FileTrouble::ChangedSince,
        FileTrouble::Io { detail: "no space left".to_owned() },
    ];
    let mut refusals = vec![
        Refusal::NoSuchConnector { id: id.clone() },
        Refusal::Ambiguous { id: id.clone(), ids: vec!["3fa9c1d2a".to_owned(), "3fa9c1d2b".to_owned()] },
        Refusal::Stale { id: id.clone() },
        Refusal::BlockedByPolicy { id: id.clone() },
        Refusal::NameNotTyped { name: "postmark".to_owned() },
        Refusal::CliApprovalsNever,
        Refusal::NoDesk,
        Refusal::NothingApproved { id: id.clone() },
        Refusal::SecretMissing { id: id.clone(), place: "env.TOKEN".to_owned() },
        Refusal::CannotPin { id: id.clone(), reason: gatehouse_core::pin::CannotPin::NotKnown },
        Refusal::NotPinned { id: id.clone() },
        Refusal::PublisherUnknown { id: id.clone() },
        Refusal::LookUpsOff,
        Refusal::NotUnderDevelopment { id: id.clone() },
        Refusal::NothingToRevoke { id: id.clone() },
        Refusal::NothingToUndo { id: id.clone() },
        Refusal::UndoTooLate { id: id.clone() },
        Refusal::NotHeld { id },
        Refusal::AgeLimitReadOnly { tool: Tool::Bun },
        Refusal::AgeLimitHidden { path: path.clone(), by: "before".to_owned() },
        Refusal::NoAgeLimitToUndo { tool: Tool::Npm },
        Refusal::Ledger { detail: "the disk is full".to_owned() },
    ];
    refusals.extend(troubles.map(|reason| Refusal::File { path: path.clone(), route: None, reason }));
    let kinds = [
        EffectKind::Recorded,
        EffectKind::Released(named("exact")),
        EffectKind::Released(named("by-meaning")),
        EffectKind::Held,
        EffectKind::WrittenBack,
        EffectKind::Pinned { to: "mail@1.0.0".to_owned() },
        EffectKind::Unpinned { to: "mail".to_owned() },
        EffectKind::NotEdited(Refusal::File { path: path.clone(), route: None, reason: FileTrouble::Busy }),
    ];
    for language in Language::ALL {
        with_page(*language, |page| {
            for refusal in &refusals {
                let (_, text) = page.speech().refusal(refusal);
                assert_no_gaps(&text);
                assert!(text.ends_with(['.', ':']), "{text}");
            }
            for kind in &kinds {
                let (client, name) = ("cursor".to_owned(), "postmark".to_owned());
                let effect = Effect {
                    id: named("3fa9c1d2"),
                    client,
                    name,
                    file: path.clone(),
                    method: Method::Cut,
                    kind: kind.clone(),
                };
                let text = page.speech().effect(&effect);
                assert_no_gaps(&text);
                assert!(text.contains("postmark (cursor)"), "{text}");
            }
        });
    }
}

#[test]
fn doctor_has_a_mark_and_a_sentence_for_each_check() {
    let arg = |name, value: &str| (name, value.to_owned());
    let checks = [
        Check { name: "guard", state: CheckState::Note, args: Vec::new() },
        Check { name: "ledger", state: CheckState::Good, args: vec![arg("entries", "1")] },
        Check {
            name: "keyring",
            state: CheckState::Bad,
            args: vec![arg("detail", "it is locked"), arg("why", "doctor-why-key-locked")],
        },
    ];
    assert_snapshot!(with_page(Language::English, |page| inventory::check_up(page, &checks)), @r#"
·  No guard is running: new connectors are not held until one is. Start
   Gatehouse, or run `gatehouse watch`.
✓  The ledger has 1 entry and can be read.
×  The key of the ledger cannot be read: the keyring is locked. Unlock the
   keyring.
"#);
}
