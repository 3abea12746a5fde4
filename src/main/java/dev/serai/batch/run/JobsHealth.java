package dev.serai.batch.run;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Never down: whoever waits for an answer does not wait for a job. What keeps jobs from going on is its message, and how many
 * there are its details.
 */
public final class JobsHealth extends AbstractHealthCheck {
    private final Jobs jobs;

    public JobsHealth(Jobs jobs) {
        super("serai", "jobs");
        this.jobs = jobs;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<String> problems = jobs.problems();
        if (!problems.isEmpty()) {
            builder.message(String.join("; ", problems));
        }
        builder.detail("running", jobs.running())
                .detail("waiting", jobs.waiting())
                .detail("troubled", problems.size())
                .up();
    }
}
