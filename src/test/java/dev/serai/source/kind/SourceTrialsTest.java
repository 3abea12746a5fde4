package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogLines;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start says of sources that cannot be used, before any event needs them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SourceTrialsTest {
    private static final String PASSWORD = "s3cret-of-this-test-" + UUID.randomUUID();

    @TempDir
    private Path directory;

    @Test
    void sourcesThatCannotBeUsed_areWarnedOf_andTheServiceStarts() throws Exception {
        SharedPostgres.run("CREATE ROLE tried_reader LOGIN PASSWORD 'another-one'");
        String web = "web-" + UUID.randomUUID();
        String rows = "rows-" + UUID.randomUUID();
        Map<String, String> settings = new TreeMap<>();
        settings.put("serai.sources." + web + ".type", "http");
        settings.put("serai.sources." + web + ".base-url", "https://127.0.0.1:1/scenes");
        settings.put("serai.sources." + web + ".policy", "required");
        settings.put("serai.sources." + rows + ".type", "sql");
        settings.put("serai.sources." + rows + ".jdbc-url", SharedPostgres.jdbcUrl());
        settings.put("serai.sources." + rows + ".jdbc-user", "tried_reader");
        settings.put(
                "serai.sources." + rows + ".jdbc-password-file",
                Files.writeString(directory.resolve("password"), PASSWORD).toString());
        settings.put("serai.sources." + rows + ".query", "select name from scenes where id = :#reference");
        settings.put("serai.enrich.scene-source", web);
        settings.put("serai.enrich.dynamic-info-source", rows);

        try (LogLines log = LogLines.ofAll();
                RunningSerai serai = new RunningSerai(settings)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> log.with("Source " + web + " (").size() == 1
                            && log.with("Source " + rows + " (").size() == 1);

            assertThat(log.with("Source " + web + " ("))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains(
                            "HTTP at https://127.0.0.1:1/scenes",
                            "connection refused at 127.0.0.1:1",
                            "wait for it, and are rejected at their deadlines");
            assertThat(log.with("Source " + rows + " ("))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("SQLState 28P01 (login refused)", "tried_reader", "go on without it");
            assertThat(log.with(PASSWORD)).isEmpty();
            assertThat(serai.settings()).isNotNull();
        }
    }

    @Test
    void trialThatDoesNotEnd_holdsNobodyUp_andEndsWithTheService() throws Exception {
        String source = "stuck-" + UUID.randomUUID();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        SourceTrials.Probe stuck = () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended.countDown();
            return Optional.of("interrupted");
        };
        try (LogLines log = LogLines.ofAll()) {
            AutoCloseable trials = SourceTrials.begin(List.of(new SourceTrials.Trial(source, "nowhere", false, stuck)));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            trials.close();

            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(log.with(source)).isEmpty();
        }
    }

    @Test
    void trialWithADefect_isNoSuccess_andTroubleIsMasked() throws Exception {
        SourceTrials.Probe defect = () -> {
            throw new IllegalStateException("unforeseen");
        };
        List<SourceTrials.Tried> tried = SourceTrials.all(List.of(
                new SourceTrials.Trial("odd", "somewhere", false, defect),
                new SourceTrials.Trial("talks", "somewhere", false, () -> Optional.of("password=" + PASSWORD)),
                new SourceTrials.Trial("good", "somewhere", false, Optional::empty)));

        assertThat(tried.get(0).warning()).hasValueSatisfying(text -> assertThat(text)
                .contains("Source odd (somewhere)", "could not be tried (IllegalStateException)"));
        assertThat(tried.get(1).warning())
                .hasValueSatisfying(text -> assertThat(text).doesNotContain(PASSWORD));
        assertThat(tried.get(2).warning()).isEmpty();
    }
}
