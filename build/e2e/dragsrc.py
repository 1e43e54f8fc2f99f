#!/usr/bin/python3
"""A small window to drag files from, for tests of real drops: dragsrc.py PATH...

Offers the paths as text/uri-list by XDND, as a file manager does. Prints READY X Y with the
position of its middle on the screen, then DRAG-BEGIN, DATA-GET, DRAG-END or DRAG-FAILED.
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

SIZE = (90, 60)


def say(*words):
    print(*words, flush=True)


def main():
    uris = [GLib.filename_to_uri(os.path.abspath(p), None) for p in sys.argv[1:]]
    window = Gtk.Window(title="drag source", decorated=False)
    window.set_keep_above(True)
    window.set_type_hint(Gdk.WindowTypeHint.DOCK)
    window.set_default_size(*SIZE)
    source = Gtk.EventBox()
    source.add(Gtk.Label(label=f"{len(uris)} files"))
    source.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    source.drag_source_add_uri_targets()
    source.connect("drag-begin", lambda *_: say("DRAG-BEGIN"))
    source.connect("drag-data-get", lambda _w, _c, selection, _i, _t: (selection.set_uris(uris), say("DATA-GET")))
    source.connect("drag-end", lambda *_: say("DRAG-END"))
    source.connect("drag-failed", lambda _w, _c, why: (say("DRAG-FAILED", why.value_nick), False)[1])
    window.add(source)
    window.connect("destroy", Gtk.main_quit)
    window.move(5, 5)
    window.show_all()

    def ready():
        origin = window.get_window().get_origin()
        say("READY", origin.x + SIZE[0] // 2, origin.y + SIZE[1] // 2)
        return False

    GLib.timeout_add(300, ready)
    Gtk.main()


main()
