package dev.serai.intake;

import dev.serai.engine.Delivery;
import dev.serai.engine.DeliveryRevokedException;
import dev.serai.engine.RecordRefusedException;
import dev.serai.engine.TopicWait;
import dev.serai.lane.LaneEndpoint;
import dev.serai.observe.DeadLetterLog;
import dev.serai.route.FailedStep;
import dev.serai.route.FailureText;
import dev.serai.route.ShownDefects;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a raw record when its route has ended: its events, or its dead letter, and its offset are committed in one
 * transaction. On the record's own thread, which waits for it, so that the next record of its key begins after it. What a step
 * has failed on becomes a dead letter.
 *
 * <p>While the start topic or the dead letter topic take no records at all, records wait; an event that is too large for the
 * start topic makes its raw record a dead letter, and a dead letter that is too large for its topic goes without its value.
 * Thread-safe.
 */
public final class SettleRawRecord {
    private static final Logger LOG = LoggerFactory.getLogger(SettleRawRecord.class);

    private static final String REJECT = "direct:reject-raw-record";

    private final ShownDefects shown = new ShownDefects();
    private final TopicWait waiting = new TopicWait(LOG, "Raw records wait, and those of their keys with them");
    private final String deadLetterTopic;
    private final Set<String> needed;
    private final DeadLetterLog deadLetters;
    private final ProducerTemplate routes;

    /**
     * @param startTopic without which no record can be mapped
     * @param deadLetterTopic without which none can be rejected
     * @param routes to send a record to the reject route with, once Camel has started
     */
    public SettleRawRecord(
            String startTopic, String deadLetterTopic, DeadLetterLog deadLetters, ProducerTemplate routes) {
        this.deadLetterTopic = deadLetterTopic;
        needed = Set.of(startTopic, deadLetterTopic);
        this.deadLetters = deadLetters;
        this.routes = routes;
    }

    SynchronizationAdapter whenDone(RawRecord raw) {
        raw.intake().held().add(raw.held());
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                try {
                    settle(raw, exchange);
                } finally {
                    raw.delivery().end();
                    raw.intake().held().remove(raw.held());
                }
            }
        };
    }

    private void settle(RawRecord raw, Exchange exchange) {
        Delivery delivery = raw.delivery();
        if (!delivery.isRevoked()) {
            // Of a step that has left it behind: it is not for the commit.
            Thread.interrupted();
        }
        try {
            Exception failure = exchange.getException();
            if (delivery.hasBegun() && failure != null && !isLeftToNextOwner(exchange, delivery)) {
                rejectDefect(raw, failure);
                exchange.setException(null);
            }
            if (raw.isSettled()) {
                commit(raw);
            } else if (delivery.isRevoked() || !delivery.hasBegun()) {
                LOG.debug("Left to the next owner of its partition");
            } else {
                LOG.error(
                        "The route of intake {} ended with neither events nor a dead letter noted: {} stays uncommitted,"
                                + " and is mapped again after a restart. note-mapped must come behind the steps that publish",
                        raw.intake().name(),
                        delivery);
            }
        } catch (DeliveryRevokedException e) {
            LOG.debug("Dropped: {}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.error(
                    "Interrupted before its commit: {} stays uncommitted, and is mapped again after a restart",
                    delivery);
        }
    }

    /** Whatever its step has made of the interrupt. */
    private static boolean isLeftToNextOwner(Exchange exchange, Delivery delivery) {
        return LaneEndpoint.isStopped(exchange) || delivery.isRevoked();
    }

    private void rejectDefect(RawRecord raw, Exception failure) {
        String place = FailedStep.of(failure).map(step -> " in " + step).orElse("");
        LOG.error(
                "Rejected by a defect{}: the raw record at {} becomes a dead letter; {}",
                place,
                raw.delivery(),
                FailureText.of(failure),
                shown.isNews(place, failure) ? failure : null);
        String forOthers = FailureText.forOthers(FailureText.root(failure), place, "record");
        reject(raw, Failure.of(ErrorCategory.INTERNAL_ERROR, forOthers));
    }

    private void reject(RawRecord raw, Failure reason) {
        raw.fail(reason);
        Exchange rejected = routes.send(REJECT, raw::attachTo);
        if (rejected.getException() != null) {
            LOG.error("A raw record cannot be rejected", rejected.getException());
        }
    }

    private void commit(RawRecord raw) throws InterruptedException {
        Delivery delivery = raw.delivery();
        while (raw.isSettled()) {
            try {
                delivery.commit();
                waiting.over("Raw records are committed again");
                count(raw);
                return;
            } catch (RecordRefusedException e) {
                if (e.isOutOfTime() && delivery.outbox().hasTimestamps(e.topic())) {
                    delivery.outbox().forgetTimestamps(e.topic());
                } else if (e.isTooLarge() && e.topic().equals(deadLetterTopic) && raw.shortenDeadLetter()) {
                    rejectShortened(raw, e);
                } else if (needed.contains(e.topic())
                        && (!e.isTooLarge() || e.topic().equals(deadLetterTopic))) {
                    waiting.await(delivery, e);
                } else {
                    reject(
                            raw,
                            Failure.of(
                                    e.isTooLarge() ? ErrorCategory.INVALID_EVENT : ErrorCategory.INTERNAL_ERROR,
                                    "what it was mapped to is not taken: " + e.getMessage()));
                }
            }
        }
    }

    /** The record itself stays where it is, and other systems say how large theirs may be: it is to stop no others. */
    private void rejectShortened(RawRecord raw, RecordRefusedException refused) {
        Failure failure = Objects.requireNonNull(raw.failure(), "only what is rejected becomes a dead letter");
        String kept = "left out here for its size, and is where serai-original-offset says";
        reject(
                raw,
                Json.text(failure.detail()).contains(kept)
                        ? failure
                        : failure.noting("its value is " + kept + ": " + refused.getMessage()));
    }

    private void count(RawRecord raw) {
        Failure failure = raw.failure();
        if (failure == null) {
            raw.intake().metrics().mapped(raw.events(), raw.ignored());
        } else {
            raw.intake().metrics().rejected(failure.category());
            deadLetters.deadLetter(raw.delivery().toString(), null, failure);
        }
    }
}
