package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.batch.JobRun;
import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.camel.health.HealthCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs while Kafka is away, or refuses. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
@LeftToCi
class JobsOutageTest {
    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private JobFixture fixture;
    private String job;

    @BeforeEach
    void start() {
        broker = start(0);
        fixture = new JobFixture(broker.bootstrapServers());
        fixture.createTopics();
        job = fixture.newJob();
    }

    private EmbeddedBroker start(int port) {
        return EmbeddedBroker.start(directory, port, Acls.BROKER);
    }

    @AfterEach
    void stop() {
        fixture.close();
        broker.close();
    }

    @Test
    void jobIsSaidToStandStill_whileKafkaIsAway_andGoesOnAfterwards() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        fixture.answer(row -> roomWhenTheJobMayEnd(mayEnd, row));
        Jobs jobs = fixture.startJobs();
        // More than are published without an answer.
        fixture.uploadRows(fixture.spec(job, 2L * JobRun.MOST_OUTSTANDING).build());
        fixture.await(job, run -> run.published() > 20);
        broker.close();
        await("problem").atMost(JobFixture.PATIENCE).untilAsserted(() -> assertThat(jobs.problems())
                .anySatisfy(problem -> assertThat(problem).contains(job, "does not go on")));
        broker = start(broker.port());
        mayEnd.countDown();

        JobRun run = fixture.awaitOver(job);
        assertThat(run.started()).isEqualTo(2L * JobRun.MOST_OUTSTANDING);
        assertPublishedOnce(2 * JobRun.MOST_OUTSTANDING);
        await("no problem").atMost(JobFixture.PATIENCE).until(() -> jobs.problems()
                .isEmpty());
    }

    /** Opens a room for each, but for the first twenty not before the job may end. */
    private static String roomWhenTheJobMayEnd(CountDownLatch mayEnd, long row) {
        try {
            if (row > 20 && !mayEnd.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the job was not let go on");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "";
    }

    @Test
    void rightThatIsMissing_isNamed_andTheJobGoesOnWhenItIsGiven() throws Exception {
        fixture.answer(row -> "");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            allow(admin, ResourceType.GROUP, fixture.group() + ".jobs", AclOperation.DESCRIBE);
            fixture.uploadRows(fixture.spec(job, 20).build());
            Jobs none = fixture.startJobs();
            awaitProblem(none, "not run by this replica", fixture.group() + ".jobs");
            HealthCheck.Result health = new JobsHealth(none).call();
            assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(health.getMessage().orElseThrow()).contains(fixture.group() + ".jobs");
            none.close();
            Acls.deleteAll(admin);

            allow(admin, ResourceType.TOPIC, fixture.startTopic(), AclOperation.READ);
            Jobs jobs = fixture.startJobs();
            awaitProblem(jobs, job, fixture.startTopic());
            assertThat(fixture.published(job)).isEmpty();
            Acls.deleteAll(admin);

            assertThat(fixture.awaitOver(job).started()).isEqualTo(20);
            assertPublishedOnce(20);
        }
    }

    private static void awaitProblem(Jobs jobs, String... words) {
        await("problem")
                .atMost(JobFixture.PATIENCE)
                .untilAsserted(() ->
                        assertThat(jobs.problems()).singleElement().asString().contains(words));
    }

    private static void allow(Admin admin, ResourceType type, String name, AclOperation operation) throws Exception {
        var binding = new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW));
        admin.createAcls(List.of(binding)).all().get(20, TimeUnit.SECONDS);
        await("right").until(() -> !admin.describeAcls(AclBindingFilter.ANY)
                .values()
                .get(20, TimeUnit.SECONDS)
                .isEmpty());
    }

    private void assertPublishedOnce(long rows) {
        assertThat(fixture.published(job))
                .isEqualTo(LongStream.rangeClosed(1, rows).boxed().collect(Collectors.toMap(row -> row, row -> 1L)));
    }
}
