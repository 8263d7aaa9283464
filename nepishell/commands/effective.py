"""The effective recipe of a run: what was done in it, without detours, pauses and looks, so that
playing it gives the same experiment, and the same events in the same order.

A recipe waits where a person looked: *pos* is the moment of the run that it has got to. What was
done by hand at a running experiment hangs on the last event before it (`when srv READY +2s ...`),
or comes after a time (`at 2s ...`); what a recipe cannot plan waits for what happened before.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from nepishell.commands.deeds import Deed, Deeds, again, never_used
from nepishell.commands.describing import Describer, without_detours
from nepishell.commands.rereading import Rereader
from nepishell.core import events
from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.core.events import StateChanged
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.lang.call import Call
from nepishell.lang.lexer import quote
from nepishell.lang.registry import LOOK

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
#: Seconds between two lines from which on a person has waited, no program.
PAUSE_S = 0.3
#: Commands that were for that one session; what `source` played is in the journal itself.
LEFT_OUT = frozenset(
    {"param", "source", "include", "open", "undo", "redo", "export", "shutdown", "detach", "recipe",
     "cancel", "pause", "save"}
)  # fmt: skip
_ANCHORS = (READY, STARTED, STOPPED)
#: Of what is waited for until a state: the verb, and the state that it leads to.
_LEADS_TO = {"start": STARTED, "stop": STOPPED, "discover": ResourceState.DISCOVERED,
             "provision": ResourceState.PROVISIONED}  # fmt: skip


#: The states in which these can be done.
_NEEDS = {"start": (READY, STOPPED), "stop": (STARTED,)}


class Line(NamedTuple):
    """A line of a recipe, and when it was done, in seconds of the run's clock."""

    text: str
    at: float


class _Plan(NamedTuple):
    """Something that comes at *due*; *is_seen*: an event will tell of it."""

    due: float
    is_seen: bool


class Effective:
    """The lines for *deeds*. *timed*: acts by hand after a time, not after an event.

    *mark*: only what was done after it. *wanted*: parameters that stand for secrets, once the lines
    were read. Raises UnknownName for a mark that there is not.
    """

    def __init__(self, deeds: Deeds, *, timed: bool = False, mark: str = "") -> None:
        self._deeds = deeds
        self._timed = timed
        self._rereader = Rereader(deeds)
        self._names = self._rereader.names
        self._never = never_used(deeds)
        self._describer = Describer(self._names, deeds.rtypes, self._rereader.value)
        self._conditions: list[events.ConditionAdded] = []
        self._begins_after = _marked(deeds, mark) if mark else None
        #: the moment of the run that the recipe has got to, and what it has planned for later
        self._pos = 0.0
        self._plans: list[_Plan] = []
        self._hung_to_stop: set[int] = set()
        self._awaited: set[tuple[int, ResourceState]] = set()
        #: seconds between lines typed in a row, which a recipe does not take
        self._slack = 0.0
        #: when something happened that no wait for a state sees
        self._unseen = [*deeds.settings, *again(deeds)]
        self._has_deployed = False

    @property
    def wanted(self) -> Iterable[str]:
        """The names of parameters without which it cannot be played."""
        return self._rereader.wanted

    def lines(self) -> Iterator[Line]:
        """All of it, in order."""
        done = [deed for deed in self._deeds.done if deed.verb not in LEFT_OUT]
        if done and self._is_farewell(done[-1]):
            del done[-1]
        is_in = self._begins_after is None
        for deed, lines in self._all(done):
            found = list(lines)
            if is_in:
                yield from found
            is_in = is_in or deed is self._begins_after

    def _all(self, done: list[Deed]) -> Iterator[tuple[Deed | None, Iterator[Line]]]:
        """What each deed comes to; what was described in a row comes with the last of it."""
        end = self._end(done)
        described: list[Deed] = []
        for place, deed in enumerate(done):
            if deed.describes and not self._is_act(deed):
                self._note(deed)
                if deed.began - self._pos <= PAUSE_S:
                    self._go_to(deed)
                if deed.events or deed.verb != "when":
                    described.append(deed)
                    continue
            yield None, self._described(described)
            described = []
            until = done[place + 1].began if done[place + 1 :] else end
            yield deed, (Line(text, deed.began) for text in self._acted(deed, until))
            self._note(deed)
        yield None, self._described(described)
        moves = bisect_right(self._deeds.moves, end, key=lambda move: move.at)
        yield None, (Line(text, end) for text in self._caught_up(moves, end))

    # -- what was described ------------------------------------------------------------------

    def _described(self, deeds: list[Deed]) -> Iterator[Line]:
        told = [event for deed in deeds if deed.changes for event in deed.events]
        for text in self._describer.lines(without_detours(told, self._never)):
            yield Line(text, deeds[0].began)

    def _note(self, deed: Deed) -> None:
        """Know the names and conditions that later lines are read with."""
        for event in deed.events:
            self._rereader.note(event)
            if isinstance(event, events.ConditionAdded):
                self._conditions.append(event)

    def _is_act(self, deed: Deed) -> bool:
        """Whether something that runs was changed."""
        if deed.verb not in ("set", "trace") or not deed.events:
            return False
        moved = {move.guid for move in self._deeds.moves[: self._deeds.before(deed)]}
        return any(getattr(event, "guid", 0) in moved for event in deed.events)

    # -- what was done ---------------------------------------------------------------------

    def _acted(self, deed: Deed, until: float) -> Iterator[str]:
        """The lines for one act; the next was done at *until*."""
        call = self._rereader.read(deed.line)
        by_hand = self._has_deployed and deed.began - self._pos > PAUSE_S
        if call is None:
            yield self._rereader.without_secrets(deed.line)
            self._pos = max(self._pos, deed.ended)
        elif not self._had_effect(deed, call):
            return
        elif deed.planned is not None:
            yield from self._of_later(deed, call)
        elif by_hand or self._plans:
            yield from self._by_hand(deed, call, until)
        else:
            yield from self._at_once(deed, call, until)

    def _had_effect(self, deed: Deed, call: Call) -> bool:
        """Whether resources were in states that let it be done; a prompt finds out later."""
        if call.command == "deploy" and not deed.groups:
            return False
        needed = _NEEDS.get(call.command)
        targets = call.args.get("targets", ())
        if needed is None or not isinstance(targets, tuple):
            return True
        states = self._states(deed)
        return all(states.get(guid) in needed for guid in targets)

    def _states(self, deed: Deed) -> dict[int, ResourceState]:
        """The states of all that have moved before *deed*."""
        return {m.guid: m.new for m in self._deeds.moves[: self._deeds.before(deed)]}

    def _at_once(self, deed: Deed, call: Call, until: float) -> Iterator[str]:
        yield self._rereader.spell(self._passed(deed, call, until))

    def _by_hand(self, deed: Deed, call: Call, until: float) -> Iterator[str]:
        hung = list(self._hung(deed, call, deed.began))
        if hung:
            self._plan(deed.began, is_seen=call.command != "set")
            yield from hung
            return
        if not (call.command == "wait" and not self._plans):
            yield from self._caught_up(self._deeds.before(deed), deed.began)
        # a pause is left out only where nothing would come too late for what is waited for by time
        keeps = (
            self._plans
            or call.command in ("start", "stop", "set")
            or any(at > deed.began for at in self._unseen)
        )
        if keeps and deed.began > self._pos:
            yield f"wait {_span(deed.began - self._pos)}"
            self._pos = deed.began
        yield from self._at_once(deed, call, until)

    def _passed(self, deed: Deed, call: Call, until: float) -> Call:
        """*call* as the recipe has it, which waits for what a prompt did not wait for."""
        self._go_to(deed)
        over: float | None = self._pos
        if deed.groups and not call.background:
            self._has_deployed = True
            over = self._deployed(deed)
        elif call.command in _LEADS_TO and not call.background:
            state, targets = _LEADS_TO[call.command], call.args["targets"]
            assert isinstance(targets, tuple)
            times = [self._deeds.first(guid, state, deed.began) for guid in targets]
            self._awaited |= {(guid, state) for guid in targets}
            over = None if None in times else max((t for t in times if t is not None), default=0.0)
        if call.args.get("mode") == "nowait":
            return call
        if over is None or over > until:
            return replace(call, args={**call.args, "mode": "nowait"})
        self._pos = max(self._pos, over)
        return call

    def _go_to(self, deed: Deed) -> None:
        self._slack += max(0.0, deed.began - self._pos)
        self._pos = max(self._pos, deed.ended)

    def _deployed(self, deed: Deed) -> float | None:
        """When a recipe would go on after a deployment; None for never."""
        guids = {guid for group in deed.groups for guid in group.guids}
        held = {c.guid for c in self._conditions if c.action is ResourceAction.START}
        over = 0.0
        for guid in guids:
            goal = READY if guid in held else STARTED
            times = [self._deeds.first(guid, state, deed.began)
                     for state in (goal, ResourceState.FAILED)]  # fmt: skip
            if goal is STARTED and times == [None, None]:
                # who waits for one that waits is READY, and held as well
                times = [self._deeds.first(guid, READY, deed.began)]
            found = [time for time in times if time is not None]
            if not found:
                return None
            over = max(over, min(found))
        return over

    def _caught_up(self, count: int, moment: float) -> Iterator[str]:
        """Waits for what happened by itself, or was planned, until *moment*: *count* moves."""
        for at in self._deeds.settings:
            if self._pos < at <= moment:
                self._plan(at, is_seen=False)
        last: dict[int, StateChanged] = {}
        entered: set[tuple[int, ResourceState]] = set()
        for move in self._deeds.moves[:count]:
            # what came with what was awaited may come later when it is played
            with_it = move.at == self._pos and (move.guid, move.new) not in self._awaited
            is_new = move.at > self._pos or (with_it and move.new is STOPPED)
            if is_new and self._rereader.is_there(move.guid):
                last[move.guid] = move
                if (move.guid, move.new) in entered:
                    # a wait is content with the first time
                    self._plan(move.at, is_seen=False)
                    del last[move.guid]
            entered.add((move.guid, move.new))
        for state in (STARTED, STOPPED):
            found = [move for move in last.values() if move.new is state]
            if found:
                names = self._describer.set_of(sorted(move.guid for move in found))
                yield f"wait {names} {state.name}"
                self._pos = max(self._pos, *(move.at for move in found))
                self._slack = 0.0
        over = [plan for plan in self._plans if plan.due <= moment]
        self._plans = [plan for plan in self._plans if plan.due > moment]
        unseen = max((plan.due for plan in over if not plan.is_seen), default=None)
        if unseen is not None and unseen >= self._pos:
            # a moment more, so that what was planned for then comes first
            yield f"wait {_span(unseen - self._pos + self._slack + 0.001)}"
            self._pos, self._slack = unseen, 0.0

    # -- acts that hang on something ---------------------------------------------------------

    def _hung(self, deed: Deed, call: Call, due: float) -> Iterator[str]:
        """*call* as what is to be done at *due*; nothing where that cannot be said."""
        if call.background or call.stages or call.redirect:
            return
        targets = call.args.get("targets", ())
        assert isinstance(targets, tuple)
        if self._timed and call.command in ("set", "start", "stop"):
            yield f"at {_span(due - self._pos)} {self._rereader.spell(call)}"
            return
        # a start by hand waits: a condition is refused until what is started again has stopped
        anchor = self._anchor(deed)
        if anchor is None:
            return
        beginning = self._describer.when((anchor.guid,), anchor.new, round(due - anchor.at, 3))
        who = self._describer.set_of(targets) if targets else ""
        match call.command:
            case "set" if self._are_up(deed, targets):
                for name, value in self._assigned(deed, call):
                    yield f"{beginning} set {who} {name} {value}"
            case "stop" if not self._waits(targets, ResourceAction.STOP):
                # a second condition would not come instead of the first
                self._hung_to_stop.update(targets)
                yield f"{beginning} stop {who}"

    def _plan(self, due: float, *, is_seen: bool) -> None:
        self._plans.append(_Plan(due, is_seen))

    def _assigned(self, deed: Deed, call: Call) -> Iterator[tuple[str, str]]:
        """What was set, and to what; what followed from it is not of the line."""
        targets, settings = call.args["targets"], call.args.get("settings", ())
        assert isinstance(targets, tuple)
        assert isinstance(settings, tuple)
        names = {call.args.get("attr"), *(setting.name for setting in settings)}
        for event in deed.events:
            match event:
                case events.AttributeSet(guid=guid, name=name, value=value):
                    if guid == targets[0] and name in names and value:
                        yield name, self._rereader.value(guid, name, value)

    def _anchor(self, deed: Deed) -> StateChanged | None:
        """The last event before *deed* that a condition can name."""
        found: list[StateChanged] = []
        entered: set[tuple[int, ResourceState]] = set()
        again: set[int] = set()
        for move in self._deeds.moves[: self._deeds.before(deed)]:
            if move.new in _ANCHORS and self._rereader.is_there(move.guid):
                if (move.guid, move.new) in entered:
                    # which time a condition means of what was started again, nobody knows
                    again.add(move.guid)
                entered.add((move.guid, move.new))
                found.append(move)
        return next((move for move in reversed(found) if move.guid not in again), None)

    def _waits(self, targets: tuple[int, ...], action: ResourceAction) -> bool:
        """Whether one of *targets* waits for something already: it would wait for both."""
        return not self._hung_to_stop.isdisjoint(targets) or any(
            c.guid in targets and c.action is action for c in self._conditions
        )

    def _are_up(self, deed: Deed, targets: tuple[int, ...]) -> bool:
        """Whether a setting that waits would be made."""
        states = self._states(deed)
        return all(states.get(guid) in (READY, STARTED) for guid in targets)

    def _of_later(self, deed: Deed, call: Call) -> Iterator[str]:
        """What `at` and `every` have planned, as far as it was not cancelled before."""
        planned, inner = deed.planned, call.args["line"]
        assert planned is not None
        assert isinstance(inner, Call)
        cancelled = planned.over
        if planned.interval is not None:
            if self._rereader.grammar.commands[inner.command].effects is LOOK:
                return
            times = planned.times
            if cancelled is not None:
                happened = int((cancelled - deed.began) / planned.interval)
                times = min(happened, times or happened)
            if times != 0:
                limit = {} if times is None else {"times": times}
                yield self._rereader.spell(replace(call, args={**call.args, **limit}))
            return
        due = planned.due if planned.due is not None else deed.began
        # times in a journal are rounded
        if cancelled is not None and cancelled < due - 0.001:
            return
        self._plan(due, is_seen=False)
        yield f"at {_span(max(0.0, due - self._pos))} {self._rereader.spell(inner)}"

    # -- where it ends ---------------------------------------------------------------------

    def _is_farewell(self, deed: Deed) -> bool:
        """A recipe releases everything at its end anyway."""
        return deed.line.split()[:2] in (["release"], ["release", "wait"], ["release", "nowait"])

    def _end(self, done: list[Deed]) -> float:
        """When it was over but for releasing."""
        since = done[-1].began if done else 0.0
        released = (m.at for m in self._deeds.moves if m.new is ResourceState.RELEASED)
        return min((at for at in released if at >= since), default=self._deeds.at)


def _span(seconds: float) -> str:
    return format_duration(round(seconds, 3))


def _marked(deeds: Deeds, mark: str) -> Deed:
    """The last deed that set *mark*; raises UnknownName."""
    marks = {deed.line.partition(" ")[2]: deed for deed in deeds.done if deed.verb == "mark"}
    found = marks.get(mark) or marks.get(quote(mark))
    if found is None:
        hint = did_you_mean(mark, marks) or "; 'mark TEXT' sets one"
        raise UnknownName(f"no mark '{mark}'{hint}")
    return found
