package dev.serai.connect.gate;

import dev.serai.connect.answer.CallOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to the provider for the events of one tenant. Events wait in line for their turn, batch events behind live
 * callers and each in the order of their deadlines as a rule (see {@link Line}); the provider's answers decide when the next
 * one comes (see {@link GateState}).
 *
 * <p>Thread-safe: everything is under one lock, held for short work in memory only. Of those who wait, only the next is
 * woken.
 */
public final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    /** How often to look whether there is something to say in the log. */
    public static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private static final long LONGEST_WAIT = TimeUnit.DAYS.toNanos(10_000);

    private final String name;
    private final LongSupplier nanos;
    private final GateState state;
    private final AtomicLong tickets = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Line line = new Line();
    private final Set<Caller> waiting = new HashSet<>();
    private final HoldNotice notice;
    private final FreedSlots freedSlots = new FreedSlots();
    private @Nullable String latestTrouble;
    private volatile boolean bounded;

    /**
     * An open gate with the whole fleet's numbers until {@link #share} says otherwise.
     *
     * @param name what is said of whose calls these are, such as {@code default at live.convai.com}
     * @param nanos a clock that never goes back, as {@link System#nanoTime}
     */
    public Gate(String name, GateRules rules, LongSupplier nanos, RandomGenerator random) {
        this.name = name;
        this.nanos = nanos;
        state = new GateState(rules, nanos, random);
        notice = new HoldNotice(nanos);
    }

    /**
     * A ticket behind all that have the same deadline, or an earlier one.
     *
     * @param failures how many of the event's calls have failed before
     */
    public Ticket newTicket(Instant deadline, int failures) {
        return new Ticket(deadline, failures, tickets.incrementAndGet());
    }

    /**
     * Waits for a permit.
     *
     * @param ticket of its own for each event
     * @param caller who waits
     * @return the permit, which is to be given back; empty if it did not come in time
     */
    public Optional<Permit> enter(Ticket ticket, Caller caller, Duration patience) throws InterruptedException {
        // Far deadlines, of batches, in a number that does not overflow.
        long until = nanos.getAsLong() + Math.min(TimeUnit.NANOSECONDS.convert(patience), LONGEST_WAIT);
        lock.lockInterruptibly();
        try {
            Condition mine = lock.newCondition();
            caller.waitsAt(this, ticket);
            line.join(ticket, mine, caller.priority());
            waiting.add(caller);
            try {
                return awaitTurn(ticket, caller, mine, until);
            } finally {
                waiting.remove(caller);
                caller.waitsNoMore();
                line.leave(ticket);
                lookWhetherAnybodyWaits();
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Permit> awaitTurn(Ticket ticket, Caller caller, Condition mine, long until)
            throws InterruptedException {
        boolean woken = false;
        while (true) {
            long left = until - nanos.getAsLong();
            if (left <= 0) {
                return Optional.empty();
            }
            if (ticket.equals(nextInLine())) {
                switch (state.admit(caller)) {
                    case GateState.Go go -> {
                        line.turnTaken();
                        return Optional.of(go.permit());
                    }
                    case GateState.Wait hold -> left = Math.min(left, hold.nanos());
                }
            } else if (woken) {
                // It was next when it began to wait, and now somebody else is.
                wakeNext();
            }
            notice.waits(caller);
            mine.awaitNanos(left);
            woken = true;
        }
    }

    /** See {@link Caller#hurry}. */
    void hurries(Caller caller) {
        change(() -> {
            Ticket ticket = waiting.contains(caller) ? caller.ticket() : null;
            if (ticket != null) {
                line.hurry(ticket);
            }
        });
    }

    /** Changes what decides who is next, and has that one look. */
    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            wakeNext();
        } finally {
            lock.unlock();
        }
    }

    private void wakeNext() {
        Ticket next = nextInLine();
        if (next != null) {
            line.wake(next);
        }
    }

    private @Nullable Ticket nextInLine() {
        Ticket doubted = state.doubtedTicket();
        return doubted != null ? doubted : line.next(state.trouble() != null);
    }

    /**
     * Gives a permit back after its call.
     *
     * @param caller whose call it was
     * @return how far failures reach, so that the event is not blamed for what is everybody's
     */
    public Spread leave(Permit permit, Caller caller, CallOutcome outcome) {
        lock.lock();
        try {
            int callsInVain = state.failedProbes();
            Spread spread = state.returned(permit, caller, outcome);
            if (outcome.isInVain()) {
                latestTrouble = outcome.text();
            }
            note(state.byProvider(), callsInVain);
            if (outcome instanceof CallOutcome.Connected) {
                freedSlots.taken(permit, nanos.getAsLong());
            }
            // Who was refused comes again.
            if (!(outcome instanceof CallOutcome.Busy)) {
                lookWhetherAnybodyWaits();
            }
            ended.signalAll();
            wakeNext();
            return spread;
        } finally {
            lock.unlock();
        }
    }

    private void note(@Nullable HoldReason byProvider, int callsInVain) {
        if (byProvider == null) {
            notice.opened(callsInVain, line.size());
        } else {
            notice.holds(byProvider, Objects.requireNonNull(latestTrouble, "what holds the gate was an answer"));
            waiting.forEach(notice::waits);
        }
    }

    /**
     * Says in the log what there is to say: that the provider has held the gate for some seconds, or that it does no more. To be
     * called every {@link #LOOK_INTERVAL}, by a thread that works on no event: whom a line is about, it says itself.
     */
    public void sayWhetherHeld() {
        List<HoldNotice.Line> due;
        lock.lock();
        try {
            due = notice.due(line.size(), state.failedInARow());
        } finally {
            lock.unlock();
        }
        for (HoldNotice.Line said : due) {
            if (said.held()) {
                LOG.warn("Tenant {}: {}", name, said.text());
            } else {
                LOG.info("Tenant {}: {}", name, said.text());
            }
        }
    }

    /** Gives a permit back that no call was made with. */
    public void leaveUnused(Permit permit) {
        change(() -> {
            state.unused(permit);
            ended.signalAll();
        });
    }

    private void lookWhetherAnybodyWaits() {
        if (line.size() == 0 && state.underWay() == 0) {
            freedSlots.nobodyWaits();
        }
    }

    /**
     * A session of these credentials was ended, and its slot of the plan is free, as far as is known: where the provider had
     * no room, whoever is next is tried at once. If that is refused, too, the pause begins anew.
     */
    public void slotFreed() {
        change(() -> {
            state.slotFreed();
            if (someoneMayTakeASlot()) {
                freedSlots.freed(nanos.getAsLong());
            }
        });
    }

    /** For a batch event that waits behind the reserve, it is not the slot that is missing. */
    private boolean someoneMayTakeASlot() {
        return line.size() > line.batch() || (line.batch() > 0 && !state.isReserved());
    }

    /**
     * Has it told how long after the end of a session there was a room for an event that waited then.
     *
     * @param listener called under the gate's lock
     */
    public void onFreedSlotTaken(Consumer<Duration> listener) {
        change(() -> freedSlots.onTaken(listener));
    }

    /**
     * Bounds how many sessions are open: calls wait while as many are known to be, together with the calls that are under way and
     * the rooms that nobody has {@link RoomSlot#settle settled} yet; and those of batch events while no more are free than are
     * kept for live callers.
     *
     * @param open those that are known to be open; called under the gate's lock, so that it must not wait, nor come back here.
     *     Whoever counts them says so with {@link #sessionsChanged} when they are fewer
     */
    public void boundSessions(SessionRules rules, LongSupplier open) {
        change(() -> {
            state.boundSessions(rules, open);
            bounded = true;
        });
    }

    /** Fewer sessions are known to be open: whoever waits for that is woken. */
    public void sessionsChanged() {
        if (bounded) {
            change(() -> {});
        }
    }

    /** See {@link RoomSlot#settle}. */
    void roomSettled(Permit permit) {
        if (bounded) {
            change(() -> state.roomSettled(permit));
        }
    }

    /** Calls are made with other credentials from now on. */
    public void credentialsChanged() {
        change(state::credentialsChanged);
    }

    /** The replica's part of the fleet's numbers has changed. Calls that are under way go on. */
    public void share(Share share) {
        change(() -> state.share(share));
    }

    /** Waits until no more calls are under way than the replica's share allows; whether that came true in time. */
    public boolean awaitWithinShare(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(patience);
            while (!state.isWithinShare() && left > 0) {
                left = ended.awaitNanos(left);
            }
            return state.isWithinShare();
        } finally {
            lock.unlock();
        }
    }

    /** Whose turn is next; empty if nobody waits. */
    public Optional<Ticket> next() {
        lock.lock();
        try {
            return Optional.ofNullable(nextInLine());
        } finally {
            lock.unlock();
        }
    }

    /** Whose calls these are, and to which host. */
    public String name() {
        return name;
    }

    /** How the gate is at this moment. */
    public GateStatus status() {
        lock.lock();
        try {
            HoldReason hold = state.hold();
            String cause = hold != null && hold.isByProvider() ? latestTrouble : null;
            return new GateStatus(
                    hold,
                    cause,
                    line.size(),
                    line.batch(),
                    line.batch() > 0 && state.isReserved(),
                    state.underWay(),
                    state.limit(),
                    state.sessions());
        } finally {
            lock.unlock();
        }
    }
}
