package dev.serai.cli;

import dev.serai.service.EventRules;
import dev.serai.settings.Durations;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.StartEventDecoder;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the commands that stay with a job share. Stateless. */
final class JobEvents {
    private static final Duration SLACK = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 200;

    private JobEvents() {}

    /** As a service with these settings has it; which tenants there are only that knows. */
    static StartEventDecoder decoder(SeraiSettings settings, String tenant) {
        Set<String> tenants = new HashSet<>(settings.tenants().keySet());
        tenants.add(StartConversation.DEFAULT_TENANT);
        tenants.add(tenant);
        return new StartEventDecoder(
                EventRules.of(settings, EventRules.deadlines(settings), tenants), EventRules.replyTopics(settings));
    }

    static JobDisplay display(boolean json, PrintWriter out, PrintWriter err) {
        if (json) {
            return new JobDisplay(out, JobDisplay.Form.JSON);
        }
        return new JobDisplay(err, Terminal.isThere() ? JobDisplay.Form.TERMINAL : JobDisplay.Form.PIPE);
    }

    /** A service in this process closes its rooms, so that it has to stay for so long. */
    static void awaitClosing(
            JobService jobService, Duration longestRoom, Consumer<String> say, BooleanSupplier isStopped)
            throws InterruptedException {
        if (!jobService.isEmbedded() || longestRoom.isZero()) {
            return;
        }
        say.accept("rooms are closed within " + Durations.format(longestRoom)
                + ", by the service in this process: it ends then. Ctrl-C leaves them to idle out");
        long until = System.nanoTime() + longestRoom.plus(SLACK).toNanos();
        while (System.nanoTime() - until < 0 && !isStopped.getAsBoolean()) {
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
