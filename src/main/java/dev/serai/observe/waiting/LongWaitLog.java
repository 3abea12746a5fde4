package dev.serai.observe.waiting;

import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.Elapsed;
import dev.serai.observe.LogFields;
import dev.serai.observe.waiting.HeldEvents.Ahead;
import dev.serai.wire.OriginalRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Says in the log of an event that is older than {@link #OLD} what it is at: once for each event, and where there are many, as
 * in an outage, of the first {@link #LINES} in {@link #WINDOW}, and how many more there are. Looks every {@link #INTERVAL}.
 * Thread-safe.
 */
public final class LongWaitLog implements AutoCloseable {
    /** Since it was published: most callers have left by then. */
    static final Duration OLD = Duration.ofMinutes(1);

    static final Duration INTERVAL = Duration.ofSeconds(10);

    static final int LINES = 5;

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Logger log;
    private final HeldEvents held;
    private final EventState state;
    private final InstantSource clock;
    private final BackgroundLoop turns;

    // Guarded by this.
    private Instant windowEnd = Instant.MIN;
    private int saidInWindow;
    private int unsaid;

    /**
     * @param ids of events that are not decoded; reads the record
     * @param kafka why no event can be committed, and none is called for; empty while they can
     */
    public LongWaitLog(
            HeldEvents held,
            Function<OriginalRecord, String> ids,
            Supplier<Optional<String>> kafka,
            InstantSource clock) {
        this(LoggerFactory.getLogger(LongWaitLog.class), held, new EventState(ids, kafka), clock);
    }

    /** @param log where it is said */
    LongWaitLog(Logger log, HeldEvents held, EventState state, InstantSource clock) {
        this.log = log;
        this.held = held;
        this.state = state;
        this.clock = clock;
        turns = BackgroundLoop.start("serai-long-wait-log", INTERVAL, this::turn);
    }

    /** Says what is new. */
    synchronized void turn() {
        Instant now = clock.instant();
        List<HeldEvent> old = held.oldestFirst()
                .takeWhile(event -> event.age(now).compareTo(OLD) >= 0)
                .filter(HeldEvent::isNews)
                .toList();
        if (!now.isBefore(windowEnd)) {
            sayMore();
            windowEnd = now.plus(WINDOW);
            saidInWindow = 0;
        }
        boolean mayBeSaid = saidInWindow < LINES;
        List<HeldEvent> said = old.subList(0, Math.min(LINES - saidInWindow, old.size()));
        Map<HeldEvent, Ahead> ahead =
                held.ahead(said.stream().filter(HeldEvent::isQueued).toList());
        said.forEach(event -> say(event, ahead.get(event), now));
        saidInWindow += said.size();
        unsaid += old.size() - said.size();
        if (mayBeSaid) {
            sayMore();
        }
    }

    private void sayMore() {
        if (unsaid > 0) {
            log.info("And {} more events are older than {} s: ./serai waiting lists them", unsaid, OLD.toSeconds());
            unsaid = 0;
        }
    }

    @SuppressWarnings("try") // the log's fields, for as long as the block runs
    private void say(HeldEvent event, @Nullable Ahead ahead, Instant now) {
        EventState.Current current = state.of(event, ahead);
        String tenant = event.tenant();
        Instant deadline = event.deadline();
        String key = state.key(event);
        try (var id = MDC.putCloseable(LogFields.EVENT_ID, state.id(event));
                var conversation = MDC.putCloseable(LogFields.CONVERSATION_KEY, key)) {
            log.info(
                    "The event {}{} is {} old: {}, for {}{}",
                    event.record(),
                    tenant == null ? "" : " of tenant " + tenant,
                    Elapsed.inTwoUnits(event.age(now)),
                    current.text(),
                    Elapsed.inTwoUnits(current.since()),
                    deadline == null ? "" : "; " + left(Duration.between(now, deadline)));
        }
    }

    private static String left(Duration left) {
        return left.isNegative()
                ? "its deadline passed " + Elapsed.inTwoUnits(left.negated()) + " ago"
                : "its deadline comes in " + Elapsed.inTwoUnits(left);
    }

    @Override
    public void close() {
        turns.close();
    }
}
