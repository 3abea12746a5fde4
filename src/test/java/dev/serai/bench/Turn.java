package dev.serai.bench;

import dev.serai.bench.ThroughputRun.Processes;
import dev.serai.bench.ThroughputRun.Throughput;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/** One contender's turn: topics and a group of its own, its process, the throughput run, the run at rest, the checks. */
final class Turn {
    /** After the load: commits, and the collector. */
    private static final long SETTLE_MILLIS = 1_000;

    /** Kafka's own default (4.0 and later). */
    private static final int PACED_LINGER_MILLIS = 5;

    private static final double MEBIBYTE = 1 << 20;

    private final Plan plan;
    private final Workplace workplace;
    private final Servers servers;
    private final Contender contender;
    private final ContenderTask task;
    private final Events events;
    private final Tally tally;

    /** @param name of the turn, which its topics and its group begin with */
    Turn(Plan plan, Workplace workplace, Servers servers, Contender contender, String name) {
        this.plan = plan;
        this.workplace = workplace;
        this.servers = servers;
        this.contender = contender;
        task = new ContenderTask(
                servers.bootstrapServers(),
                name + ".start",
                name + ".replies",
                name + ".group",
                servers.provider().baseUrl(),
                plan.partitions(),
                plan.inFlight());
        events = new Events(plan.conversations());
        tally = new Tally(events);
    }

    /** Or else the row would say what it costs to do nothing. */
    private void requireEnriched() throws IOException, InterruptedException {
        boolean enriched = SourceFiles.areIn(servers.provider().firstRequest());
        if (enriched != (contender == Contender.SERAI_ENRICHED)) {
            throw new BenchFailure(contender + (enriched ? " enriches events" : " does not enrich events"));
        }
    }

    private Throughput paced(ThroughputRun run, int warmUp, int measured)
            throws IOException, InterruptedException, ExecutionException {
        try (Publisher publisher = new Publisher(task.bootstrapServers(), events, PACED_LINGER_MILLIS);
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            publisher.connect(task.startTopic());
            FutureTask<Void> publishing = new FutureTask<>(() -> {
                publisher.publishPaced(task.startTopic(), warmUp, measured, plan.rate());
                return null;
            });
            try {
                Throughput throughput = run.measure(warmUp, measured, () -> thread.execute(publishing));
                publishing.get();
                return throughput;
            } finally {
                publishing.cancel(true);
            }
        }
    }

    Measured run() throws IOException, InterruptedException, ExecutionException {
        int warmUp = plan.warmUpOf(contender);
        int measured = plan.eventsOf(contender);
        servers.createTopics(plan.partitions(), task.startTopic(), task.replyTopic());
        try (Publisher publisher = new Publisher(task.bootstrapServers(), events, 20)) {
            publisher.publishFirst(task.startTopic(), plan.paced() ? warmUp : warmUp + measured);
        }
        servers.provider().clearCalls();
        try (ChildProcess process = servers.startContender(workplace, contender, task, events)) {
            Throughput throughput;
            try (ReplyReader reader =
                    ReplyReader.underLoad(task.bootstrapServers(), task.replyTopic(), plan.partitions())) {
                ThroughputRun run =
                        new ThroughputRun(reader, tally, new Processes(process, servers.broker(), servers.standIn()));
                throughput = plan.paced() ? paced(run, warmUp, measured) : run.measure(warmUp, measured, () -> {});
            }
            requireEnriched();
            int callsAtOnce = servers.provider().calls().mostAtOnce();
            Thread.sleep(SETTLE_MILLIS);
            Measured.Rest rest = plan.restEvents() == 0
                    ? null
                    : new RestRun(task, events, tally).measure(warmUp + measured, plan.restEvents(), plan.latency());
            OptionalLong peakMemory = process.peakMemory();
            return new Measured(
                    contender,
                    measured,
                    throughput.eventsPerSecond(),
                    throughput.cpuMillis(),
                    throughput.brokerCpuMillis(),
                    throughput.providerCpuMillis(),
                    peakMemory.isPresent() ? peakMemory.getAsLong() / MEBIBYTE : null,
                    callsAtOnce,
                    tally.outOfOrder(),
                    tally.duplicates(),
                    servers.provider().calls().count() - tally.answered(),
                    rest);
        }
    }
}
