package dev.serai.settings;

import static java.util.Objects.requireNonNull;

import dev.serai.settings.Key.Flat;
import dev.serai.settings.Key.Text;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One source in which references of events are looked up: the settings {@code serai.sources.NAME.*}, declared as in
 * {@link SeraiSettings}. A type of source is a constant of {@link SourceType} and a record in {@link System}.
 *
 * <p>Values that come from {@link Settings#load} are within their bounds. Immutable; {@code toString} shows no secret.
 *
 * @param timeout for one look-up as a whole, as long as one event waits for it
 * @param system what is asked
 * @param shape what its answers look like
 */
public record EnrichmentSource(
        @Key
        @Text("What is asked. Each source needs it. `http`: a web service; `sql`: a database; `kafka-table`: a"
                + " compacted topic; `file`: a JSON or CSV file; `route`: a route of your own.")
        SourceType type,

        @Key(or = "optional")
        @Text("When the source fails: with `optional` the event goes on without; with `required` the source is asked"
                + " again until the event's deadline, and then the event fails.")
        Policy policy,

        @Key(or = "2s", in = "10ms to 1m") @Text("How long an event waits for one look-up.")
        Duration timeout,

        @Key(or = "16", in = "1 to 1000") @Text("Look-ups at once; also the size of the pool of connections.")
        int maxConcurrent,

        @Key(
                orByType = {"1m for http, sql and route", "0ms for kafka-table and file, which are in memory"},
                in = "0ms to 1d")
        @Text("How long an answer is used again.")
        Duration cacheTtl,

        @Key(or = "10m", in = "0ms to 7d") @Text("How much longer an answer is used while the source fails.")
        Duration staleTtl,

        @Key(or = "10000", in = "1 to 1000000") @Text("Answers that are kept.")
        int cacheEntries,

        @Key(or = "5s", in = "100ms to 10m") @Text("How long a source that keeps failing is left alone.")
        Duration breakerPause,

        System system,
        @Flat Shape shape) {

    /** An HTTP source without credentials, with the default of every other setting. */
    public static EnrichmentSource http(URI baseUrl, Duration timeout) {
        Map<String, String> some = Map.of(
                "serai.sources.some.type", "http",
                "serai.sources.some.base-url", "http://localhost",
                "serai.sources.some.timeout", timeout.toMillis() + "ms");
        try {
            EnrichmentSource source = requireNonNull(
                    Settings.load(Map.of(), null, some).values().sources().get("some"));
            return source.at(baseUrl);
        } catch (InvalidSettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** One that settings could not say: the port of what has not begun is 0. */
    private EnrichmentSource at(URI baseUrl) {
        return new EnrichmentSource(
                type,
                policy,
                timeout,
                maxConcurrent,
                cacheTtl,
                staleTtl,
                cacheEntries,
                breakerPause,
                new System.Http(baseUrl, "Authorization", null, null, null, null),
                shape);
    }

    /** Whether an event fails when the source fails until the event's deadline; if not, it goes on without. */
    public boolean required() {
        return policy == Policy.REQUIRED;
    }

    /** What becomes of an event when the source fails. */
    public enum Policy {
        OPTIONAL,
        REQUIRED
    }

    /** What is asked: what sources of one type have, and those of another have not. */
    @SuppressWarnings("JavaLangClash") // to be written EnrichmentSource.System, not imported
    public sealed interface System {
        /**
         * A web service.
         *
         * @param baseUrl without a slash at its end: append the reference
         * @param headerValue also if it is from {@code headerValueFile}; null: no such header goes out
         */
        record Http(
                @Key @Text("For http, which needs it: the reference is appended as the path's last part.")
                URI baseUrl,

                @Key(is = Kind.HEADER_NAME, or = "Authorization")
                @Text("For http: the header that the header's value goes out in.")
                String header,

                @Key(is = Kind.HEADER_VALUE)
                @Text("For http: such as `Bearer abc`; an error in a file or on the command line. Not set, nor a file:"
                        + " no such header goes out.")
                @Nullable
                Secret headerValue,

                @Key(is = Kind.HEADER_VALUE_FILE)
                @Text("For http: a file that holds the header's value, in place of the value itself; read again when"
                        + " it changes.")
                @Nullable
                HeldSecret headerValueFile,

                @Key @Text("For http: PKCS12, JKS, or PEM certificates, trusted in place of the JDK's.") @Nullable
                Path trustStore,

                @Key(is = Kind.PASSWORD, needs = "trust-store")
                @Text("For http: of the trust store, when it has one; an error in a file or on the command line.")
                @Nullable
                Secret trustStorePassword)
                implements System {}

        /**
         * A database.
         *
         * @param jdbcPassword also if it is from {@code jdbcPasswordFile}; null if the user is, or has none
         */
        record Sql(
                @Key(is = Kind.JDBC_URL)
                @Text("For sql, which needs it: such as `jdbc:postgresql://db.example/crm?sslmode=verify-full`.")
                String jdbcUrl,

                @Key @Text("For sql: the database's user.") @Nullable
                String jdbcUser,

                @Key(is = Kind.PASSWORD, needs = "jdbc-user")
                @Text("For sql: of the user, when it has one; an error in a file or on the command line.")
                @Nullable
                Secret jdbcPassword,

                @Key(is = Kind.PASSWORD_FILE, needs = "jdbc-user")
                @Text("For sql: a file that holds the password, in place of the password itself; read again when it"
                        + " changes.")
                @Nullable
                HeldSecret jdbcPasswordFile,

                @Key(is = Kind.QUERY)
                @Text("For sql, which needs it: `:#reference` in it is the reference, as a parameter of the statement."
                        + " Expressions are refused.")
                String query)
                implements System {}

        /**
         * A compacted topic that is read into memory.
         *
         * @param topic none of Serai's own four
         */
        record KafkaTable(
                @Key(is = Kind.TOPIC)
                @Text("For kafka-table, which needs it: the compacted topic whose keys are the references.")
                String topic)
                implements System {}

        /** A file that is read into memory. */
        record File(
                @Key(is = Kind.DATA_FILE) @Text("For file, which needs it: the file.")
                Path path,

                @Key(or = "key") @Text("For file, if it is CSV: the column with the reference.")
                String keyColumn)
                implements System {}

        /**
         * A route of the user's own.
         *
         * @param route whether there is such a route was not checked
         */
        record Route(
                @Key(is = Kind.ROUTE_ID)
                @Text("For route, which needs it: the id of a route of your own, such as `enrich-weather`.")
                String route)
                implements System {}
    }

    /** What answers look like. */
    public record Shape(
            @Key(is = Kind.WORD)
            @Text("Field with the array of the scene's elements, if an answer is an object. Not set: the answer is the"
                    + " array itself.")
            @Nullable
            String elementsField,

            @Key(is = Kind.WORD, or = "name") @Text("Field of a scene's element with its name.")
            String nameField,

            @Key(is = Kind.WORD, or = "description") @Text("Field of a scene's element with its description.")
            String descriptionField,

            @Key(is = Kind.WORD, or = "text") @Text("Field of an answer with the text of the dynamic information.")
            String textField,

            @Key @Text("A template that makes that text of an answer's fields instead.") @Nullable
            Path template) {}
}
