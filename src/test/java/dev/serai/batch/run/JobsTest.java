package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobRun.State;
import dev.serai.batch.JobRun.Wait;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobWatch;
import dev.serai.batch.JobsReader;
import dev.serai.batch.SampleJobs;
import dev.serai.kafka.TransactionalWriter;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.wire.WireSchemas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
@LeftToCi
class JobsTest {
    @AutoClose
    private final JobFixture fixture = new JobFixture();

    private final String job = fixture.newJob();

    @Test
    void everyRow_isPublishedOnce_andCountedByItsAnswer() {
        fixture.createTopics();
        fixture.answer(row -> row % 10 == 0 ? "expired" : "");
        Jobs jobs = fixture.startJobs();
        fixture.uploadRows(fixture.spec(job, 450).build());

        JobRun run = fixture.awaitOver(job);
        assertThat(run.state()).isEqualTo(State.FINISHED);
        assertThat(run.started()).isEqualTo(405);
        assertThat(run.failed()).isEqualTo(Map.of("expired", 45L));
        assertThat(run.published()).isEqualTo(450);
        assertThat(run.lost()).isZero();
        assertThat(run.missing()).isZero();
        assertThat(run.outstanding()).isEmpty();
        assertThat(run.waitsFor()).isNull();
        assertThat(run.by()).isEqualTo("replica-0");
        assertPublishedOnce(450);
        assertThat(fixture.runRecords(job)).hasSizeGreaterThan(3).allSatisfy(WireSchemas::assertJobRun);
        await("end of its thread").atMost(JobFixture.PATIENCE).until(() -> jobs.running() == 0);
        assertThat(jobs.problems()).isEmpty();
    }

    @Test
    void jobBegunBeforeItsTopic_isSeen_andGoesOnWhileItsRowsAreUploaded() {
        fixture.answer(row -> "");
        Jobs jobs = fixture.startJobs();
        assertThat(jobs.problems()).isEmpty();
        fixture.createTopics();
        try (JobUpload upload = JobUpload.open(JobFixture.KAFKA, fixture.topics(), job)) {
            upload.begin(fixture.spec(job, 20).build());
            fixture.await(job, run -> run.waitsFor() == Wait.UPLOAD);
            upload.add(SampleJobs.rows(job, 1, 5), false, Clock.systemUTC());
            fixture.await(job, run -> run.started() == 5 && run.waitsFor() == Wait.UPLOAD);
            upload.add(SampleJobs.rows(job, 6, 20), true, Clock.systemUTC());
        }
        assertThat(fixture.awaitOver(job).started()).isEqualTo(20);
        assertPublishedOnce(20);
    }

    @Test
    void ownersThatChangeAndAreFenced_publishEachRowOnce() {
        fixture.createTopics();
        fixture.answer(row -> "");
        Jobs first = fixture.startJobs();
        fixture.uploadRows(fixture.spec(job, 300).rate(100.0).build());
        fixture.await(job, run -> run.published() > 20);
        Jobs second = fixture.startJobs();
        fixture.await(job, run -> run.published() > 60);
        // As another owner would do that has been given the partition meanwhile.
        for (int fences = 1; fences <= 3; fences++) {
            TransactionalWriter.open(JobFixture.KAFKA, fixture.group() + ".job." + job, Duration.ofSeconds(15))
                    .close();
            int past = 60 + 20 * fences;
            fixture.await(job, run -> run.published() > past);
        }
        first.close();
        fixture.await(job, run -> run.published() > 160);
        Jobs third = fixture.startJobs();
        second.close();

        JobRun run = fixture.awaitOver(job);
        assertThat(run.started()).isEqualTo(300);
        assertThat(run.by()).isEqualTo("replica-2");
        assertPublishedOnce(300);
        assertThat(third.problems()).isEmpty();
    }

    @Test
    void transactionThatAKilledOwnerLeft_countsForNothing() {
        fixture.createTopics();
        fixture.answer(row -> "");
        fixture.uploadRows(fixture.spec(job, 30).build());
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                JobFixture.KAFKA.get("bootstrap.servers"),
                "transactional.id",
                fixture.group() + ".job." + job);
        try (var killed = Producers.with(settings)) {
            killed.initTransactions();
            killed.beginTransaction();
            var sent = SampleJobs.rows(job, 1, 10).stream()
                    .map(row -> killed.send(row.toEvent(fixture.startTopic())))
                    .toList();
            killed.flush();
            assertThat(sent).allMatch(Future::isDone);

            fixture.startJobs();
            assertThat(fixture.awaitOver(job).started()).isEqualTo(30);
            assertPublishedOnce(30);
            killed.close(Duration.ZERO);
        }
    }

    @Test
    void nothingIsPublished_beforeItsTime_outsideTheWindow_aboveTheRateOrWithTooManyOpen() {
        fixture.createTopics();
        fixture.answer(row -> "");
        fixture.startJobs();

        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        String closed = fixture.newJob();
        var tomorrow = new JobSpec.Window(now.minusMinutes(20), now.minusMinutes(10), ZoneOffset.UTC);
        fixture.uploadRows(fixture.spec(closed, 5).window(tomorrow).build());
        String slow = fixture.newJob();
        fixture.uploadRows(fixture.spec(slow, 5).rate(0.001).build());
        String full = fixture.newJob();
        fixture.uploadRows(
                fixture.spec(full, 6).maxOpen(4).closeAfterMs(600_000).build());
        String due = fixture.newJob();
        Instant soon = Instant.now().plusSeconds(4);
        fixture.upload(
                fixture.spec(due, 3).build(),
                List.of(
                        SampleJobs.row(due, 2, Instant.now()),
                        SampleJobs.row(due, 1, soon),
                        SampleJobs.row(due, 3, Instant.now().plusSeconds(3_600))));

        assertThat(fixture.await(closed, run -> run.waitsFor() == Wait.WINDOW).published())
                .isZero();
        assertThat(fixture.await(slow, run -> run.waitsFor() == Wait.RATE).published())
                .isEqualTo(1);
        assertThat(fixture.await(full, run -> run.waitsFor() == Wait.MAX_OPEN && run.started() == 4)
                        .open())
                .hasSize(4);
        JobRun last = fixture.await(due, run -> run.waitsFor() == Wait.DUE && run.started() == 2);
        assertThat(last.at()).isAfterOrEqualTo(soon);
        assertThat(last.waitsUntil()).isAfter(Instant.now().plusSeconds(3_000));
        assertThat(fixture.published(due).keySet()).containsExactly(1L, 2L);
        assertThat(fixture.published(closed)).isEmpty();
        assertThat(fixture.published(slow)).hasSize(1);
        assertThat(fixture.published(full)).hasSize(4);
    }

    @Test
    void roomsThatAreClosed_makeRoomForTheNext() {
        fixture.createTopics();
        fixture.answer(row -> "");
        fixture.startJobs();
        fixture.uploadRows(fixture.spec(job, 6).maxOpen(3).closeAfterMs(100).build());

        JobRun run = fixture.awaitOver(job);
        assertThat(run.started()).isEqualTo(6);
        assertPublishedOnce(6);
    }

    @Test
    void cancelledJob_publishesNoMore_andEndsWithItsAnswers() {
        fixture.createTopics();
        fixture.startJobs();
        fixture.uploadRows(fixture.spec(job, 50).maxOpen(10).build());
        fixture.await(job, run -> run.waitsFor() == Wait.MAX_OPEN);
        JobUpload.cancel(JobFixture.KAFKA, fixture.topics(), job, "somebody", Instant.now());
        JobRun waiting = fixture.await(job, run -> run.waitsFor() == Wait.ANSWERS);
        assertThat(waiting.state()).isEqualTo(State.RUNNING);
        fixture.answer(row -> "");

        JobRun run = fixture.awaitOver(job);
        assertThat(run.state()).isEqualTo(State.CANCELLED);
        assertThat(run.started()).isEqualTo(10);
        assertPublishedOnce(10);
    }

    @Test
    void jobsSideBySide_eachHaveTheirOwnRows() {
        fixture.createTopics();
        fixture.answer(row -> "");
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            ids.add(fixture.newJob());
            fixture.uploadRows(fixture.spec(ids.get(number), 20 + number).build());
        }
        fixture.startJobs();
        for (int number = 0; number < 5; number++) {
            assertThat(fixture.awaitOver(ids.get(number)).started()).isEqualTo(20 + number);
            assertThat(fixture.published(ids.get(number))).hasSize(20 + number);
        }
    }

    @Test
    void moreJobsThanRunAtOnce_waitForTheOlderOnes() {
        fixture.createTopics();
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            ids.add(fixture.newJob());
            fixture.uploadRows(fixture.spec(ids.get(number), 1).build());
        }
        Jobs jobs = fixture.startJobs(Clock.systemUTC(), 2);
        await("two of three").atMost(JobFixture.PATIENCE).until(() -> jobs.running() == 2 && jobs.waiting() == 1);
        fixture.await(ids.get(0), run -> run.waitsFor() == Wait.ANSWERS);
        fixture.await(ids.get(1), run -> run.waitsFor() == Wait.ANSWERS);
        assertThat(fixture.job(ids.get(2)).run()).isNull();
        fixture.answer(row -> "");

        ids.forEach(id -> assertThat(fixture.awaitOver(id).started()).isEqualTo(1));
    }

    /** Such as those whose command was killed, and those for next week. */
    @Test
    void jobsThatHaveNothingToDo_keepNoOtherFromItsTurn_andGoOnWhenTheyHave() {
        fixture.createTopics();
        fixture.answer(row -> "");
        String abandoned = fixture.newJob();
        String later = fixture.newJob();
        String last = fixture.newJob();
        try (JobUpload upload = JobUpload.open(JobFixture.KAFKA, fixture.topics(), abandoned)) {
            upload.begin(fixture.spec(abandoned, 2).build());
            Jobs jobs = fixture.startJobs(Clock.systemUTC(), 1);
            fixture.await(abandoned, run -> run.waitsFor() == Wait.UPLOAD);

            fixture.upload(
                    fixture.spec(later, 1).build(),
                    List.of(SampleJobs.row(later, 1, Instant.now().plusSeconds(3_600))));
            fixture.await(later, run -> run.waitsFor() == Wait.DUE);
            fixture.uploadRows(fixture.spec(last, 3).build());
            assertThat(fixture.awaitOver(last).started()).isEqualTo(3);

            upload.add(SampleJobs.rows(abandoned, 1, 2), true, Clock.systemUTC());
            assertThat(fixture.awaitOver(abandoned).started()).isEqualTo(2);
            await("the last one").atMost(JobFixture.PATIENCE).until(() -> jobs.running() == 1);
        }
        assertThat(fixture.job(later).isOver()).isFalse();
    }

    @Test
    void rowsThatWereDeleted_areMissing_andSaidSo() throws Exception {
        fixture.createTopics();
        fixture.answer(row -> "");
        JobSpec spec = fixture.spec(job, 40).build();
        long end;
        try (JobUpload upload = JobUpload.open(JobFixture.KAFKA, fixture.topics(), job)) {
            upload.begin(spec);
            upload.add(SampleJobs.rows(job, 1, 25), false, Clock.systemUTC());
            end = upload.uploaded().lastOffset();
            upload.add(SampleJobs.rows(job, 26, 40), true, Clock.systemUTC());
        }
        try (Admin admin = Admin.create(JobFixture.KAFKA)) {
            for (int partition = 0; partition < 2; partition++) {
                TopicPartition place = new TopicPartition(fixture.topics().rows(), partition);
                if (JobPartitions.ends(JobFixture.KAFKA, place.topic()).getOrDefault(partition, 0L) > end) {
                    admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(end + 1)))
                            .all()
                            .get();
                }
            }
        }
        fixture.startJobs();

        JobRun run = fixture.awaitOver(job);
        assertThat(run.state()).isEqualTo(State.FINISHED);
        assertThat(run.published()).isEqualTo(15);
        assertThat(run.missing()).isEqualTo(25);
        assertThat(run.started()).isEqualTo(15);
    }

    @Test
    void rowsTopicMadeAnew_hasNoRowsOfTheJob() {
        fixture.createTopics();
        Duration silence = Duration.ofMillis(500);
        try (var rows = new RowsReader(JobFixture.KAFKA, fixture.topics().rows(), 1, job, 0, silence)) {
            await("end of waiting").atMost(JobFixture.PATIENCE).until(() -> rows.next(19) == null && rows.isPast(19));
        }
        try (var rows = new RowsReader(JobFixture.KAFKA, fixture.topics().rows(), 1, job, 7, silence)) {
            await("end of reading").atMost(JobFixture.PATIENCE).until(() -> rows.next(19) == null && rows.isPast(19));
        }
    }

    @Test
    void rowThatTheStartTopicRefuses_countsAsLost_andTheOthersArePublished() {
        fixture.createTopics();
        fixture.answer(row -> "");
        List<JobRow> rows = new ArrayList<>(SampleJobs.rows(job, 1, 20));
        rows.add(7, new JobRow(21, null, null, new byte[200_000]));
        fixture.upload(fixture.spec(job, 21).build(), rows);
        fixture.startJobs();

        JobRun run = fixture.awaitOver(job);
        assertThat(run.started()).isEqualTo(20);
        assertThat(run.lost()).isEqualTo(1);
        assertThat(run.missing()).isZero();
        assertPublishedOnce(20);
    }

    @Test
    void rowsThatNobodyAnswers_areLostAfterAll_andAJobIsForgottenAfterAMonth() throws Exception {
        fixture.createTopics();
        fixture.uploadRows(fixture.spec(job, 3).build());
        Jobs before = fixture.startJobs();
        fixture.await(job, run -> run.outstanding().size() == 3 && run.waitsFor() == Wait.ANSWERS);
        before.close();
        // Answers that have come while nobody read them count.
        fixture.answer(row -> row == 2 ? "expired" : null);
        await("answer").atMost(JobFixture.PATIENCE).until(() -> fixture.answers() == 1);
        Jobs later = fixture.startJobs(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));

        JobRun run = fixture.awaitOver(job);
        assertThat(run.state()).isEqualTo(State.FINISHED);
        assertThat(run.failed()).isEqualTo(Map.of("expired", 1L));
        assertThat(run.lost()).isEqualTo(2);
        later.close();
        fixture.startJobs(Clock.offset(Clock.systemUTC(), Duration.ofDays(31)));
        await("end of all").atMost(JobFixture.PATIENCE).until(() -> JobsReader.find(
                        JobFixture.KAFKA, fixture.topics().jobs(), job)
                .isEmpty());
    }

    /** As those are that came while no replica ran, for longer than replies are kept. */
    @Test
    void rowsWhoseAnswersWereDeletedUnread_areLost() throws Exception {
        fixture.createTopics();
        fixture.uploadRows(fixture.spec(job, 3).build());
        Jobs before = fixture.startJobs();
        fixture.await(job, run -> run.outstanding().size() == 3 && run.waitsFor() == Wait.ANSWERS);
        before.close();
        fixture.answer(row -> "");
        await("answers").atMost(JobFixture.PATIENCE).until(() -> fixture.answers() == 3);
        try (Admin admin = Admin.create(JobFixture.KAFKA)) {
            Map<TopicPartition, RecordsToDelete> all =
                    JobPartitions.ends(JobFixture.KAFKA, fixture.replyTopic()).entrySet().stream()
                            .collect(Collectors.toMap(
                                    end -> new TopicPartition(fixture.replyTopic(), end.getKey()),
                                    end -> RecordsToDelete.beforeOffset(end.getValue())));
            admin.deleteRecords(all).all().get();
        }
        fixture.startJobs(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));

        JobRun run = fixture.awaitOver(job);
        assertThat(run.state()).isEqualTo(State.FINISHED);
        assertThat(run.lost()).isEqualTo(3);
    }

    @Test
    void jobWhoseTopicsAreGivenPartitions_goesOn_andIsCancelledWhereItIs() throws Exception {
        fixture.createTopics();
        String moved = Stream.generate(fixture::newJob)
                .filter(id -> JobTopics.partition(id, 2) != JobTopics.partition(id, 3))
                .findFirst()
                .orElseThrow();
        fixture.uploadRows(fixture.spec(moved, 30).maxOpen(10).build());
        Jobs before = fixture.startJobs();
        fixture.await(moved, run -> run.waitsFor() == Wait.MAX_OPEN);
        before.close();
        fixture.givePartitions(3);
        fixture.startJobs();
        fixture.answer(row -> "");
        assertThat(fixture.await(moved, run -> run.started() == 10).waitsFor()).isEqualTo(Wait.MAX_OPEN);

        try (JobWatch watch = JobWatch.open(JobFixture.KAFKA, fixture.topics().jobs(), moved)) {
            assertThat(watch.look(Duration.ZERO)).isPresent();
        }
        try (JobUpload upload = JobUpload.open(JobFixture.KAFKA, fixture.topics(), moved)) {
            assertThat(upload.found()).isPresent();
        }
        JobUpload.cancel(JobFixture.KAFKA, fixture.topics(), moved, "somebody", Instant.now());
        assertThat(fixture.awaitOver(moved).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void jobOfAnotherStartTopic_isLeftToOthers() {
        fixture.createTopics();
        fixture.answer(row -> "");
        String others = fixture.newJob();
        fixture.uploadRows(SampleJobs.spec(others)
                .rows(1)
                .topics("others", "others", Map.of())
                .build());
        fixture.uploadRows(fixture.spec(job, 1).build());
        fixture.startJobs();

        assertThat(fixture.awaitOver(job).started()).isEqualTo(1);
        assertThat(fixture.job(others).run()).isNull();
    }

    @Test
    void replyTopicThatIsNotThere_isSaid_andDisturbsNoOtherJob() {
        fixture.createTopics();
        fixture.answer(row -> "");
        String troubled = fixture.newJob();
        fixture.uploadRows(SampleJobs.spec(troubled)
                .rows(1)
                .topics(fixture.startTopic(), "nowhere", Map.of())
                .build());
        fixture.uploadRows(fixture.spec(job, 3).build());
        Jobs jobs = fixture.startJobs();

        assertThat(fixture.awaitOver(job).started()).isEqualTo(3);
        await("problem")
                .atMost(JobFixture.PATIENCE)
                .untilAsserted(() ->
                        assertThat(jobs.problems()).singleElement().asString().contains(troubled, "nowhere"));
        assertThat(fixture.published(troubled)).isEmpty();
    }

    private void assertPublishedOnce(long rows) {
        assertThat(fixture.published(job))
                .isEqualTo(LongStream.rangeClosed(1, rows).boxed().collect(Collectors.toMap(row -> row, row -> 1L)));
    }
}
