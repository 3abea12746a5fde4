package dev.serai.trial.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one sample came to.
 *
 * @param reply null if none came in time
 * @param deadLetter its category, null if there is none
 * @param took from publishing the event until its reply was read
 * @param problems differences from what the sample expects, one line each; empty if it is as expected
 */
public record SampleResult(
        Sample sample, @Nullable JsonNode reply, @Nullable String deadLetter, Duration took, List<String> problems) {

    /** Holds what came against what was expected. */
    static SampleResult of(
            Sample sample, @Nullable JsonNode reply, @Nullable String deadLetter, Duration took, List<JsonNode> calls) {
        Sample.Expected expected = sample.expected();
        List<String> problems = new ArrayList<>();
        if (reply == null) {
            problems.add("no reply within " + took.toSeconds() + " s");
        }
        if (expected == null) {
            return new SampleResult(sample, reply, deadLetter, took, List.copyOf(problems));
        }
        if (reply != null) {
            JsonExpectation.differences(expected.reply(), reply)
                    .forEach(difference -> problems.add("reply: " + difference));
        }
        if (!Objects.equals(expected.deadLetter(), deadLetter)) {
            problems.add("dead letter: should be " + expected.deadLetter() + ", was " + deadLetter);
        }
        ObjectNode call = expected.call();
        if (call != null
                && calls.stream().noneMatch(made -> JsonExpectation.differences(call, made)
                        .isEmpty())) {
            problems.add("provider: no call held " + call);
        }
        return new SampleResult(sample, reply, deadLetter, took, List.copyOf(problems));
    }

    /** Of one that waits for another one's reply, which has not come. */
    static SampleResult notPublished(Sample sample) {
        return new SampleResult(
                sample,
                null,
                null,
                Duration.ZERO,
                List.of("not published: there is no reply yet to " + sample.after()));
    }

    /** The reply's fields, also of one that is a CloudEvent; null if none came in time. */
    @Nullable
    JsonNode fields() {
        return reply != null && reply.has("specversion") ? reply.path("data") : reply;
    }

    /** Whether the sample says what it should come to. */
    public boolean isJudged() {
        return sample.expected() != null;
    }

    /** Whether nothing differs from what the sample expects; of one that expects nothing, whether there is a reply. */
    public boolean isAsExpected() {
        return problems.isEmpty();
    }

    /** The sample's name only: the reply holds secrets. */
    @Override
    public String toString() {
        return "SampleResult[" + sample.name() + "]";
    }
}
