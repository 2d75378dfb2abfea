# The tray, notifications and what the app itself says. The window's own texts are in desk.ftl.

## Tray

tray-quiet = Nothing waits
tray-waiting = { $count ->
    [one] { $count } connector waits for your decision
   *[other] { $count } connectors wait for your decision
}
tray-alarm = Something needs a look
tray-alarm-waiting = { $count ->
    [one] A connector with a grave finding waits for your decision
   *[other] { $count } connectors wait for your decision, one with a grave finding
}
tray-paused = Paused: nothing new is held
tray-unread = { $count ->
    [one] { $count } place cannot be read
   *[other] { $count } places cannot be read
}
tray-keyless = The record has no key
tray-review = Review…
tray-open = Open Gatehouse
tray-pause = Pause for an hour
tray-resume = Resume
tray-mode = Mode
tray-mode-ask = Hold and ask
tray-mode-monitor = Monitor only
tray-quit = Quit

## Notifications

notify-asked = { $name } waits for your decision ({ $client })
notify-asked-many = { $count } connectors wait for your decision
notify-asked-one = Nothing is decided until you review it.
notify-approved = { $name } was approved ({ $client })
notify-released = { $name } was released ({ $client })
app-driven-refused = Nothing was decided: a program drives this window, and this answer needs a person at the desk. Quit Gatehouse, start it from your menu and answer there.
notify-by-automation = In a window that a program drives. If this was not you, undo it.
notify-in-terminal = In a terminal. Review it, if that was not you.
notify-below = In a terminal below { $client }. Review it, if that was not you.

## Alarms

alarm-ledger-lost = The record of your decisions was lost or damaged. Earlier approvals do not count any more; what was refused stays refused. Go through the list once.
alarm-ledger-locked = The keyring is locked, so new entries of the record are not sealed yet. Unlock the keyring.
alarm-ledger-missing = The key of the record is missing from the keyring. New entries are not sealed.
alarm-ledger-unwritable = The record cannot be written, so nothing is decided or held. Look for room on the disk.
alarm-policy = The file of settings does not count as it was meant. { $problem }
alarm-setting-opened = In { $file }: { $message }
alarm-doubted = { $name } ({ $client }) is in doubt. { $message }
alarm-contested = { $client } has written { $name } back { $count ->
    [one] { $count } time.
   *[other] { $count } times.
} It is held again each time. Close { $client }, or decide about it.
alarm-requested = { $client } asked for “{ $request }”. Nothing was changed. Do it here yourself, if you want it.
alarm-requested-elsewhere = In a terminal somebody asked for “{ $request }”. Nothing was changed. Do it here yourself, if you want it.
alarm-guard-ended = The guard ended by itself. What is held stays held, but nothing new is. Quit Gatehouse and start it again.

## Offers that are not made

offer-cannot-pin = No exact version is known to pin it to.
offer-already-pinned = The entry names an exact version already.
offer-publisher-unknown = Its publisher is not known.
offer-look-ups-off = Who publishes it is not known while look-ups are off.
offer-not-under-development = Its code is in no folder under development.
offer-secret-missing = The approved entry has a secret value at { $place } that the present one lacks.

## Answers

stale-at-desk = The entry changed after it was shown. Nothing was changed. Its new state is shown now.
cannot-undo = There is nothing to undo any more.

## Start

app-usage = “{ $word }” means nothing here. Usage: gatehouse-app [--lang en|es] [--version]
app-no-display = There is no graphical session here (neither DISPLAY nor WAYLAND_DISPLAY is set). Without a desktop, run: gatehouse watch
app-no-window = The window system cannot be used. Without a desktop, run: gatehouse watch
app-not-started = Gatehouse did not start: { $detail }. No configuration file was changed.
app-shown = Gatehouse is running (process { $pid }); its window comes up.
app-guard-without-window = A guard without a window is running ({ $kind }, process { $pid }). End it first, then start Gatehouse again.
app-not-shown = Gatehouse is running (process { $pid }) and does not answer: { $detail }.
