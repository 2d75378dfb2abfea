# The command line. Text in `…` is typed as it stands.

## --help

help-usage = Usage
help-verbs = Commands
help-arguments = Arguments
help-options = Options
help-gatehouse =
    Shows the MCP connectors of this machine, and holds new and changed ones until you decide.

    It edits entries in configuration files. It is not a sandbox: a program that runs as you can go around it, and leaves evidence.
help-exit-codes =
    ID is the first digits of a connector's number, or client/name.

    Exit codes:
       0  done
       1  the command line was not understood
       2  not done, or not read although it was asked for
      10  with --fail-on: the worst finding is low
      11  … medium
      12  … high
      13  … critical
      20  with --fail-on-waiting: a question waits
    2 counts over 20, and 20 over 10 to 13.
help-arg-help = Print help
help-arg-version = Print the version
help-arg-lang = Language of the messages; otherwise the one of the system
help-arg-verbose = Tell on stderr what is being done
help-arg-format = table for people, json for programs
help-arg-id = First digits of the connector's number, or client/name
help-arg-note = A note to keep with the decision

help-scan = List the connectors, of the whole machine or of the files named
help-scan-paths = Files to read instead of the whole machine
help-scan-client = Client that the files belong to, where the path does not tell
help-scan-offline = Open no connection, whatever the settings say
help-scan-fail_on = End with 10 to 13 where a finding is this severe or worse
help-scan-fail_on_waiting = End with 20 where a question waits
help-show = Show everything about one connector, and its history
help-diff = Show what changed in the code behind a connector since it was approved
help-diff-from = Compare with this version instead of the approved one
help-diff-to = Compare this version instead of the one that would run now
help-approve = Let a connector run
help-approve-this_version = Approve this launch and this code (the default)
help-approve-pin = Write the exact version into the entry first: the one that runs, or VERSION (for an image its sha256: digest)
help-approve-updates = Approve updates of this publisher
help-approve-developing = Approve your own code in a folder under development
help-approve-only_here = Only at this entry, not wherever the launch appears
help-approve-typed_name = The connector's name; needed for one that is known to be malicious
help-keep = Decide that a held connector stays held
help-keep-approved = Write the approved launch of a changed connector back
help-hold = Hold a connector that runs now, or confirm one that is held
help-deny = Hold this launch wherever it appears, without asking again
help-remove = Deny it, and delete what was kept of it after 30 days
help-release = Put an entry back without approving it
help-coverage-all = Also each place where nothing is
help-release-all = Put everything back, and only monitor from now on
help-release-malicious_too = With --all: also what is known to be malicious
help-revoke = Take the approval or refusal of a connector back
help-unpin = Write back what stood in the entry before `approve --pin`
help-undo = Undo the decision of the last half minute on a connector (while a guard runs)
help-review = Walk through what nobody has decided on
help-watch = Run the guard in this terminal
help-log = List what was seen, decided and done
help-log-verify = Check that no entry was changed, added or taken out
help-log-network = List every request that was sent to a registry
help-coverage = List every place that could hold connectors, and whether it was read
help-doctor = Look at the health of Gatehouse itself
help-status = Show the mode, the guard and what waits
help-mode = Show or set the mode
help-mode-mode = monitor: record and tell, edit nothing; ask: hold what is new or changed
help-cli-approvals = Show or set who may approve from a terminal
help-cli-approvals-setting = allow: you; desk: every approval becomes a question at the guard; never: nobody
help-look-ups = Show or set whether registries are asked about the packages that connectors run
help-look-ups-setting = on; off, as it is at first; now: ask about all of them at once; token: keep the token for the host of repositories that comes in on standard input; no-token: forget it
help-pause = Hold nothing new for a while
help-pause-duration = As 30m, 2h or 1h30m; 1h where none is given; off ends the pause
help-policy = Show the rules in force and where each comes from, or check a file of settings
help-policy-show = Show every setting, its value and what set it
help-policy-check = Say whether a file would be understood
help-policy-check-file = The file
help-age-limit = Say how young a version npm and uv may run, or set it in your own settings
help-age-limit-tool = Which of the two; without it all are told, bun and pnpm too
help-age-limit-set = Write the limit, 14 days or so many; one line changes
help-age-limit-undo = Take back what was written last, byte for byte
help-folder = Set what is done about connectors in a folder
help-folder-path = The folder; projects below it are found by themselves
help-folder-rule = ask: hold and ask; notify: ask first; ignore; developing: your own code
help-folder-put_back = With notify: what waits for an answer there goes back into its files
help-help = Explain the code of a finding, or a command
help-help-code = A code, as floating-version, or a command
help-completions = Print completions for a shell
help-completions-shell = bash, elvish, fish, powershell or zsh

## A command line that was not understood

usage-missing-value = { $argument } needs a value.
usage-invalid-value = “{ $value }” is no value for { $argument }.
usage-possible = Possible: { $possible }.
usage-unknown-argument = “{ $argument }” is not known here.
usage-unknown-verb = There is no command “{ $verb }”.
usage-conflict = { $argument } cannot stand beside { $other }.
usage-conflict-alone = { $argument } cannot stand beside the rest.
usage-twice = { $argument } stands twice.
usage-missing-argument = This is missing: { $arguments }.
usage-missing-verb = A command is missing.
usage-number-of-values = { $argument } has too few values, or too many.
usage-no-equals = Write { $argument } with an equals sign before its value.
usage-not-text = Something in it is not valid UTF-8.
usage-not-understood = The command line was not understood.
usage-similar = Similar: { $similar }.
usage-duration = A duration looks like 30m, 2h or 1h30m.
usage-duration-above-zero = A duration has to be above zero.
usage-days = Days are a whole number from 1 to 3650.
usage-help = Nothing was done. `{ $command }` tells more.

## Any verb

# $name, $client; $id: the digits that are typed
connector-line = { $name } ({ $client }, { $id })
no-guard = No guard is running: new connectors are not held until one is.
done-recorded = Recorded.
done-release-all = { $count ->
    [0] Nothing was held. The mode is now monitor: nothing is held any more.
    [one] { $count } connector is released. The mode is now monitor: nothing is held any more.
   *[other] { $count } connectors are released. The mode is now monitor: nothing is held any more.
}
done-pause = Nothing new is held until { $until }.
done-pause-off = The pause is over.
asked-at-desk = This became a question at the desk. Nothing was changed.
asked-at-desk-by = This was asked for by { $client }, so it became a question at the desk. Nothing was changed.
mode-monitor-means = records and tells, edits nothing.
mode-ask-means = holds what is new or changed, and asks.
mode-lockdown-means = lets run only what the organisation's policy allows.
cli-approvals-allow-means = approvals from a terminal count. Those that a client asks for become a question at the guard, where somebody sits at it.
cli-approvals-desk-means = approvals from a terminal become a question at the guard: its own terminal or window.
cli-approvals-never-means = nothing is approved, released or loosened from a terminal; only at the guard itself.
look-ups-on-means = Registries are asked about the packages that connectors run, and services about what is known of them: advisories, entries, repositories. Sent are public names and versions, nothing else; each request is in gatehouse log --network.
look-ups-off-means = Nothing is sent to anybody. Whether a newer version waits, who published it and when is not known.
look-ups-kept-off = Your setting is on, but a file of settings keeps look-ups off: gatehouse policy show. Nothing is sent.
look-ups-token-kept = The token is in the secret store of this system. It is shown to { $host } alone, which answers more often with one. gatehouse look-ups no-token forgets it.
look-ups-token-there = A token for { $host } is in the secret store of this system.
look-ups-token-forgotten = The token is no longer in the secret store.
look-ups-token-none = There was no token.
look-ups-asked = The registries are asked. What they say stands in `gatehouse show ID`, each request in `gatehouse log --network`.
requests-none = No request was ever sent.
request-unchanged = unchanged
request-for-versions = versions
request-for-advisories = advisories
request-for-attestations = attestation
request-for-publishers = publisher
request-for-listings = registry of connectors
request-for-signatures = keys of a registry
request-for-repositories = repository
request-for-opinions = second opinion
request-for-domains = domain
request-for-images = image
request-for-archive = archive
policy-none = No file of settings says anything.
policy-value = { $key }: { $value }
policy-from-default = by default
policy-from-decided = set by you
policy-from-organisation = set by your organisation in { $path }
policy-from-named = set by { $name } in { $path }
policy-from-user = set in { $path }
policy-problems = Not counted as meant:
policy-good = { $path } is understood.
folder-ask = connectors there are held until you decide.
folder-notify = connectors there are asked about, and not held before you decide.
folder-ignore = connectors there are ignored.
folder-developing = code there is your own, under development.
progress-files = Reading
progress-verify = Verifying

## Problems

problem-token-at-terminal = A token that is typed would stand on the screen. Nothing was kept. Hand it over on standard input: gh auth token | gatehouse look-ups token
problem-no-token = What came in is no token: one line without spaces is expected. Nothing was kept.
problem-no-repository-host = The setting repositoryService is no address, so there is nobody to show a token to. Nothing was kept. See gatehouse policy show.
problem-no-secret-store = This session has no secret store, and a token is kept nowhere else. Nothing was kept. Start a keyring (GNOME Keyring, KWallet) and try again.
problem-secret-store-closed = The secret store is closed or does not answer. Nothing was changed. Open it and try again.
problem-unknown-client = { $path } belongs to no client that is known. Nothing was changed. Name the client with --client.
problem-no-such-client = There is no client called { $client }. Nothing was changed. `gatehouse coverage` lists them.
problem-ledger = The ledger cannot be read: { $detail }. Nothing was changed, and what is held stays held. `gatehouse doctor` tells more.
problem-newer-ledger = The ledger was written by a newer version of Gatehouse. Nothing was changed. Use that version.
problem-no-answer = The guard does not answer, nothing was changed. End it and start it again.
problem-guard-gone = The guard ended before it answered. Whether it did what was asked is not known: `gatehouse status` tells.
problem-no-answer-pid = The guard does not answer, nothing was changed. End it (process { $pid }) and start it again.
problem-protocol = The guard speaks protocol { $theirs }, this program speaks { $ours }. Nothing was changed. Start the guard again from this version.
problem-busy = Another guard is running. Nothing was changed. End that one first.
problem-busy-pid = Another guard is running ({ $kind }, process { $pid }). Nothing was changed. End that one first.
problem-data-folder = The data folder { $path } cannot be used: { $detail }. No configuration file was changed.
problem-watcher = Files cannot be watched: { $detail }. No configuration file was changed.
problem-guard-ended = The guard ended by itself. What is held stays held. `gatehouse doctor` tells more.
problem-signals = The end of the program cannot be prepared: { $detail }. Nothing was changed.
problem-no-such-code = There is no code and no command called { $name }. Codes stand beside the findings in `gatehouse show`.

## A file that cannot be parsed

syntax-heading = { $path } cannot be parsed
syntax-plain = { $path }:{ $line }:{ $column }: { $reason }
syntax-help = The file was not changed, and its connectors are not shown. Mend the line; values are shown as asterisks.

## scan, show, status, coverage

scan-findings = { $count ->
    [one] { $count } finding, { $severity }
   *[other] { $count } findings, the worst { $severity }
}
scan-switched-off = switched off in { $client }
# Heads those that start the same thing in several files
scan-several-places = In several places
scan-none = No connectors in { $files ->
    [one] { $files } file.
   *[other] { $files } files.
}
scan-connectors = { $count ->
    [one] { $count } connector
   *[other] { $count } connectors
}
scan-settings = Settings that let a client act without asking:
scan-sum = { $connectors } in { $files ->
    [one] { $files } file.
   *[other] { $files } files.
}
scan-waiting = { $count ->
    [one] { $count } connector waits for your decision: `gatehouse review`.
   *[other] { $count } connectors wait for your decision: `gatehouse review`.
}
scan-unread = { $count ->
    [one] { $count } place was not read: `gatehouse coverage`.
   *[other] { $count } places were not read: `gatehouse coverage`.
}
scan-not-run = Not checked: { $code } ({ $reason }), for { $count ->
    [one] { $count } connector.
   *[other] { $count } connectors.
}
card-code = Code
card-code-diff = What changed in it: gatehouse diff { $id }
diff-title = { $name } ({ $client })
diff-old = Before
diff-new = Now
diff-version-unknown = no version told
diff-passages = Lines, the risky ones first
diff-left-out = { $count ->
    [one] One more passage is not shown.
   *[other] { $count } more passages are not shown.
}
diff-unreadable = Compared by what they say and can do alone, because no person wrote their lines: { $files }
diff-more = and { $count } more
show-history = History
status-mode = Mode
status-pause = Pause
status-paused-until = Nothing new is held until { $until }.
status-guard = Guard
status-guard-running = running ({ $kind })
status-guard-none = none is running: new connectors are not held until one is.
status-ledger = Ledger
status-ledger-unverified = { $state }; approvals are in force, unverified
status-connectors = Connectors
status-waiting = Waiting
status-gaps = Coverage
status-none = none
coverage-head-client = Client
coverage-head-state = State
coverage-head-count = Entries
coverage-head-path = Place
coverage-held = (+{ $count } held)
# $count: places without a file; $clients: the clients that they belong to
coverage-nothing = { $count ->
    [one] Nothing is there for { $clients } (1 place; a running guard sees what appears there). `gatehouse coverage --all` lists it.
   *[other] Nothing is at { $count } places of { $clients }. A running guard sees what appears there. `gatehouse coverage --all` lists them.
}
coverage-sum = { $read } read, { $absent } absent, { $gaps } not read.

## Cards

card-new = { $name } was added to { $client }
card-changed = The launch of { $name } in { $client } changed
card-artefact = New code in { $name }, same configuration ({ $client })
card-unreviewed = { $name } in { $client } runs, and nobody reviewed it
card-nothing = (not set)
card-was = was
card-now = now
card-where = Where
card-line = , line { $line }
card-project = In { $project }
card-readers = Also read by { $readers }
card-can = What it can do
card-runs = What runs
card-provenance = Provenance
card-findings = Findings
card-passed = { $count ->
    [one] Nothing found by { $count } check.
   *[other] Nothing found by { $count } checks.
}
card-not-run = Not checked: { $code } ({ $reason }).
card-no-check = No check was run.
card-if-held = If held
card-without = Without { $name }, everything in { $client } is as before.
card-not-held = { $name } runs in { $client } as it stands. Holding it takes it out of the client's reach; every byte is kept.
card-previous = Previous
card-previous-since = Held since before this launch took its place, { $since }.
card-previous-approved = It is approved: `gatehouse keep-approved { $id }` puts it back in place of this one.
card-previous-kept = Every byte is kept: rename or remove this entry in the file, then `gatehouse release { $id }` puts that one back.
card-under-git = Under git
# $folder: the project, as a shell reads it
card-folder-offer = git tracks { $file }, so that a held entry shows as a change there. To be asked only in this project, with what waits put back: `gatehouse folder { $folder } notify --put-back`
card-question = Question
card-question-since = waits for your decision, asked { $since }
card-approval = Approval
card-approved = { $kind }, { $reach }, given { $by }, { $at }
card-unverified = Unverified: without the key of the ledger it cannot be proven who wrote this. It stays in force.
card-fingerprint = Fingerprint
card-integrity = Integrity
approval-exact = this launch and this code
approval-continuity = updates of this publisher
approval-development = your own code under development
approval-everywhere = wherever it appears
approval-here = only at this entry

## Answers. The letter in brackets is typed.

ask-held = [k]eep held (Enter) · [a]pprove · [o]nly here · [d]eny · [r]emove · re[l]ease · [s]how · [n] later:
ask-held-with-approved = [K] keep the approved one (Enter) · [k]eep held · [a]pprove · [o]nly here · [d]eny · [r]emove · re[l]ease · [s]how · [n] later:
ask-running = [n] later (Enter) · [a]pprove · [o]nly here · [h]old · [d]eny · [r]emove · [s]how:
ask-which = Which one, 1 to { $count }? [n] later:
ask-list = { $count } connectors wait for your decision:
ask-more-wait = { $count } wait for your decision.
ask-changed-meanwhile = It changed while it was shown. This is how it stands now:
ask-look-again = The card has just changed. Look at it, then answer again.
ask-later = Later. Nothing was decided; `gatehouse review` asks again.
ask-nobody = Nobody is at the terminal. What waits stays waiting.
ask-name = { $name } is known to be malicious. To approve it all the same, type its name:
ask-name-differs = That is another name. Nothing was changed.

## review

review-none = Nothing to review: every connector is decided on.
review-count = { $count ->
    [one] { $count } connector to review:
   *[other] { $count } connectors to review:
}
review-command = Decide: `gatehouse approve { $id }` or `gatehouse keep { $id }`; `gatehouse show { $id }` tells more.
review-command-running = Decide: `gatehouse approve { $id }` or `gatehouse hold { $id }`; `gatehouse show { $id }` tells more.
review-progress = { $count } of { $total }
review-end = The review ends here.

## watch

watch-guarding = { $count ->
    [one] Guarding { $count } file
   *[other] Guarding { $count } files
}
watch-held = Held: { $connector }, out of { $file }.
watch-held-list = Held: { $connector } stands in { $file } as before, and is on its client's own list of what it must not start.
watch-held-switch = Held: { $connector }, switched off in { $file }.
watch-asked-new = New: { $connector } runs { $runs } · { $state }.
watch-asked-changed = Changed: { $connector } runs { $runs } · { $state }.
watch-asked-artefact = New code: { $connector } runs { $runs } · { $state }.
watch-is-held = held
watch-is-not-held = not held
watch-asked-by = Asked by { $client }: { $request }.
request-approve = approve
request-release = release
watch-asked-elsewhere = Asked in another terminal: { $request }.
watch-settled = Settled: { $connector }.
watch-doubted = In doubt: { $connector }. { $message }
watch-allowed = Let through: { $connector }. { $why }
watch-released-exact = Released: { $connector } is back in { $file }, byte for byte.
watch-released-by-meaning = Released: { $connector } is back in { $file }, at a place found by its neighbours.
watch-released-list = Released: { $connector } is off its client's list of what it must not start; { $file } is as it was.
watch-released-switch = Released: { $connector } is switched on again in { $file }.
watch-decided = Decided: { $connector } · { $answer }, { $by }.
# $folder: the project, as a shell reads it
watch-folder-offered = git tracks { $file }, so that a held entry shows as a change there. To be asked only in this project, with { $connector } put back: `gatehouse folder { $folder } notify --put-back`
watch-values-changed = Values changed: { $connector } ({ $places }).
watch-not-edited = Not edited: { $file }, for { $connector }. { $trouble }
watch-contested = Contested: { $client } has written { $connector } back { $count ->
    [one] { $count } time.
   *[other] { $count } times.
} It is held again each time.
watch-setting-opened = Opened in { $file }:{ $line }: { $message }
watch-policy-changed = The files of settings changed.
watch-unreadable = Not read: { $path }. { $trouble }
watch-mode = Mode: { $mode }.
watch-paused = Paused until { $until }: nothing new is held.
watch-pause-ended = The pause is over: what came meanwhile counts as new.
watch-show-desk = The window comes up.
watch-looked-up = { $unknown ->
    [0] { $count ->
        [one] The registry was asked about one package.
       *[other] Registries were asked about { $count } packages.
    }
   *[other] Registries were asked about { $count } packages; of { $unknown } nothing could be learnt.
}
watch-looked-up-others = { $count ->
    [one] Services were asked about one image, repository or host.
   *[other] Services were asked about { $count } images, repositories or hosts.
}
watch-requested = { $client } asked for `{ $request }`. Nothing was changed. Do it yourself, if you want it.
watch-requested-elsewhere = In another terminal somebody asked for `{ $request }`. Nothing was changed.
watch-ledger = Ledger: { $what }
watch-ledger-detail = Ledger: { $what } ({ $detail })
watch-ledger-lost = It was lost, and is started anew: nothing in force was cut, and every connector is unreviewed again.
watch-ledger-locked = Its key has been locked for ten minutes. Approvals stay in force, unverified. Open the keyring.
watch-ledger-missing = Its key has been missing for ten minutes. Approvals stay in force, unverified.
watch-ledger-unwritable = It cannot be written, so nothing is held or released until it can.
watch-ledger-altered = Something that belongs to it was changed or is gone. Look at `gatehouse log` for what you do not recognise.

## log

log-empty = The ledger has no entries.
log-unsealed = These entries are not sealed with the key.
log-started = Gatehouse { $version } began to write ({ $kind }).
log-stopped = It stopped.
log-baseline = { $count ->
    [one] First run: { $count } connector was there, unreviewed.
   *[other] First run: { $count } connectors were there, unreviewed.
}
log-ledger-lost = The ledger was lost and is started anew ({ $witnesses }; { $detail }).
log-appeared = { $connector } appeared.
log-changed = { $connector } changed: { $facets }.
log-values-changed = { $connector }: values changed at { $places }.
log-vanished = { $connector } is gone from its file.
log-in-force = { $connector } is in force as it is now.
log-asked = { $connector }: asked.
log-settled = { $connector }: the question ended by itself.
log-decided = { $connector }: { $answer }, { $by }.
log-undone = { $connector }: the last decision is undone, { $by }.
log-revoked = { $connector }: the decision is taken back, { $by }.
log-used = The approval of entry { $number } was used.
log-hold-intended = { $connector } is about to be held.
log-held = { $connector } is held.
log-rebuilt = { $connector } is still held; its bytes were found in the hold store.
log-no-exchange = The file system of { $folder } cannot exchange two files in one step; a plain rename was used.
log-hold-dropped = { $connector } was not held: { $reason }.
log-release-intended = { $connector } is about to be released.
log-released-exact = { $connector } is released, byte for byte.
log-released-by-meaning = { $connector } is released, at a place found by its neighbours.
log-release-dropped = { $connector } was not released: { $reason }.
log-stash-deleted = { $connector }: the kept bytes are deleted.
log-pinned = { $connector }: { $old } is now { $new } in the entry.
log-unpinned = { $connector }: the entry names its package as before the pin.
log-amended = { $connector }: the entry is edited.
log-contested = { $connector } was written back by its client { $count ->
    [one] { $count } time.
   *[other] { $count } times.
}
log-mode-set = The mode is { $mode }, { $by }.
log-paused = A pause until { $until }, { $by }.
log-pause-ended = The pause is over, { $by }.
log-cli-approvals-set = Approvals from a terminal: { $setting }, { $by }.
log-look-ups-set = Look-ups: { $setting }, { $by }.
log-polled = { $count ->
    [0] Every file is watched again.
    [one] The system has no more watches: { $count } file is looked at every two seconds.
   *[other] The system has no more watches: { $count } files are looked at every two seconds.
}
log-policy-changed = The files of settings say: mode { $mode }, { $denied } denied, { $allowed } allowed, { $problems } not understood.
log-folder-set = { $folder }: { $rule }, { $by }.
log-folder-offered = git tracks files of { $folder }: it was offered to be asked only there.
log-client-path-set = { $client } is at { $path }, { $by }.
log-age-limit-set = An age limit of { $days } days for { $tool } is to be written into { $file } ({ $by }).
log-age-limit-undone = The age limit of { $days } days for { $tool } is to be taken out of { $file } ({ $by }).
log-age-limit-written = The settings of { $tool } were edited.
log-age-limit-dropped = The settings of { $tool } were not edited: { $reason }.
log-key-state = The key of the ledger: { $state }.
log-by-client = { $channel }, below { $client }
verify-no-ledger = There is no ledger yet.
verify-sound = { $count ->
    [one] { $count } entry, { $sealed } sealed. The chain is whole.
   *[other] { $count } entries, { $sealed } sealed. The chain is whole.
}
verify-unsealed = { $count ->
    [one] { $count } entry is not sealed: { $key }.
   *[other] { $count } entries are not sealed: { $key }.
}
verify-broken = The ledger is broken at entry { $number }: { $what }. What is held stays held.
