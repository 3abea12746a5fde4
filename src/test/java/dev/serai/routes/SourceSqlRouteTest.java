package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenes and customers in PostgreSQL. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SourceSqlRouteTest {
    private static final String PASSWORD = "a secret of blanks and %";

    @TempDir
    private static Path directory;

    private static Path password;

    @AutoClose
    private static RunningSerai serai;

    private static SourceCases cases;

    @BeforeAll
    static void start() throws IOException {
        SharedPostgres.run(
                "DROP TABLE IF EXISTS scene_elements, customers",
                "DROP ROLE IF EXISTS serai",
                "CREATE ROLE serai LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE TABLE scene_elements (scene text, position int, name text, description text)",
                "INSERT INTO scene_elements VALUES ('harbour', 2, 'crane', 'blue'), ('harbour', 1, 'quay', null),"
                        + " ('harbour', 3, null, 'no name'), ('it''s', 1, 'quote', 'kept'),"
                        + " ('huge', 1, 'book', repeat('x', 5000000))",
                "CREATE TABLE customers (id text, name text, points numeric(10,2), since date, notes jsonb, gone text)",
                "INSERT INTO customers VALUES ('harbour', 'Ada', 12.50, '2024-02-29', '{\"pets\":[\"cat\",\"dog\"]}', null)",
                "GRANT SELECT ON scene_elements, customers TO serai");
        Path template = Files.writeString(directory.resolve("customer.txt"), """
                Customer {{name}}, {{points}} points, since {{since}}
                Left on {{gone}}
                Pets: {{notes.pets}}""");
        password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Map<String, String> settings = new TreeMap<>();
        for (String source : new String[] {"rooms", "people"}) {
            settings.put("serai.sources." + source + ".type", "sql");
            settings.put("serai.sources." + source + ".jdbc-url", SharedPostgres.jdbcUrl());
            settings.put("serai.sources." + source + ".jdbc-user", "serai");
            settings.put("serai.sources." + source + ".jdbc-password-file", password.toString());
            settings.put("serai.sources." + source + ".cache-ttl", "0s");
            settings.put("serai.sources." + source + ".stale-ttl", "0s");
            settings.put("serai.sources." + source + ".max-concurrent", "2");
            // Longer than a machine stands still, and much shorter than the statement that takes too long.
            settings.put("serai.sources." + source + ".timeout", "5s");
        }
        settings.put(
                "serai.sources.rooms.query",
                "select NAME, description from scene_elements where scene = :#reference or (:#tenant <> 'default')"
                        + " or (:#reference = 'slow' and pg_sleep(20) is null) order by position");
        settings.put(
                "serai.sources.people.query",
                "select name, points, since, notes, gone from customers where id = :#reference");
        settings.put("serai.sources.people.template", template.toString());
        settings.put("serai.enrich.scene-source", "rooms");
        settings.put("serai.enrich.dynamic-info-source", "people");
        serai = new RunningSerai(settings);
        cases = new SourceCases(serai);
    }

    @Test
    void rows_becomeSceneAndText() {
        ObjectNode event = event("harbour");

        JsonNode reply = cases.reply(event);

        assertThat(reply.at("/enrichment/scene/status").asText()).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("rooms");
        assertThat(reply.at("/enrichment/scene/notes/0").asText())
                .isEqualTo("scene: 1 of 3 elements left out (no name)");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("people");
        assertThat(cases.call(event).path("scene_description").toString())
                .isEqualTo("[{\"name\":\"quay\",\"description\":\"\"},{\"name\":\"crane\",\"description\":\"blue\"}]");
        assertThat(cases.call(event).at("/dynamic_info/text").asText())
                .isEqualTo("Customer Ada, 12.50 points, since 2024-02-29\nPets: cat, dog");
    }

    @Test
    void reference_isAParameterAndNoPartOfTheStatement() {
        ObjectNode event = event("it's");
        ObjectNode attack = event("' or '1'='1");

        assertThat(status(cases.reply(event), "scene")).isEqualTo("fresh");
        assertThat(cases.call(event).at("/scene_description/0/name").asText()).isEqualTo("quote");
        assertThat(status(cases.reply(attack), "scene")).isEqualTo("absent");
    }

    @Test
    void noRows_areNothingFound() {
        JsonNode reply = cases.reply(event("nowhere"));

        assertThat(status(reply, "scene")).isEqualTo("absent");
        assertThat(reply.at("/enrichment/dynamic_info/status").asText()).isEqualTo("absent");
    }

    @Test
    void rowsThatAreTooLong_areGoneOnWithout() {
        cases.assertGoesOnWithout(event("huge"), "scene");
    }

    @Test
    void passwordThatChanges_isReadAgain() throws IOException {
        String changed = PASSWORD + "-2";
        SharedPostgres.run(
                "ALTER ROLE serai PASSWORD '" + changed + "'",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'serai'");
        assertThat(status(cases.reply(event("harbour")), "scene"))
                .as("the old password")
                .isEqualTo("failed");

        Files.writeString(password, changed);

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> status(cases.reply(event("harbour")), "scene")
                .equals("fresh"));
    }

    @Test
    void statementThatTakesTooLong_isCancelled() {
        // The statement sleeps for each of the table's rows.
        long begun = System.nanoTime();
        cases.assertGoesOnWithout(event("slow"), "scene");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(50));
        assertThat(status(cases.reply(event("harbour")), "scene"))
                .as("the connections are there again")
                .isEqualTo("fresh");
    }

    @Test
    void connections_areNoMoreThanTheSettingSays_andReadOnly() throws Exception {
        cases.reply(event("harbour"));

        try (var connection = SharedPostgres.database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from pg_stat_activity where usename = 'serai'"
                        + " and application_name = 'serai'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isBetween(1, 4);
        }
    }
}
