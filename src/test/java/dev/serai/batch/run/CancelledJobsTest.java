package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobUpload;
import dev.serai.testing.BesideOthers;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Timeout(120)
class CancelledJobsTest {
    private final JobFixture fixture = new JobFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void cancel(String job) {
        JobUpload.cancel(JobFixture.KAFKA, fixture.topics(), job, "tests", Instant.now());
    }

    private CancelledJobs follow(BlockingQueue<String> told) throws InterruptedException {
        var jobs = new CancelledJobs(JobFixture.KAFKA, fixture.topics().jobs());
        jobs.start(told::add);
        jobs.awaitLook(JobFixture.PATIENCE);
        return jobs;
    }

    @Test
    void jobsThatWereCancelledBefore_areKnownAfterTheFirstLook_andOthersAreTold() throws Exception {
        String before = fixture.newJob();
        String after = fixture.newJob();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (CancelledJobs jobs = follow(told)) {
            // Without a topic there are none, and nothing is wrong.
            assertThat(jobs.problem()).isEmpty();
            fixture.createTopics();
            cancel(before);
            assertThat(told.poll(JobFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(before);
            assertThat(jobs.why(before)).get().asString().startsWith("job " + before + " was cancelled at ");
            assertThat(jobs.why(after)).isEmpty();
        }

        try (CancelledJobs jobs = follow(told)) {
            assertThat(jobs.why(before)).isPresent();
            assertThat(told.poll()).isEqualTo(before);
            cancel(after);
            cancel(before);
            assertThat(told.poll(JobFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(after);
        }
    }
}
