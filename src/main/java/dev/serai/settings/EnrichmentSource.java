package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One source in which references of events are looked up. {@code config/README.md} has every key with its default, bounds
 * and meaning.
 *
 * <p>Values that come from {@link Settings#load} are within their bounds. Immutable; {@code toString} shows no secret.
 *
 * @param system what is asked
 * @param required whether an event fails when the source fails until the event's deadline; if not, it goes on without
 * @param timeout for one look-up as a whole, as long as one event waits for it
 * @param maxConcurrent look-ups at once, at least 1
 * @param cacheTtl how long an answer is used again; zero or more
 * @param staleTtl how much longer it is used while the source fails; zero or more
 * @param cacheEntries answers that are kept, at least 1
 * @param breakerPause how long a source that keeps failing is not asked
 * @param shape what its answers look like
 */
public record EnrichmentSource(
        System system,
        boolean required,
        Duration timeout,
        int maxConcurrent,
        Duration cacheTtl,
        Duration staleTtl,
        int cacheEntries,
        Duration breakerPause,
        Shape shape) {

    /** An HTTP source without credentials, with the default of every other setting. */
    public static EnrichmentSource http(URI baseUrl, Duration timeout) {
        return new EnrichmentSource(
                new System.Http(baseUrl, "Authorization", null, null, null, null),
                false,
                timeout,
                16,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                10_000,
                Duration.ofSeconds(5),
                new Shape(null, "name", "description", "text", null));
    }

    /** What is asked. */
    @SuppressWarnings("JavaLangClash") // to be written EnrichmentSource.System, not imported
    public sealed interface System {
        /** As the setting {@code type} has it. */
        default String type() {
            return switch (this) {
                case Http http -> "http";
                case Sql sql -> "sql";
                case KafkaTable table -> "kafka-table";
                case File file -> "file";
                case Route route -> "route";
            };
        }

        /**
         * A web service.
         *
         * @param baseUrl without a slash at its end and without a query: append the reference
         * @param header the header that {@code headerValue} goes out in
         * @param headerValue null: no such header goes out
         * @param headerValueFile where {@code headerValue} was read from, to be read again with {@link SecretFile}; null:
         *     it is from the environment
         * @param trustStore PKCS12, JKS or PEM, readable at start-up; null: what the JDK trusts
         * @param trustStorePassword null if {@code trustStore} is, or has none
         */
        record Http(
                URI baseUrl,
                String header,
                @Nullable Secret headerValue,
                @Nullable Path headerValueFile,
                @Nullable Path trustStore,
                @Nullable Secret trustStorePassword)
                implements System {}

        /**
         * A database.
         *
         * @param jdbcUrl without a password
         * @param user null: none
         * @param password null if {@code user} is, or has none
         * @param passwordFile where {@code password} was read from, to be read again with {@link SecretFile}; null: it is
         *     from the environment
         * @param query has the reference as {@code :#reference}, if at all, and no expression
         */
        record Sql(
                String jdbcUrl,
                @Nullable String user,
                @Nullable Secret password,
                @Nullable Path passwordFile,
                String query)
                implements System {}

        /**
         * A compacted topic that is read into memory.
         *
         * @param topic none of Serai's own four
         */
        record KafkaTable(String topic) implements System {}

        /**
         * A file that is read into memory.
         *
         * @param path readable at start-up; its name ends with {@code .json} or {@code .csv}
         * @param keyColumn the column with the reference, of a CSV file only
         */
        record File(Path path, String keyColumn) implements System {}

        /**
         * A route of the user's own.
         *
         * @param route its id; whether there is such a route was not checked
         */
        record Route(String route) implements System {}
    }

    /**
     * What answers look like.
     *
     * @param elementsField of an answer, with the array of the scene's elements; null: the answer is the array
     * @param nameField of an element
     * @param descriptionField of an element
     * @param textField of an answer, with the text of the dynamic information
     * @param template readable at start-up; makes that text instead; null: none
     */
    public record Shape(
            @Nullable String elementsField,
            String nameField,
            String descriptionField,
            String textField,
            @Nullable Path template) {}
}
