package dev.serai.source.kind;

import com.zaxxer.hikari.HikariDataSource;
import dev.serai.http.BoundedHttpClient;
import dev.serai.http.Credentials;
import dev.serai.http.HttpClientWatch;
import dev.serai.http.Transport;
import dev.serai.http.TrustStore;
import dev.serai.loop.UnusableFileException;
import dev.serai.settings.EnrichmentSource;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.Secret;
import dev.serai.settings.SecretFileWatch;
import dev.serai.source.SourceFailedException;
import dev.serai.source.table.FileTable;
import dev.serai.source.table.TopicTable;
import dev.serai.table.Columns;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.sql.SqlConstants;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The systems behind the sources, each with the route that asks it and the beans which that route names: HTTP clients,
 * pools of database connections, tables in memory. For one thread.
 */
final class SourceSystems implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceSystems.class);

    /** More than any scene has elements. */
    private static final int MAX_ROWS = 1_000;

    private static final Duration FILE_CHECKS = Duration.ofSeconds(1);

    /** More than a million records take; a topic that is larger is read on while the service runs. */
    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(60);

    /** As most databases have it: {@code jdbc:postgresql://host:port/database}. */
    private static final Pattern JDBC_HOST = Pattern.compile("^jdbc:[^/]+//(?:[^/@]*@)?([^/?;]+)");

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Map<String, Object> kafkaProperties;
    private final MeterRegistry meters;
    private final List<HttpClientWatch> watches = new ArrayList<>();
    private final List<SourceRoutes.Instance> routes = new ArrayList<>();
    private final List<Bean<?>> beans = new ArrayList<>();
    private final Map<String, String> ownRoutes = new TreeMap<>();
    private final Map<String, TopicTable> topicTables = new HashMap<>();
    private final Map<String, String> topics = new TreeMap<>();
    private final Map<String, String> places = new TreeMap<>();
    private final Map<String, Path> files = new TreeMap<>();
    private final List<SecretFileWatch.Watched> secretFiles = new ArrayList<>();
    private final List<SourceTrials.Trial> trials = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private record Bean<T>(String name, Class<T> type, T bean) {
        void bindTo(Registry registry) {
            registry.bind(name, type, bean);
        }
    }

    SourceSystems(Map<String, Object> kafkaProperties, MeterRegistry meters) {
        this.kafkaProperties = kafkaProperties;
        this.meters = meters;
    }

    /**
     * Opens a source's system; one that is away is no reason to fail.
     *
     * @param fields what its answers are made of
     * @return the id of the route that asks it
     * @throws IllegalArgumentException if the source can never work as it is set; with the reason
     */
    String open(String name, EnrichmentSource source, Set<String> fields) {
        places.put(name, place(source.system()));
        return switch (source.system()) {
            case EnrichmentSource.System.Http http -> {
                HttpHost host = new HttpHost(http.baseUrl(), trustStore(http));
                tryLater(name, source, () -> host.trouble(SourceTrials.PATIENCE));
                beans.add(new Bean<>(
                        SourceRoutes.bean(name, "client"),
                        HttpClientConfigurer.class,
                        new BoundedHttpClient(
                                watch(name),
                                transport(source.timeout(), http),
                                source.maxConcurrent(),
                                SourceAnswer.MAX_BYTES,
                                headers(http))));
                yield route(
                        name, "source-http", Map.of("baseUrl", http.baseUrl().toString()));
            }
            case EnrichmentSource.System.Sql sql -> {
                HikariDataSource database = SourceDatabase.open(name, source, sql);
                open.add(database);
                tryLater(name, source, () -> SourceDatabase.trouble(database, sql.query(), SourceTrials.PATIENCE));
                watch(sql.jdbcPasswordFile(), password -> SourceDatabase.usePassword(database, password));
                beans.add(new Bean<>(SourceRoutes.bean(name, "database"), DataSource.class, database));
                bindStep(name, "query", exchange -> exchange.getMessage()
                        .setHeader(SqlConstants.SQL_QUERY, sql.query()));
                yield route(
                        name,
                        "source-sql",
                        Map.of(
                                "maxRows", Integer.toString(MAX_ROWS),
                                "statementSeconds", Long.toString(SourceDatabase.statementSeconds(source.timeout()))));
            }
            case EnrichmentSource.System.KafkaTable topic -> {
                TopicTable table = new TopicTable(name, kafkaProperties, topic.topic(), SourceAnswer.MAX_BYTES);
                open.add(table);
                topicTables.put(name, table);
                topics.put(name, topic.topic());
                bindTable(name, reference -> table.get(reference, source.timeout()));
                yield route(name, "source-kafka-table", Map.of());
            }
            case EnrichmentSource.System.File file -> {
                FileTable table = fileTable(name, file, fields);
                files.put(name, file.path());
                open.add(table);
                bindTable(name, table::get);
                yield route(name, "source-file", Map.of());
            }
            case EnrichmentSource.System.Route route -> {
                ownRoutes.put(name, route.route());
                yield route.route();
            }
        };
    }

    private void tryLater(String name, EnrichmentSource source, SourceTrials.Probe probe) {
        trials.add(new SourceTrials.Trial(name, place(source.system()), source.required(), probe));
    }

    private HttpClientWatch watch(String source) {
        HttpClientWatch watch = new HttpClientWatch("source " + source, meters);
        watches.add(watch);
        return watch;
    }

    private static String place(EnrichmentSource.System system) {
        return switch (system) {
            case EnrichmentSource.System.Http http -> "HTTP at " + http.baseUrl();
            case EnrichmentSource.System.Sql sql -> "SQL at " + sql.jdbcUrl();
            case EnrichmentSource.System.KafkaTable table -> "a table of topic " + table.topic();
            case EnrichmentSource.System.File file -> "file " + file.path();
            case EnrichmentSource.System.Route route -> "route " + route.route();
        };
    }

    /** Host and port, as far as the settings name them; empty if the system has none. */
    static String host(EnrichmentSource.System system) {
        return switch (system) {
            case EnrichmentSource.System.Http http -> http.baseUrl().getAuthority();
            case EnrichmentSource.System.Sql sql -> {
                Matcher host = JDBC_HOST.matcher(sql.jdbcUrl());
                yield host.find() ? host.group(1) : "";
            }
            case EnrichmentSource.System.KafkaTable table -> "";
            case EnrichmentSource.System.File file -> "";
            case EnrichmentSource.System.Route route -> "";
        };
    }

    private String route(String name, String template, Map<String, String> parameters) {
        routes.add(new SourceRoutes.Instance(name, template, parameters));
        return SourceRoutes.routeId(name);
    }

    private static Transport transport(Duration timeout, EnrichmentSource.System.Http http) {
        return new Transport(timeout, timeout, timeout, timeout, trustStore(http), null);
    }

    private static @Nullable TrustStore trustStore(EnrichmentSource.System.Http http) {
        Path file = http.trustStore();
        return file == null ? null : new TrustStore(file, Secret.revealed(http.trustStorePassword()));
    }

    private Map<String, Supplier<String>> headers(EnrichmentSource.System.Http http) {
        Map<String, Supplier<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", () -> "application/json");
        Secret first = http.headerValue();
        if (first != null) {
            Credentials value = new Credentials(first.reveal());
            headers.put(http.header(), value::key);
            watch(http.headerValueFile(), changed -> value.replace(changed.reveal()));
        }
        return headers;
    }

    private void watch(@Nullable HeldSecret file, Consumer<Secret> change) {
        if (file != null) {
            secretFiles.add(new SecretFileWatch.Watched(file.file(), file.secret(), change));
        }
    }

    private static FileTable fileTable(String name, EnrichmentSource.System.File file, Set<String> fields) {
        try {
            return new FileTable(name, file.path(), new Columns(file.keyColumn(), fields), FILE_CHECKS);
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException("serai.sources." + name + ".path: " + e.getMessage(), e);
        }
    }

    private interface Table {
        @Nullable
        Object get(String reference) throws SourceFailedException;
    }

    private void bindTable(String name, Table table) {
        bindStep(name, "table", exchange -> exchange.getMessage().setBody(table.get(reference(exchange))));
    }

    private static String reference(Exchange exchange) {
        return exchange.getMessage().getHeader(SourceRoute.REFERENCE, "", String.class);
    }

    private void bindStep(String name, String what, Processor step) {
        beans.add(new Bean<>(SourceRoutes.bean(name, what), Processor.class, step));
    }

    /** The routes that are to be made of templates. */
    List<SourceRoutes.Instance> routes() {
        return routes;
    }

    /** Users' own routes, by the names of their sources. */
    Map<String, String> ownRoutes() {
        return ownRoutes;
    }

    /** What their HTTP clients meet. */
    List<HttpClientWatch> watches() {
        return watches;
    }

    /** Those that can be tried without asking them anything. */
    List<SourceTrials.Trial> trials() {
        return trials;
    }

    /** The files that are held in memory, by the names of their sources. */
    Map<String, Path> files() {
        return files;
    }

    /** The topics that are held in memory, by the names of their sources. */
    Map<String, String> topics() {
        return topics;
    }

    void bindTo(Registry registry) {
        beans.forEach(bean -> bean.bindTo(registry));
    }

    /**
     * Begins to watch files with credentials, to try the systems and to read topics, and waits until these are read to their
     * ends, for as long as reading goes on, and not for ever. One that is not there is not waited for.
     */
    void start() throws InterruptedException {
        places.forEach((name, place) -> LOG.info("Source {}: {}", name, place));
        open.add(new SecretFileWatch(secretFiles));
        open.add(SourceTrials.begin(trials));
        topicTables.values().forEach(TopicTable::start);
        long until = System.nanoTime() + RESTORE_LIMIT.toNanos();
        for (Map.Entry<String, TopicTable> table : topicTables.entrySet()) {
            if (!awaitRestored(table.getValue(), until)) {
                LOG.warn(
                        "The topic of source {} is not read yet: events go on without it, or wait for it if it is required",
                        table.getKey());
            }
        }
    }

    private static boolean awaitRestored(TopicTable table, long until) throws InterruptedException {
        boolean restored = table.awaitRestored(Duration.ZERO);
        while (!restored && table.isReading() && System.nanoTime() - until < 0) {
            restored = table.awaitRestored(BETWEEN_LOOKS);
        }
        return restored;
    }

    @Override
    public void close() {
        // Who tries and watches before what is tried and watched.
        for (AutoCloseable system : open.reversed()) {
            try {
                system.close();
            } catch (Exception e) {
                LOG.warn("A source's system was not closed", e);
            }
        }
    }
}
