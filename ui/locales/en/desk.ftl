# The window. What it shares with the command line stands in core.ftl and cli.ftl; the tray and the notifications have tray.ftl.

## Any view

desk-loading = Reading
# $detail: the system's own word
desk-fault = Gatehouse does not answer: { $detail }. Nothing was decided. Close this window and open it again from the tray.
desk-driven = A program can press the buttons of this window: its automation is on. Answers given here count as given in a terminal. If this was not you, quit Gatehouse and start it from your menu.
desk-navigation = Views
desk-waiting = Waiting
desk-connectors = Connectors
desk-coverage = Coverage
desk-gaps = { $count ->
    [one] { $count } gap
   *[other] { $count } gaps
}
desk-back = Back
desk-later = Later
desk-review = Review…
desk-dismiss = Close
desk-undo = Undo (30 s)
desk-your-mark = Your mark, the same on every genuine question:
desk-watching = { $count ->
    [one] Watching { $count } file
   *[other] Watching { $count } files
}
desk-mode = Mode
desk-mode-managed = The organisation's policy sets the mode.
desk-look-ups = Look-ups
desk-look-ups-on = On
desk-look-ups-off = Off
desk-look-ups-on-means = Registries and a database of advisories are asked about public packages, by name and version.
desk-look-ups-off-means = Nothing is sent. Newer versions are seen once they are fetched.
card-registry-says = said by the registry, not checked further
desk-pause = Pause for an hour
desk-resume = End the pause
desk-no-tray = No tray here: nothing on this desktop shows the mark of Gatehouse. It watches all the same. Open this window again by starting Gatehouse once more.
desk-alarm = Alarm
desk-news = Decisions of the last moments
# $answer: as in answer-… ; $by: as in channel-…
desk-decided = { $name } ({ $client }): { $answer }, { $by }.
desk-decided-terminal = Approved in a terminal: { $name } ({ $client }).
desk-undone = The state before it is back. A server that was started meanwhile runs until its client ends it.

## The card: state and heading

card-state-new = New
card-state-changed = Changed
card-state-artefact = New code
card-held-since = held since { $since }
card-held-in = held in { $held } of { $all } places
card-held-nowhere = not held, it runs now
card-lede-new = If you added it yourself, approve it. If not, keep it held.
card-lede-new-running = It runs now. If you added it yourself, approve it. If not, hold it.
card-lede-new-unholdable = It runs now. If you did not add it yourself, switch it off in { $client } itself.
card-lede-new-managed = It runs now. Your organisation set it up for this machine; if you do not expect it, ask who looks after the machine.
card-lede-changed = What would start now is not what was in force before.
# $old and $new: versions, or digests where there is no version
card-lede-artefact = The code went from { $old } to { $new }, and not a byte of your configuration changed. It may have run once already.
card-asked-means = This decision was asked for below that program. Nothing was changed; you decide here.
card-stale = It changed while it was shown, so nothing was decided. This is how it stands now.
card-redrawn = It changed while it was shown. This is how it stands now.
card-gone = This question ended by itself: the entry is gone, or was decided elsewhere.
card-monitor = The mode is monitor: nothing is held, and it runs now.
card-paused = Paused until { $until }: nothing new is held, and it runs now.
card-unholdable = It cannot be held in this place, and it runs now.
card-unholdable-off = Switch it off in { $client } itself.
card-tracked = git tracks { $file }, so that a held entry shows as a change there. Gatehouse is able to ask first in { $folder }: then what waits there is put back now, and runs until you decide.
card-ask-only = Ask only in this project
card-asks-only = In this project you are asked from now on, and nothing is held before you decide. What was held here is back in its file.
card-before = Before
card-changes = What changed

## The card: the picture. A client, a road, a gate, what would come through.

# $client, $state (as in stands-…), $what: the package or address
passage-row = { $client }: { $state }. Beyond the gate: { $what }.
stands-held-since = held since { $since }
stands-held = held
stands-on-restart = held once it restarts
stands-unknown = held, and may be running
stands-runs = not held, it runs now
stands-unholdable = cannot be held here
stands-contested = held again each time it returns

## The card: rows

card-same-launch = The same launch in all of them: one question, one decision.
card-floating = Takes the newest version at every start, because none is named.
card-floating-image = Its name can lead to another image whenever it is fetched, because no digest is named.
card-bytes = On this computer
card-in-file = The entry in the file
card-source = { $source }, { $at }
card-not-run-mark = Not run
card-other-findings = Other findings
card-nothing-else = Nothing is uninstalled, and your settings stay. You are able to release it at any time.
card-when = When the hold works
card-client-when = { $client }:

## The card: answers

card-keep-held = Keep held
card-keep-approved = Keep the approved one
card-hold = Hold
card-approve-open = Approve…
card-approve = Approve
card-remove-open = Remove…
card-remove = Remove
card-more-open = More…
card-deny = Deny
card-release = Release
card-approve-how = Approve how?
card-remove-how = Remove it?
card-more-how = Another answer
how-pin = Approve and pin to { $version }
how-pin-any = Approve and pin
how-pin-means = The entry is edited to name exactly this version. A newer one asks again.
how-this-version = Approve { $version }, this version only
how-this-version-any = Approve exactly this
how-this-version-means = This launch and this code run. Anything else asks again.
how-updates = Approve updates of this publisher
how-updates-means = Same publisher, repository and signature, no new install script, and not too young.
how-developing = Approve as my own code under development
how-developing-means = Changes of this code are recorded, not asked about.
how-not-offered = Not offered: { $reason }
how-only-here = Only at this entry, not wherever the launch appears
how-remove-means = It stays out of every client, as with Deny. The bytes that are kept of it are deleted after 30 days.
how-keep-held-means = It stays out, and is asked about again only if launch or code change.
how-deny-means = It is held wherever this launch appears, without asking again.
how-release-means = The entry goes back without an approval. The next change asks again.
how-type-name = It is known to be malicious. To approve it all the same, type its name:
card-settling = Just a moment: the card has only just come up or changed.
card-enter-never = Enter never approves. Use the space bar or the pointer.
card-silence-held = It stays held until you decide. Esc asks again later.
card-silence-part = What is held stays held until you decide. Esc asks again later.
card-silence-runs = It runs until you decide. Esc asks again later.

## The list of what waits

waiting-title = { $count ->
    [0] Nothing waits for your decision
    [one] { $count } connector waits for your decision
   *[other] { $count } connectors wait for your decision
}
waiting-none = New and changed connectors are asked about here. Until then everything stays as you decided it.
waiting-all-held = All are held. They stay held until you say otherwise.
waiting-some-held = { $count ->
    [one] { $count } of { $all } is held; the others run now.
   *[other] { $count } of { $all } are held; the others run now.
}
waiting-none-held = None of them is held: they run now.
waiting-list = Waiting, those that need a closer look first
waiting-select = Select { $name }
waiting-new = New: { $runs }
waiting-changed = { $facet }: { $old } → { $new }
waiting-artefact = New code, same configuration: { $old } → { $new }
waiting-different = Approving goes one by one here, because these are { $count } different launches.
waiting-one-launch = All that are ticked share one launch, so one approval covers them.
waiting-ticked-none = Nothing is ticked.
waiting-malicious = One of them is known to be malicious, so approving goes one by one.
waiting-keep = Keep { $count } held
waiting-remove-open = Remove { $count }…
waiting-remove = Remove { $count }
waiting-approve-open = Approve { $count }…
waiting-approve = Approve { $count }
waiting-silence = Nothing is decided by waiting. Esc asks again later.
waiting-open-connectors = All connectors

## The inventory

inventory-sum = { $count } in { $clients ->
    [one] { $clients } client.
   *[other] { $clients } clients.
} Everything that your clients would start.
inventory-search = Search name, package, path
inventory-filter = Filter by status
inventory-none = No connector matches.
inventory-empty = No client on this computer names a connector yet.
inventory-column-name = Connector
inventory-column-trust = Trust
inventory-column-places = Places
inventory-column-status = Status
inventory-places = { $count ->
    [one] { $count } place
   *[other] { $count } places
}
# $name: the connector
inventory-places-of = Places of { $name }
inventory-pinned = { $version }, pinned
inventory-floating = { $version }, floating
inventory-floating-any = floating
inventory-remote = remote
inventory-local = on this computer
inventory-found-none = nothing found
inventory-unchecked = not checked
inventory-in-part = nothing found, in part
inventory-waits = waiting
inventory-waits-running = waiting, not held
# $count: those that were never looked at, below a banner that opens the sheet
inventory-unreviewed = { $count ->
    [one] { $count } connector was let through before anybody looked at it.
   *[other] { $count } connectors were let through before anybody looked at them.
}

## The detail of one connector

detail-hold = Hold
detail-revoke = Take the decision back
detail-entry = entry { $number }
detail-id = Id in the terminal:
detail-history-none = The ledger says nothing about it yet.
detail-history-fault = The history cannot be read.

## Copying

copy-launch = Copy what runs
copy-id = Copy the id
copy-done = Copied
copy-selected = Not copied. It is selected: copy it with the keyboard.

## Coverage

coverage-title = Where Gatehouse looks
coverage-lede = Not read is not the same as nothing there. So every place that could hold a connector is listed here with its state.
settings-title = { $count ->
    [one] { $count } setting lets a client act without asking
   *[other] { $count } settings let a client act without asking
}
settings-means = They stand in the clients' own files. Gatehouse reads them and does not change them.
age-limits-title = { $count ->
    [0] New versions wait before they run
   *[other] Package managers that run new versions at once, { $count }
}
age-limits-means = Beside a pin, the package manager's own age limit is what stops a new version before its first start.
age-limit-means = One line goes into your own settings of { $tool }. It holds for everything that { $tool } fetches.
age-limit-set = Let new versions wait { $days } days
age-limit-take-back = Take back what Gatehouse wrote
age-limit-was-set = The age limit stands in your own settings. In the list of connectors it can be taken back.
age-limit-was-undone = The settings are as they were before.
coverage-gaps = { $count ->
    [0] No gaps
   *[other] Gaps, { $count }
}
coverage-gaps-means = Connectors here are not seen.
coverage-part = Seen in part, { $count }
coverage-part-means = The kind of place sets the limit.
coverage-good = Read, { $count }
coverage-good-means = These are watched.
coverage-absent-show = Show the places
coverage-absent-title = Absent, { $count }
coverage-absent-means = Nothing is there yet. It is seen as soon as it appears.
coverage-head-message = What to do
coverage-held-more = { $count ->
    [one] { $count } held
   *[other] { $count } held
}
coverage-retry = It is looked at again by itself.

## First run, and after a loss

sheet-title-first = { $count ->
    [0] No connectors were here yet
    [one] { $count } connector was here already
   *[other] { $count } connectors were here already
}
sheet-lede-first = { $clients ->
    [0] From now on Gatehouse asks about what is new or changed, and only about that.
    [one] Gatehouse found them in { $clients } client and left every one as it is. They count as unreviewed. From now on it asks about what is new or changed, and only about that.
   *[other] Gatehouse found them in { $clients } clients and left every one as it is. They count as unreviewed. From now on it asks about what is new or changed, and only about that.
}
sheet-title-loss = The record of your decisions was lost
sheet-lede-loss = { $count ->
    [one] What was in force stays in force, and what was held stays held. { $count } connector counts as unreviewed until you look at it again.
   *[other] What was in force stays in force, and what was held stays held. { $count } connectors count as unreviewed until you look at them again.
}
sheet-look = Worth a look, { $count }
sheet-look-means = Something about them does not fit. They go on working until you decide.
sheet-rest = The rest, { $count }
sheet-rest-means = Nothing was found by the checks that were run. That is not a proof; look at the names.
sheet-all = Select all
sheet-none = Select none
sheet-approve-name = Approve { $name }
sheet-mode = From now on
sheet-mode-ask = Ask
sheet-mode-ask-means = What is new or changed is held until you decide.
sheet-mode-monitor = Monitor
sheet-mode-monitor-means = What is new or changed is recorded and told. Nothing is held.
sheet-places = { $read ->
    [one] { $read } file was read
   *[other] { $read } files were read
}{ $gaps ->
    [0] .
    [one] , { $gaps } could not be. It is listed under Coverage.
   *[other] , { $gaps } could not be. They are listed under Coverage.
}
sheet-promise = Gatehouse detects, asks and disables entries in configuration files. It is not a sandbox.
sheet-approve = Approve { $count }
sheet-leave = Leave all unreviewed
sheet-done = Done
sheet-refused = { $count ->
    [one] { $count } was not approved: { $reason }
   *[other] { $count } were not approved: { $reason }
}
drift-title = What changed in its code
drift-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}: `gatehouse diff { $id }` shows all, line by line.
drift-fault = What changed cannot be told.
