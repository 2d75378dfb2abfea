#!/usr/bin/python3
"""A desktop's tray and notification server for tests. Speaks JSON lines: orders on stdin, answers and events on stdout.

Orders: {"n": 1, "do": "menu"} | {"n": 2, "do": "choose", "label": "Open"} | {"n": 3, "do": "item"} | {"n": 4, "do": "act", "id": 1}
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

DBusGMainLoop(set_as_default=True)
BUS = dbus.SessionBus()
LOOP = GLib.MainLoop()
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


def say(**what):
    print(json.dumps(what), flush=True)


class Tray(dbus.service.Object):
    """The watcher, which is its own host."""

    NAME = "org.kde.StatusNotifierWatcher"

    def __init__(self):
        self.name = dbus.service.BusName(self.NAME, BUS)
        super().__init__(BUS, "/StatusNotifierWatcher")
        self.items = []

    @dbus.service.method(NAME, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        owner, path = (sender, service) if service.startswith("/") else (service, "/StatusNotifierItem")
        self.items.append((str(owner), str(path)))
        for signal in ("NewIcon", "NewStatus", "NewTitle", "XAyatanaNewLabel"):
            BUS.add_signal_receiver(lambda *_, signal=signal: say(event="signal", signal=signal),
                                    signal_name=signal, dbus_interface=ITEM, bus_name=str(owner), path=str(path))
        self.StatusNotifierItemRegistered(service)
        say(event="registered", path=str(path))

    @dbus.service.method(NAME, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.signal(NAME, signature="s")
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        items = dbus.Array([owner + path for owner, path in self.items], signature="s")
        return {"IsStatusNotifierHostRegistered": True, "ProtocolVersion": dbus.Int32(0),
                "RegisteredStatusNotifierItems": items}


class Notifications(dbus.service.Object):
    NAME = "org.freedesktop.Notifications"

    def __init__(self):
        self.name = dbus.service.BusName(self.NAME, BUS)
        super().__init__(BUS, "/org/freedesktop/Notifications")
        self.last = 0

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return ["actions", "body", "body-markup"]

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("tests", "tests", "1", "1.2")

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        self.last += 1
        say(event="notified", id=self.last, title=str(title), body=str(body), actions=[str(a) for a in actions])
        return self.last

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, number):
        self.NotificationClosed(number, 3)

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass


TRAY = Tray()
NOTIFICATIONS = Notifications()


def plain(value):
    if isinstance(value, (dbus.Boolean, bool)):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    return None


def item():
    owner, path = TRAY.items[-1]
    properties = BUS.get_object(owner, path, introspect=False).GetAll(ITEM, dbus_interface=dbus.PROPERTIES_IFACE)
    return {str(key): plain(value) for key, value in properties.items()}


def menu_object():
    owner, path = TRAY.items[-1]
    at = BUS.get_object(owner, path, introspect=False).Get(ITEM, "Menu", dbus_interface=dbus.PROPERTIES_IFACE)
    return dbus.Interface(BUS.get_object(owner, str(at), introspect=False), MENU)


def rows(node, out):
    number, properties, children = node
    row = {str(key): plain(value) for key, value in properties.items()}
    row["id"] = int(number)
    row["label"] = (row.get("label") or "").replace("_", "")
    out.append(row)
    for child in children:
        rows(child, out)
    return out


def menu():
    _, root = menu_object().GetLayout(0, -1, dbus.Array([], signature="s"), signature="iias")
    return rows(root, [])


def choose(label):
    row = next(row for row in menu() if row["label"] == label)
    if row.get("enabled") is False:
        raise ValueError(f"{label} is greyed out")
    menu_object().Event(row["id"], "clicked", dbus.Int32(0, variant_level=1), dbus.UInt32(0), signature="isvu")


def obey(order):
    if order["do"] == "menu":
        return menu()
    if order["do"] == "item":
        return item()
    if order["do"] == "choose":
        return choose(order["label"])
    if order["do"] == "act":
        NOTIFICATIONS.ActionInvoked(dbus.UInt32(order["id"]), order["action"])
        return None
    raise ValueError(order["do"])


def heard(stream, _condition):
    line = stream.readline()
    if not line:
        LOOP.quit()
        return False
    order = json.loads(line)
    try:
        say(n=order["n"], answer=obey(order))
    except Exception as error:  # The test is told, whatever it was.
        say(n=order["n"], error=repr(error))
    return True


GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, heard)
say(event="ready")
LOOP.run()
