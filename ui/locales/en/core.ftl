# What the window and the command line both say. Names of others are never translated.

## Where a connector stands

status-unreviewed = unreviewed
status-new = new
status-changed = changed
status-approved = approved
status-held = held
status-released = released
status-denied = denied
status-blocked = blocked
status-allowed-by-policy = allowed by policy
status-unmanaged = unmanaged

## The reason of a verdict

why-managed-deny = The organisation's policy denies this launch.
why-known-malicious = A public record names this code as malicious.
why-user-denied = You denied this launch.
why-kept-held = You decided to keep exactly this launch held.
why-lockdown-not-allowed = Only what the organisation's policy allows runs, and this launch is not on its list.
why-managed-allow = The organisation's policy allows this launch.
why-approved-exact = You approved exactly this launch and this code.
why-provenance-lost = An attestation, signature or publisher that was there before is gone.
why-approved-continuity = You approved updates of this publisher.
why-approved-development = It is your own code in a folder under development.
why-fingerprint-changed = The launch is not the one that was in force before.
why-artefact-changed = The launch is the same, the code behind it is not.
why-released = You released it without an approval.
why-unreviewed = It was let through before anybody looked at it.
why-new = It was never seen before.

## Modes, scopes, channels

mode-monitor = monitor
mode-ask = ask
mode-lockdown = lockdown
scope-user = for your user
scope-project = for a project
scope-local = for you in one project
scope-managed = set by the organisation
scope-plugin = from a plugin
scope-extension = from an extension
scope-profile = for a profile
channel-desk = at the desk
channel-automation = in a window that a program drives
channel-terminal = in a terminal
channel-policy = by policy
ledger-keyed = sealed with the key
ledger-locked = the keyring is locked
ledger-missing = the key is missing
ledger-none = without a key
ledger-broken = broken

## Parts of a launch, as they change. $name is the name of a variable, header or member.

facet-transport = transport
facet-command = command
facet-args = arguments
facet-url = address
facet-cwd = working folder
facet-env = variable { $name }
facet-headers = header { $name }
facet-extra = member { $name }
facet-resolved = resolved { $name }
facet-trust = trust flag { $name }
facet-code = code

## Findings

severity-low = low
severity-medium = medium
severity-high = high
severity-critical = critical
# $client: the client
# $setting: where the setting stands
# $value: the setting itself
finding-approves-project-servers = { $client } starts connectors that a project brings along without asking: { $setting }.
finding-approves-project-servers-help = Remove the setting, and let the client ask about each connector.
finding-asks-no-one = { $client } uses tools and runs commands without asking: { $setting } is { $value }.
finding-asks-no-one-help = Remove the setting, unless this machine is one that may be lost.
finding-auto-approved-tools = { $client } uses these tools without asking: { $setting } is { $value }.
finding-auto-approved-tools-help = Keep only tools in the list that can neither send nor change anything.
# $count: so many entries, this one among them
finding-burst = { $count } entries came within one minute.
finding-burst-help = Was it you, or a program that you started? Look at all of them before you approve one.
finding-credentials-in-url = The address contains credentials.
finding-credentials-in-url-help = Move them into a header or a variable, and renew them: an address ends up in logs.
# $name: the variable
finding-dangerous-env = The variable { $name } loads or redirects code.
finding-dangerous-env-help = Remove the variable, unless you set it yourself and know which code it loads.
# $package: the package, image or repository
finding-floating-version = { $package } is not pinned to a version: its code can change while the entry stays the same.
finding-floating-version-help = Name an exact version, or approve with --pin.
# $file: the script or program
finding-fresh-local-file = { $file } lies in a hidden folder and was made minutes before this entry.
finding-fresh-local-file-help = Read the file before you approve. If you do not know who put it there, remove both.
# $place: where in the entry
finding-hidden-text = There are characters in { $place ->
    [name] the name
    [command] the command
    [url] the address
   *[other] { $place }
} that are not seen.
finding-hidden-text-help = Compare the text with its source, and write it anew without them.
# $client: the client
# $value: the command
finding-hook-command = { $client } runs a command that stands in these settings, { $value }.
finding-hook-command-help = Read the command. Who can change this file can run whatever they like as you.
# $package: the package
# $package: the package, $how: whether the approved version had one too
finding-install-script = { $how ->
    [new] { $package } runs a script when it is installed, which the approved version did not.
   *[has] { $package } runs a script when it is installed.
}
finding-install-script-help = Read the script before you approve; gatehouse diff shows what an update adds. Harmless updates hardly ever add one.
# $program: the interpreter and its flag, as `sh -c`
finding-interpreter-eval = { $program } runs program text from the entry itself.
finding-interpreter-eval-help = Read the text to its end, or put it into a script of your own and start that.
# $host: the number of the machine
finding-ip-literal-host = The address names the machine { $host } by its number.
finding-ip-literal-host-help = Ask whoever gave you the address for one with a name: a number belongs to whoever has it today.
# $package: the package, $advisory: the advisory or who found it, $reach: whether the version that runs is meant
finding-known-malicious = { $reach ->
    [hit] { $package } is known to do harm ({ $advisory }).
   *[perhaps] A version of { $package } is known to do harm ({ $advisory }); which one runs here, or which does, is not told.
}
finding-known-malicious-help = Do not start it. Where it ran already, renew every key that it could read, and look for what it left behind.
finding-known-vulnerable = { $package } has { $count ->
    [one] a publicly known fault
   *[other] { $count } publicly known faults
} in the version that runs: { $ids }.
finding-known-vulnerable-help = Update to a version without it, and approve that one. Each id names a record that says which versions have the fault.
# $program: what runs, $package: what the launch names
finding-local-bin-shadows-package = { $started ->
    [there] Where the client is used in that project, { $program } runs in place of the package { $package }.
   *[here] { $program } runs in place of the package { $package }.
}
finding-local-bin-shadows-package-help = If you do not want the local one, name a version in the launch or remove the file.
# $host: the host as it is called, $seen: as it is shown, $like: the host that it may be taken for
finding-lookalike-host = { $seen ->
    [none] { $host }
   *[other] { $seen } ({ $host })
} { $like ->
    [none] mixes letters of several scripts.
   *[other] may be taken for { $like }.
}
finding-lookalike-host-help = Type the address anew from the vendor's own pages, and compare letter by letter.
# $package: the package, $like: the known one, $how: in what way they are alike
finding-name-squat = { $how ->
    [given-up] { $package } is a name that its owner gave up, and anybody may take it.
   *[other] { $package } may be taken for { $like }: { $how ->
        [look-alike] its letters look alike.
        [one-edit] they are one letter apart.
        [marks] only the marks between the words differ.
        [order] the same words stand in another order.
        [decorated] it has a word around it.
        [scope-dropped] the scope is missing.
        [scope-alike] the scopes are nearly the same.
        [same-leaf] it has the same name under another scope.
        [repository] a repository has that name, and none of its owner's packages.
        [republished] it seems to be that project, published by somebody else.
       *[other] the names are alike.
    }
}
finding-name-squat-help = Is it the one you meant? Copy the name from the maker's own page.
# $file: the program, $place: what kind of place it lies in
finding-odd-location = { $file } lies { $place ->
    [temporary] among temporary files.
    [downloads] among downloads.
   *[hidden] in a hidden folder that belongs to no known tool.
}
finding-odd-location-help = Move it to where you keep programs, if you know what it is; remove the entry if you do not.
finding-package-missing = { $how ->
    [placeholder] The registry took { $package } down and keeps its name.
    [quarantined] The registry lets nobody have { $package } while it looks whether it does harm.
   *[not-there] The registry has no package { $package }.
}
finding-package-missing-help = Do not start it: packages that did harm end like this, and whoever takes a free name decides what runs. Look for the right name at whoever makes it.
# $host: the host of the address
finding-plain-http = The connection to { $host } is not encrypted.
finding-plain-http-help = Use an address that begins with https.
# $name: the variable, header or argument, $issuer: whose key it is, $reference: how the client names a variable
finding-plaintext-secret = { $issuer ->
    [none] { $name ->
        [none] An argument seems to hold a secret in plain text.
       *[other] { $name } seems to hold a secret in plain text.
    }
   *[other] { $name ->
        [none] An argument holds a key for { $issuer } in plain text.
       *[other] { $name } holds a key for { $issuer } in plain text.
    }
}
finding-plaintext-secret-help = { $reference ->
    [none] Keep it out of the file: in a variable of your environment, or in your keyring.
   *[other] Set a variable in your environment, and write { $reference } in its place.
}
finding-provenance-lost = { $package } has no attestation of where it was built any more, and the version before had one.
finding-provenance-lost-help = Do not approve it before its makers have said why: whoever stole an account can publish, but not attest.
finding-publisher-changed = { $what ->
    [builder] { $package } is built by { $now } now; the version before was by { $then }.
    [maintainers] Others may publish { $package } now: { $now }. At the version before: { $then }.
   *[publisher] { $package } is published by { $now } now; the version before was by { $then }.
}
finding-publisher-changed-help = Look whether the project says so itself: people hand projects on, and accounts are stolen.
finding-publisher-domain = { $how ->
    [expired] The registration of { $domain } has run out.
    [young] { $domain } was registered less than a month ago.
   *[unclaimed] Nobody has the domain { $domain }.
}
finding-publisher-domain-help = Whoever registers it gets the mail that goes there, and with it perhaps the account that publishes. Ask the maker before you go on. SPF and DKIM say who may send mail in a domain's name; mail that a connector sends through your own account passes both.
finding-registry-backlink-mismatch = { $package } says that it is { $entry } of the registry of connectors. That entry names: { $packages }.
finding-registry-backlink-mismatch-help = Use the package that the entry names, if that is what you want. A copy takes over what the original says of itself.
# $client: the client
# $setting: where the setting stands
finding-redirected-client = What { $client } sends and receives may go elsewhere: { $setting }.
finding-redirected-client-help = Remove it, unless you know whose address or program it is: your keys go there, too.
# $key: the repeated key
finding-repeated-key = The key { $key } stands more than once; clients differ on which one counts.
finding-repeated-key-help = Keep one of them and delete the others.

finding-repository-changed = { $package } names { $now } as its repository now; the version before named { $then }.
finding-repository-changed-help = Look whether the old repository points to the new one.
# $clients: names of clients
finding-same-entry-elsewhere = The same entry came into { $clients } within the same minute.
finding-same-entry-elsewhere-help = An installer of yours may have done it. If you did not start one, keep all of them held.
# $name: the entry's name, $clients: names of clients
finding-same-name-other-launch = The name { $name } stands for something else in { $clients }.
finding-same-name-other-launch-help = Compare the two. Approve by what runs, not by the name.
# $package: the package, $vendor: the vendor that is named, $publisher: what is told of who published it
finding-vendor-claim-unproven = { $vendor ->
    [none] { $package } calls itself official, of nobody who is known.
   *[other] { $package } carries the name of { $vendor }, and { $publisher ->
        [alike] the account that published it is called like it, which proves nothing: whoever comes first can have such a name.
        [other] somebody else published it.
       *[not-told] nothing shows that it comes from there.
    }
}
finding-vendor-claim-unproven-help = Look on the vendor's own pages whether they publish it. Many good connectors are made by others; then it is them you trust.
finding-version-burst = { $count } versions of { $package } came within two days.
finding-version-burst-help = Look at what changed before you approve it. Machines that publish by themselves do this too.
finding-very-new = { $days ->
    [0] { $package } was first published today.
    [one] { $package } was first published a day ago.
   *[other] { $package } was first published { $days } days ago.
}
finding-very-new-help = Ask whoever gave you the name. Packages that do harm are mostly found within two weeks.
# $place: a file or folder
finding-world-writable = Every user of this computer may write { $place }, and so decide what runs.
finding-world-writable-help = Take the right to write away from others, or move the code to a folder of your own.

## Holds

hold-in-force = held
hold-pending = about to be held
hold-refused = cannot be held
hold-contested = held, and written back by { $client }
method-cut = The entry is taken out of the file; every byte of it is kept.
method-switch = The entry is switched off by the client's own switch.
method-list = The launch is on the client's own list of what it must not start.
method-none = It is only watched; Gatehouse cannot hold it in this place.
takes-effect-now = { $client } reads the file again by itself.
takes-effect-on-restart = It takes effect when { $client } restarts. Restart { $client } if it is running.
takes-effect-unknown = { $client } may be running with it. Restart { $client } to be certain.

## What became of a connector

effect-recorded = Recorded for { $name } ({ $client }). The file was right already.
effect-released-exact = { $name } ({ $client }) is back in { $file }, byte for byte.
effect-released-by-meaning = { $name } ({ $client }) is back in { $file }, at a place found by its neighbours because the file had changed.
effect-held = { $name } ({ $client }) is held, out of { $file }.
effect-pinned = { $name } ({ $client }) is approved and pinned: { $file } says { $to } now. `gatehouse unpin` writes back what it said.
effect-unpinned = { $name } ({ $client }) is not pinned any more: { $file } says { $to } as before.
effect-held-list = { $name } ({ $client }) is held: it is on the client's own list of what it must not start, and { $file } is as it was.
effect-released-list = { $name } ({ $client }) is off the client's list of what it must not start; { $file } is as it was.
effect-held-switch = { $name } ({ $client }) is held: switched off in { $file }.
effect-released-switch = { $name } ({ $client }) is switched on again in { $file }.
effect-written-back = The approved launch of { $name } ({ $client }) is written back to { $file }.
# $id: the digits that are typed
effect-stays-held = { $name } ({ $client }) stays held, out of { $file }, until you decide: `gatehouse release { $id }` puts it back, `gatehouse show { $id }` tells more.
# $id: the digits that are typed
effect-stays-held-list = { $name } ({ $client }) stays held by the client's own list until you decide: `gatehouse release { $id }` takes it off the list, `gatehouse show { $id }` tells more.
effect-stays-held-switch = { $name } ({ $client }) stays held, switched off in { $file }, until you decide: `gatehouse release { $id }` switches it on, `gatehouse show { $id }` tells more.
effect-not-edited = The decision on { $name } ({ $client }) is recorded. { $reason }

## Answers

answer-approve = approved
answer-keep-approved = kept as approved
answer-keep-held = kept held
answer-deny = denied
answer-release = released
answer-remove = removed
answer-revoke = taken back
answer-undo = undone

## Why something was not done

refusal-no-such-connector = No connector is called { $id }. `gatehouse scan` lists them.
refusal-ambiguous = { $id } names more than one connector: { $ids }. Use more digits.
refusal-stale = The entry of { $id } changed after it was shown. Nothing was changed. Look at it again with `gatehouse show { $id }`.
refusal-blocked-by-policy = The organisation's policy blocks { $id }. Nothing was changed. Ask whoever administers this computer.
refusal-name-not-typed = { $name } is known to be malicious. Nothing was changed. To approve it all the same, type its name.
refusal-cli-approvals-never = Approvals from a terminal are switched off. Nothing was changed. Decide at the desk.
refusal-no-desk = Approvals from a terminal are decided at the desk, and no desk is running. Nothing was changed. Start Gatehouse, then ask again.
refusal-nothing-approved = Nothing is approved for { $id } that it could go back to. Nothing was changed.
refusal-secret-missing = The approved entry of { $id } has a secret value at { $place } that the present entry lacks. Nothing was changed. Add the value, then ask again.
refusal-cannot-pin =
    { $reason ->
        [no-package] { $id } runs no package with versions, so there is nothing to pin.
        [exact] { $id } names an exact version already.
        [no-version] That is no exact version for { $id }. Give one as --pin=1.2.3, for an image as --pin=sha256:…
        [not-known] Which version of { $id } runs is not known here. Give it as --pin=VERSION, or approve this version instead.
       *[unclear] Where the entry of { $id } names its package cannot be told for certain. Write the version into it yourself, or approve it as it is.
    } Nothing was changed.
refusal-not-pinned = { $id } was not pinned by Gatehouse, or its entry was changed since. Nothing was changed.
refusal-publisher-unknown = The publisher of { $id } is not known, so its updates cannot be approved. Nothing was changed. Approve this version instead.
refusal-look-ups-off = Look-ups are off, so nobody was asked. Nothing was changed. Turn them on with gatehouse look-ups on.
refusal-not-under-development = The code of { $id } is in no folder under development. Nothing was changed. Name the folder with `gatehouse folder PATH developing`.
refusal-nothing-to-revoke = Nothing is decided about { $id }. Nothing was changed.
refusal-nothing-to-undo = No decision on { $id } of the last half minute can be undone. Nothing was changed. `gatehouse revoke { $id }` takes an older one back.
refusal-undo-too-late = The decision on { $id } is more than half a minute old. Nothing was changed. `gatehouse revoke { $id }` takes it back.
refusal-not-held = { $id } is not held. Nothing was changed.
# $newer: the command line or address of what stands there now
refusal-place-taken = What is held of { $id } is older: `{ $newer }` stands in its place and runs. Nothing was changed. Rename or remove that entry in the file, then release again.
refusal-place-taken-approved = What is held of { $id } is older: `{ $newer }` stands in its place and runs. Nothing was changed. `gatehouse keep-approved { $id }` puts the older one back in place of it.
refusal-age-limit-read-only = Gatehouse only reads the age limit of { $tool }. Nothing was changed.
refusal-age-limit-hidden = In { $path }, { $by } is set too and comes first, so that an age limit would do nothing. Nothing was changed.
refusal-no-age-limit-to-undo = Gatehouse has written no age limit for { $tool } that it could take back. Nothing was changed.
refusal-no-window = This guard has no window: it runs in a terminal. Nothing was changed.
refusal-file = { $path } was not edited. { $reason }
refusal-ledger = The ledger cannot be written: { $detail }. No configuration file was changed. `gatehouse doctor` tells more.

## What stands in the way of a file. Each is one sentence or two, and says what to do where something can be done.

trouble-absent = The file is gone.
trouble-denied = The file may not be read. Give your user the right to read it.
trouble-unparsable = The file cannot be parsed at line { $line }: { $reason }. Mend the line; Gatehouse looks again by itself.
trouble-too-large = The file is too large to be read.
trouble-not-regular = It is not a regular file.
trouble-foreign-owner = The file belongs to somebody else, so it is only watched.
trouble-open-folder = Others may write its folder, so it is only watched. Take that right away from them.
trouble-read-only = The file may not be written. Give your user the right to write it.
trouble-hard-linked = The file has other names (hard links), which an edit would part from it, so it is only watched.
trouble-route-taken = Another entry stands in its place. Rename or remove that one first.
trouble-inexact = The text cannot be edited exactly: { $detail }.
trouble-list = Files of this kind are read and never edited, so it is only watched: switch the entry off in its client, or take it out by hand.
trouble-of-organisation = The organisation set it up for this machine, so it is only watched: ask whoever looks after the machine to take it out.
trouble-of-plugin = A plugin brought it along and would bring it again, so it is only watched: switch the plugin off in the client, or remove it there.
trouble-of-extension = An extension brought it along and would bring it again, so it is only watched: switch the extension off in the client, or remove it there.
trouble-changed-since = The file was changed since Gatehouse wrote into it. Take the line out by hand.
trouble-busy = Other programs keep writing the file. Close them, then ask again.
trouble-io = The system says: { $detail }.

## Why a text cannot be read. $found: one character of it

syntax-not-utf8 = the text is not valid UTF-8
syntax-too-deep = nested deeper than { $count } levels
syntax-ended = the text ends before the value is complete
syntax-comment-not-closed = a comment is not closed
syntax-string-not-closed = a string is not closed
syntax-line-break-in-string = there is a line break inside a string
syntax-control-in-string = there is a control character inside a string
syntax-short-escape = a \u escape lacks its four hexadecimal digits
syntax-unknown-escape = there is an unknown escape in a string
syntax-wants-value = a value is missing; there is “{ $found }”
syntax-wants-value-or-comment = a value or a comment is missing; there is “{ $found }”
syntax-wants-key = a key in double quotes is missing; there is “{ $found }”
syntax-wants-colon = the colon after the key is missing; there is “{ $found }”
syntax-wants-comma-or-brace = a comma or a closing brace is missing; there is “{ $found }”
syntax-wants-comma-or-bracket = a comma or a closing bracket is missing; there is “{ $found }”
syntax-wants-end = the text should end; there is “{ $found }”
syntax-wants-end-of-value = the value should end; there is “{ $found }”
syntax-wants-end-of-number = the number should end; there is “{ $found }”
syntax-wants-digit = a digit is missing; there is “{ $found }”
syntax-unsupported = this way of writing is not supported
# $detail: the parser's own words, English
syntax-toml = it is not TOML (“{ $detail }”)
syntax-yaml = it is not YAML (“{ $detail }”)
syntax-several-documents = it holds several YAML documents, and clients read one

## Coverage: the state of a place, in a word, and why in a sentence

coverage-read = read
coverage-absent = absent
coverage-denied = denied
coverage-unparsable = unparsable
coverage-unsupported = unsupported
coverage-too-large = too large
coverage-not-regular = not a file
coverage-polling = polled
coverage-denied-why = The file may not be read.
# $line: where, $reason: the parser's reason in English
coverage-unparsable-why = Line { $line }: { $reason }
coverage-only-watched = Read and watched, and never edited: what is new in it is asked about, and runs until it is switched off in its client or taken out by hand.
coverage-unread-gateway = The servers that a gateway starts behind one connector of its own: they are neither seen nor held one by one. Review them in the gateway.
coverage-unread-database = Its connectors stand in a database of the program: they are neither seen nor held. Review them in the program's own settings, and switch off there what you do not know.
coverage-unread-account = Its connectors belong to an account and run elsewhere: they are neither seen nor held. Review them in the settings of the account.
coverage-unread-system = The system keeps this list itself: its connectors are neither seen nor held. `odr.exe list` shows them, and the system's settings switch them off.
coverage-unread-other-system = A Linux system within this one: looking into it would start it, so its connectors are neither seen nor held. Run Gatehouse inside it.
coverage-unread-list = Its connectors stand in a list, which this version does not read: they are neither seen nor held. Review the file by hand.
coverage-unread-script = A script that can add connectors when it runs: they are neither seen nor held. Review it by hand.
coverage-unread-extension = An extension that can bring connectors along: they are neither seen nor held. Review it in the client.
coverage-unread-other-file = A further file of connectors that this version does not read: they are neither seen nor held. Review it by hand.
coverage-unsupported-why = This place is not read by this version.
coverage-too-large-why = The file is larger than what is read.
coverage-not-regular-why = It is not a regular file.
coverage-polling-why = Changes are not told by the system here; the file is looked at every two seconds.
coverage-folder-why = None of the other places where a client would read connectors is in this folder.
coverage-every-client = every client

## Time

ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

## The health of Gatehouse itself. $detail is the system's own word, where there is one.

# $kind: tray or watch; $pid
doctor-guard-good = A guard is running ({ $kind }, process { $pid }).
doctor-guard-note = No guard is running: new connectors are not held until one is. Start Gatehouse, or run `gatehouse watch`.
doctor-guard-bad = A guard holds the lock and does not answer (process { $pid }). End it and start it again.
# $path
doctor-data-folder-good = The data folder { $path } belongs to you alone.
doctor-data-folder-note = There is no data folder yet. It is made by the first guard.
doctor-data-folder-bad = The data folder { $path } cannot be used: { $detail }.
# $entries
doctor-ledger-good = { $entries ->
    [one] The ledger has { $entries } entry and can be read.
   *[other] The ledger has { $entries } entries and can be read.
}
doctor-ledger-note = There is no ledger yet. It is made by the first guard.
doctor-ledger-bad = The ledger cannot be read: { $detail }. What is held stays held.
doctor-keyring-good = The keyring gives the key of the ledger.
doctor-keyring-note = The ledger has no key: { $detail }. Its entries are chained, and not sealed.
doctor-keyring-bad = The key of the ledger cannot be read: { $detail }. Unlock the keyring.
# $path
doctor-why-key-locked = the keyring is locked
doctor-why-key-gone = the key is gone
doctor-why-key-not-made = none has been made yet
doctor-why-key-silent = no keyring answers in this session
doctor-why-key-none = there is no keyring in this session
doctor-exchange-good = Files can be exchanged in one step.
doctor-exchange-note = The file system of { $path } cannot exchange two files in one step. A plain rename is used.
doctor-exchange-bad = Files cannot be replaced in { $path }: { $detail }.
# $count
doctor-watches-good = { $count ->
    [one] { $count } folder can be watched.
   *[other] { $count } folders can be watched.
}
doctor-watches-note = The system tells of no changes in { $count ->
    [one] { $count } folder, which is looked at from time to time.
   *[other] { $count } folders, which are looked at from time to time.
}
doctor-watches-bad = Folders cannot be watched: { $detail }.
# $count
doctor-coverage-good = { $count ->
    [one] { $count } file is read.
   *[other] { $count } files are read.
}
doctor-coverage-note = { $count ->
    [one] { $count } place is not read. `gatehouse coverage` lists it.
   *[other] { $count } places are not read. `gatehouse coverage` lists them.
}
doctor-coverage-bad = { $count ->
    [one] { $count } file cannot be read. `gatehouse coverage` lists it.
   *[other] { $count } files cannot be read. `gatehouse coverage` lists them.
}
# $count, $paths
doctor-age-limit-good = { $detail }
doctor-age-limit-note = { $detail }
doctor-age-limit-bad = { $detail }
doctor-age-limit-offer-good = { $detail }
doctor-age-limit-offer-note = { $detail } `gatehouse age-limit { $tool } --set` writes { $days } days into your own settings.
doctor-age-limit-offer-bad = { $detail }
doctor-leftovers-good = No unfinished edit is left.
doctor-leftovers-note = { $count ->
    [one] { $count } temporary file is left: { $paths }. The next guard settles it.
   *[other] { $count } temporary files are left: { $paths }. The next guard settles them.
}
doctor-leftovers-bad = { $count ->
    [one] { $count } unfinished edit cannot be settled: { $paths }.
   *[other] { $count } unfinished edits cannot be settled: { $paths }.
}

## What a connector is able to do, in plain words

can-run-package = Runs a program from { $ecosystem } as you: it can read your files and use the network.
can-run-image = Runs a container image: what it can reach is what the command line gives it.
can-run-local = Runs a program on this computer as you: it can read your files and use the network.
can-run-unknown = Runs a command as you that is not understood in full: it can read your files and use the network.
can-call-remote = Sends what the client gives it to { $host }.
can-be-builtin = Is a part of { $client } itself.
can-nothing = Names neither a command nor an address, so there is nothing to start.
can-given-env = It is given { $names }.
can-given-headers = It sends the headers { $names }.
can-given-nothing = It is given no variables.

## Why a check could not say anything

not-run-unobservable = the code runs elsewhere
not-run-arrival-unseen = it was there before Gatehouse watched
not-run-alone = the file was read by itself
not-run-code-not-at-hand = the file is not there
not-run-no-launch = nothing is launched
not-run-package-not-told = the package cannot be told
not-run-other-registry = it comes from a kind of registry that this is not looked up in
not-run-host-is-a-placeholder = the host is a placeholder
not-run-no-advisories = no database of advisories covers what it runs
not-run-advisories-not-asked = no database of advisories was asked, or it did not answer
not-run-artefact-not-looked = nobody looked at the code
not-run-artefact-unknown = the code is not known
not-run-rights-not-told = the system does not tell who may write the file
not-run-registry-not-asked = no registry was asked
not-run-domain-not-asked = nobody was asked about the domain, or nobody answered
not-run-listing-not-asked = the registry of connectors was not asked, or did not answer

## Provenance

artefact-known = Version { $version }, { $integrity } ({ $source ->
    [local-program] a program of the project
    [global-program] a globally installed program
    [local-package] a package of the project
    [global-package] a globally installed package
    [npx-cache] npx's cache
    [bunx-cache] bunx's cache
    [pnpm-cache] pnpm's cache
    [yarn-cache] yarn's cache
    [uv-tool] a tool installed by uv
    [uv-cache] uv's cache
    [pipx-cache] pipx's cache
    [environment] a Python environment
    [package] an installed package
    [image-store] the list of local images
    [registry] offered by the registry
    [launch] named by the launch itself
    [file] the file itself
    [task] a task and its file
   *[other] { $source }
}).
artefact-known-no-version = { $integrity } ({ $source ->
    [local-program] a program of the project
    [global-program] a globally installed program
    [local-package] a package of the project
    [global-package] a globally installed package
    [npx-cache] npx's cache
    [bunx-cache] bunx's cache
    [pnpm-cache] pnpm's cache
    [yarn-cache] yarn's cache
    [uv-tool] a tool installed by uv
    [uv-cache] uv's cache
    [pipx-cache] pipx's cache
    [environment] a Python environment
    [package] an installed package
    [image-store] the list of local images
    [registry] offered by the registry
    [launch] named by the launch itself
    [file] the file itself
    [task] a task and its file
   *[other] { $source }
}).
artefact-unknown = Not known: { $reason ->
    [not-installed] it is not installed here, or its cache was emptied
    [not-in-registry] it is not installed here, and the registry has no such package
    [package-not-told] the launch names no package
    [package-unreadable] the package cannot be read
    [several-packages] several packages are fetched for it
    [fetched-anew] the tool keeps nothing between two runs
    [placeholder-in-place] the place is a placeholder
    [folder-not-told] it starts wherever its client does
    [file-not-there] the file is not there
    [file-unreadable] the file cannot be read
    [folder] the launch names a folder
    [code-in-line] the code stands in the launch itself
    [environment-not-told] the Python environment cannot be told
    [task-not-followed] the task starts more than one program
    [task-not-there] there is no such task
    [image-store-closed] the list of images cannot be read
    [not-read] tools of this kind are not looked into
   *[other] { $reason }
}.
artefact-unobservable = The code runs on somebody else's computer and cannot be looked at.
artefact-not-looked = Not looked at yet.
## What registries say
# $age: as "3 days ago", $at: when the registry said so, in the same form
publication-off = Publisher and age are not known: look-ups are off.
publication-unknown = Publisher and age are not known: { $reason }.
publication-known = Published { $age } by { $publisher } ({ $registry }, asked { $at }).
publication-age = Published { $age }; the registry does not say by whom ({ $registry }, asked { $at }).
publication-publisher = Published by { $publisher }; the registry does not say when ({ $registry }, asked { $at }).
publication-other-code = What would run is not what { $registry } has (asked { $at }).
publication-offered = Not on this machine yet: the client's next start would fetch it.
publication-new-script = It runs a script when it is installed, which the approved version did not.
publication-lost = The approved version had an attestation of where it was built. This one has none.
look-up-off = look-ups are off
look-up-not-asked = nobody has asked yet
look-up-private = the name may be private, so nobody is asked
look-up-no-registry = the settings name no registry that can be understood
look-up-no-address = the address of the service cannot be asked
look-up-not-found = the service does not know it
look-up-unauthorised = the service wants a name and a password
look-up-rate-limited = the service was asked too often
look-up-server = the service reports an error
look-up-unexpected = the service answers with something unexpected
look-up-timed-out = the service did not answer in time
look-up-unreachable = the service cannot be reached
look-up-truncated = the answer broke off
look-up-too-large = the answer is too large
look-up-unreadable = the answer cannot be understood
look-up-redirected = the service leads elsewhere
look-up-other-bytes = the bytes are not those that the registry names
look-up-unusable = this system offers no encrypted connection
look-up-attestation-no-identity = the attestation does not say who built it
look-up-attestation-no-statement = the attestation says nothing of where it was built
look-up-attestation-not-verified = the attestation could not be verified here
look-up-attestation-other-digest = the attestation is about other bytes
look-up-attestation-other-repository = the attestation names another repository
look-up-attestation-other-subject = the attestation is about another package
look-up-attestation-unreadable = the attestation cannot be understood
look-up-elsewhere = it lies where the registry does not answer for it
look-up-mirror = it came by a registry of your own, which may leave it out
look-up-no-claim = the package names no entry there
look-up-no-entry-name = what the package names is no entry
look-up-no-package = it runs no package
look-up-no-publisher-domain = the registry tells no address of who publishes it
look-up-no-repository = it names none
look-up-no-signatures = registries of this kind do not sign
look-up-not-attested = it comes without an attestation, as most do
look-up-not-signed = the registry did not sign it
look-up-other-repository-host = it lies with a host that is not asked
look-up-shared-domain = the publisher has an address where everybody can have one
look-up-switched-off = a setting switches that off
look-up-unknown-key = it was signed with a key that the registry does not name
look-up-version-not-told = the version that runs is not known yet

## Files of settings
# $path: the file, $line: where in it, $key: the setting
policy-unparsable = { $path } cannot be parsed at line { $line }: { $reason }. What it said before stays in force.
policy-no-object = { $path } holds no object of settings. What it said before stays in force.
policy-unknown-key = { $path }:{ $line }: there is no setting { $key }. The others count.
policy-not-the-users = { $path }:{ $line }: only your organisation can set { $key }. The others count.
policy-invalid = { $path }:{ $line }: the value of { $key } cannot be understood. The strictest counts.
policy-invalid-element = { $path }:{ $line }: an element of { $key } cannot be understood. The others count.
policy-by-name = { $path }:{ $line }: { $key } names an entry. Whoever writes an entry chooses its name: name what it runs, with serverCommand, serverUrl or launchHash.
policy-repeated = { $path }:{ $line }: { $key } stands there twice. The last one counts.
policy-not-trusted-no-file = { $path } or a folder on the way is a link or no file, so it is not believed. Nothing of it counts, and nothing is allowed by it.
policy-not-trusted-owner = { $path } or its folder does not belong to the administrator, so it is not believed. Nothing of it counts, and nothing is allowed by it.
policy-not-trusted-writable = Others can write { $path } or its folder, so it is not believed. Nothing of it counts, and nothing is allowed by it.
policy-not-trusted-too-large = { $path } is larger than 1 MiB, so it is not read. Nothing of it counts, and nothing is allowed by it.
policy-not-trusted-unreadable = { $path } cannot be read. Nothing of it counts.

## Entries of one name
# $client: the client, $path: where the other entry is, $scope: as `for a project`, $id: of the other entry
namesake-hides = An entry of this name is in { $path } ({ $scope }, { $id }), too: where both count, { $client } starts this one and not that one.
namesake-hidden-by = An entry of this name is in { $path } ({ $scope }, { $id }), too: where both count, { $client } starts that one and not this one.
namesake-merged = An entry of this name is in { $path } ({ $scope }, { $id }), too: { $client } makes one of both, and what one leaves out counts from the other.
namesake-unknown = An entry of this name is in { $path } ({ $scope }, { $id }), too. Which one { $client } starts is not known.

# The package managers' own age limit. $setting is their word for it; $from is a file, a variable or a flag.
age-limit-not-set = { $tool } runs a new version at once: no age limit ({ $setting }) is set.
age-limit-enough = { $tool } leaves out versions that are younger than its limit: { $setting } is { $value } ({ $from }), enough for the cooldown of { $days } days.
age-limit-too-short = { $tool } has a limit that is too short: { $setting } is { $value } ({ $from }), less than the cooldown of { $days } days.
age-limit-unreadable = It cannot be told which age limit { $tool } has: { $setting } is { $value } ({ $from }).
age-limit-exempt = { $tool } has an age limit, { $setting } is { $value } ({ $from }), and a list that may leave this package out of it.
age-limit-offer = `gatehouse age-limit { $tool } --set` writes { $days } days into your own settings.
age-limit-undo = Gatehouse wrote it; `gatehouse age-limit { $tool } --undo` takes it back.
# What changed between two versions of the code behind a connector
archive-refused = { $archive } was not read, because { $reason }. Nothing of it was unpacked or run.
archive-refused-at = { $archive } was not read, because of its entry { $entry }: { $reason }. Nothing of it was unpacked or run.
archive-format = it is neither a gzipped tar nor a zip
archive-empty = it holds no file
archive-damaged = it is cut short or damaged
archive-too-large = it is larger than is read
archive-unpacks-too-large = its files are larger than is read
archive-ratio = its files are out of all proportion to its size
archive-one-file = one file is larger than is read
archive-entries = it has more entries than are read
archive-escapes = a path leads out of the package
archive-absolute = a path starts at the root of a file system
archive-backslash = a path has a backslash
archive-zero-byte = a path has a zero byte
archive-encoding = a path is no UTF-8
archive-path-length = a path is longer than is read
archive-depth = a path has more folders than are read
archive-twice = a path comes twice
archive-link = an entry is a link, which no registry lets through
archive-special = an entry is neither a file nor a folder
archive-size = an entry has another size than the archive says
archive-overlap = entries overlap
archive-encrypted = an entry is encrypted
diff-not-followed = Its code is not looked into: it runs elsewhere, or it is an image or a repository.
diff-nothing-before = There is nothing to compare with: no other code of it was seen here.
diff-not-kept = Nothing was kept of version { $version }, no cache here has it, and look-ups are off.
diff-no-such-version = Nothing was kept of version { $version }, and neither a cache here nor the registry has it.
diff-not-fetched = Nothing was kept of version { $version }, and it could not be fetched: { $detail }.
diff-no-passages = The older bytes are gone and look-ups are off: compared by what was kept of them, not line by line.
drift-none = The same files: nothing changed.
drift-harmless = { $files ->
    [one] One file changed
   *[other] { $files } files changed
}, and nothing that counts: no address, ability, script, dependency or program is new.
drift-partly = One of the two has more files than are read: what is listed as new may have been there.
drift-literals = New addresses in its code
drift-calls = What it can do now
drift-scripts = Runs when it is installed
drift-dependencies = Needs other packages
drift-programs = Its programs
drift-machine-code = New programs for processors
drift-files = Files: { $added } added, { $removed } removed, { $changed } changed
drift-literal = { $kind ->
    [email] e-mail address
    [ip] machine
    [url] page
   *[host] host
}
drift-foreign = it had nothing to do with this domain before
drift-encoded = hidden in base64
drift-call = { $kind ->
    [process] starts programs
    [network] speaks to the network
    [credentials] names a file that holds secrets or is run unasked
    [evaluation] runs text as code
    [decoded-code] runs text as code, and decodes text
    [dynamic-load] loads code by a name that is made while it runs
    [environment] takes all variables of the environment at once
   *[obfuscated] is written so that it cannot be read
}
drift-first = for the first time
drift-source = { $source ->
    [present] as it lies here
    [outline] from what was kept of it
    [cache] from a cache of this machine
   *[registry] from the registry
}
drift-nothing = nothing

# Who vouches for what a connector runs.
trust-verified = verified
trust-known = known
trust-unconfirmed = unconfirmed
trust-not-checked = not checked
trust-in-doubt = in doubt
trust-harmful = harmful
trust-verified-means = Verified: who made it was checked.
trust-known-means = Known: a connector of the catalogue, with the publisher that it should have.
trust-unconfirmed-means = Unconfirmed: nobody vouches for it.
trust-not-checked-means = It is not known who vouches for it.
trust-in-doubt-means = In doubt: something does not add up.
trust-harmful-means = Harmful: known to do harm.
trust-because-attestation-broken = The registry hands out an attestation that is about something else: another package, other bytes, or another repository.
trust-because-attested = Signed by a workflow of { $repository }; its attestation was verified on this machine.
trust-because-built-in = It comes with the client.
trust-because-catalogue = The catalogue of Gatehouse has it as a connector of { $vendor }, and its scope, host or publisher is theirs.
trust-because-finding = Found: { $finding }.
trust-because-host-not-listed = The owner of the host has no entry of it in the registry of connectors that stands ({ $entry }).
trust-because-known-malicious = A listing of harmful packages names it.
trust-because-listed = The registry of connectors has it as { $entry }, whose owner names exactly this.
trust-because-local-code = It runs code of this machine, which nobody publishes.
trust-because-no-service = Nobody is asked about what it runs.
trust-because-nobody-vouches = The registry has it. It has no attestation of where it was built that holds, and no entry in the registry of connectors that leads to it: nobody vouches for it, as for most.
trust-because-not-asked = Not checked: { $reason }.
trust-because-registry-signature-broken = The registry's own signature of this version does not hold.
trust-because-registry-signed = The registry signed it: it is what it hands out to everybody.
trust-because-vouchers-not-asked = The registry has it. Not all who could vouch for it were asked, or they did not answer.
trust-because-repository-alone = Its code comes straight from { $repository }. That the repository is known says nothing of who vouches for it.
trust-because-signature-broken = Its signature does not hold: it was changed after it was signed, or the system does not trust who signed it.
trust-because-signed = Signed by { $signer }, whom the system trusts.
said-advisories = A database of advisories has { $count } { $count ->
    [one] record
   *[other] records
 } for this version.
said-advisories-none = The database of advisories has nothing against this version.
said-attestation-broken = Its attestation is about something else: another package, other bytes, or another repository.
said-attestation-holds = Signed by { $workflow } of { $repository }, at { $commit }: the attestation was verified here.
said-domain-half-told = { $domain } takes mail (registered { $registered }); which servers send for it could not be learnt in full (SPF, DMARC).
said-domain-open = { $domain } takes mail (registered { $registered }), and does not say in full which servers send for it (SPF, DMARC).
said-domain-protected = { $domain } takes mail (registered { $registered }), and says which servers send for it (SPF, DMARC).
said-domain-silent = { $domain } takes no mail (registered { $registered }).
said-domain-unclaimed = Nobody has the domain { $domain }.
said-image-named = Its registry has the image with this digest, { $digest } (made { $created }).
said-image-there = In its registry the name leads to { $digest } (made { $created }). An image that was fetched earlier may be another.
said-listing-absent = The registry of connectors has no entry { $entry } that names it.
said-listing-foreign = It says that it is { $entry } of the registry of connectors, which names another package.
said-listing-inactive = The registry of connectors has it as { $entry }, which was given up or taken down.
said-listing-mirrored = It and { $entry } of the registry of connectors name each other; it came by a registry of your own, which may have changed what it says.
said-listing-mutual = It and { $entry } of the registry of connectors name each other.
said-namespace-there = The name of its entry belongs to whoever controls { $domain } (registered { $registered }).
said-namespace-unclaimed = The name of its entry belongs to whoever controls { $domain }, and nobody has that domain.
said-opinion-built = Another index has verified that it was built in { $repository }.
said-opinion-plain = Another index knows it, and of no attestation that it could verify.
said-release-withdrawn = Its publisher took this version back, or warns of it.
said-repository-archived = It names { $repository } as its repository (since { $created }; its owner's account since { $owner }), which is archived.
said-repository-fork = It names { $repository } as its repository (since { $created }; its owner's account since { $owner }), which is a copy of another.
said-repository-missing = It names { $repository } as its repository, and there is no public one of that name.
said-repository-there = It names { $repository } as its repository (since { $created }, last changed { $changed }; its owner's account since { $owner }).
said-signature-broken = The registry's signature of this version does not hold.
said-signature-holds = The registry's signature of this version was verified here.
said-untold-advisories = Advisories are not known: { $reason }.
said-untold-attestation = Where it was built is not known: { $reason }.
said-untold-domain = Nothing is known of the domain: { $reason }.
said-untold-image = It is not known where its name leads: { $reason }.
said-untold-listing = The registry of connectors says nothing: { $reason }.
said-untold-namespace = Nothing is known of the domain of its entry: { $reason }.
said-untold-opinion = There is no second opinion: { $reason }.
said-untold-repository = Nothing is known of its repository: { $reason }.
said-untold-signature = The registry's signature was not verified: { $reason }.
