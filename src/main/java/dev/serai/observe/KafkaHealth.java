package dev.serai.observe;

import dev.serai.loop.Counted;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while Kafka cannot be worked with, and when events were left without an answer. */
public final class KafkaHealth extends AbstractHealthCheck {
    private final KafkaWatch watch;
    private final IntSupplier unanswered;

    /** @param unanswered events that hold back their partition's offset until a restart */
    public KafkaHealth(KafkaWatch watch, IntSupplier unanswered) {
        super("serai", "kafka");
        this.watch = watch;
        this.unanswered = unanswered;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        int stuck = unanswered.getAsInt();
        builder.detail("brokers", watch.brokers()).detail("events_ended_without_answer", stuck);
        watch.problem().ifPresentOrElse(problem -> builder.message(problem).down(), () -> {
            if (stuck > 0) {
                builder.message(Counted.text(stuck, "event")
                                + " ended without an answer: the log says why; restart to run "
                                + (stuck == 1 ? "it" : "them") + " again")
                        .down();
            } else {
                builder.up();
            }
        });
    }
}
