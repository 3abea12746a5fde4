package dev.serai.session;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sessions of {@link OpenSessions} in the orders of what happens to them, and their sums. For use under its lock. */
final class OpenOrder {
    private final NavigableSet<OpenEntry> byEnd = new TreeSet<>(
            Comparator.comparing((OpenEntry entry) -> entry.overAt).thenComparingLong(entry -> entry.number));
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
        return byEnd.size();
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

    void add(OpenEntry entry) {
        byEnd.add(entry);
        openOfTenant.merge(entry.session.tenant(), 1L, Long::sum);
        changed.add(entry.session.tenant());
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

    /** Somebody is ending it: it counts until {@link #over}. */
    void ended(OpenEntry entry) {
        if (entry.ended) {
            return;
        }
        dropReply(entry);
        if (entry.session.closeAt() != null) {
            byClose.remove(entry);
        }
        entry.ended = true;
    }

    /** It is not open any more, and stays here until its time is over. */
    void over(OpenEntry entry) {
        ended(entry);
        if (entry.counts) {
            openOfTenant.computeIfPresent(entry.session.tenant(), (tenant, open) -> open == 1 ? null : open - 1);
            changed.add(entry.session.tenant());
            entry.counts = false;
        }
    }

    void remove(OpenEntry entry) {
        over(entry);
        byEnd.remove(entry);
    }

    /** The one whose time is over first. */
    OpenEntry first() {
        return byEnd.first();
    }

    /** One whose time is over, or null if there is none. */
    @Nullable
    OpenEntry over(Instant now) {
        return byEnd.isEmpty() || byEnd.first().overAt.isAfter(now) ? null : byEnd.first();
    }

    /** One that is to be ended by now, or null if there is none. */
    @Nullable
    OpenEntry due(Instant now) {
        return byClose.isEmpty() || closeAt(byClose.first()).isAfter(now) ? null : byClose.first();
    }
}
