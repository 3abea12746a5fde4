package dev.serai.session;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sessions of {@link OpenSessions} in the orders of what happens to them, and their sums. For use under its lock. */
final class OpenOrder {
    private static final Comparator<OpenEntry> BY_TIME =
            Comparator.comparing((OpenEntry entry) -> entry.until).thenComparingLong(entry -> entry.number);

    /** Those that count as open. */
    private final NavigableSet<OpenEntry> counting = new TreeSet<>(BY_TIME);

    /** All others. */
    private final NavigableSet<OpenEntry> late = new TreeSet<>(BY_TIME);

    private final NavigableSet<OpenEntry> byClose =
            new TreeSet<>(Comparator.comparing(OpenOrder::closeAt).thenComparingLong(entry -> entry.number));
    private final SequencedSet<OpenEntry> withReply = new LinkedHashSet<>();
    private final Map<String, Long> openOfTenant = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private final long mostReplyBytes;
    private long replyBytes;

    /** @param mostReplyBytes of replies that are kept: beyond it the earliest are dropped */
    OpenOrder(long mostReplyBytes) {
        this.mostReplyBytes = mostReplyBytes;
    }

    private static Instant closeAt(OpenEntry entry) {
        return Objects.requireNonNull(entry.session.closeAt());
    }

    int size() {
        return counting.size() + late.size();
    }

    long replyBytes() {
        return replyBytes;
    }

    long open(String tenant) {
        return openOfTenant.getOrDefault(tenant, 0L);
    }

    /** The tenants whose numbers have changed since the last call. */
    Set<String> takeChanged() {
        if (changed.isEmpty()) {
            return Set.of();
        }
        Set<String> taken = Set.copyOf(changed);
        changed.clear();
        return taken;
    }

    void add(OpenEntry entry, Instant now) {
        if (entry.overAt.isAfter(now)) {
            entry.counts = true;
            entry.until = entry.overAt;
            counting.add(entry);
            openOfTenant.merge(entry.session.tenant(), 1L, Long::sum);
            changed.add(entry.session.tenant());
        } else {
            late.add(entry);
        }
        if (entry.session.closeAt() != null) {
            byClose.add(entry);
        }
        if (entry.replyBytes() > 0) {
            withReply.add(entry);
            replyBytes += entry.replyBytes();
        }
        while (replyBytes > mostReplyBytes) {
            dropReply(withReply.getFirst());
        }
    }

    /** Keeps its id and time only. */
    void dropReply(OpenEntry entry) {
        if (withReply.remove(entry)) {
            replyBytes -= entry.replyBytes();
        }
        entry.session = entry.session.withoutReply();
    }

    /** It counts as over, and is still known. */
    void idled(OpenEntry entry) {
        takeOut(entry);
        entry.until = entry.forgottenAt;
        late.add(entry);
    }

    /** Somebody is ending it: it counts until {@link #over}, or until its time is over. */
    void ended(OpenEntry entry) {
        if (entry.ended) {
            return;
        }
        dropReply(entry);
        if (entry.session.closeAt() != null) {
            byClose.remove(entry);
        }
        entry.ended = true;
        if (!entry.counts) {
            stayUntilOverAt(entry);
        }
    }

    /** It is not open any more, and stays here as long as it would have counted as open. */
    void over(OpenEntry entry) {
        ended(entry);
        if (entry.counts) {
            stayUntilOverAt(entry);
        }
    }

    private void stayUntilOverAt(OpenEntry entry) {
        takeOut(entry);
        entry.until = entry.overAt;
        late.add(entry);
    }

    void remove(OpenEntry entry) {
        ended(entry);
        takeOut(entry);
    }

    private void takeOut(OpenEntry entry) {
        if (entry.counts) {
            counting.remove(entry);
            entry.counts = false;
            openOfTenant.computeIfPresent(entry.session.tenant(), (tenant, open) -> open == 1 ? null : open - 1);
            changed.add(entry.session.tenant());
        } else {
            late.remove(entry);
        }
    }

    /** The one that is missed least: one that does not count as open, if there is any. */
    OpenEntry first() {
        return late.isEmpty() ? counting.first() : late.first();
    }

    /** When the first of a tenant's that count as open is over, or is to be ended. Looks at those of others that are before. */
    Optional<Instant> nextOver(String tenant) {
        Stream<Instant> over = counting.stream()
                .filter(entry -> entry.session.tenant().equals(tenant))
                .map(entry -> entry.until)
                .limit(1);
        Stream<Instant> closed = byClose.stream()
                .filter(entry -> entry.counts && entry.session.tenant().equals(tenant))
                .map(OpenOrder::closeAt)
                .limit(1);
        return Stream.concat(over, closed).min(Comparator.naturalOrder());
    }

    /** One that counts as open, and whose time is over; null if there is none. */
    @Nullable
    OpenEntry idle(Instant now) {
        return first(counting, now);
    }

    /** One that is not to be known any more, or null if there is none. */
    @Nullable
    OpenEntry forgotten(Instant now) {
        return first(late, now);
    }

    private static @Nullable OpenEntry first(NavigableSet<OpenEntry> entries, Instant now) {
        return entries.isEmpty() || entries.first().until.isAfter(now) ? null : entries.first();
    }

    /** One that is to be ended by now, or null if there is none. */
    @Nullable
    OpenEntry due(Instant now) {
        return byClose.isEmpty() || closeAt(byClose.first()).isAfter(now) ? null : byClose.first();
    }
}
