package dev.serai.conversation;

import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import dev.serai.wire.EndConversation;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.TraceContext;
import dev.serai.wire.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An end event's turn: what its conversation has open is ended at the provider, as far as the event concerns it, all at once.
 * What the provider has not said to be over stays known, and another end event tries it again. Thread-safe.
 */
public final class EndSessions implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(EndSessions.class);

    private final OpenSessions open;
    private final SessionEnder ender;
    private final Duration patience;

    /** @param patience for the provider; the next event of the conversation waits as long */
    public EndSessions(OpenSessions open, SessionEnder ender, Duration patience) {
        this.open = open;
        this.ender = ender;
        this.patience = patience;
    }

    /** For the route's filter: whether the event ends its conversation. */
    public boolean isDue(Exchange exchange) {
        return EventInFlight.of(exchange).read().isEnd();
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        EventInFlight inFlight = EventInFlight.of(exchange);
        // What is known is of the partitions of this process.
        inFlight.delivery().requireKept();
        EndConversation end = inFlight.read().end();
        OriginalRecord original = inFlight.original();
        byte[] key = Objects.requireNonNull(original.key(), "an end event has a key");
        Optional<TraceContext> trace = CloudEvent.traceOf(original);
        List<CompletableFuture<Boolean>> endings = new ArrayList<>();
        for (OpenSession session : open.toEnd(original.partition(), key)) {
            if (end.concerns(session.tenant(), session.characterId())) {
                endings.add(ender.end(session.tenant(), session.sessionIds(), EndCause.END_EVENT, trace)
                        .thenApply(isOver -> isOver && noted(original.partition(), key, session)));
            }
        }
        inFlight.delivery().await(() -> awaitAll(endings));
        int left = (int) endings.stream().filter(ending -> !isOver(ending)).count();
        LOG.debug("Ended {} sessions of the conversation, {} are left", endings.size() - left, left);
        inFlight.sessionsEnded(endings.size() - left, left);
    }

    /** At once, for somebody may wait for its slot; whatever becomes of the others. */
    private boolean noted(int partition, byte[] key, OpenSession session) {
        open.ended(partition, key, session);
        return true;
    }

    private static boolean isOver(CompletableFuture<Boolean> ending) {
        return ending.isDone() && !ending.isCompletedExceptionally() && ending.join();
    }

    /** Whether all have come to something in time. */
    private boolean awaitAll(List<CompletableFuture<Boolean>> endings) throws InterruptedException {
        try {
            CompletableFuture.allOf(endings.toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }
}
