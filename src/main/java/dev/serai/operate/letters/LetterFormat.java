package dev.serai.operate.letters;

import dev.serai.wire.OriginalRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Who wrote a dead letter, by the headers that say why it is one. */
enum LetterFormat {
    /** {@code schema/dead-letter-headers.json}. */
    SERAI(
            new Names(
                    "serai-original-topic",
                    "serai-original-partition",
                    "serai-original-offset",
                    List.of("serai-error-category"),
                    List.of("serai-error-detail")),
            "serai-"),
    /** Spring for Apache Kafka: {@code DeadLetterPublishingRecoverer}. Numbers are in 4 and 8 bytes. */
    SPRING(
            new Names(
                    "kafka_dlt-original-topic",
                    "kafka_dlt-original-partition",
                    "kafka_dlt-original-offset",
                    List.of("kafka_dlt-exception-cause-fqcn", "kafka_dlt-exception-fqcn"),
                    List.of("kafka_dlt-exception-message")),
            "kafka_dlt-",
            "retry_topic-"),
    /** Kafka Connect with {@code errors.deadletterqueue.context.headers.enable}. */
    CONNECT(
            new Names(
                    "__connect.errors.topic",
                    "__connect.errors.partition",
                    "__connect.errors.offset",
                    List.of("__connect.errors.exception.class.name", "__connect.errors.stage"),
                    List.of("__connect.errors.exception.message")),
            "__connect.errors."),
    /** Knative's delivery, whose extension attributes name where to and not where from. */
    KNATIVE(
            new Names(
                    null,
                    null,
                    null,
                    List.of("ce_knativeerrorcode", "knativeerrorcode"),
                    List.of("ce_knativeerrordata", "knativeerrordata")),
            "ce_knativeerror",
            "knativeerror"),
    /** Spring Cloud Stream's Kafka binder, and others that took its names. */
    X_ORIGINAL(
            new Names(
                    "x-original-topic",
                    "x-original-partition",
                    "x-original-offset",
                    List.of("x-exception-fqcn", "x-dlq-reason"),
                    List.of("x-exception-message", "x-dlq-error")),
            "x-original-",
            "x-exception-",
            "x-dlq-"),
    /** Nothing says anything. */
    PLAIN(new Names(null, null, null, List.of(), List.of()));

    @SuppressWarnings("ImmutableEnumChecker") // of strings, and of lists that nobody can change
    private final Names names;

    @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
    private final List<String> beginnings;

    private record Names(
            @Nullable String topic,
            @Nullable String partition,
            @Nullable String offset,
            List<String> reasons,
            List<String> details) {}

    LetterFormat(Names names, String... beginnings) {
        this.names = names;
        this.beginnings = List.of(beginnings);
    }

    /** The first, in the order of their declaration, of which the record has a header. */
    static LetterFormat of(OriginalRecord letter) {
        return Arrays.stream(values())
                .filter(format -> letter.headers().stream().anyMatch(header -> format.isOf(header.name())))
                .findFirst()
                .orElse(PLAIN);
    }

    /** Whether a header of that name came with the failure, and not with the event. */
    boolean isOf(String header) {
        return beginnings.stream()
                .anyMatch(beginning -> header.regionMatches(true, 0, beginning, 0, beginning.length()));
    }

    /** For people. */
    String text() {
        return switch (this) {
            case SERAI -> "Serai";
            case SPRING -> "Spring";
            case CONNECT -> "Kafka Connect";
            case KNATIVE -> "Knative";
            case X_ORIGINAL -> "x-original-topic";
            case PLAIN -> "none that is known";
        };
    }

    Optional<String> topic(OriginalRecord letter) {
        return text(letter, names.topic());
    }

    OptionalLong partition(OriginalRecord letter) {
        return number(letter, names.partition());
    }

    OptionalLong offset(OriginalRecord letter) {
        return number(letter, names.offset());
    }

    /** A category, or an exception's class without its package; {@code unknown} if nothing is said. */
    String reason(OriginalRecord letter) {
        return names.reasons().stream()
                .flatMap(name -> text(letter, name).stream())
                .map(reason -> reason.substring(Math.max(reason.lastIndexOf('.'), reason.lastIndexOf('$')) + 1))
                .filter(reason -> !reason.isBlank())
                .findFirst()
                .orElse("unknown");
    }

    /** Empty if nothing is said. */
    String detail(OriginalRecord letter) {
        return names.details().stream()
                .flatMap(name -> text(letter, name).stream())
                .findFirst()
                .orElse("");
    }

    private static Optional<String> text(OriginalRecord letter, @Nullable String header) {
        return header == null ? Optional.empty() : letter.headerText(header).filter(text -> !text.isEmpty());
    }

    /** As digits, or in the bytes of an {@code int} or a {@code long}, the highest first. */
    private static OptionalLong number(OriginalRecord letter, @Nullable String header) {
        byte[] value = header == null ? null : letter.header(header).orElse(null);
        if (value == null) {
            return OptionalLong.empty();
        }
        String text = new String(value, StandardCharsets.UTF_8);
        if (text.matches("\\d{1,18}")) {
            return OptionalLong.of(Long.parseLong(text));
        }
        return switch (value.length) {
            case Integer.BYTES -> OptionalLong.of(ByteBuffer.wrap(value).getInt());
            case Long.BYTES -> OptionalLong.of(ByteBuffer.wrap(value).getLong());
            default -> OptionalLong.empty();
        };
    }

    /** In output for machines. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
