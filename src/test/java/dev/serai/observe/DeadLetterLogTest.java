package dev.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class DeadLetterLogTest {
    private static final Logger OWN_LOG = LoggerFactory.getLogger(DeadLetterLogTest.class);
    private static final Failure EXPIRED = Failure.of(ErrorCategory.EXPIRED, "the deadline had passed");
    private static final Failure LONG = Failure.of(ErrorCategory.INVALID_EVENT, "x".repeat(1_000));

    @Test
    void deadLetter_isSaidWithRecordTenantCategoryAndWhy() {
        try (LogLines log = new LogLines(DeadLetterLogTest.class);
                DeadLetterLog deadLetters = new DeadLetterLog(OWN_LOG)) {
            deadLetters.deadLetter("offset 12 of conversation.start-3", "acme", EXPIRED);
            deadLetters.deadLetter("offset 13 of conversation.start-3", null, LONG);

            assertThat(log.with("Dead letter of"))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith("WARN")
                                    .contains(
                                            "Dead letter of offset 12 of conversation.start-3, tenant acme: expired: the"
                                                    + " deadline had passed"),
                            second -> assertThat(second)
                                    .contains("offset 13 of conversation.start-3: invalid_event: xxx")
                                    .hasSizeLessThan(500));
        }
    }

    @Test
    void manyDeadLetters_areCounted_andNoneIsLeftOutAtTheEnd() {
        try (LogLines log = new LogLines(DeadLetterLogTest.class);
                DeadLetterLog deadLetters = new DeadLetterLog(OWN_LOG)) {
            // The loop's first turn, at once, would begin a window in the middle.
            for (int i = 0; i < 200; i++) {
                deadLetters.deadLetter("offset " + i + " of conversation.start-3", "acme", EXPIRED);
            }
            deadLetters.deadLetter("offset 200 of conversation.start-3", "acme", LONG);
            deadLetters.endWindow();

            int said = log.with("Dead letter of").size();
            assertThat(said).isBetween(DeadLetterLog.LINES, 2 * DeadLetterLog.LINES);
            int left = log.with("And more dead letters in 10 s: ").stream()
                    .flatMap(line -> line.replaceAll(".*10 s: ", "")
                            .replaceAll("[a-z_]+", "")
                            .lines())
                    .flatMap(counts -> Arrays.stream(counts.split(",")))
                    .mapToInt(count -> Integer.parseInt(count.strip()))
                    .sum();
            assertThat(said + left).isEqualTo(201);
        }
    }

    @Test
    void nothing_isSaidOfAWindowWithoutAny() {
        try (LogLines log = new LogLines(DeadLetterLogTest.class);
                DeadLetterLog deadLetters = new DeadLetterLog(OWN_LOG)) {
            deadLetters.endWindow();

            assertThat(log.with("ead letter")).isEmpty();
        }
    }
}
