# SPDX-License-Identifier: Apache-2.0
"""What a recording's events come to: who had how much from when to when."""


class Owner:
    """The buffers of one name and place, or an account with its pieces."""

    def __init__(self, number, name, place):
        self.number, self.name, self.place = number, name, place  # (file, line, function), or None
        self.before = 0  # bytes that were there when the recording began, as far as it shows
        self.now = self.peak = 0
        self.events = self.grows = self.blocks = 0


class Life:
    """A block at one address with one size. `begin` and `end` are numbers of events; None: before, and not at all."""

    __slots__ = ("owner", "address", "bytes", "begin", "end", "event")

    def __init__(self, owner, address, size, begin, event):
        self.owner, self.address, self.bytes = owner, address, size
        self.begin, self.end, self.event = begin, None, event


class Lives:
    def __init__(self, recording):
        self.recording = recording
        self.owners, self.lives = [], []
        self.owner_of_event = []
        self.by_id = {}  # by manager and id of the record
        self._by_key, self._by_name, self._alive = {}, {}, {}
        for number, event in enumerate(recording.events):
            self._follow(number, event)
        self._add_what_was_there()

    def alive(self):
        """At the end, most bytes first."""
        return sorted(self._alive.values(), key=lambda life: -life.bytes)

    def owner_of(self, manager, name, place):
        """What goes by one name and comes from one place is one, however often it is made."""
        owner = self._by_key.get((manager, name, place))
        if owner is None:
            owner = self._by_key[(manager, name, place)] = Owner(len(self.owners), name, place)
            self.owners.append(owner)
        return owner

    def _owner(self, event):
        name, manager = event.get("name", "(unnamed)"), event.get("manager", 0)
        if manager == 0 and name in self._by_name:  # a download, which knows no more than that
            return self._by_name[name]
        owner = self.owner_of(manager, name, self.recording.place(event))
        self._by_name[name] = owner
        if "id" in event:
            self.by_id[(manager, event["id"])] = owner
        return owner

    def _begin(self, number, event, owner, address, size):
        there = self._alive.pop(address, None)
        if there is not None:  # its free is missing
            there.end = number
            there.owner.now -= there.bytes
        life = Life(owner, address, size, number, event)
        self.lives.append(life)
        self._alive[address] = life
        owner.now += size
        owner.peak = max(owner.peak, owner.now)

    def _end(self, number, event, owner, address, size):
        life = self._alive.pop(address, None)
        if life is None:  # it began before the recording
            life = Life(owner, address, size, None, event)
            self.lives.append(life)
            owner.before += size
        else:
            life.owner.now -= life.bytes
        life.end = number

    def _follow(self, number, event):
        action = event["do"]
        if action == "trim":
            self.owner_of_event.append(None)
            return
        owner = self._owner(event)
        self.owner_of_event.append(owner)
        owner.events += 1
        if action == "allocate":
            self._begin(number, event, owner, event["at"], event["bytes"])
        elif action == "free":
            self._end(number, event, owner, event["at"], event["bytes"])
        elif action in ("grow", "shrink"):
            owner.grows += action == "grow"
            self._end(number, event, owner, event.get("from", event["at"]), event["before"])
            self._begin(number, event, owner, event["at"], event["bytes"])

    # Those that were there first count from the beginning.
    def _add_what_was_there(self):
        for owner in self.owners:
            owner.peak += owner.before


def totals(lives):
    """Bytes after each event, of all owners together."""
    total = sum(owner.before for owner in lives.owners)
    for event in lives.recording.events:
        action = event["do"]
        if action == "allocate":
            total += event["bytes"]
        elif action == "free":
            total -= event["bytes"]
        elif action in ("grow", "shrink"):
            total += event["bytes"] - event["before"]
        yield total
